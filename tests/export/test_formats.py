"""Every format by what its readers see in it, from the map, a cluster, a selection and a search."""

import csv
import io
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import soundfile
from PIL import Image

from core import __version__, store
from core import collection as collections
from core.errors import CollectionError, ConfigError
from core.export.export_file import export_collection, write_map
from core.export.formats import FORMATS
from core.export.spreadsheet_cells import FORMULA as STARTS
from core.export.spreadsheet_cells import neutralise
from core.export.subset import Subset
from core.export.taken import take
from core.pipeline.choice import Choice
from core.pipeline.space import build_space
from tests.export.small_map import CHOICE, EVIL, FORMULA, FUSED, SECONDS, N, make_small


@pytest.fixture
def small(tmp_path):
    return make_small(tmp_path)


def write(out: Path, choice: Choice = CHOICE, **given) -> dict:
    report = export_collection("small", choice, out, **given)
    files = [out] if out.is_file() else [file for file in out.rglob("*") if file.is_file()]
    assert report["bytes"] == sum(file.stat().st_size for file in files)
    return report


def titles(path: Path) -> list[str]:
    return pd.read_parquet(path)["title"].tolist()


def test_every_format_writes_something_and_leaves_no_other_file(small, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    for spec in FORMATS.values():
        for suffix in spec.suffixes:
            report = write(folder / f"all{suffix}")
            assert report["n_tracks"] + report["n_left_out"] == N and report["n_clusters"] == 3
            assert ("estimated_bytes" in report) == spec.is_sized
    assert {path.name for path in folder.iterdir()} == {
        f"all{suffix}" for spec in FORMATS.values() for suffix in spec.suffixes
    }


def test_a_cluster_a_selection_a_search_and_words_go_the_same_way(small, tmp_path):
    out = tmp_path / "part.parquet"
    store.save_owned("selections", "abc1", {"track_ids": [f"{i:032x}" for i in (7, 3, 99)]})
    report = write(out, subset=Subset(selection="sabc1"))
    assert titles(out) == ["Title 3", "Title 7"] and report["left_out"] == {"is not in small": 1}
    write(out, subset=Subset(cluster=2))
    assert len(titles(out)) == 4 and set(pd.read_parquet(out)["cluster"]) == {1}
    write(out, subset=Subset(containing="title 10"))
    assert titles(out) == ["Title 10"]
    write(out, FUSED, subset=Subset(like="Title 4", limit=3))
    found = pd.read_parquet(out)
    assert len(found) == 3 and set(found["label"]) == {"y"}
    ranked = take(small, CHOICE, [f"{i:032x}" for i in (7, 3)], is_ranked=True)
    assert ranked.tracks["title"].tolist() == ["Title 7", "Title 3"]


@pytest.mark.parametrize(
    "given, why",
    [
        ({"selection": "s0", "cluster": 1}, "choose one of cluster and selection"),
        ({"selection": "snothing"}, "no selection 'snothing' is stored"),
        ({"selection": "s../../x"}, "is stored here"),
        ({"containing": "nowhere to be found"}, "no track of small has"),
    ],
)
def test_tracks_that_are_not_there_are_refused(small, tmp_path, given, why):
    with pytest.raises((ConfigError, CollectionError), match=why):
        write(tmp_path / "x.csv", subset=Subset(**given))
    assert not (tmp_path / "x.csv").exists()


def test_options_that_a_format_lacks_are_refused(small, tmp_path):
    with pytest.raises(ConfigError, match="has no option 'seconds'; choose from relative"):
        write(tmp_path / "x.m3u", settings={"seconds": 3.0})
    with pytest.raises(ConfigError, match="has no option 'base'"):
        write(tmp_path / "x.m3u", settings={"base": "common"})
    with pytest.raises(ConfigError, match="seconds"):
        write(tmp_path / "x.html", settings={"seconds": -1.0})


@pytest.mark.parametrize("relative", [False, True])
def test_paths_of_a_playlist_lead_to_the_files(small, tmp_path, relative):
    folder = tmp_path / "lists"
    folder.mkdir()
    write(folder / "all.m3u8", settings={"relative": relative})
    lines = (folder / "all.m3u8").read_text(encoding="utf-8").splitlines()
    paths = [line for line in lines if not line.startswith("#")]
    assert len(paths) == N - 1
    assert all(Path(path).is_absolute() != relative for path in paths)
    assert {(folder / path).resolve() for path in paths} == {Path(p) for p in small.audio_paths() if p}


def test_cells_that_a_spreadsheet_would_run_become_text_and_numbers_stay(small, tmp_path):
    write(tmp_path / "all.csv")
    text = (tmp_path / "all.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == N and rows[0]["title"] == EVIL and rows[1]["title"] == f"'{FORMULA}"
    assert rows[1]["artist"] == "'-la la" and rows[0]["cluster_name"].startswith("Cluster ")
    for row in rows:
        assert not any(cell.startswith(STARTS) for cell in row.values() if not _is_number(cell))
    assert [neutralise(text) for text in ("-3", "+1.5e3", "\tx", "\rx", "@x", "-3 = x")] == [
        *("-3", "+1.5e3"),
        *("'\tx", "'\rx", "'@x", "'-3 = x"),
    ]
    write_map("small", CHOICE, tmp_path / "map.csv")
    assert {"x", "y"} <= set(pd.read_csv(tmp_path / "map.csv").columns)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_rekordbox_reads_the_tracks_and_a_playlist_per_cluster(small, tmp_path):
    write(tmp_path / "all.xml")
    root = ElementTree.parse(tmp_path / "all.xml").getroot()
    assert root.tag == "DJ_PLAYLISTS" and root.get("Version") == "1.0.0"
    assert root.find("PRODUCT").attrib == {"Name": "Songscape", "Version": __version__, "Company": ""}
    tracks = root.findall("COLLECTION/TRACK")
    assert int(root.find("COLLECTION").get("Entries")) == len(tracks) == N - 1
    by_path = {}
    for track in tracks:
        address = urlsplit(track.get("Location"))
        assert (address.scheme, address.netloc) == ("file", "localhost") and " " not in track.get("Location")
        by_path[unquote(address.path)] = track
    assert set(by_path) == {path for path in small.audio_paths() if path}
    first, second = (by_path[path] for path in small.audio_paths()[:2])
    assert first.get("Name") == EVIL.replace("\x07", "") and first.get("TotalTime") == "3"
    assert (first.get("AverageBpm"), first.get("Tonality")) == ("120.50", "Am")
    assert "AverageBpm" not in second.attrib and "Tonality" not in second.attrib
    (top,) = root.findall("PLAYLISTS/NODE")
    assert (top.get("Type"), top.get("Name"), top.get("Count")) == ("0", "ROOT", "3")
    lists = top.findall("NODE")
    assert [node.get("Name") for node in lists] == ["Cluster 1", "Cluster 2", "Cluster 3"]
    keys = [key.get("Key") for node in lists for key in node.findall("TRACK")]
    assert sorted(keys) == sorted(track.get("TrackID") for track in tracks)
    assert all(int(node.get("Entries")) == len(node.findall("TRACK")) for node in lists)


def test_a_search_is_one_playlist_in_its_order(small, tmp_path):
    write(tmp_path / "found.xml", FUSED, subset=Subset(like="Title 4", limit=3))
    (node,) = ElementTree.parse(tmp_path / "found.xml").getroot().findall("PLAYLISTS/NODE/NODE")
    assert node.get("Name") == "small" and [k.get("Key") for k in node] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "colour, names", [("cluster", ["Cluster 1 (4)", "Cluster 3 (4)"]), ("label", ["x (4)"])]
)
def test_pictures_have_title_and_legend(small, tmp_path, colour, names):
    write(tmp_path / "map.svg", settings={"colour": colour})
    root = ElementTree.parse(tmp_path / "map.svg").getroot()
    texts = ["".join(e.itertext()).strip() for e in root.iter("{http://www.w3.org/2000/svg}text")]
    assert set(names) <= set(texts) and "small: 12 tracks" in texts
    write(tmp_path / "map.png", settings={"colour": colour})
    with Image.open(tmp_path / "map.png") as picture:
        assert picture.width > 1000 and len(picture.convert("RGB").getcolors(2**20)) > 10


def test_copies_are_the_files_and_their_playlist_names_them(small, tmp_path):
    report = write(tmp_path / "copies")
    playlist = (tmp_path / "copies" / "playlist.m3u8").read_text(encoding="utf-8")
    names = [line for line in playlist.splitlines() if not line.startswith("#")]
    assert len(names) == N - 1 == report["n_tracks"] and report["left_out"] == {"has no audio": 1}
    contents = {(tmp_path / "copies" / name).read_bytes() for name in names}
    assert contents == {Path(path).read_bytes() for path in small.audio_paths() if path}
    assert {Path(name).parent.as_posix() for name in names} == {"Cluster 1", "Cluster 2", "Cluster 3"}
    assert report["estimated_bytes"] == pytest.approx(report["bytes"], rel=0.02)
    with pytest.raises(ConfigError, match="not an empty folder"):
        write(tmp_path / "copies")


def test_an_archive_holds_excerpts_of_the_length_and_about_the_size_that_was_said(small, tmp_path):
    Path(small.audio_paths()[4]).write_bytes(b"no audio")
    report = write(tmp_path / "all.zip", settings={"seconds": 2.0})
    assert report["n_tracks"] == N - 2 and report["n_left_out"] == 2
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".mp3")]
        assert len(names) == N - 2
        assert not any(name.startswith(("/", "..")) or "\\" in name for name in names)
        y, sr = soundfile.read(io.BytesIO(archive.read(names[0])))
        assert archive.read("playlist.m3u8").decode().count("#EXTINF") == N - 2
    assert len(y) / sr == pytest.approx(2, abs=0.1) and np.abs(y).max() > 0.05
    assert report["estimated_bytes"] == pytest.approx(report["bytes"], rel=0.2)
    whole = write(tmp_path / "whole.zip", settings={"whole_files": True}, subset=Subset(cluster=1))
    with zipfile.ZipFile(tmp_path / "whole.zip") as archive:
        first = next(name for name in archive.namelist() if name.endswith(".wav"))
        assert soundfile.info(io.BytesIO(archive.read(first))).duration == SECONDS
    assert whole["estimated_bytes"] == pytest.approx(whole["bytes"], rel=0.05)


