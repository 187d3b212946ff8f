"""Jobs, uploads, folders of the server and the audit log of people who signed in."""

import json
import time

import pytest

from core import collection, store
from core.access.quotas import upload_folder, uploaded_bytes
from core.access.read_only_links import create_link
from core.access.sharing import share
from core.access.uploaded_files import delete_upload, list_uploads
from core.access.viewer import NOBODY, SERVER, Viewer, acting_for, enforce
from core.collection.sources.roots import allowed_roots, resolve_within, subfolders
from core.collection.sources.uploads import save_uploads
from core.errors import AccessError, CollectionError, ConfigError, QuotaError
from core.jobs import job as jobs
from core.jobs import runner
from core.jobs.status import folder_of, status, write_status
from core.jobs.work import WORK
from tests.access.conftest import acting, add

# Uploads


def test_everybody_has_an_upload_folder_of_their_own(team):
    found = {}
    for name in ("anna", "ben"):
        with acting(name):
            found[name] = save_uploads("table-numbers", [("numbers.csv", f"a\n{name}\n".encode())])
    assert found["anna"].read_text() == "a\nanna\n" and found["ben"].read_text() == "a\nben\n"
    with acting("ben"):
        assert not found["anna"].is_relative_to(upload_folder())


def test_without_sign_in_uploads_are_where_they_were():
    assert save_uploads("songs", [("a.wav", b"1")]) == store.root() / "uploads" / "songs"


def test_an_upload_above_the_limit_is_refused_before_anything_is_written(team, monkeypatch):
    monkeypatch.setenv("SONGSCAPE_UPLOAD_MB", "1")
    with acting("anna"):
        save_uploads("one", [("a.wav", bytes(700_000))])
        with pytest.raises(QuotaError, match=r"0\.4 MB would exceed your limit of 1 MB, of which 0\.7 MB"):
            save_uploads("two", [("b.wav", bytes(400_000))])
        assert [upload.name for upload in list_uploads()] == ["one"] and uploaded_bytes() == 700_000
        delete_upload("one")
        save_uploads("two", [("b.wav", bytes(400_000))])
        with pytest.raises(AccessError):
            delete_upload("../two")
    with acting("ben"):
        assert list_uploads() == []
        with pytest.raises(AccessError, match="no upload 'two' of yours"):
            delete_upload("two")
    monkeypatch.setenv("SONGSCAPE_UPLOAD_MB", "much")
    with acting("anna"), pytest.raises(ConfigError, match="SONGSCAPE_UPLOAD_MB"):
        save_uploads("three", [("c.wav", b"1")])


@pytest.mark.parametrize("who", [NOBODY, Viewer(link="1")])
def test_who_did_not_sign_in_uploads_nothing(team, who):
    with acting_for(who), pytest.raises(AccessError):
        save_uploads("one", [("a.wav", b"1")])
    assert not list(store.path_of("uploads").rglob("*.wav"))


# Folders of the server


def test_with_sign_in_only_named_folders_are_open_and_never_the_store(team, monkeypatch, tmp_path):
    monkeypatch.delenv("SONGSCAPE_ROOTS", raising=False)
    assert allowed_roots() == []
    with acting("anna"):
        own = save_uploads("one", [("a.wav", b"1")])
    (tmp_path / "music").mkdir()
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path))
    with acting("ben"):
        assert resolve_within(tmp_path / "music") == tmp_path / "music"
        for folder in (own, store.root(), tmp_path):
            with pytest.raises(CollectionError, match="store"):
                resolve_within(folder)
    with acting_for(SERVER):
        assert {row["name"] for row in subfolders(tmp_path)} >= {"music", "store"}


# Jobs


@pytest.fixture
def launched(monkeypatch) -> list[str]:
    """Launch nothing: jobs stay as they are."""
    found: list[str] = []
    monkeypatch.setattr(jobs, "_launch", found.append)
    return found


