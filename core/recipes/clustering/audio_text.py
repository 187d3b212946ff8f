"""Tables 2 and 3 of paper A: audio, text and their concatenation, with K-means, Ward and DBSCAN."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from core.config import setting
from core.recipes.clustering.methods import (
    DEFAULTS,
    PUBLISHED,
    Method,
    Scored,
    draw_losses,
    draw_maps,
    make_table,
    score_methods,
)
from core.recipes.experiment import Experiment, Training
from core.recipes.findings import COLLAPSED, Claim, Findings
from core.recipes.recipe import Recipe
from core.scoring.metric_specs import METRICS as METRIC_SPECS

AUDIO, AE, TEXT, HYBRID, PCA = "audio", "ae", "text", "hybrid", "pca"
PLAIN_VAE = "Conv-VAE"
DATA = "100 tracks in 8 genres of FMA small; text is “title – artist”"
TABLE_2 = {
    AUDIO: (0.153, 1.33, 0.014, 0.29),
    AE: (0.128, 1.46, 0.032, 0.31),
    TEXT: (0.066, 2.33, 0.030, 0.33),
    HYBRID: (0.059, 2.14, 0.004, 0.26),
    PCA: (0.030, 2.14, 0.013, 0.27),
}
"""Silhouette, Davies–Bouldin, ARI and purity (the mean over clusters)."""
TABLE_3_NMI = {AUDIO: 0.167, AE: 0.168, TEXT: 0.205, HYBRID: 0.150, PCA: 0.138}
METRIC_TITLES = {name: metric.title for name, metric in METRIC_SPECS.items()}
METRICS = ("silhouette", "davies_bouldin", "adjusted_rand", "purity_mean")


@dataclass(frozen=True)
class AudioText(Recipe):
    """What tables 2 and 3 share: the autoencoders, the text embedding, PCA, and how they are clustered."""

    quick: ClassVar[dict[str, Any]] = {"epochs": 1, "seeds": 2, "clusterers": ("kmeans",)}
    vae: ClassVar[str]
    vae_title: ClassVar[str]

    k: int = setting(8, low=2, title="k", help="Clusters of K-means and Ward: the number of genres there.")
    epochs: int = setting(25, low=1, title="Epochs", help="Of the autoencoders.")
    clusterers: tuple[str, ...] = setting(
        ("kmeans", "ward", "dbscan"), title="Clusterings", help="kmeans, ward, dbscan; joined by commas."
    )
    latent_dim: int = setting(32, low=1, title="Latent dimension", help="Of audio.")
    text_dim: int = setting(16, low=1, title="Text dimensions", help="Principal components of the text.")
    encoder: str = setting(
        "sentence",
        title="Sentence encoder",
        help="sentence, or sentence-mpnet (the paper's, downloaded).",
    )
    text_field: str | None = setting(
        None,
        title="Text field",
        help="Column to read; none: lyrics, else caption, else title. The paper reads “title – artist”.",
    )

    def run(self, experiment: Experiment) -> Findings:
        """Return the table, the loss curves and the PCA maps."""
        methods = self.methods()
        experiment.plan(len(methods) + 1)
        scored = score_methods(experiment, methods, seeds=self.seeds, seed=self.seed)
        experiment.step("drawing the maps")
        mapped = [one for one in scored if one.method.choice["cluster"] == "kmeans"]
        maps = draw_maps(experiment, mapped[:6], projection="pca", by=("label",), title="PCA")
        table = make_table(
            experiment,
            scored,
            key=f"table-{self.table_number()}",
            title=f"Table {self.table_number()}: clustering of audio, text and both",
            metrics=self.metrics(),
            published_on=DATA,
            compared_with=f"{self.vae_title}, K-means, {PUBLISHED}",
            seeds=self.seeds,
        )
        losses = draw_losses(experiment, mapped, title="Loss")
        return Findings((table,), (*losses, *maps), claims(scored, self.vae_title))

    def table_number(self) -> int:
        """Return the number of the paper's table."""
        return 2

    def metrics(self) -> tuple[str, ...]:
        """Return the metrics of the table."""
        return METRICS

    def published(self, what: str) -> dict[str, float]:
        """Return the paper's values of a row."""
        return dict(zip(METRICS, TABLE_2[what]))

    def methods(self) -> list[Method]:
        """Return the rows of the table, as published and with defaults, for each algorithm."""
        audio = {
            PUBLISHED: self._train(self.vae, ("scaling", "as-published")),
            DEFAULTS: self._train(self.vae),
        }
        ae = self._train("conv-ae")
        text = Training(
            "pca",
            self.encoder,
            (("n_components", str(self.text_dim)), ("standardise", "yes")),
            self.text_field,
        )
        pca = Training("pca", "mel", (("n_components", str(self.latent_dim)),))
        rows = [
            *(
                Method(self.vae_title, variant, audio=trained, published=self._if(variant, AUDIO))
                for variant, trained in audio.items()
            ),
            Method("Autoencoder", PUBLISHED, audio=ae, published=self.published(AE)),
            Method("Text", PUBLISHED, text=text, published=self.published(TEXT)),
            *(
                Method(
                    f"{self.vae_title} + text",
                    variant,
                    audio=trained,
                    text=text,
                    choice={"fusion": "concat"},
                    published=self._if(variant, HYBRID),
                )
                for variant, trained in audio.items()
            ),
            Method("PCA", PUBLISHED, audio=pca, published=self.published(PCA)),
        ]
        return [row for clusterer in self.clusterers for row in self._with_clusterer(rows, clusterer)]

    def _with_clusterer(self, rows: Sequence[Method], clusterer: str) -> list[Method]:
        """Return the rows with one algorithm; numbers are published for K-means."""
        titles = {"kmeans": "K-means", "ward": "Ward", "dbscan": "DBSCAN"}
        settings = (("eps", 1.5), ("min_samples", 5)) if clusterer == "dbscan" else ()
        base = {
            "cluster": clusterer,
            "n_clusters": self.k,
            "settings": settings,
            "standardise": "yes",
            "text_field": self.text_field,
        }
        return [
            replace(
                row,
                name=f"{row.name}, {titles[clusterer]}",
                choice=base | row.choice,
                published=row.published if clusterer == "kmeans" else {},
            )
            for row in rows
        ]

    def _train(self, model: str, *more: tuple[str, str]) -> Training:
        """Return the training of a model on spectrograms."""
        settings = (("latent_dim", str(self.latent_dim)), ("epochs", str(self.epochs)))
        return Training(model, "mel", (*settings, ("seed", str(self.seed)), *more))

    def _if(self, variant: str, what: str) -> dict[str, float]:
        """Return the paper's values for its own configuration."""
        return self.published(what) if variant == PUBLISHED else {}


