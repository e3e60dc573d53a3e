"""A compiled function beside the plain one: the same numbers, and the same gradients."""

import copy

import numpy as np

from autograd import Value, compile
from autograd.trees import leaves


def assert_close(found, expected, rtol):
    """Near, measured by the largest; NaN and infinities in the same places."""
    found, expected = np.array(found, float), np.array(expected, float)
    assert found.shape == expected.shape
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(np.where(finite, 0.0, found), np.where(finite, 0.0, expected))
    largest = np.abs(expected[finite]).max(initial=0.0)
    np.testing.assert_allclose(found[finite], expected[finite], rtol=0.0, atol=rtol * largest)


def numbers(result):
    """What a function gave, in a row."""
    return [x.data for x in leaves(result)]


def total(result):
    """One Value that depends on all that a function gave, on each in its own way."""
    return sum((k + 1.0) * x for k, x in enumerate(leaves(result)))


def gradients(result, parameters):
    """The gradients of a total result by some leaves, and which of them got any."""
    for parameter in parameters:
        parameter.zero_grad()
    total(result).backward()
    found = [parameter.grad for parameter in parameters]
    return found, [parameter.has_grad for parameter in parameters]


def assert_alike(f, compiled, *args, parameters=()):
    """See that both give the same: 1e-12 relative forward, 1e-10 of the largest back."""
    expected, found = f(*args), compiled(*args)
    for one, other in zip(numbers(found), numbers(expected), strict=True):
        assert_close(one, other, 1e-12)
    if parameters:
        right, got = gradients(expected, parameters)
        share, reached = gradients(found, parameters)
        assert_close(share, right, 1e-10)
        assert reached == got


def compiled_alike(f, *calls, parameters=()):
    """Compile a function and compare it on several arguments, which are of one structure."""
    compiled = compile(f)
    for args in calls:
        assert_alike(f, compiled, *args, parameters=parameters)
    assert compiled.cache_info()[:2] == (len(calls) - 1, 1)
    return compiled


def values(*numbers):
    """Leaves."""
    return [Value(x) for x in numbers]


def copies(tree):
    """The same leaves again, as other ones."""
    return copy.deepcopy(tree)


def titles(compiled):
    """What each step of a program does, in a word."""
    return [line.title for line in compiled.program.steps]
