"""Models: what learns latents from features.

A model is one file with an ``nn.Module`` and its frozen ``Config``, and one line in :data:`MODELS`. It knows
nothing of the training loop. Its class carries

- ``name``, ``title``, ``summary``, ``paper`` (plain strings, for pages and ``train --help``), ``inputs`` (the
  extractors it can read, the default first), ``input_ndim`` (1: vectors, 2: spectrograms, None: either),
  ``sees_labels`` (True where training is given the labels); ``needs_labels = True`` leaves unlabelled tracks out of it;
  ``multi_label = True`` gives it all genres of each track, ``batch["genres"]`` of shape (n, n_labels), 0 or 1, and it has
  ``predict_genres(batch) -> (n, n_labels)``, probabilities (see :mod:`core.models.multilabel`, :mod:`core.training.folds`);
- ``Config`` and ``training``, a :class:`core.training.config.TrainConfig`, or None where a closed form
  replaces training.

``presets`` (settings by name, of Config and training, beside a config field ``preset``) and ``examples_per_s`` (speed on two cores by preset) are
for models of several sizes; ``inpaint(x, mask_ratio=, seed=, text=) -> (restored, hidden)`` for those that fill in what is hidden.

A joint model reads sound and words: its ``inputs`` are two extractors joined by "+", ``input_ndim`` and
``input_shape`` are dictionaries with ``audio`` and ``text``, and so are its batches, which add ``audio_present`` and
``text_present`` (see :mod:`core.inputs`). It has ``encode_audio(x)`` and ``encode_text(x)`` in place of ``encode``, and where
both lead to one latent also ``encode_joint(batch)`` and ``gate(batch) -> (n,)``, the share of the sound in a track's latent;
``needs_both = True`` leaves tracks that lack one out of its training; ``diagnostics(batch) -> dict`` may say figures.

A model may have hooks that the loop calls: ``parameter_groups(lr)`` for Adam, ``start_epoch(epoch)`` (from 1),
``after_step()``.

``from_pretrained(config, input_shape, n_labels, reads) -> Model``, a class method, builds what training starts from where that is more
than a new model: pretrained weights. What those fix goes into config fields marked ``metadata={"filled_in": True}``, which
nobody sets by hand, so that a checkpoint needs no other file. A model may carry ``started_from``, a sentence on what its weights
began as, which the checkpoint keeps.

An instance ``Model(config, input_shape, n_labels=0)`` keeps those three and has

- ``latent_dim``; ``fit_statistics(X)``: statistics in closed form from examples of shape ``(n, *input_shape)``;
- ``forward_loss(batch) -> dict``: named parts with ``total``, from ``batch["x"]`` and, where labels are seen,
  ``batch["label"]``;
- ``encode(x) -> (n, latent_dim)``: deterministic; ``decode(z, label=None) -> (n, *input_shape)``: the mean
  reconstruction; variational models also ``posterior(x) -> (mu, log_var)``.
"""

import ast
import functools
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigError
from core.lazy import load_name

MODELS: dict[str, str] = {
    "conv-vae": "core.models.conv_vae:ConvVAE",
    "mlp-vae": "core.models.mlp_vae:MLPVAE",
    "beta-vae": "core.models.beta_vae:BetaVAE",
    "conv-ae": "core.models.conv_ae:ConvAE",
    "cvae": "core.models.cvae:CVAE",
    "pca": "core.models.pca:PCA",
    "simclr": "core.models.simclr:SimCLR",
    "byol": "core.models.byol:BYOL",
    "contrastive": "core.models.contrastive:Contrastive",
    "genre-head": "core.models.genre_head:GenreHead",
    "mae": "core.models.mae:MAE",
    "mae-classifier": "core.models.mae_classifier:MAEClassifier",
    "gated-vae": "core.models.gated_vae:GatedVAE",
    "cross-attention": "core.models.cross_attention:CrossAttention",
    "audio-cnn": "core.models.audio_cnn:AudioCNNBaseline",
    "lyrics-transformer": "core.models.lyrics_transformer:LyricsTransformer",
    "alnet": "core.models.alnet:ALNet",
}


@dataclass(frozen=True)
class Card:
    """What a model says of itself in words."""

    name: str
    title: str
    summary: str
    paper: str
    inputs: tuple[str, ...]
    sees_labels: bool
    multi_label: bool = False


def get_model(name: str) -> type:
    """Return a model class by its registered name.

    Raises
    ------
    ConfigError
        When there is none of that name; lists those there are.
    """
    return load_name(_address(name))


def joint_models() -> list[str]:
    """Return the models that read one latent from sound and words at once."""
    return [name for name in MODELS if hasattr(get_model(name), "encode_joint")]


@functools.cache
def describe(name: str) -> Card:
    """Return a model's card without importing torch, which takes seconds: its class is read, not run."""
    module, _, cls = _address(name).partition(":")
    tree = ast.parse(Path(importlib.util.find_spec(module).origin).read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == cls).body
    said = {}
    for node in body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) in Card.__dataclass_fields__:
            said[node.targets[0].id] = ast.literal_eval(node.value)
    return Card(**said)


def _address(name: str) -> str:
    """Return ``module:Class``."""
    if name not in MODELS:
        raise ConfigError(f"there is no model {name!r}; choose from {', '.join(MODELS)}")
    return MODELS[name]
