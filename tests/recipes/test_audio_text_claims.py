"""Which claims of paper A hold, from given scores."""

import pytest

from core.messages.recipe_messages import describe_claim
from core.recipes.clustering.audio_text import Hard, claims
from core.recipes.clustering.methods import PUBLISHED, Method, Scored
from core.recipes.findings import COLLAPSED


def scored(name: str, silhouette: float | None, ari: float = 0.014, nmi: float = 0.167, marks=()) -> Scored:
    scores = {"silhouette": silhouette, "adjusted_rand": ari, "normalized_mutual_info": nmi}
    method = Method(f"{name}, K-means", PUBLISHED, audio="x")
    return Scored(method, figures={"scores": scores}, marks=marks)


def held(*rows: Scored) -> dict:
    return {claim.key: claim.holds for claim in claims(rows, "Conditional VAE")}


def test_the_conditional_vae_equals_the_vae_only_to_three_digits():
    rows = [scored("Conditional VAE", 0.1532, marks=(COLLAPSED,)), scored("Conv-VAE", 0.1534)]
    assert held(*rows) == {"cvae-equals-vae": True, "vae-collapses": True}
    assert held(rows[0], scored("Conv-VAE", 0.1541))["cvae-equals-vae"] is False
    assert held(rows[0], scored("Conv-VAE", 0.1532, nmi=0.169))["cvae-equals-vae"] is False
    assert held(rows[0], scored("Conv-VAE", None))["cvae-equals-vae"] is None


@pytest.mark.parametrize(
    ("hybrid", "text", "holds"), [(0.05, 0.07, [True, True]), (0.2, 0.3, [False, False])]
)
def test_the_concatenation_and_text_stand_against_audio(hybrid, text, holds):
    rows = [scored("Conditional VAE", 0.15), scored("Conditional VAE + text", hybrid), scored("Text", text)]
    found = held(*rows)
    assert [found["hybrid-below-audio"], found["audio-above-text"]] == holds
    assert "vae-collapses" in found and not found["vae-collapses"]


def test_each_claim_has_its_sentence_and_the_plain_vae_is_a_row():
    rows = [scored("Conditional VAE", 0.15), scored("Conv-VAE", 0.15), scored("Text", 0.1)]
    for claim in claims(rows, "Conditional VAE"):
        assert ": yes" in describe_claim(claim) or ": no" in describe_claim(claim)
    assert any(method.name == "Conv-VAE, K-means" for method in Hard().methods())
