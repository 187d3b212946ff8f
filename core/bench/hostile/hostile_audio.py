"""Hostile audio files: mutations of small good files in every format, and files made to harm a decoder."""

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

SR = 22_050
REFERRING = "refer-"
"""Names of files that point to others begin with this; each must end as a problem."""
SPARSE_BYTES = 5 * 10**9
_SOUNDFILE = {
    "pcm.wav": {"subtype": "PCM_16"},
    "float.wav": {"subtype": "FLOAT"},
    "ima.wav": {"subtype": "IMA_ADPCM"},
    "ms.wav": {"subtype": "MS_ADPCM"},
    "gsm.wav": {"subtype": "GSM610"},
    "ulaw.wav": {"subtype": "ULAW"},
    "a.w64": {},
    "a.rf64": {},
    "a.aiff": {},
    "ulaw.aifc": {"format": "AIFF", "subtype": "ULAW"},
    "a.au": {},
    "a.caf": {},
    "a.flac": {},
    "a.ogg": {},
    "opus.ogg": {"format": "OGG", "subtype": "OPUS"},
    "a.mp3": {},
    "a.voc": {"subtype": "PCM_16"},
}
_FFMPEG = {
    "a.m4a": "aac",
    "alac.m4a": "alac",
    "a.aac": "aac",
    "a.ac3": "ac3",
    "a.eac3": "eac3",
    "a.wma": "wmav2",
    "a.mka": "aac",
    "a.webm": "libopus",
    "a.avi": "mp2",
    "a.mp2": "mp2",
    "a.tta": "tta",
    "a.wv": "wavpack",
    "a.flv": "aac",
}
_INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)


def good_files() -> dict[str, bytes]:
    """Return a second of a tone in every format that can be written here, some with tags, by name."""
    found = {}
    y = (0.3 * np.sin(np.arange(SR) / 15)).astype(np.float32)
    for name, settings in _SOUNDFILE.items():
        rate = 24_000 if name.startswith("opus") else SR
        found[name] = _with_soundfile(name, y, rate, settings)
    for name, codec in _FFMPEG.items():
        if data := _with_ffmpeg(name, codec, y):
            found[name] = data
    found["id3.mp3"] = _id3(b"TIT2", 5) + found["a.mp3"]
    found["ape.mp3"] = found["a.mp3"] + _ape() + b"TAG" + b"x" * 125
    found["id3.flac"] = _id3(b"USLT", 2**20) + found["a.flac"]
    return found


def _with_soundfile(name: str, y: np.ndarray, sr: int, settings: dict[str, str]) -> bytes:
    """Return the file that libsndfile writes."""
    import soundfile as sf

    settings = {"format": Path(name).suffix[1:].upper(), **settings}
    with io.BytesIO() as out:
        sf.write(out, y, sr, **settings)
        return out.getvalue()


def _with_ffmpeg(name: str, codec: str, y: np.ndarray) -> bytes:
    """Return the file that FFmpeg writes, nothing where it lacks the encoder."""
    import av

    out, rate = io.BytesIO(), 48_000
    kind = {".m4a": "ipod", ".mka": "matroska", ".aac": "adts", ".wma": "asf"}.get(Path(name).suffix)
    try:
        with av.open(out, "w", format=kind or Path(name).suffix[1:]) as container:
            stream: Any = container.add_stream(codec, rate=rate, layout="mono")
            stream.bit_rate = 128_000  # some have no default
            frame = av.AudioFrame.from_ndarray(np.resize(y, (1, rate)), format="fltp", layout="mono")
            frame.sample_rate = rate
            resampler = av.AudioResampler(
                stream.format, "mono", rate, stream.codec_context.frame_size or 1024
            )
            for part in [*resampler.resample(frame), *resampler.resample(None)]:
                container.mux(stream.encode(part))
            container.mux(stream.encode(None))
        return out.getvalue()
    except (av.error.FFmpegError, ValueError):
        return b""


def _id3(frame: bytes, size: int) -> bytes:
    """Return an ID3v2 tag whose frame states a size."""
    body = frame + struct.pack(">I", size) + b"\0\0\3hello"
    return b"ID3\4\0\0" + bytes([0, 0, len(body) >> 7, len(body) & 0x7F]) + body


def _ape() -> bytes:
    """Return an APE tag whose item states a size beyond the file."""
    item = struct.pack("<II", 2**31 - 1, 0) + b"Title\0x"
    return item + b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 2**31, 0) + bytes(8)


