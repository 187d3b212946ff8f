"""The methods that each capability of a model requires of its class.

Shapes: n examples in a batch, ``latent_dim`` numbers in a latent. A batch is a dictionary of tensors: ``x``
(n, *input_shape), or ``audio`` and ``text`` with ``audio_present`` and ``text_present`` (n,), bool, for a
model of two inputs; ``index`` (n,), the row of each example's track; ``label`` (n,), integers, for a model
that sees labels; ``genres`` (n, n_labels), 0 or 1, for a model that predicts genres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


class EncodesOne(Protocol):
    """A model of one input."""

    def encode(self, x: Tensor) -> Tensor:
        """Return latents (n, latent_dim), deterministically."""


class EncodesTwo(Protocol):
    """A model of audio and text."""

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return latents (n, latent_dim) of audio without text."""

    def encode_text(self, x: Tensor) -> Tensor:
        """Return latents (n, latent_dim) of text without audio."""


class Reconstructs(Protocol):
    """A decoder for one input."""

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the mean reconstruction (n, *input_shape), given labels (n,) for a conditional model."""

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return mean and deviation of the standardisation by ``x``, ``audio`` or ``text``; {} for none."""


class ReconstructsBoth(Protocol):
    """A decoder for each of two inputs."""

    def decode_audio(self, z: Tensor) -> Tensor:
        """Return the mean reconstruction of the audio."""

    def decode_text(self, z: Tensor) -> Tensor:
        """Return the mean reconstruction of the text."""

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """See :class:`Reconstructs`."""


class Inpaints(Protocol):
    """A masked autoencoder over spectrograms."""

    def inpaint(
        self, x: Tensor, *, mask_ratio: float, seed: int = 0, text: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return spectrograms with masked patches filled in, and the mask (bool, True where masked)."""


class PredictsGenres(Protocol):
    """A multi-label genre classifier."""

    def predict_genres(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the probability of each genre, (n, n_labels)."""


class PredictsLabel(Protocol):
    """A classifier of one label per track."""

    def predict_label(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the probability of each label, (n, n_labels); rows add up to 1."""


class ComparesTextWithAudio(Protocol):
    """Audio and text in one shared space, compared by cosine."""

    def project_audio(self, x: Tensor) -> Tensor:
        """Return the projection of audio to the shared space, (n, d)."""

    def project_audio_latents(self, v: Tensor) -> Tensor:
        """Return the projection of audio latents v (n, latent_dim), (n, d)."""

    def project_text(self, x: Tensor) -> Tensor:
        """Return the projection of text to the shared space, (n, d)."""


class HasJointLatent(Protocol):
    """One latent of audio and text together."""

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return latents (n, latent_dim) of tracks with audio, text or both."""

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the share of audio in each latent, (n,), 0 to 1."""


class Variational(Protocol):
    """A posterior over the latents of one input."""

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return mu and log_var of q(z | x), each (n, latent_dim)."""


class VariationalJoint(Protocol):
    """A posterior over the latents of two inputs."""

    def posterior_joint(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return mu and log_var of q(z | audio and text), each (n, latent_dim)."""


CAPABILITIES: dict[str, type] = {
    "reconstructs": Reconstructs,
    "reconstructs_both": ReconstructsBoth,
    "inpaints": Inpaints,
    "predicts_genres": PredictsGenres,
    "predicts_label": PredictsLabel,
    "compares_text_with_audio": ComparesTextWithAudio,
    "has_joint_latent": HasJointLatent,
}
"""The protocol that the class must meet, by the capability that its entry states."""
