"""Find a piece's file among the scores, and read it into a Score with its whole text."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

from read_musicxml import read_musicxml
from score import Score

HERE = Path(__file__).resolve().parent
COLLECTIONS = ("openscore_lieder", "openscore_quartets", "mutopia")


def read_pieces() -> list[dict[str, str]]:
    """Return the rows of `pieces.csv`."""
    with (HERE / "pieces.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def unpack(scores: Path, source: str, cache: Path) -> Path:
    """Return the file `source` (collection/name) of the archives in `scores`, unpacked into `cache`.

    Raises
    ------
    ValueError
        When the collection is none of those that the demo reads.
    """
    collection, name = source.split("/")
    if collection not in COLLECTIONS:
        raise ValueError(f"source={source!r}: the collection must be one of {', '.join(COLLECTIONS)}")
    path = cache / collection / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(scores / f"{collection}.zip") as archive:
            path.write_bytes(archive.read(name))
    return path


def read_piece(piece: dict[str, str], scores: Path, cache: Path) -> Score:
    """Return the score of a row of `pieces.csv`, with the stanzas of its own language alone."""
    path = unpack(scores, piece["source"], cache)
    if path.suffix == ".mxl":
        score = read_musicxml(path)
        if piece["stanzas"]:
            score.stanzas = score.stanzas[: int(piece["stanzas"])]
    else:
        from read_lilypond import read_lilypond  # needs mido, which who only reads the table may lack

        made = cache / "midi"
        made.mkdir(parents=True, exist_ok=True)
        score = read_lilypond(path, made, piece["stanzas"])
    if not piece["language"]:
        score.stanzas, score.syllables, score.voice = [], [], ""
    return score


def text_of(score: Score, source: str) -> str:
    """Return the whole text, a line for each stanza, with the misprints of `corrections.csv` put right.

    Raises
    ------
    ValueError
        When a correction finds nothing to correct.
    """
    text = "\n".join(score.stanzas)
    with (HERE / "corrections.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["source"] == source:
                if row["found"] not in text:
                    raise ValueError(f"corrections.csv: {row['found']!r} is not in the text of {source}")
                text = text.replace(row["found"], row["right"])
    return text
