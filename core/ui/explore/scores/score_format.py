"""Numbers of scores as text, rounded to what their interval supports."""

import math


def digits_for(value: float | None, interval: list[float] | None) -> int:
    """Return the decimals of a score: the last one is no smaller than a tenth of the interval's half width.

    Without an interval: two, none for numbers of 100 and more.
    """
    if interval is not None and interval[0] is not None and interval[1] > interval[0]:
        return min(3, max(0, math.ceil(-math.log10((interval[1] - interval[0]) / 2))))
    return 0 if value is not None and abs(value) >= 100 else 2


def digits_of_signs(*ends: float) -> int:
    """Return the decimals at which no end of an interval is rounded to 0, so its sign shows; six at most."""
    return next(
        (digits for digits in range(6) if all(end == 0 or round(abs(end), digits) > 0 for end in ends)), 6
    )


def format_number(value: float | None, digits: int) -> str:
    """Format a number with a true minus sign; a dash if missing."""
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")
