"""Which calls share a program: those whose arguments have one structure."""

import copy
import gc
import logging
import pickle
import warnings
import weakref
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest
from compiled import values

import autograd
import nn
from autograd import Tensor, Value, compile, vmap

Point = namedtuple("Point", "x y")


class Number(float):
    """A kind of float."""


class Numbers(list):
    """A kind of list, with a state."""

    def compile_state(self):
        return len(self)


def first(x, *rest, **named):
    """Something that depends on whatever it is given."""
    while isinstance(x, (list, tuple, dict)):
        x = next(iter(x.values() if isinstance(x, dict) else x))
    is_number = isinstance(x, (float, int, np.integer, Value)) and not isinstance(x, bool)
    return Value(2.0) * (x if is_number else 1.0)


ALIKE = [
    (1.0, 2.0),
    (1.0, np.float64(3.0)),
    (1, 2),
    (1, np.int64(5)),
    ([1.0, 2.0], [3.0, 4.0]),
    ((1.0, 2.0), (3.0, 4.0)),
    ([[1.0], [2.0]], [[3.0], [4.0]]),
    ({"a": 1.0, "b": [2]}, {"a": 2.0, "b": [3]}),
    (Point(1.0, 2.0), Point(3.0, 4.0)),
    (Value(1.0), Value(2.0)),
    (True, True),
    ("text", "text"),
    (None, None),
    (np.array([True, False]), np.array([True, False])),
    ([1.0, "a", None], [2.0, "a", None]),
    (Number(1.0), Number(2.0)),
    (Numbers([1.0, 2.0]), Numbers([3.0, 4.0])),
    (OrderedDict(a=1.0), OrderedDict(a=2.0)),
    (defaultdict(float, a=1.0), defaultdict(float, a=2.0)),
]
OTHER = [
    (1.0, 1),
    (1.0, Value(1.0)),
    (1.0, True),
    (1, True),
    (1.0, "1.0"),
    (1.0, None),
    (True, False),
    ("text", "other"),
    ([1.0, 2.0], [1.0, 2.0, 3.0]),
    ([1.0, 2.0], (1.0, 2.0)),
    ([1.0, 2.0], [1.0, 2]),
    ([1.0, 2.0], [1, 2]),
    ([[1.0], [2.0]], [[1.0, 2.0]]),
    ([[1.0], [2.0, 3.0]], [[1.0, 2.0], [3.0]]),
    ({"a": 1.0}, {"b": 1.0}),
    ({"a": 1.0}, OrderedDict(a=1.0)),
    (Point(1.0, 2.0), (1.0, 2.0)),
    (Value(1.0), Value(1.0, requires_grad=False)),
    (np.array([True, False]), np.array([True, True])),
    ([1.0, "a"], [1.0, "b"]),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_one_structure(one, other):
    f = compile(first)
    assert [f(one).data, f(other).data] == [first(one).data, first(other).data]
    assert f.cache_info()[:4] == (1, 1, 64, 1)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_structure(one, other):
    f = compile(first)
    for x in (one, other, one, other):
        assert f(x).data == first(x).data
    assert f.cache_info()[:4] == (2, 2, 64, 2)


def test_an_integer_beside_an_array_may_be_of_any_size():
    f = compile(lambda n, a: a[0] * n)
    assert [f(n, np.ones(1)).item() for n in (3, 2**70)] == [3.0, 2.0**70]


def test_gradients_by_what_kinds_of_dicts_hold():
    f = compile(lambda pair: pair["a"] * pair["b"])
    for number in (2.0, 3.0):
        pair = OrderedDict(a=Value(number), b=1.5)
        f(pair).backward()
        assert pair["a"].grad == 1.5
        assert autograd.hessian(lambda v: f(OrderedDict(a=v, b=v)))(number) == 2.0
    assert f.cache_info().misses <= 3


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (np.ones(2), np.zeros(2), True),
        (np.ones(2), Tensor([3.0, 4.0]), True),
        (np.ones(2), np.ones(3), False),
        (np.ones((2, 1)), np.ones((1, 2)), False),
        (np.ones(2), np.ones(2, int), False),
        (Tensor([1.0, 2.0]), Tensor([1.0, 2.0], requires_grad=True), False),
    ],
)
def test_arrays(one, other, shared):
    f = compile(lambda x: x.sum())
    for x in (one, other):
        assert f(x).item() == x.sum().item()
    assert f.cache_info().hits == shared


def test_a_mask_that_is_changed_in_place():
    mask = np.array([True, False])
    f = compile(lambda x, mask: x * 2.0 if mask[0] else x)
    assert f(1.0, mask).data == 2.0
    mask[0] = False
    assert f(1.0, mask).data == 1.0


def test_arguments_by_position_by_name_and_by_default():
    f = compile(lambda x, y=3.0, *more, scale=1.0, **named: (x - y + sum(more)) * scale)
    assert [f(1.0).data, f(x=1.0).data, f(2.0).data] == [-2.0, -2.0, -1.0]
    assert f(1.0, 2.0).data == f(y=2.0, x=1.0).data == -1.0
    assert [f(1.0, 2.0, 5.0, 6.0).data, f(1.0, scale=2.0).data] == [10.0, -4.0]
    assert f(1.0, other=3.0).data == -2.0
    assert f.cache_info().misses == 5
    with pytest.raises(TypeError, match=r"missing .* required .*argument: 'x'"):
        f()


