"""Sentences about several genres per track."""

from core.messages.collection.genre_messages import describe_counts


def test_the_rest_of_the_counts_is_counted():
    assert (
        describe_counts({"a": 1200, "b": 2, "c": 1}, 2) == "a 1,200, b 2 and 1 more"
        and describe_counts({}) == ""
    )
