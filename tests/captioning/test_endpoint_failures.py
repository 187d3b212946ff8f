"""What a server refuses: retried, listed or stopped at once."""

import threading

import pytest

from core.captioning import write_captions
from core.captioning.endpoint import MAX_FAILURES, pause
from core.errors import CaptionError, ConfigError
from tests.captioning.chat_server import lyrics_of
from tests.captioning.endpoint_answers import WORDS, captions, refuse


def test_rate_limits_are_retried_after_the_requested_delay(server, make_songs, pauses):
    usual = server.answer
    server.answer = lambda r, n: (
        (429, {"error": {"message": "slow down"}}, {"retry-after": "7"})
        if n == 1
        else refuse(503)
        if n == 2
        else usual(r, n)
    )
    make_songs(WORDS[:1])
    assert write_captions("songs", "endpoint")["n_written"] == 1
    assert pauses == [7.0, 1.0] and len(server.requests) == 3


def test_pauses_double_and_a_server_can_not_ask_for_an_hour(server, make_songs, pauses):
    server.answer = lambda r, n: (
        (429, {"error": {"message": "x"}}, {"retry-after": "3600"}) if n == 1 else refuse(500)
    )
    make_songs(WORDS[:1])
    write_captions("songs", "endpoint")
    assert pauses == [60.0, 1.0, 2.0, 4.0, 8.0]


def test_a_pause_ends_when_everything_is_stopped():
    stop = threading.Event()
    stop.set()
    pause(stop, 3600)  # returns at once, or the test never ends


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_stops_at_once_and_is_never_shown(server, make_songs, pauses, monkeypatch, status):
    monkeypatch.setenv("SONGSCAPE_CAPTION_CONCURRENCY", "1")
    server.answer = lambda r, n: refuse(status, "Incorrect API key provided: sk-secret")
    make_songs(WORDS)
    with pytest.raises(ConfigError, match="refuses the key.*OPENAI_API_KEY") as error:
        write_captions("songs", "endpoint")
    assert "sk-secret" not in str(error.value) and not pauses
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        refuse(404, "no such model"),
        refuse(400, "bad", code="model_not_found"),
        refuse(400, "bad", param="model"),
    ],
)
def test_an_unknown_model_stops_at_once(server, make_songs, monkeypatch, answer):
    monkeypatch.setenv("SONGSCAPE_CAPTION_CONCURRENCY", "1")
    server.answer = lambda r, n: answer
    make_songs(WORDS)
    with pytest.raises(ConfigError, match="knows no model 'small'.*SONGSCAPE_CAPTION_MODEL"):
        write_captions("songs", "endpoint")
    assert len(server.requests) == 1


def test_no_credit_stops_at_once_and_what_was_written_is_saved(server, make_songs, monkeypatch, pauses):
    monkeypatch.setenv("SONGSCAPE_CAPTION_CONCURRENCY", "1")
    usual = server.answer
    server.answer = lambda r, n: usual(r, n) if n <= 2 else refuse(429, "pay", code="insufficient_quota")
    make_songs(WORDS)
    with pytest.raises(CaptionError, match="out of credit"):
        write_captions("songs", "endpoint")
    assert sum(map(bool, captions())) == 2 and not pauses and len(server.requests) == 3


def test_one_track_that_fails_is_listed_and_the_others_are_written(server, make_songs, pauses):
    usual = server.answer
    server.answer = lambda r, n: refuse(500, "boom sk-secret") if "wind" in lyrics_of(r) else usual(r, n)
    make_songs(WORDS)
    result = write_captions("songs", "endpoint")
    assert result["n_written"] == 4
    (reason,) = result["left_out"].values()
    assert "boom" in reason and "sk-secret" not in reason
    assert [bool(c) for c in captions()] == [True, True, False, True, True]
    server.answer = usual
    assert write_captions("songs", "endpoint")["n_written"] == 1  # a failure is not remembered


def test_a_request_that_is_refused_for_itself_is_not_repeated(server, make_songs, pauses):
    server.answer = lambda r, n: refuse(400, "context too long")
    make_songs(WORDS[:1])
    result = write_captions("songs", "endpoint")
    assert "context too long" in next(iter(result["left_out"].values()))
    assert len(server.requests) == 1 and not pauses


def test_track_after_track_failing_gives_up(server, make_songs, monkeypatch, pauses):
    monkeypatch.setenv("SONGSCAPE_CAPTION_CONCURRENCY", "1")
    server.answer = lambda r, n: refuse(400, "broken")
    make_songs([f"song {i} of words" for i in range(30)])
    with pytest.raises(CaptionError, match=f"{MAX_FAILURES} consecutive tracks failed.*broken"):
        write_captions("songs", "endpoint")
    assert len(server.requests) == MAX_FAILURES


def test_an_unreachable_server_is_named(make_songs, server, pauses, monkeypatch):
    server.close()
    make_songs(WORDS[:2])
    with pytest.raises(CaptionError, match=f"{server.host} can't be reached.*OPENAI_BASE_URL"):
        write_captions("songs", "endpoint")
    assert len(pauses) >= 5
    server.close = lambda: None
