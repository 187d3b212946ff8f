"""Getting pretrained encoders: by name from a stand-in for the hub, by folder, and what can't be got."""

import json

import numpy as np
import pytest
import soundfile

from core import collection as collections
from core import store
from core.cli.app import app
from core.cli.terminal import call
from core.errors import Cancelled, ConfigError, TextError
from core.features import get_extractor, is_extractor
from core.features.encoders.encoder_table import ENCODERS
from core.features.encoders.obtained import Obtained, kind_of, list_obtained, obtain, remove
from core.jobs.work import WORK
from core.models import model_spec
from core.representation.represent import represent
from core.ui.models.input_choice import inputs_of
from core.ui.shared.fields.wording import list_representations, title_of_input
from tests.features.encoders.hub_stand_in import Hub, use
from tests.features.pretrained.audio_folders import save_ast, save_wav2vec2
from tests.features.pretrained.clap_folder import save_clap
from tests.features.pretrained.transformer_folder import save_bert

WAV2VEC2 = "facebook/wav2vec2-base"


@pytest.fixture
def hub(tmp_path, monkeypatch) -> Hub:
    """A hub with an audio encoder, which also has pickled weights and code, and a text encoder."""
    speech = save_wav2vec2(tmp_path / "speech")
    for name in ("pytorch_model.bin", "tf_model.h5", "modeling.py"):
        (speech / name).write_bytes(b"never read")
    repos = {
        WAV2VEC2: speech,
        "laion/larger_clap_music": save_clap(tmp_path / "clap-music"),
        "somebody/bert": save_bert(tmp_path / "bert"),
    }
    return use(monkeypatch, Hub(tmp_path / "hub-cache", repos))


@pytest.fixture
def music(tmp_path):
    """Three tones with lyrics."""
    (tmp_path / "music").mkdir()
    for number in range(3):
        y = np.random.default_rng(number).normal(0, 0.1, 16_000)
        soundfile.write(tmp_path / "music" / f"{number}.wav", y, 16_000)
    (tmp_path / "texts.csv").write_text("file,lyrics\n0.wav,rain falls\n1.wav,the sea\n2.wav,a waltz\n")
    return collections.add(tmp_path / "music", "mine", text=tmp_path / "texts.csv")


def run(capsys, *args) -> tuple[int, str]:
    """Return exit status and standard output of a command."""
    status = call(app, list(args))
    return status, capsys.readouterr().out


def test_the_table_is_made_of_representations_with_their_facts():
    for name, entry in ENCODERS.items():
        assert entry.name == name and is_extractor(entry.rep) and entry.size_mb > 0 and entry.licence
        assert get_extractor(entry.rep, entry.modality).modality == entry.modality
        assert entry.help.endswith(".") and entry.source
        assert get_extractor(entry.rep).weights.split("/")[-1] == entry.repo.split("/")[-1]


def test_a_download_reports_megabytes_and_leaves_code_and_pickles_out(hub):
    notes = []
    obtained = obtain("wav2vec2", lambda done, total, note="", **_: notes.append((done, total, note)))
    assert obtained.rep == "encoder:facebook/wav2vec2-base" and obtained.modalities == ("audio",)
    assert sorted(hub.fetched) == ["config.json", "model.safetensors", "preprocessor_config.json"]
    assert any(f"downloading {WAV2VEC2} (MB)" in note for _, _, note in notes)
    assert list_obtained() == [obtained] and list_obtained("text") == []
    assert obtained.size > 1000 and "pretrained" in store.OWNED


def test_a_cancelled_download_is_not_on_the_list(hub):
    def stop(done, total, note="", **_):
        if "downloading" in note:
            raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        obtain("wav2vec2", stop)
    assert list_obtained() == [] and len(hub.fetched) == 1


def test_offline_one_sentence_says_what_to_do_unless_it_is_here(hub):
    hub.is_online = False
    with pytest.raises(
        ConfigError, match="can't be reached; download it on a machine that is online"
    ) as told:
        obtain("wav2vec2")
    assert "\n" not in str(told.value) and "give the folder" in str(told.value) and list_obtained() == []
    hub.is_online = True
    obtain("wav2vec2")
    hub.is_online = False
    assert obtain("wav2vec2").rep == "encoder:facebook/wav2vec2-base"


