"""Captions in the Library: what is shown before any data leaves the machine."""

from collections import Counter

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import collection as collections
from core.captioning import write_captions
from core.jobs import job as jobs
from core.ui.library.captioning import describe_captions

NASTY = "<img src=x onerror=alert(1)> *bold*"


@pytest.fixture
def songs(tmp_path):
    path = tmp_path / "songs.csv"
    lyrics = [
        "Tears and lonely nights\nlonely nights",
        "I love you and you love me\nall the sunshine in the world",
        "",
    ]
    pd.DataFrame({"title": [NASTY, "b", "c"], "lyrics": lyrics, "tempo": [1, 2, 3]}).to_csv(path, index=False)
    collections.add(path, "songs")


@pytest.fixture
def asked(monkeypatch):
    found = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: found.update(kind=kind, **args))
    return found


@pytest.fixture
def endpoint(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("SONGSCAPE_CAPTION_MODEL", "small")


def opened() -> AppTest:
    def app():
        from core import collection as collections
        from core.ui.library.captioning import _show

        _show(collections.load("songs"))

    return AppTest.from_function(app, default_timeout=30).run()


def words_of(at: AppTest) -> str:
    return "\n".join(
        str(e.value) for kind in (at.markdown, at.caption, at.info, at.warning, at.error) for e in kind
    ).replace("\\", "")


def test_the_offline_captioner_is_described_and_starts_a_job(songs, asked):
    at = opened()
    assert not at.exception
    words = words_of(at)
    assert (
        "No track has a caption yet." in words
        and "Rule-based" in words
        and "No data leaves this computer" in words
    )
    assert "2 tracks would get a caption by the offline captioner (lexicon and tags)" in words
    assert "1 track left out: no lyrics and no audio" in words and not at.warning and not at.toggle
    at.button(key="library-caption-start").click().run()
    assert asked == {"kind": "caption", "collection": "songs", "captioner": "offline", "replace": False}


def test_captions_are_shown_with_where_they_are_from_and_names_never_run(songs, asked):
    write_captions("songs")
    at = opened()
    words = words_of(at)
    assert "2 of 3 tracks have a caption: 2 by the offline captioner (lexicon and tags)." in words
    assert "The sentiment of the lyrics is strongly positive" in words
    assert not any("<img" in str(e.value) for e in at.markdown)
    assert at.button(key="library-caption-start").disabled
    at.toggle(key="library-captions-replace-songs").set_value(True).run()
    at.button(key="library-caption-start").click().run()
    assert asked["replace"] is True


def test_the_endpoint_needs_an_agreement_that_lyrics_leave(songs, asked, endpoint):
    at = opened()
    at.segmented_control(key="library-captioner").select("endpoint").run()
    assert "The lyrics of each track, and its genre unless withheld, are sent to 127.0.0.1:9." in at.warning[
        0
    ].value.replace("\\", "")
    assert "prompt and" in words_of(at) and words_of(at).count("are sent to") == 1
    assert at.button(key="library-caption-start").disabled
    at.checkbox[0].check().run()
    at.button(key="library-caption-start").click().run()
    assert asked["captioner"] == "endpoint"


def test_without_an_environment_it_says_what_to_set_and_offers_no_button(songs, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SONGSCAPE_CAPTION_MODEL"):
        monkeypatch.delenv(name, raising=False)
    at = opened()
    at.segmented_control(key="library-captioner").select("endpoint").run()
    assert "set SONGSCAPE_CAPTION_MODEL" in at.info[0].value.replace("\\", "")
    assert not at.button and not at.exception


def test_nothing_is_counted_before_the_section_is_opened(songs, monkeypatch):
    monkeypatch.setattr(
        "core.ui.library.captioning.estimate_captions",
        lambda *args: pytest.fail("a large collection takes long to count"),
    )

    def app():
        from core import collection as collections
        from core.ui.library.captioning import show_captions

        show_captions(collections.load("songs"))

    at = AppTest.from_function(app, default_timeout=30).run()
    assert not at.exception and at.expander[0].label == "Captions"


def test_origins_are_counted_describe_captions():
    assert describe_captions(Counter({"": 3})) == "No track has a caption yet."
    said = describe_captions(Counter({"": 1, "table": 2, "table: gpt at x": 1, "m at h": 4}))
    assert said == "7 of 8 tracks have a caption: 4 by m at h, 3 came with the collection."
