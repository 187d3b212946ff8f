"""HTML in tags and lyrics that were copied from web pages."""

import html
import re

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAK = re.compile(r"[ \t]*(?:<br\s*/?>|</p\s*>|</div\s*>|</li\s*>)[ \t]*(?:\r?\n)?", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:p|div|span|b|i|u|em|strong|a|font|small|big|sup|sub|ul|ol|li|h[1-6]|html|body|pre|blockquote|center)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_DEPTH = 3
"""Times that a text may have been encoded."""


def decode_entities(text: str) -> str:
    """Decode HTML entities that end in a semicolon, also where they were encoded twice.

    >>> decode_entities("R&amp;amp;B &#39;n&#39; AT&T")
    "R&B 'n' AT&T"
    """
    for _ in range(_DEPTH):
        decoded = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
        if decoded == text:
            break
        text = decoded
    return text


def strip_markup(text: str) -> str:
    r"""Remove tags that lay out text, turn line breaks and paragraphs into lines, and decode entities.

    >>> strip_markup("one<br>two<br/>\n<p>three &amp; <i>four</i></p>")
    'one\ntwo\nthree & four'
    """
    plain = _MARKUP.sub("", _BREAK.sub("\n", decode_entities(text)))
    return text if plain == text else plain.replace("\xa0", " ").strip("\r\n")
