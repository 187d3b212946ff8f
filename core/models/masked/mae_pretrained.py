"""What a masked autoencoder's training begins with: nothing, CAV-MAE's weights, a BERT, or both.

The paper takes CAV-MAE for all but the lyrics' encoder, and the first layers of BERT-base-uncased for that
(Jiang 2024, section 5.2.1). CAV-MAE's weights are published as PyTorch files; they are read by torch's loader
of plain tensors (``weights_only``), which runs no code, or from a .safetensors copy.
"""

import os
import re
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from core.checkpoints.tensor_file import read_tensors
from core.errors import CheckpointError, ConfigError

STREAM_NORMS = {"audio": "_a", "text": "_v", "joint": ""}
"""CAV-MAE's names for the layer norms of its streams; its second modality is pictures."""


def mae_from_pretrained(cls: type, config, input_shape: dict, n_labels: int, reads: dict) -> nn.Module:
    """Build a model and put in what its config names; ``started_from`` says in a sentence what that was.

    Raises
    ------
    CheckpointError
        When a file holds no CAV-MAE, or one of other sizes.
    TextError
        When the BERT can't be had.
    """
    model = cls(replace(config, n_words=count_words(reads, config.n_words)), input_shape, n_labels)
    told = []
    if config.start_audio:
        taken = take_cav_mae(model, read_weights(Path(os.path.expanduser(config.start_audio))))
        told.append(f"CAV-MAE's weights in {Path(config.start_audio).name} ({taken} tensors)")
    if config.start_text:
        told.append(
            f"the first {take_bert(model.encoder, config.start_text, tokenizer_of(reads))} layers of "
            f"{Path(config.start_text).name}"
        )
    model.started_from = " and ".join(told) or "nothing: all weights were random"
    return model


def tokenizer_of(reads: dict) -> str:
    """Return the tokenizer that cut the words: its name or folder."""
    from core.features.pretrained.tokens import PACKAGED

    return (reads.get("config", {}).get("text") or {}).get("model", PACKAGED)


