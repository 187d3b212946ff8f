"""Features: what an extractor computes from a track, deterministic, not learnt.

An extractor is a frozen dataclass in a file of its own; its fields are its config. ``reads`` says what it needs:

- ``file``: ``extract(path)`` gives one array per track, the same shape for all; kept as rows by track id;
- ``text``: ``extract_texts(texts, progress)`` gives one vector per text; kept as rows by a hash of the text;
- ``corpus``: ``extract_corpus(texts)`` needs all texts at once;
- ``table``: ``extract_table(table)`` reads a collection's own numbers.

``built_on`` names further modules that a row depends on, so that a change there makes new rows.
``summarise(X)`` gives the vector per track that is clustered when the extractor itself is the representation;
``only_for_models = True`` keeps one that adds nothing as such off the pages' list of representations.
A new extractor costs one file and one line in :data:`EXTRACTORS`.
"""

from collections.abc import Callable

from core.errors import ConfigError
from core.features.extract import Features, count_missing, extract_features, rows_of
from core.lazy import load_name

__all__ = ["BY_NAME", "EXTRACTORS", "SENTENCE", "Features", "count_missing", "extract_features", "get_extractor", "is_extractor", "rows_of"]


def _lazy(path: str, **config) -> Callable:
    """Return a factory that imports ``module:Class`` only when it is called."""

    def build():
        return load_name(path)(**config)

    return build


EXTRACTORS: dict[str, Callable] = {
    "table": _lazy("core.features.table:Table"),
    "musicnn": _lazy("core.features.musicnn:Musicnn"),
    "musicnn-mtt": _lazy("core.features.musicnn:Musicnn", network="mtt"),
    "mel": _lazy("core.features.mel:Mel"),
    "mel-centre": _lazy("core.features.mel:Mel", n_crops=1),
    "clip": _lazy("core.features.clip:Clip"),
    "clip-270": _lazy("core.features.clip:Clip", clip_s=270.0),
    "fbank": _lazy("core.features.fbank:Fbank"),
    "mfcc": _lazy("core.features.mfcc:Mfcc"),
    "descriptors": _lazy("core.features.descriptors:Descriptors"),
    "sentence": _lazy("core.features.sentence:Sentence"),
    "sentence-minilm": _lazy("core.features.sentence:Sentence", model="minilm"),
    "sentence-mpnet": _lazy("core.features.sentence:Sentence", model="paraphrase-multilingual-mpnet-base-v2"),
    "passages": _lazy("core.features.passages:Passages"),
    "tokens": _lazy("core.features.tokens:Tokens"),
    "wordpieces": _lazy("core.features.wordpieces:Wordpieces"),
    "wordpieces-en": _lazy("core.features.wordpieces:Wordpieces", english_only=True),
    "tfidf": _lazy("core.features.tfidf:Tfidf"),
    "clap": _lazy("core.features.clap:ClapAudio"),
    "clap-text": _lazy("core.features.clap:ClapText"),
}

SENTENCE = "sentence:"
"""Before the name or the folder of any sentence-transformers model: an extractor that needs no registering."""

BY_NAME: dict[str, dict[str, str]] = {
    "sentence": {"text": "core.features.sentence:Sentence"},
    "passages": {"text": "core.features.passages:Passages"},
    "tokens": {"text": "core.features.tokens:Tokens"},
    "wordpieces": {"text": "core.features.wordpieces:Wordpieces"},
    "clap": {"audio": "core.features.clap:ClapAudio", "text": "core.features.clap:ClapText"},
    "table": {"audio": "core.features.table:Table"},
}
"""Extractors that read with any pretrained model of a kind (``clap:NAME_OR_FOLDER``), or some of a table's columns (``table:PREFIX``),
by what is before the colon and by modality."""


def is_extractor(name: str) -> bool:
    """Say whether a name is registered, or names a pretrained model to read with (see :data:`BY_NAME`)."""
    return name in EXTRACTORS or (":" in name and name.split(":")[0] in BY_NAME)


def get_extractor(name: str, modality: str | None = None):
    """Build an extractor by its registered name, or by ``sentence:NAME_OR_FOLDER``, ``clap:NAME_OR_FOLDER`` or
    ``table:PREFIX``.

    Parameters
    ----------
    modality : {"audio", "text"}, optional
        Which tower of a model that reads both, the audio one if left out; elsewhere it changes nothing.

    Raises
    ------
    ConfigError
        When there is none of that name; lists those there are.
    """
    if not is_extractor(name):
        named = ", ".join(f"{kind}:{'PREFIX' if kind == 'table' else 'NAME_OR_FOLDER'}" for kind in BY_NAME)
        raise ConfigError(f"there is no extractor {name!r}; choose from {', '.join(EXTRACTORS)}, {named}")
    kind, colon, model = name.partition(":")
    towers = BY_NAME.get(kind, {})
    if name in EXTRACTORS and (len(towers) < 2 or modality not in towers):
        return EXTRACTORS[name]()
    tower = towers.get(modality) or next(iter(towers.values()))
    return _lazy(tower, **({"prefix" if kind == "table" else "model": model.strip()} if colon else {}))()
