"""Audio tags of the two pretrained MusiCNN networks, sorted and worded for captions."""

from collections.abc import Iterable
from dataclasses import dataclass

_SAME_NAME = (
    *("rock", "pop", "alternative", "indie", "electronic", "dance", "alternative rock", "jazz", "metal"),
    *("classic rock", "soul", "indie rock", "folk", "punk", "blues", "hard rock", "ambient", "experimental"),
    *("country", "funk", "heavy metal", "progressive rock", "indie pop", "classical", "techno", "opera"),
    "new age",
)
GENRES = {name: name for name in _SAME_NAME} | {
    "hip-hop": "hip hop",
    "rnb": "R&B",
    "house": "house",
    "electronica": "electronic",
    "electro": "electronic",
    "indian": "Indian",
}
MOODS = {
    "slow": "slow",
    "fast": "fast",
    "loud": "loud",
    "quiet": "quiet",
    "soft": "soft",
    "weird": "strange",
    "beautiful": "beautiful",
    "mellow": "mellow",
    "chill": "relaxed",
    "chillout": "relaxed",
    "party": "lively",
    "sexy": "sensual",
    "catchy": "catchy",
    "sad": "sad",
    "happy": "happy",
    "easy listening": "easygoing",
}
INSTRUMENTS = {
    "guitar": "guitar",
    "strings": "strings",
    "drums": "drums",
    "piano": "piano",
    "violin": "violin",
    "synth": "synthesiser",
    "harpsichord": "harpsichord",
    "flute": "flute",
    "sitar": "sitar",
    "harp": "harp",
    "cello": "cello",
    "beat": "a beat",
    "beats": "a beat",
}
VOICES = {
    **dict.fromkeys(
        ("female", "woman", "female voice", "female vocal", "female vocalists", "female vocalist"),
        "a female voice",
    ),
    **dict.fromkeys(("male", "man", "male voice", "male vocal", "male vocalists"), "a male voice"),
    **dict.fromkeys(("vocal", "vocals", "voice", "singing"), "a voice"),
    **dict.fromkeys(("choir", "choral"), "a choir"),
}
MIN_PROBABILITY = 0.1
"""Least probability of a genre, instrument or voice."""
MIN_MOOD_PROBABILITY = 0.05
"""The same for tempo and mood, which are tagged less often."""


@dataclass(frozen=True)
class AudioTags:
    """Tags of a track by kind, the most probable first."""

    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()


def sort_tags(tags: Iterable[tuple[str, float]]) -> AudioTags:
    """Sort tags into genres, moods, instruments and voices.

    Synonyms are merged with the highest of their probabilities.

    Parameters
    ----------
    tags : iterable of (str, float)
        Tags of one track with their probabilities, of one or both networks.
    """
    tags = list(tags)
    genres = _best(tags, GENRES, MIN_PROBABILITY, 2)
    if len(genres) == 2 and (
        genres[1][1] < 0.5 * genres[0][1] or genres[0][0] in genres[1][0] or genres[1][0] in genres[0][0]
    ):
        genres = genres[:1]
    voices = [word for word, _ in _best(tags, VOICES, MIN_PROBABILITY, 2)]
    if len(voices) == 2 and "a voice" in voices:
        voices.remove("a voice")  # the other tag is more specific
    moods = [word for word, _ in _best(tags, MOODS, MIN_MOOD_PROBABILITY, 3)]
    for word, opposite in (("slow", "fast"), ("loud", "quiet"), ("loud", "soft"), ("sad", "happy")):
        if word in moods and opposite in moods:
            moods.remove(max(word, opposite, key=moods.index))  # the more probable one stays
    instruments = [word for word, _ in _best(tags, INSTRUMENTS, MIN_PROBABILITY, 3)]
    if "strings" in instruments and {"violin", "cello"} & set(instruments):
        instruments.remove("strings")
    return AudioTags(tuple(word for word, _ in genres), tuple(moods[:2]), tuple(instruments), tuple(voices))


def join_words(words: Iterable[str]) -> str:
    """Join words as in "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _best(
    tags: list[tuple[str, float]], wording: dict[str, str], least: float, n: int
) -> list[tuple[str, float]]:
    """Return the ``n`` most probable tags of one kind with their wording."""
    found: dict[str, float] = {}
    for tag, probability in tags:
        word = wording.get(tag.lower())
        if word and probability >= least:
            found[word] = max(found.get(word, 0.0), probability)
    return sorted(found.items(), key=lambda item: -item[1])[:n]
