"""Cross-validation: assignment to folds, no leakage between them, and scores."""

import json

import numpy as np
import pytest
import torch

from core.errors import Cancelled, ConfigError, TrainingError
from core.messages.fold_messages import describe_folds
from core.training import folds as module
from core.training.encode import predict_genres
from core.training.fit import fit_model
from core.training.folds import assign_folds, cross_validate

READS = {"name": "fbank", "config": {}}
QUICK = {"channels": "4,8", "latent_dim": "8", "epochs": "6", "lr": "0.01", "batch_size": "8"}
NAMES = ["high", "loud", "rare"]


def songs(n=40, seed=0):
    """Two crops per track with a bright band per genre; every fourth track has two genres, the last none."""
    rng = np.random.default_rng(seed)
    genres = np.zeros((n, 3), bool)
    genres[np.arange(n), np.arange(n) % 2] = True
    genres[::4, 2] = True
    X = rng.normal(size=(n, 2, 16, 32)).astype(np.float32)
    for c, band in enumerate((2, 7, 12)):
        X[genres[:, c], :, band - 1 : band + 2] += 2.0
    genres[-1] = False
    return X, genres


def validate(X, genres, **options):
    options = {"settings": QUICK, "n_folds": 4, **options}
    return cross_validate("audio-cnn", X, input_extractor=READS, label_names=NAMES, genres=genres, **options)


