"""Read one piece of the Mutopia Project: LilyPond makes MIDI of it, its words come from the source itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import mido
from score import Note, Score

NONE_STATED = 60.0  # LilyPond writes it where a source states no tempo
LYRICS = re.compile(r"\\(?:lyricmode|lyrics|addlyrics)\s*\{|\\lyricsto\s+\S+\s*(?:\\lyricmode\s*)?\{")


def to_midi(source: Path, folder: Path) -> Path:
    """Return the MIDI file of `source`, made in `folder` by ``convert-ly`` and ``lilypond`` where it is not
    there yet.

    Raises
    ------
    ValueError
        When LilyPond makes no MIDI of the file.
    """
    midi = folder / f"{source.stem}.mid"
    if not midi.exists():
        text = subprocess.run(
            ["convert-ly", "-l", "ERROR", str(source)], capture_output=True, check=False, timeout=120
        ).stdout.decode("utf-8", "replace")
        made = folder / source.name
        made.write_text(_for_midi(text or source.read_text(encoding="utf-8")), encoding="utf-8")
        command = ["lilypond", "--loglevel=ERROR", "-dno-print-pages", "-dmidi-extension=mid"]
        run = subprocess.run(
            [*command, "-o", str(folder / source.stem), str(made)],
            capture_output=True,
            check=False,
            timeout=300,
        )
        more = sorted(folder.glob(f"{source.stem}-*.mid"))
        if not midi.exists() and more:
            midi = more[0]
        if not midi.exists():
            raise ValueError(f"LilyPond made no MIDI of {source.name}: {run.stderr.decode()[-300:]}")
    return midi


def read_lilypond(source: Path, folder: Path, blocks: str = "") -> Score:
    """Return the notes of a LilyPond file, and the stanzas of the lyric `blocks` numbered (from 0): "0+2-4"
    is two lines, the second of three blocks."""
    score = read_midi(to_midi(source, folder))
    if blocks:
        found = lyric_blocks(source.read_text(encoding="utf-8", errors="replace"))
        for line in blocks.split("+"):
            first, _, last = line.partition("-")
            score.stanzas.append(" ".join(found[int(first) : int(last or first) + 1]))
    return score


def read_midi(path: Path) -> Score:
    """Return notes, bars, tempo and where the first syllable falls of a MIDI file that LilyPond made."""
    midi = mido.MidiFile(path, clip=True)
    score, beat, metres, sung, tempos = Score(), midi.ticks_per_beat, [], [], []
    for place, track in enumerate(midi.tracks):
        now, sounding, name = 0, {}, f"{place:02}"
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                sounding.setdefault((message.channel, message.note), (now, message.velocity))
            elif message.type in ("note_on", "note_off"):
                began = sounding.pop((message.channel, message.note), None)
                if began and now > began[0]:
                    length = (now - began[0]) / beat
                    loudness = int(20 + 0.6 * began[1])  # LilyPond's usual 90 is a mezzo forte of 74
                    score.notes.append(Note(began[0] / beat, length, message.note, loudness, name))
            elif message.type == "time_signature":
                metres.append((now / beat, message.numerator, message.denominator))
            elif message.type == "set_tempo":
                tempos.append((now / beat, mido.tempo2bpm(message.tempo)))
            elif message.type == "lyrics" and message.text.strip():
                sung.append(now / beat)
    score.notes.sort(key=lambda n: (n.start, n.pitch))
    score.syllables = [(at, "", False) for at in sorted(set(sung))]
    score.tempos = [] if tempos and max(bpm for _, bpm in tempos) == NONE_STATED else sorted(tempos)
    score.voice = _voice(score)
    end = max((n.start + n.length for n in score.notes), default=0)
    metres = sorted(metres) or [(0.0, 4, 4)]
    for (begin, over, under), (stop, *_) in zip(metres, [*metres[1:], (end, 0, 0)]):
        at = begin
        while at < stop - 1e-6:
            score.bars.append(at)
            at += 4 * over / under
    score.metre = metres[0][1:]
    return score


def _voice(score):
    """The part whose onsets are those of the syllables: of those that hold nearly all, the smallest."""
    parts = {n.part: set() for n in score.notes}
    for n in score.notes:
        parts[n.part].add(round(n.start, 3))
    sung = {round(at, 3) for at, *_ in score.syllables}
    near = [p for p, starts in parts.items() if sung and len(sung & starts) >= 0.85 * len(sung)]
    return min(near, key=lambda p: len(parts[p]), default="")


def lyric_blocks(text: str) -> list[str]:
    """Return the text of each block of lyrics of a LilyPond source, syllables joined, one line a block."""
    text = re.sub(r"%\{.*?%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"(?m)%.*$", "", text)
    blocks = []
    for begin in LYRICS.finditer(text):
        words = _words(text[begin.end() : _closing(text, begin.end())])
        if words:
            blocks.append(words)
    return blocks


def _words(block):
    block = re.sub(r"\\(?:markup|override|set|once|tweak)[^\n]*", " ", block)
    block = re.sub(r'\\[a-zA-Z]+|#\S+|[{}|]|"\s*"', " ", block)
    block = re.sub(r"(?<!\S)[\d./*]+(?!\S)|(?<=[^\s\d/])\d+\.*(?!\S)", " ", block)
    block = re.sub(r"\s+--\s*", "\x00", re.sub(r"(?:(?<=\s)|^)_+(?=\s|$)", " ", re.sub(r"\s+", " ", block)))
    block = re.sub(r"\s*\x00[\s\x00]*", "", re.sub(r"-+ +(?:-+ +)*(?=[a-zäöü])", "", block))
    block = re.sub("[~_]", " ", block.replace('"', ""))
    return re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", block)).strip()


def _closing(text, at):
    """Return where the brace that was opened before `at` closes."""
    depth, quoted = 1, False
    while at < len(text) and depth:
        if text[at] == '"' and text[at - 1] != "\\":
            quoted = not quoted
        elif not quoted:
            depth += (text[at] == "{") - (text[at] == "}")
        at += 1
    return at - 1


def _for_midi(text):
    """Update a call that convert-ly leaves; drop \\layout blocks, which cost time; add \\midi blocks."""
    text = re.sub(r"\\(?:applyMusic|apply)\s+#unfold-repeats", r"\\unfoldRepeats", text)
    while found := re.search(r"\\layout\s*\{", text):
        text = text[: found.start()] + text[_closing(text, found.end()) + 1 :]
    at = 0
    while found := re.compile(r"\\score\s*\{").search(text, at):
        end = _closing(text, found.end())
        if "\\midi" not in text[found.end() : end]:
            text = text[:end] + " \\midi { } " + text[end:]
        at = found.end()
    return text
