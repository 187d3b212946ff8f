"""Language of each track's text: as the source gives it, else detected."""

from core.collection.collection import Collection
from core.text.language import code_of, detect_languages


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
