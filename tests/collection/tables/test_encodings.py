"""Encodings of short texts among numbers, as in tables of features."""

import codecs

import pytest

from core.collection.tables.encodings import decode_with_encoding

TITLES = {
    "cp1250": ["Żółta łódź", "Śpiew", "Źródło", "Příliš žluťoučký kůň"],
    "iso8859_2": ["Żółta łódź", "Śpiew", "Źródło", "Pieśń"],
    "cp852": ["Żółta łódź", "Śpiew", "Źródło", "Zespół"],
    "cp1251": ["Песня о друге", "Кино", "Группа крови"],
    "koi8_r": ["Песня о друге", "Кино", "Группа крови"],
    "cp1252": ["L’été indien", "Où êtes-vous", "Mañana", "Für Elise"],
    "mac_roman": ["L’été indien", "Où êtes-vous", "Noël"],
    "cp1253": ["Τραγούδι", "Αγάπη μου", "Νύχτα"],
    "cp1254": ["Şarkı", "Aşk", "Gülüm", "İstanbul"],
    "cp1255": ["שיר", "אהבה", "לילה טוב"],
    "cp1256": ["أغنية", "حبيبي", "الليل"],
    "cp1257": ["Mīlestība", "Šļūkt", "Meilė", "Ąžuolas"],
    "cp874": ["เพลง", "ความรัก"],
    "cp932": ["さくら", "夜に駆ける", "アイドル"],
    "euc_jp": ["さくら", "夜に駆ける", "アイドル"],
    "euc_kr": ["사랑", "봄날", "노래"],
    "gb18030": ["月亮代表我的心", "朋友", "歌曲"],
    "big5": ["月亮代表我的心", "朋友", "歌曲"],
}


def table(titles):
    return "file,x,title\n" + "".join(f"a.{i}.wav,0.5,{title} {i}\n" for i, title in enumerate(titles))


def test_words_of_many_special_letters_stay_latin():
    text = table(["Ağrı dağı", "Işığım"])
    assert decode_with_encoding(text.encode("cp1254")).text == text


@pytest.mark.parametrize("encoding", TITLES)
def test_legacy_code_pages_are_told_from_a_few_titles(encoding):
    text = table(TITLES[encoding])
    decoded = decode_with_encoding(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)
    assert decoded.is_guessed and not decoded.n_replaced


def test_utf_8_with_a_broken_byte_stays_utf_8():
    data = "été,à la mer,où êtes-vous,œuvre".encode()
    broken = data.replace("ê".encode(), b"\xff")
    decoded = decode_with_encoding(broken)
    assert decoded.text == "été,à la mer,où \ufffdtes-vous,œuvre"
    assert (decoded.encoding, decoded.n_replaced, decoded.is_guessed) == ("utf-8", 1, False)
    cut = decode_with_encoding("Ünë été".encode()[:-1])
    assert cut.text == "Ünë ét\ufffd" and cut.n_replaced == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_unicode_needs_no_guess_at_its_letters(encoding):
    text = table(["Été", "সোনার বাংলা"])
    assert decode_with_encoding(text.encode(encoding)).text == text
    mark = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    with_mark = decode_with_encoding(mark[encoding] + text.encode(encoding))
    assert with_mark.text == text and not with_mark.is_guessed
