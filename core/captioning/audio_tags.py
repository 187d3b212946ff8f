"""Words for a sound, from the tags that the two pretrained musicnn networks give it."""

from collections.abc import Iterable
from dataclasses import dataclass

GENRES = {
    word.lower(): word.lower()
    for word in "rock,pop,alternative,indie,electronic,dance,alternative rock,jazz,metal,classic "
    "rock,soul,indie rock,folk,punk,blues,"
    "hard rock,ambient,experimental,country,funk,heavy metal,Progressive rock,indie "
    "pop,classical,techno,opera,new age".split(",")
} | {
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
HEARD = 0.1
"""Probability from which an instrument or a voice counts as heard."""
FELT = 0.05
"""The same for tempo and mood, which people tag more seldom."""


@dataclass(frozen=True)
class Sound:
    """What a track sounds like, the surest words first; each tuple may be empty."""

    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()


def describe_sound(tags: Iterable[tuple[str, float]]) -> Sound:
    """Sort tags into genre, mood, instruments and voices.

    Tags that mean the same become one word, with the best of their probabilities.

    Parameters
    ----------
    tags : iterable of (str, float)
        Tags of one track with their probabilities, of one network or of both.
    """
    tags = list(tags)
    genres = _best(tags, GENRES, HEARD, 2)
    if len(genres) == 2 and (
        genres[1][1] < 0.5 * genres[0][1] or genres[0][0] in genres[1][0] or genres[1][0] in genres[0][0]
    ):
        genres = genres[:1]
    voices = [word for word, _ in _best(tags, VOICES, HEARD, 2)]
    if len(voices) == 2 and "a voice" in voices:
        voices.remove("a voice")  # the other word says it better
    moods = [word for word, _ in _best(tags, MOODS, FELT, 3)]
    for word, opposite in (("slow", "fast"), ("loud", "quiet"), ("loud", "soft"), ("sad", "happy")):
        if word in moods and opposite in moods:
            moods.remove(max(word, opposite, key=moods.index))  # the surer one stays
    instruments = [word for word, _ in _best(tags, INSTRUMENTS, HEARD, 3)]
    if "strings" in instruments and {"violin", "cello"} & set(instruments):
        instruments.remove("strings")
    return Sound(tuple(word for word, _ in genres), tuple(moods[:2]), tuple(instruments), tuple(voices))


def in_a_row(words: Iterable[str]) -> str:
    """Say words as a list: "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _best(
    tags: list[tuple[str, float]], meanings: dict[str, str], least: float, n: int
) -> list[tuple[str, float]]:
    """Return the ``n`` most probable words of one kind."""
    found: dict[str, float] = {}
    for tag, probability in tags:
        word = meanings.get(tag.lower())
        if word and probability >= least:
            found[word] = max(found.get(word, 0.0), probability)
    return sorted(found.items(), key=lambda item: -item[1])[:n]
