"""Audio encoders from a folder: equal to the library's states, pooled, and clear errors."""

import json

import numpy as np
import pytest
import soundfile

from core import collection as collections
from core.errors import AudioError, ConfigError
from core.features import get_extractor, is_extractor
from core.features.pretrained.audio_encoder import AudioEncoder, load_audio_encoder
from core.representation.represent import represent
from tests.features.pretrained.audio_folders import save_ast, save_wav2vec2, save_whisper
from tests.features.pretrained.clap_folder import save_clap

SR = 16_000
SAVE = {
    "ast": save_ast,
    "wav2vec2": save_wav2vec2,
    "hubert": lambda folder: save_wav2vec2(folder, "hubert"),
    "whisper": save_whisper,
}


@pytest.fixture(autouse=True)
def no_hub(monkeypatch):
    """Fail at once where a test would reach the network."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {kind: str(save(tmp_path_factory.mktemp(kind))) for kind, save in SAVE.items()}


def write(path, seconds, sr=SR, seed=0):
    y = np.random.default_rng(seed).normal(0, 0.1, int(seconds * sr)).astype(np.float32)
    soundfile.write(path, y, sr, subtype="FLOAT")
    return y


def library_states(folder, y):
    """Return the hidden states and the output of the library's own call."""
    import torch
    from transformers import AutoFeatureExtractor, AutoModel

    net, front = AutoModel.from_pretrained(folder).eval(), AutoFeatureExtractor.from_pretrained(folder)
    net = net.get_encoder() if net.config.is_encoder_decoder else net
    read = front(y, sampling_rate=SR, return_tensors="pt")
    with torch.no_grad():
        out = net(next(iter(read.values())), output_hidden_states=True)
    return [state[0].numpy() for state in out.hidden_states], out.last_hidden_state[0].numpy()


