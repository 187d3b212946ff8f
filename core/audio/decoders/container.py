"""Decode with FFmpeg (PyAV) what libsndfile can't: m4a, aac, wma, webm, the audio of videos, and so on.

FFmpeg also supports playlists, scripts and images that refer to other files or URLs; only formats that
contain their own audio are allowed, and no protocol but the open file. Every read has a time limit, so that
no file can keep FFmpeg searching indefinitely.
"""

import io
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from core.audio.decoders.decoder_errors import as_audio_error
from core.audio.decoders.samples import as_floats, match_channels
from core.audio.decoders.timed_file import TimedFile
from core.audio.headers.frame_headers import rate_of
from core.errors import AudioError

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,asf,xwma,aac,ac3,eac3,dts,dtshd,truehd,mlp,matroska,webm,avi,mpeg,mpegts,flv,"
    "flac,mp3,ogg,wav,w64,aiff,au,caf,ape,wv,tta,tak,mpc,mpc8,dsf,iff,amr,rm,voc,oma,loas,nut,gsm"
)
COUNTED = {"aac", "ac3", "eac3", "dts", "dtshd", "truehd", "mlp", "amr", "loas", "gsm", "mp3"}
"""Raw streams, whose length FFmpeg guesses from the bit rate: packets are counted instead."""
PREROLL_S = 0.5
"""Decoded and discarded before a crop: codecs carry state over several packets."""
LIMIT_S = 15
MICROSECONDS = 1_000_000
DAMAGED = "is damaged where it is read"
UNOPENED = "is not audio, or its header is damaged"


class UnopenedError(AudioError):
    """FFmpeg can't open a file at all."""


