"""Sentence splitting and joining."""

import re

_END = re.compile(r"(?:[.!?…]+[\"'”’)\]]*\s+(?=[^\s\d]))|(?:[।॥。！？]+[\"'”’」』)\]]*\s*)")
"""A full stop and white space, or a full stop of a script that needs no white space after it."""
_ABBREVIATIONS = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "vs",
        "feat",
        "ft",
        "jr",
        "sr",
        "no",
        "vol",
        "op",
        "approx",
        "e.g",
        "i.e",
        "etc",
    )
)
_MARK = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.):])\s+")
"""List marker: a bullet or a number."""


def split_sentences(text: str) -> list[str]:
    """Split a text into sentences.

    A stop after an abbreviation, an initial or within a number ends no sentence.

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
    """Join sentences to a text that :func:`split_sentences` splits into the same ones.

    Each is capitalised and ends with a stop. Stops within a sentence become semicolons; a last word that
    looks like an abbreviation, whose stop would not count, is put in quotation marks.
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
    """Return whether a word is an abbreviation or an initial, whose stop ends no sentence."""
    word = word.lstrip("(\"'“‘")
    return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper() and word != "I")


def without_marks(text: str) -> str:
    """Return a language model's answer without list markers and <think> blocks."""
    text = re.sub(r"<think>.*?</think>", " ", text, flags=re.DOTALL)
    return "\n".join(_MARK.sub("", line).strip() for line in text.splitlines() if line.strip())
