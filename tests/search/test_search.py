"""Search of texts and of similar tracks: results, reasons and report."""

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.errors import CollectionError, ConfigError
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.search import find_track, search
from core.search.found import Match
from core.search.text_fields import predict_tags, read_fields
from core.search.text_search import match_names, share_of_matching_words, supports_script
from tests.search.songs import SONGS, collection_of, first, reasons, searched

# Search of texts


def test_a_phrase_finds_a_text_of_similar_meaning():
    found = search(collection_of(), "a lively tune to dance to")
    assert first(found) == "Track 9" and reasons(found)[0].startswith("captions: A quick and merry dance")
    assert found.table["score"].is_monotonic_decreasing and found.table["score"].between(-1, 1).all()
    assert (
        "titles and artists, lyrics, captions and tags, by sentence embedding (Universal Sentence Encoder"
        in searched(found)
    )
    assert "sound" not in searched(found) and "come first" not in searched(found)
    assert list(found.table.columns) == ["track_id", "title", "artist", "score"]


def test_search_is_multilingual():
    assert first(search(collection_of(), "they say he cried every night")) == "Cucurrucucú paloma"


def test_name_matches_come_first_exact_ones_before_partial():
    found = search(collection_of(), "chopin")
    assert found.table["title"].tolist()[:2] == ["Chopin", "Nocturne in E flat"]
    assert reasons(found)[:2] == ["title matches exactly", "artist matches"]
    assert found.table["score"].tolist()[:2] == [1, 1] and found.table["score"].iloc[2] < 1
    assert "title or artist matches come first" in searched(found)
    assert reasons(search(collection_of(), "Frederic  chopin nocturne"))[0] == "title and artist match"


@pytest.mark.parametrize("phrase", ["বাংলা", "সোনার বাংলা ভালোবাসি"])
def test_an_unsupported_script_is_matched_by_words(phrase):
    found = search(collection_of(), phrase)
    assert len(found.table) == 1 and "বাংলা" in first(found)
    assert "by matching words only" in searched(found) and "not trained on this script" in searched(found)


def test_an_unsupported_script_without_matching_words_finds_nothing():
    assert search(collection_of(), "চাঁদের আলো").table.empty


def test_the_order_of_tracks_changes_nothing():
    order = np.random.default_rng(0).permutation(len(SONGS))
    mixed = collection_of().tracks.iloc[order].reset_index(drop=True)
    a = search(collection_of(), "crying at night").table
    b = search(Collection("songs", mixed, info={"kind": "table"}), "crying at night").table
    pd.testing.assert_frame_equal(a, b)


def test_a_phrase_is_encoded_once(monkeypatch):
    found = search(collection_of(), "crying at night").table
    monkeypatch.setattr(
        "core.features.pretrained.sentence.load_encoder", lambda name: pytest.fail("encoded again")
    )
    pd.testing.assert_frame_equal(search(collection_of(), "crying at night").table, found)


def test_limit_bounds_the_results():
    assert len(search(collection_of(), "song", limit=2).table) == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({}, "either a phrase.*or a track"),
        ({"query": "a", "track_id": "b"}, "either a phrase"),
        ({"query": " "}, "empty"),
        ({"query": "a", "limit": 0}, "limit=0"),
    ],
)
def test_invalid_arguments_are_refused(arguments, reason):
    with pytest.raises(ConfigError, match=reason):
        search(collection_of(), **arguments)


def test_a_collection_without_text_and_audio_is_refused():
    with pytest.raises(ConfigError, match="neither text nor audio"):
        search(Collection("bare", pd.DataFrame({"track_id": ["a", "b"]})), "anything")
    with pytest.raises(ConfigError, match="tfidf can't embed a single phrase"):
        search(collection_of(), "anything", through="words:tfidf")


def test_slow_fields_are_skipped_and_reported_unless_thorough(monkeypatch):
    monkeypatch.setattr(
        "core.search.text_search.estimate",
        lambda *a, text_field, **k: (9, 99.0 if text_field is None else 0.0),
    )
    assert "Left out: lyrics (not yet embedded); captions (not yet embedded)." in searched(
        search(collection_of(), "flying")
    )
    found = search(collection_of(), "I have no wings and cannot cross the river", through="words")
    assert "Left out" not in searched(found) and first(found) == "The Water Is Wide"


# Matching words


def test_the_share_of_matching_words_is_idf_weighted():
    texts = ["red river", "red sea", "red sky", "blue river"]
    share = share_of_matching_words("red river", texts)
    n = len(texts)
    red, river = 1 + np.log((1 + n) / (1 + 3)), 1 + np.log((1 + n) / (1 + 2))
    np.testing.assert_allclose(share, [1, red / (red + river), red / (red + river), river / (red + river)])
    assert not share_of_matching_words("!!", texts).any()


def test_words_match_without_accents_and_by_prefix():
    tracks = pd.DataFrame([{"title": "Recorders of Élan"}, {"title": "Recovery"}, {"title": "An elan"}])
    assert match_names(collection_of(tracks), "recorder elan") == {0: Match("name", "title")}
    assert set(match_names(collection_of(tracks), "ÉLAN")) == {0, 2}
    assert match_names(collection_of(tracks), "…") == {}


