"""``python -m core transcribe`` and the job of the same name."""

import json

from typer.testing import CliRunner

from core import collection as collections
from core.cli import app as cli
from core.jobs import job as jobs
from core.jobs import runner


def run(*args: str):
    result = CliRunner().invoke(cli.app, ["transcribe", *args])
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def test_the_estimate_and_the_result_are_shown(songs, folder):
    dry = json.loads(run("songs", "--model", folder, "--dry-run", "--json").stdout)
    assert dry["n_to_hear"] == 3 and "lyrics_from" not in collections.load("songs").tracks
    done = run("songs", "--model", folder, "--language", "de", "--json")
    assert (
        "3 tracks, 6 seconds of audio, would be transcribed; the time it takes is estimated once it has "
        "started." in done.stderr
    )
    result = json.loads(done.stdout)
    assert (result["n_heard"], result["languages"], result["lyrics_from"]) == (
        3,
        {"de": 3},
        "transcribed by tiny-whisper",
    )
    again = run("songs", "--model", folder, "--language", "de", "--replace")
    assert "3 tracks got lyrics, transcribed by tiny-whisper (German 3); median confidence 0." in again.stdout
    assert "3 tracks were cached" in again.stdout and "a (German, confidence 0." in again.stdout
    assert "3 tracks have lyrics transcribed here before, which are replaced." in again.stderr


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
    assert (done.done, done.total, done.note) == (6, 6, "track 3/3, seconds transcribed")
