"""Numbered files are created exclusively, whoever else creates them at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import WriteError
from core.store import create_numbered

PROGRAM = """
import sys
from pathlib import Path
from core.store import create_numbered
sys.stdin.readline()
for _ in range(200):
    print(create_numbered(Path(sys.argv[1]), "run", ".json").name)
"""


def test_the_lowest_free_number_is_taken(tmp_path):
    (tmp_path / "run-2.json").write_text("{}")
    made = [create_numbered(tmp_path, "run", ".json").name for _ in range(3)]
    assert made == ["run-1.json", "run-3.json", "run-4.json"]
    assert (tmp_path / "run-2.json").read_text() == "{}"


def test_two_processes_and_threads_never_get_the_same_file(tmp_path):
    command = [sys.executable, "-c", PROGRAM, tmp_path]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda one: one.communicate("begin\n", timeout=60)[0].split(), processes))
    with ThreadPoolExecutor(4) as pool:
        found.append(list(pool.map(lambda _: create_numbered(tmp_path, "run", ".json").name, range(200))))
    names = sum(found, [])
    assert [len(part) for part in found] == [200] * 3 and len(set(names)) == 600
    assert set(names) == {f"run-{number}.json" for number in range(1, 601)}


def test_what_can_not_be_created_is_said(tmp_path):
    with pytest.raises(WriteError, match="can't be written"):
        create_numbered(tmp_path / "missing", "run", ".json")
