"""The report of a choice's scores, as ``score --json`` prints it."""

import numpy as np

from core import collection as collections
from core.clustering import clusterer_spec
from core.collection.leaks import find_leaks
from core.errors import ConfigError
from core.fusion import fusion_spec
from core.messages.analysis.score_messages import describe_collapsed_ranks, describe_score_note
from core.messages.collection.leak_messages import describe_leak
from core.messages.version_messages import describe_effect
from core.pipeline.choice import Choice
from core.pipeline.comparison import compare_with_single
from core.pipeline.space import Space, build_space
from core.pipeline.stages import (
    count_clusters,
    find_clusters,
    library_versions,
    measure_representation,
    score_fully,
    score_genres,
    score_stability,
    truth_of,
)
from core.progress import Progress, silent
from core.scoring.evaluate import Note
from core.search.versions import count_known_versions

N_LEAST_STABLE = 10


def full_report(name: str, choice: Choice, *, n_seeds: int = 5, progress: Progress = silent) -> dict:
    """Cluster a collection and score the clusters.

    Returns
    -------
    dict
        ``collection, n_tracks, n_labelled, n_clusters, noise_share, seeds, scores {metric: mean}, intervals
        {metric: [low, high]}, control {metric: value}``; ``representation``, the measures of
        :func:`core.scoring.quality.representation_quality.evaluate_representation` and ``encoders``, the
        effective rank of each modality's representation; ``left_out`` (number of tracks), ``sees_labels``,
        ``choice``, ``fusion`` (details of the fusion's fit), ``against_single`` (gain and regret against the
        better single modality, None without fusion or labels), ``n_versions`` (see
        :func:`core.search.versions.count_known_versions`), ``stability`` (of :func:`stability_report`,
        None without a consensus over seeds), ``notes`` (sentences). An undefined score or
        interval is None, and a note gives the reason. Where tracks have several genres, ``multilabel`` is the
        result of :func:`core.scoring.quality.genre_probe.probe_genres`.

    Raises
    ------
    ConfigError
        When the reference labels are coarse groups and no track has one.
    """
    collection = collections.load(name)
    if choice.label_by == "coarse" and not any(collection.coarse_labels()):
        raise ConfigError(
            f"no genre of {name} is in a coarse group; give your own table with: add … --genre-map FILE.csv"
        )
    space = build_space(collection, choice, progress)
    labels = find_clusters(space, choice, progress)
    truth = truth_of(collection, space, choice.label_by)
    figures = score_fully(collection, space, choice, n_seeds=n_seeds, progress=progress)
    notes = describe_notes(figures["notes"], int((labels < 0).sum()), len(labels))
    for modality, n in space.n_outdated.items():
        notes.append(
            f"{n:,} tracks have {modality} features that an earlier version of Songscape computed; "
            "--recompute recomputes them"
        )
    if space.sees_labels:
        notes.append("this model was trained with the labels, so its external scores are biased")
    quality = measure_representation(collection, space, choice, progress)
    notes += describe_collapsed_ranks(quality)
    leaks = find_leaks(
        collection,
        text_field=choice.text_field,
        has_text=bool(choice.text),
        has_table=(choice.audio or "").startswith("table"),
    )
    notes += map(describe_leak, leaks)
    n_versions = count_known_versions(collection)
    notes += [describe_effect(n_versions)] if n_versions else []
    if choice.audio and choice.text:
        texts = collection.texts(choice.text_field)
        if n := sum(not texts[i] for i in space.rows):
            notes.append(
                f"{n:,} of {len(space.rows):,} tracks have no text; audio places them at any text weight"
            )
    genres = score_genres(collection, space, choice.seed, progress)
    return {
        "collection": name,
        "n_tracks": len(space.rows),
        "n_labelled": sum(1 for label in truth or [] if label),
        "n_clusters": count_clusters(labels),
        "noise_share": float((labels < 0).mean()),
        "seeds": figures["seeds"],
        "scores": figures["scores"],
        "intervals": figures["intervals"],
        "control": figures["control"],
        "representation": quality,
        "left_out": len(space.left_out),
        "sees_labels": space.sees_labels,
        "choice": describe_choice(choice),
        "fusion": space.details,
        "stability": stability_report(collection, space, choice, progress),
        "against_single": compare_with_single(collection, space, choice, progress),
        "n_versions": n_versions,
        "notes": notes,
        "outdated": space.n_outdated,
        "libraries": library_versions(space, choice),
        **({"multilabel": genres} if genres else {}),
    }


def stability_report(
    collection: collections.Collection, space: Space, choice: Choice, progress: Progress = silent
) -> dict | None:
    """Return :func:`core.scoring.stability.measure_stability` and ``least_stable``; None without consensus.

    ``least_stable`` holds the stability of the ten least stable tracks by track id, lowest first.
    """
    found = score_stability(space, choice, progress)
    if found is None:
        return None
    figures, tracks = found
    ids = collection.tracks["track_id"].to_numpy()[space.rows]
    order = np.argsort(tracks, kind="stable")[: min(N_LEAST_STABLE, int(np.isfinite(tracks).sum()))]
    return {**figures, "least_stable": {str(ids[i]): float(tracks[i]) for i in order}}


def describe_notes(notes: dict[str, Note], n_noise: int, n_tracks: int) -> list[str]:
    """Describe the notes on metrics, one line per note, and how noise was counted."""
    metrics: dict[str, list[str]] = {}
    for metric, note in notes.items():
        metrics.setdefault(describe_score_note(note), []).append(metric)
    lines = [f"{', '.join(names)}: {text}" for text, names in metrics.items()]
    if n_noise:
        lines.append(
            f"noise: {n_noise:,} of {n_tracks:,} tracks are in no cluster; silhouette, davies_bouldin and "
            "calinski_harabasz exclude them, external scores count them as one cluster"
        )
    return lines


def describe_choice(choice: Choice) -> str:
    """Describe a choice in one line."""
    parts = [f"audio {choice.audio}"] if choice.audio else []
    parts += [f"text {choice.text}"] if choice.text else []
    if len(parts) == 2:
        weight = f" (text weight {choice.text_weight:g})" if fusion_spec(choice.fusion).takes_weight else ""
        parts.append(f"fusion {choice.fusion}{weight}")
    parts += [f"standardise {choice.standardise}"] if choice.standardise != "auto" else []
    parts += [f"reduced by {choice.reduce}"] if choice.reduce != "none" else []
    k = "searched" if choice.n_clusters is None else choice.n_clusters
    parts.append(
        f"clustering {choice.cluster}" + (f", k {k}" if clusterer_spec(choice.cluster).takes_k else "")
    )
    parts += [f"consensus over {choice.consensus} seeds"] if choice.has_consensus else []
    parts += ["compared with coarse groups"] if choice.label_by == "coarse" else []
    return "; ".join(parts)
