"""Table 1 of paper A: a VAE and PCA on lyrics of several languages, k by Silhouette."""

from dataclasses import dataclass
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
from core.recipes.findings import Claim, Findings
from core.recipes.recipe import Recipe

VAE_PUBLISHED = {"n_clusters": 2, "silhouette": 0.238, "calinski_harabasz": 42.64}
PCA_PUBLISHED = {"n_clusters": 10, "silhouette": 0.255, "calinski_harabasz": 16.80}
METRICS = ("silhouette", "calinski_harabasz", "adjusted_rand")


@dataclass(frozen=True)
class Easy(Recipe):
    """VAE and PCA on text, clustered by K-means with the k of the highest Silhouette.

    The paper clusters the latents as they are, so dimensions are not standardised again. Its encoder is
    ``paraphrase-multilingual-mpnet-base-v2``, which is downloaded; the default is the packaged multilingual
    encoder, which needs no network.

    References
    ----------
    Siddique, Hybrid Audio–Text Clustering for Music, section 3.1 and table 1.
    """

    name: ClassVar[str] = "easy"
    quick: ClassVar[dict[str, Any]] = {"epochs": 10, "seeds": 2}

    encoder: str = setting(
        "sentence",
        title="Text features",
        help="sentence, sentence-mpnet (the paper's, downloaded) or tfidf (the version on Bangla and English "
        "lyrics).",
        advanced=False,
    )
    latent_dim: int = setting(16, low=1, title="Latent dimension", help="Of the VAE and of PCA.")
    epochs: int = setting(50, low=1, title="Epochs", help="Of the VAE.")
    text_field: str | None = setting(
        None, title="Text field", help="Column to read; none: lyrics, else caption, else title."
    )

    def run(self, experiment: Experiment) -> Findings:
        """Return table 1, the loss curve and the t-SNE maps."""
        methods = self.methods()
        experiment.plan(len(methods) + 1)
        scored = score_methods(experiment, methods, seeds=self.seeds, seed=self.seed)
        experiment.step("drawing the maps")
        maps = draw_maps(
            experiment, scored, projection="tsne", by=("cluster", "label"), title="t-SNE of the latents"
        )
        table = make_table(
            experiment,
            scored,
            key="table-1",
            title="Table 1: clustering of lyrics, k by Silhouette",
            metrics=METRICS,
            published_on="150 synthetic lyrics in English and Spanish",
            compared_with=f"PCA + K-means, {PUBLISHED}",
            seeds=self.seeds,
        )
        return Findings((table,), (*draw_losses(experiment, scored, title="Loss"), *maps), claims(scored))

    def methods(self) -> list[Method]:
        """Return the rows of the table."""
        choice = {"n_clusters": None, "text_field": self.text_field}
        dims = (("latent_dim", str(self.latent_dim)), ("epochs", str(self.epochs)))
        pca = self._training("pca", (("n_components", str(self.latent_dim)), ("standardise", "yes")))
        return [
            Method(
                "VAE + K-means",
                PUBLISHED,
                text=self._training("mlp-vae", (*dims, ("scaling", "as-published"))),
                choice=choice | {"standardise": "no"},
                published=VAE_PUBLISHED,
            ),
            Method("VAE + K-means", DEFAULTS, text=self._training("mlp-vae", dims), choice=choice),
            Method(
                "PCA + K-means",
                PUBLISHED,
                text=pca,
                choice=choice | {"standardise": "no"},
                published=PCA_PUBLISHED,
            ),
            Method("PCA + K-means", "standardised again", text=pca, choice=choice | {"standardise": "yes"}),
        ]

    def _training(self, model: str, settings: tuple[tuple[str, str], ...]) -> Training:
        """Return the training of one model on the encoder's features."""
        seed = () if model == "pca" else (("seed", str(self.seed)),)
        return Training(model, self.encoder, (*settings, *seed), self.text_field)


def claims(scored: list[Scored]) -> tuple[Claim, ...]:
    """Return whether PCA separates these lyrics slightly better than the VAE."""
    vae, pca = scored[0].figures, scored[2].figures
    if not vae or not pca:
        return ()
    values = {"pca": pca["scores"]["silhouette"], "vae": vae["scores"]["silhouette"]}
    holds = None if None in values.values() else values["pca"] > values["vae"]
    return (Claim("pca-above-vae", holds, values),)
