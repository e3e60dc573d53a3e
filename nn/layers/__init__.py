"""Layers of arrays, by PyTorch's names: each takes a Tensor and gives a Tensor."""
