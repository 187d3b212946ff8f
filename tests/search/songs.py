"""A few songs to search, and collections of rows."""

import pandas as pd

from core.collection import Collection
from core.messages.analysis.search_messages import describe_match, describe_search

SONGS = pd.DataFrame(
    [
        {
            "title": "The Water Is Wide",
            "artist": "Traditional",
            "lyrics": "The water is wide, I cannot get over\nAnd neither have I wings to fly",
        },
        {"title": "Nocturne in E flat", "artist": "Frédéric Chopin", "genre": "piano"},
        {"title": "Chopin", "artist": "Liss Ardo"},
        {"title": "Track 9", "caption": "A quick and merry dance for fiddle and drum."},
        {
            "title": "আমার সোনার বাংলা",
            "artist": "রবীন্দ্রনাথ ঠাকুর",
            "language": "bn",
            "lyrics": "আমার সোনার বাংলা, আমি তোমায় ভালোবাসি",
        },
        {
            "title": "Cucurrucucú paloma",
            "language": "es",
            "lyrics": "Dicen que por las noches no más se le iba en puro llorar",
        },
    ]
).fillna("")


def collection_of(tracks=SONGS, name="songs", **more) -> Collection:
    return Collection(
        name,
        tracks.assign(track_id=[f"{i:032x}" for i in range(len(tracks))]),
        info={"kind": "table", "source": "here"},
        **more,
    )


def first(found, column="title"):
    return found.table[column].iloc[0]


def searched(found):
    return describe_search(found.report)


def reasons(found):
    return [describe_match(match) for match in found.matches]
