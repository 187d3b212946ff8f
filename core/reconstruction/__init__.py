"""Reconstruction of tracks by trained models: decoded from the latent, or inpainted where masked.

:mod:`core.reconstruction.track_input` reads one track as the model does;
:mod:`core.reconstruction.reconstruct` and :mod:`core.reconstruction.inpaint` compare it with the model's
output;
:mod:`core.reconstruction.mel_inversion` makes both audible.
"""

from typing import Literal

from core.models import model_spec

ReconstructionKind = Literal["", "inpaint", "reconstruct", "reconstruct-joint"]


def reconstruction_kind(model: str) -> ReconstructionKind:
    """Return how a model can reconstruct a track.

    Returns
    -------
    {"inpaint", "reconstruct", "reconstruct-joint", ""}
        By inpainting masked patches; by one decoder; by a decoder each for audio and text; not at all.
    """
    spec = model_spec(model)
    if spec.inpaints:
        return "inpaint"
    if spec.reconstructs:
        return "reconstruct"
    return "reconstruct-joint" if spec.reconstructs_both else ""
