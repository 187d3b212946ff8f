"""What a model is: the facts of its registry entry, and what its class has for each thing that the entry says it can do.

Shapes: n examples in a batch, ``latent_dim`` numbers in a latent. A batch is a dictionary of tensors: ``x``
(n, *input_shape), or ``audio`` and ``text`` with ``audio_present`` and ``text_present`` (n,), bool, for a
model of two inputs; ``index`` (n,), each example's track; ``label`` (n,), whole numbers, where labels are
seen; ``genres`` (n, n_labels), 0 or 1, where genres are predicted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from core.registry import Spec

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from core.models.train_config import TrainConfig

JOIN = "+"
MODALITIES = {"audio", "text"}
SPECTROGRAMS_PER_S, VECTORS_PER_S = 80.0, 20_000.0
"""Examples per second that two cores train a small model on."""


class Model(Protocol):
    """What training asks of every model; :class:`core.models.latent_model.LatentModel` has most of it.

    Attributes
    ----------
    name : str
        As registered; a checkpoint holds it.
    Config : type
        Frozen dataclass of the model's settings.
    training : TrainConfig or None
        Defaults of the training loop; None where a closed form replaces it.
    presets : dict
        Settings of Config and training by name, beside a config field ``preset``.
    started_from : str
        What an instance's weights began as, in a sentence.
    """

    name: str
    Config: type
    training: TrainConfig | None
    presets: Mapping[str, dict]
    started_from: str

    @classmethod
    def from_pretrained(cls, config: Any, input_shape: Any, n_labels: int, reads: dict) -> Model:
        """Build what training starts from; ``reads`` is name and config of the input's extractor.

        What pretrained weights fix goes into config fields that are filled in, so that a checkpoint needs no
        other file.
        """

    def fit_statistics(self, X: np.ndarray | dict[str, np.ndarray]) -> None:
        """Take statistics in closed form from examples (n, *input_shape), by modality where there are two inputs."""

    def forward_loss(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return named scalars, with ``total``, which is minimised."""

    def parameter_groups(self, lr: float) -> list[dict]:
        """Return what Adam updates, with learning rates of their own where they have one."""

    def start_epoch(self, epoch: int) -> None:
        """Act before an epoch, counted from 1."""

    def after_step(self) -> None:
        """Act after a step of the optimizer."""

    def diagnostics(self, batch: dict[str, Tensor]) -> dict:
        """Return what is worth knowing of a trained model, JSON-able; {} for nothing."""


class EncodesOne(Protocol):
    """A model of one input."""

    def encode(self, x: Tensor) -> Tensor:
        """Return latents (n, latent_dim), the same every time."""


class EncodesTwo(Protocol):
    """A model of audio and text."""

    def encode_audio(self, x: Tensor) -> Tensor:
        """Return latents (n, latent_dim) of audio without text."""

    def encode_text(self, x: Tensor) -> Tensor:
        """Return latents (n, latent_dim) of text without audio."""


