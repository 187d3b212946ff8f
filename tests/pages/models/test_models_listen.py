"""Listening to a model on the Models page: nothing before it is opened, then pictures, numbers and sounds."""

import io
import shutil
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile as sf
import torch
from streamlit.testing.v1 import AppTest

from core import collection as collections
from core import store
from core.features.spectral.mel import Mel
from core.reconstruction import inpaint as inpainting
from tests.reconstruction.small import FRONT, add_tones, keep_model
from tests.reconstruction.test_inpaint import Model

pytestmark = pytest.mark.usefixtures("without_shipped")

PAGE = str(Path(__file__).resolve().parents[3] / "pages" / "models.py")
CVAE = {"channels": (4, 4), "latent_dim": 2, "label_dim": 2}


@pytest.fixture
def tones(tmp_path):
    return add_tones(tmp_path)


def open_page(*, listening: bool = True) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    if listening:
        at.session_state["models-listen"] = True
    return at.run()


def words_of(at: AppTest) -> str:
    return "\n".join(str(e.value) for kind in (at.caption, at.markdown, at.error) for e in kind).replace(
        "\\", ""
    )


def sounds_shown(at: AppTest) -> list[str]:
    """Return the addresses of what the page's players play: the same sound, the same address."""
    return [element.proto.url for element in at.get("audio")]


def test_nothing_is_drawn_before_it_is_opened(tones, monkeypatch):
    keep_model("cvae", CVAE, "mel", (32, 32), labels=("fall", "rise"), front=FRONT)
    monkeypatch.setattr(
        "core.ui.models.reconstruction.reconstructions.reconstruct",
        lambda *choice: pytest.fail("drawn without being asked"),
    )
    at = open_page(listening=False)
    assert not at.exception and any(fold.label == "Reconstruction" for fold in at.expander)
    assert not at.get("audio")


def test_the_same_z_is_shown_and_heard_under_another_label(tones):
    keep_model("cvae", CVAE, "mel", (32, 32), labels=("fall", "rise"), front=FRONT)
    at = open_page()
    assert not at.exception and not at.error
    words = words_of(at)
    other = at.selectbox(key="listen-label-cvae-mel-2").value
    own = {"rise": "fall", "fall": "rise"}[other]
    assert (
        f"**Reconstructed as {own}**" in words
        and f"**Same z, label {other}**" in words
        and "**Original**" in words
    )
    assert (
        "Mean squared error: " in words
        and "dB (root mean square)" in words
        and "each frequency band at its mean" in words
    )
    assert len(set(sounds_shown(at))) == 3


def test_another_track_and_another_crop_are_heard(tones):
    X = np.concatenate([Mel(**FRONT).extract(path) for path in tones.audio_paths()])
    keep_model("pca", {"n_components": 1}, "mel", X.shape[1:], front=FRONT, X=X)
    at = open_page()
    first = sounds_shown(at)
    at.selectbox(key="listen-track-tones").set_value(tones.tracks["track_id"].iloc[1]).run()
    second = sounds_shown(at)
    at.session_state["listen-crop-2"] = 1
    at.run()
    assert not at.exception and len({*first, *second, *sounds_shown(at)}) == 6


def test_hidden_patches_are_left_blank_and_judged_beside_guesses(tones, monkeypatch):
    X = np.concatenate([Mel(**FRONT).extract(path) for path in tones.audio_paths()])
    keep_model("pca", {"n_components": 1}, "mel", X.shape[1:], front=FRONT, X=X)

    @contextmanager
    def fake_loaded_model(checkpoint):
        yield Model(), torch.device("cpu")

    monkeypatch.setattr(inpainting, "loaded_model", fake_loaded_model)
    monkeypatch.setattr(
        "core.ui.models.reconstruction.reconstructions.reconstruction_kind", lambda model: "inpaint"
    )
    at = open_page()
    assert not at.exception and not at.error
    words = words_of(at)
    assert (
        "Mean squared error on the masked patches: **0.25**" in words
        and "their mean in the same band gives" in words
    )
    assert "**Inpainted**" in words and "% masked**" in words and len(sounds_shown(at)) == 3
    before = sounds_shown(at)
    at.button(key="listen-again").click().run()
    after = sounds_shown(at)
    assert before[1] != after[1]
    at.slider[0].set_value(0.9).run()
    assert "**" in words_of(at) and sounds_shown(at)[1] != after[1] and not at.exception


def test_vectors_are_shown_and_not_heard(tmp_path):
    rng = np.random.default_rng(0)
    pd.DataFrame(rng.normal(size=(8, 3)), columns=["slow", "fast", "loud"]).to_csv(
        tmp_path / "songs.csv", index=False
    )
    collections.add(tmp_path / "songs.csv", "songs")
    keep_model("pca", {"n_components": 1}, "table", (3,), on="songs", X=rng.normal(size=(8, 3)))
    at = open_page()
    assert not at.exception and not at.error and not at.get("audio")
    assert "in z-scores" in words_of(at) and "can't be played" in words_of(at)
    assert len(at.get("plotly_chart")) == 1


def test_a_model_that_draws_nothing_says_so(tones):
    keep_model("simclr", {}, "clip", (64, 188))
    at = open_page()
    assert "No reconstructions: it only discriminates clips" in words_of(at)
    assert not any(fold.label == "Reconstruction" for fold in at.expander)


