import pytest

from core.messages.analysis.score_messages import _REASONS, describe_score_note

NUMBERS = {"n_sampled": 10_000, "n_tracks": 12_000, "n_undefined": 1, "n_seeds": 3}


@pytest.mark.parametrize("reason", _REASONS)
def test_every_reason_has_a_clause(reason):
    clause = describe_score_note({"reason": reason, **NUMBERS})
    assert clause and "{" not in clause and not clause.endswith(".")


def test_numbers_are_shown():
    assert "10,000 of 12,000" in describe_score_note({"reason": "sampled", **NUMBERS})
    assert "1 of 3 seeds" in describe_score_note({"reason": "undefined_seeds", **NUMBERS})
