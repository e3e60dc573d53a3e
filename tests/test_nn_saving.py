"""States in files: what goes to PyTorch and back, and what a bad file cannot do."""

import importlib.util
import json
import os
import pickle
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

import autograd
import nn
from autograd import Tensor, Value
from nn import MLP, Embedding, Module

TORCH_FILE = Path(__file__).parent / "reference" / "safetensors_file.safetensors"


class Linear(Module):
    def __init__(self, fan_in, fan_out, dtype=float):
        self.weight = autograd.randn(fan_out, fan_in, dtype=dtype, requires_grad=True)
        self.bias = autograd.randn(fan_out, dtype=dtype, requires_grad=True)

    def forward(self, x):
        return autograd.linear(x, self.weight, self.bias)


class Net(Module):
    def __init__(self):
        self.layers = [Linear(3, 2), Linear(2, 4, np.float32)]
        self.scale = Value(0.1)
        self.register_buffer("seen", Tensor(3))
        self.register_buffer("mask", Tensor([True, False]))


def as_lists(state):
    return {name: (array.dtype.str, array.tolist()) for name, array in state.items()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "net.safetensors"


def test_a_module_comes_back_to_the_same_bits(path):
    net, other = Net(), Net()
    nn.save(net, path, {"epoch": "3", "ü": "λ"})
    assert as_lists(nn.load(path)) == as_lists(net.state_dict())
    assert nn.load(path).metadata == {"epoch": "3", "ü": "λ"}
    assert nn.load_into(other, path) == ([], [])
    assert as_lists(other.state_dict()) == as_lists(net.state_dict())
    assert type(other.scale.data) is float
    assert other.layers[1].weight.dtype == np.float32


@pytest.mark.parametrize("make", [lambda: MLP(3, [4, 2], seed=1), lambda: Embedding(5, 2)])
def test_modules_of_every_kind(path, make):
    one, other = make(), make()
    nn.save(one, str(path))
    nn.load_into(other, str(path))
    assert as_lists(one.state_dict()) == as_lists(other.state_dict())


def test_a_state_of_any_layout(path):
    state = {
        "transposed": np.arange(6.0).reshape(2, 3).T,
        "big endian": np.arange(3, dtype=">f4"),
        "strided": np.arange(10)[::3],
        "tensor": Tensor([1.0, 2.0]),
        "none": np.zeros((0, 3)),
        "number": 2.5,
        "special": np.array([np.nan, np.inf, -0.0]),
    }
    nn.save(state, path)
    loaded = nn.load(path)
    assert loaded.metadata == {}
    for name, entry in state.items():
        np.testing.assert_array_equal(loaded[name], np.asarray(getattr(entry, "data", entry)))
        loaded[name][...] = 0  # they can be written to
    assert (loaded["none"].shape, loaded["number"].shape) == ((0, 3), ())


def test_names_that_differ_are_told_or_let_pass(path):
    nn.save({"weight": np.ones((2, 3)), "more": 1.0}, path)
    linear = Linear(3, 2)
    with pytest.raises(ValueError, match="missing: bias; unexpected: more"):
        nn.load_into(linear, path)
    assert nn.load_into(linear, path, strict=False) == (["bias"], ["more"])
    np.testing.assert_array_equal(linear.weight.data, 1.0)


# PyTorch


def test_what_pytorch_wrote():
    state = nn.load(TORCH_FILE)
    assert state.metadata == {"format": "pt"}
    for name in ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8"):
        assert (state[name].dtype, state[name].tolist()) == (np.dtype(name), [0, 1, 2])
    assert (state["bfloat16"].dtype, state["bfloat16"].tolist()) == (np.float32, [0, 1, 2])
    assert state["bool"].tolist() == [True, False]
    assert (state["none"].shape, state["one"].tolist()) == ((0, 4), 5)


def test_a_layer_of_pytorch_becomes_ours(path):
    state = nn.load(TORCH_FILE)
    nn.save({name: state[f"layer.{name}"] for name in ("weight", "bias")}, path)
    linear = Linear(3, 2)
    nn.load_into(linear, path)
    np.testing.assert_array_equal(linear.weight.data, np.arange(6.0).reshape(2, 3) / 7.0)
    np.testing.assert_array_equal(linear([7.0, 0.0, 7.0]).data, [1.0, 8.0])
    assert linear.bias.tolist() == [-1.0, 1e-300]


READ_BY_TORCH = """
import json, sys, torch
from safetensors.torch import load_file
layer = torch.nn.Linear(3, 2, dtype=torch.float64)
print(layer.load_state_dict(load_file(sys.argv[1])))
with torch.no_grad():
    print(json.dumps(layer(torch.arange(3.0, dtype=torch.float64)).tolist()))
"""


def test_pytorch_reads_what_we_write(path):
    if importlib.util.find_spec("torch") is None:
        pytest.skip("PyTorch is not installed")
    linear = Linear(3, 2)
    nn.save(linear, path)
    # In a process of its own: torch is slow to import, and warns when it meets some NumPys.
    command = [sys.executable, "-c", READ_BY_TORCH, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    keys, numbers = done.stdout.splitlines()
    assert keys == "<All keys matched successfully>"
    np.testing.assert_allclose(json.loads(numbers), linear(np.arange(3.0)).data, rtol=1e-15)


def test_the_file_is_what_the_format_says(path):
    """By its definition, without the library: a length, a header of JSON, and the numbers."""
    nn.save({"w": np.array([[1.0, 2.0]])}, path)
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    assert header == {"w": {"dtype": "F64", "shape": [1, 2], "data_offsets": [0, 16]}}
    assert content[8 + length :] == struct.pack("<2d", 1.0, 2.0)


# What a bad file cannot do


def made(header, numbers=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + numbers


def entry(dtype, shape, start, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


GOOD = safetensors.numpy.save({"weight": np.ones((2, 3)), "bias": np.ones(2)})
BAD = {
    "empty": b"",
    "three bytes": b"abc",
    "text": b"this is no model at all, but a letter",
    "cut in its header": GOOD[:40],
    "cut in its numbers": GOOD[:-1],
    "longer than it says": GOOD + b"\0",
    "a huge header": struct.pack("<Q", 2**63) + GOOD[8:],
    "a header of 200 MB": struct.pack("<Q", 200_000_000) + GOOD[8:],
    "no JSON": made(b"{]"),
    "JSON of another kind": made([1, 2]),
    "not UTF-8": made(b'{"\xff": 1}'),
    "an unknown type": made({"weight": entry("F99", [1], 0, 8)}, bytes(8)),
    "a wrong size": made({"weight": entry("F64", [3], 0, 8)}, bytes(8)),
    "a negative length": made({"weight": entry("F64", [-1], 0, 8)}, bytes(8)),
    "numbers elsewhere": made({"weight": entry("F64", [1], 800, 808)}, bytes(8)),
    "numbers backwards": made({"weight": entry("F64", [1], 8, 0)}, bytes(8)),
    "a shape that overflows": made({"weight": entry("F64", [2**40, 2**40], 0, 8)}, bytes(8)),
    "numbers twice": made({"a": entry("F64", [1], 0, 8), "b": entry("F64", [1], 0, 8)}, bytes(8)),
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_damaged_file_changes_nothing(path, content):
    path.write_bytes(content)
    linear = Linear(3, 2)
    before = as_lists(linear.state_dict())
    for load in (nn.load, lambda path: nn.load_into(linear, path)):
        with pytest.raises(ValueError, match="is damaged, or no safetensors file"):
            load(path)
    assert as_lists(linear.state_dict()) == before


class Trap:
    def __reduce__(self):
        return os.mkdir, ("trapped",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_never_run(path, monkeypatch, protocol):
    monkeypatch.chdir(path.parent)
    path.write_bytes(pickle.dumps(Trap(), protocol))
    with pytest.raises(ValueError, match="pickle" if protocol > 1 else "no safetensors file"):
        nn.load(path)
    assert not os.path.exists("trapped")


def test_nor_is_one_in_the_archive_of_torch_save(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Trap()))
    with pytest.raises(ValueError, match=r"holds a pickle, as torch.save makes.*save_file"):
        nn.load(path)


@pytest.mark.parametrize("dtype", ["F8_E4M3", "C64"])
def test_numbers_that_numpy_or_a_network_has_not(path, dtype):
    size = 1 if dtype.startswith("F8") else 8
    path.write_bytes(made({"weight": entry(dtype, [1], 0, size)}, bytes(size)))
    with pytest.raises(ValueError, match=f"holds weight as {dtype}"):
        nn.load(path)


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"layers.0.weight": np.ones((3, 2))}, r"layers.0.weight has shape \(3, 2\), not \(2, 3\)"),
        ({"seen": np.array(2.5)}, "seen is of float64, not int64"),
        ({"mask": np.array([1, 0])}, "mask is of int64, not bool"),
    ],
)
def test_what_does_not_fit_changes_nothing(path, changed, match):
    net = Net()
    before = as_lists(net.state_dict())
    nn.save({name: np.zeros_like(x) for name, x in net.state_dict().items()} | changed, path)
    with pytest.raises(ValueError, match=match):
        nn.load_into(net, path)
    assert as_lists(net.state_dict()) == before


def test_what_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        nn.load(tmp_path / "none.safetensors")
    with pytest.raises(OSError, match="which is not a file"):
        nn.load(tmp_path)
    with pytest.raises(OSError, match="which is not a file"):
        nn.load("/dev/zero")


# Writing


@pytest.mark.parametrize("name", ["net", "net.pt", "net.pkl", "net.safetensors.txt"])
def test_the_name_says_what_it_is(tmp_path, name):
    with pytest.raises(ValueError, match=r"ends in \.safetensors"):
        nn.save(Linear(1, 1), tmp_path / name)
    assert not any(tmp_path.iterdir())


def test_a_folder_in_its_place_or_none_around_it(tmp_path, path):
    path.mkdir()
    with pytest.raises(OSError, match="cannot write"):
        nn.save(Linear(1, 1), path)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        nn.save(Linear(1, 1), tmp_path / "nowhere" / "net.safetensors")
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    ("state", "metadata", "match"),
    [
        ({"w": np.array(["a"])}, None, "arrays of real numbers by name, but not 'w'"),
        ({"w": np.array([1j])}, None, "but not 'w'"),
        ({"w": [object()]}, None, "but not 'w'"),
        ({3: np.ones(1)}, None, "but not 3"),
        ({"w": np.ones(1)}, {"epoch": 3}, "metadata is text by name, but was given 'epoch': 3"),
        (3.0, None, "a module or a state, but was given 3.0"),
    ],
)
def test_what_cannot_be_written_leaves_the_old_file(path, state, metadata, match):
    nn.save({"w": np.ones(2)}, path)
    before = path.read_bytes()
    with pytest.raises(TypeError, match=match):
        nn.save(state, path, metadata)
    assert path.read_bytes() == before
    assert [*path.parent.iterdir()] == [path]


def test_a_full_disk_leaves_the_old_file(path, monkeypatch):
    nn.save({"w": np.ones(2)}, path)
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left on device"):
        nn.save({"w": np.zeros(2)}, path)
    assert path.read_bytes() == before
    assert [*path.parent.iterdir()] == [path]


def test_without_the_library_it_says_what_to_install(run_python):
    code = (
        "import sys; sys.modules['safetensors'] = None\n"
        "import nn\n"
        "for use in (lambda: nn.save({}, 'a.safetensors'), lambda: nn.load('a.safetensors')):\n"
        "    try: use()\n"
        "    except ImportError as error: print(error)\n"
    )
    asked = "needs safetensors: pip install 'glassgrad[train]'"
    assert run_python(code).stdout.splitlines() == [f"nn.save {asked}", f"nn.load {asked}"]


def test_importing_nn_imports_none_of_the_extras(run_python):
    modules = run_python("import nn, sys; print(*sys.modules)").stdout.split()
    extras = {"safetensors", "tqdm", "pandas", "sklearn", "matplotlib", "scipy"}
    assert not extras & {module.partition(".")[0] for module in modules}
