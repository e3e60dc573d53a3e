"""A call of a compiled function is one node: called twice, nested, differentiated, in threads."""

import threading

import numpy as np
import pytest
from compiled import assert_close, gradients, values

import autograd
from autograd import Tensor, Value, compile, grad, gradient, hessian, no_grad, vmap


def curve(w):
    """A function of one number, with two parameters that enter not only linearly."""
    return lambda x: (w[0] * x + w[1]).tanh() * w[0] + x * x * w[1]


def test_it_is_one_node():
    w = values(0.5, -1.0)
    y = compile(curve(w))(2.0)
    assert isinstance(y, Value)
    assert y.op.name == "<lambda>"
    assert len(list(autograd.Graph(y))) == 2  # with the two parameters side by side


def test_two_calls_before_backward():
    w = values(0.5, -1.0)
    f, plain = compile(curve(w)), curve(w)
    for g in (lambda f: f(1.0) * f(-2.0), lambda f: f(3.0) + 2.0 * f(3.0) - f(0.5).exp()):
        assert_close(gradients(g(f), w)[0], gradients(g(plain), w)[0], 1e-12)


def test_in_the_other_order():
    w = values(0.5, -1.0)
    f, plain = compile(curve(w)), curve(w)
    first, second = f(1.0), f(2.0)
    assert_close(gradients(first, w)[0], gradients(plain(1.0), w)[0], 1e-12)
    assert_close(gradients(second, w)[0], gradients(plain(2.0), w)[0], 1e-12)
    assert_close(gradients(first, w)[0], gradients(plain(1.0), w)[0], 1e-12)


def test_backward_twice_doubles():
    w = values(0.5, -1.0)
    y = compile(curve(w))(2.0)
    y.backward()
    once = [v.grad for v in w]
    y.backward()
    assert [v.grad for v in w] == [2.0 * g for g in once]


def test_beside_eager_terms():
    w = values(0.5, -1.0)
    f, plain = compile(curve(w)), curve(w)
    x = Value(1.5)
    mixed = lambda f: f(x * w[0]) * w[1] + sum(v * v for v in w) + f(x).relu()  # noqa: E731
    assert_close(gradients(mixed(f), [*w, x])[0], gradients(mixed(plain), [*w, x])[0], 1e-12)


def test_nested():
    w = values(0.5, -1.0)
    inner = compile(curve(w))
    outer = compile(lambda x: inner(x) * inner(2.0 * x))
    plain = lambda x: curve(w)(x) * curve(w)(2.0 * x)  # noqa: E731
    for x in (0.5, 1.5):
        assert_close(gradients(outer(x), w)[0], gradients(plain(x), w)[0], 1e-12)
    assert inner.cache_info().misses == 0  # the outer trace saw what it does


def test_of_what_was_computed_before():
    w = values(0.5, -1.0)
    f = compile(lambda x: x * w[0])
    hidden = w[1].exp()
    y = f(hidden) + compile(lambda x: hidden * x)(3.0)
    y.backward()
    assert_close([v.grad for v in w], [hidden.data, 3.5 * hidden.data], 1e-12)


def test_the_same_value_given_twice_and_found_by_itself():
    w = Value(3.0)
    compile(lambda x, y: w * x * y)(w, w).backward()
    assert w.grad == 27.0


@pytest.mark.parametrize("when", ["first", "later"])
def test_in_no_grad(when):
    w = values(0.5, -1.0)
    f, plain = compile(curve(w)), curve(w)
    if when == "later":
        f(1.0)
    with no_grad():
        y = f(2.0)
    assert (y.data, y.op, y.requires_grad) == (plain(2.0).data, None, False)
    for x in (2.0, 3.0):  # what was traced in there was recorded all the same
        assert f(x).data == pytest.approx(plain(x).data, rel=1e-12)
        assert_close(gradients(f(x), w)[0], gradients(plain(x), w)[0], 1e-12)


