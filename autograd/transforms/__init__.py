"""Derivatives as functions: of a function, or of a graph that exists."""

from autograd.transforms.gradients import grad, gradient, value_and_grad
from autograd.transforms.jacobians import hessian, hvp, jacobian
from autograd.transforms.products import jvp, vjp

__all__ = [
    "grad",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "value_and_grad",
    "vjp",
]
