"""The contract of recipes: a frozen config that runs on a collection, and the registry's spec."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from core.collection import Collection
from core.config import Config, setting
from core.recipes.experiment import Experiment
from core.recipes.findings import Findings
from core.registry import Spec


@dataclass(frozen=True)
class Recipe(Config, ABC):
    """A published experiment with all its settings; the defaults are the published ones.

    Attributes
    ----------
    quick : dict
        Values of a quick run, which shows that everything works but reproduces no number.
    """

    name: ClassVar[str]
    quick: ClassVar[dict[str, Any]] = {}

    seeds: int = setting(
        5, low=1, title="Seeds", help="Seeds of the clustering or folds, over which values are means."
    )
    seed: int = setting(0, low=0, title="Random seed", help="Seed of every random choice.")

    @abstractmethod
    def run(self, experiment: Experiment) -> Findings:
        """Run on the experiment's collection.

        Raises
        ------
        ConfigError
            When the collection lacks what the recipe needs.
        """


@dataclass(frozen=True, kw_only=True)
class RecipeSpec(Spec):
    """The registry entry of a recipe.

    Attributes
    ----------
    rows : tuple of str
        Identifiers of the published systems that it reproduces.
    data : str
        The data of the published numbers.
    needs : tuple of str
        What a collection must have: "audio", "text", "labels", "genres" (several per track).
    own_data : str
        The simulated collection that it runs on without a collection; "" for none.
    quick_s, full_s : int
        Seconds of a quick and of a full run on the demo, on two cores.
    """

    rows: tuple[str, ...]
    data: str
    needs: tuple[str, ...] = ()
    own_data: str = ""
    quick_s: int = 60
    full_s: int = 600

    def protocols(self) -> tuple[type, ...]:
        """Return the classes that the config must extend."""
        return (Recipe,)


def lacks(spec: RecipeSpec, collection: Collection) -> list[str]:
    """Return what a recipe needs and a collection doesn't have."""
    has = {
        "audio": any(collection.audio_paths()) or collection.table is not None,
        "text": any(collection.texts()),
        "labels": bool(collection.labelled.any()),
        "genres": collection.has_several_genres or bool(collection.labelled.any()),
    }
    return [need for need in spec.needs if not has[need]]
