"""Language of each track's text: as the source gives it, else detected."""

from core.collection.collection import Collection
from core.text.language import code_of, detect_languages


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
