"""The Papers page, as a visitor sees it: the form, a run with its table, files, comparison, deletion."""

import pytest
from streamlit.testing.v1 import AppTest

from core.collection.saved import remove, save
from core.jobs import job as jobs
from core.recipes import RECIPES
from core.recipes.run import run_recipe
from core.recipes.stored_runs import list_runs
from tests.pages.shipped_page import ROOT
from tests.pipeline.small_space import make


@pytest.fixture(autouse=True)
def collection():
    save(make())


def open_papers(**address: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "pages" / "papers.py"), default_timeout=60)
    at.query_params.update(address)
    at.run()
    assert not at.exception and not at.error
    return at


def texts(at: AppTest) -> str:
    return "\n".join(element.value for kind in (at.markdown, at.caption, at.info) for element in kind)


def test_each_experiment_is_described_or_says_what_is_missing():
    for name, spec in RECIPES.items():
        at = open_papers(recipe=name, on="made")
        assert at.selectbox(key="recipe").value == name
        has_button = any(button.key == "papers-run" for button in at.button)
        assert has_button != any("This needs" in info.value for info in at.info), name
        assert spec.help.split()[0] in texts(at)


def test_run_starts_a_job_with_what_was_chosen(monkeypatch):
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append((kind, args)))
    at = open_papers(recipe="data", **{"data.on": "made"})
    at.button(key="papers-run").click().run()
    assert started == [("recipe", {"recipe": "data", "collection": "made", "settings": {}, "quick": False})]


def test_without_a_run_the_page_says_what_to_do():
    assert "No run yet" in texts(open_papers(recipe="data"))


def test_a_run_is_shown_compared_and_deleted():
    run_recipe("data", "made")
    run_recipe("data", "made", {"n_genres": "2"})
    at = open_papers(recipe="data", run="data-made-1")
    assert at.selectbox(key="run").value == "data-made-1"
    tables = [frame.value for frame in at.dataframe]
    assert any("Median words per text" in table.to_string() for table in tables)
    at.selectbox(key="with").select("data-made-2").run()
    assert "n_genres: 2 → 50" in at.code[0].value
    at.button(key="papers-delete-data-made-1").click().run()
    assert [run["id"] for run in list_runs()] == ["data-made-2"] and not at.exception


def test_a_run_is_made_again_with_its_settings(monkeypatch):
    run_recipe("data", "made", {"n_genres": "2"})
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append((kind, args)))
    at = open_papers(recipe="data", run="data-made-1")
    at.button(key="papers-again-data-made-1").click().run()
    wanted = {"recipe": "data", "collection": "made", "settings": {"n_genres": "2"}, "quick": False}
    assert started == [("recipe", wanted)]
    remove("made")
    assert open_papers(recipe="data", run="data-made-1").button(key="papers-again-data-made-1").disabled


def test_the_list_shows_the_first_figure_of_each_run():
    run_recipe("data", "made")
    (table, *_) = open_papers(recipe="data").dataframe
    assert table.value["Figure"][0].startswith("data:image/png;base64,")
