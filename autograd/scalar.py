"""The same table as straight-line Python on floats, because a scalar graph has millions of nodes.

Nothing here is needed for a right result: `record` and `backward` do it all. For each operation
this room writes out what they would do for Values, as source code that `print` and debuggers show:

- the method that computes a node, without a detour through the general case;
- the pull, which hands a node's gradient on: the rules, applied to symbols, give its text.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd.lines import run_source
from autograd.modes import state
from autograd.node import named
from autograd.op import TABLE, Op, apply
from autograd.record import watched_value
from autograd.symbol import Symbol, render
from autograd.value import NEVER, Leaf, Value, new

PULL = """
def {name}(node):
    g = node.grad
{body}
"""
UNARY = """
def {name}(a):
"""
BINARY = """
def {name}({receiver}, {given}):
{renamed}    kind = {other}.__class__
    if kind is Value or kind is Leaf:
        {other}_data = {other}._data
    elif kind is float or kind is int:
{special}        {other} = {other}_data = float({other})
    elif isinstance({other}, Value):
        {other}_data = {other}._data
    else:
        return apply(op, (a, b), {{}})
"""
# What `record` and `value.made` do, written out.
RECORD = """\
    try:
        data = {forward}
    except (ArithmeticError, ValueError) as error:
        raise named(error, op, ({operands})) from None
    if state.watched:
        return watched_value(data, op, ({operands}))
    node = new(Value)
    node._data = data
    node._a = a
    node._b = {second}
    node.op = op
    node.grad = NEVER
    node._made = state.now
    return node
"""


def forward_source(op: Op, name: str, receiver: str = "a") -> str:
    """The source of the method that computes `op`; its receiver is the first operand, or b."""
    if op.arity == 1:
        tail = RECORD.format(forward=_forward(op, ["a._data"]), operands="a,", second=None)
        return UNARY.format(name=name) + tail
    other = "b" if receiver == "a" else "a"
    data = [f"{x}._data" if x == receiver else f"{x}_data" for x in "ab"]
    # `sum([...])` starts from the integer 0; see `Operators.__radd__`.
    special = "        if kind is int and a == 0:\n            return b\n"
    special = special if name.endswith("__radd__") else ""
    # The operand of a method may be given by name, as in PyTorch; that of an operator may not.
    word = op.words[1]  # by which a method takes it
    given, renamed = (other, "") if name.endswith("__") else (word, f"    {other} = {word}\n")
    head = BINARY.format(
        name=name, receiver=receiver, other=other, given=given, renamed=renamed, special=special
    )
    return head + RECORD.format(forward=_forward(op, data), operands="a, b", second="b")


def _forward(op: Op, data: list[str]) -> str:
    """The forward function as an expression: written out if the entry says how, else called."""
    return render(Symbol("", op, tuple(Symbol(x) for x in data)), "code")


def pull_source(op: Op) -> str:
    """The source that hands the gradient of a node, not zero, on to its operands.

    Examples
    --------
    >>> print(pull_source(TABLE["mul"]).strip())
    def pull_mul(node):
        g = node.grad
        a = node._a
        b = node._b
        if b.__class__ is float:
            a.grad += g * b
        elif a.__class__ is float:
            b.grad += g * a
        else:
            a.grad += g * b._data
            b.grad += g * a._data
    """
    names = "abc"[: op.arity]
    body = [f"{name} = node._{name}" for name in names]
    if op.arity == 1:
        body += _shares(op, a="a._data")
    elif op.arity == 2 and op.direct:
        body += ["if b.__class__ is float:", *_indented(_shares(op, a="a._data", b="b")[:1])]
        body += ["elif a.__class__ is float:", *_indented(_shares(op, a="a", b="b._data")[1:])]
        body += ["else:", *_indented(_shares(op, a="a._data", b="b._data"))]
    else:
        for share in _shares(op, **{name: f"float({name})" for name in names}):
            body += [f"if {share[0]}.__class__ is not float:", f"    {share}"]
    return PULL.format(name=f"pull_{op.name}", body="\n".join(_indented(body)))


def _shares(op: Op, **operands: str) -> list[str]:
    """The statement that adds to each operand's gradient, its data being read as said."""
    symbols = [Symbol(data) for data in operands.values()]
    statements = []
    for i, name in enumerate(operands):
        if op.flows_to(i):
            share = render(op.vjp(i, Symbol("g"), Symbol("node._data"), *symbols), "code")
            statements.append(f"{name}.grad += {share}")
    return statements


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


FUNCTIONS: dict[str, Any] = {name: op.scalar for name, op in TABLE.items()} | {
    "NEVER": NEVER,
    "Leaf": Leaf,
    "Value": Value,
    "apply": apply,
    "named": named,
    "new": new,
    "state": state,
    "watched_value": watched_value,
}


def compiled(
    op: Op, name: str, source: str, functions: dict[str, Any] = FUNCTIONS
) -> Callable[..., Any]:
    """The function that `source` defines; tracebacks and `inspect.getsource` show its text."""
    filename = f"<autograd: {name}>"
    namespace = functions | {op.name: functions.get(op.name) or op.function, "op": op}
    run_source(source, filename, namespace)
    function: Callable[..., Any] = namespace[name]
    return function


def _first_pull(node: Value) -> None:
    """Stand in for the pull of an operation until one is needed."""
    op = node.op
    assert op is not None
    op.pull = compiled(op, f"pull_{op.name}", pull_source(op))
    op.pull(node)


def _install_operator(name: str, op: Op, receiver: str = "a") -> None:
    """Put the written-out form in place of the general one that a Value has from `Operators`."""
    method = compiled(op, f"value_{name}", forward_source(op, f"value_{name}", receiver))
    setattr(Value, name, functools.update_wrapper(method, getattr(Value, name)))


def _install_later(op: Op) -> None:
    """The same for an operation's function and method, when a Value is first given to either.

    Most programs never call most of them.
    """
    is_method = getattr(Value, op.name, None) is op.function

    def install(form: Callable[..., Any]) -> None:
        op.quick[Value] = op.quick[Leaf] = form
        if is_method:
            setattr(Value, op.name, form)

    def first_call(*operands: Any, **named: Any) -> Any:
        method = compiled(op, f"value_{op.name}", forward_source(op, f"value_{op.name}"))
        install(functools.update_wrapper(method, op.function))
        return method(*operands, **named)

    install(functools.update_wrapper(first_call, op.function))


SYMBOLS = {"add": "add", "sub": "sub", "mul": "mul", "div": "truediv", "pow": "pow"}

Op.first_pulls["pull"] = _first_pull
for _op in TABLE.values():
    if _op.scalar is not None:
        _op.pull = _first_pull
        optional = _op.function.__wrapped__.__defaults__  # type: ignore[attr-defined]
        if not _op.comparison and _op.arity < 3 and not optional:
            _install_later(_op)
for _name, _symbol in SYMBOLS.items():
    _install_operator(f"__{_symbol}__", TABLE[_name])
    _install_operator(f"__r{_symbol}__", TABLE[_name], receiver="b")
_install_operator("__neg__", TABLE["neg"])
