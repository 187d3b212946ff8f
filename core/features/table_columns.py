"""The numeric columns that came with a collection, standardised."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from core.collection.tables.column_kinds import numbers_of, why_no_feature
from core.config import setting
from core.errors import ConfigError
from core.features.extractor import ExtractorConfig


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
        X = np.column_stack([numbers_of(table[column]) for column in used])
        if np.isnan(X).any():
            X = np.where(np.isnan(X), np.nanmedian(X, axis=0), X)
        # Squares of huge or tiny values stay within range.
        X /= np.maximum(X.max(axis=0), -X.min(axis=0))
        X -= X.mean(axis=0)
        X /= X.std(axis=0)
        return X.astype(np.float32)

    def has_numbers(self, table: pd.DataFrame) -> np.ndarray:
        """Return which rows have a number in any column that is used, shape=(n_tracks,), bool."""
        fate = self.inspect(table)
        used = [numbers_of(table[column]) for column in fate.loc[fate["used"], "column"]]
        return ~np.isnan(np.column_stack(used)).all(axis=1) if used else np.ones(len(table), bool)

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
        values = numbers_of(cells)
        n_without = int(np.isnan(values).sum())
        reason = why_no_feature(str(column), values)
        is_constant = n_without == len(values) or np.nanmin(values) == np.nanmax(values)
        if reason and (is_constant or column not in self.include):
            return reason, 0
        return "", n_without
