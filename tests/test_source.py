"""A graph written out as code that runs alone, and as a formula."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from test_steps import arrays_for, random_graph

import autograd
import nn
from autograd import Tensor, Value, checkpoint, custom, gradient, latex, no_grad, source
from autograd.node import ancestors
from autograd.op import TABLE


def run(text, **arguments):
    """What the code gives, in a namespace of its own."""
    assert "autograd" not in text
    namespace = {"__name__": "written"}
    exec(compile(text, "<written>", "exec"), namespace)
    return namespace["value_and_gradients"](**arguments)


def assert_same(root, exact=True):
    for node in ancestors([root]):
        node.zero_grad()
    text = source(root, names={})
    with np.errstate(all="ignore"):
        value, gradients = run(text)
    root.backward()
    leaves = [node for node in ancestors([root]) if node.op is None]
    names = re.search(r"value_and_gradients\((.*)\):", text).group(1)
    names = re.findall(r"(\w+)=(?=[-\dnm])", names)
    by_name = dict(zip([n for n in names if n != "dtype"], leaves, strict=True))
    pairs = [(value, root.data), *((gradients[n], by_name[n].grad) for n in gradients)]
    for found, expected in pairs:
        assert np.shape(found) == np.shape(expected)
        if exact:
            np.testing.assert_array_equal(found, expected)
        else:
            np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-300)
    for name, leaf in by_name.items():
        assert name in gradients or leaf.grad is None or not np.any(leaf.grad)
    return text


@pytest.mark.parametrize("seed", range(100))
def test_random_graphs_of_values_to_the_last_bit(seed):
    text = assert_same(random_graph(seed, ["value"] * 3))
    assert "np." not in text
    assert set(re.findall(r"^import (.*)$", text, re.MULTILINE)) <= {"math"}


@pytest.mark.parametrize("seed", range(100))
@pytest.mark.parametrize("kinds", ["tensor " * 3, "value tensor value tensor"])
def test_random_graphs_of_tensors(seed, kinds):
    root = random_graph(seed, kinds.split())
    if isinstance(root, Tensor):
        with np.errstate(all="ignore"):
            assert_same(root, exact=False)


@pytest.mark.parametrize("op", [op for op in TABLE.values() if not op.inert], ids=str)
def test_every_operation(op):
    rng = np.random.default_rng(1)
    if op.scalar is not None:
        for box in op.domain:
            operands = [Value(float(rng.uniform(low, high))) for low, high in box]
            assert_same(op.function(*operands) * 3.0)
    for case in op.cases * (not op.comparison):
        arrays = arrays_for(op, case, rng)
        for dtype in (np.float64, np.float32):
            given = [Tensor(x.astype(dtype), requires_grad=True) for x in arrays]
            out = op.function(*given, **case.params)
            weights = np.arange(1.0, out.size + 1).reshape(out.shape).astype(out.dtype)
            assert_same((out * weights).sum(), exact=False)


@pytest.mark.parametrize("kind", ["value", "tensor"])
def test_it_runs_in_a_process_of_its_own(kind, run_python, tmp_path):
    w, b = Value(0.5), Value(-1.5, name="class")
    L = (w * b).sigmoid() ** 2.0
    if kind == "tensor":
        L = (Tensor([1.0, -2.0, 3.0]) * L).softmax(dim=0).norm()
    L.backward()
    code = f"{source(L)}\nimport sys\nassert not {{'autograd', 'nn'}} & set(sys.modules)"
    without_numpy = "\nassert 'numpy' not in sys.modules" * (kind == "value")
    printed = run_python(
        code.replace("__main__", "other")
        + without_numpy
        + (
            "\nvalue, gradients = value_and_gradients()"
            "\nprint(float(value), gradients['w'], gradients['class_'])"
        ),
        path=[tmp_path],
    ).stdout
    assert [float(x) for x in printed.split()] == [float(L.data), w.grad, b.grad]


def test_as_it_is_written():
    w, x, b = Value(2.0), Value(-0.5), Value(1.0)
    n = w * x + b
    y = n * n.relu()
    assert (
        source(y)
        == """\
