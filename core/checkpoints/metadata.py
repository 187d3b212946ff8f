"""The fields of a checkpoint's metadata, and the values that each may hold.

:func:`check_metadata` checks a header against :data:`FIELDS`, so that readers of ``meta`` from
:func:`core.checkpoints.header.read_header` may rely on it. Other fields aren't used and may hold anything.
:func:`core.training.fit.fit_model` and ``save_checkpoint`` write valid metadata.
"""

import math
from typing import Any

from core.checkpoints.json_checks import (
    COUNT,
    DATE,
    DICTIONARY,
    FIGURE,
    FLAG,
    NUMBER,
    PLAIN,
    SIZE,
    TEXT,
    Check,
    format_value,
    is_integer,
    is_number,
    list_of,
    must,
    or_null,
    record,
)
from core.config.reading import values_from_json
from core.errors import ConfigError
from core.features import get_extractor, is_extractor, kind_of_name
from core.inputs.input_names import is_joint, parts_of, side_by_side
from core.inputs.weighted_parts import JOIN
from core.models import MODELS
from core.scoring.multilabel import MACRO_F1, SCORES

FORMAT = 1
REQUIRED = ("format", "model", "config", "input", "input_shape", "n_labels")
MAX_INPUT_SIZE = 1 << 31
"""Numbers in one example of an input."""
MAX_COLUMNS = 32
"""Different columns in a history."""
MAX_LABELS = 1_000_000
MAX_IN_CONFIG = 10_000_000
"""Largest number in a model's config."""


def check_metadata(meta: Any) -> None:
    """Refuse metadata that don't fit :data:`FIELDS`, or have an unknown model, input or format.

    Raises
    ------
    ValueError
        With a sentence that continues the file's name.
    """
    if not isinstance(meta, dict):
        raise ValueError("has metadata that are no dictionary")
    if missing := [name for name in REQUIRED if name not in meta]:
        raise ValueError(f"lacks {', '.join(missing)}")
    if type(meta["format"]) is not int or meta["format"] != FORMAT:
        raise ValueError(f"has format {format_value(meta['format'])}; this version reads {FORMAT}")
    if not isinstance(meta["model"], str) or meta["model"] not in MODELS:
        raise ValueError(f"holds a {format_value(meta['model'])}; the models here are {', '.join(MODELS)}")
    for name, check in FIELDS.items():
        if name in meta:
            check(meta[name], name)
    reads, two = meta["input"]["name"], MODELS[meta["model"]].reads_two
    if {is_joint(reads), isinstance(meta["input_shape"], dict)} != {two}:
        raise ValueError(
            f"holds a {meta['model']}, which reads {'two inputs' if two else 'one input'}, on "
            f"{format_value(reads)} of shape {format_value(meta['input_shape'])}"
        )


def _is_config_value(value: Any) -> bool:
    """Return whether a value is plain JSON without huge numbers."""
    if isinstance(value, list):
        return all(map(_is_config_value, value))
    return not isinstance(value, dict) and (not is_number(value) or abs(value) <= MAX_IN_CONFIG)


_CONFIG_VALUE = must(
    _is_config_value, f"text, true, false, null, a number up to {MAX_IN_CONFIG}, or a list of these"
)
_N_LABELS = must(lambda value: is_integer(value, 0, MAX_LABELS), f"an integer from 0 to {MAX_LABELS}")
_WIDTH = must(lambda value: is_integer(value, 1, MAX_IN_CONFIG), f"an integer from 1 to {MAX_IN_CONFIG}")
_SETTINGS = record(rest=PLAIN)


def _input(value: Any, field: str) -> None:
    """Check the input: known extractors (see :mod:`core.inputs.input_names`) with their settings."""
    record(required={"name": TEXT})(value, field)
    parts, config = parts_of(value["name"]), value.get("config", {})
    DICTIONARY(config, f"{field}.config")
    for modality, names in parts.items():
        own, path = config, f"{field}.config"
        if len(parts) > 1:
            own, path = config.get(modality, {}), f"{path}.{modality}"
            DICTIONARY(own, path)
        _check_side_by_side(names, own, path)


