"""Words of LRC lyrics, without time stamps and header tags.

References
----------
LRC file format ("simple", "enhanced" or A2); writers vary in what they put between the brackets.
"""

import re

_NUMBER = r"\s*\d{1,4}\s*"
_STAMP = re.compile(rf"[\[<]\s*[-+]?{_NUMBER}:{_NUMBER}(?::{_NUMBER})?(?:[.,:]\s*\d{{1,9}}\s*)?[\]>]")
_KNOWN_TAGS = (
    "ti|ar|al|au|lr|by|offset|length|re|tool|ve|la|id|we|total|hash|kana|sign|qq|key|encoding|creator|author|"
    "editor|version|album|artist|title|lyricist|composer|arranger|language|lang|t_time|#"
)
_KNOWN = re.compile(rf"\s*\[\s*(?:{_KNOWN_TAGS})\s*:(?:[^\[\]]|\[[^\[\]]*\])*\]", re.IGNORECASE)
_ANY_TAG = re.compile(r"\s*\[[a-z0-9_#.-]{1,16}\s*:(?:[^\[\]]|\[[^\[\]]*\])*\]\s*")
_SECTIONS = re.compile(
    r"\s*\[\s*(?:intro|verse|pre|post|chorus|refrain|hook|bridge|interlude|outro|solo|drop|break|part|coda|"
    r"spoken|instrumental|skit|sample|strophe|vers|couplet|estribillo|verso|coro|puente)",
    re.IGNORECASE,
)


def strip_stamps(text: str) -> str:
    """Remove time stamps and header tags of LRC lyrics.

    Stamps are ``[01:02.30]`` and ``<01:02.30>``, also with hours, a decimal comma, blanks, signs and many
    decimals. Header tags such as ``[ar:…]`` are known by name; in front of the first stamp, every
    ``[name:…]`` with a lower-case name is one. Names of sections (``[Chorus: …]``) are kept.
    """
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if _STAMP.search(line)), 0)
    words = [_words(line) for n, line in enumerate(lines) if not _is_header(line, n < first)]
    return "\n".join(words).strip()


def _is_header(line: str, before_words: bool) -> bool:
    """Return whether a line consists of header tags, and perhaps stamps."""
    bare = _STAMP.sub("", line)
    rest = _without_tags(bare)
    if not rest.strip() and rest != bare:
        return True
    return before_words and bool(_ANY_TAG.fullmatch(line)) and not _SECTIONS.match(line)


def _words(line: str) -> str:
    """Return the words of a line; header tags beside a stamp are none."""
    bare = _STAMP.sub("", line)
    return (_without_tags(bare) if bare != line else bare).strip()


def _without_tags(line: str) -> str:
    """Remove the header tags at the start of a line."""
    while tag := _KNOWN.match(line):
        line = line[tag.end() :]
    return line
