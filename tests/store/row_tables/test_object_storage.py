"""Rows on object storage: a service on this machine stands for S3."""

import socket

import numpy as np
import pytest
import soundfile

from core import collection as collections
from core import store
from core.errors import ConfigError
from core.features import extract_features, get_extractor
from core.features.extraction.earlier import earlier_rows, present_rows
from core.messages.extraction_messages import describe_space
from core.store.row_tables.object_storage import rows_address
from core.store.row_tables.rows import Rows, rows_like

pytestmark = pytest.mark.slow
moto = pytest.importorskip("moto.server", reason="moto[server] is not installed")


@pytest.fixture(scope="module")
def service():
    """Start the service with one bucket; return its address."""
    import boto3

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    address = f"http://127.0.0.1:{port}"
    keys = {"aws_access_key_id": "someone", "aws_secret_access_key": "secret"}
    boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys).create_bucket(Bucket="music")
    yield address
    server.stop()


@pytest.fixture(autouse=True)
def on_bucket(service, monkeypatch, tmp_path):
    monkeypatch.setenv("SONGSCAPE_ROWS", f"s3://music/{tmp_path.name}/rows/")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT", service)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def rows(*names: str) -> dict[str, np.ndarray]:
    return {name: np.full((2, 3), ord(name[0]), np.float16) for name in names}


def test_rows_come_back_by_id_in_their_shape():
    table = Rows("mel", "k")
    assert table.ids() == set() and table.read(["a"]) == {} and table.shape() is None
    assert table.row_bytes() is None
    table.append(rows("a", "b"))
    table.append(rows("c"))
    found = Rows("mel", "k").read(["c", "a", "missing"])
    assert set(found) == {"a", "c"} and table.ids() == {"a", "b", "c"}
    assert (found["c"] == ord("c")).all() and found["c"].shape == (2, 3) == table.shape()
    assert table.row_bytes() == 12 and Rows("mel", "other").ids() == set()
    assert not table.uri.exists()  # nothing of it is in the folder


def test_features_are_read_once_for_all_stores_of_a_bucket(tmp_path, monkeypatch):
    folder = tmp_path / "songs"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for i in range(4):
        soundfile.write(folder / f"{i}.wav", 0.1 * rng.standard_normal(22050), 22050)
    monkeypatch.setenv("SONGSCAPE_CACHE", str(tmp_path / "first"))
    first = extract_features(collections.add(folder, "songs"), get_extractor("mfcc")).X
    monkeypatch.setenv("SONGSCAPE_CACHE", str(tmp_path / "second"))
    again = collections.add(folder, "songs")
    monkeypatch.setattr(
        "core.features.spectral.mfcc.Mfcc.extract", lambda *a: pytest.fail("it was read before")
    )
    assert np.array_equal(extract_features(again, get_extractor("mfcc")).X, first)
    assert not list((tmp_path / "second").rglob("*.lance"))


def test_rows_of_an_earlier_version_are_found():
    present = present_rows(get_extractor("mfcc"))
    earlier = Rows(present.name.rpartition("-")[0], "0123456789abcdef")
    earlier.append({"a": np.ones(80, np.float32)})
    assert [one.name for one in earlier_rows(get_extractor("mfcc"))] == [earlier.name]
    assert rows_like("nothing-") == []


@pytest.mark.parametrize("work", [lambda: Rows("mel", "k").ids(), lambda: Rows("mel", "k").append(rows("a"))])
def test_what_is_wrong_is_one_sentence(work, monkeypatch):
    def says(wanted: str) -> None:
        with pytest.raises(ConfigError, match=wanted) as caught:
            work()
        assert "\n" not in str(caught.value) and ".rs" not in str(caught.value)

    monkeypatch.setenv("SONGSCAPE_ROWS", "s3://nowhere/rows")
    says("SONGSCAPE_ROWS: s3://nowhere/rows/mel-k.lance can't be used: there is no bucket of this name")
    monkeypatch.setenv("SONGSCAPE_ROWS", "s3://music/none")
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:1")
    says("it can't be reached")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    says("no credentials were found; set AWS_ACCESS_KEY_ID")


def test_addresses_are_checked(monkeypatch):
    for wrong in ("/a/folder", "s3://", "ftp://a/b", "s3:/a", "s3://a b/c"):
        monkeypatch.setenv("SONGSCAPE_ROWS", wrong)
        with pytest.raises(ConfigError, match="must be an address such as s3://BUCKET/PREFIX"):
            rows_address()
    monkeypatch.setenv("SONGSCAPE_CACHE", "s3://music/store")
    with pytest.raises(ConfigError, match="SONGSCAPE_CACHE='s3://music/store' must be a folder"):
        store.root()


def test_the_disk_is_not_asked_for_space():
    assert store.free_bytes() is None
    assert describe_space(5_000_000, store.free_bytes()) == "about 5 MB on object storage"
