"""Why a track leans on its sound or its words: cues, their ranks and what made them, as plain values; no Streamlit here."""

import math
from dataclasses import dataclass

import pandas as pd

from core.cues.cue_terms import TERMS
from core.cues.track_cues import CUES, PARTS

MADE_OF: dict[str, tuple[tuple[str, str], ...]] = {
    "instrumentalness": (("no_voice", ""), ("voice", ""), ("is_tagged_instrumental", "")),
    "energy": (
        ("loudness_db", "loudness_rank"),
        ("onset_rate_hz", "onset_rank"),
        ("brightness_hz", "brightness_rank"),
    ),
    "quality": (
        ("audio_quality", ""),
        ("clipping_share", "unclipped"),
        ("silence_share", "audible"),
        ("top_hz", "bandwidth"),
        ("duration_s", "length"),
        ("text_quality", ""),
        ("text_source", "source"),
        ("text_words", "amount"),
        ("text_variety", "variety"),
        ("language", "reading"),
    ),
}
"""Terms by cue in the order in which they are told, each with the part of the formula that it makes."""

_DIGITS = {
    "loudness_db": 1,
    "onset_rate_hz": 1,
    "brightness_hz": 0,
    "top_hz": 0,
    "duration_s": 0,
    "text_words": 0,
}
_SHARES = ("clipping_share", "silence_share")
_YES_NO = ("is_tagged_instrumental",)


@dataclass(frozen=True)
class Reason:
    """One cue of one track.

    Attributes
    ----------
    title, why : str
        The cue, and the sentence that says what it is good for.
    value, rank : float
        The cue itself and its place among the tracks that have both, 0 to 1; nan is unknown. The rank is what
        counts.
    speaks_for : str
        "sound", "words", "neither" or "not known".
    made_of : list of (str, str)
        What each term is, and its value in words.
    """

    title: str
    why: str
    value: float
    rank: float
    speaks_for: str
    made_of: list[tuple[str, str]]


def reasons_of(ranks: pd.Series, terms: pd.Series | None) -> list[Reason]:
    """Return a track's cues.

    Parameters
    ----------
    ranks : Series
        A row of ``Space.weights``: the rank of each cue, and ``text_weight``.
    terms : Series or None
        The track's row of :func:`core.cues.track_cues.terms_of`, None where it is not there.
    """
    found = []
    for name in [name for name in ranks.index if name != "text_weight"]:
        title, why, _ = CUES.get(name, (name, "", ""))
        rank = float(ranks[name])
        value = float(terms[name]) if terms is not None and name in terms else math.nan
        made_of = [] if terms is None else _made_of(name, terms)
        found.append(Reason(title, why, value, rank, speaks_for(rank), made_of))
    return found


def speaks_for(rank: float) -> str:
    """Say what a rank speaks for."""
    if not math.isfinite(rank):
        return "not known"
    return "neither" if abs(rank - 0.5) < 0.005 else "sound" if rank > 0.5 else "words"


def sum_in_words(ranks: pd.Series, details: dict) -> str:
    """Say how the ranks become the weight of a track's words, or why they have no say."""
    weight = float(ranks["text_weight"])
    if not math.isfinite(weight):
        return "This track has no weight."
    known = ranks.drop("text_weight").astype(float).dropna()
    if weight in (0.0, 1.0) and not len(known):
        return (
            "It has no words, so its sound counts in full."
            if weight == 0
            else "It has no sound, so its words count in full."
        )
    if not len(ranks.drop("text_weight")):
        return "It was learnt from all tracks together; no single term made this weight."
    if not len(known):
        return "Nothing is known of this track that could weigh it, so both count half."
    trust = details.get("trust", details.get("of_picked", {}).get("trust"))
    if trust is None:
        return ""
    mean = known.mean()
    return (
        f"Mean rank {mean:.2f}, believed {trust:.0%}: words count ½ + {trust:.2f} × (½ − {mean:.2f}) = "
        f"{weight:.0%}."
    )


def value_in_words(name: str, value) -> str:
    """Write a term's value as people read it; its unit stands in what the term is called."""
    if isinstance(value, str):
        return value or "not known"
    if value is None or pd.isna(value):
        return "not known"
    if name in _YES_NO:
        return "yes" if value else "no"
    if name in _SHARES:
        return f"{value:.2%}"
    return f"{value:,.{_DIGITS.get(name, 2)}f}".replace("-", "−")


def _made_of(cue: str, terms: pd.Series) -> list[tuple[str, str]]:
    """Return what made a cue; where the collection itself says it, that alone."""
    own = terms.get(f"{cue}_column")
    if own is not None and not pd.isna(own):
        return [(f"the collection's own column “{cue}”", value_in_words(cue, own))]
    made = []
    for name, part in (pair for pair in MADE_OF.get(cue, ()) if pair[0] in terms):
        counts = f" (counts {value_in_words(part, terms[part])})" if part in terms else ""
        made.append(({**TERMS, **PARTS}[name], value_in_words(name, terms[name]) + counts))
    return made