def test_in_threads():
    w = values(0.5, -1.0)
    f, plain = compile(curve(w)), curve(w)
    found, expected = {}, {x: gradient(plain(x), *w) for x in range(40)}

    def run(numbers):
        for x in numbers:
            found[x] = gradient(f(float(x)), *w)

    threads = [threading.Thread(target=run, args=(range(k, 40, 4),)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for x, right in expected.items():
        assert_close([g.item() for g in found[x]], [g.data for g in right], 1e-12)


# Derivatives of derivatives.


def test_gradients_by_an_argument():
    w = values(0.5, -1.0)
    f, plain = compile(curve(w)), curve(w)
    assert grad(f)(0.7) == pytest.approx(grad(plain)(0.7), rel=1e-12)
    assert grad(grad(f))(0.7) == pytest.approx(grad(grad(plain))(0.7), rel=1e-12)
    assert grad(grad(grad(f)))(0.7) == pytest.approx(grad(grad(grad(plain)))(0.7), rel=1e-12)
    assert hessian(f)(0.7) == pytest.approx(hessian(plain)(0.7), rel=1e-12)


def test_gradients_by_what_it_found_by_itself():
    """The parameters lie side by side then, and each is still differentiated by itself."""
    w = values(0.5, -1.0)
    f, plain = compile(curve(w)), curve(w)
    first, right = gradient(f(0.7), *w), gradient(plain(0.7), *w)
    assert_close([g.item() for g in first], [g.data for g in right], 1e-12)
    second = [gradient(g, v).item() for g in first for v in w]
    assert_close(second, [gradient(g, v).data for g in right for v in w], 1e-12)
    assert not any(v.has_grad for v in w)


def test_gradients_of_a_penalty():
    """The gradient is part of the loss, which is differentiated by `backward`."""
    w, x = values(0.5, -1.0), Value(0.7)
    found = []
    for f in (compile(curve(w)), curve(w)):
        (slope,) = [gradient(f(x), x)]
        found.append(gradients(slope * slope, w)[0])
    assert_close(*found, 1e-12)


def test_one_leaf_two_ways_twice_differentiated():
    w = Value(3.0)
    slope = gradient(compile(lambda x: w * x)(w), w)
    assert (slope.item(), gradient(slope, w).item()) == (6.0, 2.0)


def test_second_derivatives_of_one_result_among_several():
    f = compile(lambda x: (x**3, {"sine": x.sin()}))
    assert grad(grad(lambda x: f(x)[0]))(2.0) == pytest.approx(12.0)
    assert grad(grad(lambda x: f(x)[1]["sine"]))(2.0) == pytest.approx(-float(Value(2.0).sin()))


def test_second_derivatives_see_the_random_numbers_of_the_call():
    f, x = compile(lambda x: x**3 * autograd.rand(2)[1]), Value(2.0)
    f(x)
    y = f(x)
    slope = gradient(y, x)
    assert slope.item() == pytest.approx(y.data * 3.0 / 2.0)
    assert gradient(slope, x).item() == pytest.approx(y.data * 6.0 / 4.0)


def test_by_a_tensor():
    t = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    f = compile(lambda rows: sum(x * x * x for row in rows for x in row))
    f(t).backward()
    assert_close(t.grad, 3.0 * t.data**2, 1e-12)
    slope = gradient(f(t), t)
    assert_close(gradient(slope.sum(), t).data, 6.0 * t.data, 1e-12)


# Results.


@pytest.mark.parametrize("kind", [list, np.array, Tensor])
def test_second_derivatives_after_the_arguments_were_changed(kind):
    w = Value(0.5)
    f = compile(lambda box, row: sum(w ** box["power"] * x for x in row))
    box, row = {"power": 2}, kind([1.0, 2.0, 3.0])
    y = f(box, row)
    box["power"] = 3
    (row.data if kind is Tensor else row)[1] = 100.0
    first = gradient(y, w)
    assert (first.item(), gradient(first, w).item()) == (6.0, 12.0)


@pytest.mark.parametrize("change", [lambda row: row.append(4.0), lambda row: row.pop()])
def test_derivatives_by_calling_again_what_was_given_another_length(change):
    w, row = Value(0.5), [1.0, 2.0, 3.0]
    y = compile(lambda row: sum(w * x for x in row))(row)
    change(row)
    with pytest.raises(
        RuntimeError, match="what <lambda> was called with has other lengths by now"
    ):
        gradient(y, w)


def test_results_in_trees():
    w = Value(2.0)
    f = compile(lambda x: {"a": w * x, "b": [x, (w * w, None)]})
    found = f(3.0)
    assert (found["a"].data, found["b"][0].data, found["b"][1][0].data) == (6.0, 3.0, 4.0)
    assert found["b"][1][1] is None
    (found["a"] + 10.0 * found["b"][1][0]).backward()
    assert w.grad == 43.0


def test_a_result_that_is_an_input_a_constant_or_twice_the_same():
    def g(x):
        y = x * x
        return [y, y, x, Value(7.0)]

    x = Value(2.0)
    found = compile(g)(x)
    assert [y.data for y in found] == [4.0, 4.0, 2.0, 7.0]
    sum(found).backward()
    assert x.grad == 9.0


def test_a_result_that_is_a_parameter():
    w = Value(2.0)
    f = compile(lambda x: w)
    f(1.0).backward()
    assert (f(1.0).data, w.grad) == (2.0, 1.0)


def test_results_that_are_packed_parameters():
    w = values(2.0, 3.0)
    f = compile(lambda x: [w[0], w[1], w[0] * w[1] * x])
    for _ in range(2):
        assert [y.data for y in f(1.0)] == [2.0, 3.0, 6.0]
    sum(f(1.0)).backward()
    assert [v.grad for v in w] == [4.0, 3.0]


@pytest.mark.parametrize("result", [None, [], 3.0, "text"])
def test_results_that_are_no_values(result):
    with pytest.raises(TypeError, match=r"gives Values.*but <lambda> gave"):
        compile(lambda x: result)(1.0)


def test_what_is_not_used_has_no_gradient():
    w, spare = values(1.0, 2.0), Value(4.0)
    f = compile(lambda x, other: w[0] * x + w[1].detach())
    f(3.0, spare).backward()
    assert [v.has_grad for v in (*w, spare)] == [True, False, False]


def test_frozen_leaves():
    w = values(1.0, 2.0)
    w[0].requires_grad = False
    f = compile(lambda x: w[0] * x + w[1] * x)
    f(3.0).backward()
    w[0].requires_grad = True  # so it is traced again
    f(3.0).backward()
    w[1].requires_grad = False
    f(3.0).backward()
    assert [v.grad for v in w] == [6.0, 6.0]


def test_a_leaf_that_is_frozen_between_the_passes():
    w, x = values(1.0, 2.0), Value(3.0)
    y = compile(lambda x: w[0] * x + w[1] * x)(x)
    w[0].requires_grad = False
    y.backward()
    assert ([v.has_grad for v in w], w[1].grad, x.grad) == ([False, True], 3.0, 3.0)


@pytest.mark.parametrize("number", [Value, lambda x: Tensor([x, x])])
@pytest.mark.parametrize("count", [1, 2])
def test_leaves_alone_of_which_one_is_frozen_between_the_passes(number, count):
    def after(wrap):
        w = [number(x) for x in (2.0, 3.0)[:count]]
        for v in w:
            v.requires_grad = True
        y = wrap(lambda x: sum((v * x).sum() if isinstance(v, Tensor) else v * x for v in w))(5.0)
        w[0].requires_grad = False
        if count == 1:
            with pytest.raises(RuntimeError, match="none of its leaves requires a gradient"):
                y.backward()
        else:
            y.backward()
        return [v.has_grad for v in w], np.array([v.grad for v in w[1:]]).tolist()

    assert after(compile) == after(lambda f: f)


@pytest.mark.parametrize("through", [lambda y: y, lambda y: 2.0 * y])
def test_leaves_that_leave_their_pack_between_the_passes(through):
    def after(wrap):
        w = values(2.0, 3.0, 4.0, 5.0)
        f, other = wrap(lambda x: w[0] * w[1] * w[2] * x), wrap(lambda: w[0] * w[3])
        y = f(5.0)
        w[0].requires_grad = w[1].requires_grad = False
        w[0].requires_grad = True
        other()  # which puts it into another
        through(y).backward()
        return [(v.grad, v.has_grad) for v in w]

    assert after(compile) == after(lambda f: f)


def test_a_leaf_that_is_changed_and_put_beside_others_between_the_passes():
    w = values(2.0, 3.0)
    f, both = compile(lambda x: w[0] * w[0] * x), compile(lambda x: w[0] * w[1] * x)
    y = f(5.0)
    w[0].data = 7.0
    both(1.0)
    with pytest.raises(RuntimeError, match="was changed after <lambda> had used it"):
        y.backward()


def test_in_steps_and_pictures():
    w = values(0.5, -1.0)
    y = compile(curve(w))(2.0) * 3.0
    y.backward()
    before = [v.grad for v in w]
    assert len(list(y.steps())) > 2
    assert "lambda" in y.draw().svg
    with autograd.detect_anomaly():
        compile(curve(w))(2.0).backward()
    assert [v.grad for v in w] == pytest.approx([4.0 / 3.0 * g for g in before])


def test_as_a_method():
    class Line:
        def __init__(self, slope):
            self.slope = Value(slope)

        @compile
        def at(self, x):
            return self.slope * x

    steep, flat = Line(3.0), Line(0.5)
    assert [steep.at(2.0).data, flat.at(2.0).data, steep.at(4.0).data] == [6.0, 1.0, 12.0]
    assert steep.at.cache_info()[:2] == (1, 2)
    assert steep.at.program is not None


def test_under_vmap():
    w = values(0.5, -1.0)
    f = compile(curve(w))
    vmap(f)([1.0, 2.0, 3.0]).sum().backward()
    found = [v.grad for v in w]
    assert_close(found, gradients(sum(map(curve(w), [1.0, 2.0, 3.0])), w)[0], 1e-12)


def test_parameters_that_are_arguments_of_tensor_code():
    rng = np.random.default_rng(0)
    start = [rng.normal(size=(3, 4)), rng.normal(size=3)]
    x = rng.normal(size=(5, 4))

    def loss(parameters, x):
        w, b = parameters
        return autograd.linear(x, w, b).tanh().sum() + w[0, 0] * 2.0

    def gradients(function):
        parameters = [Tensor(array, requires_grad=True) for array in start]
        function(parameters, Tensor(x)).backward()
        return [parameter.grad for parameter in parameters]

    for found, expected in zip(gradients(autograd.compile(loss)), gradients(loss), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    compiled, parameters = autograd.compile(loss), [Tensor(array, True) for array in start]
    y = compiled(parameters, x)
    parameters[0].data = parameters[0].data + 1.0
    with pytest.raises(RuntimeError, match="was changed after loss had used it"):
        y.backward()


def test_its_picture_is_the_same_from_run_to_run():
    w = Value(2.0, name="w")
    pictures = []
    for _ in range(2):
        f = compile(lambda x: w * x)
        pictures.append((f(3.0) * 2.0).draw(names={}).svg)
    assert pictures[0] == pictures[1]
    assert "object at" not in pictures[0]
