import re
from dataclasses import replace

import pytest

from core.ui.explore.scores.score_comparison import (
    Compared,
    Figures,
    describe_difference,
    digits_for,
    figures_of,
    format_number,
)
from core.ui.explore.scores.score_table import scores_table

FIRST = {
    "n_tracks": 100,
    "n_labelled": 80,
    "n_clusters": 8,
    "noise_share": 0.0,
    "notes": {},
    "scores": {
        "silhouette": 0.1534,
        "davies_bouldin": 1.3312,
        "calinski_harabasz": 1234.5,
        "adjusted_rand": 0.1,
    },
}


def text_of(html: str) -> str:
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    )


@pytest.mark.parametrize(
    "value, interval, written",
    [
        (0.15342, [0.12, 0.19], "0.15"),  # wide 0.07: two decimals
        (0.15342, [0.1512, 0.1558], "0.153"),  # wide 0.0046: three
        (0.15342, [0.09, 0.21], "0.15"),  # wide 0.12: still two
        (0.15342, [-0.2, 0.5], "0.2"),  # wide 0.7: one
        (0.15342, None, "0.15"),
        (1234.5, [1100.0, 1300.0], "1,234"),
        (1234.5, None, "1,234"),
        (-0.004, None, "0.00"),
        (-0.25, None, "−0.25"),
        (None, None, "–"),
        (float("nan"), None, "–"),
    ],
)
def test_a_number_shows_what_its_interval_supports(value, interval, written):
    assert format_number(value, digits_for(value, interval)) == written


BOTH = ("internal", "external")


def compared(name: str, low: float, high: float) -> Compared:
    middle = (low + high) / 2
    return Compared(
        BOTH, {"before": {name: 0.2}, "difference": {name: middle}, "intervals": {name: [low, high]}}
    )


@pytest.mark.parametrize(
    "name, low, high, mark",
    [
        ("silhouette", 0.1, 0.3, "▲ better"),
        ("silhouette", -0.3, -0.1, "▼ worse"),
        ("davies_bouldin", -1.2, -0.8, "▼ better"),  # lower is better there
        ("davies_bouldin", 0.8, 1.2, "▲ worse"),
        ("silhouette", -0.001, 0.3, "≈ unclear"),  # larger, but not for sure
        ("silhouette", 0.0, 0.0, "= same"),
    ],
)
def test_only_the_interval_of_the_difference_says_better_or_worse(name, low, high, mark):
    assert describe_difference(name, 0.5, 0.2, compared(name, low, high))[0] == mark


@pytest.mark.parametrize(
    "now, before, known, mark",
    [
        (None, 0.3, compared("silhouette", 0.1, 0.3), ""),
        (0.3, None, compared("silhouette", 0.1, 0.3), ""),
        (0.9, 0.1, None, ""),
        (0.9, 0.1, Compared(BOTH), "…"),  # it is being measured
        (0.9, 0.1, compared("purity", 0.1, 0.3), ""),  # its spread could not be measured
        (0.9, 0.1, Compared((), compared("silhouette", 0.1, 0.3).found), ""),
    ],
)
def test_without_an_interval_of_the_difference_nothing_is_marked(now, before, known, mark):
    assert describe_difference("silhouette", now, before, known)[0] == mark


def test_across_representations_internal_scores_are_not_compared_and_the_help_says_why():
    known = Compared(("external",), compared("adjusted_rand", 0.1, 0.3).found)
    mark, words = describe_difference("silhouette", 0.9, 0.1, known)
    assert mark == "" and "different representations" in words
    assert describe_difference("adjusted_rand", 0.9, 0.1, known)[0] == "▲ better"
    early = figures_of(FIRST, None)
    assert "different representations" in scores_table(early, early, known)


@pytest.mark.parametrize(
    "low, high, words",
    [
        (0.1, 0.3, "Better than before. Difference (now − before): 95\u00a0% interval [0.1, 0.3]"),
        (-0.012, 0.3, "No clear difference. Difference (now − before): 95\u00a0% interval [−0.01, 0.30]"),
        (-0.004, 0.31, "No clear difference. Difference (now − before): 95\u00a0% interval [−0.004, 0.310]"),
        (-0.3, -0.0007, "Worse than before. Difference (now − before): 95\u00a0% interval [−0.300, −0.001]"),
    ],
)
def test_the_interval_of_the_difference_shows_the_signs_of_its_ends(low, high, words):
    assert describe_difference("silhouette", 0.5, 0.2, compared("silhouette", low, high))[1] == words


def test_before_is_the_mean_over_seeds_as_soon_as_that_is_known():
    early = figures_of(FIRST, None)
    assert "Silhouette ↑ 0.15 … 0.20 ▲ better" in text_of(
        scores_table(early, early, compared("silhouette", 0.1, 0.3))
    )


def test_the_first_seed_shows_at_once_and_the_rest_follows():
    early = figures_of(FIRST, None)
    assert early.intervals is None and "…" in text_of(scores_table(early, None))
    full = {
        "scores": {**FIRST["scores"], "silhouette": 0.16},
        "seeds": 5,
        "deterministic": False,
        "intervals": {
            "silhouette": [0.12, 0.19],
            "davies_bouldin": [1.2, 1.5],
            "calinski_harabasz": None,
            "adjusted_rand": [0.05, 0.15],
        },
        "control": {
            "silhouette": 0.02,
            "davies_bouldin": 3.0,
            "calinski_harabasz": 10.0,
            "adjusted_rand": 0.001,
        },
    }
    late = figures_of(FIRST, full)
    shown = text_of(
        scores_table(
            late,
            early,
            Compared(
                BOTH,
                {
                    "before": {"silhouette": 0.15},
                    "difference": {"silhouette": 0.01},
                    "intervals": {"silhouette": [-0.02, 0.04]},
                },
            ),
        )
    )
    assert "…" not in shown
    assert "Silhouette ↑ 0.16 0.12 – 0.19 0.15 ≈ unclear 0.02" in shown
    assert "Davies–Bouldin ↓ 1.3 1.2 – 1.5" in shown


def test_a_score_without_an_interval_shows_a_dash_not_a_width_of_zero():
    full = {
        "scores": FIRST["scores"],
        "seeds": 5,
        "deterministic": False,
        "control": {},
        "intervals": dict.fromkeys(FIRST["scores"]),
    }
    late = figures_of(FIRST, full)
    assert "Silhouette ↑ 0.15 – – –" in text_of(scores_table(late, None))


def test_an_undefined_score_says_why_and_a_missing_one_has_no_row():
    undefined = dict.fromkeys(("silhouette", "davies_bouldin"))
    notes = dict.fromkeys(undefined, {"reason": "one_cluster"})
    figures = Figures(undefined, 10, 0, 1, 0.0, notes)
    table = scores_table(figures, None)
    reason = "Silhouette, Davies–Bouldin: not defined, there is only one cluster."
    assert f'<tfoot><tr><td colspan="4">{reason}</td></tr></tfoot>' in table
    assert "<small>not defined</small>" in table
    assert "table.scores tfoot td { white-space: normal; }" in table  # else it would widen the table
    assert "ARI" not in table


def test_scores_of_a_model_that_saw_the_labels_are_marked():
    marked = scores_table(figures_of(FIRST, None), None, sees_labels=True)
    assert len(re.findall("✱", marked)) == 1  # ARI alone: the others need no labels
    assert "✱" not in scores_table(replace(figures_of(FIRST, None)), None)
