"""Read one piece of the music21 corpus into a Score."""

from __future__ import annotations

from pathlib import Path

from score import Note, Score, from_json, to_json

MOST_BARS = 90


def read_piece(path: str, number: int | None, cache: Path) -> Score:
    """Read a corpus file, or tune `number` of a book in ABC; parsing is slow, so the result is kept in
    `cache`.

    Grace notes are left out, ties joined, and of long movements only the first `MOST_BARS` bars are read.
    """
    from music21 import VERSION_STR

    kept = cache / f"{path.replace('/', '_')}-{number or 0}-{VERSION_STR}.json"
    if kept.exists():
        return from_json(kept.read_text(encoding="utf-8"))
    score = _read(path, number)
    kept.write_text(to_json(score), encoding="utf-8")
    return score


def _read(path, number):
    from music21 import common, converter, key, meter

    stream = converter.parse(common.getCorpusFilePath() / path, number=number, forceSource=True)
    if hasattr(stream, "scores") and len(stream.scores):
        stream = stream.scores[0]
    parts = [p.measures(0, MOST_BARS) for p in (list(stream.parts) or [stream])]
    score, verses = Score(), {}
    for place, part in enumerate(parts):
        name = f"{place:02}"
        for element in part.stripTies().flatten().notes:
            if element.duration.isGrace or not element.quarterLength or "Harmony" in element.classes:
                continue
            start = float(element.offset)
            for pitch in element.pitches:
                score.notes.append(Note(start, float(element.quarterLength), round(pitch.ps), 70, name))
            for sung in element.lyrics:
                if sung.text:
                    verses.setdefault((name, sung.number), []).append(
                        (start, sung.text, sung.syllabic in ("begin", "middle"))
                    )
    score.syllables = _text(verses)
    first = parts[0]
    score.bars = sorted({float(m.offset) for m in first.getElementsByClass("Measure")})
    signatures = list(first.flatten().getElementsByClass(key.KeySignature))
    score.sharps = signatures[0].sharps if signatures else 0
    metres = list(first.flatten().getElementsByClass(meter.TimeSignature))
    lengths = [b - a for a, b in zip(score.bars, score.bars[1:])]
    usual = max(lengths, key=lengths.count) if lengths else 4.0
    # music21 gives a pickup a metre of its own
    metres = [m for m in metres if abs(m.barDuration.quarterLength - usual) < 1e-3] or metres
    score.metre = (metres[0].numerator, metres[0].denominator) if metres else (4, 4)
    return score


def _text(verses):
    """The first verse of the first part that sings a whole one.

    Where a repeated opening has two lines of text, the corpus counts what follows the repeat to the second:
    then both are joined.
    """
    longest = max((len(v) for v in verses.values()), default=0)
    for (part, _), verse in sorted(verses.items(), key=lambda item: (item[0][0], item[0][1] or 0)):
        if len(verse) >= 0.8 * longest:
            return verse
        second = max((v for (p, _), v in verses.items() if p == part), key=len)
        if len(second) == longest and 0.2 * longest < len(verse) and verse[0][0] <= second[0][0] + 2:
            return verse + second
    return []
