"""Several collections as one: tracks once, tables with the same columns, a training on all of them."""

import numpy as np
import pandas as pd
import pytest

from core.checkpoints.header import read_meta
from core.collection import Collection
from core.collection.pooling import pool
from core.collection.saved import save
from core.errors import CollectionError
from core.training.train_collection import train_model


def numbers(name: str, first: int, n: int, columns: str = "ab") -> Collection:
    tracks = pd.DataFrame({"track_id": [f"{i:032x}" for i in range(first, first + n)], "title": name})
    rng = np.random.default_rng(first)
    table = pd.DataFrame(rng.standard_normal((n, len(columns))), columns=list(columns))
    return Collection(name, tracks, table, info={"kind": "table", "source": f"/{name}.csv"})


def test_tracks_of_several_collections_occur_once():
    pooled = pool([numbers("one", 0, 10), numbers("two", 8, 6, "ba")])
    assert pooled.n_tracks == 14 and len(pooled.table) == 14
    assert pooled.name == "one" and pooled.info["pooled"] == ["two"]
    assert pooled.tracks["title"].value_counts().to_dict() == {"one": 10, "two": 4}
    two = numbers("two", 8, 6, "ba").table
    assert pooled.table["a"].tolist()[10:] == two["a"].tolist()[2:]
    alone = numbers("one", 0, 10)
    assert pool([alone]) is alone


def test_what_does_not_fit_is_refused():
    with pytest.raises(CollectionError, match="one and two have different numeric columns"):
        pool([numbers("one", 0, 4), numbers("two", 4, 4, "ac")])
    texts = Collection("texts", numbers("x", 20, 3).tracks)
    with pytest.raises(CollectionError, match="different numeric columns"):
        pool([numbers("one", 0, 4), texts])
    with pytest.raises(CollectionError, match="pooled with itself"):
        pool([texts, texts])


def test_a_model_is_trained_on_all_of_them_and_says_so():
    save(numbers("one", 0, 20))
    save(numbers("two", 20, 12))
    result = train_model("one", "pca:table", {"n_components": "1"}, pooled=["two"])
    collection = read_meta(result["path"])["collection"]
    assert collection["n_tracks"] == 32 and collection["pooled"] == ["two"] and collection["name"] == "one"
