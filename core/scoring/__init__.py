"""Clustering metrics with confidence intervals and chance-level controls.

:func:`evaluate` scores one clustering; :func:`confidence_intervals` and :func:`control_scores` take longer
and follow. :data:`METRICS` lists title, range and source of every metric; :mod:`core.scoring.metrics` and
:mod:`core.scoring.contingency` define them.
"""

from core.scoring.evaluate import control_scores, evaluate
from core.scoring.metric_specs import EXTERNAL, INTERNAL, METRICS, Metric
from core.scoring.statistics.intervals import confidence_intervals

__all__ = ["EXTERNAL", "INTERNAL", "METRICS", "Metric", "confidence_intervals", "control_scores", "evaluate"]
