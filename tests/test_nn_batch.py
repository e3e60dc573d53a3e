"""Neurons, layers and networks called on a table: what a loop over its rows gives, at once."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, no_grad
from nn import MLP, Layer, Neuron
from nn.batch import PROGRAMS, ROWS
from nn.neuron import ACTIVATIONS

TABLE = np.random.default_rng(0).normal(size=(5, 3))


def in_a_loop(module, table):
    rows = [module(row) for row in table]
    return np.array([[y.data for y in row] if isinstance(row, list) else row.data for row in rows])


def gradients(module):
    return [parameter.grad for parameter in module.parameters()]


def programs(module):
    """How many programs a module keeps, and how many it has built."""
    info = vars(module)["_rows_of"].what[0].what.cache_info()
    return info.currsize, info.misses


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("kind", [Neuron, lambda n, a, seed: Layer(n, 4, a, seed=seed)])
def test_neurons_and_layers_give_what_a_loop_gives(kind, activation):
    module = kind(3, activation, seed=1)
    out = module(TABLE)
    assert type(out) is Tensor
    np.testing.assert_allclose(out.data, in_a_loop(module, TABLE), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("nouts", [[1], [4], [5, 4, 2], [4, 1]])
@pytest.mark.parametrize("rows", [1, 5, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS + 7])
def test_a_network_of_any_size_on_any_number_of_rows(nouts, rows):
    table = np.random.default_rng(rows).normal(size=(rows, 3))
    model = MLP(3, nouts, "tanh", seed=2)
    out = model(table)
    assert out.shape == ((rows,) if nouts[-1] == 1 else (rows, nouts[-1]))
    weight = np.random.default_rng(1).normal(size=out.shape)
    np.testing.assert_allclose(out.data, in_a_loop(model, table), rtol=1e-13, atol=1e-15)
    (out * weight).sum().backward()
    found = gradients(model)

    model.zero_grad()
    for row, parts in zip(table, weight, strict=True):
        y = model(row)
        for value, part in zip(y if isinstance(y, list) else [y], np.ravel(parts), strict=True):
            (value * part).backward()
    assert any(found)
    np.testing.assert_allclose(found, gradients(model), rtol=1e-11, atol=1e-12)


def test_tables_of_all_kinds():
    model = MLP(3, [4, 2], "tanh", seed=1)
    table = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    expected = model(table).data
    for x in (
        table.tolist(),
        [tuple(row) for row in table],
        tuple(map(tuple, table)),
        list(table),
        table.astype(bool),
        table.astype(int),
        table.astype(np.float32),
        table.astype(bool).tolist(),
        table.astype(int).tolist(),
        [[True, 0, 1.0], np.array([0.0, 1.0, 1.0])],
        Tensor(table),
        [list(map(Value, row)) for row in table],
        [[Value(1.0), 0.0, 1], [0, Value(1.0), 1.0]],
        [Tensor(row) for row in table],
    ):
        out = model(x)
        assert type(out) is Tensor
        np.testing.assert_array_equal(out.data, expected)


def test_one_row_and_one_column_are_tables():
    model = MLP(1, [3, 2], seed=1)
    assert model([[0.5]]).shape == model(np.array([[0.5]])).shape == (1, 2)
    assert model([[0.5], [1.5], [2.5]]).shape == (3, 2)
    assert type(model([0.5])) is list, "which is one sample"


@pytest.mark.parametrize("rows", [4, ROWS + 4])
def test_the_gradient_reaches_the_table(rows):
    model = MLP(3, [4, 2], "tanh", seed=1)
    numbers = np.random.default_rng(0).normal(size=(rows, 3))
    table = Tensor(numbers, requires_grad=True)
    model(table).square().sum().backward()
    values = [list(map(Value, row)) for row in numbers]
    sum(y * y for row in values for y in model(row)).backward()
    expected = [[value.grad for value in row] for row in values]
    np.testing.assert_allclose(table.grad, expected, rtol=1e-11, atol=1e-13)

    again = [list(map(Value, row)) for row in numbers]
    model(again).square().sum().backward()
    found = [[value.grad for value in row] for row in again]
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


def test_layers_in_a_row_by_hand():
    hidden, out = Layer(3, 4, "tanh", seed=1), Layer(4, 2, "linear", seed=2)
    model = MLP(3, [4, 2], "tanh")
    model.layers = [hidden, out]
    found = out(hidden(TABLE))
    np.testing.assert_allclose(found.data, model(TABLE).data, rtol=1e-14)
    found.sum().backward()
    by_hand = gradients(hidden)
    model.zero_grad()
    model(TABLE).sum().backward()
    np.testing.assert_allclose(by_hand, gradients(hidden), rtol=1e-12)


def test_nothing_is_recorded_under_no_grad():
    model = MLP(3, [4, 2], seed=1)
    expected = model(TABLE)
    with no_grad():
        out = model(TABLE)
        longer = model(np.resize(TABLE, (ROWS + 1, 3)))
    assert expected.op is not None
    assert out.op is longer.op is None
    np.testing.assert_array_equal(out.data, expected.data)
    np.testing.assert_allclose(longer.data[:5], expected.data, rtol=1e-12)


def test_within_a_compiled_function():
    model = MLP(3, [4, 2], "tanh", seed=1)

    @autograd.compile
    def loss(table):
        return model(table).square().sum()

    for table in (TABLE, TABLE + 1.0, TABLE.tolist()):
        model.zero_grad()
        found = loss(table)
        found.backward()
        compiled = gradients(model)
        model.zero_grad()
        expected = model(table).square().sum()
        expected.backward()
        assert found.data == pytest.approx(expected.data, rel=1e-13)
        np.testing.assert_allclose(compiled, gradients(model), rtol=1e-11, atol=1e-13)


def test_a_network_learns_while_its_program_stays():
    model, other = (MLP(3, [4, 2], "tanh", seed=1) for _ in range(2))
    for _ in range(5):
        model(TABLE).square().sum().backward()
        sum(y * y for row in TABLE for y in other(row)).backward()
        for each in (model, other):
            for parameter in each.parameters():
                parameter.data -= 0.1 * parameter.grad
            each.zero_grad()
    np.testing.assert_allclose(model(TABLE).data, in_a_loop(other, TABLE), rtol=1e-12)
    assert programs(model) == (1, 1)


def test_second_derivatives():
    model = MLP(3, [4, 2], "tanh", seed=1)

    def total(table):
        return model(table).square().sum()

    def in_a_loop_of_nodes(table):
        rows = [autograd.stack(model([row[i] for i in range(3)])) for row in table]
        return autograd.stack(rows).square().sum()

    expected = autograd.hessian(in_a_loop_of_nodes)(TABLE[:2])
    np.testing.assert_allclose(autograd.hessian(total)(TABLE[:2]), expected, atol=1e-13)
    assert np.abs(expected).max() > 0.01


# What is wrong with a table


@pytest.mark.parametrize(
    ("x", "problem"),
    [
        (np.ones((2, 4)), r"x has shape \(2, 4\)"),
        (Tensor(np.ones((2, 2))), r"x has shape \(2, 2\)"),
        (np.ones((2, 3, 1)), r"x has shape \(2, 3, 1\)"),
        (np.ones((0, 3)), r"x has shape \(0, 3\)"),
        ([[1.0, 2.0, 3.0], [1.0, 2.0]], r"x\[1\] has shape \(2,\)"),
        ([[1.0, 2.0, 3.0], 1.0], r"x\[1\] has shape \(\)"),
        ([[[1.0], [2.0], [3.0]]], r"x\[0\] has shape \(3, 1\)"),
        ([[Value(1.0)] * 3, [Value(1.0)] * 4], r"x\[1\] has shape \(4,\)"),
    ],
)
def test_a_wrong_shape_is_named(x, problem):
    for module in (MLP(3, [4, 1], seed=0), Layer(3, 4, seed=0), Neuron(3, seed=0)):
        for call in (module, autograd.compile(module)):
            with pytest.raises(ValueError, match=problem) as found:
                call(x)
            assert f"{module!r} takes 3 inputs, or rows of them" in str(found.value)


@pytest.mark.parametrize("x", [[["a", "b", "c"]], np.ones((1, 3), complex), [[None] * 3]])
def test_what_is_no_number_is_named(x):
    with pytest.raises(TypeError, match=r"takes real numbers, but x is of dtype"):
        MLP(3, [4, 1], seed=0)(x)


# Whose the programs are


def test_a_model_that_was_changed_has_another_program():
    model = MLP(3, [4, 2], "tanh", seed=1)
    model(TABLE)
    for neuron in model.layers[0].neurons:
        neuron.activation = "relu"
    np.testing.assert_allclose(model(TABLE).data, in_a_loop(model, TABLE), rtol=1e-14)
    model.layers = [*model.layers, Layer(2, 3, "tanh", seed=3)]
    assert model(TABLE).shape == (5, 3)
    np.testing.assert_allclose(model(TABLE).data, in_a_loop(model, TABLE), rtol=1e-14)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_has_its_own_parameters_and_programs(copied):
    model = MLP(3, [4, 2], "tanh", seed=1)
    before = model(TABLE).data
    other = copied(model)
    for parameter in other.parameters():
        parameter.data += 0.5
    np.testing.assert_array_equal(model(TABLE).data, before)
    np.testing.assert_allclose(other(TABLE).data, in_a_loop(other, TABLE), rtol=1e-14)
    other(TABLE).sum().backward()
    assert any(gradients(other))
    assert not any(gradients(model))
    fresh = pickle.dumps(MLP(3, [4, 2], "tanh", seed=1))
    assert len(pickle.dumps(model)) < 1.1 * len(fresh), "the programs are not kept"


def test_programs_die_with_their_model_at_once():
    model = MLP(3, [4, 2], "tanh", seed=1)
    model(TABLE).sum().backward()
    program = weakref.ref(vars(model)["_rows_of"].what[0].what.program)
    last = weakref.ref(model)
    gc.disable()
    try:
        del model
        assert last() is None
        assert program() is None
    finally:
        gc.enable()


def test_many_numbers_of_rows_take_few_programs():
    model = MLP(3, [2], seed=1)
    for rows in (2 * ROWS, 2 * ROWS + 1, 5 * ROWS):
        model(np.ones((rows, 3)))
    assert programs(model) == (2, 2), "one of whole pieces, one of the rest"
    for rows in range(1, 13):
        model(np.ones((rows, 3)))
    assert programs(model)[0] == PROGRAMS