def _check_side_by_side(names: str, config: dict, field: str) -> None:
    """Check the extractors of one modality and their settings, by name where there are several."""
    try:
        parts = side_by_side(names)
    except ConfigError as reason:
        raise ValueError(f"reads {format_value(names)}: {str(reason)[:300]}") from reason
    for part in parts:
        if not is_extractor(part.rep):
            unknown = next((one for one in part.rep.split(JOIN) if not is_extractor(one)), part.rep)
            raise ValueError(f"reads {format_value(unknown)}, which is no extractor here")
        own = config.get(part.rep, {}) if len(parts) > 1 else config
        _SETTINGS(own, field)
        _check_extractor(part.rep, own)


def _check_extractor(name: str, config: dict) -> None:
    """Refuse invalid settings of an extractor."""
    try:
        values_from_json(type(get_extractor(kind_of_name(name))), config)
    except ConfigError as reason:
        raise ValueError(f"reads {format_value(name)} with invalid settings: {str(reason)[:300]}") from reason


def _shape(value: Any, field: str) -> None:
    """Check the axes of one example, by modality for two inputs."""
    if isinstance(value, dict):
        return record(required={"audio": _shape, "text": _shape})(value, field)
    list_of(SIZE)(value, field)
    if not 1 <= len(value) <= 8 or math.prod(value) > MAX_INPUT_SIZE:
        raise ValueError(f"has {field}={format_value(value)}, which is too large, or no shape")


def _labels(value: Any, field: str) -> None:
    """Check that labels are distinct names."""
    list_of(TEXT)(value, field)
    if len(set(value)) < len(value):
        raise ValueError(f"has one of its {field} twice")


def _rows(value: Any, field: str) -> None:
    """Check a history with a row per epoch."""
    list_of(record(required={"epoch": COUNT, "train_total": FIGURE}, rest=FIGURE))(value, field)
    if len({key for row in value for key in row}) > MAX_COLUMNS:
        raise ValueError(f"has more than {MAX_COLUMNS} columns in {field}")


def _figures(value: Any, field: str) -> None:
    """Check the figures of the latents; other figures may be anything."""
    required = {"latent_dim": COUNT} if isinstance(value, dict) and "active_units" in value else {}
    known = {
        "active_units": COUNT,
        "kl_per_dimension": list_of(FIGURE),
        "effective_rank": FIGURE,
        "latent_dim": COUNT,
        "spread": FIGURE,
    }
    record(known, required=required)(value, field)


_SCORES = dict.fromkeys(SCORES, FIGURE)
_LATER_SCORES = {MACRO_F1: FIGURE}  # checkpoints of earlier versions lack it

FIELDS: dict[str, Check] = {
    "config": record(
        {"beta": NUMBER, "temperature": NUMBER, "audio_mask_ratio": NUMBER, "latent_dim": _WIDTH},
        rest=_CONFIG_VALUE,
    ),
    "input": _input,
    "input_shape": _shape,
    "n_labels": _N_LABELS,
    "latent_dim": COUNT,
    "n_parameters": COUNT,
    "sees_labels": FLAG,
    "labels": _labels,
    "created": DATE,
    "training": or_null(record({"epochs": COUNT}, rest=PLAIN)),
    "started_from": TEXT,
    "text_field": or_null(TEXT),
    "collection": record(
        {
            "name": TEXT,
            "n_tracks": COUNT,
            "source": or_null(TEXT),
            "held_out": list_of(TEXT),
            "pooled": list_of(TEXT),
        }
    ),
    "n_tracks": COUNT,
    "n_examples": COUNT,
    "seconds": FIGURE,
    "history": record({"rows": _rows, "best_epoch": or_null(COUNT), "stopped_early": FLAG}),
    "figures": _figures,
    "folds": record(
        {"single": FLAG},
        required={
            "rows": list_of(record(_LATER_SCORES, required={"fold": COUNT, "n_tracks": COUNT, **_SCORES})),
            **dict.fromkeys(("mean", "deviation", "control"), record(_LATER_SCORES, required=_SCORES)),
            "average_precision": record(rest=FIGURE),
            "n_folds": COUNT,
            "threshold": NUMBER,
        },
    ),
}
"""The check of each optional or required field; see :data:`REQUIRED`."""
