"""Folds by group, temperature, thresholds."""

import numpy as np
import pytest
from scipy.special import softmax

from stance.calibration import (
    NEVER,
    cross_calibrated,
    fit_temperature,
    grouped_folds,
    review_threshold,
)


def test_no_group_is_on_both_sides() -> None:
    """Every statement is tested once, by a model that saw nothing of its group."""
    labels = np.array(["a", "b"] * 30)
    groups = np.repeat(np.arange(20), 3)
    tested: list[int] = []
    for train, test in grouped_folds(labels, groups, folds=5, random_state=0):
        assert not set(groups[train]) & set(groups[test])
        tested.extend(test.tolist())
    assert sorted(tested) == list(range(60))


@pytest.mark.parametrize(
    ("labels", "groups", "expected"),
    [
        (["a", "a", "b", "b"], None, 2),
        (["a", "a", "b", "b"], ["x", "x", "y", "y"], 2),
        (["a"] * 9 + ["b"] * 3, [str(i) for i in range(12)], 3),
    ],
    ids=["rare label", "a label of one group", "few groups"],
)
def test_fewer_folds_where_there_is_little(
    labels: list[str], groups: list[str] | None, expected: int
) -> None:
    """Little data is split in fewer folds, not refused."""
    folds = list(grouped_folds(np.array(labels), groups, folds=5, random_state=0))
    assert len(folds) == expected


def test_temperature_finds_how_sure_the_scores_may_be() -> None:
    """Scores blown up tenfold are brought back to the same probabilities."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(4000, 3))
    truth = np.array([rng.choice(3, p=softmax(row)) for row in scores])
    assert fit_temperature(scores, truth) == pytest.approx(1, abs=0.1)
    assert fit_temperature(10 * scores, truth) == pytest.approx(10, abs=1)


def test_cross_calibration_does_not_look_at_its_own_fold() -> None:
    """A fold's labels do not change its own probabilities."""
    rng = np.random.default_rng(0)
    scores, fold_of = rng.normal(size=(60, 2)), np.arange(60) % 3
    truth = (scores[:, 1] > 0).astype(np.intp)
    changed = np.where(fold_of == 0, 1 - truth, truth)
    before, after = (cross_calibrated(scores, t, fold_of) for t in (truth, changed))
    assert np.array_equal(before[fold_of == 0], after[fold_of == 0])
    assert not np.allclose(before[fold_of == 1], after[fold_of == 1])


def test_threshold_is_the_least_that_is_right_often_enough() -> None:
    """Above the threshold the wanted share is right, and it could not be lower."""
    sure = np.linspace(0.99, 0.51, 49)
    probabilities = np.column_stack([sure, 1 - sure])
    truth = np.where(sure > 0.7, 0, 1)
    threshold = review_threshold(probabilities, truth, 0, 0.95)
    kept = sure >= threshold
    assert (truth[kept] == 0).mean() >= 0.95
    assert (truth[sure >= threshold - 0.011] == 0).mean() < 0.95


def test_a_label_that_is_never_right_is_always_reviewed() -> None:
    """No threshold helps where the label is wrong."""
    probabilities = np.tile([0.9, 0.1], (30, 1))
    assert review_threshold(probabilities, np.ones(30, dtype=np.intp), 0, 0.95) == NEVER
