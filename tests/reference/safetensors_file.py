"""Make safetensors_file.safetensors: a state that PyTorch wrote, of each type of number.

The tests read only the file and need no PyTorch. To make it again, install PyTorch 2.13 (the CPU
build will do) in an environment of its own, because it is no dependency of this project:

    python -m venv torch-environment
    torch-environment/bin/pip install "torch==2.13.*" numpy safetensors
    torch-environment/bin/python tests/reference/safetensors_file.py

It is the same each time. ``layer.weight`` and ``layer.bias`` are a Linear(3, 2) with numbers that
the tests know; the other entries are 0, 1, 2 of a type that is their name.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

TYPES = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8"]


def main():
    layer = torch.nn.Linear(3, 2, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.arange(6, dtype=torch.float64).reshape(2, 3) / 7.0)
        layer.bias.copy_(torch.tensor([-1.0, 1e-300], dtype=torch.float64))
    state = {f"layer.{name}": tensor for name, tensor in layer.state_dict().items()}
    state |= {name: torch.arange(3, dtype=getattr(torch, name)) for name in TYPES}
    state |= {
        "bool": torch.tensor([True, False]),
        "none": torch.zeros(0, 4),
        "one": torch.tensor(5),
    }
    save_file(state, Path(__file__).with_suffix(".safetensors"), metadata={"format": "pt"})


if __name__ == "__main__":
    main()
