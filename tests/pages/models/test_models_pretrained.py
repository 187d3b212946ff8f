"""Pretrained encoders on the Models page: none yet, a job at work, one that failed, and some to use."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.features.encoders.obtained import list_obtained, obtain
from core.jobs import job as jobs
from tests.features.pretrained.audio_folders import save_ast
from tests.waiting import ended

pytestmark = pytest.mark.usefixtures("without_shipped")
PAGE = str(Path(__file__).resolve().parents[3] / "pages" / "models.py")


def open_page() -> AppTest:
    return AppTest.from_file(PAGE, default_timeout=60).run()


def words_of(at: AppTest) -> str:
    kinds = (at.subheader, at.caption, at.markdown, at.info, at.warning, at.error)
    return "\n".join(str(e.value) for kind in kinds for e in kind).replace("\\", "")


def button(at: AppTest, key: str):
    return next(b for b in at.button if b.key == key)


def test_nothing_was_got_yet_and_the_table_says_what_there_is():
    at = open_page()
    assert not at.exception and "None so far" in words_of(at)
    table = next(d.value for d in at.dataframe if "Licence" in d.value)
    assert {"CLAP (music)", "AST (AudioSet)", "LaBSE", "MERT v1 (95M)"} <= set(table["Encoder"])
    assert table.set_index("Encoder").loc["MERT v1 (95M)", "State"] == "can't run: needs its own code"
    assert "mert" not in at.selectbox(key="models-encoder").options


def test_an_encoder_of_the_table_or_another_name_is_got_by_a_job(monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append((kind, title, args)))
    at = open_page()
    at.selectbox(key="models-encoder").set_value("labse").run()
    button(at, "models-get-encoder").click().run()
    at.text_input(key="models-encoder-name").set_value("facebook/hubert-base-ls960").run()
    button(at, "models-get-encoder").click().run()
    assert started == [
        ("pretrained", "Get LaBSE", {"name": "labse"}),
        ("pretrained", "Get facebook/hubert-base-ls960", {"name": "facebook/hubert-base-ls960"}),
    ]
    at.text_input(key="models-encoder-name").set_value("/etc").run()
    button(at, "models-get-encoder").click().run()
    assert len(started) == 2 and "/etc" in words_of(at)  # outside the folders that may be opened


def test_progress_is_shown_while_it_downloads(monkeypatch):
    running = jobs.Status(
        id="20260101-000000-pretrained-abc",
        kind="pretrained",
        title="Get LaBSE",
        args={},
        created=0.0,
        state="running",
        done=120,
        total=1884,
        note="downloading LaBSE (MB)",
    )
    monkeypatch.setattr(jobs, "list_jobs", lambda kind=None: [running] if kind == "pretrained" else [])
    at = open_page()
    assert not at.exception and "Get LaBSE" in words_of(at)
    assert button(at, f"stop-{running.id}")


def test_a_failed_job_says_why_and_what_to_do(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    job = jobs.start("pretrained", "Get wav2vec 2.0", name="wav2vec2")
    assert ended(job).state == "failed"
    words = words_of(open_page())
    assert "can't be reached" in words and "give the folder instead of the name" in words
    assert "Traceback" not in words


def test_what_was_got_is_listed_and_can_be_removed(tmp_path):
    obtain(str(save_ast(tmp_path / "tiny-ast")))
    at = open_page()
    assert "Audio encoder (tiny-ast)" in words_of(at) and "None so far" not in words_of(at)
    next(b for b in at.button if str(b.key).startswith("models-remove-encoder")).click().run()
    assert not at.exception and "None so far" in words_of(at) and list_obtained() == []
