"""The registry of extractors, and look-up by name.

Entries are in :mod:`core.features.audio_extractors` and :mod:`core.features.text_extractors`. After a colon,
a name may carry the name or folder of a model (``sentence:NAME_OR_FOLDER``) or a prefix (``table:PREFIX``).
Settings follow an "@" (``fbank@n_frames=256``, ``encoder:facebook/wav2vec2-base@layer=6,pooling=mean-std``).
"""

import re
from functools import partial
from typing import Any

from core import registry
from core.config.reading import parse_fields
from core.errors import ConfigError
from core.features.extractor import ExtractorConfig, ExtractorSpec

EXTRACTORS: dict[str, ExtractorSpec] = {}
register = partial(registry.register, EXTRACTORS, ExtractorSpec)

SENTENCE = "sentence:"
"""Prefix of the name or folder of any sentence-transformers model."""


def extractor_spec(name: str, modality: str | None = None) -> ExtractorSpec:
    """Return the spec of an extractor by name; imports nothing heavy.

    Parameters
    ----------
    modality : {"audio", "text"}, optional
        Tower of a model that reads both modalities, audio by default; ignored for other extractors.

    Raises
    ------
    ConfigError
        When there is none of that name; lists the valid names.
    """
    kind = kind_of_name(name)
    spec = EXTRACTORS.get(kind)
    if spec is None or not _may_follow(spec, name[len(kind) :]):
        named = ", ".join(
            f"{n}:{'PREFIX' if s.takes_name == 'prefix' else 'NAME_OR_FOLDER'}"
            for n, s in EXTRACTORS.items()
            if s.takes_name
        )
        raise ConfigError(f"there is no extractor {name!r}; choose from {', '.join(EXTRACTORS)}, {named}")
    return EXTRACTORS[spec.text_tower] if modality == "text" and spec.text_tower else spec


def is_extractor(name: str) -> bool:
    """Return whether a name is that of an extractor, perhaps with a model or a prefix after a colon."""
    kind = kind_of_name(name)
    return kind in EXTRACTORS and _may_follow(EXTRACTORS[kind], name[len(kind) :])


def kind_of_name(name: str) -> str:
    """Return the registered name that a name begins with.

    >>> kind_of_name("sentence:roberta-base"), kind_of_name("fbank@n_frames=256")
    ('sentence', 'fbank')
    """
    return re.split("[:@]", name, maxsplit=1)[0]


def _may_follow(spec: ExtractorSpec, rest: str) -> bool:
    """Return whether an extractor's name may be followed by this: nothing, ":name" or "@setting=value"."""
    return not rest or (bool(spec.takes_name) if rest[0] == ":" else bool(split_settings(rest)[1]))


def get_extractor(name: str, modality: str | None = None) -> ExtractorConfig:
    """Build an extractor by name.

    Parameters and errors are those of :func:`extractor_spec`; ConfigError also for an invalid setting.
    """
    spec = extractor_spec(name, modality)
    kind = kind_of_name(name)
    rest = name[len(kind) :]
    if not rest:
        return spec.build()
    if rest[0] == ":" and EXTRACTORS[kind].takes_name == "prefix":
        return spec.build(prefix=rest[1:].strip())
    model, settings = split_settings(rest.removeprefix(":").strip())
    values: dict[str, Any] = parse_fields(spec.load(), settings, leave_out=("model",)) if settings else {}
    return spec.build(**({"model": model} if model or not settings else {}), **values)


def split_settings(named: str) -> tuple[str, dict[str, str]]:
    """Return the model's name or folder, and the settings after "@" as texts.

    >>> split_settings("facebook/wav2vec2-base@layer=6,pooling=mean-std")
    ('facebook/wav2vec2-base', {'layer': '6', 'pooling': 'mean-std'})
    >>> split_settings("user@host/model")
    ('user@host/model', {})
    """
    model, at, settings = named.rpartition("@")
    if not at or not re.fullmatch(r"\w+=[^,=]*(,\w+=[^,=]*)*", settings):
        return named, {}
    pairs = (setting.partition("=") for setting in settings.split(","))
    return model, {name: value for name, _, value in pairs}


def spec_of(extractor: ExtractorConfig) -> ExtractorSpec:
    """Return the spec of an extractor's class; entries that only preset fields share its facts."""
    return EXTRACTORS[extractor.name]
