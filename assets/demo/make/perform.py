"""Play a score: choose the excerpt, share the notes among four roles, and bend time and loudness as people
do."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from ensembles import ENSEMBLES, PLUCKED, ROLES, octave_shift
from score import Note, Score

DIES_AWAY_S = 1.3
MOST_REST_S = 0.7
LOUDER = {"lead": 9, "upper": -9, "lower": -10, "bass": -3}


@dataclass(frozen=True)
class Played:
    """A sounding note: seconds, MIDI pitch and velocity, role."""

    start_s: float
    length_s: float
    pitch: int
    velocity: int
    role: str


def excerpt(
    score: Score, start_bar: int, seconds: float, rate: float
) -> tuple[list[Note], float, float, float]:
    """Cut whole bars that last about `seconds`; return notes, first and last beat, quarter notes per minute.

    The first bar from `start_bar` on is taken after which no rest of all parts lasts longer than
    `MOST_REST_S`.
    """
    tried = []
    for begin in score.bars[start_bar : start_bar + 40] or score.bars[-1:]:
        cut = _cut(score, begin, seconds, rate)
        tried.append((_longest_rest(*cut), len(tried), cut))
        if tried[-1][0] <= MOST_REST_S:
            break
    return min(tried, key=lambda t: (max(t[0], MOST_REST_S), t[1]))[2]


def _longest_rest(notes, begin, end, tempo):
    until, longest = begin, 0.0
    for n in sorted(notes, key=lambda n: n.start):
        longest, until = max(longest, n.start - until), max(until, n.start + n.length)
    return max(longest, end - until) * 60 / tempo


def _cut(score, begin, seconds, rate):
    """Cut from `begin`, in the tempo in which `rate` onsets fall on a second, for most files state none.

    Of the bars that could end the excerpt, the one is taken before whose line most notes have come to rest.
    """
    last = max(n.start + n.length for n in score.notes)
    if last - begin < 4:
        return [], begin, begin + 100, 60.0
    begin = min(n.start for n in score.notes if n.start >= begin - 1e-6)  # past the rests of an opening
    onsets = sorted({round(n.start, 3) for n in score.notes if n.start >= begin - 1e-6})[
        : int(rate * seconds) + 1
    ]
    tempo = 60 * rate * (onsets[-1] - onsets[0]) / (len(onsets) - 1)
    tempo = min(tempo, (last - begin) * 60 / (0.95 * seconds))
    wanted = begin + seconds * tempo / 60
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
    return notes, begin, end, tempo


def share_roles(notes: list[Note], voice: str) -> dict[int, str]:
    """Give each note (by its index) a role: parts by their height, or by their names where these are roles
    already."""
    pitches: dict[str, list[int]] = {}
    for n in notes:
        pitches.setdefault(n.part, []).append(n.pitch)
    if set(pitches) <= set(ROLES):
        return {i: n.part for i, n in enumerate(notes)}
    parts = sorted(pitches, key=lambda p: (p != voice, -sum(pitches[p]) / len(pitches[p])))
    if len(parts) >= 4 or (len(parts) == 3 and not voice):
        place = {p: ROLES[round(i * 3 / (len(parts) - 1))] for i, p in enumerate(parts)}
        return {i: place[n.part] for i, n in enumerate(notes)}
    roles = {}
    has_lead = voice in parts and len(parts) > 1
    for i, n in enumerate(notes):
        together = [
            m.pitch for m in notes if m.part == n.part and m.start < n.start + 1e-3 < m.start + m.length
        ]
        top, bottom = n.pitch >= max(together), n.pitch <= min(together)
        if has_lead and n.part == voice:
            roles[i] = "lead"
        elif n.part == parts[-1] and len(parts) > 1:
            roles[i] = "bass" if bottom else "lower"
        elif top:
            roles[i] = "upper" if has_lead else "lead"
        else:
            roles[i] = "bass" if bottom and len(parts) == 1 else "upper"
    return roles


def perform(
    notes: list[Note],
    begin: float,
    end: float,
    tempo: float,
    bars: list[float],
    voice: str,
    ensemble: str,
    seed: int,
):
    """Return the played notes and, per role, its General MIDI program; `bars` are the excerpt's bar lines.

    Time bends by a slow wander of about 2 %, leans into phrases of four bars, and slows down over the last
    two beats; onsets scatter by 8 ms, chords of plucked strings roll, loudness follows the bar, the line's
    contour and the phrase.
    """
    rng = random.Random(seed)
    downbeat, bar = (bars[1], bars[2] - bars[1]) if len(bars) > 2 else (begin, 4.0)
    clock = _clock(begin, end, tempo, bar, rng)
    roles = share_roles(notes, voice)
    programs = dict(zip(ROLES, ENSEMBLES[ensemble]))
    one_instrument = len(set(programs.values())) == 1
    together = [n.pitch for n in notes]
    shifts = {}
    for role in ROLES:
        line = together if one_instrument else [n.pitch for i, n in enumerate(notes) if roles[i] == role]
        shifts[role] = octave_shift(line, programs[role]) * 12 if line else 0
    notes, roles = _strike_again(notes, roles, programs, clock)
    mean = {
        r: sum(x) / len(x) for r in ROLES if (x := [n.pitch for i, n in enumerate(notes) if roles[i] == r])
    }
    lag = {role: rng.gauss(0, 0.004) for role in ROLES}
    played = []
    for i in sorted(range(len(notes)), key=lambda k: (notes[k].start, notes[k].pitch)):
        note, role = notes[i], roles[i]
        below = sum(1 for m in notes if abs(m.start - note.start) < 1e-3 and m.pitch < note.pitch)
        roll = min(below, 5) * (0.012 if programs[role] in PLUCKED - {0, 6} else 0.003)
        start = max(0.0, clock(note.start) + lag[role] + rng.gauss(0, 0.008) + roll)
        length = max(
            0.07,
            (clock(note.start + note.length) - clock(note.start))
            * (1.12 if programs[role] in PLUCKED else 0.97),
        )
        in_bar = (note.start - downbeat) % bar
        accent = 6 if in_bar < 1e-3 else 2 if abs(in_bar - bar / 2) < 1e-3 or in_bar % 1 < 1e-3 else -3
        arc = 5 * math.sin(math.pi * (((note.start - begin) / (4 * bar)) % 1))
        contour = 0.5 * (note.pitch - mean[role])
        velocity = note.loudness + LOUDER[role] + accent + arc + contour + rng.gauss(0, 3)
        played.append(
            Played(start, length, note.pitch + shifts[role], int(min(120, max(28, velocity))), role)
        )
    return played, programs


def _strike_again(notes, roles, programs, clock):
    """Strings that die away are struck again: notes of plucked instruments longer than `DIES_AWAY_S` are
    split evenly."""
    more, their = [], {}
    for i, n in enumerate(notes):
        lasts = clock(n.start + n.length) - clock(n.start)
        times = math.ceil(lasts / DIES_AWAY_S) if programs[roles[i]] in PLUCKED and roles[i] != "bass" else 1
        for k in range(times):
            their[len(more)] = roles[i]
            more.append(
                Note(
                    n.start + k * n.length / times,
                    n.length / times,
                    n.pitch,
                    n.loudness - 6 * (k > 0),
                    n.part,
                )
            )
    return more, their


def _clock(begin, end, tempo, bar, rng):
    """A function from beats to seconds: the tempo in steps of an eighth of a beat, summed up."""
    step, wander, times = 0.125, 0.0, [0.0]
    for k in range(int((end - begin) / step) + 40):
        beat = k * step
        wander = 0.97 * wander + rng.gauss(0, 0.004)
        phrase = 0.025 * math.cos(2 * math.pi * beat / (4 * bar))
        ending = 0.28 * max(0.0, 1 - (end - begin - beat) / 2.5) if end - begin - beat < 2.5 else 0.0
        times.append(times[-1] + step * 60 / tempo * (1 + wander + phrase + min(ending, 0.4)))

    def seconds(beat):
        k = (beat - begin) / step
        low = min(int(k), len(times) - 2)
        return times[low] + (k - low) * (times[low + 1] - times[low])

    return seconds
