import pandas as pd
from streamlit.testing.v1 import AppTest

from core.collection import Collection
from core.collection.saved import save


def keep(name: str, n: int, **columns) -> None:
    save(
        Collection(
            name,
            pd.DataFrame({"track_id": [f"{i:032x}" for i in range(n)], **columns}),
            info={"kind": "folder", "source": "/x"},
        )
    )


def show(names, **address) -> AppTest:
    def app(names):
        from core import collection as collections
        from core.ui.library.collection_panel import choose_collection, show_collection
        from core.ui.shared.url_state import read_address

        read_address("library")
        show_collection(collections.load(choose_collection(names)))

    at = AppTest.from_function(app, default_timeout=60, args=(names,))
    at.query_params.update(address)
    at.run()
    assert not at.exception
    return at


def words_of(at: AppTest) -> str:
    return "\n".join(e.value for kind in (at.markdown, at.caption) for e in kind).replace("\\", "")


def test_a_large_collection_shows_its_first_tracks_and_searches_all():
    keep("large", 6_000, title=[f"song {i}" for i in range(6_000)])
    at = show(["large"])
    assert len(at.dataframe[0].value) == 5_000 and "6,000 tracks; the first 5,000 are shown" in words_of(at)
    at.text_input(key="find").input("song 5999").run()
    assert at.dataframe[0].value["title"].tolist() == ["song 5999"]


def test_many_collections_are_chosen_from_a_list():
    names = [f"c{i}" for i in range(8)]
    for i, name in enumerate(names):
        keep(name, i + 1, title=name)
    at = show(names, on="c6")
    assert not at.segmented_control and at.selectbox[0].value == "c6" and at.metric[0].value == "7"


def test_columns_without_content_are_left_out_and_long_lyrics_are_cut():
    keep("c", 2, title=["a", "b"], lyrics=["la\n" * 500, ""], mood=["glad", ""], album="")
    table = show(["c"]).dataframe[0].value
    assert list(table.columns) == ["title", "lyrics", "mood"]
    assert len(table["lyrics"][0]) < 500 and "\n" not in table["lyrics"][0]


def test_names_of_files_are_counted_apart_from_titles():
    keep(
        "c",
        3,
        title=["rock.1", "b", "So What"],
        title_from=["file name", "tags", "file name"],
        artist=["", "x", ""],
    )
    words = words_of(show(["c"]))
    assert (
        "1 no text · 1 title and artist · 1 title in the file name" in words
        and "The only text of 1 track is the title in the file name" in words
    )
