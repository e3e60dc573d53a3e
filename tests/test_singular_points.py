"""Second derivatives where a function is not smooth: PyTorch 2.13's, or finite for its NaN."""

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, grad, hessian

NAN = np.nan


def second(f, kind, *xs):
    """All second derivatives, row by row: by what, then by what."""
    places = range(len(xs))
    return [
        [float(grad(grad(f, argnums=i), argnums=j)(*map(kind, xs)).data) for j in places]
        for i in places
    ]


@pytest.mark.parametrize("kind", [Value, Tensor])
@pytest.mark.parametrize(
    ("y", "pytorch"),
    [
        (1.0, [[0.0, 1.0], [NAN, NAN]]),
        (2.0, [[2.0, 0.0], [NAN, NAN]]),
        (3.0, [[0.0, 0.0], [NAN, NAN]]),
    ],
)
def test_powers_of_zero(kind, y, pytorch):
    expected = np.nan_to_num(pytorch, nan=0.0)  # by the exponent it is flat there
    np.testing.assert_array_equal(second(lambda x, y: x**y, kind, 0.0, y), expected)


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_powers_elsewhere_have_one_mixed_derivative(kind):
    found = np.array(second(lambda x, y: x**y, kind, 2.0, 3.0))
    log = np.log(2.0)
    expected = [[12.0, 4.0 + 12.0 * log], [4.0 + 12.0 * log, 8.0 * log**2]]
    np.testing.assert_allclose(found, expected, rtol=1e-14)


def hessian_of_norm(p, x):
    return hessian(lambda t: autograd.norm(t, p))(Tensor(x)).data


@pytest.mark.parametrize("p", [-0.5, -1.0, -2.0])
@pytest.mark.parametrize("x", [[0.0, 1.0, 2.0], [0.0, 0.0]])
def test_negative_norms_are_flat_where_an_element_is_zero(p, x):
    """PyTorch has 0 for the first derivative, too; its second is NaN by the element that is 0."""
    first = grad(lambda t: autograd.norm(t, p))(Tensor(x))
    assert not first.data.any()
    np.testing.assert_array_equal(hessian_of_norm(p, x), np.zeros((len(x), len(x))))


PYTORCH = {
    -1.0: [
        [-0.270473328324568, 0.08114199849737043, 0.03606311044327574],
        [0.08114199849737043, -0.05409466566491361, 0.009015777610818934],
        [0.03606311044327574, 0.009015777610818934, -0.01803155522163787],
    ],
    0.5: [
        [-1.5731321849709863, 0.3535533905932738, 0.2886751345948129],
        [0.3535533905932738, -0.4829629131445342, 0.20412414523193154],
        [0.2886751345948129, 0.20412414523193154, -0.23230780835289197],
    ],
}


@pytest.mark.parametrize("p", PYTORCH)
def test_norms_elsewhere_are_pytorchs(p):
    np.testing.assert_allclose(hessian_of_norm(p, [1.0, 2.0, 3.0]), PYTORCH[p], rtol=1e-12)


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:divide by zero")
@pytest.mark.parametrize("p", [0.5, 1.5])
def test_norms_with_a_kink_have_no_second_derivative_by_the_element_that_is_zero_alone(p):
    """PyTorch's is NaN in that whole column; what concerns the other elements is finite here."""
    found = hessian_of_norm(p, [0.0, 1.0, 2.0])
    assert np.isnan(found[0, 0])
    np.testing.assert_array_equal(np.isnan(found).sum(), 1)
    np.testing.assert_allclose(found[1:, 1:], hessian_of_norm(p, [1.0, 2.0]), rtol=1e-12)
