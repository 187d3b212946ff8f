"""What a model reads of one track, and how to read its numbers, without reading the whole collection."""

from dataclasses import dataclass

import numpy as np

from core import store
from core.audio.crops import crop_starts
from core.audio.decode import open_sound
from core.collection import Collection
from core.errors import AudioError, CollectionError, TextError
from core.features import extract_features, present_rows
from core.features.spectral.clip import Clip
from core.features.spectral.fbank import Fbank
from core.features.spectral.mel import Mel, clip_db, standardise
from core.inputs.input_arrays import as_read
from core.reconstruction.spectrogram_scale import Scale, scale_of_clip, scale_of_fbank, scale_of_mel


@dataclass(frozen=True, eq=False)
class Example:
    """One track as a model reads it.

    Attributes
    ----------
    x : ndarray, shape=(n_crops, n_mels, n_frames) or (n_crops, d)
        As the extractor keeps it, rounding included; float32, or whole numbers where these are word pieces.
    scales : tuple of Scale, one per crop
        Empty where x is a vector, which nothing turns back into sound.
    """

    x: np.ndarray
    scales: tuple[Scale, ...] = ()


def row_of(collection: Collection, track_id: str) -> int:
    """Return where a track stands in its collection.

    Raises
    ------
    CollectionError
        When it is not there.
    """
    found = np.flatnonzero((collection.tracks["track_id"] == track_id).to_numpy())
    if not len(found):
        raise CollectionError(f"{collection.name} has no track {track_id!r}; perhaps it was read anew since")
    return int(found[0])


def read_example(
    collection: Collection, extractor, track_id: str, *, text_field: str | None = None
) -> Example:
    """Read one track.

    Raises
    ------
    CollectionError
        When there is no such track.
    AudioError, TextError
        When its sound can't be read, or it has no words.
    ConfigError
        When the collection has nothing that this extractor reads.
    """
    row = row_of(collection, track_id)
    if extractor.reads == "file":
        path = collection.audio_paths()[row]
        if not path:
            raise AudioError("this track came without sound; choose another one")
        return _read_sound(extractor, path, track_id)
    if extractor.reads == "table":
        return _vector(extractor, extract_features(collection, extractor).X[row])
    text = collection.texts(text_field)[row]
    if not text:
        raise TextError("this track has no words; choose another one")
    if extractor.reads == "corpus":
        return _vector(extractor, extract_features(collection, extractor, text_field=text_field).X[row])
    kept = present_rows(extractor).read([store.key_of(text)])
    return _vector(extractor, next(iter(kept.values()), None) if kept else extractor.extract_texts([text])[0])


def _read_sound(extractor, path: str, track_id: str) -> Example:
    """Read spectrograms with their scales, or vectors from the store where they are there."""
    if isinstance(extractor, Mel):
        S = extractor.log_mels(path)
        starts = _starts_s(path, extractor, len(S))
        x = np.stack([standardise(clip_db(s, extractor.top_db)) for s in S])
        return Example(_rounded(x), tuple(scale_of_mel(extractor, s, start) for s, start in zip(S, starts)))
    if isinstance(extractor, (Clip, Fbank)):
        x = extractor.extract(path)
        scale_of = scale_of_clip if isinstance(extractor, Clip) else scale_of_fbank
        return Example(
            _rounded(x), tuple(scale_of(extractor, start) for start in _starts_s(path, extractor, len(x)))
        )
    kept = present_rows(extractor).read([track_id])
    return _vector(extractor, kept[track_id] if kept else extractor.extract(path))


def _starts_s(path: str, front, n_crops: int) -> list[float]:
    """Return where the crops of a spectrogram begin, in seconds and to a frame."""
    with open_sound(path) as sound:
        n_frames = sound.length(front.sr) // front.hop_length
    return [start * front.hop_length / front.sr for start in crop_starts(n_frames, front.n_frames, n_crops)]


def _rounded(x: np.ndarray) -> np.ndarray:
    """Round as the store does: a model was trained on that."""
    return np.asarray(x, np.float16).astype(np.float32)


def _vector(extractor, row: np.ndarray) -> Example:
    """Return one row as a model reads it."""
    read = as_read(extractor, np.asarray(row)[None])
    read = read if read.dtype.kind in "iu" else read.astype(np.float32)
    return Example(read[0] if read.ndim > 2 else read)
