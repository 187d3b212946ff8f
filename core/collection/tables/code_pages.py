"""Detect the code page of text by how common its letters are in the languages that are written with it.

Detectors for web pages need more text than the titles of a table have; letters that are rare or impossible in
every language of a code page, or capitals inside words, tell it from another even on a few dozen.
"""

import re
import unicodedata
from functools import cache

import numpy as np

WESTERN = ("cp1252", "cp1250", "cp1254", "cp1257", "iso8859_2", "mac_roman", "cp850", "cp852")
ALPHABETIC = ("cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256", "cp874")
IDEOGRAPHIC = ("cp932", "euc_kr", "gb18030", "big5", "euc_jp")

_EUROPEAN = (
    "éèêàçùôâîûëïœÿ",  # French
    "äöüß",
    "ñáéíóúü",
    "ãçõáéíóúâêô",  # Portuguese
    "àèéìòù",
    "åäöéæøü",  # Scandinavian
    "áðéíóúýþæö",  # Icelandic
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýžľĺŕôä",  # Czech, Slovak
    "áéíóöőúüű",  # Hungarian
    "ăâîşţșț",  # Romanian
    "čćđšž",  # South Slavic
    "çğıöşüâîİ",  # Turkish
    "āčēģīķļņšūž",  # Latvian
    "ąčęėįšųūž",  # Lithuanian
    "äõöüšž",  # Estonian
)
_OTHER = (
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "оаинтеврслкпмдуязйбгьічхцєїжшщюфґ",  # Ukrainian
    "аоиеснтрјвуклдпмзгбњћчшљжцфђхџ",  # Serbian
    "αοιετσνηυρπκμλωςάίέόδγήχύώθφβξζψϊϋΐΰ",
    "יוהלאתמרבשנחקדעכפםגטןסזצךץף",
    "اليمنوترهبسفدعكحقجشصخطةضزثغظأإىئؤآءپچگژ",
    "านรกอเงมยลวดทสตะปบคหแจพชขใไโผซถธศฉฟณญษภฝฆฐฏฎฌฬิี่้ืั์ุู็ึ๊๋ๆฯำ",
)
_PUNCTUATION = frozenset("’‘“”„‚–—…«»‹›¿¡°ºª·•€£™®©½¼¾²³¹\u00a0\u00ad§×،؟؛–、。・「」『』〜～！？（）")
_LETTER_LIKE = frozenset("’·\u00ad")
_NOT_OF_THE_LANGUAGE = -1.0
_LEAST = 0.35
"""Score below which no code page is plausible."""


def best_code_page(data: bytes, candidates: tuple[str, ...]) -> tuple[str | None, float]:
    """Return the code page under which text is most plausible, and its score.

    Parameters
    ----------
    data : bytes
        Words with bytes above 127, apart by line ends.
    candidates : tuple of str
        The earlier one wins a tie.

    Returns
    -------
    encoding : str or None
        None where no candidate is plausible.
    score : float
        1 where every letter is among the most common ones of one language.
    """
    best, highest = None, _LEAST
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = _ideographic_score(text) if encoding in IDEOGRAPHIC else _letter_score(text)
        if score > highest + 1e-9:
            best, highest = encoding, score
    return best, highest if best else 0.0


@cache
def _weights() -> list[dict[str, float]]:
    """Return for each language the weight of its letters: equal in Latin script, else falling by rank."""
    european = [dict.fromkeys(letters, 1.0) for letters in _EUROPEAN]
    for weights in european:  # the bytes of Turkish ğ, ı, ş, which has many more speakers
        weights.update(dict.fromkeys(set("ðýþ") & weights.keys() if "þ" in weights else (), 0.85))
    ranked = [
        {letter: 1 - 0.8 * rank / len(letters) for rank, letter in enumerate(letters)} for letters in _OTHER
    ]
    return european + ranked


def _letter_score(text: str) -> float:
    """Return the mean weight of the letters beyond ASCII, of the languages that fit best.

    Half of it with one language for everything, half with one for each line: titles may be in several.
    """
    words = re.findall(r"[^\W\d_]+", text)
    odd = sum(_has_late_capital(word) or _mixes_scripts(word) for word in words) + sum(
        c in _PUNCTUATION and c not in _LETTER_LIKE and before.isalpha() and after.isalpha()
        for before, c, after in zip(text, text[1:], text[2:])
    )
    lines = [[c for c in line if c > "\x7f" and c not in _PUNCTUATION] for line in text.splitlines()]
    lines = [line for line in lines if line]
    if not lines:
        return 0.9 - odd
    by_line = np.array([[_sum_of_weights(line, weights) for weights in _weights()] for line in lines])
    n_letters = sum(map(len, lines))
    best = (by_line.sum(axis=0).max() + by_line.max(axis=1).sum()) / (2 * n_letters)
    return float(best - odd / max(1, len(words)))


def _sum_of_weights(letters: list[str], weights: dict[str, float]) -> float:
    """Return the summed weights of letters in one language."""
    return sum(weights.get(c, weights.get(c.lower(), _NOT_OF_THE_LANGUAGE)) for c in letters)


def _has_late_capital(word: str) -> bool:
    """Return whether a capital follows a small letter."""
    return any(a.islower() and b.isupper() for a, b in zip(word, word[1:]))


def _mixes_scripts(word: str) -> bool:
    """Return whether a word has Latin letters of ASCII beside letters of another script."""
    return any(c.isascii() for c in word) and any(c >= "\u0370" for c in word)


def _ideographic_score(text: str) -> float:
    """Return the mean weight of Chinese, Japanese or Korean characters; common ones weigh more."""
    characters = [c for c in text if c > "\x7f" and c not in _PUNCTUATION]
    if not characters:
        return 0.0
    kinds = [_kind(c) for c in characters]
    hangul, kana = kinds.count("hangul"), kinds.count("kana")
    plain = 0.1 if hangul > len(kinds) / 4 else 0.7
    weights = {"hangul": 0.9, "kana": 0.9, "common": plain, "rare": 0.0, "other": _NOT_OF_THE_LANGUAGE}
    score = float(np.mean([weights[kind] for kind in kinds]))
    try:  # kana have the same bytes in GB 2312 and EUC-JP, but in Chinese they are rare
        text.encode("euc_jp")
    except UnicodeEncodeError:
        return score - 0.3 * (kana > len(kinds) / 10)
    return score


@cache
def _kind(character: str) -> str:
    """Return the kind of a character: hangul, kana, a common or rare ideograph, or other."""
    name = unicodedata.name(character, "")
    if name.startswith("HANGUL SYLLABLE"):
        return "hangul"
    if name.startswith(("HIRAGANA", "KATAKANA")):
        return "kana"
    if not name.startswith("CJK UNIFIED"):
        return "other"
    ranges = {"gb2312": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "cp932": (0x88, 0x97)}  # first levels
    for encoding, (low, high) in ranges.items():
        try:
            if low <= character.encode(encoding)[0] <= high:
                return "common"
        except UnicodeEncodeError:
            continue
    return "rare"
