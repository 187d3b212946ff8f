"""Several collections as one, for a training on all of their tracks."""

from collections.abc import Sequence

import pandas as pd

from core.collection.collection import Collection
from core.errors import CollectionError


def pool(collections: Sequence[Collection]) -> Collection:
    """Return one collection with the tracks of all; a track that several have occurs once.

    Numeric columns are pooled where all have the same; labels stand beside each other as they are.

    Returns
    -------
    Collection
        With the name and the info of the first; ``info["pooled"]`` names the others.

    Raises
    ------
    CollectionError
        When a collection is named twice, or only some have numeric columns, or others.
    """
    first, *others = collections
    if not others:
        return first
    names = [one.name for one in collections]
    if len(set(names)) < len(names):
        raise CollectionError(f"{', '.join(names)}: a collection can't be pooled with itself")
    tracks = pd.concat([one.tracks for one in collections], ignore_index=True)
    kept = ~tracks["track_id"].duplicated().to_numpy()
    table = None
    if any(one.table is not None for one in collections):
        table = _pool_tables(collections)[kept]
    info = first.info | {"pooled": names[1:]}
    return Collection(first.name, tracks[kept], table, info=info)


def _pool_tables(collections: Sequence[Collection]) -> pd.DataFrame:
    """Return the numeric columns of all collections, one below the other."""
    tables = [one.table for one in collections if one.table is not None]
    columns = list(tables[0])
    for one in collections:
        if one.table is None or set(one.table) != set(columns):
            raise CollectionError(
                f"{collections[0].name} and {one.name} have different numeric columns, so they can't be "
                "pooled; pool tables with the same columns, or collections without any"
            )
    return pd.concat(tables, ignore_index=True)[columns]
