"""Transcription of a collection: which tracks, caching, and what is preserved."""

import math

import numpy as np
import pandas as pd
import pytest

from core import collection as collections
from core.errors import Cancelled, ConfigError
from core.store.owned import AnswerLog
from core.transcription import long_form
from core.transcription.decoding import DecodedWindow
from core.transcription.transcribe_collection import (
    NO_AUDIO,
    NO_WORDS,
    ONLY_LOOPS,
    estimate_lyrics,
    transcribe,
)
from core.transcription.transcription_settings import TranscriptionSettings


def tracks_of(name: str) -> pd.DataFrame:
    return collections.load(name).tracks.set_index("file")


@pytest.fixture
def windows(monkeypatch):
    """Record the windows that are decoded."""
    heard, real = [], long_form.decode_windows
    monkeypatch.setattr(long_form, "decode_windows", lambda *args: (heard.extend(args[2]), real(*args))[1])
    return heard


def test_lyrics_are_marked_with_model_language_and_confidence_and_the_sources_stay(songs, folder):
    result = transcribe("songs", folder, language="de")
    tracks = tracks_of("songs")
    assert tracks["lyrics"]["b.wav"] == "words of people" and all(tracks["lyrics"].str.len() > 0)
    by = "transcribed by tiny-whisper"
    assert tracks["lyrics_from"].to_dict() == {"a.wav": by, "b.wav": "table", "c.wav": by, "d.wav": by}
    assert tracks["lyrics_language"].to_dict() == {"a.wav": "de", "b.wav": "", "c.wav": "de", "d.wav": "de"}
    confidence = tracks["lyrics_confidence"]
    assert (
        confidence.dtype == float
        and math.isnan(confidence["b.wav"])
        and confidence.drop("b.wav").between(0, 1, inclusive="right").all()
    )
    assert (result["n_heard"], result["n_with_words"], result["n_from_source"], result["n_left_out"]) == (
        3,
        3,
        1,
        0,
    )
    assert result["languages"] == {"de": 3} and result["confidence"] == pytest.approx(confidence.median())
    assert result["sound_s"] == pytest.approx(1.5 + 1.9 + 2.1, abs=0.1) and len(result["samples"]) == 3
    assert collections.load("songs").text_sources() == {"lyrics (transcribed)": 3, "lyrics": 1}


def test_the_same_audio_gives_the_same_lyrics(songs, folder, own_store, monkeypatch):
    first = transcribe("songs", folder)
    (own_store / "lyrics").rename(own_store / "put-aside")
    again = transcribe("songs", folder, replace=True)
    assert again["n_heard"] == 3 and [s["lyrics"] for s in again["samples"]] == [
        s["lyrics"] for s in first["samples"]
    ]


def test_a_stopped_run_goes_on_and_another_costs_nothing(songs, folder, windows):
    def stop(done, total, note="", **figures):
        if note.startswith("track 2/3"):
            raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        transcribe("songs", folder, batch_size=1, progress=stop)
    n_first = len(windows)
    assert (tracks_of("songs")["lyrics"] != "").sum() == 2, "what was heard by then is saved"
    done = transcribe("songs", folder, batch_size=1)
    assert (done["n_heard"], done["n_kept"], done["n_made_before"]) == (2, 0, 1)
    n_all = len(windows)
    again = transcribe("songs", folder, replace=True)
    assert (again["n_heard"], again["n_kept"], again["sound_s"]) == (0, 3, 0) and len(
        windows
    ) == n_all > n_first > 0