def test_a_job_is_its_starters_and_a_map_that_is_prepared_all_see(team, launched):
    with acting("anna"):
        add("songs")
        share("songs", with_all=True)
        train = jobs.start("train", "Train", collection="songs", model="pca")
        prepare = jobs.start("prepare", "Prepare", collection="songs", audio="mfcc")
        assert {job.id for job in jobs.list_jobs()} == {train, prepare}
    with acting("ben"):
        assert [job.id for job in jobs.list_jobs()] == [prepare]
        assert jobs.start("prepare", "Prepare", collection="songs", audio="mfcc") == prepare
        assert jobs.start("train", "Train", collection="songs", model="pca") != train
        for control in (jobs.cancel, jobs.resume, jobs.forget):
            with pytest.raises(AccessError, match="only the person who started"):
                control(prepare)
        assert jobs.running_on("songs").title  # whoever started it
    with acting("anna"):
        share("songs", with_all=False)
    with acting("ben"):
        assert prepare not in [job.id for job in jobs.list_jobs()]
    assert status(train).user == status(train).owner == "anna@example.org"


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        ("train", {"collection": "songs", "model": "pca"}),
        ("train", {"collection": "own", "model": "pca", "pooled": ["songs"]}),
        ("prepare", {"collection": "songs"}),
        ("caption", {"collection": "shared"}),
        ("transcribe", {"collection": "shared"}),
        ("add", {"source": "demo", "name": "songs"}),
        ("add", {"source": "demo", "name": "shared"}),
        ("pretrained", {"name": "clap"}),
        ("train", {"collection": "own", "model": "mae", "settings": {"start_audio": "/etc/passwd"}}),
        ("train", {"collection": "own", "model": "mae", "settings": {"start_text": "some/model"}}),
        ("train", {"collection": "own", "model": "mae", "engine": {"name": "ray", "address": "10.0.0.1:1"}}),
        ("train", {"collection": "own", "model": "mae", "settings": {"start_audio": "README.md"}}),
        ("train", {"collection": "own", "model": "mae", "settings": {"start_text": "bert-base-uncased"}}),
        ("recipe", {"collection": "own", "recipe": "medium", "settings": {"encoder": "sentence:gpt2"}}),
        ("transcribe", {"collection": "own", "model": "some/model"}),
    ],
)
def test_a_job_on_what_one_may_not_see_or_change_is_not_started(team, launched, kind, args):
    with acting("anna"):
        add("songs")
        add("shared")
        share("shared", with_all=True)
    with acting("ben"):
        add("own")
        with pytest.raises(AccessError):
            jobs.start(kind, "x", **args)
    with acting_for(Viewer(link="1")), pytest.raises(AccessError, match="only shows"):
        jobs.start(kind, "x", **args)
    assert launched == [] and not list(store.path_of("jobs").glob("*"))


def test_the_process_of_a_job_has_the_rights_of_who_started_it(team, launched, monkeypatch):
    with acting("anna"):
        add("songs")
    with acting("ben"):
        add("own")
        job = jobs.start("recipe", "x", recipe="medium")
    seen = []
    monkeypatch.setitem(WORK, "recipe", lambda **_: seen.append(collection.names()) or {})
    enforce(None)  # as in a process of its own
    assert collection.names() == ["own", "songs"]
    runner.run(job)
    assert seen == [["own"]]


def test_more_jobs_than_the_limit_are_refused_before_anything_is_written(team, launched, monkeypatch):
    monkeypatch.setenv("SONGSCAPE_JOBS_PER_USER", "1")
    with acting_for(SERVER):
        add("demo")
    with acting("anna"):
        first = jobs.start("train", "x", collection="demo", model="pca")
        with pytest.raises(QuotaError, match="1 of your jobs run or wait, and the limit is 1"):
            jobs.start("train", "x", collection="demo", model="mlp-vae")
        assert jobs.start("train", "x", collection="demo", model="pca") == first
    with acting("ben"):
        jobs.start("train", "x", collection="demo", model="mlp-vae")


def test_resuming_jobs_does_not_exceed_the_limit_nor_outlive_the_access(team, launched, monkeypatch):
    monkeypatch.setenv("SONGSCAPE_JOBS_PER_USER", "1")
    with acting("anna"):
        add("songs")
        share("songs", with_all=True)
    with acting("ben"):
        ended = []
        for model in ("pca", "mlp-vae"):
            job = jobs.start("train", "x", collection="songs", model=model)
            write_status(folder_of(job), state="failed")
            ended.append(job)
        jobs.resume(ended[0])
        with pytest.raises(QuotaError, match="1 of your jobs"):
            jobs.resume(ended[1])
        assert status(ended[1]).state == "failed"
        write_status(folder_of(ended[0]), state="failed")
    with acting("anna"):
        share("songs", with_all=False)
    with acting("ben"), pytest.raises(AccessError, match="no collection 'songs'"):
        jobs.resume(ended[0])


# The audit log


def lines() -> list[dict]:
    """Return the lines of the log."""
    path = store.path_of("access", "audit", f"{time.strftime('%Y-%m', time.gmtime())}.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_change_has_a_line_and_refused_ones_say_why(team):
    with acting("anna"):
        add("songs")
        create_link("songs", 7)
    with acting("ben"), pytest.raises(AccessError):
        share("songs", with_all=True)
    with acting_for(SERVER):
        collection.rename("songs", "tunes")
    found = [(line["user"], line["action"], line["subject"], line["outcome"]) for line in lines()]
    assert found[:3] == [
        ("anna@example.org", "save collection", "songs", "done"),
        ("anna@example.org", "create read-only link", "songs", "done"),
        (
            "ben@example.org",
            "share collection",
            "songs",
            "refused: there is no collection 'songs' that you may change",
        ),
    ]
    assert found[3][0].startswith("system:") and found[3][1:] == ("rename collection", "songs", "done")
    assert lines()[3]["to"] == "tunes"
    assert all(line["time"].endswith("Z") for line in lines())


def test_the_command_line_is_logged_in_a_store_that_was_used_with_sign_in():
    add("songs")
    assert not store.path_of("access").exists()
    store.folder("access")
    collection.remove("songs")
    assert lines()[0]["action"] == "delete collection" and lines()[0]["user"].startswith("system:")


def test_a_defect_is_logged_as_failed(team):
    from core.collection.saved import change_tracks

    with acting("anna"):
        add("songs")
        with pytest.raises(ZeroDivisionError):
            change_tracks("songs", lambda tracks: 1 / 0)
    assert lines()[-1]["outcome"] == "failed: ZeroDivisionError"
