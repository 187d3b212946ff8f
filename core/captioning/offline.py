"""The captioner without a language model: lexicon sentiment, key phrases, and audio tags.

Its captions are templates filled from word counts, so simpler than a language model's. No data is sent
anywhere.
"""

import os
from dataclasses import dataclass, replace
from typing import ClassVar, cast

from core import store
from core.captioning.audio_tags import AudioTags, join_words, sort_tags
from core.captioning.caption_input import Song
from core.captioning.captioner import OnCaption
from core.captioning.key_phrases import find_key_phrases
from core.captioning.sentiment import Sentiment, english_sentiment
from core.collection import Collection
from core.errors import AudioError, ConfigError
from core.features import count_missing, extract_features, get_extractor
from core.features.pretrained.musicnn import Musicnn
from core.progress import Progress, silent
from core.store.hashing.source import source_hash
from core.text.language import detect_languages, name_of
from core.text.sentences import join_sentences

TAGGERS = ("musicnn", "musicnn-mtt")
"""Extractors whose tags are used: genre and mood; instruments and voices."""
SECONDS_PER_TRACK = 0.2
"""One track through one tagger on one core."""
SECONDS_PER_TEXT = 0.01


@dataclass(frozen=True)
class Offline:
    """Write three sentences per track: sentiment, theme, and sentiment with genre and audio tags.

    Sentiment is analysed for English lyrics only, because the lexicon is English. A track without lyrics is
    described by its audio, one without audio by its lyrics.
    """

    name: ClassVar[str] = "offline"
    caption_from: ClassVar[str] = "offline: lexicon and tags"
    sends_to: ClassVar[str] = ""
    costs: ClassVar[bool] = False

    def key(self, song: Song) -> str:
        """Return the key of a song's caption."""
        return store.key_of(song.lyrics, song.genre, song.language, song.tags, source_hash(Offline))

    def missing_reason(self, song: Song, has_audio: bool) -> str:
        """Return the reason why a song can't be captioned, "" where it can."""
        return "" if song.lyrics or has_audio else "no lyrics and no audio to write a caption from"

    def estimate(self, collection: Collection, songs: list[Song]) -> dict:
        """Estimate the seconds that tagging and writing take."""
        missing = (
            sum(count_missing(collection, get_extractor(tagger)) for tagger in TAGGERS)
            if any(collection.audio_paths())
            else 0
        )
        tagging_s = missing * SECONDS_PER_TRACK / (os.cpu_count() or 1)
        return {"seconds": round(tagging_s + len(songs) * SECONDS_PER_TEXT, 1)}

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """Return None: it costs nothing."""
        return None

    def prepare(
        self, collection: Collection, songs: list[Song], progress: Progress = silent
    ) -> tuple[list[Song], dict[str, str]]:
        """Add audio tags to each song; return the songs, and the reason by track id for unusable audio."""
        tags: dict[str, list] = {song.track_id: [] for song in songs}
        failed: dict[str, str] = {}
        ids = list(collection.tracks["track_id"])
        for tagger in TAGGERS if any(collection.audio_paths()) else ():
            extractor = cast(Musicnn, get_extractor(tagger))
            try:
                features = extract_features(collection, extractor, progress=progress)
            except (AudioError, ConfigError) as reason:  # no audio is readable; lyrics still are
                failed |= {i: str(reason) for i, path in zip(ids, collection.audio_paths()) if path}
                continue
            failed |= features.failed
            for track_id, present, best in zip(ids, features.present, extractor.tags(features.X, n=20)):
                if present and track_id in tags:
                    tags[track_id] += best
        return [
            replace(song, tags=tuple((tag, round(p, 3)) for tag, p in tags[song.track_id])) for song in songs
        ], failed

    def write(self, songs: list[Song], on_caption: OnCaption, progress: Progress = silent) -> None:
        """Write a caption per song and report each to ``on_caption``."""
        for done, song in enumerate(songs, start=1):
            if not song.lyrics and not song.tags:
                on_caption(song, reason="no lyrics, and its audio could not be used")
            else:
                if song.lyrics and not song.language:
                    song = replace(song, language=detect_languages([song.lyrics])[0])
                on_caption(song, caption=compose(song))
            progress(done, len(songs), "writing captions")


def compose(song: Song) -> str:
    """Return the three sentences of one song."""
    tags = sort_tags(song.tags)
    sentiment = english_sentiment(song.lyrics) if song.lyrics and song.language == "en" else None
    phrases = find_key_phrases(song.lyrics, song.language) if song.lyrics else []
    return join_sentences(
        [
            _sentiment_sentence(song, sentiment, tags),
            _theme_sentence(song, phrases, tags),
            _genre_sentence(song, sentiment, tags),
        ]
    )


def _sentiment_sentence(song: Song, sentiment: Sentiment | None, tags: AudioTags) -> str:
    """Word the sentiment of the lyrics, or why it is unknown and the mood of the audio."""
    if sentiment:
        return f"The sentiment of the lyrics is {sentiment.label}" + (
            f", in words such as {join_words(sentiment.strongest)}" if sentiment.strongest else ""
        )
    feels = f"the music sounds {join_words(tags.moods)}" if tags.moods else ""
    if not song.lyrics:
        return (
            f"There are no lyrics, and {feels}"
            if feels
            else "There are no lyrics, and no mood stands out in the sound"
        )
    language = name_of(song.language)
    words = (
        f"The lyrics are in {language} and their sentiment is not judged"
        if language
        else "The sentiment of the lyrics is not judged"
    )
    return f"{words}, but {feels}" if feels else words


def _theme_sentence(song: Song, phrases: list[str], tags: AudioTags) -> str:
    """Word the theme of the lyrics; without lyrics, the voices and instruments."""
    if phrases:
        return f"The theme turns around {join_words(phrases)}"
    if song.lyrics:
        return "The lyrics name no theme"
    carried = (*tags.voices, *tags.instruments)
    return (
        f"Without words, the piece is carried by {join_words(carried)}"
        if carried
        else "Without words, no theme can be told"
    )


def _genre_sentence(song: Song, sentiment: Sentiment | None, tags: AudioTags) -> str:
    """Word sentiment, genre and audio tags together."""
    adjectives = [*((sentiment.label,) if sentiment else ()), *tags.moods]
    kind = f"{song.genre} " if song.genre else ""
    noun = "song" if song.lyrics else "piece"
    start = f"{', '.join(adjectives)} {kind}{noun}".strip()
    start = f"{'An' if start[0].lower() in 'aeiou' else 'A'} {start}"
    genres = [word for word in tags.genres if word.lower() != song.genre.lower()]
    parts = [f"that sounds like {join_words(genres)}"] if genres else []
    audible = (*tags.instruments, *tags.voices)
    parts += [f"with {join_words(audible)}"] if audible and song.lyrics else []
    if not parts and not song.tags:
        return (
            f"{start} whose sound is not known"
            if song.genre
            else f"{start} whose genre and sound are not known"
        )
    return " ".join([start, *parts]) if parts or song.genre else f"{start} of no genre that stands out"
