"""A board of saved views: scores as they are computed alone, and differences judged by their intervals."""

from dataclasses import replace

import pytest

from core.errors import ConfigError
from core.export.board import METRICS, board_table, make_board
from core.export.recipes.table_files import to_csv, to_latex
from core.export.saved_view import list_views, pin_choice, rename_view, save_view
from core.messages.recipe_messages import format_table
from core.pipeline.comparison import compare_scores
from core.pipeline.space import build_space
from core.pipeline.stages import score_fully
from core.scoring.statistics.paired_difference import judge_difference
from tests.pipeline.small_space import AUDIO, make

THREE = AUDIO
TWO = replace(AUDIO, n_clusters=2)
TEXT = replace(AUDIO, audio=None, text="tfidf")


def pin(*choices):
    return [pin_choice("made", {"on": "made"}, choice) for choice in choices]


def test_a_difference_is_judged_by_its_interval_and_the_direction_of_the_metric():
    assert judge_difference("adjusted_rand", [0.1, 0.2]) == "better"
    assert judge_difference("davies_bouldin", [0.1, 0.2]) == "worse"
    assert judge_difference("davies_bouldin", [-0.2, -0.1]) == "better"
    assert judge_difference("silhouette", [-0.1, 0.3]) == "unclear"
    assert judge_difference("silhouette", [0.0, 0.0]) == "same"
    assert judge_difference("silhouette", None) == ""


def test_the_rows_are_the_scores_and_paired_differences_of_the_settings():
    collection = make()
    views = pin(THREE, TWO)
    three, two = make_board(collection, views, views[0].name, n_seeds=2)
    space = build_space(collection, TWO)
    alone = score_fully(collection, space, TWO, n_seeds=2)
    assert two.scores == alone["scores"] and two.intervals == alone["intervals"]
    assert (two.n_tracks, two.n_labelled, two.n_clusters, two.seeds) == (60, 60, 2, 2)
    paired = compare_scores(collection, (space, TWO), (space, THREE), n_seeds=2)
    assert two.differences == paired["difference"] and two.difference_intervals == paired["intervals"]
    assert two.verdict("adjusted_rand") == "worse" and three.verdict("adjusted_rand") == ""
    better = make_board(collection, views, views[1].name, n_seeds=2)[0]
    assert better.verdict("adjusted_rand") == "better"


def test_other_representations_are_compared_only_against_labels():
    views = pin(THREE, TEXT)
    text = make_board(make(), views, views[0].name, n_seeds=2)[1]
    assert text.kinds == ("external",) and not text.verdict("silhouette")
    assert set(text.differences) <= {"adjusted_rand", "normalized_mutual_info", "purity", "purity_mean"}


def test_a_view_that_cant_be_computed_keeps_its_row_with_the_reason():
    views = pin(THREE, replace(AUDIO, audio="mfcc"))
    rows = make_board(make(), views, views[1].name, n_seeds=2)
    unknown = save_view("Later", "made", {}, {"audio": "table", "colour_space": "x"})
    assert "does not know" in make_board(make(), [unknown], n_seeds=2)[0].error
    assert rows[0].scores and rows[1].error and not rows[1].scores
    table = board_table(make(), rows, views[1].name)
    assert rows[1].error in format_table(table)


def test_the_board_is_written_as_csv_and_latex():
    collection, views = make(), pin(TWO, THREE)
    rows = make_board(collection, views, views[0].name, n_seeds=2)
    table = board_table(collection, rows, views[0].name)
    head, _, last = to_csv(table).strip().split("\n")
    assert head.count(",") == 4 + 6 * (1 + len(METRICS)) and last.startswith('"table, K-means k 3, PCA"')
    tex = to_latex(table)
    assert r"\toprule" in tex and f"{rows[1].scores['adjusted_rand']:.3g}" in tex and "excludes 0" in tex
    assert "Holm" not in tex


def test_a_choice_is_pinned_once_and_views_can_be_renamed():
    first, again, other = pin(THREE, THREE, replace(THREE, seed=3))
    assert first.name == again.name == "table, K-means k 3, PCA" and other.name.endswith("(2)")
    assert len(list_views("made")) == 2
    assert first.read_choice() == THREE
    renamed = rename_view(again, " Mine ")
    assert renamed.name == "Mine" and renamed.created == again.created
    assert {view.name for view in list_views("made")} == {"Mine", other.name}
    with pytest.raises(ConfigError, match="already has a view 'Mine'"):
        rename_view(other, "Mine")
    save_view("Elsewhere", "other", {}, {})
    assert {view.collection for view in list_views()} == {"made", "other"}
