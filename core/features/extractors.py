"""The registry of extractors, and look-up by name.

Entries are in :mod:`core.features.audio_extractors` and :mod:`core.features.text_extractors`. After a colon,
a name may carry the name or folder of a model (``sentence:NAME_OR_FOLDER``) or a prefix (``table:PREFIX``); a
model may be followed by other settings (``encoder:facebook/wav2vec2-base@layer=6,pooling=mean-std``).
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
    kind, colon, _ = name.partition(":")
    spec = EXTRACTORS.get(kind)
    if spec is None or (colon and not spec.takes_name):
        named = ", ".join(
            f"{n}:{'PREFIX' if s.takes_name == 'prefix' else 'NAME_OR_FOLDER'}"
            for n, s in EXTRACTORS.items()
            if s.takes_name
        )
        raise ConfigError(f"there is no extractor {name!r}; choose from {', '.join(EXTRACTORS)}, {named}")
    return EXTRACTORS[spec.text_tower] if modality == "text" and spec.text_tower else spec


def is_extractor(name: str) -> bool:
    """Return whether a name is that of an extractor, perhaps with a model or a prefix after a colon."""
    kind, colon, _ = name.partition(":")
    return kind in EXTRACTORS and (not colon or bool(EXTRACTORS[kind].takes_name))


def get_extractor(name: str, modality: str | None = None) -> ExtractorConfig:
    """Build an extractor by name.

    Parameters and errors are those of :func:`extractor_spec`; ConfigError also for an invalid setting.
    """
    spec = extractor_spec(name, modality)
    kind, colon, named = name.partition(":")
    takes_name = EXTRACTORS[kind].takes_name
    if not colon:
        return spec.build()
    if takes_name == "prefix":
        return spec.build(prefix=named.strip())
    model, settings = split_settings(named.strip())
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
