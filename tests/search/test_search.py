"""Search: what a phrase and a track find, why, and what is said of it."""

import numpy as np
import pandas as pd
import pytest
import soundfile

from core import store
from core.collection import Collection
from core.collection.saved import save
from core.errors import CheckpointError, CollectionError, ConfigError, MissingCheckpoint
from core.pipeline import Choice, build_space
from core.search import find_track, search
from core.search.fields import fields_of, tags_of
from core.search.words import can_read, names_that_match, share_of_words

SONGS = pd.DataFrame([
    {"title": "The Water Is Wide", "artist": "Traditional", "lyrics": "The water is wide, I cannot get over\nAnd neither have I wings to fly"},
    {"title": "Nocturne in E flat", "artist": "Frédéric Chopin", "genre": "piano"},
    {"title": "Chopin", "artist": "Liss Ardo"},
    {"title": "Track 9", "caption": "A quick and merry dance for fiddle and drum."},
    {"title": "আমার সোনার বাংলা", "artist": "রবীন্দ্রনাথ ঠাকুর", "language": "bn", "lyrics": "আমার সোনার বাংলা, আমি তোমায় ভালোবাসি"},
    {"title": "Cucurrucucú paloma", "language": "es", "lyrics": "Dicen que por las noches no más se le iba en puro llorar"},
]).fillna("")  # fmt: skip


def collection_of(tracks=SONGS, name="songs", **more) -> Collection:
    return Collection(name, tracks.assign(track_id=[f"{i:032x}" for i in range(len(tracks))]), info={"kind": "table", "source": "here"}, **more)


def first(found, column="title"):
    return found.table[column].iloc[0]


# A phrase over words


def test_a_phrase_finds_the_text_that_means_it_and_says_which():
    found = search(collection_of(), "a lively tune to dance to")
    assert first(found) == "Track 9" and first(found, "why").startswith("captions: A quick and merry dance")
    assert found.table["score"].is_monotonic_decreasing and found.table["score"].between(-1, 1).all()
    assert "titles and artists, lyrics, captions and tags, by sentence embedding (Universal Sentence Encoder" in found.through
    assert "sound" not in found.through and "come first" not in found.through
    assert list(found.table.columns) == ["track_id", "title", "artist", "score", "why"]


def test_meaning_reaches_over_languages():
    assert first(search(collection_of(), "they say he cried every night")) == "Cucurrucucú paloma"


def test_names_come_first_and_exact_ones_before_others():
    found = search(collection_of(), "chopin")
    assert found.table["title"].tolist()[:2] == ["Chopin", "Nocturne in E flat"]
    assert found.table["why"].tolist()[:2] == ["the title is this exactly", "in the artist"]
    assert found.table["score"].tolist()[:2] == [1, 1] and found.table["score"].iloc[2] < 1
    assert "this name come first" in found.through
    assert first(search(collection_of(), "Frederic  chopin nocturne"), "why") == "in title and artist"


@pytest.mark.parametrize("phrase", ["বাংলা", "সোনার বাংলা ভালোবাসি"])
def test_a_script_that_the_encoder_does_not_know_is_found_by_its_words(phrase):
    found = search(collection_of(), phrase)
    assert len(found.table) == 1 and "বাংলা" in first(found)
    assert "by the words as they are written" in found.through and "doesn't know this script" in found.through


def test_what_no_text_shares_is_not_found_in_an_unknown_script():
    assert search(collection_of(), "চাঁদের আলো").table.empty


def test_the_order_of_tracks_changes_nothing():
    order = np.random.default_rng(0).permutation(len(SONGS))
    mixed = collection_of().tracks.iloc[order].reset_index(drop=True)
    a = search(collection_of(), "crying at night").table
    b = search(Collection("songs", mixed, info={"kind": "table"}), "crying at night").table
    pd.testing.assert_frame_equal(a, b)


def test_the_limit_holds():
    assert len(search(collection_of(), "song", limit=2).table) == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [({}, "phrase.*or a track"), ({"query": "a", "track_id": "b"}, "one of the two"), ({"query": " "}, "empty"), ({"query": "a", "limit": 0}, "limit=0")],
)
def test_what_makes_no_sense_is_refused(arguments, reason):
    with pytest.raises(ConfigError, match=reason):
        search(collection_of(), **arguments)


def test_a_collection_without_words_and_sound_says_so():
    with pytest.raises(ConfigError, match="neither words nor sound"):
        search(Collection("bare", pd.DataFrame({"track_id": ["a", "b"]})), "anything")
    with pytest.raises(ConfigError, match="tfidf can't read a phrase"):
        search(collection_of(), "anything", through="words:tfidf")


