"""Who plays: ensembles shared by all traditions, and the ones that each tradition is at home with.

An ensemble gives a General MIDI program (from 0) to each of four roles: lead, upper, lower, bass. Every
tradition can draw every ensemble of SHARED, so that a timbre alone does not name a tradition.
"""

from __future__ import annotations

import random

ROLES = ("lead", "upper", "lower", "bass")

ENSEMBLES = {
    "piano": (0, 0, 0, 0),
    "harpsichord": (6, 6, 6, 6),
    "guitars": (24, 24, 24, 24),
    "steel guitars": (25, 25, 25, 32),
    "harp": (46, 46, 46, 46),
    "organ": (19, 19, 19, 19),
    "accordion": (21, 21, 21, 21),
    "concertina and banjo": (23, 105, 105, 32),
    "dulcimer": (15, 15, 15, 15),
    "strings": (40, 40, 41, 42),
    "winds": (73, 68, 71, 70),
    "clarinets": (71, 71, 71, 70),
    "recorders": (74, 74, 71, 70),
    "recorder and dulcimer": (74, 15, 15, 15),
    "brass": (56, 60, 57, 58),
    "choir": (52, 52, 52, 52),
    "voices": (53, 53, 53, 53),
    "violin and piano": (40, 0, 0, 0),
    "clarinet and piano": (71, 0, 0, 0),
    "flute and harp": (73, 46, 46, 46),
    "oboe and harp": (68, 46, 46, 46),
    "flute and guitar": (73, 24, 24, 24),
    "whistle and guitar": (78, 25, 25, 32),
    "violin and guitar": (40, 24, 24, 24),
    "fiddle and accordion": (110, 21, 21, 21),
    "fiddle and piano": (110, 0, 0, 0),
    "pipes": (109, 109, 109, 109),
    "pipes and cello": (109, 42, 42, 42),
    "harpsichord and viols": (6, 6, 41, 42),
}

SHARED = (
    "piano",
    "guitars",
    "harp",
    "organ",
    "strings",
    "winds",
    "clarinets",
    "recorders",
    "choir",
    "accordion",
    "violin and piano",
    "clarinet and piano",
    "flute and harp",
    "flute and guitar",
    "violin and guitar",
    "dulcimer",
)

HOME = {  # the first one twice as often as the second
    "Chorale": ("organ", "brass"),
    "Trecento song": ("recorders", "recorder and dulcimer"),
    "Medieval mass": ("choir", "voices"),
    "Madrigal": ("harpsichord", "harpsichord and viols"),
    "String quartet": ("strings", "winds"),
    "Reel": ("fiddle and piano", "violin and piano"),
    "Jig": ("whistle and guitar", "steel guitars"),
    "Hornpipe": ("concertina and banjo", "accordion"),
    "Strathspey": ("pipes", "pipes and cello"),
    "Slow air": ("flute and harp", "oboe and harp"),
}
AWAY = 4  # every fourth track of a tradition is played by a shared ensemble that is not its own

PLUCKED = {0, 6, 15, 24, 25, 32, 46, 105}
COMFORTABLE = {  # lowest and highest pitch that sound well, per program
    40: (55, 93),
    41: (48, 84),
    42: (36, 72),
    56: (55, 82),
    57: (40, 70),
    58: (29, 60),
    60: (40, 74),
    68: (58, 88),
    70: (34, 69),
    71: (50, 88),
    73: (60, 93),
    74: (60, 91),
    78: (67, 93),
    52: (43, 81),
    53: (43, 81),
    24: (38, 83),
    25: (38, 86),
    15: (45, 88),
    23: (50, 88),
    105: (48, 84),
    109: (45, 84),
    110: (55, 93),
    32: (28, 55),
}


def draw_ensemble(tradition: str, place: int, rng: random.Random) -> str:
    """Draw an ensemble for the track at `place` (from 0) of its tradition: a shared one, the first of its
    own, or the second."""
    if place % AWAY == AWAY - 1:
        return rng.choice([name for name in SHARED if name not in HOME[tradition]])
    return HOME[tradition][place % AWAY == 1]


def octave_shift(pitches: list[int], program: int) -> int:
    """Octaves to move a line by, so that the program plays it in a register that sounds well."""
    low, high = COMFORTABLE.get(program, (28, 96))
    costs = {
        k: sum(max(0, low - p - 12 * k) + max(0, p + 12 * k - high) for p in pitches) + 3 * abs(k)
        for k in (-2, -1, 0, 1, 2)
    }
    return min(costs, key=lambda k: (costs[k], abs(k)))
