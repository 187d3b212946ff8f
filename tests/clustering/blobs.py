"""Three groups of vectors that every clusterer finds."""

import numpy as np


def blobs(sizes=(60, 40, 30), d=6, gap=12.0, seed=0):
    rng = np.random.default_rng(seed)
    centres = gap * np.eye(len(sizes), d)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    return (centres[truth] + rng.normal(size=(len(truth), d))).astype("f4"), truth


X, TRUTH = blobs()
