"""Decoding in processes of their own, with limits of time and memory.

Plain PCM and FLAC (:mod:`core.audio.isolated.plain`) are decoded in this process; everything else, whose
decoders have a history of overflows, in one of a pool of processes. A file that crashes its decoder, holds it
too long or asks for too much memory costs that process and ends as an :class:`~core.errors.AudioError`.
"""
