"""One track as a model reads it, without reading the whole collection."""

from dataclasses import dataclass

import numpy as np

from core import store
from core.audio.crops import crop_starts
from core.audio.decode import open_audio
from core.collection import Collection
from core.errors import AudioError, CollectionError, ConfigError, TextError
from core.features import extract_features, present_rows
from core.features.concatenation import Concatenation
from core.features.spectral.clip import Clip
from core.features.spectral.fbank import Fbank
from core.features.spectral.mel import Mel, clip_db, standardise
from core.inputs.input_arrays import as_read
from core.reconstruction.spectrogram_scale import Scale, scale_of


@dataclass(frozen=True, eq=False)
class TrackInput:
    """One track as a model reads it.

    Attributes
    ----------
    x : ndarray, shape=(n_crops, n_mels, n_frames) or (n_crops, d)
        Rounded as stored features are; float32, or integers for token ids.
    scales : tuple of Scale, one per crop
        Empty for vectors, which can't be inverted to audio.
    """

    x: np.ndarray
    scales: tuple[Scale, ...] = ()


def row_of(collection: Collection, track_id: str) -> int:
    """Return the row of a track in its collection.

    Raises
    ------
    CollectionError
        When there is no such track.
    """
    found = np.flatnonzero((collection.tracks["track_id"] == track_id).to_numpy())
    if not len(found):
        raise CollectionError(f"{collection.name} has no track {track_id!r}; perhaps it was refreshed since")
    return int(found[0])


def read_track_input(
    collection: Collection, extractor, track_id: str, *, text_field: str | None = None
) -> TrackInput:
    """Read one track.

    Raises
    ------
    CollectionError
        When there is no such track.
    AudioError, TextError
        When its audio can't be read, or it has no text.
    ConfigError
        When the collection has no input for this extractor.
    """
    row = row_of(collection, track_id)
    if isinstance(extractor, Concatenation):
        parts = [
            read_track_input(collection, part, track_id, text_field=text_field) for part in extractor.parts
        ]
        return TrackInput(np.hstack([part.x for part in parts]))
    if extractor.reads == "file":
        path = collection.audio_paths()[row]
        if not path:
            raise AudioError("this track has no audio; choose another one")
        return _read_audio(extractor, path, track_id)
    if extractor.reads == "table":
        return _vector(extractor, extract_features(collection, extractor).X[row])
    text = collection.texts(text_field)[row]
    if not text:
        raise TextError("this track has no text; choose another one")
    if extractor.reads == "corpus":
        return _vector(extractor, extract_features(collection, extractor, text_field=text_field).X[row])
    stored = list(present_rows(extractor).read([store.key_of(text)]).values())
    return _vector(extractor, stored[0] if stored else extractor.extract_texts([text])[0])


def take_crop(track: TrackInput, crop: int) -> np.ndarray:
    """Return one crop of a track.

    Raises
    ------
    ConfigError
        When the track has fewer crops.
    """
    if not 0 <= crop < len(track.x):
        raise ConfigError(f"crop={crop} must lie in 0..{len(track.x) - 1}: this track has {len(track.x)}")
    return track.x[crop]


def check_shape(model, x: np.ndarray, shape: tuple[int, ...]) -> None:
    """Raise ConfigError where x isn't of the model's input shape, such as when a table has other columns."""
    if tuple(x.shape) != tuple(shape):
        raise ConfigError(
            f"this {model.name} reads input of shape {tuple(shape)}; this track's has shape {tuple(x.shape)}"
        )


def _read_audio(extractor, path: str, track_id: str) -> TrackInput:
    """Read spectrograms with their scales, or vectors, from the store where present."""
    if not isinstance(extractor, Mel | Clip | Fbank):
        stored = present_rows(extractor).read([track_id])
        return _vector(extractor, stored[track_id] if stored else extractor.extract(path))
    if isinstance(extractor, Mel):
        S = extractor.log_mels(path)
        x = np.stack([standardise(clip_db(s, extractor.top_db)) for s in S])
    else:
        S = x = extractor.extract(path)
    scales = tuple(scale_of(extractor, s, start) for s, start in zip(S, _starts_s(path, extractor, len(S))))
    # rounded to half precision, as the stored features that models are trained on
    return TrackInput(np.asarray(x, np.float16).astype(np.float32), scales)


def _starts_s(path: str, front, n_crops: int) -> list[float]:
    """Return the start of each crop in seconds, on the frame grid."""
    with open_audio(path) as audio:
        n_frames = audio.length(front.sr) // front.hop_length
    return [start * front.hop_length / front.sr for start in crop_starts(n_frames, front.n_frames, n_crops)]


def _vector(extractor, row: np.ndarray) -> TrackInput:
    """Return one feature row as a model reads it."""
    x = as_read(extractor, np.asarray(row)[None])
    x = x if x.dtype.kind in "iu" else x.astype(np.float32)
    return TrackInput(x[0] if x.ndim > 2 else x)
