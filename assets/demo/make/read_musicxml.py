"""Read one compressed MusicXML file (.mxl), as the OpenScore collections hold them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from score import Note, Score
from words import join_syllables

LOUDNESS = {
    **{"ppp": 38, "pp": 46, "p": 56, "mp": 64, "mf": 72, "f": 84, "ff": 96, "fff": 106},
    **{"sf": 88, "sfz": 88, "fz": 88, "fp": 74, "rf": 84, "rfz": 84, "sfp": 76},
}
USUAL = 68
HAIRPIN = 12
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
Syllables = dict[str, list[tuple[float, str, bool]]]


@dataclass
class _Part:
    """What one part holds while it is read: times in quarter notes."""

    name: str
    notes: list[list] = field(default_factory=list)  # [start, length, pitch]
    bars: list[float] = field(default_factory=list)
    levels: list[tuple[float, int]] = field(default_factory=list)
    wedges: list[list] = field(default_factory=list)  # [start, end, direction]
    tempos: list[tuple[float, float]] = field(default_factory=list)
    verses: Syllables = field(default_factory=dict)
    metre: tuple[int, int] | None = None
    shift: int = 0


def read_musicxml(path: Path) -> Score:
    """Return the score of `path`: grace notes are left out, ties joined, repeats not unfolded.

    The part with most syllables is the voice; each verse becomes a stanza, and a verse without repeats begins
    a new line where the voice rests for a bar or more.
    """
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.endswith((".xml", ".musicxml")) and "META" not in n)
        root = ElementTree.fromstring(archive.read(name))
    parts = [_read_part(part, f"{place:02}") for place, part in enumerate(root.findall("part"))]
    sung = max(parts, key=lambda p: sum(len(v) for v in p.verses.values()))
    score = Score(bars=parts[0].bars, metre=next((p.metre for p in parts if p.metre), (4, 4)))
    for part in parts:
        score.notes += [Note(s, n, p, _loudness(part, s), part.name) for s, n, p in part.notes if n > 0]
        score.tempos += part.tempos
    score.notes.sort(key=lambda n: (n.start, n.pitch))
    score.tempos.sort()
    if sung.verses:
        score.voice = sung.name
        score.syllables = sorted(s for verse in sung.verses.values() for s in verse)
        score.stanzas = _stanzas(sung.verses, score)
    return score


def _read_part(part, name):
    read, divisions, at, tied = _Part(name), 1.0, 0.0, {}
    for measure in part.findall("measure"):
        read.bars.append(at)
        now = last = end = at
        for element in measure:
            if element.tag == "attributes":
                divisions = float(element.findtext("divisions") or divisions)
                read.shift = int(element.findtext("transpose/chromatic") or read.shift)
                if (over := element.findtext("time/beats")) and read.metre is None:
                    read.metre = (sum(map(int, over.split("+"))), int(element.findtext("time/beat-type")))
            elif element.tag in ("backup", "forward"):
                step = float(element.findtext("duration")) / divisions
                now += step if element.tag == "forward" else -step
            elif element.tag in ("direction", "sound"):
                _direction(read, element, now + float(element.findtext("offset") or 0) / divisions)
            elif element.tag == "note" and element.find("grace") is None:
                length = float(element.findtext("duration") or 0) / divisions
                start = last if element.find("chord") is not None else now
                if element.find("chord") is None:
                    last, now = now, now + length
                _note(read, element, start, length, tied)
            end = max(end, now)
        at = end
    return read


def _note(read, element, start, length, tied):
    pitch = element.find("pitch")
    if pitch is not None and element.find("cue") is None:
        key = STEPS[pitch.findtext("step")] + round(float(pitch.findtext("alter") or 0))
        key += 12 * (int(pitch.findtext("octave")) + 1) + read.shift
        ties = {tie.get("type") for tie in element.findall("tie")}
        before = tied.pop(key, None) if "stop" in ties else None
        if before is not None and abs(before[0] + before[1] - start) < 1e-3:
            before[1] += length
        else:
            before = [start, length, key]
            read.notes.append(before)
        if "start" in ties:
            tied[key] = before
    for sung in element.findall("lyric"):
        text = " ".join(t.text or "" for t in sung.findall("text")).strip()
        if text:
            goes_on = (sung.findall("syllabic") or [sung])[-1].text in ("begin", "middle")
            read.verses.setdefault(sung.get("number", "1"), []).append((start, text, goes_on))


def _direction(read, element, at):
    for sound in [element] if element.tag == "sound" else element.findall("sound"):
        if sound.get("tempo") and float(sound.get("tempo")) > 0:
            read.tempos.append((at, float(sound.get("tempo"))))
    for mark in element.findall("direction-type/dynamics/*"):
        if mark.tag in LOUDNESS:
            read.levels.append((at, LOUDNESS[mark.tag]))
    for wedge in element.findall("direction-type/wedge"):
        if wedge.get("type") in ("crescendo", "diminuendo"):
            read.wedges.append([at, at + 4, 1 if wedge.get("type") == "crescendo" else -1])
        elif wedge.get("type") == "stop" and read.wedges:
            read.wedges[-1][1] = max(at, read.wedges[-1][0] + 0.5)


def _loudness(part, at):
    """The last mark, and how far hairpins since have carried it."""
    since, level = next(((t, v) for t, v in reversed(part.levels) if t <= at + 1e-6), (0.0, USUAL))
    for begin, end, way in part.wedges:
        if since <= begin + 1e-6 and begin <= at:
            level += way * HAIRPIN * min(1.0, (at - begin) / (end - begin))
    return int(min(112, max(32, level)))


def _stanzas(verses, score):
    """A line for each verse; the first, and what is sung once, is broken where the voice rests for a bar."""
    bar = 4 * score.metre[0] / score.metre[1]
    until = sorted((n.start, n.start + n.length) for n in score.notes if n.part == score.voice)
    lines = []
    for number in sorted(verses, key=lambda n: (not n.isdigit(), int(n) if n.isdigit() else 0, n)):
        line, ended = [], None
        for syllable in sorted(verses[number], key=lambda s: s[0]):
            if ended is not None and syllable[0] - ended >= bar - 1e-6 and line and not line[-1][2]:
                lines.append(line)
                line = []
            line.append(syllable)
            ended = max((e for s, e in until if s <= syllable[0] + 1e-6), default=syllable[0])
            ended = _melisma_end(until, syllable[0], ended)
        lines.append(line)
    return [text for line in lines if (text := join_syllables(line))]


def _melisma_end(until, onset, ended):
    """Where the notes that follow `onset` without a rest end."""
    for start, end in until:
        if start > onset and start <= ended + 1e-3:
            ended = max(ended, end)
    return ended
