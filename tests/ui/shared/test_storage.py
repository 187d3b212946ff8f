import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import store
from core.messages.quantities import format_size


@pytest.mark.parametrize(
    "size, written",
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (4_100, "4.1 kB"),
        (99_600, "100 kB"),
        (999_700, "1 MB"),
        (315e6, "315 MB"),
        (2.5e9, "2.5 GB"),
        (4e12, "4e+03 GB"),
    ],
)
def test_sizes_have_three_figures_at_most(size, written):
    assert format_size(size) == written


def opened() -> AppTest:
    def app():
        from core.ui.shared.storage import _show_sizes

        _show_sizes()

    return AppTest.from_function(app, default_timeout=30).run()


def test_what_can_be_recomputed_is_freed_and_the_rest_stays():
    store.put("latents", "k", np.zeros(1_000))
    kept = store.folder("collections", "mine") / "collection.json"
    store.write_json(kept, {"name": "mine"})
    at = opened()
    table = at.table[0].value
    assert dict(zip(table["Content"], table["Recomputed when needed"])) == {
        "Latents, clusters, projections, scores": "yes",
        "Collections": "no",
    }
    free = at.button(key="library-free")
    assert free.label == f"Free {format_size(store.sizes()['arrays'])}"
    free.click().run()
    assert not at.exception and kept.exists() and store.peek("latents", "k") is None
    assert at.button(key="library-free").disabled


def test_nothing_is_measured_before_the_section_is_opened(monkeypatch):
    monkeypatch.setattr(store, "sizes", lambda: pytest.fail("a large store takes long to walk through"))

    def app():
        from core.ui.shared.storage import show_store

        show_store()

    at = AppTest.from_function(app).run()
    assert not at.exception and at.expander[0].label == "Storage"
