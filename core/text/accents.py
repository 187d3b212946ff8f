"""Text without accents."""

import unicodedata


def strip_accents(text: str) -> str:
    """Return text in Unicode's decomposed form without its combining marks.

    >>> strip_accents("Étude für Øyvind")
    'Etude fur Øyvind'
    """
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
