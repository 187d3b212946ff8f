"""``python -m core caption`` and the job of the same name."""

import json

import pytest
from typer.testing import CliRunner

from core import collection as collections
from core.cli import app as cli
from core.errors import SongscapeError
from core.jobs import job as jobs
from core.jobs.work import WORK
from tests.waiting import ended

WORDS = ["rain falls", "sun shines", ""]


def run(*args: str, expect: int = 0):
    """Run the command in this process; what the user can fix becomes status 1 as in main()."""
    result = CliRunner().invoke(cli.app, ["caption", *args])
    if isinstance(result.exception, SongscapeError):
        result.exit_code = 1
    assert result.exit_code == expect, (result.output, result.exception)
    return result


def test_offline_needs_no_consent(make_songs):
    make_songs(WORDS)
    result = json.loads(run("songs", "--json").stdout)
    assert (result["n_written"], result["n_left_out"], result["caption_from"]) == (
        2,
        1,
        "offline: lexicon and tags",
    )
    assert "cost" not in result
    assert "0 tracks got a caption" in run("songs").stdout
    assert "2 tracks got" in run("songs", "--replace").stdout


def test_the_endpoint_needs_consent(make_songs, server):
    make_songs(WORDS)
    reason = str(run("songs", "--with", "endpoint", expect=1).exception)
    assert (
        "2 tracks would get a caption" in reason
        and "prompt and" in reason
        and reason.endswith("Run it again with --yes to begin.")
    )
    assert f"lyrics of each track, and its genre unless withheld, are sent to {server.host}" in reason
    assert not server.requests and not any(collections.load("songs").tracks["caption"])
    begun = run("songs", "--with", "endpoint", "--yes", "--json")
    assert json.loads(begun.stdout)["n_written"] == 2 and len(server.requests) == 2
    assert (
        begun.stderr.startswith("2 tracks would get a caption")
        and "prompt and" in begun.stderr
        and "--yes" not in begun.stderr
    )
    run("songs", "--with", "endpoint", "--replace")  # all is kept, so there is nothing to agree to
    assert len(server.requests) == 2


def test_the_estimate_has_a_price_where_prices_are_set(make_songs, server, monkeypatch):
    monkeypatch.setenv("SONGSCAPE_CAPTION_PRICE_IN", "1000")
    monkeypatch.setenv("SONGSCAPE_CAPTION_PRICE_OUT", "1000")
    make_songs(WORDS)
    assert "in the currency of your prices" in str(run("songs", "--with", "endpoint", expect=1).exception)


def test_missing_environment_variables_are_named(make_songs, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SONGSCAPE_CAPTION_MODEL"):
        monkeypatch.delenv(name, raising=False)
    make_songs(WORDS)
    for yes in ((), ("--yes",)):
        assert "set SONGSCAPE_CAPTION_MODEL" in str(
            run("songs", "--with", "endpoint", *yes, expect=1).exception
        )
    assert "choose from offline, endpoint" in str(run("songs", "--with", "parrot", expect=1).exception)


def test_help_states_that_lyrics_are_sent():
    assert "LYRICS ARE SENT" in run("--help").stdout


@pytest.mark.parametrize("same, is_sent", [(True, False), (False, True)])
def test_a_genre_that_equals_the_label_is_withheld(make_songs, server, same, is_sent):
    make_songs(WORDS[:2], genre=["folk", "jazz"], label=["folk", "jazz"] if same else ["x", "y"])
    result = json.loads(run("songs", "--with", "endpoint", "--yes", "--json").stdout)
    assert any("Genre: folk" in r["messages"][-1]["content"] for r in server.requests) is is_sent
    assert ("give the labels away" in result["genre"]) is same
    run("songs", "--with", "endpoint", "--yes", "--replace", "--genre", "label")
    assert any(f"Genre: {'folk' if same else 'x'}" in r["messages"][-1]["content"] for r in server.requests)
    assert "choose from none, " in str(run("songs", "--genre", "mood", expect=1).exception)


def test_genres_that_contain_the_label_are_withheld(make_songs, server):
    make_songs(WORDS[:2], genres=["garage rock, rock", "folk rock"])
    assert collections.load("songs").labels() == ["rock", "rock"]
    result = json.loads(run("songs", "--with", "endpoint", "--yes", "--json").stdout)
    assert "give the labels away" in result["genre"]
    assert not any("rock" in r["messages"][-1]["content"] for r in server.requests)
    run("songs", "--with", "endpoint", "--yes", "--replace", "--genre", "genres")
    assert any("Genre: garage rock; rock" in r["messages"][-1]["content"] for r in server.requests)


def test_it_is_a_job(make_songs, server):
    make_songs(WORDS)
    assert "caption" in WORK
    job_id = jobs.start("caption", "Write captions", collection="songs", captioner="endpoint")
    done = ended(job_id)
    assert done.state == "done", done.error
    assert done.result["n_written"] == 2 and len(server.requests) == 2
