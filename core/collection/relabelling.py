"""Other labels for a saved collection, without reading its source again."""

import os
from pathlib import Path

from core.collection.collection import Collection
from core.collection.genres.label_choice import ORIGINAL, LabelChoice, apply_label
from core.collection.leaks import find_leaks
from core.collection.saved import change_collection


def relabel(name: str, label: str, table: str | Path | None = None, on: str | None = None) -> Collection:
    """Give the tracks of a saved collection other labels, which stay when its source is read again.

    Neither the source nor any audio file is opened. The ids of tracks don't depend on labels, so everything
    that is stored for them remains valid.

    Parameters
    ----------
    label, table, on : str
        See :class:`core.collection.genres.label_choice.LabelChoice`.

    Raises
    ------
    CollectionError
        When there is no such collection or column, or no track would have a label.
    """
    place = None if table is None else str(Path(os.path.expanduser(table)).resolve())
    choice = LabelChoice(label, place, on)

    def change(collection: Collection) -> Collection:
        tracks, info = apply_label(collection.tracks, collection.table, collection.info, choice)
        arguments = {k: v for k, v in info.get("arguments", {}).items() if k != "relabel"}
        if label != ORIGINAL or place is not None:
            arguments["relabel"] = {k: v for k, v in vars(choice).items() if v is not None}
        changed = Collection(name, tracks, collection.table, collection.problems, info)
        info |= {"arguments": arguments, "leaks": find_leaks(changed)}
        return changed

    return change_collection(name, change)