@dataclass(frozen=True)
class Medium(AudioText):
    """A convolutional VAE, an autoencoder, text, their concatenation and PCA, each clustered three ways.

    References
    ----------
    Siddique, Hybrid Audio–Text Clustering for Music, section 3.2 and table 2.
    """

    name: ClassVar[str] = "medium"
    vae: ClassVar[str] = "conv-vae"
    vae_title: ClassVar[str] = PLAIN_VAE


@dataclass(frozen=True)
class Hard(AudioText):
    """A conditional VAE beside the same baselines, with all metrics and the parts of its loss.

    Its decoder sees the label, so its external scores are marked.

    References
    ----------
    Siddique, Hybrid Audio–Text Clustering for Music, section 3.3 and table 3.
    """

    name: ClassVar[str] = "hard"
    vae: ClassVar[str] = "cvae"
    vae_title: ClassVar[str] = "Conditional VAE"

    epochs: int = setting(30, low=1, title="Epochs", help="Of the autoencoders.")
    clusterers: tuple[str, ...] = setting(
        ("kmeans",), title="Clusterings", help="kmeans, ward, dbscan; joined by commas."
    )

    def table_number(self) -> int:
        """Return the number of the paper's table."""
        return 3

    def metrics(self) -> tuple[str, ...]:
        """Return the metrics of the table."""
        return (*METRICS[:3], "normalized_mutual_info", "purity_mean", "purity")

    def methods(self) -> list[Method]:
        """Return the rows, and the VAE of table 2, with which the paper's conditional VAE agrees."""
        vae = self._train("conv-vae", ("scaling", "as-published"))
        rows = [Method(PLAIN_VAE, PUBLISHED, audio=vae)]
        return super().methods() + self._with_clusterer(rows, "kmeans")

    def published(self, what: str) -> dict[str, float]:
        """Return the paper's values of a row."""
        return super().published(what) | {"normalized_mutual_info": TABLE_3_NMI[what]}


def claims(scored: Sequence[Scored], vae_title: str) -> tuple[Claim, ...]:
    """Return whether the paper's observations hold for K-means with the published configuration."""
    of = {one.label: one for one in scored if one.figures}
    vae = of.get(f"{vae_title}, K-means, {PUBLISHED}")
    hybrid = of.get(f"{vae_title} + text, K-means, {PUBLISHED}")
    text = of.get(f"Text, K-means, {PUBLISHED}")
    found = []
    for key, name, other in (("hybrid-below-audio", "both", hybrid), ("audio-above-text", "text", text)):
        if vae is None or other is None:
            continue
        values = {
            f"{side}, {METRIC_TITLES[metric]}": one.figures["scores"][metric]
            for side, one in (("audio", vae), (name, other))
            for metric in ("silhouette", "adjusted_rand")
        }
        pair = [one.figures["scores"]["silhouette"] for one in (vae, other)]
        found.append(Claim(key, None if None in pair else pair[0] > pair[1], values))
    plain = of.get(f"{PLAIN_VAE}, K-means, {PUBLISHED}")
    if vae is not None and plain is not None and vae_title != PLAIN_VAE:
        names = ("silhouette", "adjusted_rand", "normalized_mutual_info")
        values = {
            f"{title}, {METRIC_TITLES[name]}": one.figures["scores"][name]
            for title, one in (("CVAE", vae), ("VAE", plain))
            for name in names
        }
        both = [[one.figures["scores"][name] for name in names] for one in (vae, plain)]
        known = None not in both[0] + both[1]
        holds = [f"{a:.3f}" for a in both[0]] == [f"{b:.3f}" for b in both[1]] if known else None
        found.append(Claim("cvae-equals-vae", holds, values))
    if vae is not None:
        found.append(Claim("vae-collapses", COLLAPSED in vae.marks, {"model": vae_title}))
    return tuple(found)
