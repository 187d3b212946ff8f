"""File name endings of audio."""

import os

_FORMATS = """
wav wave w64 rf64 bwf flac ogg oga opus spx mp3 mp2 mp1 mpga aiff aif aifc au snd caf m4a m4b m4r
aac adts wma asf wmv ape wv tta mpc ac3 eac3 dts amr 3gp 3ga ra rm voc mka mkv webm weba mp4 m4v
mov avi flv ogv mpg mpeg gsm dsf dff alac shn tak
"""
AUDIO_ENDINGS = frozenset(f".{name}" for name in _FORMATS.split())
"""File name endings of audio, or video with audio."""


def is_audio_name(name: str) -> bool:
    """Return whether a file name has the ending of audio."""
    return os.path.splitext(name)[1].lower() in AUDIO_ENDINGS
