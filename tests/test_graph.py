"""A graph as an object: what it says, that it is right, and that it comes back from JSON."""

from __future__ import annotations

import copy
import gc
import json
import math
import pickle
import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd import Graph, Tensor, Value, checkpoint, custom, no_grad, scope, trace
from autograd.graph.labels import decode, encode
from autograd.op import TABLE


def neuron():
    x, w, b = Value(2.0, name="x"), Value(-3.0, name="w"), Value(6.5, name="b")
    return (x * w + b).tanh()


def shared():
    a = Value(3.0, name="a")
    return (a + a) * a - 2.0


def arrays():
    X = Tensor(np.ones((8, 3)), name="X")
    W = Tensor(np.full((3, 4), 0.1), requires_grad=True, name="W")
    return (((X @ W).tanh() - np.zeros((8, 4))) ** 2.0).mean()


def mixture():
    v, W = Value(0.5), Tensor([[1.0, 2.0]], requires_grad=True, dtype=np.float32)
    return {"loss": (autograd.stack([v, v * 2.0]) * W).sum(), "others": [v.exp(), (W, None)]}


def indexed():
    x = Tensor(np.arange(12.0).reshape(3, 4), requires_grad=True)
    return x[[0, 2], 1:].sum() + x[..., None, 0].max() + x[x > 4.0].prod()


def not_finite():
    x = Value(math.inf) - Value(math.nan) * Value(-0.0)
    return x + Tensor([math.nan, -math.inf, -0.0], requires_grad=True)


def perceptron():
    return nn.MLP(2, [3, 3, 1], "tanh", seed=0)([Value(0.5), 2.0])


GRAPHS = [neuron, shared, arrays, mixture, indexed, not_finite, perceptron, lambda: Value(1.0)]


@pytest.fixture(params=GRAPHS, ids=lambda make: make.__name__)
def graph(request):
    return Graph(request.param())


def test_nodes_come_after_their_operands(graph):
    place = {id(node): i for i, node in enumerate(graph)}
    assert len(place) == len(graph) == len(graph.nodes)
    for i, node in enumerate(graph):
        assert all(place[id(parent)] < i for parent in node.parents)
        assert graph.index(node) == i
        assert node in graph


def test_edges_are_the_operands(graph):
    edges = {(id(e.parent), id(e.child)): e.positions for e in graph.edges}
    assert len(edges) == len(graph.edges)
    operands = {}
    for node in graph:
        for position, operand in enumerate(node.operands):
            if isinstance(operand, autograd.Node):
                operands.setdefault((id(operand), id(node)), []).append(position)
    assert edges == {ends: tuple(at) for ends, at in operands.items()}
    constants = sum(len(node.operands) - len(node.parents) for node in graph)
    assert len(graph.constants) == constants
    assert sum(edge.count for edge in graph.edges) + constants == sum(
        len(node.operands) for node in graph
    )


def test_every_graph_is_right(graph):
    graph.verify()
    output = graph.outputs[0]
    output.backward(np.ones(output.shape) if output.shape else None)
    graph.verify()


def test_json_gives_an_equal_graph(graph):
    text = graph.to_json()
    again = Graph.from_json(text)
    assert again == graph
    assert hash(again) == hash(graph)
    again.verify()
    for old, new in zip(graph, again, strict=True):
        np.testing.assert_array_equal(new.data, old.data, strict=True)
        assert type(new) is type(old)
        assert new.requires_grad == old.requires_grad
    assert again.to_json() == text
    assert str(again) == str(graph)
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not in JSON"))


def test_signs_and_infinities_survive_json():
    again = Graph.from_json(Graph(not_finite()).to_json())
    values = [leaf.data for leaf in again.leaves if isinstance(leaf, Value)]
    assert sorted(map(str, values)) == ["-0.0", "inf", "nan"]
    (tensor,) = (leaf.data for leaf in again.leaves if isinstance(leaf, Tensor))
    assert list(map(str, tensor.tolist())) == ["nan", "-inf", "-0.0"]


