"""The texts of reconstructions and inpainting: what they are, and how far they are off."""

from core.reconstruction.inpaint import Inpainting
from core.reconstruction.reconstruction import Reconstruction

TITLES = {"inpaint": "Inpainting", "reconstruct": "Reconstruction", "reconstruct-joint": "Reconstruction"}
ABOUT = {
    "inpaint": "Patches of a spectrogram are masked, and the model predicts them from the visible ones.",
    "reconstruct": "The model encodes a track as a latent and decodes it again: what the reconstruction "
    "lacks, the latent does not hold.",
    "reconstruct-joint": "The model encodes a track's audio and text as one latent and decodes both again.",
}
METHOD = (
    "All spectrograms, also the original, become audio by mel inversion and Griffin–Lim, so differences come "
    "from the model. All play with the same gain."
)
OWN_LEVEL = (
    "The model standardises every crop; for playback all take the level and contrast of the original crop."
)
NO_AUDIO = {
    "audio": "This vector summarises a whole track without its course in time, so it can't be played.",
    "numeric columns": "This vector comes from the columns of a table, so it can't be played.",
    "text": "This vector represents text, so it can't be played.",
}
"""Why a vector is shown and not played, by what it was extracted from."""


def describe_inpainting(found: Inpainting) -> str:
    """Describe the error of the inpainted patches, beside those of two baselines without a model."""
    unit = " (in natural logarithms of energy)" if found.scale.is_natural_log else ""
    errors = (
        f"Mean squared error on the masked patches: **{found.mse:.3g}**{unit}, or {found.rms_db:.1f} dB "
        "(root mean square). Baselines, from this track's own visible patches: their mean in the "
        f"same band gives {found.baseline_mse:.3g}, interpolation over time {found.interpolation_mse:.3g}."
    )
    beaten = [found.mse < baseline for baseline in (found.baseline_mse, found.interpolation_mse)]
    if all(beaten):
        return errors
    which = "neither" if not any(beaten) else "only the first" if beaten[0] else "only the second"
    return f"{errors} Here the model beats {which} of the two."


def describe_reconstruction(found: Reconstruction) -> str:
    """Describe the error of a reconstruction, beside that of a baseline without the latent."""
    if found.scale is not None:
        unit = " (the crop's variance is 1)" if found.scale.is_per_crop else ""
        unit += f", or {found.rms_db:.1f} dB (root mean square)"
        baseline = "each frequency band at its mean over the crop"
    else:
        unit = " in z-scores" if found.is_z_scored else ""
        baseline = (
            "the mean of the training tracks"
            if found.std is not None
            else "every dimension at the vector's mean"
        )
    errors = f"Mean squared error: **{found.mse:.3g}**{unit}. Baseline, {baseline}: {found.baseline_mse:.3g}."
    if found.mse < found.baseline_mse:
        return errors
    return f"{errors} For this track the latent is no better than the baseline."
