"""Options that several commands share, and those of a choice (representations, fusion, clustering)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer

from core.cli.terminal import progress_line
from core.pipeline.choice import Choice
from core.progress import Progress

Name = Annotated[str, typer.Argument(help="A collection's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
TextField = Annotated[
    str | None,
    typer.Option(
        "--text-field", help="Text field: the column to read instead of lyrics, else caption, else title."
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="A parameter as name=value; may be repeated."),
]
Audio = Annotated[
    str | None,
    typer.Option(
        "--audio",
        help="Audio representation: an extractor, a model or a checkpoint, or several joined by '+'. "
        "Without --audio and --text: what Explore opens the collection with.",
    ),
]
Text = Annotated[
    str | None,
    typer.Option(
        "--text",
        help="Text representation: an extractor, a model or a checkpoint, or several joined by '+'.",
    ),
]
FUSION = "fusion."
AUTO = "auto"
MAX_DIGITS = 18
"""Of a number of clusters."""


@dataclass(frozen=True)
class ChoiceOptions:
    """Values of the options of a choice, a group of :mod:`core.cli.option_groups`."""

    audio: Audio = None
    text: Text = None
    text_field: TextField = None
    fusion: Annotated[
        str, typer.Option("--fusion", help="Fusion of the audio and the text representation.")
    ] = "weighted"
    text_weight: Annotated[
        float | None,
        typer.Option(
            "--text-weight",
            help="Text weight: the share of text in squared distances, 0 to 1; default 0.5. For fusion "
            "weighted.",
        ),
    ] = None
    standardise: Annotated[
        str,
        typer.Option(
            "--standardise",
            help="Standardise dimensions before fusion and clustering: 'yes', 'no', or 'auto', as each "
            "representation allows.",
        ),
    ] = "auto"
    reduce: Annotated[
        str,
        typer.Option("--reduce", help="Reduction before clustering: 'none', or 'umap' to 8 dimensions."),
    ] = "none"
    cluster: Annotated[str, typer.Option("--cluster", help="Clustering algorithm.")] = "kmeans"
    n_clusters: Annotated[
        str | None,
        typer.Option(
            "--n-clusters",
            help="k, the number of clusters, or 'auto': chosen from 2 to 10 by Silhouette. "
            "Default: auto; without --audio and --text as Explore opens the collection.",
        ),
    ] = None
    consensus: Annotated[
        int,
        typer.Option(
            "--consensus",
            min=0,
            help="Consensus over this many clustering seeds, 3 or more, with the stability of the clusters; "
            "0: one seed.",
        ),
    ] = 0
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="A parameter of the clustering as name=value, or of the fusion as fusion.NAME=value; "
            "may be repeated.",
        ),
    ] = None
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="First random seed.")] = 0
    recompute: Annotated[
        bool,
        typer.Option("--recompute", help="Recompute features that an earlier version of Songscape computed."),
    ] = False

    @property
    def has_representation(self) -> bool:
        """Whether an audio or a text representation was given."""
        return self.audio is not None or self.text is not None

    def choice(self, collection: str, **others: Any) -> Choice:
        """Build the pipeline's choice; ``others`` are more of its fields.

        Without a representation, it is the one that Explore opens the collection with, and so is k by
        default.

        Raises
        ------
        typer.BadParameter
            When options contradict each other.
        ConfigError
            When a parameter is unknown or invalid.
        """
        from core import collection as collections
        from core.clustering import clusterer_spec
        from core.config.reading import parse_fields
        from core.fusion import fusion_spec
        from core.pipeline.first_choice import default_choice

        clusterer, fuser = clusterer_spec(self.cluster), fusion_spec(self.fusion)
        if self.text_weight is not None and not fuser.takes_weight:
            raise typer.BadParameter(
                f"fusion {self.fusion} finds its own weights, so --text-weight has no effect"
            )
        if self.consensus and clusterer.load()().deterministic:
            raise typer.BadParameter(
                f"{self.cluster} gives the same clusters for every seed, so --consensus has no effect"
            )
        given = parse_settings(self.settings)
        if self.n_clusters not in (None, AUTO) and not clusterer.takes_k:
            if not clusterer.k_setting:
                raise typer.BadParameter(
                    f"{self.cluster} finds the number of clusters itself, so --n-clusters has no effect"
                )
            given.setdefault(clusterer.k_setting, str(parse_k(str(self.n_clusters))))
        fusion_given = {k.removeprefix(FUSION): v for k, v in given.items() if k.startswith(FUSION)}
        cluster_given = {k: v for k, v in given.items() if not k.startswith(FUSION)}
        opening = (
            Choice(audio=self.audio, text=self.text, n_clusters=None)
            if self.has_representation
            else default_choice(collections.load(collection))
        )
        if self.n_clusters is not None:
            others["n_clusters"] = parse_k(self.n_clusters)
        if self.text_weight is not None:
            if not 0 <= self.text_weight <= 1:  # typer's own range check accepts nan
                raise typer.BadParameter(f"--text-weight must lie in [0, 1], got {self.text_weight:g}")
            others["text_weight"] = self.text_weight
        cluster_settings = parse_fields(clusterer.load(), cluster_given, leave_out=("n_clusters",))
        fusion_settings = parse_fields(fuser.load(), fusion_given, leave_out=("text_weight",))
        return replace(
            opening,
            text_field=self.text_field,
            fusion=self.fusion,
            standardise=self.standardise,
            reduce=self.reduce,
            cluster=self.cluster,
            consensus=self.consensus,
            settings=tuple(sorted(cluster_settings.items())),
            fusion_settings=tuple(sorted(fusion_settings.items())),
            seed=self.seed,
            **others,
        )

    def run(self, collection: str, work: Callable[[Choice, Progress], dict], **others: Any) -> dict:
        """Build the choice, recompute its outdated features with ``--recompute``, and do the work.

        A result's ``choice`` says when its representation was not given.
        """
        from core import collection as collections
        from core.cli.reading_notice import announce_reading

        choice = self.choice(collection, **others)
        with progress_line() as progress:
            if self.recompute:
                from core.jobs.work import prepare

                reps = {"audio": choice.audio, "text": choice.text, "text_field": choice.text_field}
                prepare(collection, **reps, recompute=True, progress=progress)
            announce_reading(collections.load(collection), choice)
            result = work(choice, progress)
        opening = "" if self.has_representation else "; representation as Explore opens it"
        return {**result, "choice": f"{result['choice']}{opening}"}


def parse_k(text: str) -> int | None:
    """Return a number of clusters, None for a search."""
    if text == AUTO:
        return None
    digits = text.strip()
    if not digits.isdecimal() or len(digits) > MAX_DIGITS or not int(digits):
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise typer.BadParameter(
            f"--n-clusters takes a whole number of 1 or more, or '{AUTO}', got {shown!r}"
        )
    return int(digits)


@dataclass(frozen=True)
class EngineOptions:
    """Values of the options that choose where single tracks are worked on."""

    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            help="Where tracks are worked on: local, or ray, the machines of a Ray cluster (pip install -e "
            ".[ray]).",
        ),
    ] = "local"
    address: Annotated[
        str | None,
        typer.Option(
            "--address",
            help="For --engine ray: auto, or host:port of the cluster; without it one is started here.",
        ),
    ] = None

    @contextmanager
    def use(self) -> Iterator[None]:
        """Work on tracks there within this block; say how large a cluster is."""
        from core import engine
        from core.messages.engine_messages import describe_engine

        with engine.using(self.engine, self.address):
            if not engine.is_local():
                typer.echo(describe_engine(engine.describe()), err=True)
            yield


def parse_settings(pairs: list[str] | None, flag: str = "--set") -> dict[str, str]:
    """Convert ``["epochs=5"]`` to ``{"epochs": "5"}``."""
    for pair in pairs or []:
        if "=" not in pair:
            raise typer.BadParameter(f"{flag} takes name=value, got {pair!r}")
    parts = (pair.partition("=") for pair in pairs or [])
    return {name.strip().replace("-", "_"): value.strip() for name, _, value in parts}
