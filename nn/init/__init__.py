"""How weights are drawn before training begins: PyTorch's initialisers, by their names.

Each writes to a leaf Tensor in place, keeps its type, and returns it. Random numbers come from
`generator`, a NumPy Generator or a seed; without one, from that which `autograd.manual_seed` seeds.
The same seed gives the same numbers in each type; they are not PyTorch's.
"""

from nn.init.fans import calculate_gain, fan_in_and_fan_out
from nn.init.fans import fan_in_and_fan_out as _calculate_fan_in_and_fan_out  # PyTorch's name
from nn.init.fill import constant_, normal_, ones_, trunc_normal_, uniform_, zeros_
from nn.init.scaled import kaiming_normal_, kaiming_uniform_, xavier_normal_, xavier_uniform_
from nn.init.schemes import Generator, Scheme, Seed, generator, limit
from nn.init.structured import dirac_, eye_, orthogonal_, sparse_

__all__ = [
    "Generator",
    "Scheme",
    "Seed",
    "_calculate_fan_in_and_fan_out",
    "calculate_gain",
    "constant_",
    "dirac_",
    "eye_",
    "fan_in_and_fan_out",
    "generator",
    "kaiming_normal_",
    "kaiming_uniform_",
    "limit",
    "normal_",
    "ones_",
    "orthogonal_",
    "sparse_",
    "trunc_normal_",
    "uniform_",
    "xavier_normal_",
    "xavier_uniform_",
    "zeros_",
]
