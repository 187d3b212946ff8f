"""Sentences about fusion, and the JSON form with them."""

from core.messages.analysis.fusion_messages import add_sentence, describe_fusion, describe_fusion_fully

TRUST = {"trust": 0.5, "agreement": 0.35, "trust_mode": "agreement", "has_cues": True}
AUTO = {
    "picked": "per-track",
    "replication": {"weighted": 0.2, "per-track": 0.4},
    "lead": 0.2,
    "lead_error": 0.05,
    "left_out": {},
    "of_picked": TRUST,
}


def test_each_kind_of_details():
    assert describe_fusion({}) == ""
    assert describe_fusion(TRUST).endswith("so they are trusted at 50%")
    assert describe_fusion({**TRUST, "trust_mode": "full"}).startswith("the cues are trusted fully")
    assert describe_fusion({"model": "gated-vae", "checkpoint": "c", "latent_dim": 3}) == (
        "3-dimensional joint latent of c"
    )
    sentence = describe_fusion(AUTO)
    assert (
        sentence.startswith("chose per-track: ")
        and "(replication per-track 0.40, weighted 0.20; without labels)" in sentence
    )


def test_the_choice_says_whether_modalities_share_neighbours():
    shared = {"overlap": 0.15, "expected": 0.05, "z": 9.0}
    chosen = {**AUTO, "picked": "graph", "default": "graph", "shared": shared}
    assert "share 3.0 times as many nearest neighbours" in describe_fusion(chosen)
    unrelated = {**AUTO, "picked": "weighted", "default": "weighted", "shared": {**shared, "z": 0.4}}
    assert "no more nearest neighbours than by chance" in describe_fusion(unrelated)


def test_the_chosen_fusion_is_described_too():
    assert describe_fusion_fully(AUTO) == [describe_fusion(AUTO), describe_fusion(TRUST)]
    assert describe_fusion_fully({}) == []


def test_json_has_the_sentences_under_words():
    assert add_sentence({}) == {}
    result = add_sentence(AUTO)
    assert result["words"] == describe_fusion(AUTO)
    assert result["of_picked"]["words"] == describe_fusion(TRUST) and "words" not in AUTO
