"""Titles and help of representations and inputs, also those of version 0.1.0 in addresses; text encoders."""

import os
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.access.rules import check_every_right
from core.checkpoints.catalogue import is_trained_on, list_checkpoints
from core.collection import Collection
from core.collection.sources.roots import resolve_within
from core.errors import SongscapeError
from core.features import EXTRACTORS
from core.features.encoders.encoder_table import find_entry
from core.features.encoders.obtained import Obtained, list_obtained
from core.inputs.input_names import parts_of, side_by_side
from core.inputs.weighted_parts import JOIN, Part
from core.models import MODELS, model_spec
from core.pipeline.first_choice import list_extractors
from core.registry import Spec
from core.ui.shared.url_state import choose_option, type_text

WITH_ENCODER = ("sentence", "passages", "tokens", "wordpieces")
"""Inputs that take any text encoder (``sentence:NAME_OR_FOLDER``)."""
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


@dataclass(frozen=True)
class Words:
    """Title and help of an option."""

    title: str
    help: str = ""


GROUPS = {
    "audio": Words(
        "Table features (audio)", "The numeric columns whose names begin with **audio_**, each standardised."
    ),
    "text": Words(
        "Table features (text)", "The numeric columns whose names begin with **text_**, each standardised."
    ),
}
"""Options of a table whose columns are named by modality."""


def title_of_input(name: str) -> str:
    """Return the title of a model's input."""
    return " and ".join(
        " + ".join(map(_title_of_part, side_by_side(part))) for part in parts_of(name).values()
    )


def _title_of_part(part: Part) -> str:
    """Return the title of an extractor, with its weight where it isn't 1."""
    entry = find_entry(part.rep)
    titles = {part.rep: entry.title} if entry and ":" in part.rep else {}
    kind, at, settings = part.rep.partition("@")
    title = EXTRACTORS[kind].title if kind in EXTRACTORS else titles.get(part.rep, part.rep)
    if at and kind in EXTRACTORS:
        title = f"{title}, {settings.replace(',', ', ')}"
    return title if part.weight == 1 else f"{title} (weight {part.weight:g})"


def words_of(spec: Spec) -> Words:
    """Return title and help of a registry's entry, with its source."""
    return Words(spec.title, f"{spec.help} *{spec.source}*" if spec.source else spec.help)


def choose_entry(name: str, label: str, registry: Mapping[str, Spec], about: str, first: str = "") -> str:
    """Choose an entry of a registry; its help follows ``about``; ``first`` is the default if it is there."""
    return choose_option(
        name,
        label,
        list(registry),
        first if first in registry else next(iter(registry)),
        format_func=lambda entry: registry[entry].title,
        help=lambda entry: about + words_of(registry[entry]).help,
    )


def list_representations(collection: Collection, modality: str) -> dict[str, Words]:
    """Return the representations of one modality of a collection, the default first.

    Extractors come first, then encoders trained on this collection, then those trained on another one.

    Returns
    -------
    dict
        Options by the name for :class:`core.pipeline.choice.Choice`.
    """
    plain = {
        name: GROUPS[modality] if name == f"table:{modality}_" else words_of(EXTRACTORS[name])
        for name in list_extractors(collection, modality)
    }
    own, foreign = _trained(collection, modality) if plain else ({}, {})
    return {**plain, **_obtained(collection, modality, plain), **own, **foreign}


def _obtained(collection: Collection, modality: str, plain: Container[str]) -> dict[str, Words]:
    """Return the pretrained encoders that the user got and that aren't offered anyway."""
    has = any(collection.audio_paths()) if modality == "audio" else any(collection.texts())
    return {
        one.rep: words_of_encoder(one)
        for one in (list_obtained(modality) if has else ())
        if one.rep not in plain
    }


def words_of_encoder(one: Obtained) -> Words:
    """Return title and help of a pretrained encoder that the user got."""
    entry = find_entry(one.rep)
    return Words(one.title, f"{entry.help} *{entry.source}*" if entry else f"Pretrained: {one.model}.")


def _trained(collection: Collection, modality: str) -> tuple[dict[str, Words], dict[str, Words]]:
    """Return the encoders trained on this collection and those trained on another one."""
    own, foreign, taken = {}, {}, set()
    for checkpoint in list_checkpoints():
        try:
            takes_place_of_audio = modality == "audio" and checkpoint.input == "table"
            if modality not in checkpoint.modalities and not takes_place_of_audio:
                continue
            spec = model_spec(checkpoint.model)
        except (SongscapeError, ImportError):
            continue
        read = title_of_input(checkpoint.input)
        mark = " ✱" if checkpoint.meta.get("sees_labels") else ""
        where = checkpoint.meta.get("collection", {}).get("name") or "another collection"
        details = f"**{spec.title}** on *{read}*: {spec.help} *{spec.source}*"
        if mark:
            details += "\n\n✱ Trained with labels, so scores against labels are no evidence of clustering."
        if not is_trained_on(checkpoint, collection.name, collection.info):
            foreign[checkpoint.name] = Words(f"{spec.title}, trained on {where}{mark}", details)
            continue
        names = (checkpoint.model, f"{checkpoint.model}:{checkpoint.input}", checkpoint.name)
        name = next(name for name in names if name not in taken)
        taken.update(names)  # both short names refer to the newest, which is this one
        title = spec.title if name == checkpoint.model else f"{spec.title}, {read if ':' in name else name}"
        own[name] = Words(f"{title}{mark}", details)
    return own, foreign


def name_encoder(model: str, reads: str) -> str:
    """Choose the text encoder of a model's input; empty for the packaged one.

    Parameters
    ----------
    model : str
        Registered name of the model that is trained.
    reads : str
        Its input, see :mod:`core.inputs.input_names`.

    Returns
    -------
    str
        The input, with the encoder's name if one was given.

    Raises
    ------
    CollectionError
        When it is a folder that may not be opened from the browser.
    """
    names = [one.rep for part in parts_of(reads).values() for one in side_by_side(part)]
    if not set(names) & set(WITH_ENCODER):
        return reads
    typed = type_text(
        f"{model}.encoder",
        "Text encoder",
        placeholder="packaged",
        help="Any **BERT**, **RoBERTa** or **sentence-transformers** model: a folder on this machine, or a "
        "name on the Hugging Face hub, from which it is downloaded once. Its weights are frozen and its "
        "vectors stored, except for inputs of tokens, where it is fine-tuned.",
    )
    if not typed:
        return reads
    return JOIN.join(f"{name}:{resolve_model(typed)}" if name in WITH_ENCODER else name for name in names)


def resolve_model(typed: str) -> str:
    """Return a model's name as typed, or its folder if that may be opened from the browser.

    Raises
    ------
    AccessError
        On a server with sign-in, for all but administrators: it would be downloaded, or read from the server.
    CollectionError
        When the folder may not be opened.
    """
    check_every_right("name other models")
    is_folder = typed.startswith(("~", ".")) or Path(typed).is_absolute() or os.path.isdir(typed)
    return str(resolve_within(typed)) if is_folder else typed


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
