"""Word splitting in any script."""

import unicodedata

import pytest

from core.text.words import split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop, BELIEVIN'!", ["don", "t", "stop", "believin"]),
        ("আমার সোনার বাংলা, আমি তোমায় ভালোবাসি।", ["আমার", "সোনার", "বাংলা", "আমি", "তোমায়", "ভালোবাসি"]),
        ("ক্\u200dষ", ["ক্ষ"]),  # a zero-width joiner asks for a shape, not for another word
        ("র\u200c্যাব র\u200d্যাব র্যাব", ["র্যাব"] * 3),
        ("উৎসব, বিদ্যুৎ; শক্তি – সন্ধ্যা", ["উৎসব", "বিদ্যুৎ", "শক্তি", "সন্ধ্যা"]),  # khanda ta, conjuncts by hasant
        ("দুঃখ চাঁদ রঙ বাংলা", ["দুঃখ", "চাঁদ", "রঙ", "বাংলা"]),  # visarga, candrabindu, anusvara
        (
            "\u09dc\u09dd\u09df \u09a1\u09bc\u09a2\u09bc\u09af\u09bc",
            ["\u09a1\u09bc\u09a2\u09bc\u09af\u09bc"] * 2,
        ),  # nukta, composed or not
        ("ক\u09c7\u09be কো", ["কো"] * 2),  # a vowel sign in two parts
        ("১৯৭১ সালের ২৬শে মার্চ, ৳৫০", ["১৯৭১", "সালের", "২৬শে", "মার্চ", "৫০"]),
        ("এসো এসো॥Baby, আমার heart-এ", ["এসো", "এসো", "baby", "আমার", "heart", "এ"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("ночь\n夜 2 go", ["ночь", "夜", "2", "go"]),
        ("— … ♪ 🎵", []),
    ],
)
def test_words_keep_their_marks(text, words):
    assert split_words(text) == [unicodedata.normalize("NFC", word) for word in words]


def test_pythons_own_words_would_break_bengali():
    """The control: what the tokeniser of scikit-learn's default makes of a Bengali word."""
    import re

    assert re.findall(r"\w\w+", "তোমায়") != ["তোমায়"]


def test_composed_and_decomposed_letters_are_the_same_word():
    assert split_words("caf\u00e9") == split_words("cafe\u0301")
