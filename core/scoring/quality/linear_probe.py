"""A linear probe: how well a linear classifier predicts labels from a representation (Alain & Bengio 2017).

Each track is predicted by a logistic regression that was fitted without its fold. Tracks of one artist, and
tracks with identical vectors, are in one fold: otherwise the probe would recognise the artist's sound or the
copy instead of the label (Flexer 2007, "A closer look on artist filters for musical genre classification").
"""

import numpy as np

N_FOLDS = 5
"""Number of folds, and the smallest number of tracks of a label that is predicted."""

MIN_GROUPS = 2
"""Labels of fewer groups can't be predicted, since no other group has the label while one is left out."""


def group_tracks(X: np.ndarray, artists: list[str] | None = None) -> np.ndarray:
    """Return the group of each track, shape=(n_tracks,), integers from 0.

    Tracks of the same artist are in one group, as are tracks with identical vectors, and so what both
    relations connect. A track of unknown artist ("") without a copy is a group of its own.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    artists : list of str, length n_tracks, optional
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(X)
    copy_of = np.unique(np.asarray(X), axis=0, return_inverse=True)[1].reshape(n)
    keys = [artist or f"\0{i}" for i, artist in enumerate(artists or [""] * n)]
    artist_of = np.unique(np.array(keys, dtype=object), return_inverse=True)[1]
    n_artists, n_nodes = int(artist_of.max(initial=-1)) + 1, int(artist_of.max(initial=-1)) + 1 + n
    edges = coo_array((np.ones(n, np.int8), (artist_of, n_artists + copy_of)), shape=(n_nodes, n_nodes))
    component = connected_components(edges, directed=False)[1]
    return np.unique(component[artist_of], return_inverse=True)[1]


def predictable_tracks(classes: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the mask of tracks whose label has :data:`N_FOLDS` tracks and :data:`MIN_GROUPS` groups."""
    n_classes = int(classes.max(initial=-1)) + 1
    pairs = np.unique(np.stack([classes, groups], axis=1), axis=0)
    n_tracks = np.bincount(classes, minlength=n_classes)
    n_groups = np.bincount(pairs[:, 0], minlength=n_classes)
    return ((n_tracks >= N_FOLDS) & (n_groups >= MIN_GROUPS))[classes]


def assign_stratified_folds(classes: np.ndarray, groups: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return the fold of each track, shape=(n_tracks,): labels spread evenly, groups undivided.

    :data:`N_FOLDS` folds, or as many as there are groups if these are fewer.
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    n_groups = len(np.unique(groups))
    options = {"n_splits": min(N_FOLDS, n_groups), "shuffle": True, "random_state": seed}
    rows = classes[:, None]
    if n_groups < len(groups):
        splits = StratifiedGroupKFold(**options).split(rows, classes, groups)
    else:
        splits = StratifiedKFold(**options).split(rows, classes)
    fold_of = np.zeros(len(classes), np.int64)
    for fold, (_, held_out) in enumerate(splits):
        fold_of[held_out] = fold
    return fold_of


def predict_held_out(X: np.ndarray, classes: np.ndarray, fold_of: np.ndarray) -> np.ndarray:
    """Return the class of each track, predicted by a logistic regression fitted on the other folds.

    Features are standardised by the mean and the standard deviation of the other folds. The penalty is
    scikit-learn's default, L2 with C = 1.

    Parameters
    ----------
    X : ndarray, shape=(n_tracks, n_features)
    classes : ndarray of int, shape=(n_tracks,)
    fold_of : ndarray of int, shape=(n_tracks,)

    Returns
    -------
    ndarray of int, shape=(n_tracks,)
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    X = np.asarray(X, np.float32)
    predicted = np.zeros(len(classes), np.int64)
    for fold in np.unique(fold_of):
        held_out = fold_of == fold
        seen = classes[~held_out]
        if (seen == seen[:1]).all():  # a classifier needs two classes
            predicted[held_out] = seen[0] if len(seen) else -1
            continue
        model = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-3, max_iter=100))
        # The solver's steps are short: two threads wait for each other twenty times longer than one computes.
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            predicted[held_out] = model.fit(X[~held_out], seen).predict(X[held_out])
    return predicted


def balanced_accuracy(
    classes: np.ndarray, is_correct: np.ndarray, counts: np.ndarray | None = None
) -> np.ndarray:
    """Return the mean over labels of the share of their tracks that are predicted correctly.

    Parameters
    ----------
    classes : ndarray of int, shape=(n_tracks,)
    is_correct : ndarray of bool, shape=(n_tracks,)
    counts : ndarray of int, shape=(n_replicates, n_tracks), optional
        How often each track is counted; default once, in one replicate.

    Returns
    -------
    ndarray, shape=(n_replicates,), 0 … 1
        1 is best, 1 / (number of labels) chance. Labels without a track in a replicate are left out of it.

    References
    ----------
    Brodersen et al. (2010), The balanced accuracy and its posterior distribution.
    """
    counts = np.ones((1, len(classes))) if counts is None else counts.astype(np.float64)
    one_hot = np.eye(int(classes.max()) + 1)[classes]  # (n_tracks, n_classes)
    size = counts @ one_hot  # (n_replicates, n_classes)
    with np.errstate(invalid="ignore"):
        recall = ((counts * is_correct) @ one_hot) / size
    return np.nanmean(recall, axis=1)
