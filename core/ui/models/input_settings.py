"""The settings of a model's input: those of its extractors, such as audio length or number of tokens."""

import streamlit as st

from core.config import Field, settable
from core.features import EXTRACTORS, get_extractor, kind_of_name
from core.features.extractors import split_settings
from core.inputs.input_names import parts_of, side_by_side
from core.inputs.weighted_parts import JOIN, TIMES
from core.ui.shared.fields.setting_form import draw_settings

CHOSEN_ELSEWHERE = ("model", "network", "prefix", "include")
"""Settings that choose another model or other columns, not how they are read."""
N_COLUMNS = 3


def choose_input_settings(model: str, reads: str) -> str:
    """Show the settings of an input's extractors; return the input's name with those that were changed.

    Parameters
    ----------
    model : str
        Registered name of the model that is trained; the address holds each setting as
        ``model.extractor.setting``.
    reads : str
        See :mod:`core.inputs.input_names`.

    Returns
    -------
    str
        ``fbank@n_frames=256+wordpieces@n_tokens=64``; the name unchanged where all are at their defaults.

    Raises
    ------
    ConfigError
        When a setting is invalid.
    """
    parts = [one for part in parts_of(reads).values() for one in side_by_side(part)]
    fields = {one.rep: _fields_of(one.rep) for one in parts}
    if not any(fields.values()):
        return reads
    chosen = []
    with st.expander("Input settings", key=f"models-input-{model}"):
        for one in parts:
            rep = _choose_of(model, one.rep, fields[one.rep]) if fields[one.rep] else one.rep
            chosen.append(rep if one.weight == 1 else f"{rep}{TIMES}{one.weight:g}")
    return JOIN.join(chosen)


def _fields_of(rep: str) -> list[Field]:
    """Return the settings of an extractor that the form offers."""
    kind = type(get_extractor(rep))
    return [field for field in settable(kind) if field.name not in CHOSEN_ELSEWHERE]


def _choose_of(model: str, rep: str, fields: list[Field]) -> str:
    """Show the settings of one extractor; return its name with those that were changed."""
    name, settings = split_settings(rep)
    kind = kind_of_name(rep)
    st.caption(EXTRACTORS[kind].title)
    settings |= draw_settings(fields, f"{model}.{kind}", N_COLUMNS, get_extractor(rep))
    if not settings:
        return rep
    changed = f"{name}@{','.join(f'{key}={value}' for key, value in settings.items())}"
    get_extractor(changed)  # refuses invalid values before the training
    return changed
