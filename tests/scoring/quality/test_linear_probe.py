"""The linear probe: groups, folds, predictions and balanced accuracy."""

import numpy as np
import pytest

from core.scoring.quality.linear_probe import (
    assign_stratified_folds,
    balanced_accuracy,
    group_tracks,
    predict_held_out,
    predictable_tracks,
)


def test_artists_and_copies_make_groups_and_what_they_connect():
    X = np.array([[0.0], [1.0], [2.0], [1.0], [4.0], [5.0]])
    groups = group_tracks(X, ["a", "a", "b", "b", "", ""])
    assert len(set(groups[:4])) == 1 and len(set(groups)) == 3
    assert len(set(group_tracks(X))) == 5
    assert len(set(group_tracks(np.arange(6.0)[:, None], ["a", "a", "b", "b", "", ""]))) == 4


def test_labels_of_few_tracks_or_one_group_are_left_out():
    classes = np.array([0] * 6 + [1] * 4 + [2] * 6)
    groups = np.array([0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6])
    assert predictable_tracks(classes, groups).tolist() == [True] * 6 + [False] * 10


@pytest.mark.parametrize("n_groups", [3, 20, 100])
def test_folds_divide_no_group_and_spread_the_labels(n_groups):
    groups, classes = np.arange(100) % n_groups, np.arange(100) // 50
    fold_of = assign_stratified_folds(classes, groups, seed=3)
    assert len(set(fold_of)) == min(5, n_groups)
    assert all(len(set(fold_of[groups == group])) == 1 for group in range(n_groups))
    counts = [np.bincount(classes[fold_of == fold], minlength=2).tolist() for fold in set(fold_of)]
    assert all(min(each) >= 5 for each in counts) and (n_groups < 100 or counts == [[10, 10]] * 5)
    assert fold_of.tolist() == assign_stratified_folds(classes, groups, seed=3).tolist()


def test_standardisation_is_fitted_without_the_held_out_fold():
    rng = np.random.default_rng(0)
    classes = np.arange(40) % 2
    X = classes[:, None] + 0.1 * rng.standard_normal((40, 1))
    fold_of = np.arange(40) // 20
    far = X.copy()
    far[fold_of == 1] += 100
    predicted = predict_held_out(far, classes, fold_of)
    # Fitted on both folds, the shift would be divided away and every prediction would change with it.
    assert (predicted[fold_of == 1] == 1).all() and (predicted[fold_of == 0] == 0).all()


def test_a_fold_whose_rest_has_one_class_gets_that_class():
    assert predict_held_out(np.zeros((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1])).tolist() == [
        1,
        1,
        0,
        0,
    ]


def test_balanced_accuracy_is_the_mean_recall():
    classes, is_correct = np.array([0, 0, 0, 0, 1, 1]), np.array([1, 1, 1, 0, 1, 0], bool)
    assert balanced_accuracy(classes, is_correct) == pytest.approx([(0.75 + 0.5) / 2])
    counts = np.array([[1, 1, 0, 2, 0, 1], [2, 1, 1, 2, 0, 0]])
    assert balanced_accuracy(classes, is_correct, counts) == pytest.approx([(2 / 4 + 0) / 2, 4 / 6])
