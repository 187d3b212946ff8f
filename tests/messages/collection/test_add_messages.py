from core.messages.collection.add_messages import describe_added


def test_tracks_joins_and_problems_are_counted():
    assert (
        describe_added({"collection": "c", "n_tracks": 1200, "n_problems": 1})
        == "“c” has 1,200 tracks. 1 entry under Problems."
    )
    assert describe_added({"collection": "c", "n_tracks": 1, "n_problems": 0}) == "“c” has 1 track."
    result = {"joins": {"text": {"matched": 1, "unmatched": 1}}, "replaced": "/elsewhere"}
    assert describe_added({"collection": "c", "n_tracks": 2, **result}) == (
        "“c” has 2 tracks. 1 joined with text, 1 not. It replaced another source of this name."
    )


def test_a_refresh_names_what_is_new_and_what_is_gone():
    def describe(**changes):
        return describe_added({"collection": "c", "n_tracks": 9, "changes": changes})

    assert describe(n_new=7, n_gone=1, new=["a.wav", "b.wav"], gone=["c.wav"]) == (
        "“c” has 9 tracks. 7 new (a.wav, b.wav and 5 more). 1 gone (c.wav)."
    )
    assert describe(n_new=0, n_gone=1, new=[], gone=["c.wav"]).endswith("0 new. 1 gone (c.wav).")
    assert describe(n_new=0, n_gone=0, new=[], gone=[]).endswith("Nothing is new, nothing is gone.")
