"""Make modules.json: how PyTorch's modules print, and what their states hold.

    torch-environment/bin/python tests/reference/modules.py

One entry for each expression in tests/nn_modules.py.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import torch

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from nn_modules import CASES, HOLDERS, LOSSES  # noqa: E402 - it lies beside the tests

warnings.simplefilter("ignore")  # of settings that have no effect


def entry(expression):
    module = eval(expression, vars(torch.nn))
    state = {name: list(x.shape) for name, x in module.state_dict().items()}
    return {"repr": repr(module), "state": state}


found = {expression: entry(expression) for expression in [*CASES, *HOLDERS, *LOSSES]}
lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in found.items())
(HERE / "modules.json").write_text(f"{{\n{lines}\n}}\n")
