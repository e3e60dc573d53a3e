"""Make window_layers.json: what PyTorch's layers of convolution, pooling and normalisation give.

In float64. The tests read the JSON and need no PyTorch. To make it again, in an environment of its
own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/window_layers.py

The same PyTorch gives the same file. A layer stands in the file as text, and the test evaluates
that same text with nn's classes. Each is called in training, again, and in evaluation; after each
call stand its result, the gradients by the input and the parameters, each element of the result
weighted by another number, and the buffers.
"""

from __future__ import annotations

from pathlib import Path

import torch
from differentiated import as_json, drawn, slopes, weights, write
from torch import nn

LAYERS = {
    "Conv1d(3, 4, 3)": [(2, 3, 5), (3, 4)],
    "Conv1d(4, 6, 2, stride=2, padding=1, dilation=2, groups=2, bias=False)": [(1, 4, 6)],
    "Conv1d(2, 3, 4, padding='same', padding_mode='replicate')": [(2, 2, 5)],
    "Conv1d(2, 2, 3, padding='valid', padding_mode='circular')": [(2, 2, 4)],
    "Conv2d(1, 3, 3, padding=1)": [(2, 1, 4, 4), (0, 1, 3, 3)],
    "Conv2d(2, 2, (3, 2), (2, 1), (1, 0), (1, 2))": [(2, 2, 4, 5), (2, 5, 4)],
    "Conv2d(4, 4, 3, padding='same', groups=4)": [(1, 4, 3, 4)],
    "Conv2d(2, 3, 2, padding='same', bias=False)": [(1, 2, 3, 3)],
    "Conv2d(2, 2, 3, padding=(1, 2), padding_mode='reflect')": [(1, 2, 3, 4)],
    "Conv2d(1, 2, 3, 2, padding=1, padding_mode='circular')": [(2, 1, 4, 4)],
    "Conv2d(1, 1, 2, padding=(0, 1), padding_mode='replicate')": [(1, 1, 2, 3), (1, 2, 3)],
    "ConvTranspose2d(2, 3, 2)": [(2, 2, 2, 3), (2, 2, 2)],
    "ConvTranspose2d(4, 2, 3, 2, 1, 1, 2, False)": [(1, 4, 3, 2)],
    "ConvTranspose2d(2, 2, (2, 3), stride=(1, 2), padding=(0, 1), dilation=(2, 1))": [(1, 2, 2, 3)],
    "MaxPool1d(2)": [(2, 3, 5), (3, 4)],
    "MaxPool1d(3, 1, padding=1, dilation=2)": [(1, 2, 6)],
    "MaxPool2d(2)": [(2, 2, 4, 4), (2, 5, 4)],
    "MaxPool2d((3, 2), stride=2, padding=1, ceil_mode=True)": [(1, 2, 5, 4)],
    "AvgPool1d(2)": [(2, 3, 5), (3, 4)],
    "AvgPool1d(3, 2, padding=1, count_include_pad=False)": [(1, 2, 6)],
    "AvgPool2d(2)": [(2, 2, 4, 4), (2, 5, 4)],
    "AvgPool2d(3, 2, 1, ceil_mode=True, divisor_override=2)": [(1, 2, 4, 4)],
    "AdaptiveAvgPool2d(1)": [(2, 2, 3, 4), (2, 3, 2)],
    "AdaptiveAvgPool2d((2, None))": [(1, 2, 5, 2)],
    "BatchNorm1d(3)": [(5, 3), (2, 3, 4)],
    "BatchNorm1d(2, eps=0.1, momentum=None)": [(4, 2)],
    "BatchNorm1d(2, affine=False)": [(4, 2)],
    "BatchNorm1d(2, bias=False)": [(4, 2)],
    "BatchNorm1d(2, track_running_stats=False)": [(4, 2)],
    "BatchNorm2d(2)": [(2, 2, 2, 3), (1, 2, 2, 1)],
    "BatchNorm2d(2, momentum=0.5)": [(2, 2, 2, 2)],
    "LayerNorm(4)": [(3, 4), (4,)],
    "LayerNorm((3, 2), eps=0.1)": [(2, 3, 2)],
    "LayerNorm([2], elementwise_affine=False)": [(2, 3, 2)],
    "LayerNorm(2, bias=False)": [(2, 3, 2)],
    "GroupNorm(2, 4)": [(2, 4), (2, 4, 3)],
    "GroupNorm(1, 2, eps=0.1)": [(2, 2, 2, 2)],
    "GroupNorm(3, 3, affine=False)": [(2, 3, 4)],
    "RMSNorm(4)": [(3, 4)],
    "RMSNorm((3, 2), eps=0.1)": [(2, 3, 2)],
    "RMSNorm(3, elementwise_affine=False)": [(2, 3)],
}


def called(layer, x):
    """The result of a call, the gradients, and the buffers after it."""
    x.requires_grad_()
    out = layer(x)
    parameters = dict(layer.named_parameters())
    grads = slopes(out * weights(out.shape, 0), [x, *parameters.values()])
    return {
        "training": layer.training,
        "input": as_json(x.detach()),
        "shape": list(out.shape),
        "out": as_json(out.detach()),
        "grads": [as_json(g) for g in grads],
        "buffers": {name: as_json(buffer) for name, buffer in layer.named_buffers()},
    }


def entries():
    for text, shapes in LAYERS.items():
        for shape in shapes:
            layer = eval(text, vars(nn))
            numbers = drawn([parameter.shape for parameter in layer.parameters()])
            for parameter, given in zip(layer.parameters(), numbers, strict=True):
                parameter.data.copy_(given)
            xs = drawn([shape] * 3)
            yield {
                "layer": text,
                "repr": repr(layer),
                "x": list(shape),
                "parameters": {name: as_json(x.detach()) for name, x in layer.named_parameters()},
                "calls": [
                    called(layer.train(), xs[0]),
                    called(layer, xs[1]),
                    called(layer.eval(), xs[2]),
                ],
            }


if __name__ == "__main__":
    torch.set_num_threads(1)
    write(Path(__file__), layers=entries())
