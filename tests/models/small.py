"""A small instance of any registered model and data that it reads, for tests that loop over the registry."""

import numpy as np
import torch

from core.models import get_model, model_spec

SMALL = {
    "channels": (4, 8),
    "latent_dim": 4,
    "n_components": 4,
    "temperature": 0.1,
    "dim": 4,
    "n_heads": 2,
    "audio_layers": 1,
    "text_layers": 1,
    "patch": 8,
    "n_words": 30,
    "n_pieces": 30,
    "word_dim": 8,
    "decoder_dim": 8,
    "decoder_heads": 2,
    "decoder_layers": 1,
}
N_WORDS = 30


def is_joint(name):
    return model_spec(name).reads_two


def reads_words(name):
    """Whether its words are numbers of word pieces (plus 1; 0 is none), not vectors."""
    return "wordpieces" in model_spec(name).inputs[0]


def words(rng, n, length):
    """Texts of different lengths as rows of word pieces."""
    there = np.arange(length) < rng.integers(3, length + 1, size=(n, 1))
    return (rng.integers(1, N_WORDS + 1, size=(n, length)) * there).astype(np.int32)


def shape_of(name):
    """Shape of one example: vectors where a model may read either."""
    ndim = model_spec(name).input_ndim
    if isinstance(ndim, dict):
        return {
            "audio": (16, 32) if ndim["audio"] == 2 else (20,),
            "text": (4, 12) if ndim["text"] == 2 else (12,),
        }
    return (16, 32) if ndim == 2 else (20,)


def data_of(name, n=12, seed=0, dtype=np.float32, n_crops=None):
    """Features of n tracks: an array, or a joint model's dictionary."""
    rng, shape = np.random.default_rng(seed), shape_of(name)
    crops = (n_crops,) if n_crops else ()
    if not is_joint(name):
        return words(rng, n, 20) if reads_words(name) else rng.normal(size=(n, *crops, *shape)).astype(dtype)
    there = {f"{part}_present": np.ones(n, bool) for part in shape}
    data = {part: rng.normal(size=(n, *size)).astype(dtype) for part, size in shape.items()}
    return data | ({"text": words(rng, n, 12)} if reads_words(name) else {}) | there


def small_model(name, n_labels=3, seed=0, n=12):
    """A small instance in training mode and a batch."""
    kind, spec = get_model(name), model_spec(name)
    torch.manual_seed(seed)
    settings = {key: value for key, value in SMALL.items() if key in kind.Config.__dataclass_fields__}
    model = kind(kind.Config(**settings), shape_of(name), n_labels if spec.sees_labels else 0)
    data = data_of(name, n, seed)
    model.fit_statistics({part: data[part] for part in shape_of(name)} if is_joint(name) else data)
    batch = {
        k: torch.from_numpy(v.astype(np.int64) if v.dtype == np.int32 else v)
        for k, v in (data if is_joint(name) else {"x": data}).items()
    }
    label = torch.arange(n) % n_labels
    genres = {"genres": torch.eye(n_labels)[label]} if spec.predicts_genres else {}
    return model, batch | {"label": label, "index": torch.arange(n)} | genres


def latents_of(encode, model, data):
    """Latents of every modality that a model reads, one array each, by :mod:`core.training.encode`."""
    if isinstance(data, dict):
        return [encode(model, data[part], modality=part) for part in ("audio", "text")]
    return [encode(model, data)]
