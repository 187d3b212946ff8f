"""Whether a score is better or worse than the previous one, as a mark and a sentence."""

from dataclasses import dataclass

from core.scoring import METRICS
from core.ui.explore.scores.score_format import digits_for, digits_of_signs, format_number


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


NOT_COMPARED = {
    "internal": "Not compared: the two choices have different representations, and distances in two "
    "representations have no common unit.",
    "external": "Not compared: the two choices are scored on different tracks or against different labels.",
}
"""Why scores of a kind have no mark."""


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
    is_better = (low > 0) == metric.larger_is_better
    word = "better" if is_better else "worse"
    return f"{'▲' if low > 0 else '▼'} {word}", f"{word.capitalize()} than before. {interval}"
