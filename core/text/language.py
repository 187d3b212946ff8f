"""Language of a text: detection, ISO 639-1 codes and English names."""

import functools

UNSURE = 0.5
"""Probability below which a language is unknown; above it, 99 % of lines of Jamendo lyrics are correct."""
SHORTEST = 15
"""UTF-8 bytes of letters that a text needs: scripts of a single language need fewer letters than Latin."""

_NAMES = """
ar arabic ara|bg bulgarian bul|bn bangla bengali ben|ca catalan cat|cs czech ces cze|da danish dan
de german deu ger deutsch|el greek ell gre|en english eng|es spanish spa español|et estonian est
fa persian farsi fas per|fi finnish fin|fr french fra fre français|ga irish gle|gu gujarati guj
he hebrew heb|hi hindi hin|hr croatian hrv|hu hungarian hun|hy armenian hye arm|id indonesian ind
it italian ita italiano|ja japanese jpn|ka georgian kat geo|ko korean kor|la latin lat|lt lithuanian lit
lv latvian lav|mk macedonian mkd mac|mn mongolian mon|mr marathi mar|ms malay msa may|my burmese mya bur
nb bokmål nob|nl dutch nld dut|no norwegian nor|pa punjabi pan|pl polish pol|pt portuguese por português
ro romanian ron rum|ru russian rus|sk slovak slk slo|sl slovenian slv|sq albanian sqi alb|sr serbian srp
sv swedish swe|sw swahili swa|ta tamil tam|te telugu tel|th thai tha|tr turkish tur|uk ukrainian ukr
ur urdu urd|vi vietnamese vie|zh chinese zho chi mandarin
"""
_CODES = {
    word: row.split()[0] for row in _NAMES.strip().replace("\n", "|").split("|") for word in row.split()[1:]
}


def detect_languages(texts: list[str]) -> list[str]:
    """Return the language of each text as an ISO 639-1 code, "" where it is too short or unsure.

    Languages without such a code (Venetian, Ligurian …) are detected as the closest one that has a code.

    References
    ----------
    Lui and Baldwin, "langid.py: An Off-the-shelf Language Identification Tool", ACL 2012 (py3langid).
    """
    return [_detect(text) for text in texts]


def code_of(language: str) -> str:
    """Return the ISO 639-1 code of a language's name or code, "" where it is unknown.

    >>> [code_of(word) for word in ("bn", "en-GB", "Bangla", "ita", "?")]
    ['bn', 'en', 'bn', 'it', '']
    """
    word = language.strip().lower().replace("_", "-").split("-")[0].strip()
    if len(word) == 2 and word.isascii() and word.isalpha():
        return word
    return _CODES.get(word, "")


def named_language(name: str) -> str:
    """Return the code of the language whose name is a word of a file's name, "" for none or several.

    >>> [named_language(name) for name in ("lyrics_bangla", "English songs", "no", "songs")]
    ['bn', 'en', '', '']
    """
    words = "".join(c if c.isalpha() else " " for c in name.lower()).split()
    codes = {_CODES[word] for word in words if len(word) > 3 and word in _CODES}
    return codes.pop() if len(codes) == 1 else ""


def name_of(code: str) -> str:
    """Return the English name of a language code, "" where it is unknown.

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
    """Detect the language of one text from its first 2,000 characters."""
    text = text[:2000]
    if len("".join(filter(str.isalpha, text)).encode("utf-8", "ignore")) < SHORTEST:
        return ""
    code, probability = _identifier().classify(text)
    return code if probability >= UNSURE else ""


@functools.cache
def _identifier():
    """Load py3langid's model, restricted to languages with an ISO 639-1 code."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    return identifier
