"""Scores of a clustering, with intervals and controls.

:func:`evaluate` is immediate, :func:`intervals` and :func:`control` follow. What the metrics mean stands in
:data:`METRICS`, and their definitions in :mod:`core.scoring.metrics`.
"""

from core.scoring.control import control
from core.scoring.evaluate import evaluate
from core.scoring.intervals import intervals
from core.scoring.metric_specs import EXTERNAL, INTERNAL, METRICS, Metric

__all__ = ["EXTERNAL", "INTERNAL", "METRICS", "Metric", "control", "evaluate", "intervals"]