def test_what_cannot_be_got_is_refused(hub, tmp_path):
    for name, reason in (
        ("mert", "needs Python code from its own repository"),
        ("m-a-p/MERT-v1-95M", "needs Python code"),
        ("nobody/nothing", "has no model 'nobody/nothing'"),
        ("nonsense", "is no folder, and no encoder of the list"),
        (str(tmp_path), "holds no model"),
    ):
        with pytest.raises(ConfigError, match=reason):
            obtain(name)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "modules.json").write_text("[]")
    with pytest.raises(TextError):
        obtain(str(tmp_path / "broken"))
    assert list_obtained() == []


def test_a_folder_is_read_by_the_extractor_that_fits(tmp_path):
    folders = {
        "encoder": save_ast(tmp_path / "a"),
        "clap": save_clap(tmp_path / "c"),
        "sentence": save_bert(tmp_path / "b"),
    }
    for kind, folder in folders.items():
        assert kind_of(folder) == kind
        assert obtain(str(folder)).rep == f"{kind}:{folder}"
    assert {one.modalities for one in list_obtained()} == {("audio",), ("text",), ("audio", "text")}
    assert len(list_obtained("audio")) == len(list_obtained("text")) == 2


def test_afterwards_it_is_a_representation_like_any_other(music, tmp_path):
    folder = save_ast(tmp_path / "tiny-ast")
    rep = f"encoder:{folder}"
    assert rep not in list_representations(music, "audio")
    obtain(str(folder))
    obtain(str(save_bert(tmp_path / "tiny-bert")))
    assert list_representations(music, "audio")[rep].title == "Audio encoder (tiny-ast)"
    assert any("tiny-bert" in name for name in list_representations(music, "text"))
    assert rep not in list_representations(music, "text")
    assert rep in inputs_of(model_spec("mlp-vae"), music)
    assert f"{rep}+sentence" in inputs_of(model_spec("gated-vae"), music)
    assert represent(music, rep, modality="audio").X.shape == (3, 16)
    assert title_of_input("encoder:facebook/wav2vec2-base+mfcc") == "wav2vec 2.0 (base) + MFCC"


def test_it_is_taken_off_the_list_and_its_files_stay(hub, tmp_path):
    folder = save_ast(tmp_path / "tiny-ast")
    obtain(str(folder))
    obtain("wav2vec2")
    assert isinstance(remove("wav2vec2"), Obtained) and remove(str(folder)).model == str(folder)
    assert list_obtained() == [] and (folder / "config.json").is_file()
    with pytest.raises(ConfigError, match="none yet"):
        remove("wav2vec2")


def test_the_command_line_lists_gets_and_removes(hub, capsys, tmp_path):
    status, out = run(capsys, "pretrained", "list", "--json")
    assert status == 0 and {e["name"] for e in json.loads(out)["encoders"]} == set(ENCODERS)
    assert json.loads(out)["obtained"] == []
    status, out = run(capsys, "pretrained", "get", "wav2vec2")
    assert status == 0 and "is a representation now: --audio encoder:facebook/wav2vec2-base" in out
    status, out = run(capsys, "pretrained", "get", "laion/larger_clap_music", "--json")
    assert status == 0 and json.loads(out)["modalities"] == ["audio", "text"]
    status, out = run(capsys, "pretrained")
    assert "got: encoder:facebook/wav2vec2-base (audio)" in out and "English speech, got" in out
    assert run(capsys, "pretrained", "remove", "wav2vec2")[0] == 0
    hub.is_online = False
    status, out = run(capsys, "pretrained", "get", "ast", "--json")
    assert status == 1 and "can't be reached" in json.loads(out)["error"]
    assert run(capsys, "pretrained", "get")[0] == 1
    assert run(capsys, "pretrained", "list", "ast")[0] == run(capsys, "pretrained", "fetch")[0] == 2


def test_it_is_a_job(hub):
    assert WORK["pretrained"]("wav2vec2")["rep"] == "encoder:facebook/wav2vec2-base"