# y, and its derivative by each leaf


def relu(x):
    return 0.0 if x <= 0.0 else x


def value_and_gradients(w=2.0, x=-0.5, b=1.0):
    n1 = w * x
    n = n1 + b
    n2 = relu(n)
    y = n * n2

    g_y = 1.0
    g_n = g_y * n2
    g_n2 = g_y * n
    g_n += g_n2 if n2 != 0.0 else 0.0
    g_n1 = g_n
    g_b = g_n
    g_w = g_n1 * x
    g_x = g_n1 * w
    return y, {"w": g_w, "x": g_x, "b": g_b}


if __name__ == "__main__":
    print(value_and_gradients())
"""
    )


def test_other_numbers_can_be_given():
    w, x = Value(2.0), Value(3.0)
    text = source((w * x).sin())
    value, gradients = run(text, w=0.5, x=-1.0)
    assert (value, gradients["w"]) == (math.sin(-0.5), math.cos(-0.5) * -1.0)


def test_names_are_made_valid_and_their_own():
    odd = [
        "class",
        "w[0]",
        "w_0",
        "layers.0.w[1]",
        "x y",
        "1st",
        "np",
        "math",
        "g_a",
        "a",
        "relu",
        "sum",
        "x1",
        "🙂",
        "größe",
        "print",
        "value_and_gradients",
        "",
    ]
    leaves = [Value(i + 1.0, name=name) for i, name in enumerate([*odd, *odd])]
    total = Value(1.0)
    for leaf in leaves:
        total = total + leaf.relu() * leaf.tanh()
    text = assert_same(total)
    _, gradients = run(text)
    assert len(gradients) == len(leaves) + 1
    assert all(name.isidentifier() for name in gradients)


def test_numbers_that_are_not_finite():
    x, y = Value(math.inf), Value(math.nan)
    text = assert_same(autograd.where(True, x * 2.0, y) + -math.inf * Value(0.5) + y * math.nan)
    assert "math.inf" in text
    t = Tensor([1.0, math.inf, math.nan], requires_grad=True)
    with np.errstate(all="ignore"):
        assert_same((t * np.array([math.inf, 1.0, 2.0])).sum())


def test_zeros_meet_no_infinity():
    x = Value(0.0)
    assert_same(autograd.where(False, x.sqrt(), x * 2.0) + (x + 1.0) * 0.0)
    t = Tensor([0.0, 4.0], requires_grad=True)
    with np.errstate(all="ignore"):
        assert_same(autograd.where(t.data > 1.0, t.sqrt(), t * 2.0).sum())


def test_matrices_with_infinities_behind_a_choice_are_refused():
    A = Tensor([[1.0, math.inf], [2.0, 3.0]], requires_grad=True)
    B = Tensor([[1.0, 2.0], [0.0, 1.0]], requires_grad=True)
    with np.errstate(all="ignore"):
        P = A @ B
        assert_same((P * np.isfinite(P.data)).sum(), exact=False)
    with pytest.raises(ValueError, match="matmul of infinities or NaNs behind a choice"):
        source(autograd.where(np.isfinite(P.data), P, 0.0).sum())


def test_leaves_and_what_needs_no_gradient():
    assert run(source(Value(2.0, name="x"))) == (2.0, {"x": 1.0})
    with no_grad():
        y = Value(2.0) * 3.0
    assert run(source(y)) == (6.0, {})
    w, fixed = Value(2.0), Value(3.0, requires_grad=False)
    assert run(source(w * fixed, names={"w": w})) == (6.0, {"w": 3.0})
    t = Tensor([1.0, 2.0])
    np.testing.assert_array_equal(run(source(t))[0], t.data)


def halved(x):
    return x / 2.0


@custom(partials=[lambda out, x: autograd.exp(out) / autograd.square(x)])
def own(x):
    return halved(x) + math.pi


def test_what_users_define():
    text = assert_same(own(Value(3.0)))
    assert "def own(x):\n    return halved(x) + math.pi" in text
    offset = 3.0

    @custom(partials=[lambda out, x: 1.0])
    def around(x):
        return x + offset

    @custom(partials=[lambda out, x: 1.0 if x > 0 else 2.0])
    def deciding(x):
        return x

    x = Value(1.0)
    for root, message in [
        (around(x), "around, which reads offset from around it"),
        (deciding(x), "the rule of deciding, which decides by numbers"),
        (checkpoint(lambda x: x * x, x), "checkpoint, which calls a function again"),
    ]:
        with pytest.raises(ValueError, match=message):
            source(root)
    with pytest.raises(ValueError, match="a result of shape"):
        source(Tensor([1.0, 2.0], requires_grad=True) * 2.0)


def test_a_large_graph_is_written_line_by_line():
    x = y = Value(1.0)
    for _ in range(5_000):
        y = y * 0.9999 + 1e-6
    value, gradients = run(source(y, names={"x": x}))
    assert (value, gradients["x"]) == (y.data, gradient(y, x).data)


def test_formulas():
    w, x, b = Value(2.0), Value(-3.0), Value(1.0)
    y = (w * x + b).tanh() ** 2.0 / 3.0
    assert latex(y) == r"y = \frac{\tanh(w \cdot x + b)^{2}}{3}"
    n = w * x
    assert latex(n / (1.0 + n), names={"w": w, "x": x}) == (
        "\\begin{aligned}\nn_{1} &= w \\cdot x \\\\\nL &= \\frac{n_{1}}{1 + n_{1}}\n\\end{aligned}"
    )
    assert latex(w) == "w = 2"
    X, W = Tensor(np.ones((4, 3)), name="X"), Tensor(np.ones((3, 2)), requires_grad=True)
    loss = (X @ W).tanh().sum()
    assert latex(loss) == r"\mathrm{loss} = \sum \tanh(X W)"


def test_a_long_formula_has_many_lines():
    x = y = Value(0.5)
    for _ in range(20_000):
        y = (y * 0.5).sin()
    lines = latex(y, names={"x": x}).splitlines()
    assert max(map(len, lines)) < 200
    assert lines[1].startswith("n_{13} &= ")
    assert lines[-2].startswith("L &= ")


@pytest.mark.parametrize("op", TABLE.values(), ids=str)
def test_every_formula_is_balanced(op):
    case = op.cases[0]
    arrays = arrays_for(op, case, np.random.default_rng(1))
    arrays = [Tensor(x, requires_grad=True) for x in arrays]
    text = latex(op.function(*arrays, **case.params))
    assert text.count("{") == text.count("}")


def test_long_names_make_lines_short():
    model = nn.MLP(2, [2, 1], "tanh", seed=0)
    lines = latex(model([1.0, 2.0])).splitlines()
    assert all(line.count("neurons") <= 3 for line in lines)
    assert lines[-2].startswith("L &= ")


def test_what_would_be_no_valid_formula():
    X = Tensor(np.eye(2), requires_grad=True)
    assert latex(X.mT.inverse(), names={"X": X}) == r"L = (X^\top)^{-1}"
    shown = autograd.explain(autograd.solve)
    assert r"(A^\top)^{-1}" in shown.latex()
    assert r"\operatorname{put\_diagonal}" in autograd.explain(autograd.diagonal).latex()
    assert r"\infty" in autograd.explain(autograd.clip).latex()
    loss, co = Value(2.0, name="loss & co."), Value(3.0, name="50%")
    assert latex(loss * co, names={}) == r"L = \mathrm{loss\ \&\ co{.}} \cdot \mathrm{50\%}"
