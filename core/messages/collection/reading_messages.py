"""What was guessed, left out and not read when a source was read, as sentences."""

from core.messages.collection.dataset_messages import (
    describe_dataset,
    describe_recognised,
    describe_top_genres,
)
from core.messages.collection.leak_messages import describe_leak
from core.messages.quantities import count
from core.text.language import name_of

SKIPPED = {
    "comments": "comment line",
    "titles": "title line",
    "separator line": "sep= line",
    "repeated headers": "repeated header",
    "blank lines": "blank line",
    "lines with too many cells": "line with too many cells",
}
SINGLE = ("encoding", "n_replaced", "skipped", "n_joined", "n_header")
"""Keys of the report on one file."""
_NAMED = 8  # columns that are listed


def describe_reading(info: dict) -> list[str]:
    """Describe how a table was read where that is unusual; [] where nothing is.

    Parameters
    ----------
    info : dict
        The info of a collection, or that part of it which ``add`` returns: "reading" (see
        :class:`core.collection.tables.sheet.Sheet`; by file where there are several), "text_reading" (of a
        joined table), "dataset", "looks_like", "n_left_out", "top_genres", "sample", "lyrics_from",
        "languages", "unread_columns", "cells_without_number", "leaks".
    """
    report = info.get("reading") or {}
    if set(report) & set(SINGLE):
        lines = _describe_report(report)
    else:
        lines = [f"{name}: {line}" for name, one in report.items() for line in _describe_report(one)]
    lines += [f"joined text: {line}" for line in _describe_report(info.get("text_reading") or {})]
    if dataset := info.get("dataset"):
        lines += describe_dataset(dataset)
    if layout := info.get("looks_like"):
        lines.append(describe_recognised(layout))
    if n := info.get("n_left_out"):
        lines.append(f"{count(n, 'row')} without any number left out")
    if top := info.get("top_genres"):
        lines.append(describe_top_genres(top))
    if sample := info.get("sample"):
        lines.append(
            f"a sample of {sample['n_tracks']:,} of {count(sample['n_before'], 'track')}, up to "
            f"{sample['per_label']:,} per label"
        )
    if column := info.get("lyrics_from"):
        lines.append(f"lyrics from the column {column!r}, which has the longest texts")
    if languages := info.get("languages"):
        named = ", ".join(f"{name_of(code) or code or 'unknown'} {n}" for code, n in languages.items())
        lines.append(f"languages: {named}")
    if unread := info.get("unread_columns"):
        named = "; ".join(f"{name} ({reason})" for name, reason in list(unread.items())[:_NAMED])
        lines.append(f"read as text, not as numbers: {named}{' …' if len(unread) > _NAMED else ''}")
    if n := info.get("cells_without_number"):
        lines.append(f"{count(n, 'cell')} without a number in numeric columns")
    return lines + [describe_leak(leak) for leak in info.get("leaks") or []]


def _describe_report(report: dict) -> list[str]:
    """Describe the report on one file."""
    skipped = [count(n, SKIPPED.get(kind, kind)) for kind, n in report.get("skipped", {}).items()]
    n_header = report.get("n_header", 1)
    lines = [
        f"encoding guessed: {report['encoding']}" if "encoding" in report else "",
        f"{count(report['n_replaced'], 'broken character')} replaced by U+FFFD"
        if "n_replaced" in report
        else "",
        f"skipped: {', '.join(skipped)}" if skipped else "",
        f"{count(report['n_joined'], 'line')} with more cells than the header; the rest is in the last column"
        if "n_joined" in report
        else "",
        "no header: the columns are numbered" if n_header == 0 else "",
        f"{n_header} header rows joined" if n_header > 1 else "",
    ]
    return [line for line in lines if line]
