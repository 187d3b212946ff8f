"""Play a score: share the notes among four roles, and bend time and loudness as people do."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from ensembles import ENSEMBLES, PLUCKED, ROLES, octave_shift
from excerpt import Excerpt
from score import Note, Score

DIES_AWAY_S = 1.3
LOUDER = {"lead": 9, "upper": -9, "lower": -10, "bass": -3}  # a soloist over an accompaniment
ALIKE = {"lead": 5, "upper": -3, "lower": -5, "bass": 0}


@dataclass(frozen=True)
class Played:
    """A sounding note: seconds, MIDI pitch and velocity, role."""

    start_s: float
    length_s: float
    pitch: int
    velocity: int
    role: str


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


def perform(cut: Excerpt, score: Score, ensemble: str, seed: int) -> tuple[list[Played], dict[str, int]]:
    """Return the played notes of an excerpt and, per role, its General MIDI program.

    Time bends by a slow wander of about 2 %, leans into phrases of four bars, and slows down over the last
    two beats; onsets scatter by 8 ms, chords of plucked strings roll, loudness follows the score's marks, the
    bar, the line's contour and the phrase.
    """
    rng = random.Random(seed)
    bars = [cut.begin, *(b for b in score.bars if cut.begin + 1e-6 < b < cut.end - 1e-6), cut.end]
    downbeat, bar = (bars[1], bars[2] - bars[1]) if len(bars) > 2 else (cut.begin, 4.0)
    clock = _clock(cut.begin, cut.end, cut.tempo, bar, rng)
    programs = dict(zip(ROLES, ENSEMBLES[ensemble]))
    roles = share_roles(cut.notes, score.voice)
    shifts = _octaves(cut.notes, roles, programs)
    notes, roles = _strike_again(cut.notes, roles, programs, clock)
    mean = {
        r: sum(x) / len(x) for r in ROLES if (x := [n.pitch for i, n in enumerate(notes) if roles[i] == r])
    }
    louder = LOUDER if programs["lead"] != programs["bass"] or score.voice else ALIKE
    lag, played = {role: rng.gauss(0, 0.004) for role in ROLES}, []
    for i in sorted(range(len(notes)), key=lambda k: (notes[k].start, notes[k].pitch)):
        note, role = notes[i], roles[i]
        plucked = programs[role] in PLUCKED
        below = sum(1 for m in notes if abs(m.start - note.start) < 1e-3 and m.pitch < note.pitch)
        roll = min(below, 5) * (0.012 if plucked and programs[role] not in (0, 3, 6) else 0.003)
        start = max(0.0, clock(note.start) + lag[role] + rng.gauss(0, 0.008) + roll)
        length = (clock(note.start + note.length) - clock(note.start)) * (1.12 if plucked else 0.97)
        in_bar = (note.start - downbeat) % bar
        accent = 6 if in_bar < 1e-3 else 2 if abs(in_bar - bar / 2) < 1e-3 or in_bar % 1 < 1e-3 else -3
        arc = 5 * math.sin(math.pi * (((note.start - cut.begin) / (4 * bar)) % 1))
        contour = 0.5 * (note.pitch - mean[role])
        velocity = int(
            min(120, max(28, note.loudness + louder[role] + accent + arc + contour + rng.gauss(0, 3)))
        )
        played.append(Played(start, max(0.07, length), note.pitch + shifts[role], velocity, role))
    return played, programs


def _octaves(notes, roles, programs):
    """Half-tones to move each role by: one instrument for all is moved as a whole."""
    lines = {r: [n.pitch for i, n in enumerate(notes) if roles[i] == r] for r in ROLES}
    shifts = {}
    for role in ROLES:
        line = [p for r in ROLES if programs[r] == programs[role] for p in lines[r]]
        shifts[role] = 12 * octave_shift(line, programs[role]) if line else 0
    return shifts


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
