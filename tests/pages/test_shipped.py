"""Every page as a new user gets it: the demo in a clean store, each field tried with its example."""

import ast
import shutil
from pathlib import Path

import pytest

from core import collection as collections
from core.checkpoints.catalogue import SHIPPED
from core.jobs import job as jobs
from core.ui.shared.url_state import URL_STATE
from tests.features.pretrained.transformer_folder import save_bert
from tests.pages.explore.test_explore_search import found_list, playing
from tests.pages.explore_page import control, map_of, near_worker  # noqa: F401  an autouse fixture
from tests.pages.shipped_page import EXAMPLES, ROOT, enter, look, open_page, placeholders_of, press, words_of

pytestmark = pytest.mark.slow


PHRASE, A_NAME = "a slow sad song for choir", "The Entertainer"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A new user's store: nothing but the demo, as the first visit opens it."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SONGSCAPE_CACHE", str(tmp_path_factory.mktemp("store")))
    yield collections.add("demo", "demo")
    patch.undo()


@pytest.fixture(autouse=True)
def own_store(demo, monkeypatch, tmp_path):
    """Stand in for the suite's store per test; the browser may open the test's own folder."""
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path))


def test_each_example_in_the_source_has_its_test():
    written = set()
    for file in [*(ROOT / "pages").glob("*.py"), *(ROOT / "core" / "ui").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "placeholder":
                # what is put together elsewhere is seen by the walk over the pages' fields
                written |= {node.value.value} if isinstance(node.value, ast.Constant) else set()
    assert written and written <= set(EXAMPLES), "a new example needs a test that uses it"
    assert set(EXAMPLES) - written <= {"automatic"}, "an example is gone"
    assert all(test in globals() for test in EXAMPLES.values())


def test_explore_shows_the_demo_and_what_a_click_plays(demo):
    at = open_page("explore", track=demo.tracks["track_id"].iloc[3])
    assert f"{demo.n_tracks} tracks · {demo.n_tracks} labelled · 10 clusters" in words_of(at)
    assert map_of(at)["current"] == 3 and playing(at) == demo.tracks["track_id"].iloc[3]
    assert at.dataframe[0].value["size"].sum() == demo.n_tracks


def test_explore_puts_representations_side_by_side():
    at = open_page("explore", look="audio")
    assert at.multiselect(key="audio-beside").value == []
    at.multiselect(key="audio-beside").set_value(["mfcc"])
    look(at)
    assert "--audio musicnn+mfcc" in at.code[0].value and "mfcc" in at.query_params["audio-beside"]
    again = open_page("explore", look="audio", **{"audio-beside": "mfcc"})
    assert again.code[0].value == at.code[0].value
    unknown = open_page("explore", look="audio", **{"audio-beside": "nothing-like-it"})
    assert "--audio musicnn " in unknown.code[0].value


def test_explore_clusters_in_a_umap_embedding():
    at = open_page("explore", look="audio", reduce="umap", standardise="no")
    assert "--standardise no --reduce umap" in at.code[0].value


def test_explore_searches_by_its_own_example():
    at = open_page("explore")
    enter(at, PHRASE)
    assert "20 found" in words_of(at)
    assert "Searched audio with the contrastive model demo-contrastive" in words_of(at)
    assert len(found_list(at)) == 20 == len(map_of(at)["chosen"])
    enter(at, PHRASE, A_NAME)
    assert found_list(at)[0]["title"] == A_NAME and found_list(at)[0]["why"] == "title matches exactly"


def test_explore_filters_by_a_word_of_the_lyrics(demo):
    at = open_page("explore")
    enter(at, "Tracks whose title, label or text contains …", "Wiegenlied")
    assert "No track has" not in words_of(at) and 0 < len(map_of(at)["chosen"]) < demo.n_tracks
    enter(at, "Tracks whose title, label or text contains …", "xqzxq")
    assert "No track has “xqzxq”" in words_of(at)


def test_explore_describes_texts_by_a_named_model(tmp_path, monkeypatch):
    name = "paraphrase-multilingual-MiniLM-L12-v2"
    _save_sentence_encoder(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("core.ui.shared.prepare.AT_ONCE_S", 600.0)
    at = open_page("explore", look="text", text="sentence:")
    assert "Until a model is named" in words_of(at)
    enter(at, name)
    assert f"--text sentence:{tmp_path / name}" in at.code[0].value and "10 clusters" in words_of(at)


def _save_sentence_encoder(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer

    bert = Transformer(str(save_bert(folder.parent / "bert")), max_seq_length=10)
    SentenceTransformer(modules=[bert, Pooling(16)], device="cpu").save(str(folder))


def test_the_library_narrows_its_tracks(demo):
    at = open_page("library")
    assert at.metric[0].value == str(demo.n_tracks) and len(at.dataframe[0].value) == demo.n_tracks
    enter(at, "Search titles, artists, labels, text …", A_NAME)
    assert (
        0 < len(at.dataframe[0].value) < demo.n_tracks and A_NAME in at.dataframe[0].value["title"].tolist()
    )


def test_the_library_offers_to_write_lyrics_down():
    at = open_page("library", opened=("library-lyrics", "library-captions"))
    (language,) = [f for f in at.text_input if f.proto.placeholder == "detected per track"]
    assert language.value == "" and "tracks have lyrics" in words_of(at)
    assert not control(at.button, "Transcribe lyrics").disabled


def test_the_library_narrows_folders_and_goes_where_a_path_is_typed(tmp_path):
    for number in range(61):
        (tmp_path / "many" / f"album {number}").mkdir(parents=True)
    (tmp_path / "many" / "part of the name").mkdir()
    (tmp_path / "path" / "to" / "your" / "music").mkdir(parents=True)
    at = open_page("library", folder=str(tmp_path / "many"))
    enter(at, "part of the name")
    assert [b.label for b in at.button if b.key and b.key.startswith("folder-go-")] == ["part of the name"]
    enter(at, "/path/to/your/music", f"{tmp_path}/path/to/your/music")
    assert at.session_state[URL_STATE]["library"][
        "folder"
    ] == f"{tmp_path}/path/to/your/music" and "No audio files in this folder" in words_of(at)


def test_the_library_says_how_a_place_is_allowed_that_may_not_be_opened():
    at = open_page("library", add="folder")
    enter(at, "/path/to/your/music")
    assert any(
        "/path/to/your/music" in code.value for code in at.code
    ) and "To allow another one" in words_of(at)


def test_the_library_samples_a_table_by_its_path_on_the_server(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr("core.jobs.job.start", lambda kind, title, **args: started.append(args))
    place = tmp_path / "path" / "to"
    place.mkdir(parents=True)
    rows = "".join(f"{i},{i * i % 7},song {i},{'uv'[i % 2]}\n" for i in range(20))
    (place / "table.csv").write_text("x,y,title,kind\n" + rows)
    (place / "words.csv").write_text("title,lyrics\nsong 1,la la\n")
    at = open_page("library", add="folder")
    enter(at, "/path/to/your/music", f"{place}/table.csv")
    assert "20 rows, 4 columns" in words_of(at)
    field = at.text_input(key="words-typed")
    assert field.proto.placeholder == "/path/to/table.csv"
    field.input(f"{place}/words.csv")
    look(at)
    (sample,) = [field for field in at.number_input if field.proto.placeholder == "all"]
    sample.set_value(3)
    look(at)
    press(at, "Add collection")
    assert started[0]["sample"] == "3" and started[0]["source"].endswith("table.csv")


def test_the_library_takes_the_main_genres(tmp_path, monkeypatch):
    genres, asked = "country, hip hop, indie, metal, pop, punk, rock", {}
    (tmp_path / "songs.csv").write_text(
        "track_id,genres,x,y\na,indie rock; rock,1,2\nb,country,2,1\nc,hard rock; rock,3,3\n"
    )
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(args))
    at = open_page("library", add="A table of numbers", several="true")
    at.file_uploader[0].upload("songs.csv", (tmp_path / "songs.csv").read_bytes(), "text/csv")
    look(at)
    enter(at, genres)
    press(at, "Add collection")
    assert asked["main_genres"] == genres
    made = collections.add(asked["source"], "songs", main_genres=asked["main_genres"])
    assert made.labels() == ["rock", "country", "rock"]
    collections.remove("songs")


def test_models_loads_a_checkpoint_by_its_path(tmp_path):
    from core.checkpoints.catalogue import find_checkpoint
    from core.checkpoints.stored_checkpoints import delete_checkpoint

    (tmp_path / "path" / "to").mkdir(parents=True)
    shutil.copyfile(SHIPPED / "demo-pca.safetensors", tmp_path / "path" / "to" / "model.safetensors")
    at = open_page("models")
    enter(at, "/path/to/model.safetensors", f"{tmp_path}/path/to/model.safetensors")
    press(at, "Load")
    assert at.dataframe[0].value["Name"].tolist()[0] == "model"
    delete_checkpoint(find_checkpoint("model", None, "audio"))


def test_models_refuses_a_path_that_is_not_there_in_one_sentence():
    at = open_page("models")
    enter(at, "/path/to/model.safetensors")
    control(at.button, "Load").click().run()
    assert not at.exception and len(at.error) == 1 and "/path/to" in at.error[0].value.replace("\\", "")
    assert len(at.dataframe[0].value) >= 7


def test_models_gets_an_encoder_by_its_name(monkeypatch):
    started = []
    monkeypatch.setattr("core.jobs.job.start", lambda kind, title, **args: started.append((kind, args)))
    at = open_page("models")
    enter(at, "facebook/hubert-base-ls960")
    at.button(key="models-get-encoder").click()
    look(at)
    assert started == [("pretrained", {"name": "facebook/hubert-base-ls960"})]


def test_models_finds_a_track_to_listen_to(demo, monkeypatch):
    monkeypatch.setattr("core.ui.models.reconstruction.track_choice.MAX_LISTED", demo.n_tracks - 1)
    at = open_page("models", opened=("models-listen",), checkpoint="demo-conv-vae")
    enter(at, "part of its title or artist")
    assert "No title or artist matches." in words_of(at)
    enter(at, "part of its title or artist", A_NAME)
    assert all(A_NAME.lower() in name.lower() for name in control(at.selectbox, "Track").options)
    assert len(at.get("audio")) == 2 and "Mean squared error" in words_of(at)


@pytest.mark.parametrize("model", ["contrastive", "mae"])
def test_models_trains_with_what_stands_there_by_itself(model, monkeypatch):
    from core.models import model_spec

    asked = {}
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: asked.update(args))
    at = open_page("models", model=model_spec(model).title)
    assert placeholders_of(at) & {"packaged", "automatic"}
    press(at, "Train")
    assert asked["model"].split(":")[0] == model and asked["settings"] == {}


def test_every_model_can_be_opened_on_the_demo_and_says_what_a_training_takes_or_why_there_is_none():
    from core.models import MODELS, model_spec

    at = open_page("models")
    for name in MODELS:
        control(at.selectbox, "Model").select(name)
        look(at)
        can = [b.label for b in at.button if b.label == "Train"]
        assert model_spec(name).title in " ".join(control(at.selectbox, "Model").options)
        assert (
            ("Takes a few seconds" in words_of(at) or "You can leave the page" in words_of(at))
            if can
            else at.info
        )


def test_the_help_finds_its_example():
    at = open_page("help")
    enter(at, "Search headings and text, for example Silhouette", "Silhouette")
    assert "Clustering and scores" in words_of(at) and not at.info