@pytest.mark.parametrize("kind", ["ast", "wav2vec2", "hubert"])
def test_a_tracks_vector_is_the_mean_over_chunks_of_the_librarys_states(folders, tmp_path, kind):
    y = write(tmp_path / "long.wav", 6)
    chunks = [y[i * SR + SR // 2 : i * SR + 3 * SR // 2] for i in (0, 2, 4)]  # the middle of each third
    if kind == "ast":
        chunks = [y[i * SR + SR - 7680 : i * SR + SR + 7680] for i in (0, 2, 4)]  # 0.96 s, its own limit
    layers = [library_states(folders[kind], chunk) for chunk in chunks]
    last = np.mean([output.mean(0) for _, output in layers], axis=0)
    every = np.mean([np.mean([state.mean(0) for state in states], axis=0) for states, _ in layers], axis=0)
    second = np.mean([states[2].mean(0) for states, _ in layers], axis=0)
    both = np.mean([np.r_[states[2].mean(0), states[2].std(0)] for states, _ in layers], axis=0)
    for expected, settings in (
        (last, {"layer": "last"}),
        (every, {"layer": "mean"}),
        (second, {"layer": "2"}),
        (both, {"layer": "2", "pooling": "mean-std"}),
    ):
        x = AudioEncoder(folders[kind], chunk_s=1.0, **settings).extract(tmp_path / "long.wav")
        assert x.dtype == np.float32
        np.testing.assert_allclose(x, expected, atol=2e-4)
    assert np.abs(last - every).max() > 1e-3  # the control: the choice of a layer matters


def test_whisper_pools_no_padding(folders, tmp_path):
    y = write(tmp_path / "short.wav", 1)
    _, output = library_states(folders["whisper"], y)
    x = AudioEncoder(folders["whisper"], layer="last").extract(tmp_path / "short.wav")
    np.testing.assert_allclose(x, output[:50].mean(0), atol=1e-4)  # half of the 2 s that it reads
    assert np.abs(output[:50].mean(0) - output.mean(0)).max() > 1e-3


def test_the_whole_track_is_covered_and_a_short_one_is_read_as_it_is(folders, tmp_path):
    y = write(tmp_path / "two.wav", 2)
    write(tmp_path / "tiny.wav", 0.01)
    encoder = AudioEncoder(folders["wav2vec2"], chunk_s=1.0, n_chunks=0)
    expected = encoder.encode(np.stack([y[:SR], y[SR:]])).mean(0)
    np.testing.assert_allclose(encoder.extract(tmp_path / "two.wav"), expected, atol=1e-5)
    assert np.isfinite(encoder.extract(tmp_path / "tiny.wav")).all()
    soundfile.write(tmp_path / "silent.wav", np.zeros(SR), SR)
    with pytest.raises(AudioError, match="silent"):
        encoder.extract(tmp_path / "silent.wav")


def test_layer_and_pooling_are_part_of_the_name(folders, tmp_path):
    name = f"encoder:{folders['hubert']}@layer=1,pooling=mean-std,chunk_s=2"
    assert is_extractor(name)
    assert get_extractor(name) == AudioEncoder(folders["hubert"], layer="1", pooling="mean-std", chunk_s=2.0)
    assert get_extractor("encoder:@layer=1") == AudioEncoder(layer="1")
    for wrong, reason in (("layer=first", "layer='first' must be last, mean"), ("depth=2", "'depth'")):
        with pytest.raises(ConfigError, match=reason):
            get_extractor(f"encoder:x@{wrong}")
    write(tmp_path / "a.wav", 1)
    with pytest.raises(ConfigError, match="layer=9 must be at most 3"):
        get_extractor(f"encoder:{folders['hubert']}@layer=9").extract(tmp_path / "a.wav")


def test_it_is_a_representation_like_any_other(folders, tmp_path):
    (tmp_path / "music").mkdir()
    for number in range(3):
        write(tmp_path / "music" / f"{number}.wav", 1.5, seed=number)
    collections.add(tmp_path / "music", "mine")
    rep = f"encoder:{folders['ast']}@layer=last*2+mfcc"
    found = represent(collections.load("mine"), rep, modality="audio")
    assert found.present.all() and found.X.shape[0] == 3
    assert (tmp_path / "store" / "derived" / "rows").is_dir()


def test_what_cannot_be_loaded_is_said_in_one_sentence(folders, tmp_path):
    def refused(model):
        with pytest.raises(ConfigError) as reason:
            load_audio_encoder(str(model))
        assert "\n" not in str(reason.value)
        return str(reason.value)

    own_code = tmp_path / "own"
    own_code.mkdir()
    (own_code / "config.json").write_text(
        json.dumps(
            {
                "model_type": "mert_model",
                "auto_map": {"AutoConfig": "configuration.C", "AutoModel": "modeling.M"},
            }
        )
    )
    assert "needs Python code from its own repository, which is never run here" in refused(own_code)
    unknown = tmp_path / "unknown"
    unknown.mkdir()
    (unknown / "config.json").write_text(json.dumps({"model_type": "muq"}))
    assert "no model that the transformers library has a class for" in refused(unknown)
    assert "its name here is clap:" in refused(save_clap(tmp_path / "clap"))
    assert "has no config.json" in refused(tmp_path)
    assert "is not on this machine" in refused("facebook/none") and "FOLDER" in refused("facebook/none")


def test_a_text_encoder_and_incomplete_weights_are_refused(folders, tmp_path):
    import safetensors.torch
    from transformers import BertConfig, BertModel

    small = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    BertModel(BertConfig(vocab_size=9, **small)).save_pretrained(tmp_path / "bert")
    with pytest.raises(ConfigError, match="reads input_ids, no audio"):
        load_audio_encoder(str(tmp_path / "bert"))
    broken = save_wav2vec2(tmp_path / "broken")
    weights = safetensors.torch.load_file(broken / "model.safetensors")
    weights.pop("encoder.layer_norm.weight")
    safetensors.torch.save_file(weights, broken / "model.safetensors", {"format": "pt"})
    with pytest.raises(ConfigError, match="lacks 1 of its weights, encoder.layer_norm.weight"):
        load_audio_encoder(str(broken))