def test_long_work_is_left_out_and_said_unless_asked_for(monkeypatch):
    monkeypatch.setattr("core.search.words.estimate", lambda *a, text_field, **k: (9, 99.0 if text_field is None else 0.0))
    assert "Left out: lyrics that are not read yet; captions that are not read yet." in search(collection_of(), "flying").through
    found = search(collection_of(), "I have no wings and cannot cross the river", through="words")
    assert "Left out" not in found.through and first(found) == "The Water Is Wide"


# The words as they stand


def test_the_share_of_words_weighs_rare_ones_more():
    texts = ["red river", "red sea", "red sky", "blue river"]
    share = share_of_words("red river", texts)
    n = len(texts)
    red, river = 1 + np.log((1 + n) / (1 + 3)), 1 + np.log((1 + n) / (1 + 2))
    np.testing.assert_allclose(share, [1, red / (red + river), red / (red + river), river / (red + river)])
    assert not share_of_words("!!", texts).any()


def test_words_match_without_accents_and_by_their_beginning():
    tracks = pd.DataFrame([{"title": "Recorders of Élan"}, {"title": "Recovery"}, {"title": "An elan"}])
    assert names_that_match(collection_of(tracks), "recorder elan") == {0: "in the title"}
    assert set(names_that_match(collection_of(tracks), "ÉLAN")) == {0, 2}
    assert names_that_match(collection_of(tracks), "…") == {}


def test_scripts_that_encoders_know():
    assert can_read("печаль", "use-multilingual") and not can_read("печаль", "minilm")
    assert not can_read("গান", "use-multilingual") and can_read("গান", "somebody/model") and can_read("1999", "minilm")


# What is written about a track


def test_tags_join_the_collections_own_words_once():
    tracks = pd.DataFrame([{"label": "Jig", "genre": "Jig", "language": "la", "ensemble": "choir"}, {}]).fillna("")
    fields, late = fields_of(collection_of(tracks), False, lambda *a, **k: None)
    assert fields == {"tags": ["Jig, choir, Latin", ""]} and late == []
    several = pd.DataFrame([{"label": "rock", "genres": "garage rock; rock"}])
    assert fields_of(collection_of(several), False, lambda *a, **k: None)[0]["tags"] == ["rock, garage rock"]


def test_tags_heard_agree_with_the_networks_own():
    import torch

    from core.features.musicnn import TAGS
    from core.features.musicnn_net import load_network

    net = load_network("mtt")
    patch = torch.from_numpy(np.random.default_rng(0).random((1, 187, 96)).astype(np.float32))
    out = net(patch)
    order = out["tags"][0].argsort(descending=True)[:6]
    wanted = [TAGS["mtt"][i] for i in order if out["tags"][0][i] >= 0.1 and not TAGS["mtt"][i].startswith("no ")]
    assert tags_of(out["penultimate"][0].numpy(), "mtt") == wanted and wanted


def test_tags_of_sound_not_heard_yet_are_left_out_and_said(monkeypatch, tmp_path):
    monkeypatch.setattr("core.search.fields.estimate", lambda *a, **k: (6, 999.0))
    monkeypatch.setattr("core.search.fields.represent", lambda *a, **k: pytest.fail("nobody asked for it"))
    found = search(collection_of(SONGS.assign(path="/somewhere.wav")), "dance", limit=1)
    assert "6 tracks that musicnn-mtt has not heard yet" in found.through


# A phrase over sound


@pytest.fixture
def sounds(tmp_path) -> Collection:
    rows, rng = [], np.random.default_rng(0)
    for i in range(5):
        y = (np.sin(np.arange(48_000) * 0.01 * (i + 1)) + 0.3 * rng.standard_normal(48_000)).astype(np.float32) / 4
        soundfile.write(tmp_path / f"{i}.wav", y, 48_000)
        rows.append({"title": f"tone {i}", "path": str(tmp_path / f"{i}.wav"), "lyrics": "abc xyz night river sun".split()[i]})
    made = collection_of(pd.DataFrame(rows), "tones")
    save(made)
    return made


def test_clap_compares_the_phrase_with_the_sound(sounds, tmp_path):
    from core.features.clap import ClapAudio, ClapText
    from tests.features.clap_folder import save_clap

    folder = str(save_clap(tmp_path / "clap"))
    found = search(sounds, "quick fox", through=f"clap:{folder}")
    X = np.stack([ClapAudio(folder).extract(path) for path in sounds.audio_paths()])
    cosines = X @ ClapText(folder).extract_texts(["quick fox"])[0]
    assert found.table["title"].tolist() == [f"tone {i}" for i in np.argsort(-cosines)]
    np.testing.assert_allclose(found.table["score"], np.sort(cosines)[::-1], atol=1e-4)
    assert found.through == f"Searched the sound itself, through CLAP ({folder})." and set(found.table["why"]) == {"the sound, by CLAP"}