def tensors(op, case):
    random = np.random.default_rng(0)
    count = len(case.shapes)
    box = (op.domain[0] * count)[:count] if op.variadic else op.domain[0]
    return [
        Tensor(random.uniform(*interval, size=shape), requires_grad=True)
        for interval, shape in zip(box, case.shapes, strict=False)
    ]


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE)
def test_every_operation_is_checked_and_comes_back(op):
    """The table is the test plan: its cases have all the parameters there are."""
    for case in op.cases:
        y = op.function(*tensors(op, case), **case.params)
        graph = Graph(y)
        graph.verify()
        again = Graph.from_json(graph.to_json())
        assert again == graph
        np.testing.assert_array_equal(again.output.data, y.data, strict=True)


@pytest.mark.parametrize(
    "x",
    [
        *(None, True, 3, -0.0, 1e-320, math.pi, "a", math.inf, slice(None, -1, 2), Ellipsis),
        *(np.dtype(np.float32), np.dtype(">f8"), np.float32(0.1), np.bool_(True), (), [], {}),
        *(np.zeros((0, 3)), np.array(5), np.array([[True]]), np.array([0.1], np.float16)),
        *(((1, [2.0]),), {"a": (None, slice(1))}, {"float": "nan", "tuple": [1]}),
    ],
    ids=repr,
)
def test_parameters_come_back(x):
    again = decode(json.loads(json.dumps(encode(x, pytest.fail), allow_nan=False)))
    assert type(again) is type(x)
    assert repr(again) == repr(x)
    if isinstance(x, (np.ndarray, np.generic)):
        np.testing.assert_array_equal(again, x, strict=True)


def test_a_node_twice_an_operand_is_one_edge():
    graph = Graph(shared())
    (twice,) = (edge for edge in graph.edges if edge.count > 1)
    assert (twice.child.op.name, twice.positions) == ("add", (0, 1))
    (constant,) = graph.constants
    assert (constant.value, constant.child.op.name, constant.position) == (2.0, "sub", 1)


def test_what_it_says_of_itself():
    graph = Graph(neuron())
    assert repr(graph) == "Graph(6 nodes: 3 leaves, 1 mul, 1 add, 1 tanh; depth 3)"
    assert dict(graph.counts) == {"mul": 1, "add": 1, "tanh": 1}
    assert [graph.names[leaf] for leaf in graph.leaves] == ["x", "w", "b"]
    assert graph.outputs == (graph.output,)


def test_memory_counts_data_and_gradients_once():
    x = Tensor(np.ones((10, 10)), requires_grad=True)
    y = x.reshape(100).reshape(50, 2) * 1.0
    graph = Graph(y)
    views = sum(800 for node in graph if node.data.base is None)
    assert graph.memory == views <= 3 * 800
    y.backward(np.ones((50, 2)))
    assert graph.memory > views
    v = Value(1.0)
    assert Graph(v * v).memory == 16
    (v * v).backward()
    assert Graph(v).memory == 16


def test_numbers_are_read_live():
    y = neuron()
    graph = Graph(y)
    assert "grad" not in str(graph)
    y.backward()
    assert "grad" in str(graph)


def test_it_is_frozen():
    graph = Graph(neuron())
    for name in ("nodes", "output", "anything"):
        with pytest.raises(AttributeError, match=f"^a Graph is frozen: {name} cannot be assigned$"):
            setattr(graph, name, ())
    with pytest.raises(AttributeError, match=r"^a Graph is frozen: nodes cannot be deleted$"):
        del graph.nodes
    with pytest.raises(TypeError):
        graph.counts["mul"] = 2
    graph.nodes[0].name = "renamed"
    assert graph.names[graph.nodes[0]] == "x"


