"""Check `pieces.csv` against the demo's rules: `python assets/demo/make/check_pieces.py`."""

from __future__ import annotations

import sys
from collections import Counter

from pieces import read_pieces

LATEST = 1946
TRADITIONS, FEWEST, MOST = 10, 20, 24
LICENCES = {"openscore_lieder": "CC0-1.0", "openscore_quartets": "CC0-1.0", "mutopia": "CC-PDDC"}
NOBODY = ("Traditional", "Anonymous")
NO_AUTHOR = (*NOBODY, "Liturgy", "Bible")


def problems(pieces: list[dict[str, str]]) -> list[str]:
    """Return what is against the rules, a line each.

    The rules: sizes, one tradition a composer, one track a work, deaths until `LATEST`, a language and a
    lyricist for what is sung, the licence of the collection.
    """
    found = []
    counts = Counter(p["tradition"] for p in pieces)
    if len(counts) != TRADITIONS or not all(FEWEST <= n <= MOST for n in counts.values()):
        found.append(f"{TRADITIONS} traditions of {FEWEST} to {MOST} tracks are allowed, got {dict(counts)}")
    homes: dict[str, set[str]] = {}
    for p in pieces:
        for composer in p["composer"].split(", "):
            homes.setdefault(composer, set()).add(p["tradition"])
    found += [f"{c} is in {sorted(t)}" for c, t in homes.items() if len(t) > 1 and c not in NOBODY]
    for column in ("file", "source", "source_work"):
        twice = [value for value, n in Counter(p[column] for p in pieces).items() if n > 1]
        found += [f"two tracks have {column}={value!r}" for value in twice]
    for p in pieces:
        for role, nobody in (("composer", NOBODY), ("lyricist", NO_AUTHOR)):
            died = p[f"{role}_died"]
            if p[role] and p[role] not in nobody and not (died.isdigit() and int(died) <= LATEST):
                found.append(f"{p['file']}: {role} {p[role]} died {died or 'nobody knows when'}")
        if bool(p["language"]) != bool(p["lyricist"]):
            found.append(f"{p['file']}: a sung piece has a language and a lyricist, any other neither")
        if LICENCES.get(p["source"].split("/")[0]) != p["licence"]:
            found.append(f"{p['file']}: licence={p['licence']!r} is not that of {p['source']}")
    return found


if __name__ == "__main__":
    against = problems(read_pieces())
    print("\n".join(against) or "every rule is kept")
    sys.exit(bool(against))
