"""The line that warns of an encoder which does not know the language."""

from core.ui.explore.unread_languages import describe_unread


def test_most_texts_unread_is_said_with_counts_and_languages():
    line = describe_unread(["bn"] * 3 + ["la", "en", ""], "use-multilingual")
    assert line.startswith("4 of 5 texts") and "(bn, la)" in line and "TF-IDF" in line


def test_half_of_them_or_an_encoder_of_which_nothing_is_known_is_no_reason():
    assert describe_unread(["bn", "en"], "use-multilingual") == ""
    assert describe_unread([], "use-multilingual") == describe_unread(["", ""], "minilm") == ""
    assert describe_unread(["bn"] * 9, "somebody/model") == ""
    assert describe_unread(["de"] * 9, "minilm") != ""
