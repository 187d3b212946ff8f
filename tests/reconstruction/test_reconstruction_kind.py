"""Every registered model either reconstructs tracks, or its spec says what it does instead."""

import pytest

from core.models import MODELS, model_spec
from core.reconstruction import reconstruction_kind

KINDS = {
    "conv-vae": "reconstruct",
    "mlp-vae": "reconstruct",
    "beta-vae": "reconstruct",
    "conv-ae": "reconstruct",
    "cvae": "reconstruct",
    "pca": "reconstruct",
    "gated-vae": "reconstruct-joint",
    "cross-attention": "reconstruct-joint",
    "mae": "inpaint",
}


@pytest.mark.parametrize("model", MODELS)
def test_kind_of_each_model(model):
    assert reconstruction_kind(model) == KINDS.get(model, "")
    if model not in KINDS:
        assert model_spec(model).without_decoder.startswith("it ")
