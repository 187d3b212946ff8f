"""Every registered model either draws, or it is said what it does instead."""

import pytest

from core.models import MODELS
from core.reconstruction import what_it_draws, why_it_draws_nothing

DRAW = {
    "conv-vae": "redraw",
    "mlp-vae": "redraw",
    "beta-vae": "redraw",
    "conv-ae": "redraw",
    "cvae": "redraw",
    "pca": "redraw",
    "gated-vae": "redraw-both",
    "cross-attention": "redraw-both",
    "mae": "inpaint",
}


@pytest.mark.parametrize("model", MODELS)
def test_what_each_model_draws(model):
    assert what_it_draws(model) == DRAW.get(model, "")
    if model not in DRAW:
        assert why_it_draws_nothing(model).startswith("it ")


def test_what_is_done_instead():
    assert (
        why_it_draws_nothing("genre-head") == "it only classifies"
        and why_it_draws_nothing("simclr") == "it only tells clips apart"
    )
