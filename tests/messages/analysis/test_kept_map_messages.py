from core.messages.analysis.kept_map_messages import describe_kept

STATUS = {"version": 3, "n_fitted": 700, "n_placed": 300, "n_gone": 0, "share_placed": 0.3, "due": "placed"}


def test_a_kept_map_says_its_version_what_was_placed_and_whether_a_fit_is_due():
    assert describe_kept(STATUS) == (
        "Map version 3: 300 of 1,000 tracks (30 %) were placed since its fit. A new fit is due (--fit-anew): "
        "more than a fifth of the tracks were placed."
    )
    fell = {**STATUS, "due": "trust", "trust_at_fit": 0.98, "trust": 0.9, "n_gone": 4}
    assert describe_kept(fell).endswith(
        "; 4 fitted tracks are no longer there. A new fit is due (--fit-anew): trustworthiness fell from "
        "0.980 to 0.900."
    )
    new = {**STATUS, "n_placed": 0, "share_placed": 0.0, "due": ""}
    assert describe_kept(new) == "Map version 3: all tracks were fitted."
