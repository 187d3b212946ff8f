"""Render excerpts of other songs, with their texts, to pretrain on: `python assets/demo/make/songs.py`.

Songs of OpenScore's Lieder that are not in the demo, 10 seconds each, in an order drawn by `--seed`. What is
there already is not rendered again, so that a stopped run goes on where it was. `songs.csv` names file,
title, composer, language, lyrics and source; `--without` leaves out composers, such as those of a held-out
part of the demo.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
import time
import zlib
from pathlib import Path

from ensembles import SUNG
from excerpt import excerpt
from perform import perform
from pieces import read_pieces, unpack
from read_musicxml import read_musicxml
from render import ROOMS, SOUNDFONT, render
from words import in_language

SECONDS = 8.7
COLUMNS = ("file", "title", "composer", "language", "lyrics", "source")


def other_songs(table: Path, without: set[str], seed: int) -> list[dict[str, str]]:
    """Return the rows of `table` (openscore_lieder.csv) that the demo does not render, shuffled.

    Composers are named as in the demo ("Fanny Hensel"); those in `without` are left out.
    """
    demo = {p["source"] for p in read_pieces()}
    with table.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    for row in rows:
        family, _, given = row["composer"].replace("_", " ").partition(", ")
        name = f"{given} {family}".strip()
        row["composer"] = "Clara Schumann" if name == "Clara Wieck" else name
        row["source"] = f"openscore_lieder/{row['file']}"
    rows = [r for r in rows if r["source"] not in demo and r["composer"] not in without]
    random.Random(seed).shuffle(rows)
    return rows


def render_song(row: dict[str, str], given: argparse.Namespace) -> dict[str, str] | None:
    """Render one song; return its row of `songs.csv`, or None where no excerpt can be cut.

    Stanzas of a translation below the text are left out.
    """
    score = read_musicxml(unpack(given.scores, row["source"], given.cache))
    if not score.stanzas:
        return None
    name = f"{Path(row['file']).stem}.ogg"
    if not (given.out / name).exists():
        try:
            cut = excerpt(score, 0, SECONDS, 4.0)
        except ValueError:
            return None
        seed = zlib.crc32(row["source"].encode())
        rng = random.Random(seed)
        ensemble, room = rng.choice(SUNG), rng.choice(sorted(ROOMS))
        played, programs = perform(cut, score, ensemble, seed)
        half = given.out / f"half-{name}"
        render(played, programs, room, given.soundfont, half, given.quality, seed, True, 10.0)
        half.rename(given.out / name)
    lyrics = "\n".join(line for line in score.stanzas if in_language(line, row["language"]))
    made = {"file": name, "lyrics": lyrics}
    return {column: {**row, **made}[column] for column in COLUMNS}


def main() -> None:
    """Read the command line and render until the minutes are over."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scores", type=Path, required=True, help="folder of the archives and their tables")
    parser.add_argument("--out", type=Path, required=True, help="folder for the audio and songs.csv")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", default="", help="composers to leave out, joined by semicolons")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "songscape-demo")
    parser.add_argument("--soundfont", type=Path, default=SOUNDFONT)
    parser.add_argument("--quality", type=float, default=0.02, help="Vorbis quality 0..1")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    without = {name.strip() for name in given.without.split(";") if name.strip()}
    rows, until = [], time.monotonic() + 60 * given.minutes
    for row in other_songs(given.scores / "openscore_lieder.csv", without, given.seed):
        if time.monotonic() > until:
            break
        if made := render_song(row, given):
            rows.append(made)
            print(f"{len(rows)} {made['file']} {made['composer']}: {made['title']}", flush=True)
    with (given.out / "songs.csv").open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
