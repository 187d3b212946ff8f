"""Pretrained transformers as backbones, alone and beside an image network."""

import numpy as np
import pytest

from core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from core.errors import ConfigError, TextError
from core.features.pretrained.tokens import load_transformer
from core.features.pretrained.wordpieces import Wordpieces
from core.models.classifiers.unimodal import AudioCNNConfig
from core.training.encode import encode
from core.training.fit import fit_model
from tests.features.pretrained.transformer_folder import save_bert, save_roberta
from tests.models.classifiers.small_backbones import LABELS, QUICK, TEXTS, save_resnet, spectrograms


def fit_words(folder, reads=None, n_tokens=12):
    X = Wordpieces(str(reads or folder), n_tokens).extract_texts(TEXTS)
    config = {"model": str(reads or folder), "n_tokens": n_tokens}
    told = {
        "input_extractor": {"name": f"wordpieces:{reads or folder}", "config": config},
        "settings": QUICK | {"text_backbone": str(folder)},
        **LABELS,
    }
    return fit_model("lyrics-transformer", X, **told), X


@pytest.mark.parametrize("save", [save_bert, save_roberta])
def test_a_transformer_from_a_folder_learns_and_is_in_the_checkpoint(save, tmp_path):
    folder = save(tmp_path / "words")
    (model, meta), X = fit_words(folder)
    before, after = load_transformer(str(folder)).state_dict(), model.text.transformer.state_dict()
    assert (
        0
        < max(
            (after[key] - before[key]).abs().max().item() for key in after if after[key].is_floating_point()
        )
        <= 4.1e-6
    )
    assert model.latent_dim == 16 and meta["started_from"] == f"{folder} with its pretrained weights"
    path = save_checkpoint(tmp_path / "m.safetensors", model, meta)
    folder.rename(tmp_path / "gone")
    assert np.array_equal(encode(load_checkpoint(path)[0], X), encode(model, X))


def test_word_pieces_of_another_vocabulary_are_refused(tmp_path):
    bert, roberta = save_bert(tmp_path / "bert"), save_roberta(tmp_path / "roberta")
    with pytest.raises(
        ConfigError, match=f"another tokenizer than {roberta}; take the text input wordpieces:{bert}"
    ):
        fit_words(bert, reads=roberta)
    with pytest.raises(TextError, match="there is no folder"):
        fit_words(tmp_path / "nothing", reads=bert)


def test_the_small_transformer_has_a_row_for_each_piece_of_the_tokenizer(tmp_path):
    folder = save_bert(tmp_path / "bert")
    (model, meta), _ = fit_words("small", reads=folder)
    assert (
        model.config.n_pieces == 57 and model.text.pieces.num_embeddings == 58
    )  # 5 marks, 26 letters, 26 endings, and none


def test_alnet_takes_both_and_the_width_of_the_transformer(tmp_path):
    sound, words = save_resnet(tmp_path / "network"), save_bert(tmp_path / "bert")
    X = {
        "audio": spectrograms(),
        "text": Wordpieces(str(words), 12).extract_texts(TEXTS),
        "audio_present": np.ones(8, bool),
        "text_present": np.ones(8, bool),
    }
    reads = {"name": f"fbank+wordpieces:{words}", "config": {"audio": {}, "text": {"model": str(words)}}}
    model, meta = fit_model(
        "alnet",
        X,
        input_extractor=reads,
        settings=QUICK | {"audio_backbone": sound, "text_backbone": str(words)},
        **LABELS,
    )
    assert (model.latent_dim, model.config.n_heads, model.fusion.self_attn.num_heads) == (16, 2, 2)
    assert (
        meta["started_from"]
        == f"audio: {sound} with its pretrained weights; text: {words} with its pretrained weights; "
        "fusion: random weights"
    )
    groups = model.parameter_groups(1.0)
    assert sum(len(g["params"]) for g in groups) == len(list(model.parameters())) and groups[1]["lr"] == 0.02
    path = save_checkpoint(tmp_path / "m.safetensors", model, meta)
    assert np.array_equal(
        encode(load_checkpoint(path)[0], X["audio"], modality="audio"),
        encode(model, X["audio"], modality="audio"),
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"latent_dim": 0},
        {"channels": (4, 0)},
        {"encoder_lr": 2.0},
        {"audio_backbone": ""},
        {"audio_weights": " "},
    ],
)
def test_settings_out_of_range_are_refused_by_name(bad):
    with pytest.raises(ConfigError, match=next(iter(bad))):
        AudioCNNConfig(**bad)
