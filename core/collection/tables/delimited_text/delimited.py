"""Read delimited text of unknown dialect: titles, comments and names above the data, lines that don't fit."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

import pandas as pd

from core.collection.tables.delimited_text.delimiter import BLANKS, COMMENT, SAMPLE, find_delimiter
from core.collection.tables.delimited_text.record_splitting import is_well_quoted, split_records
from core.collection.tables.delimited_text.table_header import find_header, unique
from core.collection.tables.numbers import decimal_sign, parse_numbers

MAX_COLUMNS = 10_000
"""Most cells of a line that are read: each column costs milliseconds."""
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_MOST_TITLES = 20  # lines above the header
csv.field_size_limit(2**31 - 1)


@dataclass
class Dialect:
    """What was found out about the text of a table.

    Attributes
    ----------
    delimiter : str
    n_header : int
        Rows of the header, 0 for none.
    skipped : dict
        Number of lines that were left out, by kind: "comments", "titles", "repeated headers",
        "blank lines", "lines with too many cells".
    n_joined : int
        Lines whose last cells were joined, because they have more cells than the header.
    decimal : str or None
        "," or "." where cells prove it.
    """

    delimiter: str
    n_header: int = 1
    skipped: dict[str, int] = field(default_factory=dict)
    n_joined: int = 0
    decimal: str | None = None

    def skip(self, kind: str, n: int) -> None:
        """Count lines that are left out."""
        if n:
            self.skipped[kind] = self.skipped.get(kind, 0) + int(n)


def read_delimited(text: str) -> tuple[pd.DataFrame, Dialect]:
    """Read delimited text, each cell a string.

    Raises
    ------
    ValueError
        When a line has several cells more than the header, in every line, or more than :data:`MAX_COLUMNS`.
    """
    text = text.replace("\ufeff", "").lstrip("\r\n")
    if "\n" not in text:
        text = text.replace("\r", "\n")  # line breaks of old Macintosh programs
    declared = _SEPARATOR_LINE.fullmatch(text.split("\n", 1)[0].rstrip("\r"))
    if declared:
        text = text.split("\n", 1)[-1]
    top = [line.rstrip("\r") for line in text[:1_000_000].split("\n", 4 * SAMPLE)[: 4 * SAMPLE]]
    comments = [line for line in top[:_MOST_TITLES] if COMMENT.match(line)]
    delimiter = declared.group(1) if declared else find_delimiter([line for line in top if line.strip()])
    dialect = Dialect(delimiter)
    dialect.skip("separator line", bool(declared))
    rows, lines = _sample(text, delimiter)
    usual = Counter(_n_filled(row) for row in rows).most_common(1)[0][0] if rows else 0
    start = _skip_titles(rows, usual, dialect)
    width = max((_n_used(row) for row in rows[start:]), default=0)
    if width > MAX_COLUMNS:
        raise ValueError(f"a line has {width:,} cells, more than {MAX_COLUMNS:,}")
    names_width = _n_used(rows[start]) if start < len(rows) else 0
    n_header, names = find_header(rows[start:], max(names_width, 1))
    in_comment, is_glued = _names_in_comment(comments, delimiter, usual)
    if in_comment and (names is None or is_glued):
        n_header, names = 0, in_comment
    elif names is None:
        names = _numbered(rows[start:], width)
    body_at = lines[start + n_header - 1] if start + n_header else 0
    longest = max(map(len, rows), default=0)
    body = _read_body(text, body_at, delimiter, max(longest, len(names)), len(names))
    dialect.n_header = n_header
    dialect.decimal = decimal_sign(cell for row in rows[start + n_header :] for cell in row)
    header_rows = [[cell.strip() for cell in row] for row in rows[start : start + n_header]]
    return _clean(body, names, header_rows, dialect), dialect


def _sample(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the first records that are not blank, and how many lines of the text end with each."""
    rows, lines = [], []
    for row, n_lines in islice(split_records(text, delimiter), 2 * SAMPLE):
        if any(cell.strip() for cell in row):
            rows.append(row)
            lines.append(n_lines)
    return rows, lines


def _n_filled(row: list[str]) -> int:
    """Count the filled cells of a row."""
    return sum(bool(cell.strip()) for cell in row)


def _n_used(row: list[str]) -> int:
    """Count the cells up to the last filled one."""
    return max((at + 1 for at, cell in enumerate(row) if cell.strip()), default=0)


def _skip_titles(rows: list[list[str]], usual: int, dialect: Dialect) -> int:
    """Return the row where the header begins, below comments and titles, and count those."""
    start = 0
    while start < min(_MOST_TITLES, len(rows) - 1):
        row = rows[start]
        if COMMENT.match(row[0]):
            dialect.skip("comments", 1)
        elif (usual > 2 and _n_filled(row) <= 1) or (len(row) < usual and _n_filled(row) < usual / 2):
            dialect.skip("titles", 1)
        else:
            break
        start += 1
    return start


