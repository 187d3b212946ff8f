"""The contract of an entry of :mod:`core.ui.explore.colours.colourings`, and their registry."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from core.collection import Collection
from core.drawing.colouring import Colours
from core.pipeline.choice import Choice
from core.progress import Progress
from core.ui.explore.live import Shown

PLAIN = ""
"""The only option of an entry without a colon in the address."""


@dataclass(frozen=True, eq=False)
class Subject:
    """What is coloured.

    Attributes
    ----------
    collection : Collection
    shown : Shown
    tracks : DataFrame
        One row per point.
    genre : str
        The genre to highlight.
    phrase, like, through : str
        The search: a phrase, or the id of a track, and the modality that a phrase is compared with.
    """

    collection: Collection
    shown: Shown
    tracks: pd.DataFrame
    genre: str = ""
    phrase: str = ""
    like: str = ""
    through: str = ""


Make = Callable[[Subject, str, Progress], Colours]
Offers = Callable[[Collection, Choice], dict[str, str]]


@dataclass(frozen=True)
class Colouring:
    """One entry.

    Attributes
    ----------
    name : str
        In the address, followed by a colon and an option where there are several.
    title, help : str
    offers : callable
        Returns the titles of the options of a collection and a choice; {} where there are none.
    make : callable
        Returns the colours.
    lacks : callable
        Returns what is missing for them, one sentence, "" for nothing.
    depends_on : callable
        Returns what the colours depend on besides the collection and its tracks on the map.
    meaning_of : callable
        Returns what one option means, "" where its title says it.
    measures : str
        The audio extractor that has to have read the tracks.
    is_slow : bool
        Whether they are computed in the background.
    """

    name: str
    title: str
    help: str
    offers: Offers
    make: Make
    lacks: Callable[[Subject], str] = lambda subject: ""
    depends_on: Callable[[Subject], tuple] = lambda subject: ()
    meaning_of: Callable[[str], str] = lambda option: ""
    measures: str = ""
    is_slow: bool = False


COLOURINGS: dict[str, Colouring] = {}


def colouring(name: str, title: str, help: str, **facts) -> Callable[[Make], Make]:
    """Enter the function below this decorator into the registry."""

    def enter(make: Make) -> Make:
        offers = facts.pop("offers", lambda collection, choice: {PLAIN: title})
        COLOURINGS[name] = Colouring(name, title, help, offers=offers, make=make, **facts)
        return make

    return enter


def find_colouring(name: str) -> tuple[Colouring, str]:
    """Return the entry and the option of a name such as "label" or "folder:2".

    Raises
    ------
    KeyError
        When there is no such entry.
    """
    entry, _, option = name.partition(":")
    return COLOURINGS[entry], option


def list_colourings(collection: Collection, choice: Choice) -> dict[str, str]:
    """Return the titles of all colourings of a collection and a choice, by their names in the address."""
    return {
        f"{name}:{option}" if option else name: title
        for name, entry in COLOURINGS.items()
        for option, title in entry.offers(collection, choice).items()
    }
