"""Who plays: ensembles that all traditions share, and those that each tradition is at home with.

An ensemble gives a General MIDI program (from 0) to each of four roles: lead, upper, lower, bass. A voice is
played by a solo instrument or a wordless choir; every tradition can draw ensembles of others, so that a
timbre alone does not name a tradition.
"""

from __future__ import annotations

import random

ROLES = ("lead", "upper", "lower", "bass")

SOLOISTS = {
    **{"violin": 40, "viola": 41, "cello": 42, "trumpet": 59, "horn": 60, "choir": 52, "voices": 53},
    **{"saxophone": 65, "oboe": 68, "cor anglais": 69, "bassoon": 70, "clarinet": 71, "flute": 73},
    **{"recorder": 74},
}
UNDER = {
    "piano": (0, 0, 0),
    "guitar": (24, 24, 24),
    "harp": (46, 46, 46),
    "organ": (19, 19, 19),
    "harmonium": (20, 20, 20),
    "strings": (48, 48, 48),
}
ENSEMBLES = {
    **{f"{solo} and {under}": (SOLOISTS[solo], *UNDER[under]) for solo in SOLOISTS for under in UNDER},
    "piano": (0, 0, 0, 0),
    "upright piano": (3, 3, 3, 3),
    "harpsichord": (6, 6, 6, 6),
    "guitars": (24, 24, 24, 24),
    "steel guitars": (25, 25, 25, 25),
    "harp": (46, 46, 46, 46),
    "organ": (19, 19, 19, 19),
    "positive organ": (20, 20, 20, 20),
    "accordion": (21, 21, 21, 21),
    "dulcimer": (15, 15, 15, 15),
    "koto": (107, 107, 107, 107),
    "shamisen": (106, 106, 106, 106),
    "shamisen and koto": (106, 107, 107, 107),
    "shakuhachi and koto": (77, 107, 107, 107),
    "banjo and piano": (105, 0, 0, 0),
    "strings": (40, 40, 41, 42),
    "string orchestra": (48, 48, 48, 48),
    "winds": (73, 68, 71, 70),
    "clarinets": (71, 71, 71, 70),
    "recorders": (74, 74, 71, 70),
    "saxophones": (64, 65, 66, 67),
    "brass": (56, 60, 57, 58),
    "choir": (52, 52, 52, 52),
    "voices": (53, 53, 53, 53),
}

SUNG = tuple(f"{solo} and {under}" for solo in SOLOISTS for under in UNDER if under != "strings")
PLAYED = (
    *("piano", "guitars", "harp", "organ", "strings", "winds", "clarinets", "recorders", "accordion"),
    *("violin and piano", "flute and harp", "oboe and guitar", "clarinet and piano", "brass", "dulcimer"),
)
HOME = {
    "German Lied": ("horn and piano", "clarinet and piano", "cello and piano", "viola and piano"),
    "French mélodie": ("flute and harp", "oboe and harp", "flute and piano", "cor anglais and harp"),
    "English song": ("clarinet and strings", "recorder and strings", "oboe and strings", "violin and harp"),
    "Parlour song": ("voices and guitar", "voices and harmonium", "violin and guitar", "voices and piano"),
    "Sacred choral": ("choir", "voices", "choir and organ", "organ", "brass", "choir"),
    "String quartet": ("strings", "strings", "strings", "string orchestra", "winds", "strings"),
    "Ragtime and march": ("piano", "upright piano", "piano", "banjo and piano", "saxophones", "brass"),
    "Organ and harpsichord": (*("organ", "harpsichord", "organ", "harpsichord", "positive organ", "organ"),),
    "Classical guitar": ("guitars", "guitars", "guitars", "steel guitars", "guitars", "harp"),
    "Koto and shamisen": (
        *("koto", "shamisen and koto", "shamisen", "koto", "shakuhachi and koto", "shamisen and koto"),
    ),
}
AWAY = 8  # every eighth track of a tradition is played by an ensemble of others
SONGS = tuple(dict.fromkeys(name for home in list(HOME.values())[:4] for name in home))

PLUCKED = {0, 3, 6, 15, 24, 25, 46, 105, 106, 107}
PIANOS = {0, 3}
COMFORTABLE = {  # lowest and highest pitch that sound well, per program
    **{15: (45, 88), 20: (36, 90), 24: (38, 83), 25: (38, 86), 40: (55, 93), 41: (48, 84), 42: (36, 72)},
    **{52: (43, 81), 53: (43, 81), 56: (55, 82), 57: (40, 70), 58: (29, 60), 59: (55, 82), 60: (40, 74)},
    **{64: (56, 84), 65: (49, 80), 66: (44, 75), 67: (37, 68), 68: (58, 88), 69: (52, 80), 70: (34, 69)},
    **{71: (50, 88), 73: (60, 93), 74: (60, 91), 77: (55, 86), 105: (48, 84), 106: (43, 84), 107: (43, 91)},
}


def draw_ensemble(tradition: str, place: int, sung: bool, rng: random.Random) -> str:
    """Draw an ensemble for the track at `place` (from 0) of its tradition.

    Its own go round, moved on by one every fourth track so that no other always takes the same one's place;
    every eighth track has one of the others'.
    """
    home = HOME[tradition]
    if place % AWAY == AWAY - 1:
        return rng.choice([name for name in (SONGS if sung else PLAYED) if name not in home])
    return home[(place - place // 4) % len(home)]


def octave_shift(pitches: list[int], program: int) -> int:
    """Octaves to move a line by, so that the program plays it in a register that sounds well."""
    low, high = COMFORTABLE.get(program, (28, 96))
    costs = {
        k: sum(max(0, low - p - 12 * k) + max(0, p + 12 * k - high) for p in pitches) + 3 * abs(k)
        for k in (-2, -1, 0, 1, 2)
    }
    return min(costs, key=lambda k: (costs[k], abs(k)))