def _names_in_comment(comments: list[str], delimiter: str, n: int) -> tuple[list[str] | None, bool]:
    """Return the names in the last comment above the data, and whether its mark is glued to them ("#id,x").

    ``numpy.savetxt`` writes the names as a comment.
    """
    for line in reversed(comments):
        text = COMMENT.sub("", line, count=1)
        cells = text.split() if delimiter == BLANKS else [cell.strip() for cell in text.split(delimiter)]
        if len(cells) == n > 1 and all(cells):
            return unique(cells), text[:1].isalpha()
    return None, False


def _numbered(rows: list[list[str]], width: int) -> list[str]:
    """Return names for columns without a header; the first one that holds file names is "filename"."""
    from core.audio.endings import is_audio_name

    names = [f"column {position + 1}" for position in range(width)]
    for column in range(width):
        cells = [row[column].strip() for row in rows if len(row) > column and row[column].strip()]
        if cells and sum(map(is_audio_name, cells)) >= 0.9 * len(cells):
            names[column] = "filename"
            break
    return names


def _read_body(text: str, n_lines: int, delimiter: str, width: int, n_names: int) -> pd.DataFrame:
    """Read the lines below the header into columns 0 … width-1 of strings."""
    at = _end_of_line(text, n_lines)
    if is_well_quoted(text, delimiter, n_names):
        try:
            return pd.read_csv(
                io.BytesIO(text[at:].encode("utf-8")),  # io.StringIO would hold four bytes of each character
                sep=r"\s+" if delimiter == BLANKS else delimiter,
                header=None,
                names=range(width),
                index_col=False,
                dtype=str,
                keep_default_na=False,
                na_filter=False,
            ).fillna("")
        except pd.errors.ParserError:  # a line has more cells than those of the sample
            pass
        except pd.errors.EmptyDataError:
            return pd.DataFrame(columns=range(width), dtype=str)
    rows = [row for row, _ in split_records(text[at:], delimiter, n_names)]
    width = max([width, *map(_n_used, rows)])
    rows = [row[:width] + [""] * (width - len(row)) for row in rows if any(row)]
    return pd.DataFrame(rows, columns=range(width), dtype=str)


def _end_of_line(text: str, n: int) -> int:
    """Return where the ``n``-th line ends, after its line break; lines as split_records counts them."""
    ends = [0, *(found.end() for found in islice(re.finditer(r"\r\n?|\n", text), n))]
    return ends[n] if n < len(ends) else len(text)


def _clean(body: pd.DataFrame, names: list[str], header: list[list[str]], dialect: Dialect) -> pd.DataFrame:
    """Return the body with its names, without what is no row of data."""
    n = len(names)
    is_blank = body.apply(lambda column: column.str.strip() == "")
    n_filled = (~is_blank).sum(axis=1)
    comment = body[0].str.match(COMMENT) & (n_filled <= max(1, n // 2)) if n > 1 else n_filled < 0
    repeated = pd.Series(False, index=body.index)
    for row in header:
        same = pd.Series(True, index=body.index)
        for column, name in enumerate(row[: body.shape[1]]):
            same &= body[column].str.strip() == name
        repeated |= same
    dialect.skip("blank lines", (n_filled == 0).sum())
    dialect.skip("comments", (comment & ~repeated).sum())
    dialect.skip("repeated headers", repeated.sum())
    body = body[~(comment | repeated | (n_filled == 0))].reset_index(drop=True)
    beyond = body.loc[:, n:]
    if beyond.shape[1] and (beyond != "").to_numpy().any():
        body, names = _fold(body, names, dialect)
    body = body.iloc[:, : len(names)]
    body.columns = pd.Index(names)
    return body


def _fold(body: pd.DataFrame, names: list[str], dialect: Dialect) -> tuple[pd.DataFrame, list[str]]:
    """Return rows with more cells than names as rows of the right length.

    Where every row has one cell more, the first column has no name (R's ``write.table``). Else the last
    column takes the rest of the line, if it holds text; rows are left out if it holds numbers.
    """
    n = len(names)
    has_more = (body.iloc[:, n:].apply(lambda column: column.str.strip()) != "").any(axis=1)
    if has_more.all() and body.shape[1] == n + 1:
        return body, unique(["", *names])
    if has_more.all() and len(body) > 1 and parse_numbers(body[n - 1].str.strip().tolist()) is not None:
        raise ValueError("all lines have more cells than the first line has names")
    regular = body.loc[~has_more, n - 1].str.strip()
    if len(regular) and parse_numbers(regular.tolist()) is not None:
        dialect.skip("lines with too many cells", has_more.sum())
        return body[~has_more].reset_index(drop=True), names
    joined = [
        dialect.delimiter.join(cell for cell in row if cell)
        for row in body.loc[has_more].iloc[:, n - 1 :].to_numpy().tolist()
    ]
    body = body.copy()
    body.loc[has_more, n - 1] = joined
    dialect.n_joined = len(joined)
    return body, names
