"""What has to be read before a map: of a fusion that looks at cues, the cues too."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import soundfile as sf

from core.collection import Collection
from core.collection.saved import save
from core.cues.cue_terms import extractors_for_cues
from core.features.extraction.extract_rows import CHANGED
from core.jobs import work
from core.pipeline.choice import Choice
from core.representation.represent import estimate_features
from core.ui.shared import prepare


@pytest.fixture
def sounding(tmp_path) -> Collection:
    """Return two short sounds with words and numbers."""
    noise = np.random.default_rng(0).standard_normal(2 * 16_000) * 0.1
    paths = []
    for name in "ab":
        paths.append(str(tmp_path / f"{name}.wav"))
        sf.write(paths[-1], noise, 16_000)
        noise = noise[::-1]
    tracks = pd.DataFrame(
        {"track_id": ["a" * 32, "b" * 32], "path": paths, "lyrics": ["rain on the river", "sun on the sea"]}
    )
    made = Collection("two", tracks, pd.DataFrame({"x": [0.0, 1.0]}), info={"kind": "table"})
    save(made)
    return made


def test_a_fusion_that_looks_at_cues_is_prepared_with_them():
    both = {"audio": "table", "text": "tfidf"}
    job = prepare._job_of(
        Collection("two", pd.DataFrame({"track_id": ["a", "b"]})), Choice(**both, fusion="auto")
    )
    assert job == {
        "collection": "two",
        "audio": "table",
        "text": "tfidf",
        "text_field": None,
        "fusion": "auto",
    }
    for choice in (Choice(**both), Choice(**both, fusion="graph"), Choice(audio="table", fusion="auto")):
        assert "fusion" not in prepare._job_of(
            Collection("two", pd.DataFrame({"track_id": ["a", "b"]})), choice
        )


def test_the_sound_that_cues_need_is_counted_and_read_once(sounding):
    names = extractors_for_cues(sounding)
    assert names == ["descriptors", "musicnn-mtt"]
    missing, seconds = estimate_features(sounding, names)
    assert missing == 2 and seconds > 0
    told = work.prepare("two", audio="table", text="tfidf", fusion="per-track")
    assert told["cues"] == {"n_present": 2, "failed": {}}
    assert estimate_features(sounding, names) == (0, 0.0)
    assert "cues" not in work.prepare("two", audio="table", text="tfidf", fusion="graph")


def test_a_column_that_says_who_sings_spares_the_network(sounding):
    sounding.table["instrumentalness"] = [0.1, 0.9]
    assert extractors_for_cues(sounding) == ["descriptors"]


def test_without_sound_nothing_is_read_for_cues():
    assert extractors_for_cues(Collection("mute", pd.DataFrame({"track_id": ["a", "b"]}))) == []
    assert estimate_features(Collection("mute", pd.DataFrame({"track_id": ["a", "b"]})), []) == (0, 0.0)


def test_an_extractor_that_has_not_read_the_tracks_costs_a_button_that_names_its_time(sounding, monkeypatch):
    shown, started = [], []
    monkeypatch.setattr(prepare, "SHORT_S", -1.0)
    monkeypatch.setattr(prepare.st, "button", lambda label, **given: shown.append((label, given["on_click"])))
    monkeypatch.setattr(prepare, "_start", started.append)
    assert not prepare.is_extracted(sounding, "descriptors", "Tempo")
    ((label, press),) = shown
    assert label.startswith("Measure 2 tracks (about ") and started == []
    press()
    assert started == [{"collection": "two", "features": "descriptors"}]
    told = work.prepare(**started[0])
    assert told["features"] == {"n_present": 2, "failed": {}}
    assert prepare.is_extracted(sounding, "descriptors", "Tempo") and len(shown) == 1


def test_a_short_measurement_starts_by_itself(sounding, monkeypatch):
    started = []
    monkeypatch.setattr(prepare.st, "button", lambda label, **given: None)
    monkeypatch.setattr(prepare, "_start", started.append)
    assert not prepare.is_extracted(sounding, "descriptors", "Tempo")
    assert started == [{"collection": "two", "features": "descriptors"}]


def test_tracks_that_changed_lead_to_refresh(monkeypatch):
    steps = []
    failed = SimpleNamespace(is_alive=False, error=f"no track of two could be read: {CHANGED}", id="x")
    monkeypatch.setattr(prepare, "_last_job", lambda args: failed)
    monkeypatch.setattr(prepare, "next_step", lambda hint, label, *, to: steps.append((hint, to)))
    prepare._show_work("two", {}, 2, 9.0, 16_000, asks=False)
    ((hint, page),) = steps
    assert "Refresh" in hint and page == "library"
    failed.error = "no track of two could be read: it is empty"
    prepare._show_work("two", {}, 2, 9.0, 16_000, asks=False)
    assert len(steps) == 1
