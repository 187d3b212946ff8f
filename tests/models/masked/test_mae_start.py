"""A masked autoencoder initialised from CAV-MAE or BERT computes what they compute."""

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from core.errors import CheckpointError, ConfigError
from core.models.masked.mae import MAE
from core.models.masked.mae_config import MAEConfig
from tests.features.pretrained.transformer_folder import save_bert, save_roberta

SHAPE = {"audio": (16, 32), "text": (12,)}
SIZES = {
    "dim": 16,
    "n_heads": 2,
    "patch": 8,
    "word_dim": 16,
    "n_words": 57,
    "decoder_dim": 8,
    "decoder_heads": 2,
    "tied_words": False,
}


def cav_mae(dim=16, width=8, n_layers=3):
    """Weights with CAV-MAE's names and shapes, as its training leaves them."""
    torch.manual_seed(0)
    shapes = {
        "patch_embed_a.proj.weight": (dim, 1, 8, 8),
        "patch_embed_a.proj.bias": (dim,),
        "modality_a": (1, 1, dim),
        "pos_embed_a": (1, 64, dim),
    }
    shapes |= {f"norm{tail}.{kind}": (dim,) for tail in ("", "_a", "_v") for kind in ("weight", "bias")}
    for stack, size, count, tails in (
        ("blocks_a", dim, n_layers, ("", "_a", "_v")),
        ("blocks_u", dim, 1, ("", "_a", "_v")),
        ("decoder_blocks", width, n_layers, ("",)),
    ):
        for i in range(count):
            for part, shape in (
                ("attn.qkv", (3 * size, size)),
                ("attn.proj", (size, size)),
                ("mlp.fc1", (4 * size, size)),
                ("mlp.fc2", (size, 4 * size)),
            ):
                shapes |= {f"{stack}.{i}.{part}.weight": shape, f"{stack}.{i}.{part}.bias": shape[:1]}
            shapes |= {
                f"{stack}.{i}.{norm}{tail}.{kind}": (size,)
                for norm in ("norm1", "norm2")
                for tail in tails
                for kind in ("weight", "bias")
            }
    shapes |= {
        "decoder_embed.weight": (width, dim),
        "decoder_embed.bias": (width,),
        "mask_token": (1, 1, width),
        "decoder_modality_a": (1, 1, width),
    }
    shapes |= {
        "decoder_norm.weight": (width,),
        "decoder_norm.bias": (width,),
        "decoder_pred_a.weight": (64, width),
        "decoder_pred_a.bias": (64,),
    }
    return {name: 0.3 * torch.randn(shape) for name, shape in shapes.items()}


def build(tokenizer="minilm", **settings):
    reads = {"name": "fbank+wordpieces", "config": {"audio": {}, "text": {"model": str(tokenizer)}}}
    return MAE.from_pretrained(MAEConfig(**SIZES, **settings), SHAPE, 0, reads).eval()


