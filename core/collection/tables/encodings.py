"""Text whose encoding nobody recorded: side files, old tags, tables out of spreadsheets."""

import codecs

import numpy as np

CANDIDATES = ["cp932", "cp1251", "euc_kr", "big5", "gb18030", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874"]
"""Encodings in which whole scripts were written that Latin-1 can't hold."""

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_ENOUGH = 6  # high bytes below which a guess is a coin toss


def decode(data: bytes) -> str:
    """Decode bytes: by their mark, as UTF-8, as a script told by its bytes, else as Windows Latin."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    text = _first_that_fits(data, "utf-8")
    return _first_that_fits(data, foreign_encoding(data), "cp1252", "latin-1") if text is None else text


def _first_that_fits(data: bytes, *encodings: str | None) -> str | None:
    """Decode with the first encoding that takes every byte; None where none does."""
    for encoding in filter(None, encodings):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def foreign_encoding(data: bytes) -> str | None:
    """Guess the encoding of bytes that are neither UTF-8 nor plausible as Latin-1; None when in doubt.

    European text in Latin-1 is ASCII with an accent here and there; where at least half of all letters are
    high bytes, another script was meant.
    """
    values = np.frombuffer(data, np.uint8)
    lower = values | 0x20
    high = np.count_nonzero(values >= 0x80)
    letters = high + np.count_nonzero((lower >= ord("a")) & (lower <= ord("z")))
    control = np.count_nonzero(
        (values >= 0x80) & (values <= 0x9F)
    )  # no letters in Latin-1, lead bytes in Shift-JIS
    if high < _ENOUGH or high < letters / 2 and control < high / 3:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data[:65_536], cp_isolation=CANDIDATES).best()
    return best.encoding if best is not None and best.encoding in CANDIDATES else None


def mend(values: dict[str, str]) -> dict[str, str]:
    """Repair tags that were written in one encoding and declared as Latin-1.

    All of a file's values are judged together, because one title is too short to tell an encoding by. What is
    not clearly broken is left as it is.
    """
    raw = {}
    for name, text in values.items():
        try:
            raw[name] = text.encode("latin-1")
        except UnicodeEncodeError:  # holds characters beyond Latin-1, so it was decoded properly
            continue
    broken = {name: data for name, data in raw.items() if any(byte >= 0x80 for byte in data)}
    guess = foreign_encoding(b"\n".join(broken.values()))
    mended = dict(values)
    for name, data in broken.items():
        quotes = "cp1252" if any(0x80 <= byte <= 0x9F for byte in data) else None
        mended[name] = _first_that_fits(data, "utf-8", guess, quotes) or values[name]
    return mended
