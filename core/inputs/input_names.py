"""Names of a model's inputs: extractors joined by "+".

``mel`` is one extractor; ``musicnn+mfcc`` are two of one modality side by side, perhaps with weights
(``musicnn*2+mfcc``); ``clip+passages`` is a joint input of audio and text, ``musicnn+mfcc+passages`` one with
two of audio. An extractor that takes a name of its own (``sentence:NAME``) may replace the plain one.
"""

import re
from collections.abc import Mapping, Sequence

from core.collection import Collection
from core.errors import ConfigError
from core.features import EXTRACTORS, extractor_spec, get_extractor, is_extractor, kind_of_name
from core.features.concatenation import concatenate
from core.features.extractor import ExtractorConfig
from core.inputs.weighted_parts import JOIN, TIMES, Part, read_parts

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
    """Return an input's extractors of each modality: by ``x``, or by ``audio`` and ``text``.

    >>> parts_of("mel"), parts_of("clip+passages")
    ({'x': 'mel'}, {'audio': 'clip', 'text': 'passages'})
    >>> parts_of("musicnn*2+mfcc+tfidf")
    {'audio': 'musicnn*2+mfcc', 'text': 'tfidf'}
    """
    names = _split(name)
    if not all(is_extractor(_without_weight(part)) for part in names):
        return {"x": name}
    by_modality: dict[str, list[str]] = {"audio": [], "text": []}
    for part in names:
        by_modality[extractor_spec(_without_weight(part)).modality].append(part)
    joined = {modality: JOIN.join(parts) for modality, parts in by_modality.items() if parts}
    return joined if len(joined) == 2 else {"x": name}


def side_by_side(part: str) -> list[Part]:
    """Return the extractors that stand side by side in one part of an input.

    >>> side_by_side("musicnn*2+mfcc")
    [Part(rep='musicnn', weight=2.0), Part(rep='mfcc', weight=1.0)]

    Raises
    ------
    ConfigError
        When one occurs twice, its weight isn't a positive number, or it isn't one vector per track.
    """
    parts = read_parts(_split(part), part)
    vectors = [name for name, spec in EXTRACTORS.items() if spec.has_vectors]
    for one in parts if len(parts) > 1 else ():
        if not extractor_spec(one.rep).has_vectors:
            raise ConfigError(
                f"{one.rep} gives more than one vector per track (a spectrogram, passages or tokens), so in "
                f"{part!r} it can't stand beside others; extractors that can are {', '.join(vectors)}"
            )
    return parts


def build_input(part: str) -> ExtractorConfig:
    """Build the extractor of one part of an input: one, or several side by side.

    Raises
    ------
    ConfigError
        See :func:`side_by_side`.
    """
    extractors = [get_extractor(one.rep) for one in side_by_side(part)]
    return extractors[0] if len(extractors) == 1 else concatenate(extractors)


def _split(name: str) -> list[str]:
    """Split a name at each "+" before a registered extractor; folders may have a "+" in their names."""
    pieces: list[str] = []
    for piece in name.split(JOIN):
        if pieces and not is_extractor(_without_weight(piece)):
            pieces[-1] += JOIN + piece
        else:
            pieces.append(piece)
    return pieces


def _without_weight(part: str) -> str:
    """Return a part without its weight."""
    return re.sub(rf"\{TIMES}[\d.]+$", "", part.strip())


def is_joint(name: str) -> bool:
    """Return whether an input has both audio and text."""
    return len(parts_of(name)) == 2


def match_input(
    inputs: Sequence[str], wanted: str, input_ndim: int | None | Mapping[str, int | None]
) -> str | None:
    """Return an input that a model can read, audio first, else None.

    It is one of the model's inputs, perhaps with a name of its own; or has several extractors side by side in
    the place of one with a vector per track.

    Parameters
    ----------
    inputs, input_ndim
        As in :class:`core.models.model_entry.ModelSpec`.

    >>> match_input(("clip+passages", "tfidf"), "clip+passages:roberta-base", None)
    'clip+passages:roberta-base'
    >>> match_input(("musicnn+passages",), "passages+musicnn+mfcc", {"audio": None, "text": 2})
    'musicnn+mfcc+passages'
    >>> match_input(("fbank+wordpieces",), "fbank@n_frames=256+wordpieces@n_tokens=64", None)
    'fbank@n_frames=256+wordpieces@n_tokens=64'

    Raises
    ------
    ConfigError
        See :func:`side_by_side`.
    """
    parts = parts_of(wanted)
    given = {part: [one.rep for one in side_by_side(name)] for part, name in parts.items()}
    plain = JOIN.join(kind_of_name(names[0]) for names in given.values())
    if all(len(names) == 1 for names in given.values()):
        return JOIN.join(parts.values()) if wanted in inputs or plain in inputs else None
    places = [parts_of(name) for name in inputs]
    if parts.keys() != places[0].keys():
        return None
    for part, names in given.items():
        listed = {place[part] for place in places if part in place}
        ndim = input_ndim[part] if isinstance(input_ndim, Mapping) else input_ndim
        if len(names) == 1:
            is_readable = bool({names[0], kind_of_name(names[0])} & listed)
        else:
            is_readable = ndim in (None, 1) and extractor_spec(names[0]).modality in _modalities(listed)
        if not is_readable:
            return None
    return JOIN.join(parts.values())


def _modalities(names: set[str]) -> set[str]:
    """Return the modalities of the extractors that give one vector per track."""
    return {extractor_spec(name).modality for name in names if extractor_spec(name).has_vectors}


def modalities_of(name: str) -> tuple[str, ...]:
    """Return the modalities of an input: ("audio",), ("text",) or both."""
    return tuple(extractor_spec(side_by_side(part)[0].rep).modality for part in parts_of(name).values())


def data_kinds_of(name: str) -> dict[str, tuple[str, ...]]:
    """Return the kinds of data that each part of an input reads.

    >>> data_kinds_of("table+passages")
    {'audio': ('numeric columns',), 'text': ('text',)}
    >>> data_kinds_of("table+mfcc")
    {'x': ('numeric columns', 'audio')}
    """
    return {
        part: tuple(
            dict.fromkeys(DATA_KINDS[extractor_spec(one.rep).reads] for one in side_by_side(extractors))
        )
        for part, extractors in parts_of(name).items()
    }


def has_input(collection: Collection, name: str) -> bool:
    """Return whether a collection has data for each part of an input."""
    return set(needed_kinds(name)) <= _data_kinds_in(collection)


def needed_kinds(name: str) -> tuple[str, ...]:
    """Return all kinds of data that an input reads."""
    return tuple(dict.fromkeys(kind for kinds in data_kinds_of(name).values() for kind in kinds))


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
    choices = list(dict.fromkeys(needed_kinds(name) for name in inputs))
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
