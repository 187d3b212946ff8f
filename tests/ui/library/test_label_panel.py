"""The popover with other labels, as a visitor sees it."""

import pandas as pd
from streamlit.testing.v1 import AppTest

from core import collection as collections
from core import store
from core.collection import Collection
from core.collection.saved import save
from core.ui.library.label_panel import label_options, title_of


def keep() -> Collection:
    files = [
        f"{kit}/{sound}/{i}.wav" for kit in ("one", "two") for sound in ("kick", "hat") for i in range(2)
    ]
    tracks = pd.DataFrame(
        {
            "track_id": [f"{i:032x}" for i in range(8)],
            "file": files,
            "artist": list("xyzxyzxy"),
            "label": "drum",
        }
    )
    info = {
        "kind": "folder",
        "source": "/x",
        "labels": {"asked": None, "from": "label", "n_labelled": 8, "n_labels": 1},
    }
    save(Collection("kits", tracks, info=info))
    return collections.load("kits")


def show(**address) -> AppTest:
    def app():
        from core import collection as collections
        from core.ui.library.label_panel import show_relabel
        from core.ui.shared.url_state import read_address

        read_address("library")
        collection = collections.load("kits")
        show_relabel(collection)
        import streamlit as st

        st.caption(" ".join(collection.labels()))

    at = AppTest.from_function(app, default_timeout=60)
    at.query_params.update(address)
    at.run()
    assert not at.exception
    return at


def test_the_options_are_the_depths_and_columns_that_there_are():
    collection = keep()
    assert label_options(collection) == [
        *("folder", "folder:deepest", "folder:path", "column:artist", "column:label", "table")
    ]
    deep = collection.tracks.assign(file=["a/b/c/d/e.wav"] * 8)
    assert {"folder:2", "folder:3"} <= set(label_options(Collection("c", deep)))
    assert "folder" not in label_options(Collection("c", deep.assign(file="e.wav")))
    assert title_of("folder:3") == "Folder names at depth 3" and title_of("column:x") == "Column x"


def test_labels_change_and_change_back():
    keep()
    at = show()
    at.selectbox[0].select("folder:deepest").run()
    at.button(key="library-relabel").click().run()
    assert not at.exception and at.caption[0].value == "kick kick hat hat kick kick hat hat"
    assert "come from folder:deepest: 2 labels on 8 tracks" in at.toast[0].value.replace("\\", "")
    assert "original" in label_options(collections.load("kits"))
    at.selectbox[0].select("original").run()
    at.button(key="library-relabel").click().run()
    assert at.caption[0].value == " ".join(["drum"] * 8)


def test_a_column_of_an_uploaded_table():
    keep()
    uploads = store.folder("uploads") / "table-moods"
    uploads.mkdir(parents=True)
    names = collections.load("kits").tracks["file"]
    pd.DataFrame({"file": names, "mood": list("mnmnmnmn")}).to_csv(uploads / "moods.csv", index=False)
    at = show(labels="table-moods/moods.csv")
    at.selectbox[0].select("table").run()
    at.selectbox(key="library-relabel-column").select("mood").run()
    at.button(key="library-relabel").click().run()
    assert not at.exception and at.caption[0].value == "m n m n m n m n"
    at.selectbox(key="library-relabel-column").select("file").run()
    at.button(key="library-relabel").click().run()
    assert "there are mood" in at.error[0].value.replace("\\", "")
