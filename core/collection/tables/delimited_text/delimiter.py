"""Find the delimiter of a table."""

import csv
import re
from collections import Counter

from core.collection.tables.numbers import looks_numeric

DELIMITERS = (",", ";", "\t", "|")
BLANKS = " "
"""The delimiter of columns that any number of blanks separates."""
COMMENT = re.compile(r"\s*(#|%|//)")
SAMPLE = 200
"""Lines that the dialect is found out from."""
_REGULAR = 0.5  # share of lines with the same number of cells, for the first line to name the columns


def find_delimiter(top: list[str]) -> str:
    """Return the delimiter that gives most lines the same number of cells, as many as the header has."""
    plain = [line for line in top if not COMMENT.match(line)] or top
    sample = [line.replace("\r", " ") for line in plain[:SAMPLE]]  # csv refuses one within a line
    best, highest = ",", (False, 0.0, 0)
    counts = [_without_quoted(line) for line in sample[:2]]
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter))
        width, n = widths.most_common(1)[0] if widths else (1, 0)
        share = n / sum(widths.values()) if widths else 0.0
        if width < 2 or not any(delimiter in line for line in counts):
            continue
        names_columns = delimiter in counts[0] and share >= _REGULAR
        score = (names_columns, round(share, 1), max(line.count(delimiter) for line in counts))
        if score > highest:
            best, highest = delimiter, score
    if best == "," and _are_decimal_commas(sample):
        return next(d for d in (";", "\t", "|", BLANKS) if all(d in line for line in sample))
    if not highest[2]:
        blank = Counter(len(line.split()) for line in sample)
        width, n = blank.most_common(1)[0] if blank else (1, 0)
        numbers = [looks_numeric(cell) for line in sample[1:] or sample for cell in line.split()]
        if width > 1 and n >= 0.9 * len(sample) and sum(numbers) >= 0.5 * len(numbers):
            return BLANKS
    return best


def _without_quoted(line: str) -> str:
    """Return a line without what is in quotes."""
    return re.sub(r'"[^"]*"', "", line)


def _are_decimal_commas(sample: list[str]) -> bool:
    """Return whether the commas of lines without a header are inside of numbers, beside another delimiter."""
    for delimiter in (";", "\t", "|", BLANKS):
        cells = [cell for line in sample for cell in line.split(delimiter)]
        if len(cells) >= 2 * len(sample) and all(
            re.fullmatch(r"\s*[+-]?\d+(,\d+)?([eE][+-]?\d+)?\s*", cell) for cell in cells if cell.strip()
        ):
            return True
    return False
