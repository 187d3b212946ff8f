"""Sentences about values of a link that no control of Explore could take."""

LONGEST = 80
"""Characters of a value that are shown."""
LABELS = {
    "on": "Collection",
    "look": "Modality",
    "audio": "Audio representation",
    "text": "Text representation",
    "words": "Text field",
    "fusion": "Fusion",
    "weight": "Text weight",
    "cluster": "Clustering",
    "search": "Choose k by Silhouette",
    "k": "k",
    "map": "Projection",
    "colour": "Colour",
    "genre": "Genre",
    "compare": "Reference labels",
    "in": "Search in",
}
"""Labels of the controls by their names in the address."""


def describe_refused(name: str, value: str, collection_name: str) -> str:
    """Describe one value, and what is shown instead.

    >>> describe_refused("on", "jazz", "demo")
    'The collection “jazz” is not in this library; “demo” is shown instead.'
    """
    value = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if name == "on":
        return f"The collection “{value}” is not in this library; “{collection_name}” is shown instead."
    return f"{LABELS.get(name, name)} “{value}” is not available here; the default is used."