def test_find():
    graph = Graph(shared())
    a, total, product, result = graph.nodes
    assert graph.find("a")[0] is graph.find(lambda node: node.op is None)[0] is a
    for what in ("add", autograd.add, TABLE["add"]):
        (found,) = graph.find(what)
        assert found is total
    assert graph.find("mul")[0] is product
    assert graph.find("nothing") == ()
    with pytest.raises(TypeError, match=r"^find takes a name, an operation .* given 3$"):
        graph.find(3)
    with pytest.raises(TypeError, match=r"^find takes a name"):
        graph.find(result)


def test_between():
    x, w = Value(2.0), Value(3.0)
    h = x * w
    y = h.exp() + h * x + w
    graph = Graph(y * 2.0)
    part = graph.between(h, y)
    assert [node.op.name for node in part] == ["mul", "exp", "mul", "add", "add"]
    assert part.output is y
    assert {(e.parent.op.name, e.child.op.name) for e in part.edges} == {
        ("mul", "exp"),
        ("mul", "mul"),
        ("exp", "add"),
        ("mul", "add"),
        ("add", "add"),
    }
    part.verify()
    Graph.from_json(part.to_json()).verify()
    assert len(graph.between(h, h)) == 1
    with pytest.raises(ValueError, match="was not computed from"):
        graph.between(y, h)
    with pytest.raises(KeyError, match="is not in"):
        graph.between(Value(2.0), y)


def test_equality_is_of_structure():
    assert Graph(neuron()) == Graph(neuron())
    a, b = Value(1.0), Value(2.0)
    assert Graph(a + b) == Graph(b + a)
    for x, y in [
        (a + b, a * b),
        (a + a, a + b),
        (a - b, (a - b) + 0.0),
        (a + 1.0, 1.0 + a),
        (a * 2.0, a * Tensor(2.0, requires_grad=True)),
        (Tensor([1.0]), Tensor([1.0, 2.0])),
        (Tensor([1.0]), Tensor([1.0], dtype=np.float32)),
        ([a, b], (a + b)),
        ({"p": a}, {"q": a}),
    ]:
        assert Graph(x) != Graph(y)
    t = Tensor(np.ones((2, 2)), requires_grad=True)
    assert Graph(t.sum(0)) != Graph(t.sum(1))
    assert Graph(t.sum(0)) == Graph(t.sum(0))
    assert Graph(a) != "a"
    assert len({Graph(neuron()), Graph(neuron()), Graph(shared())}) == 2