@pytest.fixture
def towers(sounds, monkeypatch):
    """A checkpoint of fake towers that hears the letters' tracks where the phrase is their lyrics."""
    from dataclasses import asdict

    import torch

    from core.features import extract_features, get_extractor
    from core.inputs import input_of
    from core.models import MODELS
    from core.training.checkpoint import save_checkpoint
    from tests.search.fake_towers import FakeTowers

    monkeypatch.setitem(MODELS, "fake-towers", "tests.search.fake_towers:FakeTowers")
    mfcc, sentence = get_extractor("mfcc"), get_extractor("sentence")
    X = input_of(mfcc, extract_features(sounds, mfcc))
    T = sentence.extract_texts(list(sounds.tracks["lyrics"]))
    torch.manual_seed(0)
    model = FakeTowers(FakeTowers.Config(), {"audio": X.shape[1:], "text": T.shape[1:]})
    with torch.no_grad():
        back = np.linalg.pinv(X @ model.audio.weight.numpy().T)
        model.audio_z.weight.copy_(torch.from_numpy(back.T))
        model.text.weight.copy_(torch.from_numpy(np.linalg.pinv(T).T))
    path = store.folder("checkpoints") / "tones-fake.safetensors"
    configs = {"audio": asdict(mfcc), "text": asdict(sentence)}
    save_checkpoint(path, model, {"input": {"name": "mfcc+sentence", "config": configs}, "collection": {"name": "tones", "source": "here"}})
    return path


@pytest.mark.parametrize("through", ["tones-fake", "fake-towers", "the file", None])
def test_trained_towers_hear_what_the_phrase_says(sounds, towers, through):
    for i, lyrics in enumerate(sounds.tracks["lyrics"]):
        found = search(sounds, lyrics, through=str(towers) if through == "the file" else through)
        assert first(found) == f"tone {i}" and found.table["score"].iloc[0] > 0.99 > 0.1 > found.table["score"].iloc[1]
        assert found.through == "Searched the sound itself, through the contrastive towers tones-fake."
        assert set(found.table["why"]) == {"the sound, by the contrastive towers"}


def test_names_come_first_over_sound_only_where_nobody_asked_for_towers(sounds, towers):
    found = search(sounds, "tone 4")
    assert first(found) == "tone 4" and first(found, "why") == "the title is this exactly" and "come first" in found.through
    assert "the title is this exactly" not in set(search(sounds, "tone 4", through="tones-fake").table["why"])
    assert first(search(sounds, "tone 4", through="tones-fake", names_first=True)) == "tone 4"


def test_contrastive_towers_learn_which_rows_a_phrase_means(numbers):
    """The model itself, trained here for a moment on three kinds of rows and of words."""
    from core.work import train_model

    save(numbers)
    train_model("numbers", "contrastive:table+passages", {"epochs": "30", "batch_size": "12", "latent_dim": "16", "projection_dim": "8"})
    found = search(numbers, "gold and sun", limit=12)
    assert {int(title.split()[1]) % 3 for title in found.table["title"][:4]} == {1} and found.table["score"].iloc[3] > found.table["score"].iloc[4] + 0.1
    assert "the table's numbers, through the contrastive towers numbers-contrastive" in found.through
    same = search(numbers, "gold and sun", through="contrastive", limit=12)
    np.testing.assert_allclose(same.table["score"], found.table["score"])


def test_towers_that_would_have_to_listen_for_long_wait_until_they_are_asked_for(sounds, towers, monkeypatch):
    monkeypatch.setattr("core.search.towers.estimate", lambda *a, **k: (9_000, 540.0))
    assert "by sentence embedding" in search(sounds, "river").through
    assert "through the contrastive towers" in search(sounds, "river", through="fake-towers").through


def test_scores_that_are_all_equal_are_said_unless_names_tell_the_tracks_apart(sounds, towers, monkeypatch):
    assert "tells them apart" not in search(sounds, "river", through="tones-fake").through
    monkeypatch.setattr("core.search.towers.cosines", lambda X, present, x: np.where(present, 0.25, -np.inf))
    assert search(sounds, "river", through="tones-fake").through.endswith("tones-fake. All of these have the same score: nothing tells them apart.")
    assert "tells them apart" not in search(sounds, "tone 4").through
    assert "tells them apart" not in search(collection_of(), "chopin", limit=2).through


