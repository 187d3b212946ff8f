"""The board as HTML: verdicts follow the interval and the direction of the metric; names are no markup."""

from core.export.board import BoardRow
from core.ui.compare.board_table import board_html

ROW = BoardRow(
    "<i>A</i>",
    60,
    60,
    3,
    scores={"davies_bouldin": 1.0, "adjusted_rand": 0.5},
    intervals={"davies_bouldin": [0.9, 1.1], "adjusted_rand": [0.4, 0.6]},
    control={"davies_bouldin": 3.0, "adjusted_rand": 0.0},
)


def other(**differences) -> BoardRow:
    return BoardRow(
        "B",
        60,
        60,
        2,
        0.25,
        scores=ROW.scores,
        intervals=ROW.intervals,
        control=ROW.control,
        marks=("sees labels",),
        kinds=("external", "internal"),
        differences=dict.fromkeys(differences, 0.1),
        difference_intervals=differences,
    )


def test_lower_is_better_points_down_and_the_reference_has_no_verdict():
    html = board_html([ROW, other(davies_bouldin=[-0.2, -0.1], adjusted_rand=[-0.1, 0.3])], "<i>A</i>")
    assert "▼ better" in html and "≈ unclear" in html and html.count("better</small>") == 1
    assert "&lt;i&gt;A&lt;/i&gt;" in html and "<i>A" not in html and "compared with this row" in html
    assert "25% noise" in html and "✱ sees labels" in html and "Purity" not in html


def test_a_row_without_scores_says_why_and_kinds_that_are_not_compared_too():
    html = board_html([ROW, BoardRow("B", error="mfcc can't <read>")], "<i>A</i>")
    assert "mfcc can&#x27;t &lt;read&gt;" in html and 'colspan="3"' in html
    apart = BoardRow("C", scores=ROW.scores, kinds=("external",))
    assert "no common unit" in board_html([ROW, apart], "<i>A</i>")
