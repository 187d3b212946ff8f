"""``python -m core transcribe`` and the job of the same name."""

import json

from typer.testing import CliRunner

from core import collection as collections
from core.cli import app as cli
from core.jobs import job as jobs
from core.jobs import runner
from core.messages.transcription_messages import (
    estimate_in_words,
    in_time,
    sample_in_words,
    transcribed_in_words,
)


def run(*args: str):
    result = CliRunner().invoke(cli.app, ["transcribe", *args])
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def test_it_says_what_there_is_to_hear_and_what_came_of_it(songs, folder):
    dry = json.loads(run("songs", "--model", folder, "--dry-run", "--json").stdout)
    assert dry["n_to_hear"] == 3 and "lyrics_from" not in collections.load("songs").tracks
    done = run("songs", "--model", folder, "--language", "de", "--json")
    assert (
        "3 tracks, 6 s of sound, would be listened to; how long that takes on this computer shows once it "
        "has begun." in done.stderr
    )
    told = json.loads(done.stdout)
    assert (told["n_heard"], told["languages"], told["lyrics_from"]) == (
        3,
        {"de": 3},
        "transcribed by tiny-whisper",
    )
    again = run("songs", "--model", folder, "--language", "de", "--replace")
    assert (
        "3 tracks got lyrics, transcribed by tiny-whisper (German 3); the median confidence is 0."
        in again.stdout
    )
    assert "3 tracks were heard before" in again.stdout and "a (German, confidence 0." in again.stdout
    assert "3 tracks have lyrics that were written down here before, which give way." in again.stderr


def test_it_is_a_job(songs, folder, monkeypatch):
    monkeypatch.setattr(
        jobs, "_launch", lambda job_id: None
    )  # here, because a process of its own imports for many seconds
    job_id = jobs.start(
        "transcribe", "Write down", collection="songs", model=folder, language="", replace=False
    )
    assert runner.run(job_id) == 0
    done = jobs.status(job_id)
    assert done.state == "done", done.error
    assert done.result["n_with_words"] == 3 and (collections.load("songs").tracks["lyrics"] != "").all()
    assert (done.done, done.total, done.note) == (6, 6, "track 3/3, seconds heard")


def test_words():
    assert [in_time(s) for s in (3.2, 89, 200, 6000)] == ["3 s", "89 s", "3 minutes", "1.7 hours"]
    assert sample_in_words(
        {"title": "", "lyrics": "la\nlu", "lyrics_language": "xx", "lyrics_confidence": 0.5}
    ) == ("Untitled", "(xx, confidence 0.50): la / lu")
    estimate = {
        "n_to_hear": 0,
        "sound_s": 0,
        "seconds": None,
        "n_kept": 1,
        "n_from_source": 2,
        "n_made_before": 3,
        "replace": False,
        "left_out": {"no sound to listen to": 4},
    }
    assert estimate_in_words(estimate) == [
        "No track is left to listen to.",
        "1 track was heard before and costs nothing.",
        "2 tracks came with lyrics, which stay.",
        "3 tracks have lyrics that were written down here before.",
        "4 tracks left out: no sound to listen to.",
    ]
    nothing = {
        "n_with_words": 0,
        "lyrics_from": "transcribed by m",
        "languages": {},
        "n_heard": 1,
        "sound_s": 100,
        "seconds": 9,
        "n_kept": 0,
        "left_out": {"a": "no words were heard"},
    }
    assert (
        transcribed_in_words(nothing)
        == "0 tracks got lyrics, transcribed by m; 2 minutes of sound took 9 s; 1 track left out: no words "
        "were heard."
    )