def test_towers_of_another_collection_are_not_at_hand(sounds, towers):
    other = Collection("other", sounds.tracks, info={"kind": "folder", "source": "there"})
    assert "by sentence embedding" in search(other, "river", limit=1).through


def test_a_script_that_the_towers_do_not_know_is_searched_in_words_or_said(sounds, towers):
    assert "by the words as they are written" in search(sounds, "গান").through
    assert "not trained on its script, so this order means little" in search(sounds, "গান", through="tones-fake").through


def test_the_sound_is_heard_once(sounds, towers, monkeypatch):
    search(sounds, "river")
    monkeypatch.setattr("core.features.mfcc.Mfcc.extract", lambda *a: pytest.fail("read again"))
    monkeypatch.setattr("core.search.towers._project", lambda *a: pytest.fail("projected again"))
    calls = []
    from core.training import encode as module

    real = module.encode
    monkeypatch.setattr(module, "encode", lambda *a, **k: calls.append(k["modality"]) or real(*a, **k))
    search(sounds, "night")
    assert calls == ["text"]


def test_what_has_no_towers_is_refused(sounds):
    with pytest.raises(MissingCheckpoint, match="conv-vae.*train it with"):
        search(sounds, "x", through="conv-vae")
    for nothing in ("nonsense", "mel"):
        with pytest.raises(CheckpointError, match=f"'{nothing}' is nothing to search through; it takes contrastive, clap .*, words, or the name"):
            search(sounds, "x", through=nothing)


def test_a_model_of_one_modality_is_no_towers():
    from core import collection as collections

    demo = collections.add("demo", "demo")
    with pytest.raises(CheckpointError, match="no two towers.*conv-vae over mel.*choose contrastive"):
        search(demo, "x", through="conv-vae")


# From a track


@pytest.fixture
def numbers() -> Collection:
    group = np.arange(12) % 3
    rng = np.random.default_rng(0)
    table = pd.DataFrame(4 * np.eye(3)[group] + 0.1 * rng.standard_normal((12, 3)), columns=list("abc"))
    tracks = pd.DataFrame({"title": [f"row {i}" for i in range(12)], "lyrics": np.array(["rain river", "gold sun", "drum night"])[group]})
    return collection_of(tracks, "numbers", table=table)


def test_a_track_finds_its_group_without_itself(numbers):
    found = search(numbers, track_id=f"{4:032x}", limit=3)
    assert set(found.table["title"]) == {"row 1", "row 7", "row 10"} and found.table["score"].min() > 0.9
    assert found.through == "Nearest in sound, by table."
    words = search(numbers, track_id=f"{4:032x}", through="sentence", limit=3)
    assert set(words.table["title"]) == {"row 1", "row 7", "row 10"} and words.through.startswith("Nearest in words, by sentence. All of these")


def test_a_track_is_compared_in_the_fused_space_of_a_choice(numbers):
    choice = Choice(audio="table", text="tfidf", text_weight=0.3)
    found = search(numbers, track_id=f"{0:032x}", choice=choice, limit=11)
    X = build_space(numbers, choice).X
    X = X / np.linalg.norm(X, axis=1, keepdims=True)
    order = [i for i in np.argsort(-(X @ X[0]), kind="stable") if i]
    np.testing.assert_allclose(found.table["score"], (X @ X[0])[order], atol=1e-4)
    assert "sound and words together, by table and tfidf (fusion: weighted)" in found.through


def test_a_track_that_lacks_what_is_compared_says_so(numbers):
    without = Collection("numbers", numbers.tracks.assign(lyrics=["", *numbers.tracks["lyrics"][1:]], title=["", *numbers.tracks["title"][1:]]))
    with pytest.raises(ConfigError, match="has no text"):
        search(without, track_id=f"{0:032x}", through="sentence")


@pytest.mark.parametrize("said", ["row 4", "ROW  4!", f"{4:032x}"])
def test_a_track_is_named_by_id_or_title(numbers, said):
    assert find_track(numbers, said) == f"{4:032x}"


def test_a_track_is_named_by_the_beginning_of_its_id(numbers):
    named = Collection("named", numbers.tracks.assign(track_id=[f"{i:x}" * 32 for i in range(12)]))
    assert find_track(named, "aaaaaa") == "a" * 32


def test_a_name_of_several_tracks_or_of_none_is_asked_back(numbers):
    twice = Collection("twice", numbers.tracks.assign(title="row 1"))
    with pytest.raises(CollectionError, match=r"12 tracks of twice are called 'row 1': row 1 \(00000000\);.* …; give the id"):
        find_track(twice, "row 1")
    with pytest.raises(CollectionError, match="no track of numbers has the id or the title 'waltz'"):
        find_track(numbers, "waltz")
