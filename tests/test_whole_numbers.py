"""What functions make of integers and booleans: what PyTorch 2.13 does, measured there."""

import numpy as np
import pytest

import autograd
from autograd import Tensor

MASK, WHOLE = [False, True], [-2, 0, 3]
FLOATS = (
    "exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal sin cos tan asin acos atan sinh "
    "cosh tanh asinh acosh atanh sigmoid erf logsumexp"
)
ANSWERS = {  # what it gives -> (of booleans, of integers)
    "f": (FLOATS, FLOATS),
    "i": (
        "square sum prod cumsum",
        "abs neg square relu sign floor ceil round trunc sum prod cumsum max min amax amin argmax "
        "argmin median",
    ),
    "b": (
        "sign isnan isinf isfinite logical_not max min amax amin any all",
        "isnan isinf isfinite logical_not any all",
    ),
}
ROWS = [
    (name, given, kind)
    for kind, of in ANSWERS.items()
    for given, names in zip((MASK, WHOLE), of, strict=True)
    for name in names.split()
]
ALONG = {"logsumexp": (0,), "cumsum": (0,)}


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
@pytest.mark.parametrize(("name", "given", "kind"), ROWS)
def test_whole_numbers_give_what_pytorch_gives(name, given, kind):
    function = getattr(autograd, name)
    out = function(Tensor(given), *ALONG.get(name, ()))
    assert out.dtype.kind == kind
    assert kind == "b" or out.dtype.itemsize == 8
    expected = function(Tensor(given, dtype=float), *ALONG.get(name, ()))
    np.testing.assert_array_equal(out.data, expected.data)


REFUSED = [
    (autograd.neg, (Tensor(MASK),)),
    (autograd.sub, (Tensor(MASK), Tensor(MASK))),
    (autograd.pow, (Tensor(WHOLE), -1)),
    (autograd.pow, (Tensor(MASK), -1)),
]


@pytest.mark.parametrize(("function", "operands"), REFUSED)
def test_what_has_no_answer_is_refused(function, operands):
    with pytest.raises((TypeError, ValueError)):
        function(*operands)


@pytest.mark.parametrize("name", ["abs", "floor", "ceil", "round", "trunc", "relu", "median"])
def test_booleans_that_pytorch_refuses_are_taken_for_0_and_1(name):
    assert getattr(autograd, name)(Tensor([True])).tolist() in (1, [1])


@pytest.mark.parametrize("name", ["mean", "var", "std", "norm", "softplus"])
def test_integers_that_pytorch_refuses_are_taken_for_floats(name):
    function = getattr(autograd, name)
    np.testing.assert_array_equal(
        function(Tensor(WHOLE)).data, function(Tensor(WHOLE, dtype=float)).data
    )


def test_an_integer_to_a_negative_power_in_a_tensor_is_refused_too():
    """PyTorch gives 0 for 2 to the -2 where the exponent is a tensor, and raises where a number."""
    with pytest.raises(ValueError, match="Integers to negative integer powers are not allowed"):
        Tensor([2, 3]) ** Tensor([-2, 3])


def test_unsigned_integers_do_not_wrap():
    out = autograd.sigmoid(Tensor([3], dtype=np.uint8))
    np.testing.assert_allclose(out.data, 1.0 / (1.0 + np.exp(-3.0)))
