"""Raw terms that cues are computed from."""

import numpy as np
import pandas as pd

from core.collection import Collection
from core.cues.cue_terms import measure_terms

NO_SOUND = {"descriptors": None, "musicnn-mtt": None}


def _collection(table=None, **columns):
    n = len(next(iter(columns.values())))
    return Collection("c", pd.DataFrame({"track_id": [f"t{i}" for i in range(n)], **columns}), table=table)


def test_table_columns_replace_descriptors_without_audio():
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
    assert not terms["has_audio"].any() and terms["voice"].isna().all() and terms["top_hz"].isna().all()


def test_where_a_text_comes_from_and_whether_it_is_read():
    words = _collection(
        title=["a", "b", "Carol", ""],
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
