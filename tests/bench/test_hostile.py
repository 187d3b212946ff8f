"""The hostile campaign: the same files for a seed, and a small sample of each part that ends well."""

import os
import random
import zipfile

import pytest

from core.bench.hostile import (
    campaign,
    hostile_audio,
    hostile_checkpoints,
    hostile_names,
    hostile_tables,
    random_kills,
)
from core.bench.hostile.killed_command import COUNT
from core.bench.hostile.watched_run import run_watched


def content_of(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("write", [hostile_tables.write_tables, hostile_checkpoints.write_checkpoints])
def test_a_seed_gives_the_same_files(tmp_path, write):
    folders = [tmp_path / name for name in "abc"]
    for folder, seed in zip(folders, (1, 1, 2), strict=True):
        folder.mkdir()
        assert write(folder, 60, seed) == 60
    first, same, other = map(content_of, folders)
    drop = [name for name in first if name.startswith("pickle") or name.endswith(".csv")]
    assert len(first) == 60 and first.keys() == same.keys()
    assert all(first[name] == same[name] for name in first.keys() - set(drop))
    assert first != other


def test_mutations_differ_from_the_file_and_from_each_other():
    rng, data = random.Random(0), bytes(range(256)) * 8
    found = {hostile_audio.mutated(data, data[::-1], rng) for _ in range(50)}
    assert len(found) > 45 and data not in found


def test_a_sample_of_hostile_audio_ends_as_tracks_or_problems(tmp_path):
    figures = campaign.attack_with_audio(tmp_path / "audio", 30, 0, with_sparse=False)
    assert figures["audio_usable"] + figures["audio_refused"] == figures["audio_files"] == 30
    bad = ("audio_unanswered", "audio_followed", "audio_fetched", "add_crashed", "add_unlisted")
    assert [figures[name] for name in bad] == [0] * 5
    assert figures["audio_slowest_s"] < campaign.LONGEST_S and figures["audio_peak_gb"] < 1


@pytest.mark.slow
def test_hostile_names_stay_in_their_folders_and_exports_are_safe(tmp_path):
    figures = campaign.attack_with_names(tmp_path, 80, 0)
    assert figures == {"names": 80, "names_escaped": 0, "names_unexplained": 0, "exports_unsafe": 0}


def test_names_that_escape_and_errors_without_a_sentence_are_counted(tmp_path, monkeypatch):
    def write_as_named(collection, files):
        target = tmp_path / "store" / "uploads" / collection / files[0][0]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"la")
        return target.parent

    monkeypatch.setattr("core.collection.sources.uploads.save_uploads", write_as_named)
    monkeypatch.setattr(hostile_names, "export_hostile", lambda *_: [])
    figures = campaign.attack_with_names(tmp_path, 80, 0)
    assert figures["names_escaped"] > 0 and figures["names_unexplained"] > 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", "title\r\n=cmd|' /C calc'!A0\r\n"),
        ("t.m3u8", "#EXTM3U\n/no/such/file.wav\n"),
        ("t.html", f"<p>{hostile_names.MARKUP}</p>"),
    ],
)
def test_an_unsafe_export_is_seen(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    assert len(hostile_names.unsafe_parts(tmp_path / name)) == 1


def test_an_archive_that_unpacks_elsewhere_is_seen(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for member in ("../x.mp3", "/x.mp3", "a/b.mp3"):
            archive.writestr(member, b"")
    assert len(hostile_names.unsafe_parts(tmp_path / "t.zip")) == 2


@pytest.mark.slow
def test_five_gigabytes_of_nothing_are_refused_in_time(tmp_path):
    good = hostile_audio.sparse_files()
    for name in ("sparse.wav", "sparse.flac", "sparse.m4a", "sparse.ogg"):
        with open(tmp_path / name, "wb") as file:
            file.write(good[name])
            file.truncate(hostile_audio.SPARSE_BYTES)
    outcome = run_watched(
        [str(tmp_path)], env=os.environ, limit_s=120, module="core.bench.hostile.check_files"
    )
    assert outcome.output.count('"reason": "') == 4 and outcome.peak_bytes < 1e9


@pytest.mark.slow
def test_samples_of_hostile_tables_and_checkpoints_are_answered(tmp_path):
    for what, write in (
        ("tables", hostile_tables.write_tables),
        ("checkpoints", hostile_checkpoints.write_checkpoints),
    ):
        figures = campaign.attack_with(what, tmp_path / what, 70, 0, write)
        assert figures[f"{what}_unanswered"] == 0
        assert figures[f"{what}_refused"] > 40
    assert not hostile_checkpoints.has_run(tmp_path / "checkpoints")


def test_a_command_that_crashes_or_takes_too_long_is_seen():
    env = dict(os.environ)
    assert run_watched(
        ["8" * 5_000], env=env, limit_s=60, module="core.bench.hostile.check_files"
    ).has_crashed
    assert run_watched([], env=env, limit_s=0.2, module="http.server").status is None


@pytest.mark.slow
def test_killed_commands_lose_nothing_and_run_again_as_if_undisturbed(tmp_path):
    counts = random_kills.kill_at_random(tmp_path, 12, 0)
    assert counts.pop("kills") == 12 and counts.pop("kills_survived") < 8
    assert set(counts.values()) == {0}


def test_a_kill_strikes_at_the_change_of_a_file_that_is_asked_for(tmp_path):
    env = {**os.environ, "SONGSCAPE_CACHE": str(tmp_path / "store")}
    command = ["add", "simulated-modalities", "--name", "s", "--json"]
    module = random_kills.KILLED
    assert run_watched(["1", "0", "0", *command], env=env, limit_s=60, module=module).status == -9
    whole = run_watched(["0", "0", "0", *command], env=env, limit_s=60, module=module)
    assert whole.status == 0 and int(whole.errors.rpartition(COUNT)[2]) > 1
