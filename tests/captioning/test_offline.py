"""Captions without a language model contain what they are written from."""

import numpy as np
import pandas as pd
import pytest
import soundfile

from core import collection as collections
from core.captioning import write_captions
from core.captioning.caption_input import Song
from core.captioning.offline import compose
from core.captioning.sentiment import english_sentiment
from core.text.sentences import split_sentences

SAD = (
    "Tears fall on my pillow\nLonely nights and broken heart\nEmpty house, I cry alone\nEmpty house, the "
    "cruel dark"
)
HAPPY = "Sunshine on the summer road\nWe laugh and dance with happy friends\nSummer road, I love your smile"
BANGLA = "আমার সোনার বাংলা, আমি তোমায় ভালোবাসি।\nচিরদিন তোমার আকাশ, তোমার বাতাস, আমার প্রাণে বাজায় বাঁশি॥"
TAGS = (("jazz", 0.6), ("slow", 0.3), ("piano", 0.5), ("female vocalists", 0.4))


def test_sentiment_theme_and_audio_are_each_in_their_sentence():
    sentiment, theme, kind = split_sentences(compose(Song("1", HAPPY, "swing", "en", TAGS)))
    assert "strongly positive" in sentiment and "love" in sentiment
    assert "summer road" in theme
    for word in ("positive", "slow", "swing", "jazz", "piano", "a female voice"):
        assert word in kind


def test_a_sad_song_and_a_happy_one_differ():
    sad, happy = (compose(Song("1", words, "", "en")) for words in (SAD, HAPPY))
    assert "negative" in sad and "positive" not in sad
    assert "positive" in happy and "negative" not in happy
    assert "empty house" in sad and "empty house" not in happy


def test_sentiment_is_averaged_over_lines_and_mixed_where_lines_disagree():
    assert english_sentiment("I love it\nI hate it").label == "mixed"
    assert english_sentiment("la la la").label == "neutral" and english_sentiment("").strongest == ()
    assert (
        english_sentiment("I love it\nthe chair stands there\nI love it").score
        == english_sentiment("I love it").score
    )
    assert english_sentiment("I love it\nI hate it\nI hate it").score < 0


@pytest.mark.parametrize(
    "words, language, name",
    [(BANGLA, "bn", "Bangla"), ("O amore, che dolore, hate love die", "it", "Italian")],
)
def test_sentiment_of_other_languages_is_not_analysed(words, language, name, monkeypatch):
    monkeypatch.setattr(
        "core.captioning.sentiment.english_sentiment",
        lambda text: pytest.fail("the English lexicon was asked"),
    )
    sentiment, theme, kind = split_sentences(compose(Song("1", words, "", language, TAGS)))
    assert (
        f"in {name} and their sentiment is not judged" in sentiment and "the music sounds slow" in sentiment
    )
    assert "positive" not in kind and "negative" not in kind and "neutral" not in kind


def test_bangla_key_phrases_keep_their_marks():
    assert "সোনার বাংলা" in split_sentences(compose(Song("1", BANGLA, "", "bn")))[1]


def test_an_unknown_language_is_not_analysed_and_not_named():
    assert (
        split_sentences(compose(Song("1", "xyzzy plugh", "", "")))[0]
        == "The sentiment of the lyrics is not judged."
    )


def test_without_lyrics_the_audio_is_described_and_vice_versa():
    sentiment, theme, kind = split_sentences(compose(Song("1", "", "", "", TAGS)))
    assert "no lyrics" in sentiment and "slow" in sentiment and "piano" in theme and "jazz" in kind
    assert "sound is not known" in split_sentences(compose(Song("1", HAPPY, "folk", "en")))[2]


def test_a_genre_or_a_title_with_stops_leaves_three_sentences():
    for genre in ("Dr. Who? Yes. Who!", "r.n.b.", "a. b. c"):
        assert len(split_sentences(compose(Song("1", HAPPY, genre, "en", TAGS)))) == 3


@pytest.fixture
def mixed(tmp_path):
    """A folder with two tones, one of which has English lyrics."""
    folder = tmp_path / "music"
    folder.mkdir()
    for name, frequency in (("a", 220), ("b", 440)):
        soundfile.write(
            folder / f"{name}.wav", 0.3 * np.sin(2 * np.pi * frequency * np.arange(32_000) / 16_000), 16_000
        )
    (folder / "a.txt").write_text(
        SAD + "\n[Chorus]\nAnd the rain is falling on the empty house tonight", encoding="utf-8"
    )
    return folder


def test_a_folder_is_captioned_from_lyrics_and_audio(mixed):
    collections.add(mixed, "mixed")
    result = write_captions("mixed", "offline")
    tracks = collections.load("mixed").tracks.set_index("title")
    assert result["n_written"] == 2 and set(tracks["caption_from"]) == {"offline: lexicon and tags"}
    assert (
        "negative" in tracks.loc["a", "caption"]
        and "Chorus".lower() not in tracks.loc["a", "caption"].lower()
    )
    assert "no lyrics" in tracks.loc["b", "caption"]
    assert all(len(split_sentences(caption)) == 3 for caption in tracks["caption"])
    assert result["samples"][0]["caption"] == tracks["caption"].iloc[0]


def test_rows_without_audio_are_captioned_from_lyrics_and_rows_without_either_left_out(tmp_path):
    path = tmp_path / "t.csv"
    pd.DataFrame({"title": list("abc"), "lyrics": [SAD, BANGLA, ""], "tempo": [1, 2, 3]}).to_csv(
        path, index=False
    )
    collections.add(path, "rows")
    result = write_captions("rows", "offline")
    assert result["n_written"] == 2
    assert list(result["left_out"].values()) == ["no lyrics and no audio to write a caption from"]
    assert "Bangla" in collections.load("rows").tracks["caption"][1]
