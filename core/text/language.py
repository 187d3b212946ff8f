"""Which language a text is in, and which encoder reads it."""

import functools
from collections import Counter

from core.collection import Collection

UNSURE = 0.5
"""Below this probability a text counts as unknown; of single lines of Jamendo lyrics above it 99 % are right."""
SHORTEST = 15
"""Bytes (UTF-8) of letters that a text needs: "Ave Maria" is any language; scripts of one language need fewer letters."""

READS: dict[str, frozenset[str]] = {
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


PACKAGED = ("use-multilingual", "minilm")
"""Encoders that come with the installation."""

_NAMES = """
ar arabic ara|bg bulgarian bul|bn bangla bengali ben|ca catalan cat|cs czech ces cze|da danish dan|de german deu ger deutsch
el greek ell gre|en english eng|es spanish spa español|et estonian est|fa persian farsi fas per|fi finnish fin
fr french fra fre français|ga irish gle|gu gujarati guj|he hebrew heb|hi hindi hin|hr croatian hrv|hu hungarian hun
hy armenian hye arm|id indonesian ind|it italian ita italiano|ja japanese jpn|ka georgian kat geo|ko korean kor|la latin lat
lt lithuanian lit|lv latvian lav|mk macedonian mkd mac|mn mongolian mon|mr marathi mar|ms malay msa may|my burmese mya bur
nb bokmål nob|nl dutch nld dut|no norwegian nor|pa punjabi pan|pl polish pol|pt portuguese por português|ro romanian ron rum
ru russian rus|sk slovak slk slo|sl slovenian slv|sq albanian sqi alb|sr serbian srp|sv swedish swe|sw swahili swa
ta tamil tam|te telugu tel|th thai tha|tr turkish tur|uk ukrainian ukr|ur urdu urd|vi vietnamese vie|zh chinese zho chi mandarin
"""
_CODES = {
    word: row.split()[0] for row in _NAMES.strip().replace("\n", "|").split("|") for word in row.split()[1:]
}


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

    Unknown languages ("") are not counted, and of an encoder that is not in :data:`READS` nothing is known:
    {}.
    """
    if model not in READS:
        return {}
    return dict(Counter(code for code in languages if code and code not in READS[model]).most_common())


def languages_of(collection: Collection, text_field: str | None = None, detect_at_most: int = 0) -> list[str]:
    """Return the language of each track's text as an ISO 639-1 code, "" where it is not known.

    What the collection says of a track's language is taken for its lyrics and its title; a caption may be in
    another one. Where it says nothing, lyrics and captions are detected; titles are too short, and full of
    names.

    Parameters
    ----------
    detect_at_most : int
        Texts to detect, evenly spaced over those that need it; 0 asks only what the collection says.
    """
    tracks, texts = collection.tracks, collection.texts(text_field)
    captions, lyrics = tracks["caption"].str.strip(), tracks["lyrics"].str.strip()
    said = [code_of(language) for language in tracks["language"]]
    codes = [code if text and text != caption else "" for code, text, caption in zip(said, texts, captions)]
    open_ = [i for i, text in enumerate(texts) if text and not codes[i] and text in (lyrics[i], captions[i])]
    if len(open_) > detect_at_most:
        step = len(open_) / max(1, detect_at_most)
        open_ = [open_[int(n * step)] for n in range(detect_at_most)]
    for i, code in zip(open_, detect_languages([texts[i] for i in open_])):
        codes[i] = code
    return codes


def code_of(language: str) -> str:
    """Return the ISO 639-1 code that a collection's word for a language means, "" where it is not known.

    >>> [code_of(word) for word in ("bn", "en-GB", "Bangla", "ita", "?")]
    ['bn', 'en', 'bn', 'it', '']
    """
    word = language.strip().lower().replace("_", "-").split("-")[0].strip()
    if len(word) == 2 and word.isascii() and word.isalpha():
        return word
    return _CODES.get(word, "")


def name_of(code: str) -> str:
    """Return the English name of a language, "" of one that is not in the list.

    >>> [name_of(code) for code in ("bn", "la", "xx", "")]
    ['Bangla', 'Latin', '', '']
    """
    return next(
        (
            row.split()[1].capitalize()
            for row in _NAMES.strip().replace("\n", "|").split("|")
            if row.split()[0] == code
        ),
        "",
    )


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
