"""What came of changing the labels of a collection, as a sentence."""

from core.messages.quantities import count


def describe_relabelled(result: dict) -> str:
    """Describe new labels and, of another table, how many tracks it names.

    Parameters
    ----------
    result : dict
        "collection", "labels" and "join" of the info of :func:`core.collection.relabel`.
    """
    labels, join = result["labels"], result.get("join")
    sentence = (
        f"The labels of “{result['collection']}” come from {labels['from']}: "
        f"{count(labels['n_labels'], 'label')} on {count(labels['n_labelled'], 'track')}."
    )
    if join:
        sentence += (
            f" By {join['on']}, {count(join['tracks_joined'], 'track')} matched; "
            f"{count(join['rows_without_track'], 'row')} match no track."
        )
    return sentence
