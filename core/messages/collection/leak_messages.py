"""Texts and columns that hold the label, as sentences."""


def describe_leak(leak: dict) -> str:
    """Describe an entry of :func:`core.collection.leaks.find_leaks`."""
    if leak["kind"] == "column is the label":
        return (
            f"the column {leak['column']!r} has one number per label: it is the label, so scores with it "
            "against the labels mean nothing"
        )
    if leak["kind"] == "text is the label":
        return (
            f"the text ({leak['origin']}) is the same for all tracks of a label: it is the label, so scores "
            "of the text against the labels mean nothing"
        )
    return (
        f"the text ({leak['origin']}) holds the name of the label on {leak['share']:.0%} of the tracks, so "
        "scores of the text against the labels are too high"
    )
