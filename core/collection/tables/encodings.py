"""Decode text of unknown encoding: lyrics files, old tags, exported spreadsheets."""

import codecs

import numpy as np

CANDIDATES = ["cp932", "cp1251", "euc_kr", "big5", "gb18030", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874"]
"""Encodings of scripts that Latin-1 can't represent."""

_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_ENOUGH = 6  # fewer high bytes are not enough for a guess


def decode(data: bytes) -> str:
    """Decode bytes: by their BOM, as UTF-8, by the detected encoding, else as Windows-1252."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    text = _first_that_fits(data, "utf-8")
    if text is None:
        text = _first_that_fits(data, foreign_encoding(data), "cp1252")
    return data.decode("latin-1") if text is None else text


def _first_that_fits(data: bytes, *encodings: str | None) -> str | None:
    """Decode with the first encoding that accepts every byte, else return None."""
    for encoding in filter(None, encodings):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def foreign_encoding(data: bytes) -> str | None:
    """Detect the encoding of bytes that are neither UTF-8 nor plausible as Latin-1; None if uncertain.

    European text in Latin-1 is mostly ASCII; where at least half of all letters are high bytes, it is another
    script.
    """
    values = np.frombuffer(data, np.uint8)
    lower = values | 0x20
    high = np.count_nonzero(values >= 0x80)
    letters = high + np.count_nonzero((lower >= ord("a")) & (lower <= ord("z")))
    # control characters in Latin-1, lead bytes in Shift-JIS
    control = np.count_nonzero((values >= 0x80) & (values <= 0x9F))
    if high < _ENOUGH or high < letters / 2 and control < high / 3:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data[:65_536], cp_isolation=CANDIDATES).best()
    return str(best.encoding) if best is not None and best.encoding in CANDIDATES else None


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
