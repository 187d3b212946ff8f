"""Paper B: VAEs of audio features and of text, their fusion, and a β-VAE against genres."""

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
from core.recipes.findings import Claim, Findings
from core.recipes.recipe import Recipe

METRICS = ("silhouette", "calinski_harabasz", "adjusted_rand", "normalized_mutual_info", "purity")
GTZAN = {"adjusted_rand": 0.09, "normalized_mutual_info": 0.17, "purity": 0.29}
FUSED = {"silhouette": 0.26}


@dataclass(frozen=True)
class HybridVAE(Recipe):
    """VAEs on MFCC or a table's features and on TF-IDF, fused latents beside text alone, and a β-VAE.

    The publication doesn't say how songs of its two lyrics files belong to its audio; here audio and text are
    those of the same track. It gives neither layers nor β: see :mod:`core.models.vae.mlp_vae`.

    References
    ----------
    Hybrid Music Representation Learning using Variational Autoencoders, README.
    """

    name: ClassVar[str] = "hybrid-vae"
    quick: ClassVar[dict[str, Any]] = {"epochs": 10, "seeds": 2}

    k: int | None = setting(
        None, low=2, title="k", help="Clusters; none: the number of labels, 10 for GTZAN.", advanced=False
    )
    epochs: int = setting(50, low=1, title="Epochs", help="Of every VAE.")
    beta: float = setting(4.0, low=0, title="β (KL weight)", help="Of the β-VAE.")
    audio_features: str = setting(
        "auto",
        title="Audio features",
        help="mfcc or table; auto: the table's features where there is no audio.",
    )

    def run(self, experiment: Experiment) -> Findings:
        """Return the table, t-SNE maps and loss curves."""
        methods = self.methods(experiment)
        experiment.plan(len(methods) + 1)
        scored = score_methods(experiment, methods, seeds=self.seeds, seed=self.seed)
        experiment.step("drawing the maps")
        maps = draw_maps(experiment, scored, projection="tsne", by=("label", "cluster"), title="t-SNE")
        table = make_table(
            experiment,
            scored,
            key="clustering",
            title="VAEs of audio, of text, of both, and a β-VAE",
            metrics=METRICS,
            published_on="β-VAE: GTZAN, 1,000 tracks in 10 genres; fused latents: lyrics and audio of "
            "unspecified pairing",
            compared_with="PCA of audio",
            seeds=self.seeds,
        )
        return Findings((table,), (*draw_losses(experiment, scored, title="Loss"), *maps), claims(scored))

    def methods(self, experiment: Experiment) -> list[Method]:
        """Return the rows that the collection allows."""
        collection = experiment.collection
        has_sound = any(collection.audio_paths())
        features = self.audio_features
        if features == "auto":
            features = "mfcc" if has_sound else "table"
        n_labels = len(collection.label_names())
        base = {"n_clusters": self.k or (n_labels if n_labels > 1 else None)}
        raw = base | {"standardise": "no"}
        methods = []
        has_audio = has_sound or collection.table is not None
        has_text = any(collection.texts())
        audio, text = self._train("mlp-vae", features), self._train("mlp-vae", "tfidf")
        if has_audio:
            beta_vae = self._train("beta-vae", features, ("beta", str(self.beta)))
            published = self._train(
                "beta-vae", features, ("beta", str(self.beta)), ("scaling", "as-published")
            )
            methods += [
                Method("β-VAE of audio", DEFAULTS, audio=beta_vae, choice=raw, published=GTZAN),
                Method("β-VAE of audio", "KL as in paper A", audio=published, choice=raw),
                Method("VAE of audio", "", audio=audio, choice=raw),
                Method("PCA of audio", "", audio=Training("pca", features), choice=raw),
                Method("Audio features", "", audio=features, choice=base),
            ]
        if has_text:
            methods.append(Method("VAE of text", "", text=text, choice=raw))
        if has_audio and has_text:
            fused = Method("Fused latents", PUBLISHED, audio, text, base | {"fusion": "concat"}, FUSED)
            graph = base | {"fusion": "graph"}
            methods += [fused, replace(fused, variant="graph", choice=graph, published={})]
        return methods

    def _train(self, model: str, reads: str, *more: tuple[str, str]) -> Training:
        """Return the training of one VAE."""
        return Training(model, reads, (("epochs", str(self.epochs)), ("seed", str(self.seed)), *more))


def claims(scored: list[Scored]) -> tuple[Claim, ...]:
    """Return whether fused latents are above text alone."""
    of = {one.label: one.figures["scores"] for one in scored if one.figures}
    fused, text = of.get(f"Fused latents, {PUBLISHED}"), of.get("VAE of text")
    if not fused or not text:
        return ()
    values = {"fused": fused["silhouette"], "text": text["silhouette"]}
    return (
        Claim(
            "fused-above-text", None if None in values.values() else values["fused"] > values["text"], values
        ),
    )
