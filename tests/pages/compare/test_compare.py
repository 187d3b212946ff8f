"""The Compare page: how to begin, the board, cards, two settings, the matrix; and Pin on Explore."""

from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.export.saved_view import list_views, pin_choice
from core.jobs import job as jobs
from core.pipeline.choice import Choice
from core.recipes.run import run_recipe
from core.ui.compare import gallery
from core.ui.shared.url_state import URL_STATE
from tests.pages import explore_page
from tests.pages.explore_page import control, make_collection, near_worker, ready  # noqa: F401  a fixture

PAGE = Path(__file__).resolve().parents[3] / "pages" / "compare.py"
THREE = Choice(audio="table", n_clusters=3, projection="pca")
TWO = replace(THREE, n_clusters=2)
EVIL = "<img src=x onerror=alert(1)> *x*"


def open_compare(**query) -> AppTest:
    at = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at = ready(ready(at))
    assert not at.error
    return at


def pin(*choices) -> list[str]:
    return [pin_choice("small", {"on": "small", "k": str(c.n_clusters)}, c).name for c in choices]


def htmls(at) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def texts(at) -> str:
    said = [e.value for kind in (at.markdown, at.caption, at.info) for e in kind]
    return "\n".join(said).replace("\\", "")


def test_without_a_view_the_page_says_how_to_save_one():
    make_collection()
    for show in ("views", "pair"):
        assert "press *Pin* among its scores" in texts(open_compare(on="small", show=show))


def test_the_board_has_every_view_with_verdicts_and_files():
    make_collection()
    first, second = pin(THREE, TWO)
    at = open_compare(on="small")
    board = htmls(at)
    assert board.count('<th scope="row"') == 2 and "compared with this row" in board
    assert "▼ worse" in board and "chance" in board and "95 % interval [" in board
    control(at.selectbox, "Compared with").set_value(second)
    at = ready(ready(at))
    assert "▲ better" in htmls(at)
    control(at.selectbox, "Sort by").set_value("adjusted_rand")
    at = ready(at)
    board = htmls(at)
    assert board.index(first) < board.index(second)
    assert [button.label for button in at.get("download_button")] == ["CSV", "LaTeX"]


def test_a_card_has_picture_setting_and_scores_and_is_renamed_and_deleted():
    make_collection()
    (name,) = pin(THREE)
    at = ready(open_compare(on="small"))
    assert "Open it once to draw its map." in texts(at)
    explore_page.open_page(on="small", look="audio", audio="table", k="3", map="pca")  # draws the map
    at = open_compare(on="small")
    assert 'alt="Map of table, K-means k 3, PCA"' in htmls(at) and "small · table, K-means k 3" in texts(at)
    assert "Silhouette 0." in texts(at) and "ARI " in texts(at)
    at.text_input[0].set_value(EVIL)
    control(at.button, "Rename").click()
    at = ready(at)
    assert [view.name for view in list_views("small")] == [EVIL]
    assert "<img src=x" not in htmls(at) and "&lt;img src=x" in htmls(at)
    at.button(key=f"compare-delete-{list_views('small')[0].key}").click()
    at = ready(at)
    assert list_views("small") == []


def test_a_card_opens_its_view_on_explore(monkeypatch):
    make_collection()
    pin(TWO)
    went = []
    monkeypatch.setattr(gallery, "go_to", went.append)
    at = open_compare(on="small")
    control(at.button, "Open").click().run()
    assert went == ["explore"] and at.session_state[URL_STATE]["explore"]["k"] == "2"


def test_two_settings_have_two_linked_maps_flows_and_moved_tracks():
    make_collection()
    first, second = pin(THREE, TWO)
    at = open_compare(on="small", show="pair")
    assert control(at.selectbox, "First setting").value == first
    assert control(at.selectbox, "Second setting").value == second
    assert "20 of 60 tracks (33 %) are in another cluster" in texts(at)
    assert len(at.get("plotly_chart")) == 1 and "Tracks that move most" in texts(at)
    assert "No track moves" in texts(at)
    at = open_compare(on="small", show="pair", first=first, second=first)
    assert "Choose two different views" in texts(at)


def test_compare_on_a_card_puts_it_beside_another():
    make_collection()
    first, second = pin(THREE, TWO)
    at = open_compare(on="small")
    key = next(view.key for view in list_views("small") if view.name == second)
    at.button(key=f"compare-with-{key}").click()
    at = ready(ready(at))
    assert control(at.selectbox, "Second setting").value == second


def test_the_matrix_is_a_job_whose_newest_result_is_shown(monkeypatch):
    make_collection()
    started = []
    monkeypatch.setattr(jobs, "start", lambda kind, title, **args: started.append((kind, args)))
    at = open_compare(on="small", show="matrix")
    assert "No matrix yet" in texts(at)
    at.button(key="compare-matrix-run").click()
    at = ready(at)
    ((kind, args),) = started
    assert (
        kind == "recipe"
        and args["recipe"] == "representations"
        and "kmeans" in args["settings"]["clusterers"]
    )
    run_recipe("representations", "small", {"clusterers": "kmeans,ward"}, quick=True)
    at = open_compare(on="small", show="matrix")
    frame = at.dataframe[0].value
    assert {"table (audio)", "tfidf (text)"} == set(frame["Representation"]) and frame.shape == (2, 3)
    assert frame.drop(columns="Representation").to_numpy(float).min() >= -1


def test_pin_on_explore_saves_the_setting_once():
    make_collection()
    at = explore_page.open_page(on="small", look="audio", audio="table", k="3", map="pca")
    for _ in range(2):
        at.button(key="explore-pin").click()
        at = ready(at)
    (view,) = list_views("small")
    assert view.name == "table, K-means k 3, PCA" and view.query["k"] == "3"
