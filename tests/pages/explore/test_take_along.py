"""*Take along* on Explore: what is exported, in which format and size, the job, and saved views."""

import json

import numpy as np
import pytest

from core import store
from core.export.export_job import export_for_page
from core.export.formats import FORMATS
from core.export.saved_view import list_views
from core.jobs import job as jobs
from tests.export.test_html_map import block
from tests.pages.explore_page import control, legend_of, make_collection, map_of, open_page, ready, shown

pytestmark = pytest.mark.usefixtures("shared_derived")
VIEW = "*My* <b>view</b>"


def opened(**query):
    """Open Explore with the popover open."""
    at = open_page(look="audio", **query)
    at.session_state["explore-take"] = True
    return ready(at)


def parts(at) -> list[str]:
    (group,) = [group for group in at.button_group if group.label == "Tracks"]
    return list(group.options)


def command(at) -> str:
    (found,) = [code.value for code in at.code if " export " in code.value]
    return found


def press(at, label: str):
    next(button for button in at.button if button.label == label).click()
    return ready(at)


def test_closed_it_computes_nothing_and_open_it_offers_every_download():
    make_collection()
    at = open_page(look="audio", k="3")
    assert not [group for group in at.button_group if group.label == "Tracks"]
    at = opened(k="3")
    assert parts(at) == ["The whole map"]
    assert control(at.selectbox, "Format").options == [s.title for s in FORMATS.values() if s.mime]
    assert "60 tracks, about" in shown(at) and "--out small.html" in command(at)


def test_what_is_selected_comes_first():
    collection = make_collection()
    ids = collection.tracks["track_id"]
    assert parts(opened(k="3", group="cluster", track=ids[0])) == ["Cluster 1", "The whole map"]
    store.save_owned("selections", "abc", {"track_ids": [ids[4], ids[2]]})
    at = opened(k="3", group="sabc")
    assert parts(at) == ["Selection", "The whole map"] and "2 tracks, about" in shown(at)
    assert "--selection sabc" in command(at)


def test_a_quick_format_is_a_download_with_the_options_of_its_registry_entry():
    make_collection()
    at = opened(k="3")
    control(at.selectbox, "Format").set_value("playlist")
    ready(at)
    (download,) = [e.proto for e in at.get("download_button")]
    assert download.label == "Download" and control(at.toggle, "Relative paths").value is False
    control(at.toggle, "Relative paths").set_value(True)
    ready(at)
    assert command(at).endswith("--option relative=true --out small.m3u8")


def test_the_job_writes_what_the_page_shows_with_its_cluster_numbers(monkeypatch):
    make_collection()
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append((kind, args)))
    at = opened(k="2")
    control(at.sidebar.slider, "k").set_value(3)  # clusters keep their numbers where they can
    ready(at)
    press(at, "Make the file")
    ((kind, args),) = started
    assert kind == "export" and json.loads(json.dumps(args)) == args
    result = export_for_page(**args)
    assert result["n_tracks"] == 60 and result["file_name"] == "small.html"
    with open(result["out"], encoding="utf-8") as file:
        data = json.loads(block(file.read(), "songscape-data"))
    groups = data["colourings"][0]["light"]["groups"]
    assert {group["name"]: group["count"] for group in groups} == legend_of(at)
    places = np.array(map_of(at)["positions"]).reshape(-1, 2)
    assert len(places) == 60 and len(data["tracks"]) == 60


def test_a_view_is_saved_and_opened_again():
    make_collection()
    at = opened(k="3", colour="label")
    control(at.text_input, "Save this view as").set_value(VIEW)
    press(at, "Save view")
    (view,) = list_views("small")
    assert view.name == VIEW and view.query["k"] == "3" and view.query["colour"] == "label"
    control(at.sidebar.selectbox, "Colour").set_value("cluster")
    control(at.sidebar.slider, "k").set_value(5)
    ready(at)
    assert len(legend_of(at)) == 5
    (entry,) = [
        b for b in at.button if "view" in b.label and "Delete" not in b.label and "Save" not in b.label
    ]
    assert "\\*My\\*" in entry.label
    entry.click()
    ready(at)
    assert set(legend_of(at)) == {"reel", "chorale", "rag"}
    assert control(at.sidebar.slider, "k").value == 3