def test_a_custom_operation_is_not_the_tables():
    @custom(partials=[lambda out, x: 1.0])
    def tanh(x):
        return x

    x = Value(1.0)
    mine, theirs = Graph(tanh(x)), Graph(x.tanh())
    assert mine != theirs
    with pytest.raises(ValueError, match=r"'tanh' does not stand .* operations=\[tanh\]"):
        Graph.from_json(mine.to_json())
    again = Graph.from_json(mine.to_json(), operations=[tanh])
    assert again == mine
    assert again.output.data == 1.0
    with pytest.raises(TypeError, match=r"takes operations made by autograd\.custom"):
        Graph.from_json(mine.to_json(), operations=[len])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no JSON"),
        ("[]", "takes what to_json wrote"),
        ('{"format": "another"}', "takes what to_json wrote"),
        (Graph(Value(1.0).exp()).to_json().replace('"exp"', '"no_such"'), "'no_such' is no oper"),
        (Graph(Value(1.0).exp()).to_json().replace("[0]", "[5]"), "a damaged graph: IndexError"),
        (Graph(Value(1.0).exp()).to_json().replace('"output"', '"x"'), "damaged graph: KeyError"),
        (Graph(Value(math.inf)).to_json().replace('"float"', '"y"'), "no graph that was written"),
    ],
)
def test_what_is_no_graph_is_refused(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        Graph.from_json(text)


def test_what_has_no_form_in_json_is_refused():
    @custom(vjps=[lambda g, out, x, how: g])
    def with_setting(x, *, how):
        return x * 1.0

    y = with_setting(Tensor([1.0], requires_grad=True), how=object())
    with pytest.raises(TypeError, match="was given <object object at"):
        Graph(y).to_json()
    assert Graph(y) == Graph(y)


@pytest.mark.parametrize(
    ("output", "error", "complaint"),
    [
        (2.0, TypeError, r"output is 2\.0 of type float"),
        ([Value(1.0), {"a": "b"}], TypeError, r"output\[1\]\['a'\] is 'b' of type str"),
        ([], ValueError, r"needs at least one Value or Tensor, but was given \[\]"),
        (None, ValueError, "was given None"),
    ],
)
def test_only_nodes_have_a_graph(output, error, complaint):
    with pytest.raises(error, match=complaint):
        Graph(output)


def broken(node, **fields):
    """A node with what no program can make."""
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def values():
    return Value(2.0) * 3.0


def matrices():
    return Tensor([1.0, 2.0], requires_grad=True) * 3.0


def changed():
    x = Value(2.0)
    y = x.log()
    x.data = -1.0
    return y


def cycle():
    y = values()
    y._a = y.exp()
    return y


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: broken(values(), _data=7.0), "holds 7.0, but its operands now give 6.0"),
        (changed, "holds 0.69.* but its operands now raise ValueError"),
        (cycle, "comes before its operand, node 1: the order is wrong, or a cycle"),
        (lambda: broken(values(), _b="3"), "is a Value with a str for operand 1"),
        (lambda: broken(values(), _a=2.0), "was computed from no node"),
        (lambda: broken(values(), grad=np.ones(())), "has gradient that is no float"),
        (lambda: broken(Value(1.0), _data=1), "has data that is no float, but 1"),
        (lambda: broken(Tensor([1.0]), _data=[1.0]), "has data that is no array"),
        (lambda: broken(Tensor([1.0]), params={"a": 1}), "has operands or parameters"),
        (
            lambda: broken(matrices(), grad=np.ones(3)),
            r"has a gradient of float64 and shape \(3,\)",
        ),
        (lambda: broken(matrices(), grad=np.ones(2, "f4")), "has a gradient of float32"),
        (lambda: broken(matrices(), operands=()), "has 0 operands, where mul takes 2"),
        (lambda: broken(matrices(), _data=np.ones(3)), r"is float64 of shape \(3,\), but its oper"),
        (lambda: broken(matrices(), _data=np.ones(2, "f4")), "is float32 .* operands give float64"),
    ],
)
def test_verify_names_what_is_broken(make, complaint):
    with pytest.raises(ValueError, match=rf"^node \d, .*{complaint}"):
        Graph(make()).verify()


def test_a_checkpoint_is_one_node():
    w = Value(0.5)
    y = checkpoint(lambda x: (w * x).tanh(), Value(2.0))
    t = checkpoint(lambda x: (x * 2.0).exp(), Tensor([1.0], requires_grad=True))
    graph = Graph([y, t])
    graph.verify()
    assert dict(graph.counts) == {"checkpoint": 2}
    with pytest.raises(ValueError, match="'checkpoint' does not stand in the engine's table"):
        Graph.from_json(graph.to_json())


def test_trace_knows_inputs_and_parameters():
    model = nn.MLP(2, [3, 1], seed=0)
    x = [Value(1.0), Value(2.0)]
    graph = trace(model, x)
    assert [graph.names[leaf] for leaf in graph.inputs] == ["x[0]", "x[1]"]
    assert [graph.names[leaf] for leaf in graph.parameters] == [
        name for name, _ in model.named_parameters()
    ]
    assert all(a is b for a, b in zip(graph.parameters, model.parameters(), strict=True))


