"""The choice of the text that is read: lyrics, captions, or title and artist."""

from core.collection import METADATA, Collection
from core.ui.shared.url_state import choose_option

TEXT_FIELDS = {"": "Best available", "lyrics": "Lyrics", "caption": "Captions", METADATA: "Title – artist"}


def choose_text_field(collection: Collection, key: str) -> str | None:
    """Choose the text field where there is more than one; None for the best available.

    Parameters
    ----------
    key : str
        Of the choice in the address.
    """
    available = [""] + [name for name in ("lyrics", "caption") if (collection.tracks[name] != "").any()]
    available += [METADATA] if any(collection.texts(METADATA)) else []
    if len(available) <= 2:
        return None

    def describe(field: str) -> str:
        sources = collection.text_sources(field or None)
        counts = ", ".join(f"{n} from {source}" for source, n in sources.items())
        return (
            "The text that is encoded. Best available: lyrics, else a caption, else title and artist. Now: "
            f"{counts}."
        )

    field = choose_option(key, "Text field", available, "", format_func=TEXT_FIELDS.get, help=describe)
    return field or None
