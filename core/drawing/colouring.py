"""What the colours of a map mean: groups of points, or numbers on a scale; no Streamlit here.

Points on a scale are in groups too, one for each of some steps of the scale, whose names say their value: the
map's component colours groups and shows a point's group beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.drawing.palette import Palette, mark_of

MOST_GROUPS = 60
"""Names beyond these are grey "others": no palette could distinguish them."""
MOST_STEPS = 200
"""Steps of a scale; with fewer different values each has a step of its own."""
OUTLIERS = 2.0
"""Percent of the values at each end that take the colour of the end, so that a few don't flatten the rest."""
UNKNOWN = "Unknown"


@dataclass(frozen=True, eq=False)
class Group:
    """Points of one colour: name in the legend, number of the mark, positions in the space; -1 is grey."""

    name: str
    number: int
    members: np.ndarray


@dataclass(frozen=True, eq=False)
class Scale:
    """Numbers as colours.

    Attributes
    ----------
    values : ndarray, shape=(n,)
        nan where unknown.
    low, high : float
        The ends of the scale; values beyond take the colours of the ends.
    ends : tuple of str
        Their names.
    is_diverging : bool
        Whether the middle is neutral, as between audio and text.
    title : str
        What the numbers are, "" where the names of the ends say it.
    """

    values: np.ndarray
    low: float
    high: float
    ends: tuple[str, str]
    is_diverging: bool = False
    title: str = ""

    @property
    def titled_ends(self) -> tuple[str, str]:
        """The names of the ends, the first after the title."""
        return (f"{self.title}: {self.ends[0]}" if self.title else self.ends[0], self.ends[1])

    def shares(self, values: np.ndarray) -> np.ndarray:
        """Return places on the scale, 0 to 1."""
        width = self.high - self.low
        return np.clip((values - self.low) / width, 0, 1) if width > 0 else np.full(len(values), 0.5)

    def stops(self, palette: Palette) -> tuple[tuple[float, str], ...]:
        """Return the colours of the scale."""
        return palette.scale if self.is_diverging else palette.ramp


@dataclass(frozen=True, eq=False)
class Colours:
    """What the colours of a map mean.

    Attributes
    ----------
    groups : list of Group
        In the order of the legend, grey ones last; together they hold every point once.
    scale : Scale or None
        Where the groups are steps of a scale.
    has_names : bool
        Whether names of groups stand on the map.
    is_raised : bool
        Whether the first group is drawn above the others.
    """

    groups: list[Group]
    scale: Scale | None = None
    has_names: bool = True
    is_raised: bool = False

    @property
    def n_unknown(self) -> int:
        """Number of points that have no place on the scale."""
        return 0 if self.scale is None else int((~np.isfinite(self.scale.values)).sum())

    def colour_of(self, group: Group, palette: Palette) -> tuple[str, str]:
        """Return colour and symbol of a group."""
        if self.scale is None or group.number < 0:
            return mark_of(group.number, palette)
        value = self.scale.values[group.members[:1]]
        return mix(self.scale.stops(palette), float(self.scale.shares(value)[0])), mark_of(0, palette)[1]


def group_values(values: Sequence[str] | np.ndarray) -> Colours:
    """Return points grouped by a text each, "" where unknown.

    A value's colour does not depend on the clustering: the most frequent comes first, ties in alphabetical
    order; those beyond :data:`MOST_GROUPS` are one grey group.
    """
    texts = pd.Series(np.asarray(values, object))
    codes, names = pd.factorize(texts)
    counts = np.bincount(codes, minlength=len(names))
    ranked = sorted((k for k, name in enumerate(names) if name != ""), key=lambda k: (-counts[k], names[k]))
    rank_of = np.full(len(names), MOST_GROUPS + 1)  # of the unknown
    rank_of[ranked] = np.minimum(np.arange(len(ranked)), MOST_GROUPS)
    ranks = rank_of[codes]
    shown = [(str(names[k]), rank) for rank, k in enumerate(ranked[:MOST_GROUPS])]
    groups = [Group(name, rank, np.flatnonzero(ranks == rank)) for name, rank in shown]
    for name, rank in (
        (f"{len(ranked) - MOST_GROUPS} others", MOST_GROUPS),
        (UNKNOWN, MOST_GROUPS + 1),
    ):
        members = np.flatnonzero(ranks == rank)
        groups += [Group(name, -1, members)] if len(members) else []
    return Colours(groups)


def split_points(has: np.ndarray, name: str, other: str) -> Colours:
    """Return the points that have something, above those that have not, grey; without empty groups."""
    groups = [Group(name, 0, np.flatnonzero(has)), Group(other, -1, np.flatnonzero(~has))]
    return Colours([group for group in groups if len(group.members)], has_names=False, is_raised=True)


def place_on_scale(
    values: np.ndarray,
    title: str,
    describe: Callable[[float], str],
    *,
    bounds: tuple[float, float] | None = None,
    ends: tuple[str, str] | None = None,
    is_diverging: bool = False,
) -> Colours:
    """Return numbers as colours.

    Parameters
    ----------
    values : ndarray, shape=(n,)
        nan where unknown.
    title : str
        Of the numbers; it stands before each.
    describe : callable
        Formats a number with its unit.
    bounds : tuple of float, optional
        The ends of the scale; by default the percentiles :data:`OUTLIERS` and 100 − :data:`OUTLIERS`.
    ends : tuple of str, optional
        Their names; by default the numbers.
    """
    values = np.asarray(values, float)
    is_known = np.isfinite(values)
    known = values[is_known]
    if bounds is None:
        bounds = tuple(np.percentile(known, (OUTLIERS, 100 - OUTLIERS))) if len(known) else (0.0, 1.0)
    low, high = map(float, bounds)
    is_named = ends is not None
    if ends is None:
        below = "≤ " if len(known) and known.min() < low else ""
        above = "≥ " if len(known) and known.max() > high else ""
        ends = (below + describe(low), above + describe(high))
    scale = Scale(values, low, high, ends, is_diverging, "" if is_named else title)
    distinct, step_of = np.unique(known, return_inverse=True)
    if len(distinct) > MOST_STEPS:
        step_of = np.round(scale.shares(known) * (MOST_STEPS - 1)).astype(int)
    rows = np.flatnonzero(is_known)
    order = np.argsort(step_of, kind="stable")
    cuts = np.flatnonzero(np.diff(step_of[order])) + 1
    groups: list[Group] = []
    for members in np.split(order, cuts) if len(order) else []:
        members = members[np.argsort(known[members], kind="stable")]
        middle = len(members) // 2  # the first member gives the colour
        members = np.roll(members, -middle)
        groups.append(Group(f"{title}: {describe(float(known[members[0]]))}", len(groups), rows[members]))
    unknown = np.flatnonzero(~is_known)
    groups += [Group(f"{title}: unknown", -1, unknown)] if len(unknown) else []
    return Colours(groups, scale, has_names=False)


def mix(stops: Sequence[tuple[float, str]], share: float) -> str:
    """Return the colour at a place from 0 to 1 between stops, linear in sRGB.

    >>> mix([(0.0, "#000000"), (1.0, "#ff0000")], 0.5)
    '#800000'
    """
    places = [place for place, _ in stops]
    channels = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for _, colour in stops])
    rgb = [int(round(float(np.interp(share, places, channel)))) for channel in channels.T]
    return "#" + "".join(f"{value:02x}" for value in rgb)