def count_words(reads: dict, n_words: int) -> int:
    """Return the size of the vocabulary: that of the tokenizer where the input names one, else ``n_words``."""
    from core.features.pretrained.tokens import PACKAGED, load_tokenizer

    named = tokenizer_of(reads)
    return n_words if named == PACKAGED else max(load_tokenizer(named).get_vocab().values()) + 1


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a .safetensors or PyTorch file by name, without the prefix that training on several devices leaves.

    Raises
    ------
    CheckpointError
        When there is no such file, or it holds anything but tensors.
    """
    if not os.path.isfile(path):  # Path.is_file raises where a name is too long
        raise CheckpointError(f"there is no file {str(path)!r} to start from")
    if path.suffix == ".safetensors":
        return {name.removeprefix("module."): value for name, value in read_tensors(path).items()}
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as reason:  # torch raises many kinds for files that are none of its own
        raise CheckpointError(
            f"{path.name} holds no weights that can be read safely: {str(reason).splitlines()[0][:160]}"
        ) from reason
    if not isinstance(found, dict) or not all(isinstance(value, Tensor) for value in found.values()):
        raise CheckpointError(f"{path.name} holds something else than named tensors")
    return {name.removeprefix("module."): value for name, value in found.items()}


def take_cav_mae(model: nn.Module, weights: dict[str, Tensor]) -> int:
    """Put CAV-MAE's weights into all but the lyrics' own parts, as many layers as the model has; return the number of tensors.

    The text stream takes the layer norms of CAV-MAE's pictures. Its layers for sound alone hold norms per
    stream as well, of which training used the plain ones. Places are computed, so they are not taken.

    Raises
    ------
    CheckpointError
        When a tensor that the model needs is lacking or of another shape.
    """
    e, wanted = model.encoder, {}
    wanted |= _names("encoder.audio_layers", "blocks_a", len(e.audio_layers), {"joint": ""})
    wanted |= _names("encoder.joint_layers", "blocks_u", len(e.joint_layers), STREAM_NORMS)
    wanted |= {
        f"encoder.norm.{stream}.{kind}": f"norm{tail}.{kind}"
        for stream, tail in STREAM_NORMS.items()
        for kind in ("weight", "bias")
    }
    wanted |= {
        "encoder.embed_patch.weight": "patch_embed_a.proj.weight",
        "encoder.embed_patch.bias": "patch_embed_a.proj.bias",
    }
    wanted |= {"encoder.modality.audio": "modality_a"}
    if any(name.startswith("decoder_blocks.") for name in weights):
        wanted |= _names("decoder", "decoder_blocks", len(model.decoder), {"joint": ""})
        wanted |= {
            f"{own}.{kind}": f"{theirs}.{kind}"
            for own, theirs in (
                ("to_decoder", "decoder_embed"),
                ("decoder_norm", "decoder_norm"),
                ("to_pixels", "decoder_pred_a"),
            )
            for kind in ("weight", "bias")
        }
        wanted |= {"mask_token": "mask_token", "decoder_modality.audio": "decoder_modality_a"}
    own = model.state_dict()
    taken = {}
    for name, theirs in wanted.items():
        found = weights.get(theirs)
        if found is None:
            raise CheckpointError(
                f"the weights to start from lack {theirs}; is it a CAV-MAE with at least as many layers?"
            )
        if found.numel() != own[name].numel():
            raise CheckpointError(
                f"{theirs} has shape {tuple(found.shape)} where {tuple(own[name].shape)} belongs; CAV-MAE "
                "has the sizes of preset=published"
            )
        taken[name] = found.reshape(own[name].shape).to(own[name].dtype)
    model.load_state_dict(taken, strict=False)
    return len(taken)


def _names(own: str, theirs: str, n_layers: int, norms: dict[str, str]) -> dict[str, str]:
    """Return the tensors of some layers: our name to CAV-MAE's (timm's)."""
    pairs = {}
    for i in range(n_layers):
        for ours, other in (
            ("attention.qkv", "attn.qkv"),
            ("attention.out", "attn.proj"),
            ("mlp.0", "mlp.fc1"),
            ("mlp.2", "mlp.fc2"),
        ):
            pairs |= {
                f"{own}.{i}.{ours}.{kind}": f"{theirs}.{i}.{other}.{kind}" for kind in ("weight", "bias")
            }
        for norm in ("norm1", "norm2"):
            pairs |= {
                f"{own}.{i}.{norm}.{stream}.{kind}": f"{theirs}.{i}.{norm}{tail}.{kind}"
                for stream, tail in norms.items()
                for kind in ("weight", "bias")
            }
    return pairs


def take_bert(encoder: nn.Module, name: str, tokenizer: str) -> int:
    """Put a BERT's words and its first layers into E_t; return how many layers. ``tokenizer`` cut the words that E_t reads.

    Raises
    ------
    ConfigError
        When it is no BERT, one of other sizes, or made for other word pieces.
    TextError
        When it can't be had.
    """
    from core.features.pretrained.tokens import load_tokenizer, load_transformer

    bert = load_transformer(name)
    theirs = {re.sub(r"^bert\.", "", key): value for key, value in bert.state_dict().items()}
    if bert.config.model_type != "bert":
        raise ConfigError(
            f"start_text={name} is a {type(bert).__name__}, and the lyrics' encoder can begin with a BERT"
        )
    if load_tokenizer(name).get_vocab() != load_tokenizer(tokenizer).get_vocab():
        raise ConfigError(
            f"start_text={name} was made for other word pieces than {tokenizer}'s; let the words be read as "
            f"wordpieces:{name}"
        )
    taken = {"embed_word.weight": theirs["embeddings.word_embeddings.weight"]}
    taken |= {f"text_norm.{kind}": theirs[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")}
    n_layers = min(len(encoder.text_layers), bert.config.num_hidden_layers)
    for i in range(n_layers):
        their, our = f"encoder.layer.{i}", f"text_layers.{i}"
        for kind in ("weight", "bias"):
            taken[f"{our}.attention.qkv.{kind}"] = torch.cat(
                [theirs[f"{their}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
            for ours, other in (
                ("attention.out", "attention.output.dense"),
                ("norm1.joint", "attention.output.LayerNorm"),
                ("mlp.0", "intermediate.dense"),
                ("mlp.2", "output.dense"),
                ("norm2.joint", "output.LayerNorm"),
            ):
                taken[f"{our}.{ours}.{kind}"] = theirs[f"{their}.{other}.{kind}"]
    own = encoder.state_dict()
    for key, value in taken.items():
        if value.shape != own[key].shape:
            raise ConfigError(
                f"start_text={name}: {key} has shape {tuple(value.shape)} where {tuple(own[key].shape)} "
                "belongs; take a BERT of the same sizes, or other sizes"
            )
    taken["embed_word.weight"] = (
        taken["embed_word.weight"] / encoder.embed_word.embedding_dim**0.5 * _scale_of(theirs)
    )
    encoder.load_state_dict(taken, strict=False)
    return n_layers


def _scale_of(theirs: dict[str, Tensor]) -> float:
    """Return by how much BERT's words must grow to weigh as much beside our places as beside its own learnt ones."""
    learnt = theirs["embeddings.position_embeddings.weight"].square().mean().sqrt()
    return float(0.5**0.5 / learnt.clamp_min(1e-6))
