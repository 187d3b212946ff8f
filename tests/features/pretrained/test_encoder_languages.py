"""Languages that the sentence encoders support."""

from core.features.pretrained.encoder_languages import ENCODER_LANGUAGES, PACKAGED_ENCODERS, count_unsupported
from core.features.pretrained.sentence import MODELS


def test_only_codes_of_two_letters_or_three_where_there_are_no_two():
    assert all(
        len(code) == 2 or code in ("ceb", "haw", "hmn")
        for codes in ENCODER_LANGUAGES.values()
        for code in codes
    )


def test_every_offered_encoder_lists_its_languages():
    assert set(ENCODER_LANGUAGES) >= set(MODELS)


def test_no_packaged_encoder_knows_bangla():
    assert not any("bn" in ENCODER_LANGUAGES[name] for name in PACKAGED_ENCODERS)
    assert set(PACKAGED_ENCODERS) < set(ENCODER_LANGUAGES)


def test_unsupported_texts_are_counted():
    languages = ["bn", "en", "la", "bn", "", "de"]
    assert count_unsupported(languages, "use-multilingual") == {"bn": 2, "la": 1}
    assert count_unsupported(languages, "minilm") == {"bn": 2, "la": 1, "de": 1}
    assert count_unsupported(["en", ""], "minilm") == {}


def test_nothing_is_claimed_of_an_unknown_encoder():
    assert count_unsupported(["bn", "en"], "somebody/model") == {}
