"""The facts of a model's registry entry, and the methods that each capability requires of its class.

Shapes: n examples in a batch, ``latent_dim`` numbers in a latent. A batch is a dictionary of tensors: ``x``
(n, *input_shape), or ``audio`` and ``text`` with ``audio_present`` and ``text_present`` (n,), bool, for a
model of two inputs; ``index`` (n,), the row of each example's track; ``label`` (n,), integers, for a model
that sees labels; ``genres`` (n, n_labels), 0 or 1, for a model that predicts genres.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from core.registry import Spec

if TYPE_CHECKING:
    from torch import Tensor

    from core.models.latent_model import LatentModel

JOIN = "+"
MODALITIES = {"audio", "text"}
SPECTROGRAMS_PER_S, VECTORS_PER_S = 80.0, 20_000.0
"""Examples per second that two cores train a small model on."""


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
    "compares_text_with_audio": ComparesTextWithAudio,
    "has_joint_latent": HasJointLatent,
}
"""The protocol that the class must meet, by the capability that its entry states."""


@dataclass(frozen=True, kw_only=True)
class ModelSpec(Spec):
    """An entry of the registry of models.

    Attributes
    ----------
    inputs : tuple of str
        Extractors that it can read, the default first; two joined by "+" for a model of audio and text.
    input_ndim : int, None or dict
        Axes of one example. 1: vectors, 2: spectrograms, None: either; by modality for a model of two inputs.
    sees_labels : bool
        It is trained with labels.
    needs_labels : bool
        It is trained on labelled tracks only.
    needs_both : bool
        It is trained on tracks with both audio and text only.
    reconstructs, reconstructs_both, inpaints, predicts_genres, compares_text_with_audio, has_joint_latent :
    bool
        See :data:`CAPABILITIES`.
    is_variational : bool
        It has a posterior over its latents.
    may_standardise : bool
        Whether its latents' dimensions may be standardised; False for latents with a prior, principal
        components and unit-length embeddings.
    fine_tunes : str
        The model whose checkpoint its setting ``start`` names and ``from_pretrained`` is given; ""
        for none.
    without_decoder : str
        For a model that neither reconstructs nor inpaints: a clause on what it does instead.
    presets : tuple of str
        Names of its presets, the smallest first.
    examples_per_s : dict
        Training speed on two cores by preset, "" for a model without presets; {} where unknown.
    """

    shared: ClassVar[tuple[str, ...]] = ("name",)

    inputs: tuple[str, ...]
    input_ndim: int | None | Mapping[str, int | None]
    sees_labels: bool = False
    needs_labels: bool = False
    needs_both: bool = False
    reconstructs: bool = False
    reconstructs_both: bool = False
    inpaints: bool = False
    predicts_genres: bool = False
    compares_text_with_audio: bool = False
    has_joint_latent: bool = False
    is_variational: bool = False
    may_standardise: bool = True
    fine_tunes: str = ""
    without_decoder: str = ""
    presets: tuple[str, ...] = ()
    examples_per_s: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self):
        two = self.reads_two
        requires_two = (
            self.needs_both
            or self.reconstructs_both
            or self.compares_text_with_audio
            or self.has_joint_latent
        )
        decodes = self.reconstructs or self.reconstructs_both or self.inpaints
        for is_wrong, problem in (
            (
                not self.inputs or any((JOIN in name) != two for name in self.inputs),
                "must read one extractor or two, the same for all its inputs",
            ),
            (
                two != (isinstance(self.input_ndim, Mapping) and set(self.input_ndim) == MODALITIES),
                "must give input_ndim for audio and text where it reads two inputs",
            ),
            (requires_two and not two, "reads one input, but has a capability that takes two"),
            (self.reconstructs and two, "reads two inputs, so it has reconstructs_both, not reconstructs"),
            (self.needs_labels and not self.sees_labels, "needs labels that it doesn't see"),
            (self.predicts_genres and not self.needs_labels, "predicts genres, so it needs labels"),
            (decodes == bool(self.without_decoder), "must either decode or state without_decoder"),
            (
                bool(set(self.examples_per_s) - set(self.presets or ("",))),
                "gives its speed for presets that it doesn't have",
            ),
        ):
            if is_wrong:
                raise TypeError(f"model {self.name!r} {problem}")

    @property
    def reads_two(self) -> bool:
        """Whether it reads audio and text."""
        return JOIN in self.inputs[0] if self.inputs else False

    def training_speed(self, preset: str, *, on_spectrograms: bool) -> float:
        """Return training examples per second on two cores: the model's, else the usual one of the input."""
        return self.examples_per_s.get(preset) or (SPECTROGRAMS_PER_S if on_spectrograms else VECTORS_PER_S)

    def protocols(self) -> tuple[type, ...]:
        """Return the protocols that its class must meet."""
        posterior = ((VariationalJoint if self.reads_two else Variational),) if self.is_variational else ()
        capabilities = tuple(protocol for fact, protocol in CAPABILITIES.items() if vars(self)[fact])
        return (EncodesTwo if self.reads_two else EncodesOne, *capabilities, *posterior)

    def load(self) -> type[LatentModel]:
        """Import the class and check it against this entry.

        Raises
        ------
        TypeError
            When a method, a preset or another fact differs from this entry.
        """
        cls = cast("type[LatentModel]", super().load())
        if tuple(cls.presets) != self.presets:
            raise TypeError(
                f"{cls.__name__} has the presets {tuple(cls.presets)}, its entry says {self.presets}"
            )
        return cls
