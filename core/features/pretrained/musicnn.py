"""Layers of the pretrained musicnn networks: the default representation of audio."""

import os
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from core.audio.crops import read_crops
from core.config import setting
from core.features.extractor import AudioExtractor
from core.features.spectral.mel import log_mel

SR, N_FFT, HOP_LENGTH, N_MELS, N_FRAMES = 16_000, 512, 256, 96, 187
"""The front end that the networks were trained with; a patch is 3 s."""

LAYERS = {
    "penultimate": slice(0, 200),
    "mean_pool": slice(200, 953),
    "max_pool": slice(953, 1706),
    "tags": slice(1706, 1756),
}
"""Position of each layer of ``MusicnnNet.forward`` in a row."""

TAGS = {
    "mtt": (
        "guitar",
        "classical",
        "slow",
        "techno",
        "strings",
        "drums",
        "electronic",
        "rock",
        "fast",
        "piano",
        "ambient",
        "beat",
        "violin",
        "vocal",
        "synth",
        "female",
        "indian",
        "opera",
        "male",
        "singing",
        "vocals",
        "no vocals",
        "harpsichord",
        "loud",
        "quiet",
        "flute",
        "woman",
        "male vocal",
        "no vocal",
        "pop",
        "soft",
        "sitar",
        "solo",
        "man",
        "classic",
        "choir",
        "voice",
        "new age",
        "dance",
        "male voice",
        "female vocal",
        "beats",
        "harp",
        "cello",
        "no voice",
        "weird",
        "country",
        "metal",
        "female voice",
        "choral",
    ),
    "msd": (
        "rock",
        "pop",
        "alternative",
        "indie",
        "electronic",
        "female vocalists",
        "dance",
        "00s",
        "alternative rock",
        "jazz",
        "beautiful",
        "metal",
        "chillout",
        "male vocalists",
        "classic rock",
        "soul",
        "indie rock",
        "Mellow",
        "electronica",
        "80s",
        "folk",
        "90s",
        "chill",
        "instrumental",
        "punk",
        "oldies",
        "blues",
        "hard rock",
        "ambient",
        "acoustic",
        "experimental",
        "female vocalist",
        "guitar",
        "Hip-Hop",
        "70s",
        "party",
        "country",
        "easy listening",
        "sexy",
        "catchy",
        "funk",
        "electro",
        "heavy metal",
        "Progressive rock",
        "60s",
        "rnb",
        "indie pop",
        "sad",
        "House",
        "happy",
    ),
}
"""Tags that each network was trained on, in output order (MagnaTagATune, Million Song Dataset)."""


@dataclass(frozen=True)
class Musicnn(AudioExtractor):
    """The layers of a pretrained musicnn network, averaged over evenly spaced patches of 3 s.

    On 130 recordings from 11 game soundtracks k-means (k = 11, standardised) found the soundtrack with ARI
    0.25 and NMI 0.50; mel band statistics of the same patches reached 0.13 and 0.38, MFCC 0.13 and 0.36. 1,
    3, 5 and 9 patches gave 0.18, 0.25, 0.26 and 0.26 with ``msd``, 0.21, 0.27, 0.26 and 0.29 with ``mtt``:
    beyond three, each patch costs 65 ms for little. The layer ``tags`` is the weakest; the pooled ones tie
    with ``penultimate`` and are four times as wide. The two networks tie, too; ``msd`` is the default because
    it was trained on more songs, with tags of genre, mood and decade; ``mtt`` has instruments and voices.

    References
    ----------
    Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging", ISMIR 2019,
    late-breaking session.
    """

    name: ClassVar[str] = "musicnn"

    network: Literal["msd", "mtt"] = setting(
        "msd",
        title="Training set",
        help="msd: the Million Song Dataset with last.fm's tags; mtt: MagnaTagATune.",
    )
    n_patches: int = setting(
        3,
        low=1,
        title="Patches",
        help="Evenly spaced patches of 3 s per track; a track shorter than one is padded with silence.",
    )
    layer: Literal["penultimate", "mean_pool", "max_pool", "tags"] = setting(
        "penultimate",
        title="Layer",
        help="Layer that represents a track: penultimate (200), mean_pool or max_pool (753 each), tags (50).",
    )

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Read a track's patches and return all of :data:`LAYERS`, averaged over the patches.

        Thread-safe: decoding and the network release the GIL. The owner of the pool calls
        ``torch.set_num_threads(1)`` first, because nested threads slow it down.

        Returns
        -------
        ndarray of float32, shape=(1756,)

        Raises
        ------
        AudioError
            With the reason, where the audio can't be used.
        """
        import torch

        from core.features.pretrained.musicnn_net import load_network

        net = load_network(self.network)
        with torch.inference_mode():
            out = net(torch.from_numpy(self.patches(path)))
            return torch.cat([out[layer].mean(dim=0) for layer in LAYERS]).numpy()

    def patches(self, path: str | os.PathLike) -> np.ndarray:
        """Read the input of the network: ``log10(1 + 10000 · mel)``, shape=(n_patches, 187, 96), float32.

        ``mel`` is the power spectrogram in librosa's mel bands. The published code rounds it to float16,
        where loud bands overflow to infinity; this code does not.
        """
        lead = N_FFT // 2
        n_samples = (N_FRAMES - 1) * HOP_LENGTH + 2 * lead
        crops, length = read_crops(
            path, sr=SR, n_samples=n_samples, n_crops=self.n_patches, hop_length=HOP_LENGTH, lead=lead
        )
        if length <= n_samples - 2 * lead:
            crops = crops[:1]  # a track no longer than a patch has one patch
        decibels = np.stack(
            [log_mel(y, SR, n_fft=N_FFT, hop_length=HOP_LENGTH, n_mels=N_MELS).T for y in crops]
        )
        return np.log10(1 + 10 ** (decibels / 10 + 4))

    def summarise(self, X: np.ndarray) -> np.ndarray:
        """Return the chosen layer of each row.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, 1756)

        Returns
        -------
        ndarray of float32, shape=(n_tracks, 200 | 753 | 50)
        """
        return np.ascontiguousarray(X[:, LAYERS[self.layer]], np.float32)

    def tags(self, X: np.ndarray, n: int = 5) -> list[list[tuple[str, float]]]:
        """Return the most probable tags of each row, best first.

        Probabilities are averaged over a track's patches. For a group of tracks, pass the mean of its rows.

        Parameters
        ----------
        X : ndarray, shape=(n_tracks, 1756)
        n : int
            Tags per row.
        """
        names = TAGS[self.network]
        probabilities = X[:, LAYERS["tags"]]
        best = np.argsort(-probabilities, axis=1, kind="stable")[:, :n]
        return [[(names[i], float(row[i])) for i in order] for row, order in zip(probabilities, best)]