@pytest.mark.parametrize("ending", ["safetensors", "pth"])
def test_cav_mae_weights_compute_the_same(tmp_path, ending):
    w, path = cav_mae(), tmp_path / f"cav.{ending}"
    saved = {f"module.{name}": value for name, value in w.items()}
    save_file(saved, path) if ending == "safetensors" else torch.save(saved, path)
    model = build(start_audio=str(path))
    assert "CAV-MAE" in model.started_from and path.name in model.started_from

    def block(x, name, tail):
        """A layer as CAV-MAE writes it, transcribed."""

        def norm(x, which):
            return F.layer_norm(
                x, x.shape[-1:], w[f"{name}.{which}{tail}.weight"], w[f"{name}.{which}{tail}.bias"], 1e-5
            )

        def linear(x, part):
            return F.linear(x, w[f"{name}.{part}.weight"], w[f"{name}.{part}.bias"])

        n, length, dim = x.shape
        q, k, v = (
            linear(norm(x, "norm1"), "attn.qkv").reshape(n, length, 3, 2, dim // 2).permute(2, 0, 3, 1, 4)
        )
        weights = (q @ k.transpose(-2, -1) * (dim // 2) ** -0.5).softmax(-1)
        x = x + linear((weights @ v).transpose(1, 2).reshape(n, length, dim), "attn.proj")
        return x + linear(F.gelu(linear(norm(x, "norm2"), "mlp.fc1")), "mlp.fc2")

    spectrograms = torch.randn(2, 16, 32)
    x = (
        F.conv2d(
            spectrograms[:, None], w["patch_embed_a.proj.weight"], w["patch_embed_a.proj.bias"], stride=8
        )
        .flatten(2)
        .transpose(1, 2)
    )
    x = x + model.encoder.patch_positions + w["modality_a"]
    for i in range(2):
        x = block(x, f"blocks_a.{i}", "")  # forward_encoder names no stream there
    x = F.layer_norm(block(x, "blocks_u.0", "_a"), (16,), w["norm_a.weight"], w["norm_a.bias"], 1e-5).mean(1)
    torch.testing.assert_close(model.encode_audio(spectrograms), x)
    torch.testing.assert_close(model.to_pixels.weight, w["decoder_pred_a.weight"])
    torch.testing.assert_close(model.decoder[1].mlp[0].weight, w["decoder_blocks.1.mlp.fc1.weight"])
    torch.testing.assert_close(model.encoder.norm["text"].weight, w["norm_v.weight"])


def test_the_first_layers_of_a_bert_compute_what_they_did(tmp_path):
    from transformers import BertModel

    model, bert = (
        build(save_bert(tmp_path, intermediate=64), start_text=str(tmp_path)),
        BertModel.from_pretrained(tmp_path).eval(),
    )
    assert "the first 1 layers" in model.started_from
    x, there = torch.randn(3, 7, 16), torch.arange(7) < torch.tensor([[7], [4], [2]])
    with torch.no_grad():
        ours = model.encoder.text_layers[0](x, there)
        theirs = bert.encoder.layer[0](x, attention_mask=torch.where(there, 0.0, -1e9)[:, None, None])
        theirs = theirs[0] if isinstance(theirs, tuple) else theirs
        torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)
    words = model.encoder.embed_word.weight.detach() * model.encoder.embed_word.embedding_dim**0.5
    grown = words / bert.embeddings.word_embeddings.weight.detach()
    learnt = bert.embeddings.position_embeddings.weight.square().mean().sqrt()
    torch.testing.assert_close(grown[1:], torch.full_like(grown[1:], float((0.5**0.5 / learnt).detach())))


def test_without_any_weights_are_random():
    assert build().started_from == "random weights"


def test_another_tokenizer_brings_its_own_number_of_words(tmp_path):
    config = MAEConfig(**SIZES | {"n_words": 3})
    model = MAE.from_pretrained(
        config,
        SHAPE,
        0,
        {"name": "fbank+wordpieces", "config": {"audio": {}, "text": {"model": str(save_bert(tmp_path))}}},
    )
    assert model.config.n_words == model.encoder.embed_word.num_embeddings == 57


class Code:
    """What a pickle could run."""

    def __reduce__(self):
        return print, ("this must never be printed",)


def test_what_is_no_cav_mae_is_refused(tmp_path, capsys):
    path = tmp_path / "weights.pth"
    with pytest.raises(CheckpointError, match="there is no file"):
        build(start_audio=str(path))
    torch.save({"x": Code()}, path)
    with pytest.raises(CheckpointError, match="holds no weights that can be read safely"):
        build(start_audio=str(path))
    assert "never" not in capsys.readouterr().out
    torch.save({"epoch": 3}, path)
    with pytest.raises(CheckpointError, match="other objects than named tensors"):
        build(start_audio=str(path))
    torch.save(cav_mae(n_layers=1), path)
    with pytest.raises(CheckpointError, match=r"lack blocks_a\.1\."):
        build(start_audio=str(path))
    torch.save(cav_mae(dim=32), path)
    with pytest.raises(CheckpointError, match="has the sizes of preset=published"):
        build(start_audio=str(path))


def test_what_is_no_fitting_bert_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="is a RobertaModel"):
        build(start_text=str(save_roberta(tmp_path / "roberta")))
    with pytest.raises(ConfigError, match="take a BERT of the same sizes"):
        build(save_bert(tmp_path / "bert", size=32), start_text=str(tmp_path / "bert"))
    with pytest.raises(ConfigError, match="another tokenizer than minilm"):
        build(start_text=str(tmp_path / "bert"))
