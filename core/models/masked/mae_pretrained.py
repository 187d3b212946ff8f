"""Initial weights of a masked autoencoder: random, of a CAV-MAE, of a BERT, or of both.

The paper initialises all but the text encoder from CAV-MAE, and the text encoder from the first layers of
BERT-base-uncased (Jiang 2024, section 5.2.1). CAV-MAE's weights are published as PyTorch files; they are read
with ``weights_only``, which runs no code, or from a .safetensors copy.
"""

import os
import re
from pathlib import Path

import torch
from torch import Tensor, nn

from core.errors import CheckpointError, ConfigError
from core.models.masked.mae_config import MAEConfig
from core.models.masked.mae_encoder import MAEEncoder

STREAM_NORMS = {"audio": "_a", "text": "_v", "joint": ""}
"""CAV-MAE's suffixes of the layer norms by stream; its second modality is video."""


def load_initial_weights(model: nn.Module, encoder: MAEEncoder, config: MAEConfig, tokenizer: str) -> str:
    """Load the pretrained weights that a masked autoencoder's config names, and return their origin.

    Raises
    ------
    CheckpointError
        When a file holds no CAV-MAE, or one of other sizes.
    TextError
        When the BERT isn't available.
    """
    origins = []
    if config.start_audio:
        weights = read_weights(Path(os.path.expanduser(config.start_audio)))
        n_tensors = load_cav_mae(model, encoder, config.decoder_layers, weights)
        origins.append(f"CAV-MAE's weights in {Path(config.start_audio).name} ({n_tensors} tensors)")
    if config.start_text:
        n_layers = load_bert(encoder, config.start_text, tokenizer)
        origins.append(f"the first {n_layers} layers of {Path(config.start_text).name}")
    return " and ".join(origins) or "random weights"


def tokenizer_of(reads: dict) -> str:
    """Return the name or folder of the tokenizer of a text input."""
    from core.features.pretrained.tokens import PACKAGED

    return (reads.get("config", {}).get("text") or {}).get("model", PACKAGED)


def count_words(reads: dict, n_words: int) -> int:
    """Return the vocabulary size of the input's tokenizer; ``n_words`` for the packaged one."""
    from core.features.pretrained.tokens import PACKAGED, load_tokenizer

    tokenizer = tokenizer_of(reads)
    if tokenizer == PACKAGED:
        return n_words
    return max(load_tokenizer(tokenizer).get_vocab().values()) + 1


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a .safetensors or PyTorch file, without the prefix of distributed training.

    Raises
    ------
    CheckpointError
        When there is no such file, or it holds anything but tensors.
    """
    if not os.path.isfile(path):  # Path.is_file raises where a name is too long
        raise CheckpointError(f"there is no file {str(path)!r} with initial weights")
    found = _read_safetensors(path) if path.suffix == ".safetensors" else _read_pytorch(path)
    return {name.removeprefix("module."): value for name, value in found.items()}


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a .safetensors file."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except (OSError, SafetensorError) as reason:
        raise CheckpointError(f"{path.name} is damaged: {reason}") from reason


def _read_pytorch(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a PyTorch file without running code."""
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as reason:  # torch raises many kinds for files that aren't its own
        raise CheckpointError(
            f"{path.name} holds no weights that can be read safely: {str(reason).splitlines()[0][:160]}"
        ) from reason
    if not isinstance(found, dict) or not all(isinstance(value, Tensor) for value in found.values()):
        raise CheckpointError(f"{path.name} holds other objects than named tensors")
    return found


def load_cav_mae(
    model: nn.Module, encoder: MAEEncoder, decoder_layers: int, weights: dict[str, Tensor]
) -> int:
    """Load CAV-MAE's weights into all but the text encoder and return the number of tensors.

    The text stream gets the layer norms of CAV-MAE's video stream. CAV-MAE's audio layers have norms per
    stream, too, of which its training used the unsuffixed ones. Positions are computed, not loaded.

    Raises
    ------
    CheckpointError
        When a tensor is missing or has another shape.
    """
    has_decoder = any(name.startswith("decoder_blocks.") for name in weights)
    names = _cav_mae_names(encoder, decoder_layers if has_decoder else 0)
    own = model.state_dict()
    loaded = {}
    for name, theirs in names.items():
        found = weights.get(theirs)
        if found is None:
            raise CheckpointError(
                f"the initial weights lack {theirs}; is it a CAV-MAE with at least as many layers?"
            )
        if found.numel() != own[name].numel():
            raise CheckpointError(
                f"{theirs} has shape {tuple(found.shape)} instead of {tuple(own[name].shape)}; CAV-MAE has "
                "the sizes of preset=published"
            )
        loaded[name] = found.reshape(own[name].shape).to(own[name].dtype)
    model.load_state_dict(loaded, strict=False)
    return len(loaded)


