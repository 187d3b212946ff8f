"""A transformer trained with the towers: loading, padding, and a self-contained checkpoint."""

import numpy as np
import pytest
import torch

from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from core.errors import CheckpointError, ConfigError
from core.features.pretrained.tokens import Tokens, load_transformer
from core.models import get_model
from core.models.contrastive.text_encoder import TextEncoder, describe_transformer
from core.training.encode import encode
from core.training.fit import fit_model
from tests.features.pretrained.transformer_folder import save_bert, save_roberta

TEXTS = [
    "a sad song",
    "Dance. Jump! Sing.",
    "night\nriver\nstone\ngrass",
    "all the day long we work in the mine",
]


@pytest.fixture(scope="module", params=[save_bert, save_roberta], ids=["bert", "roberta"])
def folder(request, tmp_path_factory):
    return str(request.param(tmp_path_factory.mktemp("transformer")))


def pairs(folder, n_tokens=12):
    tokens = Tokens(folder, n_tokens)
    X = {
        "audio": np.random.default_rng(0).normal(size=(8, 20)).astype(np.float32),
        "text": tokens.extract_texts(TEXTS * 2),
    }
    reads = {
        "name": f"musicnn+tokens:{folder}",
        "config": {"audio": {}, "text": {"model": folder, "n_tokens": n_tokens}},
    }
    return X | {f"{m}_present": np.ones(8, bool) for m in ("audio", "text")}, reads


def fit(folder, **settings):
    X, reads = pairs(folder)
    small = {"epochs": "2", "latent_dim": "8", "projection_dim": "4", "batch_size": "4"}
    return fit_model("contrastive", X, input_extractor=reads, settings=small | settings), X


def test_it_gives_the_mean_over_the_pretrained_transformers_tokens(folder):
    pretrained = load_transformer(folder).eval()
    encoder = TextEncoder(describe_transformer(pretrained)).eval()
    encoder.load_pretrained(pretrained)
    tokens = torch.from_numpy(Tokens(folder, 12).extract_texts(["abc"])[0, :1].astype(np.int64))
    n = int((tokens > 0).sum())
    with torch.no_grad():
        expected = pretrained(input_ids=tokens[:, :n] - 1).last_hidden_state.mean(1)
        torch.testing.assert_close(encoder(tokens), expected)
        beside = torch.cat(
            [
                tokens,
                torch.from_numpy(Tokens(folder, 12).extract_texts(["abcdefghi"])[0, :1].astype(np.int64)),
            ]
        )
        torch.testing.assert_close(encoder(beside)[:1], expected)  # padding changes nothing


def test_the_transformer_learns_at_a_smaller_rate_and_is_in_the_checkpoint(folder, tmp_path):
    (model, meta), X = fit(folder)
    before = load_transformer(folder).state_dict()
    after = model.text.encoder.transformer.state_dict()
    moved = max((after[k] - before[k]).abs().max().item() for k in after if after[k].is_floating_point())
    assert 0 < moved < 1e-3 and meta["started_from"].startswith(
        f"the transformer {folder} with its pretrained weights"
    )
    path = save_checkpoint(tmp_path / "m.safetensors", model, meta)
    (tmp_path / "gone").mkdir()
    loaded, read = load_checkpoint(path)
    assert folder not in read["config"]["text_encoder"] and loaded.config == model.config
    for modality in ("audio", "text"):
        np.testing.assert_array_equal(
            encode(loaded, X[modality], modality=modality), encode(model, X[modality], modality=modality)
        )


def test_loading_needs_no_transformer_of_that_name(folder, tmp_path, monkeypatch):
    (model, meta), X = fit(folder)
    path = save_checkpoint(tmp_path / "m.safetensors", model, meta)
    monkeypatch.setattr(
        "core.features.pretrained.tokens.load_transformer",
        lambda name: pytest.fail("looked for the pretrained weights"),
    )
    loaded, _ = load_checkpoint(path)
    assert not any(buffer.is_meta for buffer in loaded.buffers())
    loaded.train().forward_loss({m: torch.from_numpy(X[m]) for m in ("audio", "text")})["total"].backward()
    assert all(p.grad is not None for p in loaded.text.encoder.parameters())


def test_a_config_that_is_none_is_refused(tmp_path, folder):
    kind = get_model("contrastive")
    with pytest.raises(ConfigError, match="no transformer can be built"):
        kind(kind.Config(text_encoder='{"model_type": "nothing"}'), {"audio": (20,), "text": (4, 12)})
    (model, meta), _ = fit(folder)
    object.__setattr__(model.config, "text_encoder", '{"model_type": "bert", "hidden_size": "many"}')
    path = save_checkpoint(tmp_path / "m.safetensors", model, meta)
    with pytest.raises(CheckpointError, match="can't be built"):
        load_checkpoint(path)


def test_nobody_sets_by_hand_what_training_fills_in(folder):
    with pytest.raises(ConfigError, match="no setting 'text_encoder'"):
        fit(folder, text_encoder="{}")
