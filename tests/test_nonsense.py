"""What is no number or no function is refused by the function that the user called, by name."""

import inspect

import pytest

import autograd
from autograd import Tensor

FUNCTIONS = {
    each.__name__: each
    for each in (getattr(autograd, name) for name in autograd.__all__)
    if inspect.isfunction(each)
}
DECORATING = {"compile", "vmap"}  # of nothing, as in @compile(static="n"), they are decorators
NONSENSE = {"a string": "two", "None": None, "an object": object(), "a dict": {"x": 1.0}}


def needed(function):
    """How many arguments a function cannot do without, but at least one."""
    return sum(
        each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD
        for each in inspect.signature(function).parameters.values()
    )


@pytest.mark.parametrize("given", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - DECORATING))
def test_nonsense_is_refused_in_the_name_of_the_function(name, given):
    function = FUNCTIONS[name]
    with pytest.raises((TypeError, ValueError), match=rf"\b{name}\b"):
        function(*[given] * max(needed(function), 1))


OPERATIONS = {
    name: each.op
    for name, each in FUNCTIONS.items()
    if hasattr(each, "op") and each.op.scalar is not None and each.op.arity > 1
}
PLACES = [(name, i) for name, op in OPERATIONS.items() for i in range(op.arity)]


@pytest.mark.parametrize("given", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize(("name", "place"), PLACES)
def test_so_it_is_beside_a_tensor(name, place, given):
    operands = [Tensor([1.0, 2.0], requires_grad=True)] * OPERATIONS[name].arity
    operands[place] = given
    with pytest.raises(TypeError, match=rf"\b{name} expects numbers, .* but was given"):
        FUNCTIONS[name](*operands)


def test_most_functions_are_asked():
    assert {"tanh", "flatten", "full_like", "vjp", "where", "draw"} < FUNCTIONS.keys()
    assert len(FUNCTIONS) > 160


@pytest.mark.parametrize("given", ["two", object(), {"x": 1.0}])
@pytest.mark.parametrize("name", sorted(DECORATING))
def test_what_is_no_function_is_not_decorated(name, given):
    with pytest.raises(TypeError, match=f"{name} takes a function, but was given"):
        FUNCTIONS[name](given)
