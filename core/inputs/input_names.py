"""Names of a model's inputs: one extractor (``mel``), or an audio and a text extractor joined by "+".

In a joint input (``clip+passages``) the audio extractor comes first. An extractor that takes a name of its
own (``sentence:NAME``) may replace the plain one anywhere.
"""

from collections.abc import Sequence

from core.collection import Collection
from core.errors import ConfigError
from core.features import EXTRACTORS, extractor_spec

JOIN = "+"
DATA_KINDS = {"file": "audio", "table": "numeric columns", "text": "text", "corpus": "text"}
"""Kind of data by what an extractor reads (:attr:`core.features.extractor.ExtractorSpec.reads`)."""
HOW_TO_ADD = {
    "audio": "audio comes from a folder of audio files (added as it is, or with a table by --audio FOLDER)",
    "numeric columns": "numeric columns come from a table (add a .csv file)",
    "text": "text comes from a table (--text FILE.csv when adding), or from captions (python -m core "
    "caption)",
}
"""How a collection gets each kind of data."""


def parts_of(name: str) -> dict[str, str]:
    """Return the names of an input's extractors: by ``x``, or by ``audio`` and ``text``.

    >>> parts_of("mel"), parts_of("clip+passages")
    ({'x': 'mel'}, {'audio': 'clip', 'text': 'passages'})
    """
    audio, joined, text = name.partition(JOIN)
    return {"audio": audio, "text": text} if joined and audio in EXTRACTORS else {"x": name}


def is_joint(name: str) -> bool:
    """Return whether an input has both audio and text."""
    return len(parts_of(name)) == 2


def match_input(inputs: Sequence[str], wanted: str) -> str | None:
    """Return ``wanted`` where it is one of a model's inputs, perhaps with a name of its own, else None.

    >>> match_input(("clip+passages", "tfidf"), "clip+passages:roberta-base")
    'clip+passages:roberta-base'
    """
    plain = JOIN.join(part.split(":")[0] for part in parts_of(wanted).values())
    return wanted if wanted in inputs or plain in inputs else None


def modalities_of(name: str) -> tuple[str, ...]:
    """Return the modalities of an input: ("audio",), ("text",) or both."""
    return tuple(extractor_spec(part).modality for part in parts_of(name).values())


def data_kinds_of(name: str) -> dict[str, str]:
    """Return the kind of data that each part of an input reads.

    >>> data_kinds_of("table+passages")
    {'audio': 'numeric columns', 'text': 'text'}
    """
    return {part: DATA_KINDS[extractor_spec(extractor).reads] for part, extractor in parts_of(name).items()}


def has_input(collection: Collection, name: str) -> bool:
    """Return whether a collection has data for each part of an input."""
    return set(data_kinds_of(name).values()) <= _data_kinds_in(collection)


def default_input(collection: Collection, inputs: Sequence[str]) -> str:
    """Return the first of a model's inputs that a collection has data for.

    Raises
    ------
    ConfigError
        When there is none; names what the model reads, what is missing and how to add it.
    """
    for name in inputs:
        if has_input(collection, name):
            return name
    present = _data_kinds_in(collection)
    choices = list(dict.fromkeys(tuple(data_kinds_of(name).values()) for name in inputs))
    fewest = min(len(set(kinds) - present) for kinds in choices)
    nearest = [kinds for kinds in choices if len(set(kinds) - present) == fewest]
    missing = list(dict.fromkeys(kind for kinds in nearest for kind in kinds if kind not in present))
    raise ConfigError(
        f"this model reads {', or '.join(' and '.join(kinds) for kinds in choices)}, and the collection "
        f"{collection.name!r} has {' and '.join(f'no {kind}' for kind in missing)}; "
        f"{'; '.join(HOW_TO_ADD[kind] for kind in missing)}"
    )


def _data_kinds_in(collection: Collection) -> set[str]:
    """Return the kinds of data that a collection has."""
    has = {
        "audio": any(collection.audio_paths()),
        "numeric columns": collection.table is not None,
        "text": any(collection.texts()),
    }
    return {kind for kind, present in has.items() if present}
