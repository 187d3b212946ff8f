"""Transcribed lyrics in the Library, and a track's lyrics beside its player."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
import soundfile
from streamlit.testing.v1 import AppTest

from core import collection as collections
from core.collection.saved import change_tracks
from core.collection.texts.written import set_written
from core.jobs import job as jobs
from core.ui.explore.current_track import title_of
from core.ui.library.transcription import describe_lyrics

NASTY = "<img src=x onerror=alert(1)> *bold*"


@pytest.fixture
def songs(tmp_path):
    for seed in range(3):
        (tmp_path / "music").mkdir(exist_ok=True)
        soundfile.write(
            tmp_path / "music" / f"{seed}.wav", np.random.default_rng(seed).normal(0, 0.1, 8_000), 8_000
        )
    (tmp_path / "music" / "0.txt").write_text("words of people")
    collections.add(tmp_path / "music", "songs")


@pytest.fixture
def asked(monkeypatch):
    found = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: found.update(kind=kind, **args))
    return found


def transcribe() -> None:
    row = {"lyrics": f"la {NASTY}\nlu", "lyrics_language": "de", "lyrics_confidence": 0.42}
    change_tracks(
        "songs",
        lambda tracks: set_written(tracks, "lyrics", {tracks["track_id"][1]: row}, "transcribed by tiny"),
    )


def opened() -> AppTest:
    def app():
        from core import collection as collections
        from core.ui.library.transcription import _show

        _show(collections.load("songs"))

    return AppTest.from_function(app, default_timeout=30).run()


def words_of(at: AppTest) -> str:
    return "\n".join(
        str(e.value) for kind in (at.markdown, at.caption, at.info, at.warning, at.error) for e in kind
    ).replace("\\", "")


def test_it_says_what_there_is_to_hear_and_starts_a_job(songs, asked, tmp_path):
    at = opened()
    assert not at.exception
    words = words_of(at)
    assert "1 of 3 tracks have lyrics: 1 came with the collection." in words and "no audio leaves it" in words
    assert (
        "2 tracks, 2 seconds of audio, would be transcribed; the time it takes is estimated once it has "
        "started." in words
    )
    assert (
        "not on this computer yet" in at.info[0].value and "openai/whisper-small" in words and not at.toggle
    )
    at.text_input(key="library-whisper").set_value(str(tmp_path)).run()
    assert not at.info, "a folder is there or not: the job says what is wrong with it"
    at.text_input(key="library-whisper-language").set_value(" DE ").run()
    at.button(key="library-transcribe-start").click().run()
    assert asked == {
        "kind": "transcribe",
        "collection": "songs",
        "model": str(tmp_path),
        "language": "de",
        "replace": False,
    }


def test_wrong_settings_are_said_in_words(songs):
    at = opened()
    at.text_input(key="library-whisper-language").set_value("german").run()
    assert "language='german' must be a code" in words_of(at) and not at.exception and not at.button
    at.text_input(key="library-whisper-language").set_value("").run()
    at.text_input(key="library-whisper").set_value("no such/name at all").run()
    assert "not on this computer yet" in words_of(at) and not at.exception


def test_what_was_written_down_is_shown_with_language_and_confidence_and_words_never_run(songs, asked):
    transcribe()
    at = opened()
    words = words_of(at)
    assert "2 of 3 tracks have lyrics: 1 came with the collection, 1 transcribed by tiny." in words
    assert "**1** (German, confidence 0.42): la " in words and not any(
        "<img" in str(e.value) for e in at.markdown
    )
    assert "1 track has lyrics transcribed here before." in words
    at.toggle(key="library-lyrics-replace-songs").set_value(True).run()
    assert "which are replaced" in words_of(at)
    at.button(key="library-transcribe-start").click().run()
    assert asked["replace"] is True


def test_nothing_is_counted_before_the_section_is_opened(songs, monkeypatch):
    monkeypatch.setattr(
        "core.ui.library.transcription.estimate_lyrics",
        lambda *args: pytest.fail("a large collection takes long to count"),
    )

    def app():
        from core import collection as collections
        from core.ui.library.transcription import show_lyrics

        show_lyrics(collections.load("songs"))

    at = AppTest.from_function(app, default_timeout=30).run()
    assert not at.exception and at.expander[0].label == "Transcribed lyrics"


def test_the_table_of_tracks_shows_language_and_confidence(songs):
    transcribe()

    def app():
        from core import collection as collections
        from core.ui.library.track_table import show_tracks

        show_tracks(collections.load("songs"))

    at = AppTest.from_function(app, default_timeout=30).run()
    table = at.dataframe[0].value
    assert list(table["lyrics_from"]) == ["table", "transcribed by tiny", ""] and list(
        table["lyrics_language"]
    ) == ["", "de", ""]
    assert table["lyrics_confidence"][1] == 0.42 and table["lyrics_confidence"].isna().sum() == 2


def test_a_tracks_lyrics_say_whether_they_came_with_it(songs):
    transcribe()

    def app():
        from core import collection as collections
        from core.ui.explore.current_track import show_lyrics

        for _, track in collections.load("songs").tracks.iterrows():
            show_lyrics(track)

    at = AppTest.from_function(app, default_timeout=30).run()
    labels = [block.proto.popover.label.replace("\\", "") for block in at.get("popover")]
    assert labels == ["Lyrics", "Lyrics, transcribed by tiny: German, confidence 0.42"], "the third has none"
    assert [e.value for e in at.text] == ["words of people", f"la {NASTY}\nlu"]
    assert title_of(pd.Series({"lyrics": "la"})) == "Lyrics"


def test_sources_are_counted():
    assert describe_lyrics(Counter({"": 3})) == "No track has lyrics yet."
    said = describe_lyrics(Counter({"": 1, "table": 2, "table: gpt at x": 1, "transcribed by m": 4}))
    assert said == "7 of 8 tracks have lyrics: 4 transcribed by m, 3 came with the collection."
