"""Long-form transcription: windows, segments, language, silence, and truncated files."""

import math

import numpy as np
import pytest

from core.audio.audio_file import AudioFile
from core.errors import Cancelled
from core.transcription import long_form
from core.transcription.decoding import DecodedWindow
from core.transcription.long_form import split_segments, transcribe_files
from core.transcription.transcription_settings import TranscriptionSettings

T = 38  # the time 0.00


def through(whisper, sounds, settings=None, **given):
    found = {}
    transcribe_files(
        whisper,
        [(str(path), str(path)) for path in sounds],
        settings or TranscriptionSettings(**given),
        lambda name, *rest: found.update({name: rest}),
        lambda s: None,
    )
    return [found[str(path)] for path in sounds]


def test_lines_end_where_two_times_meet():
    assert split_segments([T, 1, 2, T + 10, T + 10, 3, T + 40], T, 0.02) == ([(0, 4), (4, 7)], None), (
        "one time at the end: the rest is silent"
    )
    assert split_segments([T, 1, T + 50, T + 50, 3], T, 0.02) == ([(0, 3)], pytest.approx(1.0)), (
        "what goes on is left to the next window"
    )
    assert split_segments([T, 1, T + 55, T + 55], T, 0.02) == ([(0, 3)], pytest.approx(1.1))
    assert split_segments([T, 1, T + 10, T + 10, 3], T, 0.02) == ([(0, 3), (3, 5)], None), "too short a step"
    assert split_segments([T, 1, 2], T, 0.02) == ([(0, 3)], None) and split_segments([], T, 0.02) == (
        [],
        None,
    )


def test_a_long_file_is_transcribed_window_by_window(whisper, make_noise, monkeypatch):
    read, real = [], AudioFile.read

    def watch(self, start, n, sr):
        read.append((start, n))
        return real(self, start, n, sr)

    monkeypatch.setattr(AudioFile, "read", watch)
    ((lyrics, reason),) = through(whisper, [make_noise("long.wav", 5.3)])
    assert reason == "" and lyrics.n_windows == 6 and lyrics.seconds == pytest.approx(5.3)
    assert {n for _, n in read} == {16_000}, "never more than a window at a time"
    assert [start for start, _ in read[3:]] == [16_000 * i for i in range(6)], (
        "three looks for the language, then one after the other"
    )


def test_the_next_window_begins_where_the_last_whole_line_ends(whisper, make_noise, monkeypatch):
    seen = []

    def hear(whisper, encoded, languages, settings, seeds):
        seen.append(seeds[0])
        tokens = [T, 0, T + 30, T + 30, 1, 2, T + 50, T + 50, 3] if len(seen) == 1 else [T, 3, T + 50]
        return [DecodedWindow(tokens, [-1.0] * len(tokens), 0.0)]

    monkeypatch.setattr(long_form, "decode_windows", hear)
    monkeypatch.setattr(long_form, "MIN_STEP_S", 0.5)
    path = make_noise("long.wav", 2.5)
    ((lyrics, _),) = through(whisper, [path])
    assert seen == [0, 16_000, 32_000] and lyrics.text == "a\nbc\nd\nd"
    monkeypatch.setattr(
        long_form, "decode_windows", lambda *a: [DecodedWindow([T, 0, T + 30, T + 30, 1], [-1.0] * 5, 0.0)]
    )
    ((lyrics, _),) = through(whisper, [path])
    assert lyrics.text.startswith("a\na") and lyrics.n_windows == 5, "at 0, 0.6, 1.2, 1.8 and 2.4 s"


def test_confidence_is_the_geometric_mean_of_token_probabilities(whisper, make_noise, monkeypatch):
    p = iter([[0.9, 0.5, 0.8, 0.9, 0.3], [0.7, 0.4, 0.6, 0.2, 0.9]])
    monkeypatch.setattr(
        long_form,
        "decode_windows",
        lambda *a: [DecodedWindow([T, 0, 1, T + 50], [math.log(x) for x in next(p)], 0.1)],
    )
    ((lyrics, _),) = through(whisper, [make_noise("a.wav", 2.0)])
    product = 1.0
    for x in (0.5, 0.8, 0.4, 0.6):  # times and ends don't count
        product *= x
    assert (
        lyrics.text == "ab\nab"
        and lyrics.confidence == pytest.approx(product ** (1 / 4))
        and lyrics.no_speech == pytest.approx(0.1)
    )


def test_batching_does_not_change_results(whisper, make_noise):
    paths = [make_noise(f"{seed}.wav", 1.1 + seed / 2, seed) for seed in range(3)]
    one, three = (through(whisper, paths, batch_size=size) for size in (1, 3))
    for (a, _), (b, _) in zip(one, three):
        assert a.text and (a.text, a.language, a.n_windows) == (b.text, b.language, b.n_windows)
        assert 0 < a.confidence <= 1 and a.confidence == pytest.approx(b.confidence, abs=1e-4)
    assert len({a.text for a, _ in one}) == 3


def test_the_language_is_the_requested_or_the_likeliest_one(whisper, make_noise, monkeypatch):
    path = make_noise("a.wav", 5.0)
    ((lyrics, _),) = through(whisper, [path], language="es")
    assert lyrics.language == "es"
    told = np.array([[0.1, 0.9, 0.0], [0.5, 0.0, 0.5], [0.0, 0.0, 1.0]]), np.array([0.1, 0.5, 0.99])
    monkeypatch.setattr(long_form, "language_probabilities", lambda *a: told)
    ((lyrics, _),) = through(whisper, [path])
    assert lyrics.language == "de", "a window in which nobody speaks has no say"


def test_silence_is_skipped_and_gives_no_lyrics(whisper, make_noise):
    ((lyrics, _),) = through(whisper, [make_noise("a.wav", 3.0, quiet_s=2.1)])
    assert lyrics.n_windows == 1 and lyrics.text
    ((lyrics, _),) = through(whisper, [make_noise("b.wav", 2.0, quiet_s=2.0)])
    assert (lyrics.text, lyrics.language, lyrics.n_windows, lyrics.no_speech) == (
        "",
        "",
        0,
        1.0,
    ) and math.isnan(lyrics.confidence)
    ((lyrics, _),) = through(
        whisper, [make_noise("c.wav", 2.0)], no_speech_threshold=0.0, logprob_threshold=0.0
    )
    assert (lyrics.text, lyrics.language, lyrics.n_windows, lyrics.n_loops) == (
        "",
        "",
        2,
        0,
    ) and lyrics.no_speech < 0.5


def test_one_that_breaks_off_does_not_stop_its_neighbours(whisper, make_noise, tmp_path):
    (tmp_path / "music").mkdir(exist_ok=True)
    broken = tmp_path / "music" / "x.wav"
    broken.write_bytes(b"no sound at all")
    found = through(whisper, [broken, make_noise("a.wav"), tmp_path / "gone.wav"])
    assert found[0][0] is None and found[0][1] and found[1][0].text and "is missing" in found[2][1]


def test_a_stop_lets_go_of_the_files(whisper, make_noise, monkeypatch):
    closed, real = [], long_form._Transcript.close
    monkeypatch.setattr(long_form._Transcript, "close", lambda self: (closed.append(self.name), real(self)))

    def stop(heard):
        if any(heard.values()):
            raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        transcribe_files(
            whisper, [("a", str(make_noise("a.wav", 5.0)))], TranscriptionSettings(), lambda *a: None, stop
        )
    assert closed == ["a"]
