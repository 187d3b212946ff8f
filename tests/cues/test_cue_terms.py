"""What is read of a track before it becomes a cue."""

import numpy as np
import pandas as pd
import pytest

from core.collection import Collection
from core.cues.cue_terms import measure_terms, read_column, says_instrumental, units_of, variety_of

NO_SOUND = {"descriptors": None, "musicnn-mtt": None}


def _collection(table=None, **columns):
    n = len(next(iter(columns.values())))
    return Collection("c", pd.DataFrame({"track_id": [f"t{i}" for i in range(n)], **columns}), table=table)


def test_words_are_counted_in_any_script():
    assert units_of("O Haupt, o HAUPT!") == ["o", "haupt", "o", "haupt"]
    assert len(units_of("আমার সোনার বাংলা")) == 3
    assert len(units_of("月が綺麗ですね")) == 4, "what has no spaces is counted by pairs of characters"


def test_variety_does_not_fall_with_length():
    words = [str(i) for i in range(40)]
    assert variety_of(words) == 1 and variety_of(["la"] * 200) == 1 / 50
    rng = np.random.default_rng(0)
    short, long = (variety_of([str(i) for i in rng.integers(0, 300, n)]) for n in (100, 5000))
    assert short == pytest.approx(long, abs=0.05) and np.isnan(variety_of([]))
    assert len(set(rng.integers(0, 300, 5000))) / 5000 < 0.1  # the plain share of different words falls


@pytest.mark.parametrize(
    "column, cell, said",
    [
        ("title", "Blue Lake (Instrumental)", True),
        ("tags", "folk;instrumental", True),
        ("Genre", "Instrumental", True),
        ("language", "zxx", True),
        ("title", "Instrumentality", False),
        ("tags", "non-instrumental", False),
        ("caption", "an instrumental interlude", False),
        ("title", "Blue Lake", False),
        ("language", "en", False),
    ],
)
def test_metadata_may_say_instrumental(column, cell, said):
    assert list(says_instrumental(_collection(**{column: [cell, "x"]}))) == [said, False]


def test_a_label_has_no_say():
    kinds = ["Instrumental", "Rock", ""]
    assert not says_instrumental(_collection(genre=kinds, label=kinds)).any()
    assert not says_instrumental(_collection(label=kinds)).any()
    assert says_instrumental(_collection(genre=kinds, label=["a", "b", "c"])).sum() == 1


def test_a_column_is_found_whatever_its_capitals():
    table = pd.DataFrame({" Energy": [0.0, 0.5, np.nan]})
    values, note = read_column(_collection(table, title=["a", "b", "c"]), "energy")
    np.testing.assert_array_equal(values, [0, 0.5, np.nan])
    assert note == ""
    joined = _collection(title=["a", "b", "c"], Energy=["0.1", "much", ""])
    np.testing.assert_array_equal(read_column(joined, "energy")[0], [0.1, np.nan, np.nan])
    assert np.isnan(read_column(joined, "quality")[0]).all()


def test_values_outside_are_refused_with_a_note():
    some = np.append(np.linspace(0, 1, 19), 1.5)
    values, note = read_column(_collection(pd.DataFrame({"energy": some}), title=["x"] * 20), "energy")
    assert np.isnan(values[-1]) and np.isfinite(values[:-1]).all()
    assert "1 of 20 values in the column 'energy'" in note and "1.5" in note and "unknown" in note
    percent = pd.DataFrame({"energy": [0.0, 1.0, 55.0, 80.0]})
    values, note = read_column(_collection(percent, title=["x"] * 4), "energy")
    assert np.isnan(values).all() and "not used" in note and "80" in note


def test_a_table_stands_in_for_sound():
    table = pd.DataFrame(
        {
            "rms_mean": [0.1, 0.01, 0.0],
            "tempo": [120.0, 60.0, np.nan],
            "spectral_centroid": [3000.0, 500.0, 900.0],
        }
    )
    terms = measure_terms(_collection(table, title=["a", "b", "c"]), NO_SOUND)
    np.testing.assert_allclose(terms["loudness_db"], [-20, -40, np.nan])
    np.testing.assert_allclose(terms["onset_rate_hz"], [2, 1, np.nan])
    np.testing.assert_allclose(terms["brightness_hz"], [3000, 500, 900])
    assert not terms["has_sound"].any() and terms["voice"].isna().all() and terms["top_hz"].isna().all()


def test_where_a_text_comes_from_and_whether_it_is_read():
    words = _collection(
        title=["a", "b", "c", ""],
        artist=["x", "y", "", ""],
        lyrics=["আমার সোনার বাংলা", "", "", ""],
        caption=["", "a quiet piece", "", ""],
        language=["bn", "", "", ""],
        title_from=["table", "table", "file name", "row"],
    )
    terms = measure_terms(words, NO_SOUND, encoder="sentence")
    assert list(terms["text_source"]) == ["lyrics", "caption", "file name", "nothing"]
    assert list(terms["text_words"]) == [3, 3, 1, 0] and list(terms["language_read"][:1]) == [0]
    assert measure_terms(words, NO_SOUND, encoder="mlp-vae:sentence")["language_read"][0] == 0
    for encoder in (None, "tfidf", "conv-vae", "sentence:some/model"):
        assert measure_terms(words, NO_SOUND, encoder=encoder)["language_read"].isna().all(), encoder
    titles = measure_terms(words, NO_SOUND, text_field="metadata")
    assert list(titles["text_source"][:2]) == ["title – artist"] * 2
