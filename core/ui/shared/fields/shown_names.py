"""Names of models and inputs in addresses of version 0.1.0, which hold titles."""

from collections.abc import Iterable

from core.inputs.input_names import parts_of
from core.models import MODELS
from core.ui.shared.fields.wording import title_of_input

MODELS_IN_0_1 = {
    "β-VAE over vectors": "beta-vae",
    "BYOL: predict the other view": "byol",
    "Contrastive towers": "contrastive",
    "Gated joint VAE": "gated-vae",
    "SimCLR: two views of a clip": "simclr",
    "VAE over vectors": "mlp-vae",
}
"""Models by their former titles."""
INPUTS_IN_0_1 = {
    "musicnn": "Pretrained ear",
    "mel": "Spectrum over time",
    "mel-centre": "Spectrum over time, one crop",
    "clip": "Loudness per pitch band",
    "clip-270": "Loudness per pitch band, whole songs",
    "fbank": "Energy per pitch band, fine",
    "mfcc": "Timbre",
    "descriptors": "Descriptors with names",
    "table": "The table's own numbers",
    "sentence": "Meaning, many languages",
    "sentence-minilm": "Meaning, English",
    "sentence-mpnet": "Meaning, the paper's encoder",
    "passages": "Meaning of a text and of its three passages",
    "tokens": "Words for an encoder that learns",
    "wordpieces": "Word pieces of the whole text",
    "wordpieces-en": "Word pieces, English texts alone",
    "tfidf": "Wording",
    "clap": "Sound near its description",
}
"""Former titles of inputs."""


def read_model(text: str) -> str:
    """Return the name of a model by name or title; other text unchanged."""
    return ({spec.title: name for name, spec in MODELS.items()} | MODELS_IN_0_1).get(text, text)


def read_input(text: str, inputs: Iterable[str]) -> str:
    """Return the name of an input by name or title; other text unchanged."""
    return next((name for name in inputs if text in (title_of_input(name), _title_in_0_1(name))), text)


def read_folds(text: str) -> int:
    """Return the number of folds of ``5``, ``5 folds`` or ``none``.

    Raises
    ------
    ValueError
        When it is no number.
    """
    return 0 if text == "none" else int(text.removesuffix(" folds"))


def _title_in_0_1(name: str) -> str:
    """Return the title of an input in version 0.1.0."""
    return " and ".join(INPUTS_IN_0_1.get(part, part) for part in parts_of(name).values())
