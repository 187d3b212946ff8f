"""CLAP's towers from a folder: equal to the library's, and clear errors where they can't be loaded."""

import json

import numpy as np
import pytest
import soundfile

from core.errors import AudioError, ConfigError
from core.features import get_extractor, is_extractor
from core.features.pretrained import hub
from core.features.pretrained.clap import DEFAULT, ClapAudio, ClapText, load_clap
from tests.features.pretrained.clap_folder import save_clap

SR = 48_000


@pytest.fixture(autouse=True)
def no_hub(monkeypatch):
    """Fail at once where a test would reach the network."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_clap(tmp_path_factory.mktemp("clap"))


def write(path, seconds, sr=SR, seed=0):
    y = np.random.default_rng(seed).normal(0, 0.1, int(seconds * sr)).astype(np.float32)
    soundfile.write(path, y, sr, subtype="FLOAT")
    return y


def test_a_tracks_vector_is_the_mean_of_what_the_library_gives_each_crop(folder, tmp_path):
    import torch
    from transformers import ClapFeatureExtractor, ClapModel

    y = write(tmp_path / "long.wav", 9)
    net, front = ClapModel.from_pretrained(folder).eval(), ClapFeatureExtractor.from_pretrained(folder)
    vectors = []
    for start in (1, 4, 7):  # the middle second of each third
        read = front(y[start * SR : (start + 1) * SR], sampling_rate=SR, return_tensors="pt")
        with torch.no_grad():
            vectors.append(net.get_audio_features(**read).pooler_output[0].numpy())
    mean = np.mean(vectors, axis=0)
    x = ClapAudio(str(folder)).extract(tmp_path / "long.wav")
    assert x.shape == (16,) and x.dtype == np.float32
    np.testing.assert_allclose(x, mean / np.linalg.norm(mean), atol=1e-4)
    assert (
        np.abs(vectors[0] - vectors[1]).max() > 1e-4
    )  # the control: crops differ, so it matters which are read


def test_a_track_shorter_than_a_crop_is_repeated_as_the_library_repeats_it(folder, tmp_path):
    import torch
    from transformers import ClapFeatureExtractor, ClapModel

    y = write(tmp_path / "short.wav", 0.3)
    net, front = ClapModel.from_pretrained(folder).eval(), ClapFeatureExtractor.from_pretrained(folder)
    with torch.no_grad():
        plain = (
            net.get_audio_features(**front(y, sampling_rate=SR, return_tensors="pt")).pooler_output[0].numpy()
        )
        padded = np.pad(y, (0, SR - len(y)))
        silent_after = (
            net.get_audio_features(**front(padded, sampling_rate=SR, return_tensors="pt"))
            .pooler_output[0]
            .numpy()
        )
    np.testing.assert_allclose(ClapAudio(str(folder)).extract(tmp_path / "short.wav"), plain, atol=1e-4)
    assert np.abs(plain - silent_after).max() > 1e-3


def test_the_same_track_has_the_same_vector_where_the_library_draws_at_random(tmp_path):
    """The fused kind: the library marks one sound of a batch as longer, which one is chance."""
    fused = save_clap(tmp_path / "fused", fusion=True)
    write(tmp_path / "long.wav", 5)
    vectors = []
    for seed in (0, 1, 2):
        np.random.seed(seed)
        vectors.append(ClapAudio(str(fused)).extract(tmp_path / "long.wav"))
    np.testing.assert_array_equal(vectors[0], vectors[1])
    np.testing.assert_array_equal(vectors[0], vectors[2])


def test_a_texts_vector_is_the_librarys(folder):
    import torch
    from transformers import AutoTokenizer, ClapModel

    net, tokenizer = ClapModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    texts = ["abc", "x y z quick", ""]
    X = ClapText(str(folder)).extract_texts(texts)
    for x, text in zip(X[:2], texts):
        with torch.no_grad():
            plain = net.get_text_features(**tokenizer(text, return_tensors="pt")).pooler_output[0].numpy()
        np.testing.assert_allclose(x, plain, atol=1e-5)
    assert np.abs(X[0] - X[1]).max() > 1e-3 and not X[2].any()


def test_what_exceeds_the_window_is_read_in_pieces(folder):
    first, second = "a b c d e f g h", "q r s t u v w x"
    assert load_clap(str(folder)).window == 20  # 24 positions, 2 of which RoBERTa keeps for padding, 2 marks
    X = ClapText(str(folder)).extract_texts([f"{first}\n{second}", first, second])
    mean = X[1] + X[2]
    np.testing.assert_allclose(X[0], mean / np.linalg.norm(mean), atol=1e-5)


def test_one_name_means_either_tower(folder):
    name = f"clap:{folder}"
    assert is_extractor(name) and is_extractor("clap")
    assert get_extractor(name, "audio") == get_extractor(name) == ClapAudio(str(folder))
    assert get_extractor(name, "text") == ClapText(str(folder))
    assert get_extractor("clap") == ClapAudio(DEFAULT) and get_extractor("clap", "text") == get_extractor(
        "clap-text"
    ) == ClapText(DEFAULT)
    assert get_extractor("sentence", "audio").modality == "text"
    with pytest.raises(ConfigError, match="model=''"):
        get_extractor("clap:")


def test_a_collection_is_represented_by_both_towers(folder, tmp_path):
    import pandas as pd

    from core.collection import Collection
    from core.pipeline.choice import Choice
    from core.pipeline.space import build_space
    from core.representation.represent import represent

    rows = []
    for i in range(3):
        write(tmp_path / f"{i}.wav", 2, seed=i)
        rows.append(
            {"track_id": f"{i:032x}", "path": str(tmp_path / f"{i}.wav"), "lyrics": "abc xyz quick"[: 4 * i]}
        )
    made = Collection("small", pd.DataFrame(rows))
    audio = represent(made, f"clap:{folder}", modality="audio")
    text = represent(made, f"clap:{folder}", modality="text")
    assert (
        audio.X.shape == text.X.shape == (3, 16)
        and audio.present.all()
        and text.present.tolist() == [False, True, True]
    )
    assert not np.allclose(audio.X[1:], text.X[1:])
    assert len(build_space(made, Choice(audio=f"clap:{folder}", text=f"clap:{folder}")).X) == 3


def test_silence_is_a_reason_not_a_vector(folder, tmp_path):
    soundfile.write(tmp_path / "silent.wav", np.zeros(SR, np.float32), SR)
    with pytest.raises(AudioError, match="silent"):
        ClapAudio(str(folder)).extract(tmp_path / "silent.wav")


def test_several_threads_load_once(folder, monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    from core.features.pretrained import clap

    load_clap.cache_clear()
    loads = []
    real = clap._load_from
    monkeypatch.setattr(
        clap,
        "_load_from",
        lambda place, local_files_only: loads.append(place) or real(place, local_files_only),
    )
    with ThreadPoolExecutor(4) as pool:
        assert len(set(map(id, pool.map(lambda _: load_clap(str(folder)), range(4))))) == 1
    assert len(loads) == 1


def test_a_model_that_is_not_here_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(hub, "hub_answers", lambda: False)
    with pytest.raises(ConfigError, match="nobody/clap.*not on this machine.*save_pretrained.*path"):
        load_clap("nobody/clap")
    with pytest.raises(ConfigError, match="there is no folder"):
        load_clap("./nowhere")
    with pytest.raises(ConfigError, match="config.json"):
        load_clap(str(tmp_path))


def test_another_kind_of_model_and_a_part_of_one_are_refused(folder, tmp_path):
    import shutil

    from safetensors.torch import load_file, save_file

    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ConfigError, match="'bert', not CLAP"):
        load_clap(str(tmp_path))
    part = tmp_path / "part"
    shutil.copytree(folder, part)
    weights = load_file(part / "model.safetensors")
    lacking = next(name for name in weights if "text_projection" in name)
    del weights[lacking]
    save_file(weights, part / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ConfigError, match="lacks 1 of its weights, text_projection"):
        load_clap(str(part))


@pytest.mark.parametrize("config", [{"model": " "}, {"n_crops": 0}])
def test_bad_settings_are_refused_by_name(config):
    with pytest.raises(ConfigError, match=next(iter(config))):
        ClapAudio(**config)
