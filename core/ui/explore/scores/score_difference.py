"""Scores as text: rounded to what their interval supports, and whether they are better than before."""

import math
from dataclasses import dataclass

from core.scoring import METRICS

NOT_COMPARED = {
    "internal": "Not compared: the two choices have different representations, and distances in two "
    "representations have no common unit.",
    "external": "Not compared: the two choices are scored on different tracks or against different labels.",
}
"""Why scores of a kind have no mark."""


@dataclass(frozen=True)
class Compared:
    """The difference between this choice's scores and the previous ones.

    Attributes
    ----------
    kinds : tuple of {"internal", "external"}
        The kinds of metric that are comparable (:func:`core.pipeline.comparison.comparable_kinds`).
    found : dict or None
        From :func:`core.pipeline.comparison.compare_scores`; None while it is being computed, or where that
        failed.
    """

    kinds: tuple[str, ...]
    found: dict | None = None


def describe_difference(
    name: str, now: float | None, before: float | None, compared: Compared | None
) -> tuple[str, str]:
    """Return a mark and a sentence on whether a score is better or worse than before.

    Only the confidence interval of the difference decides: where it contains 0, or is missing, nothing is
    called better.
    """
    metric = METRICS[name]
    if now is None or before is None or compared is None:
        return "", "nothing to compare with"
    if metric.kind not in compared.kinds:
        return "", NOT_COMPARED[metric.kind]
    if compared.found is None:
        return "…", "The difference is being computed."
    if name not in compared.found["intervals"]:
        return "", "Not compared: the uncertainty of the difference could not be estimated."
    low, high = compared.found["intervals"][name]
    if max(abs(low), abs(high)) < 1e-9:
        return "= same", "the same"
    digits = max(digits_for(compared.found["difference"][name], [low, high]), digits_of_signs(low, high))
    interval = (
        f"Difference (now − before): 95\u00a0% interval [{format_number(low, digits)}, "
        f"{format_number(high, digits)}]"
    )
    if low <= 0 <= high:
        return "≈ unclear", f"No clear difference. {interval}"
    word = "better" if (low > 0) == metric.larger_is_better else "worse"
    return f"{'▲' if low > 0 else '▼'} {word}", f"{word.capitalize()} than before. {interval}"


def digits_for(value: float | None, interval: list[float] | None) -> int:
    """Return the decimals of a score: the last one is no smaller than a tenth of the interval's half width.

    Without an interval: two, none for numbers of 100 and more.
    """
    if interval is not None and interval[0] is not None and interval[1] > interval[0]:
        return min(3, max(0, math.ceil(-math.log10((interval[1] - interval[0]) / 2))))
    return 0 if value is not None and abs(value) >= 100 else 2


def digits_of_signs(*ends: float) -> int:
    """Return the decimals at which no end of an interval is rounded to 0, so its sign shows; six at most."""
    return next(
        (digits for digits in range(6) if all(end == 0 or round(abs(end), digits) > 0 for end in ends)), 6
    )


def format_number(value: float | None, digits: int) -> str:
    """Format a number with a true minus sign; a dash if missing."""
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")
