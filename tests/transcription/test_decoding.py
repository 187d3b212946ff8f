"""Decoding against the library's own generation, and against slow versions of the formulas."""

import math

import numpy as np
import pytest
import torch

from core.transcription.decoding import (
    DecodedWindow,
    compression_ratio,
    decode_tokens,
    decode_windows,
    language_probabilities,
    logits_processors,
)
from core.transcription.long_form import split_segments
from core.transcription.transcription_settings import TranscriptionSettings


@pytest.fixture
def windows():
    rng = np.random.default_rng(3)
    return [
        rng.normal(0, 0.1, 16_000).astype(np.float32),
        (0.3 * np.sin(np.arange(16_000) / 9)).astype(np.float32),
    ]


@pytest.fixture
def encoded(whisper, windows):
    return whisper.encode(windows)


def test_greedy_decoding_equals_the_librarys_generation(whisper, windows, encoded, monkeypatch):
    """The library's loop of its own, with the same rules, writes the same."""
    features = whisper.feature_extractor(windows, sampling_rate=16_000, return_tensors="pt")["input_features"]
    told = {
        "lang_to_id": {f"<|{code}|>": i for code, i in whisper.languages.items()},
        "task_to_id": {"transcribe": whisper.task},
        "no_timestamps_token_id": whisper.first_time - 1,
        "max_initial_timestamp_index": 50,
        "suppress_tokens": list(whisper.suppressed),
        "begin_suppress_tokens": [26, whisper.end],
        "pad_token_id": whisper.end,
    }
    for name, value in told.items():
        monkeypatch.setattr(whisper.net.generation_config, name, value, raising=False)
    out = whisper.net.generate(
        features, language="de", task="transcribe", return_timestamps=True, max_new_tokens=12
    )
    for row, heard in zip(out.tolist(), decode_tokens(whisper, encoded, ["de", "de"])):
        lines, moved_s = split_segments(heard.tokens, whisper.first_time, whisper.time_step_s, min_step_s=0.0)
        whole = heard.tokens[: lines[-1][1]]
        assert row[: len(whole)] == whole and len(whole) >= 3
        assert moved_s is not None or set(row[len(whole) :]) <= {whisper.end}, (
            "theirs goes on where the next window begins"
        )


@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_log_probabilities_against_a_slow_transcription(whisper, encoded, temperature):
    """Each token's probability, computed anew from the whole text before it, without the cache."""
    for row, language in enumerate(["de", "en"]):
        heard = decode_tokens(whisper, encoded[row : row + 1], [language], temperature, seed=5)[0]
        prompt, rules = whisper.prompt(language), logits_processors(whisper, 3)
        tokens = heard.tokens + [whisper.end] * (len(heard.logprobs) - len(heard.tokens))
        for i, token in enumerate(tokens):
            before = torch.tensor([prompt + tokens[:i]])
            logits = whisper.net(encoder_outputs=(encoded[row : row + 1],), decoder_input_ids=before).logits[
                :, -1
            ]
            p = torch.exp(rules(before, logits)[0])
            assert heard.logprobs[i] == pytest.approx(math.log(p[token] / p.sum()), abs=1e-4)
        assert heard.mean_logprob == pytest.approx(sum(heard.logprobs) / len(tokens))


def test_a_batch_writes_what_each_window_alone_does(whisper, encoded):
    both = decode_tokens(whisper, encoded, ["de", "en"])
    alone = [
        decode_tokens(whisper, encoded[i : i + 1], [language])[0] for i, language in enumerate(["de", "en"])
    ]
    assert [h.tokens for h in both] == [h.tokens for h in alone]
    for one, other in zip(both, alone):
        np.testing.assert_allclose(one.logprobs, other.logprobs, atol=1e-4)
        assert one.no_speech == pytest.approx(other.no_speech, abs=1e-5)


def test_sampling_is_seeded(whisper, encoded):
    draw = [decode_tokens(whisper, encoded[:1], ["de"], 1.0, seed)[0].tokens for seed in (1, 1, 2)]
    assert draw[0] == draw[1] != draw[2]


def test_times_come_first_in_pairs_and_never_go_back(whisper, encoded):
    for seed in range(4):
        tokens = decode_tokens(whisper, encoded[:1], ["en"], 1.0, seed)[0].tokens
        times = [token for token in tokens if token >= whisper.first_time]
        assert (
            tokens[0] >= whisper.first_time
            and times == sorted(times)
            and not set(tokens) & set(whisper.suppressed)
        )


def test_language_and_silence_come_from_the_first_step(whisper, encoded):
    languages, silence = language_probabilities(whisper, encoded)
    logits = (
        whisper.net(encoder_outputs=(encoded,), decoder_input_ids=torch.tensor([[28], [28]]))
        .logits[:, 0]
        .double()
        .numpy()
    )
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(silence, p[:, 36], rtol=1e-4)
    np.testing.assert_allclose(languages, p[:, 29:32] / p[:, 29:32].sum(axis=1, keepdims=True), rtol=1e-4)
    np.testing.assert_allclose(
        [h.no_speech for h in decode_tokens(whisper, encoded, ["de", "en"])], silence, rtol=1e-4
    )


def test_silence_needs_both_criteria():
    settings = TranscriptionSettings()
    says = {(0.9, -2.0): True, (0.9, -0.5): False, (0.3, -2.0): False, (0.3, -0.5): False}
    assert {(p, q): DecodedWindow([1], [q], p).is_silent(settings) for p, q in says} == says


def test_a_repetitive_window_is_resampled_and_dropped_if_it_stays_repetitive(whisper, encoded, monkeypatch):
    asked = []

    def write(whisper, encoded, languages, temperature=0.0, seed=0):
        asked.append((temperature, seed))
        tokens = [0, 1] * 40 if temperature < 0.5 else [*range(26)]
        return [DecodedWindow(tokens, [-0.1] * len(tokens), 0.0) for _ in languages]

    monkeypatch.setattr("core.transcription.decoding.decode_tokens", write)
    found = decode_windows(whisper, encoded, ["en", "en"], TranscriptionSettings(), [7, 8])
    assert [h.tokens for h in found] == [[*range(26)]] * 2
    assert asked == [(0.0, 0), (0.2, 7), (0.4, 7), (0.6, 7), (0.2, 8), (0.4, 8), (0.6, 8)]
    monkeypatch.setattr("core.transcription.decoding.TEMPERATURES", (0.2,))
    assert decode_windows(whisper, encoded, ["en", "en"], TranscriptionSettings(), [7, 8]) == [None, None]


def test_compression_is_that_of_zlib():
    assert compression_ratio("") == 0 and compression_ratio("la la " * 40) > 2.4 > compression_ratio(
        "The water is wide, I cannot get over"
    )
