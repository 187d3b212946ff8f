"""Recipes: published experiments, each a complete configuration that runs on any collection.

    RECIPES ──▶ Recipe.run(Experiment) ──▶ Findings (tables, figures, claims) ──▶ a stored run

:func:`core.recipes.run.run_recipe` runs one, and :mod:`core.recipes.stored_runs` keeps what it found.
"""

from core.recipes.clustering import CLUSTERING
from core.recipes.contrastive import CONTRASTIVE
from core.recipes.masked import MASKED
from core.recipes.papers import PAPER_C, PAPER_E
from core.recipes.recipe import RecipeSpec
from core.registry import find, register

RECIPES: dict[str, RecipeSpec] = {**CLUSTERING, **MASKED, **CONTRASTIVE}


@register(
    RECIPES,
    RecipeSpec,
    name="data",
    title="Distributions of the data",
    help="Counts labels, languages, words per text and genres that occur together.",
    source=f"{PAPER_C}, figures 5.1 and 5.2; {PAPER_E}, tables 1 and 2",
    rows=("C12", "E13"),
    data="",
    quick_s=2,
)
def _data():
    from core.recipes.data_description import DataDescription

    return DataDescription


def recipe_spec(name: str) -> RecipeSpec:
    """Return the entry of a recipe."""
    return find(RECIPES, name, "recipe")
