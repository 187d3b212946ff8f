"""What a trained model makes of a track: redrawn from its latent, or restored where patches were hidden.

:mod:`core.reconstruction.track_input` reads what a model reads of one track; :mod:`core.reconstruction.reconstruct` and
:mod:`core.reconstruction.inpaint` hold it against what the model draws.
"""

from core.models import model_spec


def what_it_draws(model: str) -> str:
    """Return "inpaint" for a model that fills in masked patches, "redraw" for one with a decoder, "redraw-both" for one with a
    decoder each for audio and text, "" for one without."""
    spec = model_spec(model)
    able = (
        ("inpaint", spec.inpaints),
        ("redraw", spec.reconstructs),
        ("redraw-both", spec.reconstructs_both),
    )
    return next((kind for kind, can in able if can), "")


def why_it_draws_nothing(model: str) -> str:
    """Say in a clause what a model without a decoder does instead."""
    return model_spec(model).without_decoder
