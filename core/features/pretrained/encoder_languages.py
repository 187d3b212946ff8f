"""Languages that the sentence encoders were trained on."""

from collections import Counter

_CODES = {
    "use-multilingual": "ar de en es fr it ja ko nl pl pt ru th tr zh",
    "minilm": "en",
    "paraphrase-multilingual-mpnet-base-v2": "ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id "
    "it ja ka ko ku lt lv mk mn mr ms my nb nl no pl pt ro ru sk sl sq sr sv th tr uk ur vi zh",
    "sentence-transformers/LaBSE": "af am ar as az be bg bn bo bs ca ceb co cs cy da de el en eo es et eu fa "
    "fi fr fy ga gd gl gu ha haw he hi hmn hr ht hu hy id ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv "
    "mg mi mk ml mn mr ms mt my ne nl no ny or pa pl pt ro ru rw si sk sl sm sn so sq sr st su sv sw ta te "
    "tg th tk tl tr tt ug uk ur uz vi wo xh yi yo zh zu",
}
ENCODER_LANGUAGES = {model: frozenset(codes.split()) for model, codes in _CODES.items()}
"""Languages (ISO 639-1) by encoder. No packaged one supports Bangla (bn) or Latin (la); TF-IDF reads both."""

PACKAGED_ENCODERS = ("use-multilingual", "minilm")
"""Encoders that come with the installation."""


def count_unsupported(languages: list[str], model: str) -> dict[str, int]:
    """Count the texts in languages that an encoder was not trained on, by language, most frequent first.

    Texts of unknown language ("") are not counted. Of an encoder that is not in :data:`ENCODER_LANGUAGES`
    nothing is known: {}.
    """
    if model not in ENCODER_LANGUAGES:
        return {}
    return dict(
        Counter(code for code in languages if code and code not in ENCODER_LANGUAGES[model]).most_common()
    )