def test_trace_of_a_function_of_a_model():
    def loss(model, x, *, target):
        return (model(x) - target) ** 2.0 * scale

    scale = Value(2.0, name="scale")
    model, target = nn.MLP(2, [3, 1], seed=0), Value(1.0)
    graph = trace(loss, model, [0.5, 1.5], target=target)
    assert [graph.names[leaf] for leaf in graph.inputs] == ["target"]
    assert graph.parameters[:-1] == tuple(model.parameters())
    assert graph.parameters[-1] is scale
    model = nn.MLP(1, [1])
    graph = trace(model.forward, Value(1.0))
    assert "layers.0.neurons.0.b" in graph.names.values()


def test_leaves_of_a_result_with_modules():
    """What modules own is learned; a Value beside them is data, though it wants a gradient."""
    model, x, y = nn.MLP(2, [1], seed=0), [Value(1.0), Value(2.0)], Value(0.5)
    with scope("loss"):
        loss = (model(x) - y) ** 2.0
    graph = Graph(loss)
    assert graph.parameters == tuple(model.parameters())
    assert {id(leaf) for leaf in graph.inputs} == {id(leaf) for leaf in (*x, y)}
    free = Graph(arrays())
    assert [free.names[leaf] for leaf in (*free.parameters, *free.inputs)] == ["W", "X"]


def test_two_models_are_told_apart():
    a, b = nn.Neuron(1, seed=0), nn.Layer(1, 2, seed=0)
    graph = Graph([a([1.0]), *b([2.0])])
    assert {"Neuron.b", "Layer.neurons.1.b"} <= set(graph.names.values())


def test_trace_records_where_recording_is_off():
    with no_grad():
        graph = trace(lambda x: x * x, Value(3.0))
    assert len(graph) == 2


def test_trace_says_what_it_cannot_use():
    def square(x):
        return x * x

    with pytest.raises(TypeError, match=r"square\(\) is 9\.0 of type float; give it some, Value"):
        trace(square, 3.0)
    with pytest.raises(TypeError, match=r"\[1\] is 4\.0 of type float; `\.data`, float\(\) and"):
        trace(lambda x: (x * x, x.data**2), Value(2.0))
    with pytest.raises(TypeError, match="of type set; it takes them in lists, tuples and dicts"):
        trace(lambda x: {x * x}, Value(2.0))
    with pytest.raises(ValueError, match=r"trace: print\(\) returned None, which holds no Value"):
        trace(print)
    with pytest.raises(TypeError, match="missing 1 required"):
        trace(square)
    with pytest.raises(ValueError, match=r"it takes a matrix, or a function.*is Graph\(node\)"):
        trace(square(Value(3.0)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"inputs": "x"}, "inputs of a Graph are Values and Tensors in a list, but were 'x'"),
        ({"parameters": Value(1.0)}, "parameters of a Graph are Values and Tensors in a list"),
        ({"modules": nn.Neuron(1)}, r"modules of a Graph are modules in a list, but were Neuron\("),
        ({"modules": [nn.Neuron]}, "modules of a Graph are modules in a list"),
        ({"names": {"x": Value(1.0)}}, "names of a Graph go by node, but were {'x'"),
    ],
)
def test_a_graph_says_which_argument_it_cannot_use(arguments, message):
    with pytest.raises(TypeError, match=message):
        Graph(Value(2.0) * 3.0, **arguments)


def test_names_that_are_no_variables():
    graph = Graph(Value(2.0) * 3.0)
    for show in (graph.draw, graph.source, graph.latex, graph.explain):
        with pytest.raises(TypeError, match=r"names is a dict such as .* given \['x'\]"):
            show(names=["x"])


def test_find_takes_numpys_names_but_no_class():
    graph = Graph(Value(2.0).tanh())
    assert graph.find(np.tanh) == graph.outputs
    with pytest.raises(TypeError, match="find takes a name"):
        graph.find(Value)


def test_a_damaged_text_is_no_graph():
    text = Graph(Value(2.0) * Value(3.0)).to_json()
    with pytest.raises(ValueError, match="there is no node -1"):
        Graph.from_json(text.replace("[0, 1]", "[0, -1]"))
    with pytest.raises(TypeError, match="from_json takes the text that to_json wrote, not None"):
        Graph.from_json(None)


