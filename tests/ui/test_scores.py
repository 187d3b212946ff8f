import re
from dataclasses import replace

import pytest

from core.ui.scores import Figures, compare, digits_for, figures_of, number, scores_table

FIRST = {
    "n_tracks": 100, "n_labelled": 80, "n_clusters": 8, "noise_share": 0.0, "notes": {},
    "scores": {"silhouette": 0.1534, "davies_bouldin": 1.3312, "calinski_harabasz": 1234.5, "adjusted_rand": 0.1},
}  # fmt: skip


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)))


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
    assert number(value, digits_for(value, interval)) == written


@pytest.mark.parametrize(
    "name, now, before, interval, mark",
    [
        ("silhouette", 0.3, 0.1, [0.25, 0.35], "▲ better"),
        ("silhouette", 0.1, 0.3, [0.05, 0.15], "▼ worse"),
        ("davies_bouldin", 1.0, 2.0, None, "▼ better"),  # lower is better there
        ("davies_bouldin", 2.0, 1.0, None, "▲ worse"),
        ("silhouette", 0.3, 0.28, [0.25, 0.35], "≈ unclear"),
        ("silhouette", 0.301, 0.299, None, "≈ unclear"),  # both are shown as 0.30
        ("silhouette", 0.3, 0.3, None, "= same"),
        ("silhouette", None, 0.3, None, ""),
        ("silhouette", 0.3, None, None, ""),
    ],
)
def test_better_and_worse_follow_the_metric_and_its_interval(name, now, before, interval, mark):
    assert compare(name, now, before, interval)[0] == mark


def test_the_first_seed_shows_at_once_and_the_rest_follows():
    early = figures_of(FIRST, None)
    assert early.intervals is None and "…" in text_of(scores_table(early, None))
    full = {
        "scores": {**FIRST["scores"], "silhouette": 0.16}, "seeds": 5, "deterministic": False,
        "intervals": {"silhouette": [0.12, 0.19], "davies_bouldin": [1.2, 1.5], "calinski_harabasz": None, "adjusted_rand": [0.05, 0.15]},
        "control": {"silhouette": 0.02, "davies_bouldin": 3.0, "calinski_harabasz": 10.0, "adjusted_rand": 0.001},
    }  # fmt: skip
    late = figures_of(FIRST, full)
    shown = text_of(scores_table(late, early))
    assert "…" not in shown
    assert "Silhouette ↑ 0.16 0.12 – 0.19 0.15 ≈ unclear 0.02" in shown
    assert "Davies–Bouldin ↓ 1.3 1.2 – 1.5" in shown


def test_a_score_without_an_interval_shows_a_dash_not_a_width_of_zero():
    full = {"scores": FIRST["scores"], "seeds": 5, "deterministic": False, "control": {}, "intervals": dict.fromkeys(FIRST["scores"])}
    late = figures_of(FIRST, full)
    assert "Silhouette ↑ 0.15 – – –" in text_of(scores_table(late, None))


def test_an_undefined_score_says_why_and_a_missing_one_has_no_row():
    figures = Figures({"silhouette": None}, 10, 0, 1, 0.0, {"silhouette": "there is only <one> cluster"})
    table = scores_table(figures, None)
    assert "there is only &lt;one&gt; cluster" in table and "<one>" not in table
    assert "Adjusted Rand" not in table


def test_scores_of_a_model_that_saw_the_labels_are_marked():
    marked = scores_table(figures_of(FIRST, None), None, sees_labels=True)
    assert len(re.findall("✱", marked)) == 1  # adjusted Rand alone: the others need no labels
    assert "✱" not in scores_table(replace(figures_of(FIRST, None)), None)
