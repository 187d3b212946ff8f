"""The facts of a model's registry entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, cast

from core.models.capabilities import CAPABILITIES, EncodesOne, EncodesTwo, Variational, VariationalJoint
from core.registry import Spec

if TYPE_CHECKING:
    from core.models.latent_model import LatentModel

JOIN = "+"
MODALITIES = {"audio", "text"}
SPECTROGRAMS_PER_S, VECTORS_PER_S = 80.0, 20_000.0
"""Examples per second that two cores train a small model on."""


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
    reconstructs, reconstructs_both, inpaints, predicts_genres, predicts_label, compares_text_with_audio,
    has_joint_latent : bool
        See :data:`core.models.capabilities.CAPABILITIES`.
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
    predicts_label: bool = False
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
            (self.classifies and not self.needs_labels, "predicts genres or labels, so it needs labels"),
            (decodes == bool(self.without_decoder), "must either decode or state without_decoder"),
            (
                bool(set(self.examples_per_s) - set(self.presets or ("",))),
                "gives its speed for presets that it doesn't have",
            ),
        ):
            if is_wrong:
                raise TypeError(f"model {self.name!r} {problem}")

    @property
    def classifies(self) -> bool:
        """Whether it predicts genres or a label, so that it can be cross-validated."""
        return self.predicts_genres or self.predicts_label

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
