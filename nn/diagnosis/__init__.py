"""What ails a network: gradients that vanish or explode, units that are dead or saturated, NaN.

report   what was found, as data, as a table and as colours
units    dead and saturated units
examine  the other ailments, and `diagnose`
"""

from nn.diagnosis.examine import diagnose
from nn.diagnosis.report import Diagnosis, Finding

__all__ = ["Diagnosis", "Finding", "diagnose"]
