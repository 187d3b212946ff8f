"""The captioner that needs no language model: a lexicon's sentiment, key phrases, and the tags of pretrained networks.

Plainly less than what a language model writes: it counts words and doesn't understand them. Nothing leaves
the machine.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from core import store
from core.captioning.audio_tags import Sound, describe_sound, in_a_row
from core.captioning.caption_input import Song
from core.collection import Collection
from core.errors import AudioError, ConfigError
from core.progress import Progress, silent
from core.store.source import source_hash
from core.text.sentences import join_sentences

EARS = ("musicnn", "musicnn-mtt")
"""Extractors whose tags are read: genre and mood; instruments and voices."""
SECONDS_PER_SOUND = 0.2
"""One track through one of them on one core."""
SECONDS_PER_TEXT = 0.01


@dataclass(frozen=True)
class Offline:
    """Write three sentences per track from counts and tags: sentiment, theme, sentiment with genre and sound.

    Sentiment is judged for English lyrics only, because the lexicon is English; of other languages the
    sentence says that it is not judged. A track without lyrics is described by its sound, one without sound
    by its words.
    """

    name: ClassVar[str] = "offline"
    caption_from: ClassVar[str] = "offline: lexicon and tags"
    sends: ClassVar[str] = ""
    costs: ClassVar[bool] = False

    def key(self, song: Song) -> str:
        """Return the key of a song's caption."""
        return store.key_of(song.lyrics, song.genre, song.language, song.tags, source_hash(Offline))

    def reason_against(self, song: Song, has_sound: bool) -> str:
        """Say why there can be no caption, "" where there can."""
        return "" if song.lyrics or has_sound else "neither lyrics nor sound to write a caption from"

    def estimate(self, collection: Collection, songs: list[Song]) -> dict:
        """Guess the seconds that listening and counting take."""
        import os

        from core.features import count_missing, get_extractor

        missing = (
            sum(count_missing(collection, get_extractor(ear)) for ear in EARS)
            if any(collection.audio_paths())
            else 0
        )
        return {
            "seconds": round(
                missing * SECONDS_PER_SOUND / (os.cpu_count() or 1) + len(songs) * SECONDS_PER_TEXT, 1
            )
        }

    def prepare(
        self, collection: Collection, songs: list[Song], progress: Progress = silent
    ) -> tuple[list[Song], dict[str, str]]:
        """Add to each song what the networks hear in it; return the songs and the reason by track id where they can't."""
        from core.features import extract_features, get_extractor

        tags: dict[str, list] = {song.track_id: [] for song in songs}
        failed: dict[str, str] = {}
        ids = list(collection.tracks["track_id"])
        for ear in EARS if any(collection.audio_paths()) else ():
            extractor = get_extractor(ear)
            try:
                features = extract_features(collection, extractor, progress=progress)
            except (AudioError, ConfigError) as reason:  # no track's sound can be read: the words still can
                failed |= {i: str(reason) for i, path in zip(ids, collection.audio_paths()) if path}
                continue
            failed |= features.failed
            for track_id, present, heard in zip(ids, features.present, extractor.tags(features.X, n=20)):
                if present and track_id in tags:
                    tags[track_id] += heard
        return [
            replace(song, tags=tuple((word, round(p, 3)) for word, p in tags[song.track_id]))
            for song in songs
        ], failed

    def write(self, songs: list[Song], take: Callable[..., None], progress: Progress = silent) -> None:
        """Write a caption per song and hand each to ``take(song, caption=…)`` or ``take(song, reason=…)``."""
        from core.text.language import detect_languages

        for done, song in enumerate(songs, start=1):
            if not song.lyrics and not song.tags:
                take(song, reason="no lyrics, and its sound could not be used")
            else:
                if song.lyrics and not song.language:
                    song = replace(song, language=detect_languages([song.lyrics])[0])
                take(song, caption=compose(song))
            progress(done, len(songs), "writing captions")


def compose(song: Song) -> str:
    """Return the three sentences of one song."""
    from core.captioning.key_phrases import find_key_phrases
    from core.captioning.sentiment import judge_english

    sound = describe_sound(song.tags)
    sentiment = judge_english(song.lyrics) if song.lyrics and song.language == "en" else None
    phrases = find_key_phrases(song.lyrics, song.language) if song.lyrics else []
    return join_sentences(
        [
            _say_sentiment(song, sentiment, sound),
            _say_theme(song, phrases, sound),
            _say_kind(song, sentiment, sound),
        ]
    )


def _say_sentiment(song: Song, sentiment, sound: Sound) -> str:
    """Say the sentiment of the words, or why it is not judged and what the sound is like instead."""
    if sentiment:
        return f"The sentiment of the lyrics is {sentiment.word}" + (
            f", in words such as {in_a_row(sentiment.loaded)}" if sentiment.loaded else ""
        )
    feels = f"the music sounds {in_a_row(sound.moods)}" if sound.moods else ""
    if not song.lyrics:
        return (
            f"There are no lyrics, and {feels}"
            if feels
            else "There are no lyrics, and no mood stands out in the sound"
        )
    language = _language_of(song.language)
    words = (
        f"The lyrics are in {language} and their sentiment is not judged"
        if language
        else "The sentiment of the lyrics is not judged"
    )
    return f"{words}, but {feels}" if feels else words


def _say_theme(song: Song, phrases: list[str], sound: Sound) -> str:
    """Say what the words turn around; of a piece without words, what carries it."""
    if phrases:
        return f"The theme turns around {in_a_row(phrases)}"
    if song.lyrics:
        return "The lyrics name no theme"
    carried = (*sound.voices, *sound.instruments)
    return (
        f"Without words, the piece is carried by {in_a_row(carried)}"
        if carried
        else "Without words, no theme can be told"
    )


def _say_kind(song: Song, sentiment, sound: Sound) -> str:
    """Say sentiment, genre and sound together."""
    adjectives = [*((sentiment.word,) if sentiment else ()), *sound.moods]
    kind = f"{song.genre} " if song.genre else ""
    noun = "song" if song.lyrics else "piece"
    start = f"{', '.join(adjectives)} {kind}{noun}".strip()
    start = f"{'An' if start[0].lower() in 'aeiou' else 'A'} {start}"
    genres = [word for word in sound.genres if word.lower() != song.genre.lower()]
    parts = [f"that sounds like {in_a_row(genres)}"] if genres else []
    heard = (*sound.instruments, *sound.voices)
    parts += [f"with {in_a_row(heard)}"] if heard and song.lyrics else []
    if not parts and not song.tags:
        return (
            f"{start} whose sound is not known"
            if song.genre
            else f"{start} whose genre and sound are not known"
        )
    return " ".join([start, *parts]) if parts or song.genre else f"{start} of no genre that stands out"


def _language_of(code: str) -> str:
    """Return a language's English name, "" where there is none."""
    from core.text.language import name_of

    return name_of(code)
