"""Render the demo collection: `python assets/demo/make --scores FOLDER`.

FOLDER holds openscore_lieder.zip, openscore_quartets.zip and mutopia.zip. Needs Debian's fluidsynth,
lilypond and musescore-general-soundfont-lossless, and the packages of requirements.txt. Everything is seeded:
the same scores, programs and soundfont give the same audio. `pieces.csv` says what is rendered.
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

import soundfile
from ensembles import draw_ensemble
from excerpt import excerpt, with_octave_below
from perform import perform
from pieces import HERE, read_piece, read_pieces, text_of
from render import ROOMS, SOUNDFONT, render

SECONDS = 11.2
WITHOUT_PEDAL = ("Ragtime and march", "Organ and harpsichord")
SINGLE_LINES = ("Koto and shamisen",)
COLUMNS = (
    *("file", "title", "composer", "tradition", "language", "lyrics", "lyricist", "source_work", "licence"),
    *("source", "ensemble", "room", "seed"),
)


def make_track(job: tuple) -> dict:
    """Render one piece; return its row of the table."""
    piece, given, audio = job
    seed = zlib.crc32(piece["source"].encode())
    rng = random.Random(seed)
    score = read_piece(piece, given.scores, given.cache)
    ensemble = draw_ensemble(piece["tradition"], piece["place"], bool(score.syllables), rng)
    made = {"ensemble": ensemble, "room": rng.choice(sorted(ROOMS)), "seed": seed}
    made["lyrics"] = text_of(score, piece["source"])
    if not given.table_only:
        cut = excerpt(score, int(piece["start_bar"]), SECONDS, float(piece["rate"]))
        if len({n.part for n in cut.notes}) == 1 and piece["tradition"] in SINGLE_LINES:
            cut = with_octave_below(cut)
        pedal = piece["tradition"] not in WITHOUT_PEDAL
        played, programs = perform(cut, score, ensemble, seed)
        render(
            played, programs, made["room"], given.soundfont, audio / piece["file"], given.quality, seed, pedal
        )
    return {column: {**piece, **made}[column] for column in COLUMNS}


def main() -> None:
    """Read the command line, render, and write `tracks.csv`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scores", type=Path, required=True, help="folder of the three archives of scores")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="folder for tracks.csv and audio/")
    cache = Path(tempfile.gettempdir()) / "songscape-demo"
    parser.add_argument("--cache", type=Path, default=cache, help="folder for scores and LilyPond's MIDI")
    parser.add_argument("--soundfont", type=Path, default=SOUNDFONT)
    parser.add_argument("--quality", type=float, default=0.02, help="Vorbis quality 0..1")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--only", default="", help="only pieces of this tradition, or this file; no table then"
    )
    parser.add_argument("--table-only", action="store_true", help="write tracks.csv and no audio")
    given = parser.parse_args()
    audio = given.out / "audio"
    audio.mkdir(parents=True, exist_ok=True)
    pieces, seen = read_pieces(), Counter()
    for piece in pieces:
        piece["place"] = seen[piece["tradition"]]
        seen[piece["tradition"]] += 1
    pieces = [p for p in pieces if not given.only or given.only in (p["tradition"], p["file"])]
    jobs, rows = [(p, given, audio) for p in pieces], []
    with ProcessPoolExecutor(given.workers) as pool:
        for row in pool.map(make_track, jobs):
            rows.append(row)
            print(f"{len(rows)}/{len(jobs)} {row['file']} {row['ensemble']}: {row['title']}", flush=True)
    if not given.only:
        with (given.out / "tracks.csv").open("w", encoding="utf-8", newline="") as sink:
            writer = csv.DictWriter(sink, (*COLUMNS, "duration_s"), lineterminator="\n")
            writer.writeheader()
            for row in rows:
                writer.writerow(row | {"duration_s": soundfile.info(audio / row["file"]).duration})


if __name__ == "__main__":
    main()
