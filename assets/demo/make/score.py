"""The one form every score is brought into before it is performed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Note:
    """A note: onset and length in quarter notes, MIDI pitch, loudness 1..127, the part it belongs to."""

    start: float
    length: float
    pitch: int
    loudness: int
    part: str


@dataclass
class Score:
    """Notes of one piece, in quarter notes from its beginning.

    `bars` are the onsets of the bars; `syllables` triples of (onset, text, goes_on), where `goes_on` says
    that the next syllable belongs to the same word; `stanzas` the whole text, a line each; `tempos` pairs of
    (onset, quarter notes a minute). `voice` names the part that sings, or is empty; `metre` is the first time
    signature.
    """

    notes: list[Note] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)
    syllables: list[tuple[float, str, bool]] = field(default_factory=list)
    stanzas: list[str] = field(default_factory=list)
    tempos: list[tuple[float, float]] = field(default_factory=list)
    voice: str = ""
    metre: tuple[int, int] = (4, 4)

    def tempo_at(self, onset: float, otherwise: float) -> float:
        """Return the tempo in force at `onset` (quarter notes), or `otherwise` where none is stated."""
        return next((bpm for at, bpm in reversed(self.tempos) if at <= onset + 1e-6), otherwise)


def to_json(score: Score) -> str:
    """Return a score as text: the cache lies in a folder that others may write to, and text can't run
    code."""
    return json.dumps(asdict(score), ensure_ascii=False)


def from_json(text: str) -> Score:
    """Return the score that :func:`to_json` wrote."""
    kept = json.loads(text)
    notes = [Note(**note) for note in kept.pop("notes")]
    pairs = {name: [tuple(pair) for pair in kept.pop(name)] for name in ("syllables", "tempos")}
    return Score(**{**kept, **pairs, "metre": tuple(kept["metre"])}, notes=notes)
