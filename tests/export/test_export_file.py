"""Tracks as files: what is in them, what is not and why, and which number a cluster has."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.collection.saved import save
from core.errors import CollectionError, ConfigError
from core.export import export_file as export
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from core.pipeline.stages import find_clusters

SIZES = (20, 12, 8)
CHOICE = Choice(audio="table", n_clusters=3, projection="pca")


@pytest.fixture
def small() -> Collection:
    """Forty tracks in three groups of different sizes; the first has no sound, the second a line break in its
    path."""
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(3), SIZES)
    n = len(group)
    numbers = 9 * rng.standard_normal((3, 5))[group] + rng.standard_normal((n, 5))
    paths = ["", "/music/two\nlines.wav", *(f"/music/{i}.wav" for i in range(2, n))]
    tracks = pd.DataFrame(
        {"track_id": [f"{i:032x}" for i in range(n)], "path": paths, "title": [f"t{i}" for i in range(n)]}
    )
    tracks["lyrics"] = [""] * 3 + ["rain river"] * 20 + ["drum stage"] * (n - 23)
    collection = Collection(
        "small", tracks, pd.DataFrame(numbers, columns=list("abcde")), info={"kind": "table", "source": "x"}
    )
    save(collection)
    return collection


def titles_in(page: Path) -> set[str]:
    block = page.read_text(encoding="utf-8").partition('id="songscape-data">')[2].partition("</script>")[0]
    return {title for title, _, _ in json.loads(block)["tracks"]}


def test_cluster_2_is_the_same_tracks_in_every_file(small, tmp_path):
    space = build_space(small, CHOICE)
    wanted = set(small.tracks["title"][space.rows[find_clusters(space, CHOICE) == 1]])
    for ending in ("parquet", "html", "m3u"):
        result = export.export_collection("small", CHOICE, tmp_path / f"two.{ending}", only_cluster=2)
        assert result["n_tracks"] == len(wanted) == SIZES[1]
        assert result["n_left_out"] == 0
    table = pd.read_parquet(tmp_path / "two.parquet")
    assert set(table["title"]) == wanted and set(table["cluster"]) == {1}
    assert titles_in(tmp_path / "two.html") == wanted
    assert '"name":"Cluster 2"' in (tmp_path / "two.html").read_text(encoding="utf-8")
    lines = (tmp_path / "two.m3u").read_text(encoding="utf-8").splitlines()
    assert {line.split(",")[1] for line in lines if line.startswith("#EXTINF")} == wanted


@pytest.mark.parametrize("ending", ["html", "m3u", "parquet"])
@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_cluster_that_is_not_there_is_refused_and_nothing_written(small, tmp_path, ending, number):
    out = tmp_path / f"none.{ending}"
    with pytest.raises(ConfigError, match=f"cluster {number} doesn't exist; choose from 1, 2, 3"):
        export.export_collection("small", CHOICE, out, only_cluster=number)
    assert not out.exists()


def test_a_playlist_counts_what_it_holds_and_what_it_does_not(small, tmp_path):
    result = export.export_collection("small", CHOICE, tmp_path / "all.m3u8")
    written = (tmp_path / "all.m3u8").read_text(encoding="utf-8").count("#EXTINF")
    assert result["n_tracks"] == written == sum(SIZES) - 2
    assert result["n_left_out"] == 2 and result["left_out"] == {
        "has no audio": 1,
        "has a line break in its path": 1,
    }


def test_tracks_that_the_choice_can_not_place_are_counted(small, tmp_path):
    choice = Choice(audio=None, text="tfidf", text_field="lyrics", n_clusters=2, projection="pca")
    for result in (
        export.write_map("small", choice, tmp_path / "a.html"),
        export.export_collection("small", choice, tmp_path / "a.parquet"),
    ):
        assert result["n_tracks"] == sum(SIZES) - 3
        assert result["n_left_out"] == 3 and result["left_out"] == {"has no text": 3}


def test_endings_are_told_without_regard_to_capitals(small, tmp_path):
    for name in ("a.PARQUET", "a.M3U", "a.Html"):
        assert export.export_collection("small", CHOICE, tmp_path / name)["n_tracks"] > 0
    assert len(pd.read_parquet(tmp_path / "a.PARQUET")) == sum(SIZES)
    assert (tmp_path / "a.M3U").read_text(encoding="utf-8").startswith("#EXTM3U")
    with pytest.raises(ConfigError, match=r"must end in \.html, .*\.zip"):
        export.export_collection("small", CHOICE, tmp_path / "a.doc")
    with pytest.raises(ConfigError, match="doesn't exist"):
        export.export_collection("small", CHOICE, tmp_path / "nowhere" / "a.m3u")


def test_a_playlist_of_nothing_is_refused_and_leaves_no_file(small, tmp_path):
    save(Collection("silent", small.tracks.assign(path=""), small.table, info=small.info))
    with pytest.raises(CollectionError, match="has audio"):
        export.export_collection("silent", CHOICE, tmp_path / "x.m3u")
    assert list(tmp_path.glob("*.m3u")) == []