def test_a_parquet_file_is_added_again_with_its_vectors_labels_texts_and_titles(small, tmp_path):
    write(tmp_path / "v.parquet")
    again = collections.add(tmp_path / "v.parquet", "again")
    X = build_space(small, CHOICE).X
    assert np.allclose(again.table.to_numpy(), X, atol=1e-6)
    assert list(again.table) == [f"vector_{i}" for i in range(X.shape[1])]
    for column in ("title", "label", "lyrics", "artist", "year", "bpm"):
        assert again.tracks[column].tolist() == small.tracks[column].str.strip().tolist(), column


def test_names_that_users_gave_to_clusters_are_exported(small, tmp_path):
    from core.explain.cluster_names import save_cluster_name

    taken = take(collections.load("small"), CHOICE)
    ids = taken.collection.tracks["track_id"].to_numpy(str)[taken.space.rows]
    save_cluster_name(ids, taken.labels, {0: "Slow choirs", 1: FORMULA})
    write(tmp_path / "named.csv")
    named = set(pd.read_csv(tmp_path / "named.csv")["cluster_name"])
    assert named == {"Slow choirs", neutralise(FORMULA), "Cluster 3"}
    assert take(collections.load("small"), CHOICE).names == {0: "Slow choirs", 1: FORMULA}