def test_trace_of_a_function_without_a_signature():
    graph = trace(max, Value(1.0), Value(2.0))
    assert graph.names[graph.output] == "args[1]"


def test_trace_of_a_matrix_is_its_trace():
    assert trace(np.eye(3)) == 3.0
    assert trace(Tensor(np.eye(2), requires_grad=True)).op.name == "sum"
    with pytest.raises(ValueError, match="it takes a matrix"):
        trace([1.0])


class Twice(nn.Module):
    def __init__(self):
        self.inner = nn.Neuron(1, "tanh", seed=0)
        self.named = {"last": nn.Neuron(1, "tanh", seed=1)}

    def forward(self, x):
        with scope("by hand"):
            h = self.inner([self.inner([x])])
        return self.named["last"]([h]) * 2.0


def test_calls_are_a_tree():
    model = Twice()
    graph = Graph(model(Value(1.0)) + 1.0)
    assert [call.title for call in graph.scopes.walk()] == [
        "",
        "Twice",
        "Twice › by hand",
        "Twice › by hand › inner #1",
        "Twice › by hand › inner #2",
        "Twice › named.last",
    ]
    root = graph.scopes
    assert root.parent is None
    assert root.size == len(graph)
    for call in root.walk():
        assert call.size == len(call.nodes) + sum(child.size for child in call.children)
        assert all(child.parent is call for child in call.children)
        assert all(graph.call(node) is call for node in call.nodes)
    assert root.nodes == (graph.output,)
    assert root.children[0].module is model


def test_a_leaf_stands_where_all_its_uses_are():
    model = Twice()
    graph = Graph(model(Value(1.0, name="x")))
    (x,) = graph.find("x")
    assert graph.call(x).title == "Twice › by hand › inner #1"
    assert graph.call(model.inner.b).title == "Twice › by hand"
    assert graph.call(model.named["last"].b).title == "Twice › named.last"


def test_calls_of_a_module_that_is_gone():
    y = Twice()(Value(1.0))
    gc.collect()
    assert [call.name for call in Graph(y).scopes.walk()][-1] == "Neuron"


def test_scopes_come_back_from_json():
    model = Twice()
    graph = Graph(model(Value(1.0)))
    again = Graph.from_json(graph.to_json())
    assert [c.title for c in again.scopes.walk()] == [c.title for c in graph.scopes.walk()]
    assert [again.names[p] for p in again.parameters] == [graph.names[p] for p in graph.parameters]


def test_a_network_comes_back_from_json():
    model = nn.MLP(2, [16, 16, 1], "tanh", seed=0)
    losses = [(model([0.1 * i, 0.5]) - 1.0) ** 2.0 for i in range(5)]
    graph = Graph(sum(losses[1:], losses[0]) * 0.2)
    again = Graph.from_json(graph.to_json())
    again.verify()
    assert again == graph
    assert again.output.data == graph.output.data
    assert [call.title for call in again.scopes.walk()] == [
        call.title for call in graph.scopes.walk()
    ]
    assert [again.names[leaf] for leaf in again.parameters] == [
        name for name, _ in model.named_parameters()
    ]
    assert str(again) == str(graph)
    assert "        neurons ×16  each 5 nodes: mul ×2, add ×2, tanh" in str(graph).splitlines()


def test_deep_scopes():
    x = Value(1.0)
    y, opened = x, []
    for i in range(3000):
        opened.append(scope(f"s{i}").__enter__())
        y = y + x
    for each in reversed(opened):
        each.__exit__()
    graph = Graph(y)
    graph.verify()
    assert len(list(graph.scopes.walk())) == 3001
    assert Graph.from_json(graph.to_json()) == graph


