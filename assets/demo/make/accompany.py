"""Give a single line company: a bass, chords or a drone out of its own key, and now and then a second voice
below it.

Nothing of this is in the source; it is the demo's own arrangement.
"""

from __future__ import annotations

import itertools
import random

from score import Note

STYLES = {  # how often each tradition is accompanied in which way
    "Reel": {"vamp": 6, "drone": 1, "broken": 1},
    "Jig": {"vamp": 2, "broken": 5, "drone": 1},
    "Hornpipe": {"vamp": 5, "held": 3},
    "Strathspey": {"drone": 6, "held": 2, "vamp": 1},
    "Slow air": {"held": 4, "broken": 5, "drone": 1},
}
TRIADS = (
    (0, 4, 7),
    (5, 9, 0),
    (7, 11, 2),
    (9, 0, 4),
    (2, 5, 9),
    (4, 7, 11),
)  # of a major key: I IV V vi ii iii
SECOND_VOICE = {"Reel": 0.2, "Jig": 0.15, "Hornpipe": 0.5, "Strathspey": 0.1, "Slow air": 0.5}


def accompany(
    tune: list[Note],
    bars: list[float],
    sharps: int,
    metre: tuple[int, int],
    tradition: str,
    rng: random.Random,
):
    """Return the tune as part "lead" with accompanying parts "upper", "lower" and "bass" (`bars` in quarter
    notes)."""
    lead = [Note(n.start, n.length, n.pitch, n.loudness, "lead") for n in tune]
    styles = STYLES[tradition]
    style = rng.choices(list(styles), list(styles.values()))[0]
    home = tune[-1].pitch % 12
    steps = _steps(bars, metre)
    chords = _choose_chords(tune, steps, sharps, home)
    more = [n for chord, (begin, end) in zip(chords, steps) for n in _play(style, chord, begin, end)]
    if style == "drone":
        more = _drone(home, bars)
    if rng.random() < SECOND_VOICE[tradition]:
        more += _second_voice(tune, steps, chords)
    return lead + more


def _steps(bars, metre):
    """Spans that keep one chord: half a bar where the bar halves, else a bar; a pickup has a span of its
    own."""
    halves = metre in ((4, 4), (2, 2), (6, 8), (12, 8))
    steps = []
    for begin, end in itertools.pairwise(bars):
        middle = (begin + end) / 2
        steps += [(begin, middle), (middle, end)] if halves and end - begin >= 2 else [(begin, end)]
    return steps


def _choose_chords(tune, steps, sharps, home):
    """For each span the triad of the key that fits the notes best: long and early ones weigh more, and home
    is preferred."""
    tonic = 7 * sharps % 12
    triads = [tuple((tonic + step) % 12 for step in triad) for triad in TRIADS]
    if home not in [t[0] for t in triads]:
        home = tonic
    chosen = []
    for begin, end in steps:
        span = [n for n in tune if n.start < end - 1e-6 and n.start + n.length > begin + 1e-6]
        fit = {}
        for place, triad in enumerate(triads):
            points = 0.35 * (triad[0] == home) - 0.08 * place + 0.15 * (bool(chosen) and chosen[-1] == triad)
            for n in span:
                share = (min(end, n.start + n.length) - max(begin, n.start)) / (end - begin)
                share *= 1.6 if abs(n.start - begin) < 1e-3 else 1.0
                points += share * (1.0 if n.pitch % 12 in triad else -0.7)
            fit[triad] = points
        chosen.append(max(fit, key=fit.get))
    chosen[-1] = next(t for t in triads if t[0] == home)
    return chosen


def _near(pitch_class, around):
    return around + (pitch_class - around + 6) % 12 - 6


def _play(style, chord, begin, end):
    root, third, fifth = _near(chord[0], 43), _near(chord[1], 57), _near(chord[2], 60)
    long = end - begin
    if style == "held":
        return [
            Note(begin, long, root, 62, "bass"),
            *(Note(begin, long, p, 56, "lower") for p in (third, fifth)),
        ]
    if style == "vamp":
        half = long / 2
        return [
            Note(begin, half * 0.9, root, 68, "bass"),
            *(Note(begin + half, half * 0.6, p, 58, "lower") for p in (third, fifth, _near(chord[0], 64))),
        ]
    if style == "broken":
        above = _near(chord[0], 62)
        pattern = (
            (fifth, above, _near(chord[1], 66)) if abs(long - 1.5) < 0.01 else (fifth, above, third, fifth)
        )
        step = long / len(pattern)
        return [
            Note(begin, long, root, 64, "bass"),
            *(
                Note(begin + k * step, step * 1.5, p, 54, "lower")
                for k, p in enumerate(pattern)
                if k or long < 2
            ),
        ]
    return []


def _drone(home, bars):
    """Tonic and fifth, taken up again every second bar."""
    notes = []
    for place in range(0, len(bars) - 1, 2):
        begin, end = bars[place], bars[min(place + 2, len(bars) - 1)]
        low = _near(home, 45)
        notes += [
            Note(begin, end - begin, low, 64, "bass"),
            Note(begin, end - begin, low + 7, 56, "lower"),
            Note(begin, end - begin, low + 12, 52, "lower"),
        ]
    return notes


def _second_voice(tune, steps, chords):
    """Under notes that are long or begin a span: the chord's nearest tone a third to a sixth below."""
    notes = []
    for n in tune:
        span = next((k for k, (b, e) in enumerate(steps) if b - 1e-6 <= n.start < e - 1e-6), None)
        if span is None or not (n.length >= 0.99 or abs(n.start - steps[span][0]) < 1e-3):
            continue
        below = next((p for p in range(n.pitch - 3, n.pitch - 10, -1) if p % 12 in chords[span]), None)
        if below:
            notes.append(Note(n.start, max(n.length, 0.75), below, 54, "upper"))
    return notes
