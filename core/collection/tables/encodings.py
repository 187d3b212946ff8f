"""Decode text of unknown encoding: lyrics files, old tags, exported spreadsheets."""

import codecs
import re
from dataclasses import dataclass

import numpy as np

from core.collection.tables.code_pages import ALPHABETIC, IDEOGRAPHIC, WESTERN, best_code_page

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_ENOUGH = 6  # fewer high bytes are not enough for a guess
_LONGEST = 65_536  # bytes that a guess is made from
_CELL_ENDS = re.compile(rb"[,;\t\r\n\"]+")  # not in a character of several bytes, in any of the encodings
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")


@dataclass(frozen=True)
class Decoded:
    """Text, and how its bytes were read.

    Attributes
    ----------
    text : str
    encoding : str
        "utf-8", "utf-16" …, a legacy encoding, or "latin-1" as the last resort.
    is_guessed : bool
        Whether the encoding was guessed: the bytes neither declare it nor are valid UTF-8.
    n_replaced : int
        Broken characters that were replaced by U+FFFD.
    """

    text: str
    encoding: str
    is_guessed: bool = False
    n_replaced: int = 0


def decode(data: bytes) -> str:
    """Decode bytes: by their BOM, as UTF-8, by the detected encoding, else as Windows-1252."""
    return decode_with_encoding(data).text


def decode_with_encoding(data: bytes) -> Decoded:
    """Decode bytes, and return what was assumed of them.

    UTF-8 with a few broken characters stays UTF-8: valid sequences of several bytes are rare in any other
    encoding.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _replacing(data, encoding)
    if utf_16 := _utf_16_without_mark(data):
        return _replacing(data, utf_16, is_guessed=True)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        repaired = _replacing(data, "utf-8")
    n_valid = sum(c > "\x7f" for c in repaired.text) - repaired.n_replaced
    if repaired.n_replaced <= n_valid / 2:
        return repaired
    for encoding in filter(None, (foreign_encoding(data) or _western_encoding(data), "cp1252")):
        try:
            return Decoded(data.decode(encoding), encoding, is_guessed=True)
        except UnicodeDecodeError:
            continue
    return Decoded(data.decode("latin-1"), "latin-1", is_guessed=True)


def _replacing(data: bytes, encoding: str, is_guessed: bool = False) -> Decoded:
    """Decode bytes, with U+FFFD for each broken character."""
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding.removesuffix("-sig"), is_guessed, text.count("\ufffd"))


def _utf_16_without_mark(data: bytes) -> str | None:
    """Return "utf-16-le" or "utf-16-be" where every other byte of the beginning is mostly 0."""
    values = np.frombuffer(data[: _LONGEST - _LONGEST % 2], np.uint8)
    if len(values) < 8 or len(data) % 2:
        return None
    first, second = np.mean(values[::2] == 0), np.mean(values[1::2] == 0)
    if second > 0.7 and first < 0.1:
        return "utf-16-le"
    return "utf-16-be" if first > 0.7 and second < 0.1 else None


def _first_that_fits(data: bytes, *encodings: str | None) -> str | None:
    """Decode with the first encoding that accepts every byte, else return None."""
    for encoding in filter(None, encodings):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _cells_with_high_bytes(data: bytes) -> bytes:
    """Return the different cells or lines that hold bytes above 127, one a line, at most 64 KiB of them."""
    cells = dict.fromkeys(cell for cell in _CELL_ENDS.split(data) if not cell.isascii())
    joined = b"\n".join(cells)
    return joined if len(joined) <= _LONGEST else joined[: joined.rfind(b"\n", 0, _LONGEST)]


def _western_encoding(data: bytes) -> str | None:
    """Detect the encoding of bytes that are mostly Latin letters; None if Windows-1252 is as plausible."""
    return best_code_page(_cells_with_high_bytes(data), WESTERN)[0]


def foreign_encoding(data: bytes) -> str | None:
    """Detect the encoding of bytes that are neither UTF-8 nor plausible as Latin letters; None if uncertain.

    European words in Latin script are mostly ASCII; where at least half of the letters are high bytes, in the
    words that have any, it is another script.
    """
    cells = _cells_with_high_bytes(data)
    values = np.frombuffer(b" ".join(_WORD.findall(cells)), np.uint8)
    lower = values | 0x20
    high = np.count_nonzero(values >= 0x80)
    letters = high + np.count_nonzero((lower >= ord("a")) & (lower <= ord("z")))
    # control characters in Latin-1, lead bytes in Shift-JIS
    control = np.count_nonzero((values >= 0x80) & (values <= 0x9F))
    if high < _ENOUGH or high < letters / 2 and control < high / 3:
        return None
    return best_code_page(cells, ALPHABETIC + IDEOGRAPHIC)[0]


def repair_encoding(values: dict[str, str]) -> dict[str, str]:
    """Repair tags that were written in another encoding than Latin-1, but declared as it.

    The encoding is detected from all of a file's values together, because one title is too short. Values that
    are not clearly broken are unchanged.
    """
    raw = {}
    for name, text in values.items():
        try:
            raw[name] = text.encode("latin-1")
        except UnicodeEncodeError:  # has characters beyond Latin-1, so it was decoded correctly
            continue
    broken = {name: data for name, data in raw.items() if any(byte >= 0x80 for byte in data)}
    guess = foreign_encoding(b"\n".join(broken.values()))
    repaired = dict(values)
    for name, data in broken.items():
        quotes = "cp1252" if any(0x80 <= byte <= 0x9F for byte in data) else None
        repaired[name] = _first_that_fits(data, "utf-8", guess, quotes) or values[name]
    return repaired
