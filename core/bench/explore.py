"""Benchmark: seconds after a change of a setting on 1,000 tracks, for clusters, first scores and map."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from core.bench.temporary_store import temporary_store
from core.collection import Collection
from core.progress import Progress, silent

N_TRACKS, N_GROUPS = 1000, 10
WORDS = (
    "rain",
    "river",
    "night",
    "drum",
    "city",
    "gold",
    "wolf",
    "sun",
    "road",
    "bread",
    "glass",
    "fire",
    "salt",
    "wind",
    "stone",
    "bell",
    "moon",
    "ship",
    "rose",
    "dust",
)


def run(progress: Progress = silent) -> dict[str, float]:
    """Return the seconds of each change, measured once with nothing cached for the setting.

    ``weight``, ``n_clusters`` and one entry per algorithm are clustering and first scores (target: below
    1 s each); ``map_cold`` a PaCMAP layout with random initialisation, ``map_warm`` one initialised with the
    current layout, ``map_chain`` those of all text weights; ``again`` the same choice from the cache;
    ``intervals`` means, intervals and controls over five seeds.
    """
    with temporary_store():
        return _measure(progress)


def _measure(progress: Progress) -> dict[str, float]:
    """Time each change on the simulated collection."""
    from core.clustering import CLUSTERERS
    from core.pipeline.choice import Choice
    from core.pipeline.layouts import layout, layout_chain, preview
    from core.pipeline.space import build_space
    from core.pipeline.stages import find_clusters, score, score_fully

    collection = make_collection()
    choice = Choice(audio="table", text="tfidf", text_weight=0.5, n_clusters=N_GROUPS)

    def compute(changed: Choice) -> None:
        space = build_space(collection, changed)
        score(collection, space, find_clusters(space, changed))

    changes = {
        "weight": replace(choice, text_weight=0.55),
        "n_clusters": replace(choice, n_clusters=N_GROUPS + 1),
    }
    changes |= {name: replace(choice, cluster=name) for name in CLUSTERERS if name != choice.cluster}
    figures = {"first": _seconds(lambda: compute(choice))}
    for done, (name, changed) in enumerate(changes.items()):
        progress(done, len(changes) + 3, f"timing a change of {name}")
        figures[name] = _seconds(partial(compute, changed))
    figures["again"] = _seconds(lambda: compute(choice))
    space, changed_space = build_space(collection, choice), build_space(collection, changes["weight"])
    layout(
        collection, space, replace(choice, seed=choice.seed + 1)
    )  # starts the worker and compiles its functions
    figures["map_cold"] = _seconds(lambda: layout(collection, space, choice))
    current = layout(collection, space, choice)
    figures["map_warm"] = _seconds(lambda: preview(changed_space, changes["weight"], current))
    figures["map_chain"] = _seconds(lambda: layout_chain(collection, choice))
    figures["intervals"] = _seconds(lambda: score_fully(collection, space, choice))
    return {"n_tracks": N_TRACKS, **{f"{name}_s": round(value, 3) for name, value in figures.items()}}


def make_collection() -> Collection:
    """Return a seeded collection of 1,000 tracks with 32 numeric features and a text of 30 words each."""
    rng = np.random.default_rng(0)
    group = rng.integers(N_GROUPS, size=N_TRACKS)
    X = 2 * rng.standard_normal((N_GROUPS, 32))[group] + rng.standard_normal((N_TRACKS, 32))
    texts = [" ".join(rng.choice(np.roll(WORDS, 2 * g)[:8], size=30)) for g in group]
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(N_TRACKS)],
            "lyrics": texts,
            "label": [f"g{g}" for g in group],
        }
    )
    tracks = tracks.assign(path="", title="", artist="", language="", caption="", duration_s=np.nan)
    table = pd.DataFrame(X, columns=[f"x{i}" for i in range(32)])
    return Collection("bench", tracks, table, pd.DataFrame({"path": [], "reason": []}), {"kind": "table"})


def _seconds(work: Callable[[], object]) -> float:
    """Return the wall-clock seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
