"""*Keep this map* on Explore: tracks that were added later find a place, and no other track moves."""

import numpy as np
import pandas as pd

from core.collection import Collection
from core.collection.saved import save
from tests.pages.explore_page import control, map_of, open_page, ready
from tests.pages.explore_page import shown as shown_escaped


def make_grown(n: int) -> Collection:
    """Return the first tracks of one table in three groups, saved under one name."""
    rng = np.random.default_rng(0)
    group = np.arange(200) % 3
    numbers = 8 * np.tile(np.eye(3), 2)[group] + rng.standard_normal((200, 6))
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(n)],
            "title": [f"song {i}" for i in range(n)],
            "label": [("reel", "chorale", "rag")[g] for g in group[:n]],
        }
    )
    table = pd.DataFrame(numbers[:n], columns=[f"x{i}" for i in range(6)])
    made = Collection("grown", tracks, table, info={"kind": "table"})
    save(made)
    return made


def shown(at) -> str:
    return shown_escaped(at).replace("\\", "").replace("\xa0", " ")


def places(at) -> np.ndarray:
    return np.reshape(map_of(at)["positions"], (-1, 2))


def groups(at) -> list[int]:
    return map_of(at)["groups"]


def test_a_kept_map_is_switched_on_and_grows_without_moving_a_track(shared_derived):
    make_grown(120)
    at = open_page(on="grown", k="3")
    control(at.toggle, "Keep this map").set_value(True)
    ready(ready(at))
    assert at.query_params["keep"] == "1"
    assert "Map version 1: all tracks were fitted." in shown(at)
    assert "95 % intervals" in shown(at)
    before, old_groups = places(at), groups(at)
    make_grown(135)
    control_at = open_page(on="grown", k="3")  # the control: another fit moves everything
    assert not np.allclose(places(control_at)[:120], before, atol=1e-3)
    at = ready(open_page(on="grown", k="3", keep="1"))
    assert np.allclose(places(at)[:120], before, atol=1e-6) and len(places(at)) == 135
    assert groups(at)[:120] == old_groups
    assert "Map version 1: 15 of 135 tracks (11 %) were placed since its fit." in shown(at)
    assert "tracks (11 %) were placed" in " ".join(caption.value for caption in at.main.caption)
    assert "of the kept map, without intervals" in shown(at) and "due" not in shown(at)
    assert "--keep" in at.code[0].value


def test_where_a_new_fit_is_due_the_button_makes_the_next_version(shared_derived):
    make_grown(100)
    ready(open_page(on="grown", k="3", keep="1"))
    make_grown(130)
    at = ready(open_page(on="grown", k="3", keep="1"))
    assert "A new fit is due (“Fit anew”): more than a fifth of the tracks were placed." in shown(at)
    control(at.button, "Fit anew").click()
    ready(ready(at))
    assert "Map version 2: all tracks were fitted." in shown(at) and "due" not in shown(at)
    control(at.toggle, "Keep this map").set_value(False)
    ready(at)
    assert "Map version" not in shown(at) and "keep" not in at.query_params


def test_who_may_not_change_a_collection_sees_its_kept_map_and_fits_none(shared_derived, monkeypatch):
    monkeypatch.setattr("core.ui.explore.map.kept_view.may_change", lambda name: False)
    monkeypatch.setattr("core.ui.explore.map.kept_view.is_signed_in", lambda: False)
    make_grown(90)
    at = ready(open_page(on="grown", k="3", keep="1"))
    assert "No map of these settings is kept; sign in to keep one." in shown(at)
    assert "Map version" not in shown(at)
    monkeypatch.setattr("core.ui.explore.map.kept_view.is_signed_in", lambda: True)
    at = ready(open_page(on="grown", k="3", keep="1"))
    assert "Map version 1" in shown(at) and "Fit anew" not in [button.label for button in at.button]
