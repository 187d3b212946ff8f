"""The control that names any sentence-transformers model, and the line under the words."""

import pandas as pd
from streamlit.testing.v1 import AppTest

from core.collection import Collection

BANGLA = ["আমার সোনার বাংলা আমি তোমায় ভালোবাসি", "আমি বাংলায় গান গাই", "ধন ধান্য পুষ্প ভরা আমাদের এই বসুন্ধরা"]


def controls():
    import streamlit as st

    from core.ui.explore.controls import choose
    from core.ui.shared.frame import friendly
    from core.ui.shared.url_state import read_address, write_address

    read_address("explore")
    with friendly():
        choice, _ = choose(st.session_state["collection"])
        st.session_state["choice"] = choice
    write_address()


def run(language: str, **query) -> AppTest:
    at = AppTest.from_function(controls, default_timeout=30)
    tracks = pd.DataFrame({"track_id": list("abc"), "lyrics": BANGLA, "language": language})
    at.session_state["collection"] = Collection(f"in-{language}", tracks)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception[0].message
    return at


def words(at: AppTest):
    return next(box for box in at.selectbox if box.label == "Text representation")


def test_another_sentence_model_is_named_and_remembered_in_the_address():
    at = run("en")
    words(at).select("sentence:").run()
    assert at.session_state["choice"].text == "sentence"  # until there is a name
    assert any("Until a model is named" in caption.value for caption in at.caption)
    at.text_input[0].input("somebody/model").run()
    assert at.session_state["choice"].text == "sentence:somebody/model"
    again = run(
        "en",
        **{name: value[0] if isinstance(value, list) else value for name, value in at.query_params.items()},
    )
    assert again.session_state["choice"].text == "sentence:somebody/model"
    assert again.text_input[0].value == "somebody/model"


def test_a_folder_must_lie_where_the_browser_may_go(tmp_path, monkeypatch):
    (tmp_path / "open" / "model").mkdir(parents=True)
    (tmp_path / "closed").mkdir()
    monkeypatch.setenv("SONGSCAPE_ROOTS", str(tmp_path / "open"))
    inside = run("en", text="sentence:", encoder=str(tmp_path / "open" / "model"))
    assert inside.session_state["choice"].text.endswith("model")
    outside = run("en", text="sentence:", encoder=str(tmp_path / "closed"))
    assert "outside" in outside.error[0].value and "choice" not in outside.session_state


def test_an_encoder_that_does_not_know_the_language_is_said():
    assert not any("not trained on" in caption.value for caption in run("en").caption)
    opened = run("bn")
    assert opened.session_state["choice"].text == "tfidf" and not any(
        "not trained on" in c.value for c in opened.caption
    )
    words(opened).select("sentence").run()
    (line,) = [c.value for c in opened.caption if "not trained on" in c.value]
    assert line.startswith("3 of 3 texts") and "(bn)" in line
    words(opened).select("sentence-minilm").run()
    assert any("not trained on" in c.value for c in opened.caption)


def test_three_tracks_have_one_number_of_clusters():
    assert run("en").session_state["choice"].n_clusters == 2
