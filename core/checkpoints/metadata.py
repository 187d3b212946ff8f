"""The fields of a checkpoint's metadata, and what each may hold.

:data:`FIELDS` is the description; :func:`check_metadata` holds a header against it, so that whoever reads
``meta`` behind :func:`core.checkpoints.header.read_header` may rely on it. A field that isn't named here is
nobody's and may hold anything. What :func:`core.training.fit.fit_model` and ``save_checkpoint`` write fits.
"""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.config.reading import values_from_json
from core.errors import ConfigError
from core.features import get_extractor, is_extractor
from core.inputs.input_names import is_joint, parts_of
from core.models import MODELS
from core.scoring.multilabel import SCORES

FORMAT = 1
NEEDED = ("format", "model", "config", "input", "input_shape", "n_labels")
MOST_NUMBERS = 1 << 31
"""In one example of an input."""
MAX_PARTS = 32
"""Different columns in a history."""
MOST_LABELS = 1_000_000
MOST_IN_CONFIG = 10_000_000
"""The largest number in a model's config."""

Check = Callable[[Any, str], None]
"""Takes a value and the name of its place; raises ValueError where the value can't stand there."""


def check_metadata(meta: Any) -> None:
    """Refuse metadata that don't fit :data:`FIELDS`, or name a model, an input or a format unknown here.

    Raises
    ------
    ValueError
        With a sentence to follow the file's name.
    """
    if not isinstance(meta, dict):
        raise ValueError("says nothing readable about its model")
    if lacks := [name for name in NEEDED if name not in meta]:
        raise ValueError(f"doesn't say its {', '.join(lacks)}")
    if type(meta["format"]) is not int or meta["format"] != FORMAT:
        raise ValueError(f"is written in format {shown(meta['format'])}; this version reads {FORMAT}")
    if not isinstance(meta["model"], str) or meta["model"] not in MODELS:
        raise ValueError(f"holds a {shown(meta['model'])}; the models here are {', '.join(MODELS)}")
    for name, check in FIELDS.items():
        if name in meta:
            check(meta[name], name)
    reads, two = meta["input"]["name"], MODELS[meta["model"]].reads_two
    if {is_joint(reads), isinstance(meta["input_shape"], dict)} != {two}:
        raise ValueError(
            f"holds a {meta['model']}, which reads {'two inputs' if two else 'one input'}, on "
            f"{shown(reads)} of shape {shown(meta['input_shape'])}"
        )


def shown(value: Any) -> str:
    """Return a value from a file for a sentence, cut short."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _must(fits: Callable[[Any], bool], what: str) -> Check:
    """Make a check from a condition and its words."""

    def check(value: Any, place: str) -> None:
        if not fits(value):
            raise ValueError(f"says {place}={shown(value)}, which must be {what}")

    return check


def _or_null(check: Check) -> Check:
    """Allow null beside what a check allows."""
    return lambda value, place: None if value is None else check(value, place)


def _list_of(check: Check) -> Check:
    """Check each item of a list."""

    def check_items(value: Any, place: str) -> None:
        _LIST(value, place)
        for i, item in enumerate(value):
            check(item, f"{place}[{i}]")

    return check_items


def _record(
    optional: dict[str, Check] | None = None,
    *,
    needed: dict[str, Check] | None = None,
    rest: Check | None = None,
) -> Check:
    """Check a dictionary by its keys; ``rest`` holds for keys that aren't named."""
    optional, needed = optional or {}, needed or {}
    named = optional | needed

    def check_values(value: Any, place: str) -> None:
        _DICTIONARY(value, place)
        if lacks := [key for key in needed if key not in value]:
            raise ValueError(f"says nothing of {', '.join(f'{place}.{key}' for key in lacks)}")
        for key, item in value.items():
            if check := named.get(key, rest):
                check(item, f"{place}.{shown(key)[1:-1]}")

    return check_values


def _is_number(value: Any) -> bool:
    """Say whether JSON had a number here."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: Any, least: int) -> bool:
    """Say whether JSON had a whole number of at least this size here."""
    return type(value) is int and least <= value


def _is_date(value: Any) -> bool:
    """Say whether this is a date in ISO 8601."""
    try:
        return bool(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _fits_config(value: Any) -> bool:
    """Say whether a model's config may hold this: plain, and no number is huge."""
    if isinstance(value, list):
        return all(map(_fits_config, value))
    return not isinstance(value, dict) and (not _is_number(value) or abs(value) <= MOST_IN_CONFIG)


def _is_plain(value: Any) -> bool:
    """Say whether this is no dictionary and holds none."""
    return not isinstance(value, dict) and (not isinstance(value, list) or all(map(_is_plain, value)))


