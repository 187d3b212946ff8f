"""A caption is three sentences in one string; here it is put together and taken apart again."""

import re

_END = re.compile(r"(?:[.!?…]+[\"'”’)\]]*\s+(?=[^\s\d]))|(?:[।॥。！？]+[\"'”’」』)\]]*\s*)")
"""A full stop and white space, or a full stop of a script that sets none after it."""
_ABBREVIATIONS = frozenset("mr mrs ms dr st vs feat ft jr sr no vol op approx e.g i.e etc".split())
_MARK = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.):])\s+")
"""What lists put before an item: a bullet or a number."""


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a caption, in order.

    A stop after an abbreviation, an initial or a number's point ends none.

    >>> split_sentences("It is sad. Dr. J. Low asks why! A slow waltz.")
    ['It is sad.', 'Dr. J. Low asks why!', 'A slow waltz.']
    """
    text = " ".join(text.split())
    sentences, start = [], 0
    for stop in _END.finditer(text):
        if text[stop.start()] == "." and _is_short(text[start : stop.start()].rsplit(" ", 1)[-1]):
            continue
        sentences.append(text[start : stop.end()].strip())
        start = stop.end()
    return [sentence for sentence in (*sentences, text[start:].strip()) if sentence]


def join_sentences(sentences: list[str]) -> str:
    """Return a caption: each sentence begins with a capital and ends with a stop, one space between two.

    Stops within a sentence would take it apart again, so they become semicolons; a last word that looks like
    an abbreviation, whose stop would not count, is put in quotation marks.
    """
    whole = []
    for sentence in sentences:
        parts = [part.rstrip(" .;") for part in split_sentences(sentence)]
        sentence = "; ".join(part for part in parts if part)
        *first, last = sentence.split(" ")
        sentence = " ".join([*first, f"“{last}”"]) + "." if _is_short(last) else sentence
        whole.append(
            sentence[:1].upper()
            + sentence[1:]
            + ("" if sentence.endswith((".", "!", "?", "…", "।", "。")) else ".")
        )
    return " ".join(whole)


def _is_short(word: str) -> bool:
    """Tell whether a word's stop ends no sentence: an abbreviation or an initial."""
    word = word.lstrip("(\"'“‘")
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper() and word != "I")


def without_marks(text: str) -> str:
    """Return an answer without list marks and without what models think aloud before it."""
    text = re.sub(r"<think>.*?</think>", " ", text, flags=re.DOTALL)
    return "\n".join(_MARK.sub("", line).strip() for line in text.splitlines() if line.strip())
