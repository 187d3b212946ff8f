"""Names joined by "+", each perhaps with a weight after "*": ``musicnn*2+mfcc``."""

import re
from dataclasses import dataclass

from core.errors import ConfigError

JOIN, TIMES = "+", "*"


@dataclass(frozen=True)
class Part:
    """One of several representations side by side.

    Attributes
    ----------
    rep : str
        A representation of its own.
    weight : float
        Its share of squared distances, relative to the others'.
    """

    rep: str
    weight: float = 1.0


@dataclass(frozen=True)
class InputPart:
    """One of several extractors side by side in a model's input.

    Attributes
    ----------
    size : int
        Its number of dimensions.
    weight : float
        Its share of the input's energy, relative to the others'.
    standardise : bool
        Whether each of its dimensions is standardised, or all by one deviation.
    """

    size: int
    weight: float
    standardise: bool


def read_parts(names: list[str], whole: str) -> list[Part]:
    """Return the parts of a name; a single one has no weight.

    Raises
    ------
    ConfigError
        When a part is empty, occurs twice, or its weight isn't a positive number.
    """
    if len(names) == 1:
        return [Part(whole)]
    parts = [_read_part(name.strip(), whole) for name in names]
    twice = {part.rep for part in parts if sum(other.rep == part.rep for other in parts) > 1}
    if twice:
        raise ConfigError(
            f"{whole!r} has {', '.join(sorted(twice))} twice; give it a weight instead, as in a*2+b"
        )
    return parts


def _read_part(text: str, whole: str) -> Part:
    """Read ``name`` or ``name*weight``."""
    name, times, weight = text.rpartition(TIMES)
    if not times:
        name, weight = text, "1"
    if not name or not re.fullmatch(r"\d+(\.\d+)?|\.\d+", weight) or not float(weight):
        raise ConfigError(
            f"{text!r} in {whole!r} is no representation with an optional positive weight, such as musicnn*2"
        )
    return Part(name, float(weight))