def test_the_least_recently_used_goes():
    f = compile(lambda x, name: x * 2.0, maxsize=2)
    for name in ("a", "b", "a", "c", "a"):  # "c" takes the place of "b"
        f(1.0, name)
    assert f.cache_info()[:4] == (2, 3, 2, 2)
    f(1.0, "b")
    assert f.cache_info().misses == 4


def test_clearing():
    f = compile(lambda x: x * 2.0)
    f(1.0)
    f.cache_clear()
    assert f.program is None
    assert f.cache_info() == (0, 0, 64, 0, [])
    assert f(2.0).data == 4.0


def test_programs_go_with_the_function():
    weight = Value(2.0)
    f = compile(lambda x: weight * x)
    f(1.0).backward()
    gone = [weakref.ref(f), weakref.ref(f.program)]
    del f
    gc.collect()
    assert [ref() for ref in gone] == [None, None]
    assert (weight.grad, weight.data) == (1.0, 2.0)


def test_builds_are_told(caplog):
    f = compile(first)
    with caplog.at_level(logging.INFO, "autograd.compile"):
        f(1.0)
        f(2.0)
        f(1)
    assert len(caplog.records) == 2
    assert "first, first called at" in caplog.text
    assert "test_compile_cache.py" in caplog.text
    assert len(f.cache_info().builds) == 2


def test_most_calls_that_build_warn():
    f = compile(lambda xs: sum(xs) * 2.0)
    for n in range(1, 16):
        f([1.0] * n)
    with pytest.warns(RuntimeWarning, match="built 16 programs in 16 calls") as record:
        f([1.0] * 16)
    assert record[0].filename == __file__


def test_calls_that_find_their_program_do_not_warn():
    f = compile(lambda xs: sum(xs) * 2.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for n in range(1, 30):
            for _ in range(3):
                f([1.0] * n)


# Static arguments.


def test_static_arguments():
    f = compile(lambda x, n, flag: x * n if flag else x, static=["n", "flag"])
    assert [f(2.0, 3, True).data, f(2.0, 4, True).data, f(1.0, 3, True).data] == [6.0, 8.0, 3.0]
    assert f(2.0, 3, False).data == 2.0
    assert f.cache_info()[:2] == (1, 3)


@pytest.mark.parametrize("wrap", [compile, vmap])
def test_unknown_static_names(wrap):
    with pytest.raises(TypeError, match="static= names m, but <lambda> takes x, n"):
        wrap(lambda x, n: x, static=["n", "m"])


def test_a_static_argument_without_a_hash():
    f = compile(lambda x, sizes: x * len(sizes), static="sizes")
    with pytest.raises(TypeError, match=r"static argument sizes.*\[1, 2\].*give a tuple"):
        f(1.0, [1, 2])
    assert f(1.0, (1, 2)).data == 2.0


@pytest.mark.parametrize("wrap", [compile, vmap])
def test_what_cannot_be_compiled(wrap):
    with pytest.raises(TypeError, match="takes a function, but was given 3"):
        wrap(3)
    with pytest.raises(ValueError, match="maxsize must be at least 1, but is 0"):
        wrap(lambda x: x, maxsize=0)


# Modules.


def test_modules_are_traced_again_when_they_change():
    model = nn.MLP(2, [3, 1], seed=0)
    f = compile(lambda model, x: model(x) * (1.0 if model.training else 2.0))
    closed = compile(lambda x: model(x) * (1.0 if model.training else 2.0))
    x = [0.5, -1.0]

    def assert_right():
        expected = model(x).data * (1.0 if model.training else 2.0)
        assert f(model, x).data == pytest.approx(expected, rel=1e-12)
        assert closed(x).data == pytest.approx(expected, rel=1e-12)

    assert_right()
    model.eval()
    assert_right()
    model.train()
    assert_right()
    neuron = model.layers[0].neurons[0]
    neuron.w = values(2.0, -3.0)
    assert_right()
    neuron.b = Value(0.5)
    assert_right()
    model.layers[1] = nn.MLP(2, [3, 1], seed=3).layers[1]
    model.layers = list(model.layers)
    assert_right()
    for parameter in model.parameters():
        parameter.data += 1.0
    builds = closed.cache_info().misses
    assert_right()
    assert closed.cache_info().misses == builds


def test_another_module_has_a_program_of_its_own():
    f = compile(lambda model, x: model(x))
    for seed in (0, 1, 0):
        model = nn.MLP(2, [3, 1], seed=seed)
        assert f(model, [0.5, -1.0]).data == pytest.approx(model([0.5, -1.0]).data, rel=1e-12)


class Alike:
    """Things that are equal by their own account, and hashed one by one."""

    __hash__ = object.__hash__

    def __init__(self, number, equal):
        self.number, self._equal = number, equal

    def __eq__(self, other):
        return self._equal


@pytest.mark.parametrize("equal", [True, np.array([True, False])])
def test_things_that_say_they_are_equal_are_still_two(equal):
    f = compile(lambda thing, x: x * thing.number)
    one, other = Alike(2.0, equal), Alike(3.0, equal)
    assert [f(thing, 1.0).data for thing in (one, other, one)] == [2.0, 3.0, 2.0]


@compile
def named(x):
    """Twice a number."""
    return x * 2.0


def test_copies_and_files_hold_the_function_as_they_hold_any():
    assert copy.deepcopy([named])[0] is named
    assert pickle.loads(pickle.dumps(named)) is named
    assert (named.__name__, named.__doc__) == ("named", "Twice a number.")