def mutated(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return a file with one to four random changes, most of them near its start."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        size = len(changed)
        at = min(int(rng.expovariate(1 / 200)), size - 1) if rng.random() < 0.7 else rng.randrange(size)
        kind = rng.randrange(7)
        if kind == 0:
            changed[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            value = rng.choice(_INTERESTING).to_bytes(4, rng.choice(["little", "big"]))
            changed[at : at + 4] = value[: max(1, min(4, size - at))]
        elif kind == 2:
            del changed[max(at, 16) :]
        elif kind == 3:
            changed[at:at] = changed[at : at + rng.randint(1, 4096)] * rng.randint(1, 4)
        elif kind == 4:
            changed[at:at] = rng.randbytes(rng.randint(1, 512))
        elif kind == 5:
            changed[at:] = other[rng.randrange(len(other)) :]
        else:
            end = min(at + rng.randint(1, 1024), size)
            changed[at:end] = bytes(end - at)
    return bytes(changed)


def crafted_files(port: int, canary: Path) -> Iterator[tuple[str, bytes]]:
    """Yield files made to harm: oversized ADPCM blocks, playlists, archives, polyglots.

    Parameters
    ----------
    port : int
        Of a listener on 127.0.0.1, which playlists point to.
    canary : Path
        An audio file outside the folder, which playlists point to.
    """
    for tag in (0x11, 0x02):
        for channels in (1, 2, 255, 65_535):
            for block in (0, 1, 7, 1_025, 32_768, 65_535):
                yield f"adpcm-{tag}-{channels}-{block}.wav", _adpcm(tag, channels, block)
    uri = f"http://127.0.0.1:{port}/x.mp3"
    for target in (uri, canary.as_uri(), str(canary)):
        lists = {
            "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
            "concat": f"ffconcat version 1.0\nfile '{target}'\n",
            "pls": f"[playlist]\nFile1={target}\nNumberOfEntries=1\n",
            "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio {port} RTP/AVP 0\n",
            "dash": f"<MPD><Period><AdaptationSet><BaseURL>{target}</BaseURL></AdaptationSet></Period></MPD>",
        }
        for name, text in lists.items():
            for ending in ("mp3", "m4a", "flac", "mka"):
                yield f"{REFERRING}{name}-{len(target)}.{ending}", text.encode()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(4):
            archive.writestr(f"{i}.flac", bytes(2**26))
    yield "bomb.flac", bomb.getvalue()
    yield "bomb.mp3", gzip.compress(bytes(2**27))
    good = good_files()
    for name, data in (
        ("a.mp3", b"%PDF-1.7\n"),
        ("a.flac", b"<html><script>1</script>"),
        ("a.ogg", b"PK\3\4"),
    ):
        yield f"polyglot-before-{name}", data + good[name]
        yield f"polyglot-behind-{name}", good[name] + data * 1_000
    yield "polyglot-two.wav", good["pcm.wav"] + good["a.mp3"]


def _adpcm(tag: int, channels: int, block: int) -> bytes:
    """Return a WAV of ADPCM with a given block size."""
    form = struct.pack("<HHIIHHHH", tag, channels, SR, SR, block, 4, 2, (block * 2) & 0xFFFF)
    data = bytes(range(256)) * 300
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def sparse_files() -> dict[str, bytes]:
    """Return the beginnings of files that :data:`SPARSE_BYTES` of nothing follow."""
    form = struct.pack("<HHIIHH", 1, 2, 44_100, 176_400, 4, 16)
    sizes = struct.pack("<QQQI", SPARSE_BYTES - 8, SPARSE_BYTES - 80, SPARSE_BYTES // 4, 0)
    good = good_files()
    unknown = b"\xff\xff\xff\xff"
    return {
        "sparse.wav": b"RIFF" + unknown + b"WAVEfmt \x10\0\0\0" + form + b"data" + unknown,
        "sparse-rf64.wav": b"RF64"
        + unknown
        + b"WAVEds64\x1c\0\0\0"
        + sizes
        + b"fmt \x10\0\0\0"
        + form
        + b"data"
        + unknown,
        "sparse.mp3": good["a.mp3"],
        "sparse.flac": good["a.flac"],
        "sparse.ogg": good["a.ogg"],
        "sparse.m4a": good.get("a.m4a", b""),
        "sparse.mka": good.get("a.mka", b""),
    }


def write_hostile(
    folder: Path, n: int, seed: int, *, port: int, canary: Path, with_sparse: bool = True
) -> int:
    """Write crafted files and mutations, ``n`` in all, and return how many were written.

    The same seed gives the same files.
    """
    rng = random.Random(seed)
    write: Callable[[str, bytes], object] = lambda name, data: (folder / name).write_bytes(data)  # noqa: E731
    crafted = list(crafted_files(port, canary))
    if n < 2 * len(crafted):
        crafted = rng.sample(crafted, n // 2)
    for name, data in crafted:
        write(name, data)
    sparse = sparse_files() if with_sparse else {}
    for name, data in sparse.items():
        with open(folder / name, "wb") as file:
            file.write(data)
            file.truncate(SPARSE_BYTES)
    good = good_files()
    names = sorted(good)
    for i in range(n - len(crafted) - len(sparse)):
        name, other = rng.choice(names), rng.choice(names)
        write(f"{i:05}-{name}", mutated(good[name], good[other], rng))
    return n
