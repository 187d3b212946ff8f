"""Tables of cross-validated classifiers: means, tests over folds, importances."""

import numpy as np
import pytest

from core.errors import ConfigError
from core.recipes.masked.cross_validated import (
    Classifier,
    Validated,
    above,
    make_fold_table,
    smallest_p,
)
from core.recipes.masked.modality_importance import _importances
from core.recipes.masked.pretraining import SSLAblation
from core.recipes.masked.sweeps import STUDIES, SSLSweeps
from core.training.settings import parse_settings

TRAINING = SSLAblation(preset="tiny").fine_tune(None)


def validated(name: str, values: list[float], precision: dict | None = None) -> Validated:
    row = {"n_tracks": 10}
    rows = [row | dict.fromkeys(("accuracy", "f1", "mean_average_precision"), value) for value in values]
    folds = {"rows": rows, "n_folds": len(rows), "average_precision": precision or {}}
    folds["control"] = dict.fromkeys(("accuracy", "f1", "mean_average_precision"), 0.05)
    return Validated(Classifier(name, TRAINING, (30.0, 40.0, 50.0)), folds)


def test_five_folds_give_no_p_below_1_in_32():
    assert above(np.arange(5) + 1.0, np.zeros(5)) == smallest_p(5) == 1 / 32
    assert above(np.zeros(5), np.zeros(5)) == 1
    assert above(np.zeros(5), np.arange(5) + 1.0) == 1
    assert above(np.array([1, 2, np.nan]), np.zeros(3)) == 1 / 4  # an undefined fold is left out


def test_a_table_has_means_controls_published_values_and_corrected_p():
    rows = [validated("ours", [0.3, 0.4, 0.5, 0.6, 0.7]), validated("other", [0.1, 0.2, 0.2, 0.2, 0.3])]
    table = make_fold_table(rows, key="t", title="T", published_on="d", compared_with="ours")
    ours, other = table.rows
    assert ours.cells["f1"].value == pytest.approx(0.5) and ours.cells["f1"].published == 0.4
    assert ours.n == 50 and ours.seeds == 5 and ours.cells["accuracy"].control == 0.05
    assert other.cells["p_f1"].value == 1 / 32
    assert other.cells["holm_f1"].value == pytest.approx(3 / 32)  # three tests
    assert "p_f1" not in ours.cells


def test_importances_by_hand():
    both = validated("both", [0.5], {"jazz": 0.8, "blues": 0.5, "rare": None})
    audio = validated("audio", [0.5], {"jazz": 0.6, "blues": 0.1, "rare": None})
    text = validated("text", [0.5], {"jazz": 0.2, "blues": 0.4, "rare": None})
    found = _importances(both, audio, text)
    assert found == {"jazz": pytest.approx((0.75, 0.25)), "blues": pytest.approx((0.2, 0.8))}


def test_every_row_has_settings_that_its_model_takes():
    from core.inputs.input_names import match_input
    from core.models import get_model, model_spec

    sweeps = SSLSweeps(further=("more",))
    variants = [variant for study in STUDIES.values() for variant in study.variants]
    trainings = [one.training for one in SSLAblation().classifiers()]
    trainings += [sweeps._classifier(variant).training for variant in variants]
    for training in trainings:
        for one in filter(None, (training, training.start)):
            parse_settings(get_model(one.model), dict(one.settings))
            spec = model_spec(one.model)
            assert not one.reads or match_input(spec.inputs, one.reads, spec.input_ndim) == one.reads
    assert len(SSLAblation().classifiers()) == 6
    assert [len(study.variants) for study in STUDIES.values()] == [3, 3, 2, 3, 3, 5]
    assert {training.start.pooled for training in trainings if training.start} == {(), ("more",)}
    with pytest.raises(ConfigError, match="no study 'depth'"):
        SSLSweeps(studies=("depth",))