class Container:
    """The first audio stream of one file open in FFmpeg.

    Raises
    ------
    AudioError
        If FFmpeg doesn't support the format, or finds no audio in it that it can decode.
    """

    promised = 0
    as_stated = True
    is_chained = False
    slack_s = 0.1  # headers round lengths, and some include the codec's priming samples

    def __init__(self, file: io.FileIO):
        import av

        av.logging.set_level(None)
        self._errors = av.error.FFmpegError
        self._file = TimedFile(file, LIMIT_S)
        self._container: Any = None
        try:
            with as_audio_error(UNOPENED, self._errors, details=False):
                options = {"format_whitelist": FORMATS, "protocol_whitelist": "none"}
                try:
                    self._container = av.open(self._file, options=options, metadata_errors="ignore")
                except self._errors as error:
                    raise UnopenedError(UNOPENED) from error
                self._open_stream()
        except BaseException:
            self.close()
            raise

    def _open_stream(self) -> None:
        """Choose the stream, decode its first frame (HE-AAC headers have half the rate), find its length."""
        if not self._container.streams.audio:
            kinds = sorted({stream.type or "unknown data" for stream in self._container.streams})
            raise AudioError(f"holds no audio, only {' and '.join(kinds) or 'a header'}")
        self._stream: Any = self._container.streams.audio[0]
        if self._stream.codec_context is None:
            raise AudioError("its audio is encoded or protected in a way that FFmpeg can't decode")
        self._stream.thread_type = "NONE"  # the calling thread pool keeps the cores busy
        frame = next(self._frames(), None)
        if frame is None:
            raise AudioError("is not audio, or damaged: not one frame can be decoded")
        as_floats(frame)  # refuses a sample format that can't be converted
        self.sr, self.channels = frame.sample_rate, frame.layout.nb_channels
        self.format, self.subtype = self._container.format.name, self._stream.codec_context.name
        # all of FFmpeg's lossy decoders return floats; NaN of theirs is checked in what is read
        self.is_float = self.subtype.startswith("pcm_f")
        self._start = self._seconds(self._stream.start_time) or Fraction(0)
        self.n_frames = round(self._duration() * self.sr)

    def blocks(self, start: int, n: int) -> Iterator[np.ndarray]:
        """Yield ``n`` frames from ``start``, float32 of shape (m, channels); fewer at the end of the file."""
        wanted, stop = start, start + n
        position = None
        for frame in self._frames_from(start):
            if frame.sample_rate != self.sr:
                raise AudioError(f"changes its sample rate midway, from {self.sr} to {frame.sample_rate} Hz")
            if position is None:
                position = self._position(frame)
            block = match_channels(as_floats(frame), self.channels)[
                max(wanted - position, 0) : max(stop - position, 0)
            ]
            if len(block):
                if position > wanted:  # the stream starts late, or has a gap here
                    gap = min(position, stop) - wanted
                    yield np.zeros((gap, self.channels), np.float32)
                    wanted += gap
                yield block
                wanted += len(block)
            position += frame.samples
            if position >= stop:
                return

    def is_cut(self) -> bool:
        """Return False: FFmpeg's containers promise a length, so missing frames are counted instead."""
        return False

    def close(self) -> None:
        """Close FFmpeg's container; the caller closes the file."""
        if self._container is not None:
            self._container.close()
        self._file.release()

    def _frames(self) -> Iterator[Any]:
        """Yield decoded frames from the current position; damaged packets are skipped, as by players."""
        for packet in self._packets():
            with as_audio_error(DAMAGED):
                try:
                    frames = packet.decode()
                except self._errors:
                    frames = ()
            yield from frames

    def _packets(self, every_stream: bool = False) -> Iterator[Any]:
        """Yield packets of the stream, or of all, from here on; the caller counts what is missing.

        PyAV counts the streams once and raises IndexError, after the last packet, for one that appears late.
        """
        with as_audio_error(DAMAGED):
            try:
                for packet in self._container.demux(*(() if every_stream else (self._stream,))):
                    self._file.check_time()
                    yield packet
            except (IndexError, self._errors):
                return

    def _frames_from(self, start: int) -> Iterator[Any]:
        """Yield decoded frames from ``start`` or a little earlier."""
        self._file.restart_clock()
        seconds = max(Fraction(start, self.sr) - Fraction(PREROLL_S), Fraction(0))
        for target in (seconds + self._start, self._start) if seconds else (self._start,):
            if not self._seek(target):
                continue
            frames = self._frames()
            first = next((frame for frame in frames if frame.pts is not None), None)
            # A seek that lands after its target would lose audio: then decode from the start.
            if first is not None and (target == self._start or self._position(first) <= start):
                yield first
                yield from frames
                return

    def _seek(self, seconds: Fraction) -> bool:
        """Seek to a time of the stream's clock or a little earlier; return whether it succeeds."""
        with as_audio_error(DAMAGED):
            try:
                self._container.seek(
                    int(seconds / self._stream.time_base), stream=self._stream, backward=True
                )
                return True
            except self._errors:
                return False

    def _position(self, frame: Any) -> int:
        """Return the index of a frame's first sample in the stream."""
        return round((frame.pts * frame.time_base - self._start) * self.sr)

    def _seconds(self, ticks: int | None) -> Fraction | None:
        """Convert ticks of the stream's clock to seconds."""
        return None if ticks is None else ticks * self._stream.time_base

    def _duration(self) -> Fraction:
        """Return the length in seconds: as promised, else counted packet by packet without decoding."""
        if self.format in COUNTED:
            return self._count()
        promised = self._seconds(self._stream.duration)
        if promised is None and self._container.duration:
            promised = self._share_of(Fraction(self._container.duration, MICROSECONDS))
        elif promised and self.format == "avi":
            self._file.refuse_cut_riff()  # FFmpeg guesses the length of what is left
            end = self._last_end(promised - 1)  # writers count a late start as if it were audio
            promised = promised if end >= promised - self.slack_s else self._last_end()
        return promised or self._count()

    def _share_of(self, promised: Fraction) -> Fraction:
        """Return the audio's length where only the container's is known.

        That may include the time before the audio starts, and longer streams of video. If the file as a whole
        is as long as promised, nothing of the audio is missing.
        """
        if self._start <= self.slack_s and len(self._container.streams) == 1:
            return promised
        first = Fraction(self._container.start_time or 0, MICROSECONDS)
        if self._start <= self.slack_s and self._last_end(promised - 1) >= promised - self.slack_s:
            return promised
        end, last = self._last_end(), self._last_end(every_stream=True)
        is_whole = any(abs(last - skipped - promised) <= 2 * self.slack_s for skipped in (0, first))
        return end - self._start if is_whole else promised

    def _last_end(self, after_s: Fraction = Fraction(0), every_stream: bool = False) -> Fraction:
        """Return when the last packet of the audio, or of any stream, ends; packets are not decoded."""
        self._seek(after_s)
        last = Fraction(0)
        for packet in self._packets(every_stream):
            if packet.pts is not None:
                last = max(last, (packet.pts + (packet.duration or 0)) * packet.time_base)
        return last

    def _count(self) -> Fraction:
        """Return the time from the first packet to the end of the last one.

        Raises
        ------
        AudioError
            If the frame headers of an MP3 or ADTS stream change the sample rate midway.
        """
        self._container.seek(0)
        last, rate = Fraction(0), None
        for packet in self._packets():
            if packet.pts is None:
                continue
            end = (packet.pts + (packet.duration or 0)) * packet.time_base - self._start
            header = bytes(memoryview(packet)[:4]) if packet.size else b""
            found = rate_of(header, self.format)
            if rate and found and found != rate:
                raise AudioError(
                    f"changes its sample rate midway, from {rate} to {found} Hz at {float(last):.1f} s, so "
                    "it may be several files in one"
                )
            last, rate = max(last, end), found or rate
        return last
