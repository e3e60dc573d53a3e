"""A network with two convolutions, on one image of 8 by 8 pixels."""

from __future__ import annotations

from random import Random
from typing import Any

import autograd
from benchmarks.workloads import Weights, Workload, matrix

Image = list[list[Any]]  # rows of pixels
Kernel = list[Image]  # for each channel of the input, rows of weights


def convolve(images: list[Image], kernel: Kernel, bias: Any) -> Image:
    """Slide a kernel over all channels: at each place a weighted sum of the pixels beneath it."""
    size = len(kernel[0])
    places = range(len(images[0]) - size + 1)
    window = range(size)
    return [
        [
            sum(
                weights[di][dj] * image[i + di][j + dj]
                for image, weights in zip(images, kernel, strict=True)
                for di in window
                for dj in window
            )
            + bias
            for j in places
        ]
        for i in places
    ]


def layer(images: list[Image], kernels: list[Kernel], biases: list[Any]) -> list[Image]:
    return [
        [[pixel.relu() for pixel in row] for row in convolve(images, kernel, bias)]
        for kernel, bias in zip(kernels, biases, strict=True)
    ]


def loss(weights: Weights, image: Image, digit: int) -> Any:
    """How little the network expected the digit: its cross-entropy."""
    images = layer([image], weights.kernels1, weights.biases1)
    images = layer(images, weights.kernels2, weights.biases2)
    pixels = [pixel for image in images for row in image for pixel in row]
    logits = [sum(w * p for w, p in zip(row, pixels, strict=True)) for row in weights.head]
    return sum(logit.exp() for logit in logits).log() - autograd.pick(logits, digit)


def make(seed: int, channels: tuple[int, int] = (4, 8), size: int = 8) -> Workload:
    random = Random(seed)
    first, second = channels
    kernels1 = [[matrix(random, 3, 3, 0.3)] for _ in range(first)]
    kernels2 = [[matrix(random, 3, 3, 0.2) for _ in range(first)] for _ in range(second)]
    weights = Weights(
        kernels1=kernels1,
        biases1=matrix(random, 1, first, 0.1)[0],
        kernels2=kernels2,
        biases2=matrix(random, 1, second, 0.1)[0],
        head=matrix(random, 10, second * (size - 4) ** 2, 0.1),
    )
    image = [[random.random() for _ in range(size)] for _ in range(size)]
    return Workload(loss, (weights, image, random.randrange(10)), weights.parameters())
