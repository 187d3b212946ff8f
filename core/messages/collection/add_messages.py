"""What came of adding or refreshing a collection, as a sentence."""

from core.messages.quantities import count

JOINS = {"text": "joined with text", "audio": "joined with audio"}


def describe_added(result: dict) -> str:
    """Describe the result of :func:`core.jobs.work.add_collection`.

    After a refresh it names what is new and what is gone.
    """
    n_problems = result.get("n_problems", 0)
    parts = [
        f"“{result.get('collection', '')}” has {count(result.get('n_tracks', 0), 'track')}.",
        _describe_changes(result["changes"]) if result.get("changes") else "",
        *(
            f"{join['matched']:,} {JOINS[kind]}, {join['unmatched']:,} not."
            for kind, join in result.get("joins", {}).items()
        ),
        f"{n_problems:,} {'entry' if n_problems == 1 else 'entries'} under Problems." if n_problems else "",
        "It replaced another source of this name." if result.get("replaced") else "",
    ]
    return " ".join(filter(None, parts))


def _describe_changes(changes: dict) -> str:
    """Name the tracks that are new and those that are gone."""
    if not changes["n_new"] and not changes["n_gone"]:
        return "Nothing is new, nothing is gone."
    return " ".join(
        f"{changes[f'n_{kind}']:,} {kind}{_examples(changes[kind], changes[f'n_{kind}'])}."
        for kind in ("new", "gone")
    )


def _examples(names: list[str], n: int) -> str:
    """Name the first tracks, and count the others."""
    more = f" and {n - len(names):,} more" if n > len(names) else ""
    return f" ({', '.join(names)}{more})" if names else ""