class Reconstructs(Protocol):
    """A decoder for one input."""

    def decode(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Return the mean reconstruction (n, *input_shape), under integer labels (n,) where labels are seen."""

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """Return mean and deviation of what the input is standardised with, by ``x``, ``audio`` or ``text``; {} where it isn't."""


class ReconstructsBoth(Protocol):
    """A decoder for each of two inputs."""

    def decode_audio(self, z: Tensor) -> Tensor:
        """Return the mean reconstruction of the audio."""

    def decode_text(self, z: Tensor) -> Tensor:
        """Return the mean reconstruction of the text."""

    def input_moments(self) -> dict[str, tuple[Tensor, Tensor]]:
        """As :class:`Reconstructs` has it."""


class Inpaints(Protocol):
    """A masked autoencoder over spectrograms."""

    def inpaint(
        self, x: Tensor, *, mask_ratio: float, seed: int = 0, text: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return spectrograms with masked patches filled in, and the mask (bool, True where masked)."""


class PredictsGenres(Protocol):
    """A classifier of all genres of a track."""

    def predict_genres(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the probability of each genre, (n, n_labels)."""


class ComparesTextWithAudio(Protocol):
    """Audio and text in one shared space, compared by cosine."""

    def project_audio(self, x: Tensor) -> Tensor:
        """Return audio in the shared space, (n, d)."""

    def project_audio_latents(self, v: Tensor) -> Tensor:
        """Return what :meth:`project_audio` does, from latents v of audio, (n, latent_dim)."""

    def project_text(self, x: Tensor) -> Tensor:
        """Return text in the shared space, (n, d)."""


class HasJointLatent(Protocol):
    """One latent of audio and text together."""

    def encode_joint(self, batch: dict[str, Tensor]) -> Tensor:
        """Return latents (n, latent_dim) of tracks with either or both."""

    def gate(self, batch: dict[str, Tensor]) -> Tensor:
        """Return the audio's share of each latent, (n,), 0 to 1."""


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
"""What the class behind an entry must have where the entry says that it can do this."""


@dataclass(frozen=True, kw_only=True)
class ModelSpec(Spec):
    """An entry of the registry of models.

    Attributes
    ----------
    inputs : tuple of str
        Extractors that it can read, the default first; two joined by "+" for a model of audio and text.
    input_ndim : int, None or dict
        1: vectors, 2: spectrograms, None: either; by modality for a model of two inputs.
    sees_labels : bool
        Training is given the labels.
    needs_labels : bool
        Unlabelled tracks are left out of its training.
    needs_both : bool
        Tracks that lack one of its two inputs are left out of its training.
    reconstructs, reconstructs_both, inpaints, predicts_genres, compares_text_with_audio, has_joint_latent :
    bool
        See :data:`CAPABILITIES`.
    is_variational : bool
        It has a posterior over its latents.
    without_decoder : str
        A clause on what it does instead, where it can neither reconstruct nor inpaint.
    presets : tuple of str
        Names of its sizes, the smallest first.
    examples_per_s : dict
        Speed of training on two cores by preset, "" for a model without; {} where it isn't known.
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
    without_decoder: str = ""
    presets: tuple[str, ...] = ()
    examples_per_s: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self):
        two = self.reads_two
        of_two = (
            self.needs_both
            or self.reconstructs_both
            or self.compares_text_with_audio
            or self.has_joint_latent
        )
        decodes = self.reconstructs or self.reconstructs_both or self.inpaints
        for is_wrong, says in (
            (
                not self.inputs or any((JOIN in name) != two for name in self.inputs),
                "must read one extractor or two, the same for all its inputs",
            ),
            (
                two != (isinstance(self.input_ndim, Mapping) and set(self.input_ndim) == MODALITIES),
                "must give input_ndim for audio and text where it reads two inputs",
            ),
            (of_two and not two, "reads one input, and says that it can do what takes two"),
            (self.reconstructs and two, "reads two inputs, so it has reconstructs_both, not reconstructs"),
            (self.needs_labels and not self.sees_labels, "needs labels that it doesn't see"),
            (self.predicts_genres and not self.needs_labels, "predicts genres, so it needs labels"),
            (decodes == bool(self.without_decoder), "must either decode or say what it does instead"),
            (
                bool(set(self.examples_per_s) - set(self.presets or ("",))),
                "gives its speed for presets that it hasn't",
            ),
        ):
            if is_wrong:
                raise TypeError(f"model {self.name!r} {says}")

    @property
    def reads_two(self) -> bool:
        """Say whether it reads audio and text."""
        return JOIN in self.inputs[0] if self.inputs else False

    def training_speed(self, preset: str, *, on_spectrograms: bool) -> float:
        """Return examples per second that two cores train on: this model's own, else what is usual for such an input."""
        return self.examples_per_s.get(preset) or (SPECTROGRAMS_PER_S if on_spectrograms else VECTORS_PER_S)

    def protocols(self) -> tuple[type, ...]:
        """Return what its class must meet."""
        posterior = ((VariationalJoint if self.reads_two else Variational),) if self.is_variational else ()
        can = tuple(protocol for fact, protocol in CAPABILITIES.items() if vars(self)[fact])
        return (Model, EncodesTwo if self.reads_two else EncodesOne, *can, *posterior)

    def load(self) -> type:
        """Import the class, and check that it has these presets.

        Raises
        ------
        TypeError
            When it lacks what this entry says it has.
        """
        cls = super().load()
        if tuple(cls.presets) != self.presets:
            raise TypeError(
                f"{cls.__name__} has the presets {tuple(cls.presets)}, its entry says {self.presets}"
            )
        return cls