@pytest.mark.parametrize("n_folds", [2, 5])
def test_every_genre_is_spread_evenly_over_the_folds(n_folds):
    rng = np.random.default_rng(1)
    genres = rng.random((203, 12)) < np.linspace(0.02, 0.5, 12)
    fold_of = assign_folds(genres, n_folds, seed=0)
    sizes = np.bincount(fold_of, minlength=n_folds)
    assert sizes.sum() == 203 and np.ptp(sizes) <= 10
    by_fold = np.array([genres[fold_of == f].sum(0) for f in range(n_folds)])
    by_chance = np.array([genres[rng.permutation(203)[: 203 // n_folds]].sum(0) for _ in range(200)])
    wanted = genres.sum(0) / n_folds
    assert np.abs(by_fold - wanted).mean() < 0.5 * np.abs(by_chance - wanted).mean()
    assert (np.abs(by_fold - wanted).max(0) <= 4).all() and (
        by_fold[:, genres.sum(0) >= n_folds].min(0) > 0
    ).all()


def test_folds_follow_from_the_seed():
    _, genres = songs()
    assert np.array_equal(assign_folds(genres[:-1], 4, 0), assign_folds(genres[:-1], 4, 0))
    assert not np.array_equal(assign_folds(genres[:-1], 4, 0), assign_folds(genres[:-1], 4, 1))
    assert sorted(assign_folds(np.eye(3, dtype=bool), 3, 0)) == [0, 1, 2]
    for n_folds in (1, 4):
        with pytest.raises(ConfigError, match=f"folds={n_folds} must lie between 2 and 3"):
            assign_folds(np.eye(3, dtype=bool), n_folds, 0)


def test_no_track_is_predicted_by_a_model_that_saw_it(monkeypatch):
    X, genres = songs()
    X[:, 0, 0, 0] = np.arange(40)  # a mark by which a track is known
    seen, scored = [], []

    def fit(name, X, **options):
        seen.append(X[:, 0, 0, 0])
        return fit_model(name, X, **options)

    def predict(model, data, **options):
        scored.append(data["x"][:, 0, 0, 0])
        return predict_genres(model, data, **options)

    monkeypatch.setattr(module, "fit_model", fit)
    monkeypatch.setattr(module, "predict_genres", predict)
    result = validate(X, genres, settings=QUICK | {"epochs": "1"})
    assert sorted(np.concatenate(scored)) == list(range(39))  # each track that has a genre is scored once
    for train, test, row in zip(seen, scored, result["rows"]):
        assert not set(train) & set(test) and len(train) + len(test) == 39
        assert (row["n_train"], row["n_tracks"]) == (len(train), len(test))


@pytest.mark.slow
def test_held_out_tracks_are_predicted_beyond_the_control():
    result = validate(*songs(), n_folds=3)
    assert result["control"]["mean_average_precision"] < 0.75 and result["control"]["accuracy"] < 0.75
    assert (
        result["mean"]["mean_average_precision"] > 0.9
        and result["mean"]["accuracy"] > result["control"]["accuracy"] + 0.1
    )
    by_fold = [row["f1"] for row in result["rows"]]
    assert result["mean"]["f1"] == pytest.approx(np.mean(by_fold)) and result["deviation"][
        "f1"
    ] == pytest.approx(np.std(by_fold, ddof=1))
    assert [row["fold"] for row in result["rows"]] == [1, 2, 3] and set(result["average_precision"]) == set(
        NAMES
    )
    assert (
        result["threshold"] == pytest.approx(0.1824, abs=1e-4)
        and json.loads(json.dumps(result, allow_nan=False)) == result
    )
    table = describe_folds(result)
    assert "mAP" in table and f"{100 * result['mean']['accuracy']:.2f}" in table and table.count("\n") == 6


@pytest.mark.slow
def test_shuffled_genres_in_training_are_not_learnt():
    X, genres = songs()
    genres[:-1] = genres[:-1][np.random.default_rng(3).permutation(39)]
    result = validate(X, genres, n_folds=2)
    assert abs(result["mean"]["mean_average_precision"] - result["control"]["mean_average_precision"]) < 0.2


@pytest.mark.slow
def test_a_killed_run_does_not_redo_finished_folds(tmp_path):
    X, genres = songs()
    settings = QUICK | {"epochs": "2"}
    whole = validate(X, genres, settings=settings)

    def stop(done, total, note="", **figures):
        if note.startswith("fold 3") and "epoch 1" in note:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        validate(X, genres, settings=settings, folder=tmp_path, progress=stop)
    assert sorted(path.name for path in tmp_path.glob("*.json")) == ["fold-1.json", "fold-2.json"]
    notes = []
    resumed = validate(
        X,
        genres,
        settings=settings,
        folder=tmp_path,
        progress=lambda done, total, note="", **f: notes.append((done, total, note)),
    )
    assert resumed == whole
    assert not [note for _, _, note in notes if "fold 1 of 4: epoch" in note] and notes[-1][:2] == (8, 8)


def test_progress_reports_no_metrics_over_several_trainings():
    told = []
    validate(
        *songs(),
        n_folds=2,
        settings=QUICK | {"epochs": "1"},
        progress=lambda done, total, note="", **figures: told.append((done, total, note, figures)),
    )
    assert told[-1][:2] == (2, 2) and not any(figures for *_, figures in told)
    part = module.shifted(lambda *a, **f: told.append((*a, f)), 10, 12, "all tracks: ", with_metrics=True)
    part(1, 2, "epoch 1 of 2", train_total=3.0)
    assert told[-1] == (11, 12, "all tracks: epoch 1 of 2", {"epoch": 1, "train_total": 3.0})


def test_models_and_labels_that_do_not_fit_are_refused():
    X, genres = songs()
    with pytest.raises(ConfigError, match="conv-vae doesn't"):
        cross_validate(
            "conv-vae", X, n_folds=2, input_extractor={"name": "mel"}, label_names=NAMES, genres=genres
        )
    with pytest.raises(ConfigError, match=r"shape \(40, 3\).*2 names"):
        cross_validate("audio-cnn", X, n_folds=2, input_extractor=READS, label_names=NAMES[:2], genres=genres)
    with pytest.raises(TrainingError, match="needs two genres or more, and these tracks have 1"):
        validate(X, genres & [True, False, False])
    with pytest.raises(ConfigError, match="predicts no genres"):
        predict_genres(torch.nn.Module.__new__(type("Plain", (torch.nn.Module,), {"name": "pca"})), {})


def test_one_label_per_track_gives_one_genre_each():
    X, genres = songs()
    labels = np.arange(40) % 3 - 1
    model, meta = fit_model(
        "audio-cnn",
        X,
        input_extractor=READS,
        labels=labels,
        label_names=["a", "b"],
        settings=QUICK | {"epochs": "1"},
    )
    assert (meta["n_tracks"], meta["labels"], model.n_labels) == ((labels >= 0).sum(), ["a", "b"], 2)
    given = labels[:, None] == np.arange(2)
    same, _ = fit_model(
        "audio-cnn",
        X,
        input_extractor=READS,
        genres=given,
        label_names=["a", "b"],
        settings=QUICK | {"epochs": "1"},
    )
    assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), same.state_dict().values()))
    assert meta["started_from"] == "a small network with random weights"


def test_probabilities_are_the_mean_over_crops_whatever_the_batch_size():
    X, genres = songs(9)
    model, _ = fit_model(
        "audio-cnn",
        X,
        input_extractor=READS,
        genres=genres,
        label_names=NAMES,
        settings=QUICK | {"epochs": "1"},
    )
    found = predict_genres(model, {"x": X})
    assert found.shape == (9, 3) and (found > 0).all() and (found < 1).all()
    with torch.no_grad():
        slow = [torch.sigmoid(model({"x": torch.from_numpy(track)})).mean(0).numpy() for track in X]
    np.testing.assert_allclose(found, slow, atol=1e-5)
    np.testing.assert_allclose(predict_genres(model, {"x": X}, batch_size=5), found, atol=1e-5)


def test_a_joint_model_is_validated_with_tracks_that_lack_a_modality():
    sounds, genres = songs(12)
    rng = np.random.default_rng(0)
    X = {
        "audio": sounds,
        "text": rng.integers(1, 30, size=(12, 1, 8)).astype(np.int32),
        "audio_present": np.arange(12) != 3,
        "text_present": np.arange(12) > 1,
    }
    result = cross_validate(
        "alnet",
        X,
        n_folds=2,
        input_extractor={"name": "fbank+wordpieces", "config": {}},
        label_names=NAMES,
        genres=genres,
        settings={"channels": "4", "latent_dim": "4", "n_layers": "1", "epochs": "1"},
    )
    assert sum(row["n_tracks"] for row in result["rows"]) == 11 and 0 <= result["mean"]["f1"] <= 1


def test_a_classifier_of_one_label_per_track_is_validated_too():
    rng = np.random.default_rng(0)
    labels = np.arange(60) % 3
    X = (3 * np.eye(3)[labels] @ rng.normal(size=(3, 8)) + rng.normal(size=(60, 8))).astype(np.float32)
    result = cross_validate(
        "genre-head",
        X,
        n_folds=3,
        input_extractor={"name": "table"},
        label_names=NAMES,
        labels=labels,
        settings={"epochs": "30", "latent_dim": "32", "hidden": "16"},
    )
    assert result["single"] and result["mean"]["macro_f1"] > 0.9 > result["control"]["macro_f1"] + 0.3
    for row in result["rows"]:  # one label is predicted and one is true
        assert row["accuracy"] == pytest.approx(row["precision"]) == pytest.approx(row["recall"])
    assert "macro F1" in describe_folds(result)
