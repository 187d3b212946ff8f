"""The musicnn networks: equal to the published graph, and read from files as they were trained."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
import torch

from core.errors import AudioError, ConfigError
from core.features.pretrained.musicnn import LAYERS, N_FRAMES, SR, TAGS, Musicnn
from core.features.pretrained.musicnn_net import MusicnnNet, load_network

EXPECTED = Path(__file__).parents[2] / "fixtures" / "musicnn_expected.npz"


@pytest.fixture(scope="module")
def expected():
    """What the published TensorFlow graph gave (made by assets/musicnn/convert.py)."""
    with np.load(EXPECTED) as kept:
        return dict(kept)


@pytest.fixture
def song(tmp_path):
    """Ten seconds whose pitch rises, so that every patch differs."""
    t = np.arange(10 * SR) / SR
    y = 0.4 * np.sin(2 * np.pi * (200 + 60 * t) * t) + 0.02 * np.random.default_rng(0).normal(size=len(t))
    path = tmp_path / "song.wav"
    soundfile.write(path, y, SR, subtype="FLOAT")
    return path


@pytest.mark.parametrize("network", TAGS)
def test_network_equals_the_published_graph(network, expected):
    patches = torch.from_numpy(expected["patches"])
    with torch.inference_mode():
        ours = load_network(network)(patches)
    assert set(ours) == set(LAYERS)
    for layer, value in ours.items():
        published = expected[f"{network}_{layer}"]
        np.testing.assert_allclose(value.numpy(), published, atol=2e-5 * max(1, np.abs(published).max()))


def test_untrained_network_differs_from_the_published_graph(expected):
    torch.manual_seed(0)
    with torch.inference_mode():
        tags = MusicnnNet().eval()(torch.from_numpy(expected["patches"]))["tags"]
    assert np.abs(tags.numpy() - expected["msd_tags"]).max() > 0.1


def test_the_two_networks_differ(expected):
    assert np.abs(expected["msd_penultimate"] - expected["mtt_penultimate"]).max() > 0.1


@pytest.mark.parametrize("network", TAGS)
def test_each_network_names_fifty_words(network):
    assert len(TAGS[network]) == len(set(TAGS[network])) == 50
    assert load_network(network).output.out_features == 50


@pytest.mark.slow  # numba compiles for most of a minute
def test_patches_equal_librosa_on_the_whole_track(song):
    y, _ = librosa.load(song, sr=SR)
    S = librosa.feature.melspectrogram(y=y, sr=SR, n_fft=512, hop_length=256, n_mels=96)
    whole = np.log10(10000 * S + 1).T  # (frames, 96)
    patches = Musicnn(n_patches=2).patches(song)
    assert patches.shape == (2, N_FRAMES, 96) and patches.dtype == np.float32
    starts = [
        int(np.abs(whole[: len(whole) - N_FRAMES + 1] - patch[0]).sum(axis=1).argmin()) for patch in patches
    ]
    assert abs(starts[0] - (len(whole) // 4 - N_FRAMES // 2)) <= 1  # the middle of the first half
    for start, patch in zip(starts, patches):
        np.testing.assert_allclose(patch, whole[start : start + N_FRAMES], atol=1e-3)


def test_loud_sound_stays_finite(tmp_path):
    """The published front end overflows float16 here."""
    path = tmp_path / "loud.wav"
    soundfile.write(path, np.sin(2 * np.pi * 100 * np.arange(4 * SR) / SR), SR, subtype="FLOAT")
    extractor = Musicnn(n_patches=1)
    assert extractor.patches(path).max() > np.log10(65504)
    assert np.isfinite(extractor.extract(path)).all()


def test_a_row_is_the_mean_over_patches(song):
    extractor = Musicnn(n_patches=3)
    row = extractor.extract(song)
    assert row.shape == (1756,) and row.dtype == np.float32
    net = load_network("msd")
    with torch.inference_mode():
        alone = [net(torch.from_numpy(patch[None])) for patch in extractor.patches(song)]
    for layer, where in LAYERS.items():
        mean = np.mean([out[layer][0].numpy() for out in alone], axis=0)
        np.testing.assert_allclose(row[where], mean, atol=1e-4 * max(1, np.abs(mean).max()))


def test_layers_fill_the_row():
    covered = np.concatenate([np.arange(1756)[where] for where in LAYERS.values()])
    assert sorted(covered) == list(range(1756))


@pytest.mark.parametrize(
    ("layer", "size"), [("penultimate", 200), ("mean_pool", 753), ("max_pool", 753), ("tags", 50)]
)
def test_summarise_returns_the_chosen_layer(layer, size):
    X = np.arange(2 * 1756, dtype=np.float32).reshape(2, 1756)
    vectors = Musicnn(layer=layer).summarise(X)
    assert vectors.shape == (2, size) and vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors, X[:, LAYERS[layer]])


def test_tags_come_best_first_with_their_probability():
    X = np.zeros((2, 1756), np.float32)
    X[0, LAYERS["tags"].start + TAGS["mtt"].index("harpsichord")] = 0.9
    X[0, LAYERS["tags"].start + TAGS["mtt"].index("quiet")] = 0.4
    X[1, LAYERS["tags"].start + TAGS["mtt"].index("sitar")] = 0.7
    first, second = Musicnn(network="mtt").tags(X, n=2)
    assert first == [("harpsichord", pytest.approx(0.9)), ("quiet", pytest.approx(0.4))]
    assert second[0] == ("sitar", pytest.approx(0.7)) and len(second) == 2


def test_short_sound_is_padded(tmp_path):
    """A drum hit of 50 ms is one patch, mostly silence, and costs one."""
    path = tmp_path / "hit.wav"
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.2, SR // 20), SR)
    patches = Musicnn().patches(path)
    assert patches.shape == (1, N_FRAMES, 96)
    assert patches[0, :3].min() > 0 and patches[0, 10:].max() < 1e-3
    assert np.isfinite(Musicnn().extract(path)).all()


def test_same_in_threads(song):
    extractor = Musicnn(n_patches=1)
    alone = extractor.extract(song)
    with ThreadPoolExecutor(4) as pool:
        for row in pool.map(extractor.extract, [song] * 8):
            np.testing.assert_allclose(row, alone, atol=1e-4)


def test_unreadable_file_says_why(tmp_path):
    path = tmp_path / "text.wav"
    path.write_text("no sound here, only words " * 20)
    with pytest.raises(AudioError):
        Musicnn().extract(path)


@pytest.mark.parametrize(("field", "value"), [("network", "fma"), ("n_patches", 0), ("layer", "logits")])
def test_bad_settings_are_named(field, value):
    with pytest.raises(ConfigError, match=field):
        Musicnn(**{field: value})