def test_a_collection_that_is_gone_and_a_sound_that_is_broken_are_said(tones):
    keep_model("cvae", CVAE, "mel", (32, 32), labels=("fall", "rise"), front=FRONT)
    for path in tones.audio_paths():
        Path(path).write_bytes(b"no sound")
    at = open_page()
    assert not at.exception and len(at.error) == 1 and not at.get("audio")
    shutil.rmtree(store.root() / "collections" / "tones")
    at = open_page()
    assert (
        "the collection it was trained on, tones, is not in the library" in words_of(at) and not at.exception
    )


def test_the_sounds_are_files_at_one_gain(tones):
    from core.reconstruction.audio_renders import render_wav
    from core.reconstruction.reconstruct import reconstruct

    checkpoint = keep_model("cvae", CVAE, "mel", (32, 32), labels=("fall", "rise"), front=FRONT)
    drawing = reconstruct(tones, checkpoint, tones.tracks["track_id"].iloc[0])
    found = {
        name: sf.read(io.BytesIO(data))[0]
        for name, data in render_wav(drawing, ("original", "reconstructed")).items()
    }
    assert list(found) == ["original", "reconstructed"] and max(
        np.abs(y).max() for y in found.values()
    ) == pytest.approx(0.89, abs=1e-3)


def test_the_same_drawing_is_made_audible_once_and_another_anew(tones, monkeypatch):
    from core.reconstruction.audio_renders import render_wav
    from core.reconstruction.reconstruct import reconstruct
    from core.reconstruction.reconstruction import Reconstruction

    checkpoint = keep_model("cvae", CVAE, "mel", (32, 32), labels=("fall", "rise"), front=FRONT)
    drawings = [
        reconstruct(tones, checkpoint, track_id) for track_id in tones.tracks["track_id"].iloc[[0, 0, 1]]
    ]
    made, sounds = [], Reconstruction.to_audio
    monkeypatch.setattr(Reconstruction, "to_audio", lambda self: made.append(1) or sounds(self))
    first, again, other = [render_wav(drawing, ("original", "reconstructed")) for drawing in drawings]
    assert first == again != other and len(made) == 2


def test_the_model_is_said_to_be_no_better_where_it_is_not():
    from types import SimpleNamespace

    from core.ui.models.reconstruction.reconstruction_texts import describe_inpainting

    def said(mse: float) -> str:
        scale = SimpleNamespace(is_natural_log=True)
        return describe_inpainting(
            SimpleNamespace(mse=mse, rms_db=1.0, baseline_mse=9.0, interpolation_mse=4.0, scale=scale)
        )

    assert said(3).endswith("interpolation over time 4.") and "natural logarithms" in said(3)
    assert said(5).endswith("the model beats only the first of the two.")
    assert said(10).endswith("the model beats neither of the two.")


def test_tracks_of_the_same_name_can_be_told_apart():
    from core.ui.models.reconstruction.track_choice import name_tracks

    tracks = pd.DataFrame(
        {"track_id": list("abc"), "title": ["Air", "", "Air"], "artist": ["Bach", "", "Bach"]}
    )
    assert name_tracks(tracks) == {"a": "Air – Bach", "b": "Untitled", "c": "Air – Bach (2)"}


def test_sound_and_words_of_one_latent_are_shown_each(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "core.features.pretrained.sentence.Sentence.extract_texts",
        lambda self, texts, progress=None: np.ones((len(texts), 4), np.float32),
    )
    table = pd.DataFrame(
        np.random.default_rng(0).normal(size=(8, 3)), columns=["slow", "fast", "loud"]
    ).assign(lyrics="la la")
    table.to_csv(tmp_path / "songs.csv", index=False)
    collections.add(tmp_path / "songs.csv", "songs")
    small = {"hidden": (4,), "decoder_hidden": (4,), "latent_dim": 2}
    keep_model("gated-vae", small, "table+sentence", {"audio": (3,), "text": (4,)}, on="songs")
    at = open_page()
    assert not at.exception and not at.error and not at.get("audio") and len(at.get("plotly_chart")) == 2
    words = words_of(at)
    assert (
        "**Table features**" in words
        and "represents text" in words
        and "from the columns of a table" in words
    )


def test_a_long_list_is_searched(tones, monkeypatch):
    monkeypatch.setattr("core.ui.models.reconstruction.track_choice.MAX_LISTED", 1)
    keep_model("cvae", CVAE, "mel", (32, 32), labels=("fall", "rise"), front=FRONT)
    at = open_page()
    assert len(at.selectbox(key="listen-track-tones").options) == 1  # as many as a browser can hold
    at.text_input(key="listen-find-tones").set_value("RIS").run()
    assert at.selectbox(key="listen-track-tones").options == ["rise"] and len(at.get("audio")) == 3
    at.text_input(key="listen-find-tones").set_value("waltz").run()
    assert "No title or artist matches" in words_of(at) and not at.get("audio") and not at.exception


def test_walks_through_the_latents_are_shown_and_heard(tones):
    keep_model("cvae", CVAE, "mel", (32, 32), labels=("fall", "rise"), front=FRONT)
    at = open_page()
    for kind, names in {
        "Along a dimension": ("−3 σ", "+3 σ"),
        "Between two tracks": ("0 %", "100 %"),
        "Under every label": ("fall", "rise"),
    }.items():
        at.session_state["listen-walk-cvae-mel-2"] = kind
        at.run()
        assert not at.exception and not at.error
        words = words_of(at)
        assert all(f"**{name}**" in words for name in names) and "whose latent is nearest" in words
        assert len(set(sounds_shown(at))) == (2 if kind == "Under every label" else 5)
