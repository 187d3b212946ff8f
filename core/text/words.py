"""Word splitting in any language and script."""

import unicodedata


def split_words(text: str) -> list[str]:
    r"""Split a text into casefolded words of letters, marks and digits, in any script.

    Marks (Unicode categories M) belong to the letter before them: Python's ``\w`` would cut Bengali, Hindi
    or Thai words at every vowel sign. Invisible joiners (Cf) are dropped, everything else separates.

    >>> split_words("O Haupt, voll BLUT — আমার সোনার বাংলা!")
    ['o', 'haupt', 'voll', 'blut', 'আমার', 'সোনার', 'বাংলা']
    """
    text = unicodedata.normalize("NFC", text.casefold())
    separators = {}
    for character in set(text):
        category = unicodedata.category(character)
        if category[0] not in "LMN":
            separators[ord(character)] = None if category == "Cf" else " "
    return text.translate(separators).split()