def test_a_killed_run_resumes_from_the_cache(songs, folder, windows, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(
            "core.transcription.transcribe_collection.change_tracks", lambda *args: None
        )  # killed before it could save
        transcribe("songs", folder)
    assert not (tracks_of("songs")["lyrics"] != "").drop("b.wav").any()
    result = transcribe("songs", folder)
    assert (result["n_heard"], result["n_kept"], result["n_with_words"]) == (0, 3, 3)


def test_another_language_or_model_is_another_question(songs, folder):
    transcribe("songs", folder, language="de")
    assert (
        estimate_lyrics("songs", TranscriptionSettings(folder, language="en"), replace=True)["n_to_hear"] == 3
    )
    assert transcribe("songs", folder, language="en")["n_heard"] == 0, "they have lyrics already"
    assert transcribe("songs", folder, language="en", replace=True)["languages"] == {"en": 3}


def test_tracks_without_words_are_listed_with_the_reason(songs, folder, make_noise, tmp_path, monkeypatch):
    transcribe("songs", folder)
    (tmp_path / "music" / "c.wav").write_bytes(b"broken since")
    found = iter([[None], [DecodedWindow([38], [-3.0], 0.9)]])
    monkeypatch.setattr(
        long_form,
        "decode_windows",
        lambda *args: next(found) if args[4] == [0] else [DecodedWindow([38], [-3.0], 0.9)],
    )
    result = transcribe("songs", folder, language="es", replace=True, batch_size=1)
    tracks, ids = tracks_of("songs"), collections.load("songs").tracks.set_index("file")["track_id"]
    reasons = {name: result["left_out"].get(ids[name]) for name in ids.index}
    assert (reasons["a.wav"], reasons["d.wav"], reasons["b.wav"]) == (ONLY_LOOPS, NO_WORDS, None)
    assert reasons["c.wav"].startswith("its audio can't be used: ")
    assert list(tracks["lyrics"] != "") == [False, True, True, False], (
        "the earlier go where no words are heard, not where nothing can be heard"
    )
    assert list(tracks["lyrics_from"]) == ["", "table", "transcribed by tiny-whisper", ""] and np.isnan(
        tracks["lyrics_confidence"]["a.wav"]
    )
    again = transcribe("songs", folder, language="es", replace=True)
    assert (again["n_kept"], again["n_heard"], again["n_left_out"]) == (2, 0, 3), (
        "that there are no words is kept, too"
    )


def test_adding_again_keeps_lyrics_and_the_captions_about_them(songs, folder, tmp_path, make_noise):
    from core.collection.saved import change_tracks
    from core.collection.texts.written import set_written

    transcribe("songs", folder)
    change_tracks(
        "songs",
        lambda tracks: set_written(
            tracks, "caption", dict.fromkeys(tracks["track_id"], {"caption": "A."}), "m"
        ),
    )
    before = tracks_of("songs")
    make_noise("e.wav", 1.0, 9)
    (tmp_path / "music" / "c.txt").write_text("words that came later")
    tracks = collections.add(tmp_path / "music", "songs").tracks.set_index("file")
    for column in ("lyrics", "lyrics_from", "lyrics_language"):
        assert list(tracks[column][["a.wav", "d.wav"]]) == list(before[column][["a.wav", "d.wav"]])
    np.testing.assert_array_equal(
        tracks["lyrics_confidence"][["a.wav", "b.wav", "d.wav"]],
        before["lyrics_confidence"][["a.wav", "b.wav", "d.wav"]],
    )
    assert tracks["lyrics"]["c.wav"] == "words that came later" and tracks["lyrics_from"]["c.wav"] == "table"
    assert tracks["lyrics_language"]["c.wav"] == "" and math.isnan(tracks["lyrics_confidence"]["c.wav"])
    assert list(tracks["caption"]) == ["A.", "A.", "", "A.", ""], (
        "a caption goes with the words that it is about"
    )


def test_rows_that_share_a_file_are_transcribed_once_and_rows_without_are_listed(
    tmp_path, folder, make_noise, windows
):
    make_noise("x.wav", 1.0)
    pd.DataFrame({"file": ["x.wav", "x.wav", "gone.wav"], "tempo": [1, 2, 3]}).to_csv(
        tmp_path / "t.csv", index=False
    )
    collections.add(tmp_path / "t.csv", "rows", audio=tmp_path / "music")
    result = transcribe("rows", folder)
    tracks = collections.load("rows").tracks
    assert len(windows) == 1 and result["n_heard"] == 2 and tracks["lyrics"][0] == tracks["lyrics"][1] != ""
    assert list(result["left_out"].values()) == [NO_AUDIO]


def test_the_estimate_counts_before_anything_is_loaded_and_learns_the_pace(songs, folder, monkeypatch):
    first = estimate_lyrics("songs", TranscriptionSettings(folder))
    assert (first["n_to_hear"], first["n_kept"], first["n_from_source"], first["seconds"]) == (3, 0, 1, None)
    assert first["sound_s"] == pytest.approx(1.5 + 1.9 + 2.1, abs=0.1)
    assert estimate_lyrics("songs", TranscriptionSettings("openai/whisper-none"))["n_to_hear"] == 3, (
        "the model need not be there"
    )
    transcribe("songs", folder)
    assert estimate_lyrics("songs", TranscriptionSettings(folder), replace=True)["n_kept"] == 3
    other = estimate_lyrics("songs", TranscriptionSettings(folder, language="en"), replace=True)
    rows = (
        AnswerLog("lyrics", next(p.stem for p in AnswerLog("lyrics", "x").path.parent.glob("*.jsonl")))
        .read()
        .values()
    )
    pace = sum(row["worked_s"] for row in rows) / sum(row["seconds"] for row in rows)
    assert other["seconds"] == pytest.approx(other["sound_s"] * pace, abs=0.1)


def test_progress_counts_seconds_of_audio(songs, folder):
    told = []
    transcribe(
        "songs", folder, batch_size=2, progress=lambda done, total, note="": told.append((done, total, note))
    )
    assert (
        told[0][2].startswith("loading ")
        and told[-1] == (6, 6, "track 3/3, seconds transcribed")
        and {total for _, total, _ in told[1:]} == {6}
    )
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told) and told[1][
        2
    ] == "track 1/3, seconds transcribed"


def test_a_model_that_can_not_be_had_changes_nothing(songs, folder):
    with pytest.raises(ConfigError, match="not on this machine"):
        transcribe("songs", "openai/whisper-tiny")
    with pytest.raises(ConfigError, match="support the language 'fr'"):
        transcribe("songs", folder, language="fr")
    assert "lyrics_from" not in tracks_of("songs")


def test_another_engine_gives_the_same_lyrics_file_by_file(songs, folder, monkeypatch):
    from core import engine
    from core.engine.attempt import attempt

    transcribe("songs", folder, language="de")
    columns = ["lyrics", "lyrics_language", "lyrics_confidence"]
    here = tracks_of("songs")[columns]
    collections.add(collections.load("songs").info["source"], "again")
    worked = []

    def elsewhere(work, items, reports, **given):
        for name, item in items.items():
            worked.append(item)
            yield name, attempt(work, item, reports)

    monkeypatch.setattr(engine, "is_local", lambda: False)
    monkeypatch.setattr(engine, "run_each", elsewhere)
    monkeypatch.setattr(
        "core.transcription.transcribe_collection._cache_of", lambda s: AnswerLog("lyrics", "other")
    )
    result = transcribe("again", folder, language="de")
    assert len(worked) == 3 == result["n_heard"]
    there = tracks_of("again")[columns]
    pd.testing.assert_frame_equal(there, here, rtol=1e-5)
