"""Settings of the endpoint captioner: estimate and environment variables."""

import pytest

from core.captioning import estimate_captions, write_captions
from core.captioning.endpoint import Endpoint
from core.errors import ConfigError

WORDS = ["rain falls", "sun shines", "wind blows", "snow melts", "fire burns"]


def test_the_estimate_counts_tokens_and_cost_without_requests(server, make_songs, monkeypatch):
    make_songs([*WORDS, ""])
    free = estimate_captions("songs", "endpoint")
    assert (free["n_to_write"], free["cost"]) == (5, None) and server.host in free["sends_to"]
    monkeypatch.setenv("SONGSCAPE_CAPTION_PRICE_IN", "2")
    monkeypatch.setenv("SONGSCAPE_CAPTION_PRICE_OUT", "10")
    priced = estimate_captions("songs", "endpoint")
    assert priced["cost"] == pytest.approx(
        (2 * priced["prompt_tokens"] + 10 * priced["completion_tokens"]) / 1e6
    )
    assert priced["prompt_tokens"] > 5 * 100 and sum(priced["left_out"].values()) == 1
    assert not server.requests
    write_captions("songs", "endpoint")
    assert estimate_captions("songs", "endpoint", replace=True)["n_kept"] == 5
    assert estimate_captions("songs", "endpoint", replace=True)["cost"] == 0


@pytest.mark.parametrize(
    "given, says",
    [
        ({}, "SONGSCAPE_CAPTION_MODEL .* and OPENAI_API_KEY"),
        ({"SONGSCAPE_CAPTION_MODEL": "m"}, "set OPENAI_API_KEY .*or OPENAI_BASE_URL"),
        ({"OPENAI_API_KEY": "k"}, "set SONGSCAPE_CAPTION_MODEL"),
        (
            {"SONGSCAPE_CAPTION_MODEL": "m", "OPENAI_BASE_URL": "localhost:8000"},
            "OPENAI_BASE_URL='localhost:8000'",
        ),
        (
            {"SONGSCAPE_CAPTION_MODEL": "m", "OPENAI_API_KEY": "k", "SONGSCAPE_CAPTION_CONCURRENCY": "many"},
            "CONCURRENCY='many' must be a number",
        ),
        (
            {"SONGSCAPE_CAPTION_MODEL": "m", "OPENAI_API_KEY": "k", "SONGSCAPE_CAPTION_CONCURRENCY": "0"},
            "between 1 and 64",
        ),
        (
            {"SONGSCAPE_CAPTION_MODEL": "m", "OPENAI_API_KEY": "k", "SONGSCAPE_CAPTION_PRICE_IN": "1"},
            "set both",
        ),
    ],
)
def test_missing_or_invalid_variables_are_named(given, says):
    with pytest.raises(ConfigError, match=says):
        Endpoint.from_environment(given)


def test_a_key_or_an_address_is_enough_and_the_key_is_not_printed():
    assert (
        Endpoint.from_environment({"SONGSCAPE_CAPTION_MODEL": "m", "OPENAI_API_KEY": "k-1"}).host
        == "api.openai.com"
    )
    local = Endpoint.from_environment(
        {"SONGSCAPE_CAPTION_MODEL": "m", "OPENAI_BASE_URL": "http://me:secret@127.0.0.1:11434/v1"}
    )
    assert local.caption_from == "m at 127.0.0.1:11434" and "secret" not in local.sends_to
    assert "k-1" not in repr(Endpoint("m", api_key="k-1"))
