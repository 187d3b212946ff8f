"""Text in tables for spreadsheets, which run some cells as formulas.

References
----------
OWASP, "CSV Injection": cells that begin with = + - @, a tab or a carriage return.
"""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters by which a spreadsheet takes text for a formula."""
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?")


def neutralise(text: str) -> str:
    """Return text that no spreadsheet takes for a formula; numbers stay.

    >>> [neutralise(text) for text in ("=SUM(A1)", "-3.5", "-la la", "Sonata")]
    ["'=SUM(A1)", '-3.5', "'-la la", 'Sonata']
    """
    return f"'{text}" if text.startswith(FORMULA) and not _NUMBER.fullmatch(text) else text
