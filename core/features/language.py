"""Which language a text is in, and which encoder reads it."""

import functools
from collections import Counter

UNSURE = 0.5
"""Below this probability a text counts as unknown; of single lines of Jamendo lyrics above it 99 % are right."""
SHORTEST = 15
"""Bytes (UTF-8) of letters that a text needs: "Ave Maria" is any language; scripts of one language need fewer letters."""

READS: dict[str, frozenset[str]] = {
    "use-multilingual": frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split()),
    "minilm": frozenset({"en"}),
    "paraphrase-multilingual-mpnet-base-v2": frozenset(
        "ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id it ja ka ko ku lt lv mk mn mr ms my nb nl no pl "
        "pt ro ru sk sl sq sr sv th tr uk ur vi zh".split()
    ),
}
"""Languages (ISO 639-1) that each sentence encoder was trained on. No packaged one knows Bangla (bn) or Latin (la):
TF-IDF reads every language."""


def detect_languages(texts: list[str]) -> list[str]:
    """Return the language of each text as an ISO 639-1 code, "" where it is too short or unsure.

    Languages without such a code (Venetian, Ligurian …) are taken for their nearest neighbour that has one.

    References
    ----------
    Lui and Baldwin, "langid.py: An Off-the-shelf Language Identification Tool", ACL 2012 (py3langid).
    """
    return [_detect(text) for text in texts]


def count_unread(languages: list[str], model: str) -> dict[str, int]:
    """Count the texts, by language, that a sentence encoder was not trained to read, most frequent first.

    Unknown languages ("") are not counted, and of an encoder that is not in :data:`READS` nothing is known: {}.
    """
    if model not in READS:
        return {}
    return dict(Counter(code for code in languages if code and code not in READS[model]).most_common())


def _detect(text: str) -> str:
    """Classify one text; the first 2,000 characters tell enough."""
    text = text[:2000]
    if len("".join(filter(str.isalpha, text)).encode("utf-8", "ignore")) < SHORTEST:
        return ""
    code, probability = _identifier().classify(text)
    return code if probability >= UNSURE else ""


@functools.cache
def _identifier():
    """Load py3langid's model, kept to languages that have an ISO 639-1 code."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    return identifier
