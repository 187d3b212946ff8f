"""The ablations that paper A names as missing: latent size, normalisation and depth of its VAE."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from core.config import setting
from core.recipes.clustering.methods import Method, Scored, make_table, score_methods
from core.recipes.experiment import Experiment, Training
from core.recipes.findings import Cell, Column, Figure, Findings, Series, Table
from core.recipes.recipe import Recipe

METRICS = ("silhouette", "adjusted_rand", "normalized_mutual_info", "purity")
LATENTS = (
    Column("reconstruction", "Reconstruction error", False),
    Column("active_units", "Active units", None),
    Column("effective_rank", "Effective rank", None),
)
CHANNELS = (16, 32, 64, 128, 256)
BASE = "32 latents, 4 layers, no normalisation"


@dataclass(frozen=True)
class Architecture(Recipe):
    """The convolutional VAE with one thing changed at a time, all else as published but the KL's scale.

    The loss is ``normalised``: as published every variant collapses, and a table of collapsed models says
    nothing about their architecture.

    References
    ----------
    Siddique, Hybrid Audio–Text Clustering for Music, section 5.3 (limitations).
    """

    name: ClassVar[str] = "architecture"
    quick: ClassVar[dict[str, Any]] = {
        "epochs": 1,
        "seeds": 2,
        "latent_dims": (8,),
        "depths": (3,),
        "norms": ("batch",),
    }

    latent_dims: tuple[int, ...] = setting(
        (8, 16, 64), low=1, title="Latent dimensions", help="Beside 32.", advanced=False
    )
    depths: tuple[int, ...] = setting(
        (2, 3, 5), low=1, high=5, title="Layers", help="Convolutional layers, beside 4."
    )
    norms: tuple[str, ...] = setting(
        ("batch", "layer"), title="Normalisations", help="batch and layer, beside none."
    )
    epochs: int = setting(25, low=1, title="Epochs", help="Of every VAE.")
    k: int = setting(8, low=2, title="k", help="Clusters of K-means.")

    def run(self, experiment: Experiment) -> Findings:
        """Return the table and a figure of each score by variant."""
        methods = self.methods()
        experiment.plan(len(methods))
        scored = score_methods(experiment, methods, seeds=self.seeds, seed=self.seed)
        table = make_table(
            experiment,
            scored,
            key="ablation",
            title="Latent size, depth and normalisation of the convolutional VAE",
            metrics=METRICS,
            compared_with=BASE,
            seeds=self.seeds,
        )
        return Findings((add_latents(experiment, table, scored),), (_draw(table),))

    def methods(self) -> list[Method]:
        """Return one method per variant."""
        variants: list[tuple[str, dict[str, Any]]] = [(BASE, {})]
        for dim in self.latent_dims:
            variants.append((f"{dim} latents, 4 layers, no normalisation", {"latent_dim": dim}))
        for depth in self.depths:
            variants.append((f"32 latents, {depth} layers, no normalisation", {"channels": CHANNELS[:depth]}))
        for norm in self.norms:
            variants.append((f"32 latents, 4 layers, {norm} normalisation", {"norm": norm}))
        choice = {"n_clusters": self.k, "standardise": "yes"}
        return [Method(name, audio=self._train(changes), choice=choice) for name, changes in variants]

    def _train(self, changes: dict[str, Any]) -> Training:
        """Return the training of one variant."""
        texts = {
            name: ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            for name, value in ({"epochs": self.epochs, "seed": self.seed} | changes).items()
        }
        return Training("conv-vae", "mel", tuple(texts.items()))


def add_latents(experiment: Experiment, table: Table, scored: list[Scored]) -> Table:
    """Return the table with the last epoch's reconstruction error and the use of the latents."""
    rows = []
    for row, one in zip(table.rows, scored):
        rep = one.choice.audio if one.choice else None
        history, figures = experiment.history(rep), experiment.figures(rep)
        cells = {
            "reconstruction": Cell(history[-1].get("train_reconstruction") if history else None),
            "active_units": Cell(figures.get("active_units")),
            "effective_rank": Cell(figures.get("effective_rank")),
        }
        rows.append(replace(row, cells=row.cells | cells))
    return replace(table, columns=(*table.columns, *LATENTS), rows=tuple(rows))


def _draw(table: Table) -> Figure:
    """Return ARI and purity of each variant as bars."""
    names = [row.name for row in table.rows]
    series = tuple(
        Series(title, names, [row.cells[key].value for row in table.rows])
        for key, title in (("adjusted_rand", "ARI"), ("purity", "Purity"))
    )
    return Figure("scores", "Scores by architecture", "bars", "", "score", series)
