"""Benchmarks: run one with ``python -m benchmarks.scalar_engine``, and all with ``make bench``.

What is measured is an engine and not how many cores there are, so every library gets one thread.
That must be settled before NumPy is imported, and this is the one place that always comes before.
"""

import os

for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
os.environ["VECLIB_MAXIMUM_THREADS"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["TORCHINDUCTOR_FORCE_DISABLE_CACHES"] = "1"  # compiling is part of what is measured
