"""Hooks: what they are called with, what they replace, copies, and compiled functions."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest
from reference_entries import entries, weights

import autograd
import nn
from autograd import Tensor, Value, no_grad
from nn import Identity, Linear, Module, Sequential, Tanh

(HOOKED,) = entries("layers.json")["hooked"]


def net():
    model = Sequential(Linear(3, 4), Tanh(), Linear(4, 2))
    model.load_state_dict({name: np.array(x) for name, x in HOOKED["state"].items()})
    return model


def hooked():
    """The network with the hooks that the reference has, and what one of them saw."""
    model, seen = net(), []
    model[0].register_forward_hook(lambda m, args, out: out * 0.5)
    model[2].register_forward_pre_hook(lambda m, args: (args[0] + 1.0,))
    model[1].register_full_backward_hook(lambda m, gi, go: seen.append((gi[0], go[0])))
    model[1].register_full_backward_hook(lambda m, gi, go: (gi[0] * 3.0,))
    model[2].register_full_backward_hook(lambda m, gi, go: seen.append((gi[0], go[0])))
    return model, seen


def add_one(module, args):
    return (args[0] + 1.0,)


def double(module, args, output):
    return output * 2.0


def negate(module, grad_input, grad_output):
    return (-grad_input[0],)


class Two(Module):
    """Two arguments, two results."""

    def forward(self, x, y, *, scale=1.0):
        return x * y * scale, x + y


def same(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("how", ["eager", "compiled"])
def test_all_kinds_of_hooks_do_what_pytorchs_do(how):
    model, seen = hooked()
    x = Tensor(HOOKED["input"], requires_grad=True)
    call = autograd.compile(model) if how == "compiled" else model
    for _ in range(2):
        seen.clear()
        model.zero_grad()
        x.zero_grad()
        out = call(x)
        same(out.data, HOOKED["out"])
        (out * weights(out.shape, 0)).sum().backward()
        same(x.grad, HOOKED["gradient"])
        assert len(seen) == len(HOOKED["seen"])
        for pair, expected in zip(seen, HOOKED["seen"], strict=True):
            assert all(type(g) is Tensor for g in pair)
            same(pair[0].data, expected[0])
            same(pair[1].data, expected[1])
        for name, p in model.named_parameters():
            same(p.grad, HOOKED["gradients"][name])


def test_what_forward_hooks_are_called_with():
    module, met = Two(), []
    module.register_forward_pre_hook(lambda *given: met.append(given))
    module.register_forward_pre_hook(lambda *given: met.append(given), with_kwargs=True)
    module.register_forward_hook(lambda *given: met.append(given))
    module.register_forward_hook(lambda *given: met.append(given), with_kwargs=True)
    result = module(2.0, 3.0, scale=10.0)
    assert result == (60.0, 5.0)
    args, kwargs = (2.0, 3.0), {"scale": 10.0}
    assert met == [
        (module, args),
        (module, args, kwargs),
        (module, args, result),
        (module, args, kwargs, result),
    ]


def test_what_forward_hooks_replace():
    module = Identity()
    module.register_forward_pre_hook(lambda m, args: args[0] + 1.0)  # one that is no tuple
    module.register_forward_hook(lambda m, args, out: (args, out))
    assert module(1.0) == ((2.0,), 2.0)
    two = Two()
    two.register_forward_pre_hook(lambda m, a, k: ((a[0], 7.0), {"scale": 2.0}), with_kwargs=True)
    assert two(1.0, 2.0, scale=5.0) == (14.0, 8.0)


def test_their_order_and_that_they_go():
    module, met = Identity(), []
    handles = [
        module.register_forward_hook(lambda *_, i=i: met.append(i), prepend=i == 2)
        for i in range(3)
    ]
    module(1.0)
    assert met == [2, 0, 1]
    handles[0].remove()
    handles[0].remove()
    module(1.0)
    assert met == [2, 0, 1, 2, 1]
    for handle in handles:
        handle.remove()
    module(1.0)
    assert len(met) == 5
    assert "forward" not in vars(module), "a call is as quick as it was"


def test_a_handle_is_a_context_manager_also_when_something_goes_wrong():
    module = Identity()
    with module.register_forward_hook(double):
        assert module(1.0) == 2.0
    assert module(1.0) == 1.0
    with pytest.raises(ZeroDivisionError), module.register_forward_pre_hook(lambda *_: 1 / 0):
        module(1.0)
    assert module(1.0) == 1.0


def test_a_forward_of_ones_own_stays():
    module = Identity()
    module.forward = lambda x: x * 10.0
    with module.register_forward_hook(double):
        assert module(1.0) == 20.0
        assert copy.copy(module)(1.0) == 20.0
    assert module(1.0) == 10.0


def test_a_hook_keeps_no_module_alive():
    module = Identity()
    handle = module.register_forward_hook(double)
    known = weakref.ref(module)
    gc.disable()
    try:
        del module
        assert known() is None
    finally:
        gc.enable()
    handle.remove()


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, copy.copy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_copies_have_the_hooks_and_call_them_with_themselves(copied):
    model = Sequential(Identity(), Linear(1, 1, generator=0))
    handle = model.register_forward_pre_hook(add_one)
    model[0].register_forward_hook(double)
    model[0].register_full_backward_hook(negate)
    twin = copied(model)
    x, y = Tensor([[1.0]], requires_grad=True), Tensor([[1.0]], requires_grad=True)
    model(x).sum().backward()
    twin(y).sum().backward()
    assert x.grad == y.grad == -2.0 * model[1].weight.data
    handle.remove()
    assert twin(Tensor([[1.0]])).tolist() != model(Tensor([[1.0]])).tolist()
    assert vars(twin)["forward"] is not vars(model).get("forward")
    model.mark = 1
    assert not hasattr(twin, "mark")


def test_a_hook_that_cannot_be_pickled_says_so():
    module = Identity()
    module.register_forward_hook(lambda *_: None)
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(module)


def test_a_hook_is_no_part_of_the_network():
    model = Identity()
    model.register_forward_hook(Linear(1, 1))  # which can be called
    assert [model.parameters(), list(model.children()), list(model.state_dict())] == [[], [], []]


# Backward hooks


def test_gradients_of_several_arguments_and_results():
    module, met = Two(), []
    module.register_full_backward_hook(lambda m, gi, go: met.append((m, gi, go)))
    x, y = Tensor([1.0, 2.0], requires_grad=True), Tensor([[3.0], [4.0]], requires_grad=True)
    product, total = module(x, y)
    (product.sum() * 10.0 + total.sum()).backward()
    ((found, given, out),) = met
    assert found is module
    assert [g.tolist() for g in given] == [x.grad.tolist(), y.grad.tolist()]
    assert (x.grad.tolist(), y.grad.tolist()) == ([72.0, 72.0], [[32.0], [32.0]])
    assert [g.shape for g in out] == [(2, 2), (2, 2)]
    assert [set(g.data.ravel().tolist()) for g in out] == [{10.0}, {1.0}]


def test_arguments_without_a_gradient_are_none_and_types_are_kept():
    module, met = Two(), []
    module.register_full_backward_hook(lambda m, gi, go: met.append(gi))
    x = Tensor(np.array([1.0, 2.0], np.float32), requires_grad=True)
    y = Tensor(3.0, requires_grad=True)
    for args, kinds in (((x, 2.0), [np.float32, None]), ((2.0, y), [None, np.float64])):
        module(*args)[0].sum().backward()
        assert [getattr(g, "dtype", None) for g in met.pop()] == kinds
    result = module(x, y)[0]
    result.sum().backward()
    assert [g.dtype for g in met.pop()] == [np.float32, np.float64]
    assert (x.grad.dtype, y.grad.dtype) == (np.float32, np.float64)


def test_where_no_argument_requires_a_gradient():
    module, met = Linear(2, 1, generator=0), []
    module.register_full_backward_hook(lambda m, gi, go: met.append((gi, go[0].tolist())))
    module(autograd.ones(3, 2)).sum().backward()
    assert met == [((None,), [[1.0]] * 3)]
    module.register_full_backward_hook(lambda m, gi, go: (go[0],))
    with pytest.raises(ValueError, match=r"a backward hook of Linear returned.*\[None\]"):
        module(autograd.ones(3, 2)).sum().backward()


def test_nothing_is_watched_where_nothing_is_recorded():
    module, met = Linear(2, 1), []
    module.register_full_backward_hook(lambda *given: met.append(given))
    with no_grad():
        assert module(autograd.ones(1, 2)).op is None
    assert met == []


def test_each_pass_calls_them_once():
    module, met = Tanh(), []
    module.register_full_backward_hook(lambda m, gi, go: met.append(go[0].item()))
    x = Tensor([0.5], requires_grad=True)
    y = module(x)
    z = module(x) * 2.0
    (y * 3.0).sum().backward()
    (y + z).sum().backward()
    assert sorted(met) == [1.0, 2.0, 3.0]


def test_a_replacement_of_another_shape_is_refused_and_nothing_else_is_touched():
    module = Tanh()
    module.register_full_backward_hook(lambda m, gi, go: gi[0].sum())
    x = Tensor([0.5, 1.0], requires_grad=True)
    with pytest.raises(ValueError, match=r"of shapes \[\(\)\], but.*are \[\(2,\)\]"):
        module(x).sum().backward()


def test_values_go_in_and_out():
    module, met = Two(), []
    module.register_full_backward_hook(lambda m, gi, go: met.append(gi))
    x, y = Value(2.0), Value(3.0)
    module(x, y)[0].backward()
    assert (x.grad, y.grad, [g.item() for g in met[0]]) == (3.0, 2.0, [3.0, 2.0])
    neuron = nn.Neuron(2, "linear", seed=0)
    neuron.register_full_backward_hook(lambda m, gi, go: met.append((gi, go[0].item())))
    neuron([1.0, 2.0]).backward()
    assert met[1] == ((None,), 1.0)
    assert [p.grad for p in neuron.parameters()] == [1.0, 2.0, 1.0]


def test_second_derivatives_go_through():
    module = Tanh()
    plain = autograd.hessian(lambda x: module(x).sum())(np.array([0.3, -0.4]))
    module.register_full_backward_hook(lambda m, gi, go: None)
    same(autograd.hessian(lambda x: module(x).sum())(np.array([0.3, -0.4])), plain)
    module.register_full_backward_hook(lambda m, gi, go: (gi[0] * 2.0,))
    x = Tensor([0.3], requires_grad=True)
    (slope,) = (autograd.gradient(module(x).sum(), x),)
    assert slope.item() == pytest.approx(2.0 * (1.0 - np.tanh(0.3) ** 2), rel=1e-14)


def test_it_is_drawn_and_explained():
    module = Tanh()
    module.register_full_backward_hook(negate)
    y = module(Tensor([0.3], requires_grad=True))
    assert ">hook<" in y.draw().svg
    assert str(y.explain()).startswith("y = hook(")


@pytest.mark.parametrize(
    ("do", "error", "said"),
    [
        (lambda m: m.register_forward_hook(None), TypeError, "a hook is a function, but was given"),
        (
            lambda m: (
                m.register_forward_pre_hook(lambda *_: 3.0, with_kwargs=True) and m(Tensor([1.0]))
            ),
            TypeError,
            r"returns None or \(args, kwargs\), but gave 3.0",
        ),
        (
            lambda m: (
                m.register_full_backward_hook(negate)
                and m.register_forward_hook(lambda *_: [1.0])
                and m(Tensor([1.0]))
            ),
            TypeError,
            "a backward hook takes a module that gives a Tensor.*Identity gave a list",
        ),
    ],
)
def test_what_hooks_refuse(do, error, said):
    with pytest.raises(error, match=said):
        do(Identity())


# Compiled functions


def test_a_compiled_function_calls_forward_hooks_while_it_is_traced_and_keeps_what_they_compute():
    model, calls = net(), []
    compiled = autograd.compile(model)
    x = Tensor(HOOKED["input"])
    plain = compiled(x).data.copy()
    handle = model[2].register_forward_hook(lambda m, args, out: calls.append(1) or out * 2.0)
    for _ in range(3):
        same(compiled(x).data, plain * 2.0)
    assert calls == [1]
    handle.remove()
    same(compiled(x).data, plain)
    assert compiled.cache_info().misses == 3


def test_in_a_trace_a_hook_may_not_look_at_numbers():
    module = Tanh()
    module.register_forward_hook(lambda m, args, out: print(out.item()))
    with pytest.raises(TypeError, match=r"asks for a number that differs"):
        autograd.compile(module)(Tensor([1.0]))


def test_scalar_code_compiled():
    neuron = nn.Neuron(2, "tanh", seed=0)
    plain = neuron([1.0, 2.0]).data
    neuron.register_forward_hook(double)
    compiled = autograd.compile(neuron)
    for _ in range(2):
        assert compiled([1.0, 2.0]).data == pytest.approx(2.0 * plain, rel=1e-14)
    table = np.array([[1.0, 2.0], [0.0, 0.0]])
    assert neuron(table).data[0] == pytest.approx(2.0 * plain, rel=1e-14)
