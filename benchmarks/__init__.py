"""Benchmarks: run one with ``python -m benchmarks.scalar_engine``, and all with ``make bench``.

What is measured is an engine and not how many cores there are, so every library gets one thread.
That must be settled before NumPy is imported, and this is the one place that always comes before.
"""

import os

for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
os.environ["VECLIB_MAXIMUM_THREADS"] = "1"