def test_printed_by_scope():
    with scope("outer"):
        y = Value(2.0, name="x") * 3.0
        with scope("inner"):
            z = (y - 5.0) ** 2.0
    assert str(Graph(z)).splitlines() == [
        "Graph(4 nodes: 1 leaf, 1 mul, 1 sub, 1 pow; depth 3)",
        "  outer",
        "    x                   2",
        "    n1 = mul(x, 3)      6",
        "    inner",
        "      n2 = sub(n1, 5)   1",
        "      L = pow(n2, 2)    1",
    ]


def test_a_gradient_that_was_never_computed_is_a_dash():
    x, y = Value(2.0, name="x"), Value(3.0, name="y")
    z = x * 2.0 + y.detach()
    assert "grad" not in str(Graph(z))
    z.backward()
    lines = [line.split() for line in str(Graph(z)).splitlines()[1:]]
    grads = {line[0]: line[-1] for line in lines}
    assert grads == {"x": "2", "n1": "1", "y": "–", "n2": "1", "L": "1"}


def test_printed_folded():
    model = nn.MLP(2, [16, 16, 1], "tanh", seed=0)
    lines = str(Graph(model([1.0, 2.0]))).splitlines()
    assert lines[0].startswith("Graph(977 nodes: 337 leaves, 304 mul, ")
    assert lines[1:] == [
        "  MLP  977 nodes: mul ×304, add ×304, tanh ×32",
        "    layers.0  128 nodes: mul ×32, add ×32, tanh ×16",
        "      neurons ×16  each 8 nodes: mul ×2, add ×2, tanh",
        "    layers.1  800 nodes: mul ×256, add ×256, tanh ×16",
        "      neurons ×16  each 50 nodes: mul ×16, add ×16, tanh",
        "    layers.2  49 nodes: mul ×16, add ×16",
        "      neurons.0  49 nodes: mul ×16, add ×16",
    ]


def test_a_printed_graph_stays_short():
    y = Value(1.0)
    for i in range(500):
        with scope(f"step {i}"):
            y = (y * 2.0).tanh()
    lines = str(Graph(y)).splitlines()
    assert len(lines) < 50
    assert lines[-1] == "  … and 460 more"
    y = Value(1.0)
    for i in range(300):
        opened = scope(f"deeper {i}")
        opened.__enter__()
        y = y * 2.0
    while opened is not None:
        opened.__exit__()
        opened = opened.parent
    lines = str(Graph(y)).splitlines()
    assert len(lines) == 202
    assert lines[-1] == "  …"


def test_a_graph_dies_when_it_is_dropped():
    gc.disable()
    try:
        leaf = Value(1.0)
        graph = Graph(Twice()(leaf) * leaf)
        graph.verify()
        str(graph), graph.edges, hash(graph), graph.folded.inside[-2].inside
        gone = weakref.ref(leaf)
        del leaf, graph
        assert gone() is None
    finally:
        gc.enable()


def test_it_may_be_copied():
    model = nn.MLP(2, [3, 1], seed=0)
    graph = trace(model, [Value(1.0), Value(2.0)])
    assert copy.copy(graph) is graph
    twin = copy.deepcopy(graph)
    twin.verify()
    assert twin == graph
    assert not set(twin.nodes) & set(graph.nodes)
    assert [twin.names[leaf] for leaf in twin.parameters] == [
        name for name, _ in model.named_parameters()
    ]
    assert [twin.names[leaf] for leaf in twin.inputs] == ["x[0]", "x[1]"]
    assert str(twin) == str(graph)
    part = graph.between(graph.inputs[0], graph.output)
    assert copy.deepcopy(part) == part
    with pytest.raises(TypeError, match=r"^a Graph cannot be pickled.* to_json\(\) keeps"):
        pickle.dumps(graph)


def test_a_hundred_thousand_nodes():
    x = y = Value(0.5)
    for _ in range(50_000):
        y = y * 1.0 + x
    graph = Graph(y)
    assert (len(graph), graph.depth) == (100_001, 100_000)
    assert len(str(graph).splitlines()) < 50
