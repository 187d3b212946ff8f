"""What a trained model makes of a track: redrawn from its latent, or restored where patches were hidden.

:mod:`core.redrawing.example` reads what a model reads of one track; :mod:`core.redrawing.redraw` and
:mod:`core.redrawing.inpaint` hold it against what the model draws.
"""

from core.models import get_model

INSTEAD = {
    "contrastive": "it only brings sounds and words that belong together near each other",
    "simclr": "it only tells clips apart",
    "byol": "it only predicts one view of a clip from another",
}
"""What models without a decoder do instead."""


def what_it_draws(model: str) -> str:
    """Return "inpaint" for a model that fills in hidden patches, "redraw" for one with a decoder, "redraw-both" for one with a
    decoder each for sound and words, "" for one that draws nothing."""
    kind = get_model(model)
    for says, needs in (("inpaint", "inpaint"), ("redraw", "decode"), ("redraw-both", "decode_audio")):
        if hasattr(kind, needs):
            return says
    return ""


def why_it_draws_nothing(model: str) -> str:
    """Say in a clause what a model without a decoder does instead."""
    if getattr(get_model(model), "needs_labels", False):
        return "it only tells labels"
    return INSTEAD.get(model, "it has no decoder")
