"""Songscape: see, hear and measure the space that a model learnt from music."""

import os

__version__ = "0.1.0"

# Threads of OpenMP wait for each other at the end of every operation. By default they spin meanwhile, so that
# beside another busy process each operation takes a time slice of the scheduler: a training of small tensors
# was measured to take 10 to 600 times as long. Set before torch or scikit-learn load OpenMP.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
