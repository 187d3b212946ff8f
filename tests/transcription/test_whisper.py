"""The settings of a transcription, and a model by name or folder."""

import json

import pytest
from transformers import ClapConfig

from core.errors import ConfigError
from core.simulated.small_whisper import MARKS, save_whisper
from core.transcription.transcription_settings import TranscriptionSettings
from core.transcription.whisper import load_whisper


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": " "},
        {"language": "german"},
        {"language": "DE"},
        {"batch_size": 0},
        {"no_speech_threshold": 1.5},
        {"logprob_threshold": 0.1},
        {"compression_threshold": 0.5},
    ],
)
def test_bad_settings_are_refused_by_name(wrong):
    with pytest.raises(ConfigError, match=f"{next(iter(wrong))}="):
        TranscriptionSettings(**wrong)


def test_the_steering_tokens_are_found_by_their_names(whisper):
    assert whisper.languages == {"en": 29, "de": 30, "es": 31} and whisper.prompt("de") == [28, 30, 33]
    assert (whisper.start, whisper.end, whisper.no_speech, whisper.first_time) == (28, 27, 36, 38)
    assert (
        whisper.suppressed == tuple(range(28, 38))
        and whisper.time_step_s == 0.02
        and whisper.window == whisper.sr == 16_000
    )
    assert whisper.decode([0, 1, 38, 26, 2, 27, 60]) == "ab c"
    with pytest.raises(ConfigError, match="support the language 'fr'; it supports de, en, es"):
        whisper.check_language("fr")


def test_an_english_model_takes_no_language(tmp_path):
    whisper = load_whisper(str(save_whisper(tmp_path / "en", is_multilingual=False)))
    assert whisper.languages == {} and whisper.prompt("en") == [28]
    whisper.check_language("en")
    with pytest.raises(ConfigError, match="English only"):
        whisper.check_language("de")


def test_an_older_tokenizers_name_of_no_speech_is_known(tmp_path):
    old = ["<|nocaptions|>" if mark == "<|nospeech|>" else mark for mark in MARKS]
    assert load_whisper(str(save_whisper(tmp_path / "old", marks=old))).no_speech == 36


def test_what_is_no_whole_model_is_refused(tmp_path):
    ClapConfig().save_pretrained(tmp_path / "clap")
    with pytest.raises(ConfigError, match="'clap', not Whisper"):
        load_whisper(str(tmp_path / "clap"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="no config.json"):
        load_whisper(str(tmp_path / "empty"))
    odd = save_whisper(tmp_path / "odd")
    told = json.loads((odd / "processor_config.json").read_text())
    told["feature_extractor"] |= {"chunk_length": 2, "n_samples": 32_000, "nb_max_frames": 200}
    (odd / "processor_config.json").write_text(json.dumps(told))
    with pytest.raises(ConfigError, match="200 frames of 8 bands, but its network reads 100 of 8"):
        load_whisper(str(odd))


def test_an_unavailable_model_is_reported_with_a_remedy():
    with pytest.raises(
        ConfigError,
        match=r"'openai/whisper-tiny' is not on this machine.*save_pretrained\(\"FOLDER\"\).*give its path",
    ):
        load_whisper("openai/whisper-tiny")


def test_the_cache_key_covers_audio_model_and_settings(folder, tmp_path):
    settings = TranscriptionSettings(folder)
    assert settings.key("a") == TranscriptionSettings(folder, batch_size=9).key("a") != settings.key("b")
    assert (
        settings.key("a")
        != TranscriptionSettings(folder, language="de").key("a")
        != TranscriptionSettings("openai/whisper-tiny").key("a")
    )
    assert (
        settings.lyrics_from == "transcribed by tiny-whisper"
        and TranscriptionSettings("openai/whisper-tiny").lyrics_from == "transcribed by openai/whisper-tiny"
    )
    other = save_whisper(tmp_path / "other", seed=1)
    before = TranscriptionSettings(str(other)).key("a")
    (other / "generation_config.json").write_text("{}")
    assert TranscriptionSettings(str(other)).key("a") != before
