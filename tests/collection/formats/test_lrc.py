"""LRC stamps and header tags, HTML, and lyrics files beside the audio."""

import pytest

from core.collection.formats.entities import decode_entities, strip_markup
from core.collection.formats.lrc import strip_stamps
from core.collection.sources.folder import read_folder
from core.collection.sources.tags import read_side_text


@pytest.mark.parametrize(
    "stamp",
    [
        "[00:12.34]",
        "[00:12]",
        "[0:12]",
        "[123:59.1]",
        "[00:12:34]",
        "[00:12,34]",
        "[00:15,900]",
        "[00:59:58.20]",
        "[1:02:03.45]",
        "[ 00:12.34 ]",
        "[00 : 12 . 34]",
        "[-00:01.00]",
        "[+00:01.00]",
        "[00:12.345678901]",
        "<00:12.34>",
        "[00:01.00][01:02,50][1:02:03]",
        "[00:01.00] <00:01.20>",
    ],
)
def test_stamps(stamp):
    assert strip_stamps(f"{stamp}words") == "words" == strip_stamps(f"{stamp} words ")


def test_header_tags_before_the_first_stamp():
    names = "ti ar al by we tool total hash kana sign qq re ve offset length id la # own_key x-y"
    head = (
        "".join(f"[{name}:value of it]\r\n" for name in names.split())
        + "[offset: -3000]\n[sign:]\n[ti:Song [Live]]\n"
    )
    assert strip_stamps(head + "[00:01.00]real words") == "real words"
    assert (
        strip_stamps(
            head.upper().replace("[OWN_KEY:VALUE OF IT]\r\n[X-Y:VALUE OF IT]\r\n", "") + "real words"
        )
        == "real words"
    )


@pytest.mark.parametrize(
    "line",
    [
        "[ti:Song][00:12.00]words",
        "[00:12.00][ti:Song]words",
        "[ti:A][ar:B][00:12.00]words",
        "[ti:A]\n[00:01]words",
    ],
)
def test_stamps_after_a_tag(line):
    assert strip_stamps(line) == "words"


@pytest.mark.parametrize(
    "text",
    [
        "[Chorus: Beyoncé]\nwords",
        "[verse 1: x]\nwords",
        "[intro: spoken]\nwords",
        "[own: words in brackets]\nwords",
        "at 10:15 or [10.15]",
        "I <3 you",
        "[Verse 12:3 in the Book]",
    ],
)
def test_words_in_brackets_are_kept(text):
    assert strip_stamps(text) == text
    assert strip_stamps("[00:01.00]first\n" + text) == "first\n" + text


def test_a_section_before_the_first_stamp_is_kept():
    assert strip_stamps("[hash:abc]\n[chorus: all]\n[00:01.00]words") == "[chorus: all]\nwords"


@pytest.mark.parametrize(
    "text, decoded",
    [
        ("Rock &amp; Roll &#39;n&#39; Blues", "Rock & Roll 'n' Blues"),
        ("&quot;caf&eacute;&quot; &#x27;x&#X27;", "\"café\" 'x'"),
        ("R&amp;amp;B", "R&B"),
        ("AT&T R&B; Q&A &unknown; &copy=1", "AT&T R&B; Q&A &unknown; &copy=1"),
        ("", ""),
    ],
)
def test_entities(text, decoded):
    assert decode_entities(text) == decoded


@pytest.mark.parametrize(
    "text, plain",
    [
        ("Rock &amp; roll<br>next<br/>\n<p>para</p>", "Rock & roll\nnext\npara"),
        ("<div class='x'>one</div><div>two &nbsp;three</div>", "one\ntwo  three"),
        ("&lt;i&gt;sung&lt;/i&gt;<BR />\r\nlast", "sung\nlast"),
        ("I <3 you, <name> > all", "I <3 you, <name> > all"),
    ],
)
def test_markup(text, plain):
    assert strip_markup(text) == plain


@pytest.mark.parametrize("empty", ["", "\n \n", "[ti:Only a header]\n[00:01.00]\n"])
def test_an_lrc_without_words_leaves_the_txt(tmp_path, make_sound, empty):
    make_sound(tmp_path / "a.wav")
    (tmp_path / "a.lrc").write_text(empty)
    (tmp_path / "a.txt").write_text("words")
    tracks, problems, _ = read_folder(tmp_path)
    assert list(tracks["lyrics"]) == ["words"] and not problems
    (tmp_path / "a.lrc").write_text("[00:01.00]of the lrc")
    assert list(read_folder(tmp_path)[0]["lyrics"]) == ["of the lrc"]


def test_lyrics_of_a_web_page_are_plain_text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Rock &amp; roll don&#39;t stop<br>next &quot;line&quot;<br/>\n<p>para</p>")
    assert read_side_text(path) == 'Rock & roll don\'t stop\nnext "line"\npara'


@pytest.mark.parametrize("ending", ["txt", "lrc"])
def test_one_broken_byte_is_one_replaced_character(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    path.write_bytes("[00:01.00]été à la mer, où êtes vous ".encode() + b"\xff end")
    assert read_side_text(path) == "été à la mer, où êtes vous \ufffd end"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(tmp_path, encoding):
    path = tmp_path / "a.lrc"
    path.write_bytes("[00:01.00]été à la mer,\n[00:02.00]où êtes vous\n".encode(encoding))
    assert read_side_text(path) == "été à la mer,\noù êtes vous"
