"""Render the demo collection: `python assets/demo/make`.

Needs Debian's fluidsynth and musescore-general-soundfont-lossless, and the packages of requirements.txt; the
scores are those that come with music21. Everything is seeded: the same music21, soundfont and library
versions give the same sound. `pieces.csv` says what is rendered; its columns are explained in README.md.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from accompany import STYLES, accompany
from ensembles import draw_ensemble
from perform import excerpt, perform
from read_music21 import read_piece
from render import ROOMS, render
from words import join_syllables, shorten

HERE = Path(__file__).resolve().parent
SOUNDFONT = Path("/usr/share/sounds/sf2/MuseScore_General_Full.sf2")
SECONDS = 11.2
MAX_WORDS = 60
COLUMNS = (
    "file",
    "title",
    "composer",
    "tradition",
    "language",
    "lyrics",
    "source_work",
    "licence",
    "encoder",
    "ensemble",
    "room",
    "seed",
    "source",
)


def make_track(job: tuple) -> dict:
    """Render one piece; return its row of the table."""
    piece, cache, soundfont, out, quality, sound = job
    seed = zlib.crc32(f"{piece['path']}/{piece['number']}".encode())
    rng = random.Random(seed)
    score = read_piece(piece["path"], int(piece["number"]) if piece["number"] else None, cache)
    ensemble, room = draw_ensemble(piece["tradition"], piece["place"], rng), rng.choice(sorted(ROOMS))
    if sound:
        notes, begin, end, tempo = excerpt(score, int(piece["start_bar"]), SECONDS, float(piece["rate"]))
        bars = [begin, *(b for b in score.bars if begin + 1e-6 < b < end - 1e-6), end]
        if piece["tradition"] in STYLES:
            notes = accompany(notes, bars, score.sharps, score.metre, piece["tradition"], rng)
        played, programs = perform(notes, begin, end, tempo, bars, score.voice, ensemble, seed)
        render(played, programs, room, soundfont, out / piece["file"], quality, seed)
    lyrics = (piece["text"] or join_syllables(score.syllables)) if piece["language"] else ""
    made = {"lyrics": shorten(lyrics, MAX_WORDS), "ensemble": ensemble, "room": room, "seed": seed}
    made["source"] = f"music21/corpus/{piece['path']}" + (
        f", tune {piece['number']}" if piece["number"] else ""
    )
    return {column: {**piece, **made}[column] for column in COLUMNS}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=HERE.parent, help="folder for tracks.csv and audio/")
    cache = Path(tempfile.gettempdir()) / "songscape-demo"
    parser.add_argument("--cache", type=Path, default=cache, help="folder for scores once read")
    parser.add_argument("--soundfont", type=Path, default=SOUNDFONT)
    parser.add_argument("--quality", type=float, default=0.02, help="Vorbis quality 0..1")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--only", default="", help="render only pieces of this tradition, or this file; no table then"
    )
    parser.add_argument("--table-only", action="store_true", help="write tracks.csv and no sound")
    given = parser.parse_args()
    audio = given.out / "audio"
    audio.mkdir(parents=True, exist_ok=True)
    given.cache.mkdir(parents=True, exist_ok=True)
    with (HERE / "pieces.csv").open(encoding="utf-8", newline="") as source:
        pieces = list(csv.DictReader(source))
    seen = Counter()
    for piece in pieces:
        piece["place"] = seen[piece["tradition"]]
        seen[piece["tradition"]] += 1
    pieces = [p for p in pieces if not given.only or given.only in (p["tradition"], p["file"])]
    jobs = [(p, given.cache, given.soundfont, audio, given.quality, not given.table_only) for p in pieces]
    rows = []
    with ProcessPoolExecutor(given.workers) as pool:
        for row in pool.map(make_track, jobs):
            rows.append(row)
            print(
                f"{len(rows)}/{len(jobs)} {row['file']} {row['ensemble']}: {row['source_work']}", flush=True
            )
    if not given.only:
        with (given.out / "tracks.csv").open("w", encoding="utf-8", newline="") as sink:
            writer = csv.DictWriter(sink, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
