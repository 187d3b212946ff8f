"""The options of a choice, and the :class:`core.pipeline.choice.Choice` that they make."""

from dataclasses import replace
from typing import Annotated

import typer

Audio = Annotated[
    str | None,
    typer.Option(
        "--audio",
        help="Audio representation: an extractor, a model or a checkpoint. "
        "Without --audio and --text: what Explore opens the collection with.",
    ),
]
Text = Annotated[str | None, typer.Option("--text", help="Text representation.")]
TextField = Annotated[
    str | None,
    typer.Option("--text-field", help="Column to read instead of lyrics, else caption, else title."),
]
Fusion = Annotated[str, typer.Option("--fusion", help="How two modalities become one.")]
Weight = Annotated[
    float | None,
    typer.Option(
        "--text-weight",
        help="Share of text in squared distances, 0 to 1; a half if left out. For fusion weighted.",
    ),
]
Cluster = Annotated[str, typer.Option("--cluster", help="Clustering algorithm.")]
K = Annotated[
    str | None,
    typer.Option(
        "--n-clusters",
        help="Number of clusters, or 'auto' for a search over 2..10 by Silhouette. "
        "Left out: auto; without --audio and --text as Explore opens the collection.",
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="A setting as name=value; may be repeated. fusion.NAME=value is one of the fusion."
    ),
]
FUSION = "fusion."
AUTO = "auto"
MOST_DIGITS = 18
"""Of a number of clusters."""
Recompute = Annotated[
    bool,
    typer.Option("--recompute", help="Compute features anew that an earlier version of Songscape computed."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="First random seed.")]


def parse_settings(pairs: list[str] | None) -> dict[str, str]:
    """Turn ``["epochs=5"]`` into ``{"epochs": "5"}``."""
    for pair in pairs or []:
        if "=" not in pair:
            raise typer.BadParameter(f"--set takes name=value, got {pair!r}")
    return {
        k.strip().replace("-", "_"): v.strip() for k, _, v in (pair.partition("=") for pair in pairs or [])
    }


def choice_of(
    name,
    audio,
    text,
    text_field,
    fusion,
    text_weight,
    cluster,
    n_clusters,
    settings,
    seed,
    projection="pacmap",
    label_by="main",
):
    """Build the pipeline's choice from options; unknown settings are refused with the list of valid ones.

    Without a representation it is the one that Explore opens the collection with, and so is k where that is
    left out, too.
    """
    from core import collection as collections
    from core.clustering import clusterer_spec
    from core.config.reading import parse_fields
    from core.fusion import fusion_spec
    from core.pipeline.choice import Choice
    from core.pipeline.first_choice import default_choice

    clusterer, fuser = clusterer_spec(cluster), fusion_spec(fusion)
    if text_weight is not None and not fuser.takes_weight:
        raise typer.BadParameter(
            f"fusion {fusion} finds its own weights, so --text-weight has no meaning there"
        )
    if n_clusters not in (None, AUTO) and not clusterer.takes_k:
        raise typer.BadParameter(
            f"{cluster} finds the number of clusters by itself, so --n-clusters has no meaning there"
        )
    k = {} if n_clusters is None else {"n_clusters": parse_k(n_clusters)}
    weight = {} if text_weight is None else {"text_weight": parse_weight(text_weight)}
    given = parse_settings(settings)
    ours = {name.removeprefix(FUSION): value for name, value in given.items() if name.startswith(FUSION)}
    others = {name: value for name, value in given.items() if not name.startswith(FUSION)}
    is_given = audio is not None or text is not None
    opening = (
        Choice(audio=audio, text=text, n_clusters=None)
        if is_given
        else default_choice(collections.load(name))
    )
    return replace(
        opening,
        text_field=text_field,
        fusion=fusion,
        cluster=cluster,
        **k,
        **weight,
        settings=tuple(sorted(parse_fields(clusterer.load(), others, leave_out=("n_clusters",)).items())),
        fusion_settings=tuple(sorted(parse_fields(fuser.load(), ours, leave_out=("text_weight",)).items())),
        projection=projection,
        label_by=label_by,
        seed=seed,
    )


def parse_k(text: str) -> int | None:
    """Return a number of clusters, None for a search."""
    if text == AUTO:
        return None
    digits = text.strip()
    if not digits.isdecimal() or len(digits) > MOST_DIGITS or not int(digits):
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise typer.BadParameter(
            f"--n-clusters takes a whole number of 1 or more, or '{AUTO}', got {shown!r}"
        )
    return int(digits)


def parse_weight(value: float) -> float:
    """Return a share of text."""
    if not 0 <= value <= 1:  # a range of typer's takes nan
        raise typer.BadParameter(f"--text-weight must lie in [0, 1], got {value:g}")
    return value


def chosen(result: dict, audio: str | None, text: str | None) -> dict:
    """Mark the choice of a result where its representation was not given."""
    is_given = audio is not None or text is not None
    return (
        result
        if is_given
        else {**result, "choice": f"{result['choice']}; representation as Explore opens it"}
    )


def refresh_features(name: str, choice, recompute: bool, progress) -> None:
    """Compute a choice's features anew where an earlier version computed them, if that is asked for."""
    if recompute:
        from core.jobs.work import prepare

        prepare(name, choice.audio, choice.text, choice.text_field, recompute=True, progress=progress)
