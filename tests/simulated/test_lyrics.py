"""Simulated lyrics: counts, phrases, seeds, and the structure that they claim."""

import unicodedata

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from core.collection import add, estimate, load
from core.collection.sources.kind import kind_of
from core.errors import CollectionError
from core.features.tfidf import Tfidf
from core.simulated import SIMULATED
from core.simulated.lyrics import make_lyrics
from core.simulated.phrases import PHRASES
from core.text.language import detect_languages

ALL = ("en", "es", "bn")
BENGALI = range(0x0980, 0x0A00)


def phrases_of(language):
    return [phrase for phrases in PHRASES[language].values() for phrase in phrases]


def test_every_language_has_forty_phrases_or_more_on_the_same_themes():
    for language in ALL:
        assert len(set(phrases_of(language))) == len(phrases_of(language)) >= 40
        assert list(PHRASES[language]) == list(PHRASES["en"])
        assert [len(p) for p in PHRASES[language].values()] == [len(p) for p in PHRASES["en"].values()]


def test_phrases_are_written_in_their_own_script_and_marks_follow_letters():
    for phrase in phrases_of("bn"):
        for before, character in zip(" " + phrase, phrase):
            assert ord(character) in BENGALI or character in " ,", (phrase, character)
            assert unicodedata.category(character)[0] != "M" or unicodedata.category(before)[0] in "LM", (
                phrase
            )
    for language in ("en", "es"):
        assert all(
            "LATIN" in unicodedata.name(c) for phrase in phrases_of(language) for c in phrase if c.isalpha()
        )
    joined = [" ".join(phrases_of(language)) for language in ALL]
    assert detect_languages(joined) == list(ALL)


def test_the_published_set_is_75_english_and_75_spanish_songs():
    songs = make_lyrics()
    assert songs["language"].tolist() == ["en"] * 75 + ["es"] * 75 and songs["label"].equals(
        songs["language"]
    )
    assert songs["track_id"].is_unique and songs["lyrics"].is_unique and (songs["theme"] == "").all()
    for song in songs.to_dict("records"):
        lines = song["lyrics"].split("\n")
        assert (
            6 <= len(lines) <= 10
            and len(set(lines)) == len(lines)
            and set(lines) <= set(phrases_of(song["language"]))
        )
        assert song["title"] == lines[0]
    assert {phrase for lyrics in songs["lyrics"] for phrase in lyrics.split("\n")} == {
        *phrases_of("en"),
        *phrases_of("es"),
    }


def test_same_seed_same_songs_whatever_languages_stand_beside():
    songs = make_lyrics(10, ALL, seed=4)
    assert songs.equals(make_lyrics(10, ALL, seed=4)) and not songs.equals(make_lyrics(10, ALL, seed=5))
    assert (
        songs[songs["language"] == "bn"]["lyrics"].tolist()
        == make_lyrics(10, ("bn",), seed=4)["lyrics"].tolist()
    )


def test_a_theme_takes_its_share_of_a_song():
    songs = make_lyrics(30, ("es",), theme_share=0.5, n_phrases=(8, 8))
    own = [
        sum(line in PHRASES["es"][song["theme"]] for line in song["lyrics"].split("\n"))
        for song in songs.to_dict("records")
    ]
    assert own == [4] * 30 and songs["theme"].nunique() == 6


@pytest.mark.parametrize("languages", [("en", "es"), ALL])
def test_wording_finds_the_languages_and_shuffled_words_do_not(languages):
    songs = make_lyrics(25, languages)
    truth = songs["language"]

    def agreement(texts):
        X = Tfidf(n_components=16).extract_corpus(texts)
        return adjusted_rand_score(truth, KMeans(len(languages), n_init=5, random_state=0).fit_predict(X))

    lines = np.random.default_rng(0).permutation(
        [line for lyrics in songs["lyrics"] for line in lyrics.split("\n")]
    )
    mixed = ["\n".join(part) for part in np.array_split(lines, len(songs))]
    assert agreement(mixed) < 0.2
    assert agreement(songs["lyrics"].tolist()) == 1


@pytest.mark.parametrize("source", SIMULATED)
def test_every_made_up_source_becomes_a_collection(source):
    assert kind_of(source) == "simulated" and estimate(source)["seconds"] < 1
    made = add(source, "made")
    assert made.info["kind"] == "simulated" and made.info["source"] == source and made.labelled.all()
    assert len(made.problems) == 0 and load("made").tracks.equals(made.tracks)
    assert add(source, "made").tracks["track_id"].tolist() == made.tracks["track_id"].tolist()


def test_made_up_lyrics_have_three_languages_by_default_and_themes_to_ask_for():
    made = add("simulated-lyrics", "songs")
    assert sorted(set(made.labels())) == ["bn", "en", "es"] and made.text_sources() == {"lyrics": 225}
    assert not any(made.audio_paths()) and made.info["labels"]["from"] == "language"
    assert sorted(set(add("simulated-lyrics", "songs", label="theme").labels())) == sorted(PHRASES["en"])
    assert add("simulated-lyrics-en-es", "published").text_sources() == {"lyrics": 150}


def test_made_up_songs_take_no_folder_of_sound(tmp_path):
    with pytest.raises(CollectionError, match="this source is simulated"):
        add("simulated-lyrics", "songs", audio=tmp_path)
