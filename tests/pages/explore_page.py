"""Explore as a visitor opens it, what is shown there, and a small collection to look at."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.collection import Collection
from core.collection.saved import save
from core.server.map_arrays import ARRAYS
from core.ui.shared import results
from core.ui.shared.url_state import URL_STATE

PAGE = Path(__file__).resolve().parents[2] / "pages" / "explore.py"
WORDS = ["rain", "river", "night", "drum", "city", "gold", "wolf", "sun", "road", "bread", "glass", "fire"]
NASTY = "<img src=x onerror=alert(1)>"


def make_collection(name="small", n=60, **columns) -> Collection:
    rng = np.random.default_rng(0)
    group = np.arange(n) % 3
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(n)],
            "title": [f"song {i}" for i in range(n)],
            "label": [("reel", "chorale", "rag")[g] for g in group],
            "lyrics": [" ".join(rng.choice(np.roll(WORDS, 4 * g)[:4], size=12)) for g in group],
            **columns,
        }
    )
    numbers = 8 * np.tile(np.eye(3), 2)[group] + rng.standard_normal((n, 6))
    made = Collection(
        name, tracks, pd.DataFrame(numbers, columns=[f"x{i}" for i in range(6)]), info={"kind": "table"}
    )
    save(made)
    return made


@pytest.fixture(autouse=True)
def near_worker(monkeypatch):
    """Fit principal components here instead of waking the worker process, whose own tests are elsewhere."""
    from core.projection import projection_spec, worker

    calls = []

    def project(X, config, seed=0, init=None):
        calls.append(init is not None)
        return projection_spec("pca").load()().fit(X, seed=seed, init=init)

    monkeypatch.setattr(worker, "project_in_worker", project)
    yield calls
    results.results().settle()


def open_page(**query) -> AppTest:
    at = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    return ready(at)


def ready(at: AppTest) -> AppTest:
    """Run until nothing is under way, as the page's own polling does."""
    at.run()
    results.results().settle()
    at.run()
    assert not at.exception
    return at


def set_weight(at: AppTest, weight: float) -> AppTest:
    """Set the text weight as the map's slider does."""
    at.session_state[URL_STATE]["explore"]["weight"] = f"{weight:g}"
    del at.session_state["weight"]
    return ready(at)


def shown(at: AppTest) -> str:
    parts = [
        e.value for kind in (at.caption, at.markdown, at.subheader, at.error, at.info, at.title) for e in kind
    ]
    parts += [e.proto.body for e in at.get("html")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(parts)))


def open_scores(at: AppTest) -> AppTest:
    """Open the tab of the scores, and wait until they are computed."""
    at.session_state["explore-tab"] = "Scores"
    return ready(at)


def control(widgets, label: str):
    return next(widget for widget in widgets if widget.label == label)


def map_of(at: AppTest) -> dict:
    """Return what the map gets, with its arrays as a browser fetches them; chosen and current as rows."""
    import json

    (chart,) = [e for e in at.get("bidi_component") if "songscape_map" in e.proto.component_name]
    data = json.loads(
        chart.proto.mixed.json if chart.proto.WhichOneof("data") == "mixed" else chart.proto.json
    )
    for name in ("positions", "rows", "groups", "legend", "chosen"):
        data[name] = _fetched(data[name])
    rows = data["rows"]
    data["chosen"] = None if data["chosen"] is None else [rows[i] for i in data["chosen"]]
    data["current"] = None if data["current"] is None else rows[data["current"]]
    return data


def legend_of(at: AppTest) -> dict[str, int]:
    """Return the names in the legend and how many points each has."""
    return {group["name"]: group["count"] for group in map_of(at)["legend"]["groups"]}


def _fetched(reference: dict | None):
    import json

    if reference is None:
        return None
    data = ARRAYS.get(reference["href"].rpartition("/")[2])
    kinds = {"f4": np.float32, "i4": np.int32, "u2": np.uint16}
    if reference["type"] == "json":
        return json.loads(data)
    return np.frombuffer(data, kinds[reference["type"]]).tolist()
