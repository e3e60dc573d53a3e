"""Second names that PyTorch has for some functions."""

from __future__ import annotations

from autograd import rules
from autograd.functions import elementwise, joining, shape

absolute = rules.abs
arccos = rules.acos
arccosh = rules.acosh
arcsin = rules.asin
arcsinh = rules.asinh
arctan = rules.atan
arctan2 = rules.atan2
arctanh = rules.atanh
concat = concatenate = joining.cat
divide = elementwise.div
fix = rules.trunc
greater = rules.gt
greater_equal = rules.ge
less = rules.lt
less_equal = rules.le
moveaxis = shape.movedim
multiply = rules.mul
negative = rules.neg
not_equal = rules.ne
subtract = elementwise.sub
swapdims = shape.transpose
