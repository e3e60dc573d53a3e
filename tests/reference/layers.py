"""Make layers.json: what PyTorch gives for activations, layers, hooks and initialisers, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/layers.py

Functions are written as in operations.py: an expression stands in the file as text, and the test
evaluates that same text with `nn.functional`. So do layers, with their state, their output, and the
gradients by their input and by their parameters.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from differentiated import NAMES, as_json, at, at_points, drawn, weights, write
from torch import nn
from torch.nn import functional

NAMES["F"] = functional

ACTIVATIONS = {  # with the points where they bend, or have no second derivative to speak of
    "F.relu(x)": (0.0,),
    "F.leaky_relu(x)": (0.0,),
    "F.leaky_relu(x, 0.3)": (0.0,),
    "F.leaky_relu(x, -0.5)": (0.0,),
    "F.elu(x)": (0.0,),
    "F.elu(x, 2.5)": (0.0,),
    "F.selu(x)": (0.0,),
    "F.gelu(x)": (),
    "F.gelu(x, approximate='tanh')": (),
    "F.silu(x)": (),
    "F.mish(x)": (),
    "F.sigmoid(x)": (),
    "F.tanh(x)": (),
    "F.softplus(x)": (20.0,),
    "F.softplus(x, 2.0)": (10.0,),
    "F.softplus(x, 0.5, 3.0)": (6.0,),
    "F.hardtanh(x)": (-1.0, 1.0),
    "F.hardtanh(x, -0.5, 3.0)": (-0.5, 3.0),
    "F.threshold(x, 0.5, 20.0)": (0.5,),
    "F.threshold(x, -1.0, 0.0)": (-1.0,),
}
POINTS = [-1e4, -1000.0, -40.0, -20.5, -6.0, -3.0, -1.0, -0.5, -0.1, -1e-9, 0.0, 1e-9, 0.1, 0.5]
POINTS += [1.0, 2.0, 3.0, 6.0, 10.0, 15.0, 19.9, 20.0, 20.1, 40.0, 1000.0, 1e4]

ARRAYS = {
    "F.softmax(x, dim=-1)": [(3, 4), (2, 3, 2)],
    "F.softmax(x, 0)": [(3, 4)],
    "F.log_softmax(x, dim=1)": [(3, 4), (2, 3, 2)],
    "F.normalize(x)": [(3, 4), (2, 3, 2)],
    "F.normalize(x, p=1.0, dim=-1)": [(3, 4)],
    "F.normalize(x, p=3.0, dim=0, eps=1.5)": [(3, 4)],
    "F.prelu(x, y)": [((5,), (1,)), ((3, 4), (4,)), ((2, 3, 2), (3,)), ((), (1,))],
    "F.linear(x, y, z)": [((2, 3), (4, 3), (4,)), ((3,), (4, 3), (4,))],
    "F.linear(x, y)": [((2, 3), (4, 3))],
    "F.pad(x, (1, 2))": [(2, 3)],
    "F.pad(x, (1, 2, 0, 1), value=0.5)": [(2, 3)],
    "F.interpolate(x, scale_factor=2)": [(1, 2, 3), (2, 1, 2, 3)],
    "F.interpolate(x, scale_factor=(3, 2))": [(1, 2, 2, 3)],
    "F.interpolate(x, size=5)": [(1, 1, 3), (1, 1, 2, 3), (1, 1, 7)],
    "F.interpolate(x, size=(2, 7))": [(1, 2, 3, 4)],
    "F.interpolate(x, scale_factor=1.7)": [(1, 1, 5)],
    "F.interpolate(x, scale_factor=0.6)": [(1, 1, 5, 4)],
    "F.interpolate(x, size=5, mode='nearest-exact')": [(1, 1, 3), (1, 1, 2, 7)],
    "F.interpolate(x, scale_factor=2.3, mode='nearest-exact')": [(1, 1, 4)],
    "F.interpolate(x, size=5, mode='linear')": [(1, 2, 3), (1, 1, 8)],
    "F.interpolate(x, scale_factor=2, mode='bilinear')": [(1, 1, 2, 3)],
    "F.interpolate(x, scale_factor=1.7, mode='bilinear')": [(1, 1, 3, 4)],
    "F.interpolate(x, size=(5, 1), mode='bilinear', align_corners=True)": [(1, 1, 2, 3)],
    "F.interpolate(x, size=3, mode='trilinear', align_corners=True)": [(1, 1, 2, 2, 2)],
    "F.embedding(ints([[0, 2], [2, 1]]), x)": [(3, 2)],
    "F.embedding(ints([[0, 2], [2, 1]]), x, padding_idx=2)": [(3, 2)],
    "F.embedding(ints([0, 2]), x, -1)": [(3, 2)],
    "F.dropout(x, 0.5, False)": [(3,)],
    "F.dropout(x, 1.0, True)": [(3,)],
    "F.dropout(x, 0.0, True)": [(3,)],
    "F.dropout2d(x, 0.5, False)": [(1, 2, 2, 2)],
}

LAYERS = [
    ("nn.Linear(3, 2)", (4, 3)),
    ("nn.Linear(3, 2)", (3,)),
    ("nn.Linear(3, 2, bias=False)", (2, 2, 3)),
    ("nn.Sequential(nn.Linear(3, 4), nn.ReLU(inplace=True), nn.Linear(4, 2))", (5, 3)),
    ("nn.Sequential(nn.Linear(2, 3), nn.GELU(), nn.Dropout(0.3), nn.Identity(7)).eval()", (2, 2)),
    ("nn.Sequential(nn.Sequential(nn.Linear(2, 2), nn.Tanh()), nn.PReLU(2))", (3, 2)),
    ("nn.Sequential(nn.Flatten(), nn.Linear(6, 6), nn.Unflatten(1, (2, 3)))", (2, 3, 2)),
    ("nn.Flatten(0, 1)", (2, 3, 2)),
    ("nn.Unflatten(-1, (2, -1))", (2, 6)),
    ("nn.Upsample(scale_factor=2)", (1, 2, 2, 2)),
    ("nn.Upsample(size=(3, 5), mode='bilinear', align_corners=True)", (1, 1, 2, 2)),
    ("nn.PReLU()", (2, 3)),
    ("nn.PReLU(3, init=0.1)", (2, 3, 2)),
    ("nn.Softmax(dim=1)", (2, 3)),
    ("nn.LogSoftmax(dim=-1)", (2, 3)),
    ("nn.LeakyReLU(0.2)", (4,)),
    ("nn.ELU(0.5)", (4,)),
    ("nn.SELU()", (4,)),
    ("nn.GELU('tanh')", (4,)),
    ("nn.SiLU()", (4,)),
    ("nn.Mish()", (4,)),
    ("nn.Sigmoid()", (4,)),
    ("nn.Tanh()", (4,)),
    ("nn.Softplus(2.0, 1.0)", (4,)),
    ("nn.Hardtanh(-0.5, 0.25)", (6,)),
    ("nn.Threshold(0.1, 20.0)", (4,)),
    ("nn.Dropout().eval()", (4,)),
    ("nn.Dropout2d(0.2).eval()", (1, 2, 2, 2)),
    ("nn.Embedding(4, 2)", "[[0, 3], [3, 1]]"),
    ("nn.Embedding(4, 2, padding_idx=-1)", "[[0, 3], [3, 1]]"),
]


def functions():
    for expression, bends in ACTIVATIONS.items():
        far = [x for x in POINTS if abs(x) > 100.0 and "mish" in expression]  # where it has NaN
        points = [(x,) for x in sorted({*POINTS, *bends})]
        rough = (*bends, *far)
        yield from at_points(expression, points, rough=lambda x, rough=rough: x in rough)
        for x in (math.inf, -math.inf, math.nan):
            if "gelu" in expression and math.isinf(x):
                continue  # where PyTorch's derivative is NaN
            yield at(expression, [torch.tensor([x])], second=False)
    for expression, shapes in ARRAYS.items():
        for each in shapes:
            several = isinstance(each, tuple) and each and isinstance(each[0], tuple)
            yield at(
                expression, drawn(each if several else [each]), second="dropout" not in expression
            )
    for x in ([1000.0, -1000.0, 999.0], [0.0, 0.0], [-math.inf, 0.0]):
        yield at("F.softmax(x, 0)", [torch.tensor(x)], second=False)
        yield at("F.log_softmax(x, 0)", [torch.tensor(x)], second=False)
    yield at("F.normalize(x, dim=0)", [torch.tensor([0.0, 0.0])], second=False)
    yield at("F.prelu(x, y)", [torch.tensor([0.0, -1.0, 2.0]), torch.tensor([0.25])], second=False)


def layer(expression, given):
    module = eval(expression)
    state = {name: drawn([x.shape])[0] for name, x in module.state_dict().items()}
    module.load_state_dict(state)
    x = torch.tensor(eval(given)) if isinstance(given, str) else drawn([given])[0]
    if x.is_floating_point():
        x.requires_grad_(True)
    out = module(x * 1 if "inplace" in expression else x)
    (out * weights(out.shape, 0)).sum().backward()
    return {
        "expression": expression,
        "repr": repr(module),
        "state": {name: as_json(x) for name, x in state.items()},
        "input": as_json(x.detach()),
        "out": as_json(out.detach()),
        "gradient": as_json(x.grad) if x.grad is not None else None,
        "gradients": {name: as_json(p.grad) for name, p in module.named_parameters()},
    }


def hooked():
    """A network with hooks of all kinds, of which some replace what they are given."""
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    state = {name: drawn([x.shape])[0] for name, x in model.state_dict().items()}
    model.load_state_dict(state)
    seen = []
    model[0].register_forward_hook(lambda m, args, out: out * 0.5)
    model[2].register_forward_pre_hook(lambda m, args: (args[0] + 1.0,))
    model[1].register_full_backward_hook(lambda m, gi, go: seen.append([gi[0], go[0]]))
    model[1].register_full_backward_hook(lambda m, gi, go: (gi[0] * 3.0,))
    model[2].register_full_backward_hook(lambda m, gi, go: seen.append([gi[0], go[0]]))
    x = drawn([(2, 3)])[0].requires_grad_(True)
    out = model(x)
    (out * weights(out.shape, 0)).sum().backward()
    return {
        "state": {name: as_json(x) for name, x in state.items()},
        "input": as_json(x.detach()),
        "out": as_json(out.detach()),
        "seen": [[as_json(g) for g in pair] for pair in seen],
        "gradient": as_json(x.grad),
        "gradients": {name: as_json(p.grad) for name, p in model.named_parameters()},
    }


def initialisers():
    for shape in [(4, 3), (16, 3, 5), (6, 4, 3, 3), (2, 3, 1, 2, 4)]:
        fans = nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
        yield {"of": "fans", "shape": shape, "found": fans}
    for name in ("linear", "conv1d", "conv_transpose3d", "sigmoid", "tanh", "relu", "selu"):
        yield {"of": "gain", "name": name, "param": None, "found": nn.init.calculate_gain(name)}
    for slope in (None, 0, 0.2, -1.5):
        gain = nn.init.calculate_gain("leaky_relu", slope)
        yield {"of": "gain", "name": "leaky_relu", "param": slope, "found": gain}
    for shape, groups in [((2, 2, 3), 1), ((4, 2, 2, 3), 2), ((3, 4, 1, 2, 2), 1), ((4, 1, 3), 2)]:
        found = as_json(nn.init.dirac_(torch.empty(shape), groups))
        yield {"of": "dirac_", "shape": shape, "groups": groups, "found": found}
    for shape in [(2, 3), (3, 2)]:
        found = as_json(nn.init.eye_(torch.empty(shape)))
        yield {"of": "eye_", "shape": shape, "groups": None, "found": found}


def one_hots():
    for numbers, classes in [([0, 2, 1], -1), ([[1, 0], [3, 3]], 5), ([], 3)]:
        found = functional.one_hot(torch.tensor(numbers, dtype=torch.int64), classes)
        yield {"numbers": numbers, "classes": classes, "found": found.tolist()}


if __name__ == "__main__":
    write(
        Path(__file__),
        functions=functions(),
        layers=(layer(*each) for each in LAYERS),
        hooked=[hooked()],
        initialisers=initialisers(),
        one_hots=one_hots(),
    )
