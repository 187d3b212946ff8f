import functools

import numpy as np
import pytest
import torch

from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from core.errors import Cancelled, ConfigError, TrainingError
from core.models import MODELS, get_model, model_spec
from core.training.encode import encode
from core.training.fit import fit_model
from core.training.settings import list_settings
from core.training.targets import number_labels
from tests.models.small import SMALL, data_of, latents_of


def settings_of(name):
    """Small sizes, so that a model trains in a moment."""
    small = {
        key: ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        for key, value in SMALL.items()
    }
    small |= {"epochs": "2", "hidden": "16"}
    known = list_settings(get_model(name))
    return {k: v for k, v in small.items() if k in known}


def features(name, n=14, seed=0):
    return data_of(name, n, seed, np.float16, n_crops=2 if model_spec(name).inputs[0] == "mel" else None)


def config_of(name) -> dict:
    """Return a config of what a model reads first; what reads one text has no crops."""
    return {} if model_spec(name).inputs[0] in ("sentence", "wordpieces") else {"n_crops": 2}


def fit(name, X=None, **options):
    X = features(name) if X is None else X
    n = len(X["audio"] if isinstance(X, dict) else X)
    options = {
        "settings": settings_of(name),
        "labels": np.arange(n) % 3 - 1,
        "label_names": ["x", "y"],
        **options,
    }
    return fit_model(
        name, X, input_extractor={"name": model_spec(name).inputs[0], "config": config_of(name)}, **options
    )


@functools.cache
def fitted(name):
    """Return model, metadata and reported progress of one fit, for the tests that compare with it."""
    told = []
    model, meta = fit(name, collection={"name": "mine"}, progress=lambda *a, **f: told.append((a, f)))
    return model, meta, told


@pytest.mark.parametrize("name", MODELS)
def test_every_model_trains_is_saved_and_encodes(name, tmp_path):
    model, meta, told = fitted(name)
    X = features(name)
    assert told[-1][0][0] == told[-1][0][1]
    labelled = np.sum(np.arange(14) % 3 - 1 >= 0)
    assert (
        meta["n_tracks"] == (labelled if model_spec(name).needs_labels else 14)
        and meta["collection"] == {"name": "mine"}
        and meta["input"]["config"] == config_of(name)
    )
    assert len(meta["history"]["rows"]) == (2 if get_model(name).train_config else 0)
    loaded, meta_read = load_checkpoint(save_checkpoint(tmp_path / "m.safetensors", model, meta))
    assert (
        meta_read["sees_labels"] == model_spec(name).sees_labels and meta_read["history"] == meta["history"]
    )
    for Z, before in zip(latents_of(encode, loaded, X), latents_of(encode, model, X)):
        assert Z.shape == (14, 4) and np.isfinite(Z).all() and np.array_equal(Z, before)


@pytest.mark.parametrize("name", MODELS)
def test_same_seed_same_model_and_the_callers_random_state_stays(name):
    torch.manual_seed(3)
    expected = torch.randn(2)
    torch.manual_seed(3)
    again = fit(name)[0].state_dict()
    assert torch.equal(torch.randn(2), expected)
    first = fitted(name)[0].state_dict()
    assert all(torch.equal(first[k], again[k]) for k in first)


def test_unlabelled_tracks_are_a_class_of_their_own():
    model, meta = fit("cvae")
    assert meta["labels"] == ["x", "y", "unknown"] and model.n_labels == 3
    model, meta = fit("cvae", labels=np.arange(14) % 2)
    assert meta["labels"] == ["x", "y"] and model.n_labels == 2


@pytest.mark.parametrize("labels", [None, np.full(14, -1), np.zeros(14, int)])
def test_a_model_that_sees_labels_needs_two(labels):
    with pytest.raises(TrainingError, match="cvae needs two labels or more"):
        fit("cvae", labels=labels)


def test_labels_must_fit_tracks_and_names():
    with pytest.raises(ConfigError, match="13 labels were given for 14 tracks"):
        fit("cvae", labels=np.arange(13) % 2)
    with pytest.raises(ConfigError, match="2 label names"):
        fit("cvae", labels=np.arange(14) % 5)


def test_labels_change_nothing_for_a_model_that_does_not_see_them():
    with_labels, _ = fit("conv-vae")
    without, meta = fit("conv-vae", labels=None)
    assert all(
        torch.equal(a, b) for a, b in zip(with_labels.state_dict().values(), without.state_dict().values())
    )
    assert meta["labels"] == []


def test_number_labels():
    labels, names = number_labels(["rock", "", "folk", "rock"])
    assert labels.tolist() == [1, -1, 0, 1] and names == ["folk", "rock"]


def test_a_model_refuses_what_it_cannot_read():
    with pytest.raises(ConfigError, match="conv-vae can't read tfidf; it reads mel"):
        fit_model("conv-vae", features("conv-vae"), input_extractor={"name": "tfidf"})


def test_a_killed_fit_goes_on_from_its_state(tmp_path):
    state = tmp_path / "state.safetensors"
    settings = settings_of("conv-vae") | {"epochs": "3"}

    def stop(done, total, note="", **figures):
        if figures and done == 2:
            raise Cancelled("stop")

    whole, _ = fit("conv-vae", settings=settings)
    with pytest.raises(Cancelled):
        fit("conv-vae", settings=settings, state_path=state, progress=stop)
    started = []
    resumed, meta_resumed = fit(
        "conv-vae",
        settings=settings,
        state_path=state,
        progress=lambda *a, **f: started.append(a[0]) if f else None,
    )
    assert started == [3] and len(meta_resumed["history"]["rows"]) == 3
    assert all(torch.equal(a, b) for a, b in zip(whole.state_dict().values(), resumed.state_dict().values()))


def test_figures_say_how_much_of_the_latent_space_is_used():
    assert {"active_units", "effective_rank", "kl_per_dimension", "latent_dim"} == set(
        fit("conv-vae")[1]["figures"]
    )
    assert fit("conv-ae")[1]["figures"] == {}
    share = fit("pca")[1]["figures"]["explained_variance_ratio"]
    assert len(share) == 4 and share == sorted(share, reverse=True) and 0 < sum(share) <= 1