_LIST = _must(lambda value: isinstance(value, list), "a list")
_DICTIONARY = _must(lambda value: isinstance(value, dict), "a dictionary")
_TEXT = _must(lambda value: isinstance(value, str), "text")
_FLAG = _must(lambda value: isinstance(value, bool), "true or false")
_COUNT = _must(lambda value: _is_whole(value, 0), "a whole number, 0 or more")
_SIZE = _must(lambda value: _is_whole(value, 1), "a whole number, 1 or more")
_NUMBER = _must(_is_number, "a number")
_FIGURE = _or_null(_NUMBER)  # JSON has no NaN
_DATE = _must(_is_date, "a date in ISO 8601")
_PLAIN = _must(_is_plain, "a number, text, true, false, null, or a list of these")
_IN_CONFIG = _must(
    _fits_config, f"text, true, false, null, a number up to {MOST_IN_CONFIG}, or a list of these"
)
_LABELS = _must(
    lambda value: _is_whole(value, 0) and value <= MOST_LABELS, f"a whole number from 0 to {MOST_LABELS}"
)
_WIDTH = _must(
    lambda value: _is_whole(value, 1) and value <= MOST_IN_CONFIG,
    f"a whole number from 1 to {MOST_IN_CONFIG}",
)
_SETTINGS = _record(rest=_PLAIN)


def _input(value: Any, place: str) -> None:
    """An extractor that is known here, or two joined by "+", with their settings."""
    _record(needed={"name": _TEXT})(value, place)
    parts = parts_of(value["name"])
    if unknown := [part for part in parts.values() if not is_extractor(part)]:
        raise ValueError(f"reads {shown(unknown[0])}, which is no extractor here")
    by_part = _record(dict.fromkeys(parts, _SETTINGS)) if len(parts) > 1 else _SETTINGS
    config = value.get("config", {})
    by_part(config, f"{place}.config")
    for part, name in parts.items():
        _check_extractor(name, config.get(part, {}) if len(parts) > 1 else config)


def _check_extractor(name: str, config: dict) -> None:
    """Refuse settings that an extractor can't have."""
    try:
        values_from_json(type(get_extractor(name.partition(":")[0])), config)
    except ConfigError as reason:
        raise ValueError(f"reads {shown(name)} with settings that can't be: {str(reason)[:300]}") from reason


def _shape(value: Any, place: str) -> None:
    """The axes of one example, by modality where there are two."""
    if isinstance(value, dict):
        return _record(needed={"audio": _shape, "text": _shape})(value, place)
    _list_of(_SIZE)(value, place)
    if not 1 <= len(value) <= 8 or math.prod(value) > MOST_NUMBERS:
        raise ValueError(f"says {place}={shown(value)}, which is too large, or no shape")


def _labels(value: Any, place: str) -> None:
    """Names, each once."""
    _list_of(_TEXT)(value, place)
    if len(set(value)) < len(value):
        raise ValueError(f"names one of its {place} twice")


def _rows(value: Any, place: str) -> None:
    """A table with a row per epoch."""
    _list_of(_record(needed={"epoch": _COUNT, "train_total": _FIGURE}, rest=_FIGURE))(value, place)
    if len({key for row in value for key in row}) > MAX_PARTS:
        raise ValueError(f"has more than {MAX_PARTS} columns in {place}")


def _figures(value: Any, place: str) -> None:
    """What is known about the latents; further figures may be anything."""
    needed = {"latent_dim": _COUNT} if isinstance(value, dict) and "active_units" in value else {}
    known = {
        "active_units": _COUNT,
        "kl_per_dimension": _list_of(_FIGURE),
        "effective_rank": _FIGURE,
        "spread": _FIGURE,
    }
    _record(known, needed=needed)(value, place)


_SCORES = dict.fromkeys(SCORES, _FIGURE)

FIELDS: dict[str, Check] = {
    "config": _record(
        {"beta": _NUMBER, "temperature": _NUMBER, "audio_mask_ratio": _NUMBER, "latent_dim": _WIDTH},
        rest=_IN_CONFIG,
    ),
    "input": _input,
    "input_shape": _shape,
    "n_labels": _LABELS,
    "latent_dim": _COUNT,
    "n_parameters": _COUNT,
    "sees_labels": _FLAG,
    "labels": _labels,
    "created": _DATE,
    "training": _or_null(_record({"epochs": _COUNT}, rest=_PLAIN)),
    "started_from": _TEXT,
    "collection": _record({"name": _TEXT, "n_tracks": _COUNT, "source": _or_null(_TEXT)}),
    "n_tracks": _COUNT,
    "n_examples": _COUNT,
    "seconds": _FIGURE,
    "history": _record({"rows": _rows, "best_epoch": _or_null(_COUNT), "stopped_early": _FLAG}),
    "figures": _figures,
    "folds": _record(
        needed={
            "rows": _list_of(_record(needed={"fold": _COUNT, "n_tracks": _COUNT, **_SCORES})),
            **dict.fromkeys(("mean", "deviation", "control"), _record(needed=_SCORES)),
            "average_precision": _record(rest=_FIGURE),
            "n_folds": _COUNT,
            "threshold": _NUMBER,
        }
    ),
}
"""What a field must be where it is there; see :data:`NEEDED` for those that must be."""
