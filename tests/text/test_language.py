"""Language of a text."""

import pytest

from core.text.language import code_of, detect_languages


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
