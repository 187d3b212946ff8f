"""The shipped masked autoencoder on the held-out tracks of the demo."""

import numpy as np
import pytest

from core import collection as collections
from core.bench.masked import evaluate_held_out, load_shipped_mae
from core.inputs.input_arrays import read_input

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unseen(tmp_path_factory):
    """The model, some training rows, all held-out rows, and their input."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SONGSCAPE_CACHE", str(tmp_path_factory.mktemp("store")))
    demo = collections.add("demo", "demo")
    model, kept, held = load_shipped_mae(demo.n_tracks)
    rows = np.concatenate([kept[::4], held])
    some = collections.Collection("demo", demo.tracks.iloc[rows].reset_index(drop=True), info=demo.info)
    data = read_input(some, "fbank+wordpieces").take(np.arange(len(rows)))
    patch.undo()
    n = len(kept[::4])
    return model, np.arange(n), np.arange(n, len(rows)), data


def test_it_is_tiny_and_has_a_fifth_held_out(unseen):
    model, _, held, _ = unseen
    assert (
        len(held) == 38
        and model.config.preset == "tiny"
        and model.encoder.embed_word.num_embeddings == 30_522
    )
    assert sum(p.numel() for p in model.parameters()) < 6e6


def test_masked_patches_are_reconstructed_better_than_by_the_baselines(unseen):
    found = evaluate_held_out(*unseen)
    assert 0.9 < found["mean_patch"] < 1.1, "in deviations, the mean patch leaves about everything open"
    assert found["drawn"] < 0.5 * found["mean_patch"] and found["drawn"] < 0.6 * found["mean_patch_of_band"]


def test_retrieval_is_better_than_chance_and_not_with_permuted_texts(unseen):
    model, kept, held, data = unseen
    found = evaluate_held_out(model, kept, held, data)
    assert found["p_value"] < 0.01 and found["recall_at_10"] > found["recall_at_10_shuffled"] + 0.1
    assert abs(found["recall_at_1_shuffled"] - found["chance_at_1"]) < 0.01
    dealt = data | {"text": data["text"].copy()}
    dealt["text"][held] = data["text"][held][np.random.default_rng(0).permutation(len(held))]
    assert evaluate_held_out(model, kept, held, dealt)["p_value"] > 0.05
