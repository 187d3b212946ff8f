"""Several representations of one modality side by side, such as ``musicnn+mfcc+descriptors``."""

import os

import numpy as np

from core import store
from core.checkpoints.catalogue import list_checkpoints
from core.fusion.standardise import centre, standardise, unit_energy
from core.inputs.weighted_parts import JOIN, Part, read_parts
from core.models import MODELS
from core.representation.vectors import Representation
from core.store.hashing.source import source_hash

POLICIES = ("auto", "yes", "no")
"""Standardise dimensions: as each representation says, always, never."""


def split_parts(rep: str) -> list[Part]:
    """Return the representations that a name joins by "+", each perhaps with a weight after "*".

    What follows a model and a colon is that model's input; the name of a checkpoint or a file stays whole.

    >>> split_parts("musicnn*2+mfcc")
    [Part(rep='musicnn', weight=2.0), Part(rep='mfcc', weight=1.0)]
    >>> split_parts("mfcc+contrastive:musicnn+passages")
    [Part(rep='mfcc', weight=1.0), Part(rep='contrastive:musicnn+passages', weight=1.0)]

    Raises
    ------
    ConfigError
        When a part is empty, occurs twice, or its weight isn't a positive number.
    """
    if JOIN not in rep:
        return [Part(rep)]
    checkpoints = {checkpoint.name for checkpoint in list_checkpoints()}
    names = rep.split(JOIN)
    for i, name in enumerate(names):
        model, colon, _ = name.partition(":")
        rest = JOIN.join(names[i:])
        if rest in checkpoints or os.path.exists(rest) or (colon and model in MODELS):
            names[i:] = [rest]
            break
    return read_parts(names, rep)


def join_parts(
    rep: str, parts: list[Part], found: list[Representation], *, standardise_by: str
) -> Representation:
    """Return representations side by side, each scaled to its weight.

    Each is standardised or centred as it says, divided by its root mean squared row norm, and multiplied by
    the square root of its share of the weights: squared distances mix by the weights whatever the numbers of
    dimensions. A track that lacks some parts is at their mean there.

    Parameters
    ----------
    found : list of Representation
        One for each part.
    standardise_by : {"auto", "yes", "no"}
        See :data:`POLICIES`.
    """
    total = sum(part.weight for part in parts)
    key = store.key_of(
        "side by side",
        [(r.key, part.weight, may_standardise(r, standardise_by)) for part, r in zip(parts, found)],
        source_hash(scale),
    )
    X = store.cached(
        "latents",
        key,
        lambda: np.hstack(
            [
                np.float32(np.sqrt(part.weight / total)) * unit_energy(scale(r, standardise_by), r.present)
                for part, r in zip(parts, found)
            ]
        ),
    )
    return Representation(
        X,
        np.any([r.present for r in found], axis=0),
        key,
        rep,
        failed={track: reason for r in found for track, reason in r.failed.items()},
        sees_labels=any(r.sees_labels for r in found),
        n_outdated=max(r.n_outdated for r in found),
        may_standardise=False,
    )


def may_standardise(representation: Representation, standardise_by: str) -> bool:
    """Return whether the dimensions of a representation are standardised."""
    return standardise_by == "yes" or (standardise_by == "auto" and representation.may_standardise)


def scale(
    representation: Representation, standardise_by: str, rows: np.ndarray | slice = slice(None)
) -> np.ndarray:
    """Return some rows standardised or centred over them, zeros where the modality is absent; float32."""
    prepare = standardise if may_standardise(representation, standardise_by) else centre
    return prepare(representation.X[rows], representation.present[rows], representation.name)
