"""Running a recipe: on a collection or on its own simulated data, and keeping what it found."""

import time
from dataclasses import asdict

from core import collection as collections
from core import store
from core.collection import Collection
from core.config.reading import format_value, parse_fields, values_from_json
from core.errors import ConfigError
from core.progress import Progress, silent
from core.recipes import recipe_spec
from core.recipes.experiment import Experiment
from core.recipes.recipe import Recipe, RecipeSpec, lacks
from core.recipes.stored_runs import save_new_run
from core.simulated import make_simulated
from core.store.cache import versions
from core.store.hashing.source import source_hash
from core.store.rates import slowdown

DEMO_TRACKS = 230
"""Tracks of the collection on which durations were measured."""


def run_recipe(
    recipe: str,
    collection: str | None = None,
    settings: dict[str, str] | None = None,
    *,
    quick: bool = False,
    progress: Progress = silent,
) -> dict:
    """Run a recipe and keep the run.

    Parameters
    ----------
    recipe : str
        A key of :data:`core.recipes.RECIPES`.
    collection : str, optional
        Name of a saved collection; by default the recipe's own simulated data.
    settings : dict of str, optional
        Values by setting; the others are the published ones.
    quick : bool
        Few epochs and seeds: everything works, and no number is comparable with a published one.

    Returns
    -------
    dict
        The run, see :mod:`core.recipes.stored_runs`.

    Raises
    ------
    ConfigError
        When the recipe has no data of its own and no collection is given, the collection lacks what it
        needs, or a setting is invalid.
    """
    spec = recipe_spec(recipe)
    config = configure(spec, settings or {}, quick=quick)
    loaded = _load(spec, collection)
    if missing := lacks(spec, loaded):
        raise ConfigError(
            f"the recipe {recipe} needs {' and '.join(spec.needs)}, and {loaded.name} has no "
            f"{' and no '.join(missing)}"
        )
    started = time.monotonic()
    findings = config.run(Experiment(loaded, progress))
    run = {
        "recipe": recipe,
        "quick": quick,
        "settings": store.json_values(asdict(config)),
        "collection": {
            "name": loaded.name,
            "n_tracks": loaded.n_tracks,
            "fingerprint": store.key_of(loaded.tracks["track_id"].tolist(), loaded.labels())[:16],
        },
        "code": source_hash(spec.factory),
        "environment": versions(),
        "created": time.strftime("%Y-%m-%dT%H:%M:%S"),
        "seconds": round(time.monotonic() - started, 1),
        **store.json_values(asdict(findings)),
    }
    return save_new_run(run)


def estimate_run(spec: RecipeSpec, collection: Collection | None, *, quick: bool) -> float:
    """Return the seconds of a run, from those of the demo, the tracks and the speed of this machine."""
    n_tracks = DEMO_TRACKS if collection is None else collection.n_tracks
    return (spec.quick_s if quick else spec.full_s) * max(0.3, n_tracks / DEMO_TRACKS) * max(1.0, slowdown())


def arguments_of(run: dict) -> dict:
    """Return what :func:`run_recipe` takes to make a kept run again: recipe, collection, settings, quick.

    Raises
    ------
    ConfigError
        When there is no such recipe here.
    """
    spec, name = recipe_spec(run["recipe"]), run["collection"]["name"]
    plain = asdict(configure(spec, {}, quick=run["quick"]))
    known = values_from_json(
        spec.load(), {key: run["settings"][key] for key in plain if key in run["settings"]}
    )
    changed = {key: format_value(value) for key, value in known.items() if value != plain[key]}
    return {
        "recipe": spec.name,
        "collection": None if name == spec.own_data else name,
        "settings": changed,
        "quick": run["quick"],
    }


def configure(spec: RecipeSpec, settings: dict[str, str], *, quick: bool = False) -> Recipe:
    """Return a recipe with settings; they override those of a quick run.

    Raises
    ------
    ConfigError
        When a name is no setting, or a value can't be read or lies out of range.
    """
    kind: type[Recipe] = spec.load()
    values = (kind.quick if quick else {}) | parse_fields(kind, settings)
    return kind(**values)


def _load(spec: RecipeSpec, collection: str | None) -> Collection:
    """Return the saved collection, or the recipe's simulated one."""
    if collection is not None:
        return collections.load(collection)
    if not spec.own_data:
        raise ConfigError(f"the recipe {spec.name} runs on a collection; name one with --on")
    tracks, table, _, info = make_simulated(spec.own_data)
    return Collection(spec.own_data, tracks, table, info=info | {"kind": "simulated"})
