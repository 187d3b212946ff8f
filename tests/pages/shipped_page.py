"""A page of the shipped demo, and the examples that stand in its fields.

Where an example is a place or a model that is not on every machine, :data:`SUBSTITUTES` says what stands in
for it.
"""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.explore_page import control, shown

ROOT = Path(__file__).resolve().parents[2]
SUBSTITUTES = {
    "/path/to": "the test's own folder, with a copy of a shipped checkpoint and a folder of music in it",
    "paraphrase-multilingual-MiniLM-L12-v2": "a tiny untrained sentence encoder in a folder of this name "
    "where the server was started",
}


EXAMPLES = {
    "a slow sad song for choir": "test_explore_searches_by_its_own_example",
    "Tracks whose title, label or text contains …": "test_explore_filters_by_a_word_of_the_lyrics",
    "paraphrase-multilingual-MiniLM-L12-v2": "test_explore_describes_texts_by_a_named_model",
    "Search titles, artists, labels, text …": "test_the_library_narrows_its_tracks",
    "detected per track": "test_the_library_offers_to_write_lyrics_down",
    "part of the name": "test_the_library_narrows_folders_and_goes_where_a_path_is_typed",
    "/path/to/your/music": "test_the_library_narrows_folders_and_goes_where_a_path_is_typed",
    "/path/to/table.csv": "test_the_library_samples_a_table_by_its_path_on_the_server",
    "all": "test_the_library_samples_a_table_by_its_path_on_the_server",
    "country, hip hop, indie, metal, pop, punk, rock": "test_the_library_takes_the_main_genres",
    "/path/to/model.safetensors": "test_models_loads_a_checkpoint_by_its_path",
    "part of its title or artist": "test_models_finds_a_track_to_listen_to",
    "facebook/hubert-base-ls960": "test_models_gets_an_encoder_by_its_name",
    "packaged": "test_models_trains_with_what_stands_there_by_itself",
    "None": "test_explore_puts_representations_side_by_side",
    "automatic": "test_models_trains_with_what_stands_there_by_itself",
    "Search headings and text, for example Silhouette": "test_the_help_finds_its_example",
}
"""Each placeholder of the pages, and the test that uses it."""


def open_page(name: str, opened: tuple[str, ...] = (), **address: str) -> AppTest:
    """Open a page, with some of its folds open."""
    at = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=120)
    at.query_params.update(address)
    for fold in opened:
        at.session_state[fold] = True
    return look(at)


def look(at: AppTest) -> AppTest:
    """Run until nothing is under way; nothing may fail, and no field may hold an example that no test
    uses."""
    from core.ui.shared import results

    for _ in range(3):
        at.run()
        results.results().settle()
    assert not at.exception and [error.value for error in at.error] == []
    assert placeholders_of(at) <= set(EXAMPLES), "a new example needs a test that uses it"
    return at


def placeholders_of(at: AppTest) -> set[str]:
    return {
        field.proto.placeholder for kind in (at.text_input, at.text_area, at.number_input) for field in kind
    } - {""}


def enter(at: AppTest, placeholder: str, text: str | None = None) -> AppTest:
    """Enter an example, or what stands in for it, where it stands."""
    (field,) = [f for f in at.text_input if f.proto.placeholder == placeholder]
    field.input(placeholder if text is None else text)
    return look(at)


def words_of(at: AppTest) -> str:
    return shown(at).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    control(at.button, label).click()
    return look(at)