def test_supported_scripts():
    assert supports_script("печаль", "use-multilingual") and not supports_script("печаль", "minilm")
    assert (
        not supports_script("গান", "use-multilingual")
        and supports_script("গান", "somebody/model")
        and supports_script("1999", "minilm")
    )


# Text fields


def test_tags_join_distinct_column_values():
    tracks = pd.DataFrame(
        [{"label": "Jig", "genre": "Jig", "language": "la", "ensemble": "choir"}, {}]
    ).fillna("")
    fields, skipped = read_fields(collection_of(tracks), False, lambda *a, **k: None)
    assert fields == {"tags": ["Jig, choir, Latin", ""]} and skipped == []
    several = pd.DataFrame([{"label": "rock", "genres": "garage rock; rock"}])
    assert read_fields(collection_of(several), False, lambda *a, **k: None)[0]["tags"] == [
        "rock, garage rock"
    ]


def test_predicted_tags_agree_with_the_network():
    import torch

    from core.features.pretrained.musicnn import TAGS
    from core.features.pretrained.musicnn_net import load_network

    net = load_network("mtt")
    patch = torch.from_numpy(np.random.default_rng(0).random((1, 187, 96)).astype(np.float32))
    out = net(patch)
    order = out["tags"][0].argsort(descending=True)[:6]
    wanted = [
        TAGS["mtt"][i] for i in order if out["tags"][0][i] >= 0.1 and not TAGS["mtt"][i].startswith("no ")
    ]
    assert predict_tags(out["penultimate"][0].numpy(), "mtt") == wanted and wanted


def test_slow_tag_prediction_is_skipped_and_reported(monkeypatch, tmp_path):
    monkeypatch.setattr("core.search.text_fields.estimate", lambda *a, **k: (6, 999.0))
    monkeypatch.setattr("core.search.text_fields.represent", lambda *a, **k: pytest.fail("not requested"))
    found = search(collection_of(SONGS.assign(path="/somewhere.wav")), "dance", limit=1)
    assert "predicted tags (features of musicnn-mtt not yet extracted for 6 tracks)" in searched(found)


# Similar tracks


def test_a_track_finds_its_group_without_itself(numbers):
    found = search(numbers, track_id=f"{4:032x}", limit=3)
    assert set(found.table["title"]) == {"row 1", "row 7", "row 10"} and found.table["score"].min() > 0.9
    assert searched(found) == "Nearest neighbours in audio, by table."
    words = search(numbers, track_id=f"{4:032x}", through="sentence", limit=3)
    assert set(words.table["title"]) == {"row 1", "row 7", "row 10"} and searched(words).startswith(
        "Nearest neighbours in text, by sentence. All results"
    )


def test_among_many_tracks_an_index_finds_the_same_similar_ones(numbers, monkeypatch):
    track_id = numbers.tracks["track_id"].iloc[0]
    exact = search(numbers, track_id=track_id, through="table", limit=5)
    monkeypatch.setattr("core.search.similar_tracks.EXACT_UP_TO", 1)
    found = search(numbers, track_id=track_id, through="table", limit=5)
    assert found.table["track_id"].tolist() == exact.table["track_id"].tolist()
    assert found.table["score"].tolist() == pytest.approx(exact.table["score"].tolist(), abs=1e-4)
    assert exact.report.recall == 1 and found.report.recall > 0.9


def test_a_track_is_compared_in_the_fused_space_of_a_choice(numbers):
    choice = Choice(audio="table", text="tfidf", text_weight=0.3)
    found = search(numbers, track_id=f"{0:032x}", choice=choice, limit=11)
    X = build_space(numbers, choice).X
    X = X / np.linalg.norm(X, axis=1, keepdims=True)
    order = [i for i in np.argsort(-(X @ X[0]), kind="stable") if i]
    np.testing.assert_allclose(found.table["score"], (X @ X[0])[order], atol=1e-4)
    assert "the fused space, by table and tfidf (fusion: weighted)" in searched(found)


def test_a_track_without_the_modality_is_refused(numbers):
    without = Collection(
        "numbers",
        numbers.tracks.assign(
            lyrics=["", *numbers.tracks["lyrics"][1:]], title=["", *numbers.tracks["title"][1:]]
        ),
    )
    with pytest.raises(ConfigError, match="has no text"):
        search(without, track_id=f"{0:032x}", through="sentence")


@pytest.mark.parametrize("wanted", ["row 4", "ROW  4!", f"{4:032x}"])
def test_a_track_is_found_by_id_or_title(numbers, wanted):
    assert find_track(numbers, wanted) == f"{4:032x}"


def test_a_track_is_found_by_a_prefix_of_its_id(numbers):
    named = Collection("named", numbers.tracks.assign(track_id=[f"{i:x}" * 32 for i in range(12)]))
    assert find_track(named, "aaaaaa") == "a" * 32


def test_an_ambiguous_or_unknown_track_is_refused(numbers):
    twice = Collection("twice", numbers.tracks.assign(title="row 1"))
    with pytest.raises(
        CollectionError, match=r"12 tracks of twice match 'row 1': row 1 \(00000000\);.* …; give the id"
    ):
        find_track(twice, "row 1")
    with pytest.raises(CollectionError, match="no track of numbers has the id or the title 'waltz'"):
        find_track(numbers, "waltz")
