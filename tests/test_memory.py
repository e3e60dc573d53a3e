"""Memory that large arrays have given up is used again."""

import platform

import pytest

STEPS = """
import resource
import autograd
from autograd import Tensor

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

x = Tensor([[0.5] * 500] * 500, requires_grad=True)  # two million bytes, 500 pages
for step in range(40):
    if step == 20:
        before = faults()
    (x * x).exp().sum().backward()
print(faults() - before)
"""


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="of other C libraries nothing is said"
)
def test_no_page_is_got_twice(run_python):
    assert int(run_python(STEPS).stdout) < 2000  # 19,000 if each array were new to the system
