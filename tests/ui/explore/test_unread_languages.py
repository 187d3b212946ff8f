"""The line that warns of an encoder which does not know the language."""

from core.ui.explore.unread_languages import unread_line


def test_most_texts_unread_is_said_with_counts_and_languages():
    line = unread_line(["bn"] * 3 + ["la", "en", ""], "use-multilingual")
    assert line.startswith("4 of 5 texts") and "(bn, la)" in line and "TF-IDF" in line


def test_half_of_them_or_an_encoder_of_which_nothing_is_known_is_no_reason():
    assert unread_line(["bn", "en"], "use-multilingual") == ""
    assert unread_line([], "use-multilingual") == unread_line(["", ""], "minilm") == ""
    assert unread_line(["bn"] * 9, "somebody/model") == ""
    assert unread_line(["de"] * 9, "minilm") != ""
