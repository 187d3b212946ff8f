"""Language of each track's text: as the source gives it, else detected."""

import re
from collections import Counter

import pandas as pd

from core.collection.collection import Collection
from core.progress import Progress, silent
from core.text.language import code_of, detect_languages, named_language

_AT_ONCE = 500  # texts between two reports of progress


def languages_of(collection: Collection, text_field: str | None = None, detect_at_most: int = 0) -> list[str]:
    """Return the language of each track's text as an ISO 639-1 code, "" where it is unknown.

    The source's language applies to lyrics and titles; captions may be in another one. Without it, lyrics and
    captions are detected; titles are too short and full of names.

    Parameters
    ----------
    detect_at_most : int
        Number of texts to detect, evenly spaced over those that need it; 0 uses the source's language alone.
    """
    tracks, texts = collection.tracks, collection.texts(text_field)
    captions, lyrics = tracks["caption"].str.strip(), tracks["lyrics"].str.strip()
    given = [code_of(language) for language in tracks["language"]]
    codes = [code if text and text != caption else "" for code, text, caption in zip(given, texts, captions)]
    todo = [i for i, text in enumerate(texts) if text and not codes[i] and text in (lyrics[i], captions[i])]
    if len(todo) > detect_at_most:
        step = len(todo) / max(1, detect_at_most)
        todo = [todo[int(n * step)] for n in range(detect_at_most)]
    for i, code in zip(todo, detect_languages([texts[i] for i in todo])):
        codes[i] = code
    return codes


def fill_languages(tracks: pd.DataFrame, progress: Progress = silent) -> tuple[pd.DataFrame, dict[str, int]]:
    """Fill the languages that a table of texts leaves open: detected, else the one in the file's name.

    Returns
    -------
    tracks : DataFrame
        With ``language``, and ``language_from``: "table", "detected", "file name" or "".
    counts : dict
        Number of tracks by language, the most frequent first; "" for unknown.
    """
    nothing = pd.Series("", index=tracks.index)
    given = tracks.get("language", nothing).fillna("").astype(str)
    texts = tracks.get("lyrics", nothing).where(
        tracks.get("lyrics", nothing) != "", tracks.get("caption", nothing)
    )
    todo = [i for i, (language, text) in enumerate(zip(given, texts)) if not language and text]
    found: list[str] = []
    for start in range(0, len(todo), _AT_ONCE):
        progress(start, len(todo), "detecting languages")
        found += detect_languages([texts.iloc[i] for i in todo[start : start + _AT_ONCE]])
    detected = nothing.copy()
    detected.iloc[todo] = found
    in_name = pd.Series(
        [named_language(re.sub(r"\.\w+$", "", name)) for name in tracks.get("source_file", nothing)],
        index=tracks.index,
    )
    language = given.where(given != "", detected.where(detected != "", in_name))
    origin = pd.Series("table", index=tracks.index).where(given != "", "detected")
    origin = origin.where((given != "") | (detected != ""), "file name").where(language != "", "")
    return tracks.assign(language=language, language_from=origin), count_languages(language)


def count_languages(languages: pd.Series) -> dict[str, int]:
    """Return the number of tracks by the code of their language, the most frequent first; "" for unknown."""
    return dict(Counter(code_of(name) or name for name in languages).most_common())
