"""Files transcribed where the engine in use works: here in batches, or one by one on a cluster."""

import functools
from collections.abc import Callable

from core import engine
from core.errors import AudioError
from core.transcription.long_form import Lyrics, transcribe_files
from core.transcription.transcription_settings import TranscriptionSettings
from core.transcription.whisper import load_whisper


def transcribe_by_engine(
    paths: dict[str, str],
    settings: TranscriptionSettings,
    on_lyrics: Callable[[str, Lyrics | None, str], None],
    on_progress: Callable[[dict[str, float]], None],
) -> None:
    """Transcribe files by name, see :func:`core.transcription.long_form.transcribe_files`.

    The workers of a cluster load the model once each.
    """
    if engine.is_local():
        whisper = load_whisper(settings.model)
        whisper.check_language(settings.language)
        on_progress({})
        transcribe_files(whisper, paths.items(), settings, on_lyrics, on_progress)
        return
    on_progress({})
    work = functools.partial(transcribe_file, settings=settings)
    for name, result in engine.run_each(work, paths, (AudioError,), per_task=1):
        if isinstance(result, engine.Failed):
            on_lyrics(name, None, result.reason)
        else:
            on_lyrics(name, result, "")
        on_progress({})


def transcribe_file(path: str, settings: TranscriptionSettings) -> Lyrics:
    """Return the transcript of one file, with a model that this process loads once.

    Raises
    ------
    AudioError
        When it can't be read.
    """
    whisper = load_whisper(settings.model)
    whisper.check_language(settings.language)
    found: list[tuple[Lyrics | None, str]] = []

    def on_lyrics(name: str, lyrics: Lyrics | None, reason: str) -> None:
        found.append((lyrics, reason))

    transcribe_files(whisper, [("", path)], settings, on_lyrics, lambda done_s: None)
    lyrics, reason = found[0]
    if lyrics is None:
        raise AudioError(reason)
    return lyrics
