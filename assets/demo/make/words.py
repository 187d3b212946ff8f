"""Turn sung syllables into text that reads as words."""

from __future__ import annotations

import re

DASHES = ("-", "\u2010", "\u2011", "\u2013")

COMMON = {
    "de": "der die das und ich du nicht ein ist mit zu in dem den so wie mir mein dich sich es auf",
    "en": "the and i thou you not a is with to in of my thy that me it as for when where on",
    "fr": "le la les et je tu ne un une est avec dans de des mon ton que qui il au du sur",
    "it": "il la che e non di un una con per mi ti mio tuo del della se nel al gli lo",
    "pt": "que nao um uma com por meu teu minha tua do da dos das ao os seu sua tu mas",
}


def in_language(text: str, language: str) -> bool:
    """Return False where common words of another language are clearly more frequent than `language`'s own."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {name: sum(word in common.split() for word in words) for name, common in COMMON.items()}
    return max(counts.values()) < 1.5 * counts.get(language, 0) + 2


def join_syllables(syllables: list[tuple[float, str, bool]]) -> str:
    """Join (onset, text, goes_on) syllables into words; engravers' dashes at line breaks go, real hyphens
    stay."""
    words, word, owed = [], "", False
    for _, text, goes_on in syllables:
        text = _plain(text)
        if owed or (word.endswith(DASHES) and text[:1].islower()):
            word = word.rstrip("\u2013") + re.sub(r"^[-\u2010\u2011\u2013_]\s+", "", text).lstrip("_\u2013")
        else:
            words.append(word)
            word = text
        word = word.rstrip("_ ")
        owed = goes_on
    if owed:
        word = ""  # the music was cut within a word
    text = _tidy(" ".join(w for w in [*words, word] if w.strip(" " + "".join(DASHES))))
    return _tidy(re.sub(r"(?<=\w)[-\u2013](?=\s|$)", "", text))


def _plain(text):
    return text.replace("\u00a0", " ").replace("\u203f", " ").replace("~", " ").strip()


def _tidy(text):
    text = re.sub(r"\s+", " ", re.sub(r"[\[\]\u00ad]", "", text)).strip()
    text = re.sub(r"(?:^|(?<=\s))\d+(?:\.\d+)*\.\s*", "", text).strip()
    text = re.sub(r"\s+([,.;:!?])", r"\1", text)
    return text
