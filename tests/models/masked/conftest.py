from dataclasses import replace

import pytest

from tests.models.small import small_model


@pytest.fixture
def small():
    """A small model with the printed weights, and a batch."""
    model, batch = small_model("mae")
    model.config = replace(model.config, audio_error="sum", text_error_weight=1000.0, contrastive_weight=1.0)
    return model, batch