def _cav_mae_names(encoder: MAEEncoder, decoder_layers: int) -> dict[str, str]:
    """Return CAV-MAE's name of each tensor that is loaded, by the model's own; 0: without the decoder."""
    wanted = _layer_names("encoder.audio_layers", "blocks_a", len(encoder.audio_layers), {"joint": ""})
    wanted |= _layer_names("encoder.joint_layers", "blocks_u", len(encoder.joint_layers), STREAM_NORMS)
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
    if decoder_layers:
        wanted |= _layer_names("decoder", "decoder_blocks", decoder_layers, {"joint": ""})
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
    return wanted


def _layer_names(own: str, theirs: str, n_layers: int, norms: dict[str, str]) -> dict[str, str]:
    """Return CAV-MAE's name (timm's) of each tensor of some layers, by the model's own name."""
    pairs: dict[str, str] = {}
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


def load_bert(encoder: MAEEncoder, name: str, tokenizer: str) -> int:
    """Load a BERT's word embedding and first layers into the text encoder and return the number of layers.

    Raises
    ------
    ConfigError
        When it is no BERT, one of other sizes, or trained with another ``tokenizer`` than the input's.
    TextError
        When it isn't available.
    """
    from core.features.pretrained.tokens import load_tokenizer, load_transformer

    bert = load_transformer(name)
    if bert.config.model_type != "bert":
        raise ConfigError(
            f"start_text={name} is a {type(bert).__name__}; the text encoder can be initialised from a BERT"
        )
    if load_tokenizer(name).get_vocab() != load_tokenizer(tokenizer).get_vocab():
        raise ConfigError(
            f"start_text={name} was trained with another tokenizer than {tokenizer}; take the text input "
            f"wordpieces:{name}"
        )
    theirs = {re.sub(r"^bert\.", "", key): value for key, value in bert.state_dict().items()}
    n_layers = min(len(encoder.text_layers), bert.config.num_hidden_layers)
    loaded = _convert_bert(theirs, n_layers)
    own = encoder.state_dict()
    for key, value in loaded.items():
        if value.shape != own[key].shape:
            raise ConfigError(
                f"start_text={name}: {key} has shape {tuple(value.shape)} instead of "
                f"{tuple(own[key].shape)}; take a BERT of the same sizes, or other sizes"
            )
    width = encoder.embed_word.embedding_dim
    loaded["embed_word.weight"] = loaded["embed_word.weight"] / width**0.5 * _embedding_scale(theirs)
    encoder.load_state_dict(loaded, strict=False)
    return n_layers


def _convert_bert(theirs: dict[str, Tensor], n_layers: int) -> dict[str, Tensor]:
    """Return a BERT's word embedding and first layers under the names of the text encoder."""
    converted = {"embed_word.weight": theirs["embeddings.word_embeddings.weight"]}
    converted |= {f"text_norm.{kind}": theirs[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")}
    for i in range(n_layers):
        their, our = f"encoder.layer.{i}", f"text_layers.{i}"
        for kind in ("weight", "bias"):
            converted[f"{our}.attention.qkv.{kind}"] = torch.cat(
                [theirs[f"{their}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
            for ours, other in (
                ("attention.out", "attention.output.dense"),
                ("norm1.joint", "attention.output.LayerNorm"),
                ("mlp.0", "intermediate.dense"),
                ("mlp.2", "output.dense"),
                ("norm2.joint", "output.LayerNorm"),
            ):
                converted[f"{our}.{ours}.{kind}"] = theirs[f"{their}.{other}.{kind}"]
    return converted


def _embedding_scale(theirs: dict[str, Tensor]) -> float:
    """Return the factor that keeps BERT's ratio of word to position embeddings with sinusoidal positions."""
    learnt = theirs["embeddings.position_embeddings.weight"].square().mean().sqrt()
    return float(0.5**0.5 / learnt.clamp_min(1e-6))
