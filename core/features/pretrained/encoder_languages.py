"""Languages that the sentence encoders were trained on."""

from collections import Counter

ENCODER_LANGUAGES: dict[str, frozenset[str]] = {
    "use-multilingual": frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split()),
    "minilm": frozenset({"en"}),
    "paraphrase-multilingual-mpnet-base-v2": frozenset(
        "ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id it ja ka ko ku lt lv mk mn mr ms my "
        "nb nl no pl "
        "pt ro ru sk sl sq sr sv th tr uk ur vi zh".split()
    ),
}
"""Languages (ISO 639-1) that each sentence encoder was trained on. No packaged one knows Bangla (bn) or Latin (la):
TF-IDF reads every language."""


PACKAGED_ENCODERS = ("use-multilingual", "minilm")
"""Encoders that come with the installation."""


def count_unsupported(languages: list[str], model: str) -> dict[str, int]:
    """Count the texts, by language, that a sentence encoder was not trained to read, most frequent first.

    Unknown languages ("") are not counted, and of an encoder that is not in :data:`ENCODER_LANGUAGES` nothing is known:
    {}.
    """
    if model not in ENCODER_LANGUAGES:
        return {}
    return dict(
        Counter(code for code in languages if code and code not in ENCODER_LANGUAGES[model]).most_common()
    )
