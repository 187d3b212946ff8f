"""Rows: what was appended comes back by id, in its shape, whoever wrote it."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.errors import SongscapeError, WriteError
from core.store.row_tables.rows import Rows


def rows(*names: str) -> dict[str, np.ndarray]:
    return {name: np.full((2, 3), ord(name[0]), np.float16) for name in names}


def test_nothing_written_means_nothing_read():
    table = Rows("mel", "k")
    assert table.read(["a"]) == {} and table.ids() == set()


def test_rows_come_back_by_id_in_their_shape():
    table = Rows("mel", "k")
    table.append(rows("a", "b"))
    table.append(rows("c"))
    table.append({})
    found = Rows("mel", "k").read(["c", "a", "missing"])
    assert set(found) == {"a", "c"}
    assert found["c"].shape == (2, 3) and found["c"].dtype == np.float16
    assert (found["a"] == ord("a")).all() and (found["c"] == ord("c")).all()


def test_another_key_is_another_table():
    Rows("mel", "k").append(rows("a"))
    assert Rows("mel", "other").ids() == set()


def test_an_id_written_twice_is_read_once():
    table = Rows("mel", "k")
    table.append(rows("a"))
    table.append(rows("a"))
    assert len(table.read(["a"])) == 1


def test_writers_at_once_lose_nothing():
    names = [chr(ord("a") + n) for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: Rows("mel", "k").append(rows(name)), names))
    assert Rows("mel", "k").ids() == set(names)


def _write_in_child(code: str) -> subprocess.CompletedProcess:
    """Run ``code`` in a process of its own that appends rows of 200 kB each to the table "mel"."""
    head = (
        "import os, resource, signal\nimport lance, numpy as np\n"
        "from core.store.row_tables.rows import Rows\n"
        "big = lambda *names: {name: np.random.default_rng(0).random((200, 250), dtype=np.float32) for "
        "name in names}\n"
    )
    return subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, timeout=120)


KILLED = """
real = lance.write_dataset
def die(table, uri, **settings):
    def batches():
        yield from table.to_batches()
        os.kill(os.getpid(), signal.SIGKILL)
    import pyarrow as pa
    real(pa.RecordBatchReader.from_batches(table.schema, batches()), uri, **settings)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")
@pytest.mark.parametrize("earlier", [[], ["a", "b"]])
def test_a_kill_in_the_middle_of_a_write_loses_at_most_that_write(earlier):
    code = "".join(f"Rows('mel', 'k').append(big({name!r}))\n" for name in earlier)
    done = _write_in_child(code + KILLED + "lance.write_dataset = die\nRows('mel', 'k').append(big('lost'))")
    assert done.returncode == -signal.SIGKILL, done.stderr
    table = Rows("mel", "k")
    assert table.uri.exists() and table.ids() == set(earlier)
    table.append({"c": np.ones((200, 250), np.float32)})
    assert table.ids() == {*earlier, "c"} and set(table.read(["c", *earlier])) == {*earlier, "c"}


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a file's size there")
@pytest.mark.parametrize("earlier", [[], ["a", "b"]])
def test_a_write_that_finds_no_room_is_one_line_and_leaves_the_earlier_rows(earlier):
    code = "".join(f"Rows('mel', 'k').append(big({name!r}))\n" for name in earlier)
    code += """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, -1))
from core.errors import SongscapeError, WriteError
try:
    Rows('mel', 'k').append(big('lost'))
except WriteError as error:
    print(error)
"""
    done = _write_in_child(code)
    assert "mel-k.lance can't be written: File too large" in done.stdout and done.stdout.count("\n") == 1, (
        done.stderr
    )
    assert ".rs" not in done.stdout
    table = Rows("mel", "k")
    assert table.ids() == set(earlier) and table.shape() == ((200, 250) if earlier else None)
    table.append({"c": np.ones((200, 250), np.float32)})
    assert table.ids() == {*earlier, "c"}


def test_a_full_disk_is_one_line(monkeypatch):
    def refuse(*args, **settings):
        raise OSError(
            "LanceError(IO): No space left on device (os error 28), "
            "/home/x/lance/rust/lance-file/src/writer.rs:254:9"
        )

    monkeypatch.setattr("lance.write_dataset", refuse)
    with pytest.raises(
        WriteError, match=r"mel-k.lance can't be written: No space left on device \(os error 28\)$"
    ) as caught:
        Rows("mel", "k").append(rows("a"))
    assert isinstance(caught.value, SongscapeError)


@pytest.mark.parametrize("left", ["folder", "data", "no manifest", "cut manifest", "empty manifest"])
def test_what_was_never_committed_is_no_table(left):
    table = Rows("mel", "k")
    if left == "folder":
        table.uri.mkdir()
    elif left == "data":
        (table.uri / "data").mkdir(parents=True)
        (table.uri / "data" / "half.lance").write_bytes(b"half")
    else:
        table.append(rows("z"))
        (manifest,) = table.uri.glob("_versions/*.manifest")
        content = manifest.read_bytes()
        manifest.unlink() if left == "no manifest" else manifest.write_bytes(
            content[: len(content) // 2 * (left == "cut manifest")]
        )
    assert table.ids() == set() and table.read(["z"]) == {} and table.shape() is None
    table.append(rows("a"))
    table.append(rows("b"))
    assert set(table.read(["a", "b", "z"])) == {"a", "b"}
    assert not (table.uri / "data" / "half.lance").exists()


def test_a_cut_commit_costs_only_itself():
    table = Rows("mel", "k")
    table.append(rows("a"))
    table.append(rows("b"))
    newest = min(table.uri.glob("_versions/*.manifest"))
    newest.write_bytes(newest.read_bytes()[:100])
    assert table.ids() == {"a"}
    table.append(rows("c"))
    assert set(table.read(["a", "b", "c"])) == {"a", "c"}
