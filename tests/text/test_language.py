"""Language of a text, and which encoder knows it."""

import pandas as pd
import pytest

from core.collection import Collection
from core.features.pretrained.sentence import MODELS
from core.text import language
from core.text.language import PACKAGED, READS, code_of, count_unread, detect_languages, languages_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("O Haupt voll Blut und Wunden, voll Schmerz und voller Hohn", "de"),
        ("Non al suo amante più Diana piacque quando per tal ventura tutta nuda la vide", "it"),
        ("Sicut cervus desiderat ad fontes aquarum, ita desiderat anima mea ad te Deus", "la"),
        ("The water is wide, I cannot get over, and neither have I wings to fly", "en"),
        ("De colores se visten los campos en la primavera", "es"),
        ("আমার সোনার বাংলা আমি তোমায় ভালোবাসি", "bn"),
        ("আমার সোনার বাংলা", "bn"),
    ],
)
def test_sung_languages_are_told(text, code):
    assert detect_languages([text]) == [code]


@pytest.mark.parametrize(
    "text", ["", "  \n", "Amen", "Ave Maria", "1685 – 1750, 4/4", "la la la la la la la la la la"]
)
def test_too_little_to_tell_is_unknown(text):
    assert detect_languages([text]) == [""]


def test_one_code_per_text_in_order():
    texts = [
        "",
        "Ach wie flüchtig, ach wie nichtig ist der Menschen Leben",
        "",
        "And did those feet in ancient time walk upon England's mountains green",
    ]
    assert detect_languages(texts) == ["", "de", "", "en"]


def test_only_codes_of_two_letters():
    assert all(len(code) == 2 for codes in READS.values() for code in codes)


def test_every_offered_encoder_says_what_it_reads():
    assert set(READS) == set(MODELS)


def test_no_packaged_encoder_knows_bangla():
    assert not any("bn" in codes for codes in READS.values())
    assert set(PACKAGED) < set(READS)


def test_unread_texts_are_counted():
    languages = ["bn", "en", "la", "bn", "", "de"]
    assert count_unread(languages, "use-multilingual") == {"bn": 2, "la": 1}
    assert count_unread(languages, "minilm") == {"bn": 2, "la": 1, "de": 1}
    assert count_unread(["en", ""], "minilm") == {}


def test_nothing_is_claimed_of_an_unknown_encoder():
    assert count_unread(["bn", "en"], "somebody/model") == {}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("bn", "bn"),
        ("Bangla", "bn"),
        ("en-GB", "en"),
        ("pt_BR", "pt"),
        ("ita", "it"),
        (" German ", "de"),
        ("", ""),
        ("zxx", ""),
    ],
)
def test_words_for_languages(word, code):
    assert code_of(word) == code


def test_what_the_collection_says_goes_before_detection_and_not_for_captions(monkeypatch):
    german, english = (
        "Ach wie flüchtig, ach wie nichtig ist der Menschen Leben",
        "A slow song with a soft guitar and a choir",
    )
    tracks = pd.DataFrame(
        {
            "track_id": list("abcde"),
            "title": ["A", "B", "C", "D", "E"],
            "lyrics": [german, german, "", "", german],
            "caption": ["", "", english, "", ""],
            "language": ["Bangla", "", "bn", "bn", ""],
        }
    )
    collection = Collection("mine", tracks)
    assert languages_of(collection, detect_at_most=9) == ["bn", "de", "en", "bn", "de"]
    assert languages_of(collection, "caption", detect_at_most=9) == ["", "", "en", "", ""]
    assert sum(map(bool, languages_of(collection, detect_at_most=2))) == 4
    monkeypatch.setattr(language, "_identifier", lambda: pytest.fail("nothing was to be detected"))
    assert languages_of(collection) == ["bn", "", "", "bn", ""]
