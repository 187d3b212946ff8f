"""Choose the excerpt of a score: where somebody sings, in whole bars, without long rests."""

from __future__ import annotations

from dataclasses import dataclass, replace

from score import Note, Score

MOST_REST_S = 0.7
MOST_LEAD_S = 1.0
RATES = (1.0, 9.0)  # onsets a second that a listener can follow; a tempo outside is brought to its border
TRIED = 30


@dataclass(frozen=True)
class Excerpt:
    """Notes between two onsets (quarter notes), in a tempo (quarter notes a minute)."""

    notes: list[Note]
    begin: float
    end: float
    tempo: float


def excerpt(score: Score, start_bar: int, seconds: float, rate: float) -> Excerpt:
    """Cut whole bars that last about `seconds`, from the bar `start_bar` (from 0) on.

    Where somebody sings it begins with the first syllable, or up to `MOST_LEAD_S` before it at its bar line.
    The first beginning is taken after which no rest of all parts lasts longer than `MOST_REST_S`. `rate`,
    onsets a second, sets the tempo where the score states none.
    """
    tried = []
    for begin in _beginnings(score, start_bar)[:TRIED]:
        cut = _cut(score, begin, seconds, rate)
        if cut is None:
            continue
        tried.append((longest_rest(cut), len(tried), cut))
        if tried[-1][0] <= MOST_REST_S:
            break
    if not tried:
        raise ValueError(
            f"no excerpt of {seconds} s begins at bar {start_bar} or later: the piece is too short"
        )
    return min(tried, key=lambda t: (max(t[0], MOST_REST_S), t[1]))[2]


def longest_rest(cut: Excerpt) -> float:
    """Return the longest rest of all parts, in seconds."""
    until, longest = cut.begin, 0.0
    for n in sorted(cut.notes, key=lambda n: n.start):
        longest, until = max(longest, n.start - until), max(until, n.start + n.length)
    return max(longest, cut.end - until) * 60 / cut.tempo


def with_octave_below(cut: Excerpt) -> Excerpt:
    """Return the excerpt of a single line with a second player, who takes its notes on the beat an octave
    lower."""
    below = [
        Note(n.start, n.length, n.pitch - 12, n.loudness - 8, "below")
        for n in cut.notes
        if abs(n.start - round(n.start)) < 1e-3
    ]
    return replace(cut, notes=cut.notes + below)


def _beginnings(score, start_bar):
    """Bar lines; for a song the first syllable after each, with the bar line when it lies close before."""
    lines = score.bars[start_bar:] or score.bars[-1:]
    if not score.syllables:
        return lines
    sung, found = sorted({at for at, *_ in score.syllables}), []
    for line, following in zip(lines, [*lines[1:], float("inf")]):
        first = next((at for at in sung if line - 1e-6 <= at < following - 1e-6), None)
        if first is not None:
            lead = MOST_LEAD_S * score.tempo_at(line, 90) / 60
            found.append(line if first - line <= lead else first)
    return found


def _cut(score, begin, seconds, rate):
    """Cut from `begin`; of the bars that could end it, before the one where most notes have come to rest."""
    last = max(n.start + n.length for n in score.notes)
    begin = min((n.start for n in score.notes if n.start >= begin - 1e-6), default=last)
    tempo = _tempo(score, begin, seconds, rate)
    wanted = begin + seconds * tempo / 60
    if wanted > last + 0.1 * seconds * tempo / 60:
        return None
    near = wanted - 0.05 * (wanted - begin), wanted + 0.14 * (wanted - begin)
    lines = [b for b in [*score.bars, last] if near[0] <= b <= near[1]] or [min(wanted, last)]

    def held(line: float) -> int:
        return sum(1 for n in score.notes if n.start < line - 1e-6 < n.start + n.length - 1e-3)

    def began(line: float) -> int:
        return sum(1 for n in score.notes if line - 1.01 <= n.start < line - 1e-6)

    end = min(lines, key=lambda line: (2 * held(line) + began(line), abs(line - wanted)))
    notes = [
        Note(n.start, min(n.length, end - n.start), n.pitch, n.loudness, n.part)
        for n in score.notes
        if begin - 1e-6 <= n.start < end - 1e-6
    ]
    return Excerpt(notes, begin, end, tempo)


def _tempo(score, begin, seconds, rate):
    """The tempo that the score states, within what a listener can follow; else `rate` onsets a second."""
    tempo = score.tempo_at(begin, 0)
    span = seconds * (tempo or 90) / 60
    onsets = len({round(n.start, 3) for n in score.notes if begin - 1e-6 <= n.start < begin + span})
    played = max(onsets, 1) / seconds
    if not tempo:
        tempo, low, high = 90, rate, rate
    else:
        low, high = RATES
    tempo *= min(max(1.0, low / played), 1e9) if played < low else min(1.0, high / played)
    return min(max(tempo, 30), 260)
