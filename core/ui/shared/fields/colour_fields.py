"""What the points of a map can be coloured by, and the titles of these fields on every page."""

from core.collection import Collection

MAIN, COARSE = "main", "coarse"
LABEL_TITLES = {MAIN: "Main genre", COARSE: "Coarse group"}
"""The two labels of tracks with several genres."""
GENRE = "genre"
WEIGHT = "text_weight"
FIELDS = {
    "cluster": "Cluster",
    "label": "Label",
    COARSE: LABEL_TITLES[COARSE],
    GENRE: "Genre …",
    "language": "Language",
    WEIGHT: "Text weight",
}
"""Titles by field; genres for tracks with several, the text weight for fusions that weight each track."""


def title_of(field: str, collection: Collection) -> str:
    """Return the title of a field; the label of tracks with several genres is their main one."""
    is_main = field == "label" and collection.has_several_genres
    return LABEL_TITLES[MAIN] if is_main else FIELDS[field]
