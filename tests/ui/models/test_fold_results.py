import pytest

from core.scoring.multilabel import SCORES as NAMES
from core.ui.models.fold_results import SCORES, folds_table


def result(**changes):
    rows = [
        {"fold": fold, "n_train": 20, "n_tracks": 10, "control": dict.fromkeys(NAMES, 0.2)}
        | dict.fromkeys(NAMES, 0.5 + fold / 100)
        for fold in (1, 2)
    ]
    parts = {
        "mean": dict.fromkeys(NAMES, 0.515),
        "deviation": dict.fromkeys(NAMES, 0.007),
        "control": dict.fromkeys(NAMES, 0.2),
    }
    return {"rows": rows, **parts} | changes


def test_the_table_has_every_metric_in_per_cent():
    assert tuple(SCORES) == (*NAMES, "macro_f1")  # which earlier checkpoints lack
    table = folds_table(result())
    assert table[""].tolist() == ["Fold 1", "Fold 2", "Mean", "Standard deviation", "Control"]
    assert table["mAP"].tolist() == pytest.approx([51, 52, 51.5, 0.7, 20]) and table["Tracks"].tolist()[
        :2
    ] == [10, 10]


def test_what_is_undefined_stays_empty():
    table = folds_table(result(deviation=dict.fromkeys(NAMES)))
    assert table["F1"].isna().tolist() == [False, False, False, True, False]
