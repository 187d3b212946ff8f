"""β-VAE: the MLP-VAE with other defaults, on tables with their faults and on texts of several languages."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from core import collection as collections
from core.features.tfidf import Tfidf
from core.models import get_model
from core.representation.represent import represent
from core.simulated.lyrics import make_lyrics
from core.training.fit import fit_model
from core.training.train_collection import train_model

QUICK = {"epochs": "20", "latent_dim": "4", "hidden": "32", "decoder_hidden": "32", "lr": "0.003"}


def test_it_is_the_mlp_vae_with_a_beta_of_four():
    beta, plain = get_model("beta-vae"), get_model("mlp-vae")
    assert beta.Config().beta == 4 and plain.Config().beta == 1 and beta.train_config == plain.train_config
    torch.manual_seed(0)
    one = beta(beta.Config(beta=1.0, latent_dim=16), (20,))
    torch.manual_seed(0)
    other = plain(plain.Config(), (20,))
    batch = {"x": torch.randn(8, 20)}
    torch.manual_seed(1)
    ours = one.forward_loss(batch)
    torch.manual_seed(1)
    assert torch.equal(ours["total"], other.forward_loss(batch)["total"])


def test_more_beta_leaves_less_in_the_latents():
    X = np.random.default_rng(0).normal(size=(64, 3)) @ np.random.default_rng(1).normal(size=(3, 20))
    kl = [
        sum(
            fit_model(
                "beta-vae",
                X.astype(np.float32),
                input_extractor={"name": "table"},
                settings={**QUICK, "beta": beta},
            )[1]["figures"]["kl_per_dimension"]
        )
        for beta in ("0.5", "4", "30")
    ]
    assert kl[0] > 1.2 * kl[1] > 1.2 * 1.2 * kl[2]


@pytest.fixture
def faulty(tmp_path):
    """A table of two groups with a duplicate row of another label, empty cells and an infinite one."""
    rng = np.random.default_rng(0)
    group = np.arange(60) % 2
    table = pd.DataFrame(
        4 * rng.normal(size=(2, 6))[group] + rng.normal(size=(60, 6)), columns=list("abcdef")
    )
    table["genre"] = np.array(["rock", "folk"])[group]
    table = table.astype({"a": object, "b": object})
    table.loc[3, "a"], table.loc[5, "b"] = "broken", np.inf
    table.loc[60] = [*table.loc[0, list("abcdef")], "folk"]
    table.to_csv(tmp_path / "faulty.csv", index=False)
    return collections.add(tmp_path / "faulty.csv", "faulty")


def test_a_table_with_repeated_rows_and_cells_without_numbers_is_learnt_whole(faulty):
    assert faulty.info["n_duplicates"] == 1 and faulty.info["cells_without_number"] == 2
    result = train_model("faulty", "beta-vae:table", {**QUICK, "beta": "4"})
    latents = represent(faulty, "beta-vae:table", modality="audio")
    assert result["n_left_out"] == 0 and latents.X.shape == (61, 4) and np.isfinite(latents.X).all()
    np.testing.assert_allclose(latents.X[0], latents.X[60], atol=1e-6)  # the same numbers, so the same place
    found = KMeans(2, n_init=5, random_state=0).fit_predict(latents.X)
    assert adjusted_rand_score(faulty.labels()[:60], found[:60]) > 0.9


@pytest.mark.parametrize("name", ["mlp-vae", "beta-vae"])
def test_a_vae_over_wording_finds_the_languages_of_mixed_texts(name):
    """Bangla, English and Spanish in one collection; independently permuted columns are the control."""
    songs = make_lyrics(40, ("bn", "en", "es"))
    X = Tfidf().as_model_input().extract_corpus(songs["lyrics"].tolist())

    def agreement(X):
        model, _ = fit_model(name, X, input_extractor={"name": "tfidf"}, settings={**QUICK, "epochs": "30"})
        with torch.no_grad():
            Z = model.encode(torch.from_numpy(X)).numpy()
        return adjusted_rand_score(songs["language"], KMeans(3, n_init=5, random_state=0).fit_predict(Z))

    rng = np.random.default_rng(0)
    assert agreement(np.column_stack([rng.permutation(column) for column in X.T])) < 0.2
    assert agreement(X) > 0.9


def test_a_text_model_learns_from_any_sentence_encoder_by_its_name(monkeypatch):
    """``sentence:NAME`` goes where ``sentence`` goes, from training to the latents that are clustered."""
    from core.features.pretrained.sentence import Sentence

    class Untrained:
        def __call__(self, texts):
            return np.stack([np.random.default_rng(len(text)).normal(size=8) for text in texts]).astype(
                np.float32
            )

    monkeypatch.setattr(Sentence, "extract_texts", lambda self, texts, progress=None: Untrained()(texts))
    collections.add("simulated-lyrics", "songs")
    result = train_model("songs", "mlp-vae:sentence:some/model", QUICK)
    songs = collections.load("songs")
    for rep in ("mlp-vae:sentence:some/model", "mlp-vae", result["checkpoint"]):
        found = represent(songs, rep, modality="text")
        assert found.X.shape == (225, 4) and found.X.std(0).min() > 0
