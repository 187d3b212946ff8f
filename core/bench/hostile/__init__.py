"""Benchmark: hostile files, tables, checkpoints and requests, and commands killed at random.

Each part generates what it needs from a seed and counts what should not have been.
"""

from core.bench.hostile.campaign import run

__all__ = ["run"]
