"""The numeric columns that came with a collection, standardised."""

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from core.config import setting
from core.errors import ConfigError
from core.features.extractor import ExtractorConfig

NO_FEATURE = re.compile(
    r"(unnamed(: ?\d+)?|index|idx|row|(row|track|song|file)?[ _-]?(id|no|nr|number)|(track|disc|disk)|"
    r"(length|duration|dur)([ _-]?(s|ms|sec|seconds|samples|frames))?|n[ _-]?(samples|frames))",
    re.IGNORECASE,
)
"""Names of columns that hold a length or an index, not a feature."""


@dataclass(frozen=True)
class Table(ExtractorConfig):
    """A table's numeric columns, z-scored.

    Left out are columns with one value only, columns that count the rows, and lengths, durations and indices
    by name. Cells without a finite number are imputed by the median of their column. :meth:`inspect` reports
    what becomes of each column.
    """

    name: ClassVar[str] = "table"
    modality: ClassVar[str] = "audio"
    reads: ClassVar[str] = "table"

    include: tuple[str, ...] = setting(
        (),
        title="Included columns",
        help="Columns that are used although they look like a length or an index.",
    )
    prefix: str = setting(
        "",
        title="Prefix",
        help="Only columns whose names begin with this are used: a table may hold several groups of "
        "features (table:audio_, table:text_).",
    )

    def __post_init__(self):
        if isinstance(self.include, str):
            raise ConfigError(f"include={self.include!r} must be a list of column names, not one string")
        object.__setattr__(self, "include", tuple(self.include))
        super().__post_init__()

    def extract_table(self, table: pd.DataFrame) -> np.ndarray:
        """Return the columns that are features, z-scored.

        Returns
        -------
        ndarray of float32, shape=(n_tracks, n_columns)

        Raises
        ------
        ConfigError
            When ``include`` names a missing column, or no column is left.
        """
        fate = self.inspect(table)
        if fate.empty and self.prefix:
            raise ConfigError(
                f"no column of the table begins with {self.prefix!r}; there are "
                f"{', '.join(map(str, table.columns[:8]))} …"
            )
        used = fate.loc[fate["used"], "column"]
        if used.empty:
            why = "; ".join(
                f"{column}: {reason}" for column, reason in zip(fate["column"][:5], fate["reason"])
            )
            raise ConfigError(
                f"no column of the table can be used as a feature ({why or 'it has no columns'})"
            )
        X = np.column_stack([_numbers(table[column]) for column in used])
        X = np.where(np.isnan(X), np.nanmedian(X, axis=0), X)
        X = X / np.abs(X).max(axis=0)  # so that squares of huge or tiny values stay within range
        return ((X - X.mean(axis=0)) / X.std(axis=0)).astype(np.float32)

    def inspect(self, table: pd.DataFrame) -> pd.DataFrame:
        """Report what becomes of each column.

        Returns
        -------
        DataFrame
            ``column``, ``used`` (bool), ``reason`` ("" where used), ``n_imputed`` (cells
            imputed by the median).
        """
        absent = [column for column in self.include if column not in table]
        if absent:
            raise ConfigError(
                f"include names {', '.join(absent)}; the table has {', '.join(map(str, table.columns))}"
            )
        rows = [
            (column, *self._judge(column, table[column]))
            for column in table
            if str(column).startswith(self.prefix)
        ]
        fate = pd.DataFrame(rows, columns=["column", "reason", "n_imputed"])
        fate.insert(1, "used", fate["reason"] == "")
        return fate

    def _judge(self, column, cells: pd.Series) -> tuple[str, int]:
        """Return why a column is left out ("" if used), and how many cells hold no finite number."""
        if not pd.api.types.is_numeric_dtype(cells):
            return "not numbers", 0
        values = _numbers(cells)
        finite = values[~np.isnan(values)]
        if not len(finite):
            return "holds no number", 0
        if finite.min() == finite.max():
            return "has the same value everywhere", 0
        if column not in self.include:
            if NO_FEATURE.fullmatch(str(column).strip()):
                return "a length or an index, not a feature", 0
            if _counts_rows(finite):
                return "counts the rows", 0
        return "", len(values) - len(finite)


def _numbers(cells: pd.Series) -> np.ndarray:
    """Return a column as float64, nan where a cell holds no finite number."""
    values = cells.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _counts_rows(values: np.ndarray) -> bool:
    """Return whether values are consecutive integers in any order; three rows may be so by chance."""
    ordered = np.sort(values)
    return len(values) > 3 and bool((values % 1 == 0).all()) and bool((np.diff(ordered) == 1).all())
