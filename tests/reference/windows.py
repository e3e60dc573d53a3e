"""Make windows.json: PyTorch's convolutions, poolings and norms, to the second order, in float64.

The tests read the JSON and need no PyTorch. To make it again, in an environment of its own:

    python -m venv torch-environment
    torch-environment/bin/pip install torch==2.13.0 numpy
    torch-environment/bin/python tests/reference/windows.py

The same PyTorch gives the same file. An expression stands in the file as text, and the test
evaluates that same text with autograd's functions.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from differentiated import at, drawn, write

# Expression -> the shapes of x, y and z, for each use of it.
CONVOLUTION = {
    "conv1d(x, y)": [[(2, 3, 5), (4, 3, 2)], [(3, 5), (2, 3, 5)], [(1, 1, 3), (1, 1, 1)]],
    "conv1d(x, y, z)": [[(2, 2, 5), (3, 2, 3), (3,)], [(2, 4), (1, 2, 2), (1,)]],
    "conv1d(x, y, z, 2, 1, 2, 2)": [[(2, 4, 6), (2, 2, 3), (2,)]],
    "conv1d(x, y, stride=3, padding=2)": [[(1, 2, 5), (2, 2, 3)]],
    "conv1d(x, y, padding='same')": [[(1, 2, 5), (2, 2, 3)]],
    "conv1d(x, y, groups=4)": [[(2, 4, 5), (8, 1, 3)]],
    "conv1d(x.mT, y, padding=(1,))": [[(2, 4, 3), (2, 3, 3)]],
    "conv2d(x, y)": [
        [(2, 3, 4, 4), (2, 3, 3, 2)],
        [(1, 4, 3), (2, 1, 2, 2)],
        [(2, 3, 2, 2), (4, 3, 1, 1)],
    ],
    "conv2d(x, y, z)": [[(2, 2, 4, 3), (3, 2, 2, 2), (3,)], [(2, 3, 3), (2, 2, 3, 3), (2,)]],
    "conv2d(x, y, z, stride=2)": [[(2, 2, 5, 4), (2, 2, 2, 2), (2,)]],
    "conv2d(x, y, z, stride=(1, 2), padding=(1, 0))": [[(2, 1, 3, 5), (2, 1, 3, 2), (2,)]],
    "conv2d(x, y, z, padding=1)": [[(2, 1, 4, 4), (3, 1, 3, 3), (3,)]],
    "conv2d(x, y, padding=(0, 2), dilation=(1, 2))": [[(1, 2, 3, 4), (2, 2, 2, 3)]],
    "conv2d(x, y, stride=(2, 1), padding=3, dilation=2)": [[(1, 1, 4, 3), (2, 1, 3, 2)]],
    "conv2d(x, y, z, 1, 1, 1, 2)": [[(2, 4, 3, 3), (4, 2, 3, 3), (4,)]],
    "conv2d(x, y, z, groups=3)": [[(2, 3, 3, 4), (6, 1, 2, 2), (6,)]],
    "conv2d(x, y, z, padding='valid', dilation=2)": [[(1, 1, 4, 5), (2, 1, 2, 2), (2,)]],
    "conv2d(x, y, z, padding='same', dilation=(1, 2))": [[(1, 2, 3, 4), (2, 2, 2, 3), (2,)]],
    "conv2d(conv2d(x, y, z, padding=1).relu(), y, z, stride=2)": [
        [(2, 2, 4, 4), (2, 2, 3, 3), (2,)]
    ],
    "conv_transpose1d(x, y)": [[(2, 3, 4), (3, 2, 3)], [(2, 3), (2, 1, 2)]],
    "conv_transpose1d(x, y, z, 2, 1, 1)": [[(2, 2, 3), (2, 3, 3), (3,)]],
    "conv_transpose1d(x, y, z, 3, 0, 2, 2, 2)": [[(1, 4, 3), (4, 1, 2), (2,)]],
    "conv_transpose1d(x, y, output_padding=2, dilation=3)": [[(1, 2, 3), (2, 1, 2)]],
    "conv_transpose2d(x, y)": [[(2, 2, 2, 3), (2, 3, 2, 2)], [(2, 2, 2), (2, 1, 1, 3)]],
    "conv_transpose2d(x, y, z)": [[(1, 2, 3, 2), (2, 3, 2, 2), (3,)]],
    "conv_transpose2d(x, y, z, stride=2, padding=1, output_padding=1)": [
        [(2, 2, 2, 2), (2, 2, 3, 3), (2,)]
    ],
    "conv_transpose2d(x, y, z, (2, 1), (1, 0), (1, 0), 2, (1, 2))": [
        [(1, 4, 2, 3), (4, 1, 3, 2), (2,)]
    ],
}
POOLING = {
    "max_pool1d(x, 2)": [[(2, 3, 5)], [(2, 4)]],
    "max_pool1d(x, 3, 1, 1)": [[(2, 2, 5)]],
    "max_pool1d(x, 3, stride=2, padding=1, dilation=2, ceil_mode=True)": [[(1, 2, 8)]],
    "max_pool2d(x, 2)": [[(2, 2, 4, 4)], [(2, 5, 4)], [(1, 1, 2, 2)]],
    "max_pool2d(x * x, (2, 3), (1, 2))": [[(2, 2, 4, 6)]],
    "max_pool2d(x, kernel_size=3, stride=2, padding=1)": [[(2, 2, 5, 5)]],
    "max_pool2d(x, 3, 1, (1, 0), (1, 2))": [[(1, 2, 4, 6)]],
    "max_pool2d(x, 3, 2, ceil_mode=True)": [[(1, 2, 6, 4)], [(1, 1, 4, 3)]],
    "max_pool2d(x, 2, 2, 1, ceil_mode=True)": [[(1, 2, 3, 4)]],
    "max_pool2d(x, 2, 1, return_indices=True)[0]": [[(1, 2, 3, 3)]],
    "max_pool2d(x, 2, 1, 1, return_indices=True)[1]": [[(1, 2, 3, 3)], [(2, 2, 3)]],
    "max_pool1d(x, 2, return_indices=True)[1]": [[(2, 2, 5)]],
    "max_pool2d(conv2d(x, y, z, padding=1).relu(), 2)": [[(2, 1, 4, 4), (2, 1, 3, 3), (2,)]],
    "max_pool2d(x.relu(), 2, 1)": [[(2, 2, 4, 4)]],  # of many zeros
    "avg_pool1d(x, 2)": [[(2, 3, 5)], [(2, 4)]],
    "avg_pool1d(x, 3, 2, 1)": [[(2, 2, 5)]],
    "avg_pool1d(x, 3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)": [[(1, 2, 6)]],
    "avg_pool2d(x * x, 2)": [[(2, 2, 4, 4)], [(2, 5, 4)]],
    "avg_pool2d(x, (2, 3), (1, 2), (1, 1))": [[(2, 2, 4, 6)]],
    "avg_pool2d(x, 3, 2, 1, True)": [[(1, 2, 6, 4)]],
    "avg_pool2d(x, 3, 2, 1, True, False)": [[(1, 2, 6, 4)]],
    "avg_pool2d(x, 3, 2, 1, count_include_pad=False)": [[(1, 1, 5, 5)]],
    "avg_pool2d(x, 2, divisor_override=3)": [[(1, 2, 4, 4)]],
    "adaptive_avg_pool1d(x * x, 2)": [[(2, 2, 4)], [(2, 5)]],
    "adaptive_avg_pool1d(x, 3)": [[(1, 2, 2)]],
    "adaptive_avg_pool2d(x * x, 1)": [[(2, 2, 3, 4)], [(2, 3, 2)]],
    "adaptive_avg_pool2d(x, (2, 3))": [[(2, 2, 4, 6)], [(1, 2, 5, 7)], [(1, 1, 1, 2)]],
    "adaptive_avg_pool2d(x, (None, 2))": [[(1, 2, 3, 4)]],
}
NORMS = {
    "batch_norm(x, None, None, training=True)": [[(5, 3)], [(3, 2, 4)], [(2, 2, 2, 3)]],
    "batch_norm(x, None, None, y, z, True)": [[(5, 3), (3,), (3,)], [(2, 2, 2, 3), (2,), (2,)]],
    "batch_norm(x, None, None, y, z, True, 0.1, 0.5)": [[(2, 3, 4), (3,), (3,)]],
    "batch_norm(x, y.detach(), (y * y + 0.5).detach())": [[(5, 3), (3,)], [(1, 2, 2, 3), (2,)]],
    "batch_norm(x, y.detach(), exp(y).detach(), z, y, eps=0.1)": [[(2, 3, 4), (3,), (3,)]],
    "layer_norm(x, (4,))": [[(3, 4)], [(2, 3, 4)], [(4,)]],
    "layer_norm(x, (3, 4), y, z)": [[(2, 3, 4), (3, 4), (3, 4)]],
    "layer_norm(x, normalized_shape=(4,), weight=y, bias=z, eps=0.5)": [[(2, 3, 4), (4,), (4,)]],
    "layer_norm(x.mT, (3,), y)": [[(2, 3, 4), (3,)]],
    "group_norm(x, 2)": [[(3, 4)], [(2, 4, 3)]],
    "group_norm(x, 1, y, z)": [[(2, 3, 2, 2), (3,), (3,)]],
    "group_norm(x, num_groups=3, weight=y, eps=0.1)": [[(2, 6, 2), (6,)]],
    "rms_norm(x, (4,))": [[(3, 4)]],
    "rms_norm(x, (3, 4), y)": [[(2, 3, 4), (3, 4)]],
    "rms_norm(x, (4,), weight=y, eps=0.5)": [[(2, 3, 4), (4,)]],
}


def entries(expressions):
    for expression, uses in expressions.items():
        for shapes in uses:
            yield at(expression, drawn(shapes))


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # that padding="same" takes a copy
    write(
        Path(__file__),
        convolution=entries(CONVOLUTION),
        pooling=entries(POOLING),
        normalization=entries(NORMS),
    )
