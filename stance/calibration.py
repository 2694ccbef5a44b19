"""Probabilities that mean what they say: folds by group, temperature, thresholds for review."""

import warnings
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

NEVER = 1.01  # a threshold that no probability reaches: all of that label are for review
_FEWEST = 20  # a threshold that fewer predictions vouch for would be chance

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


def grouped_folds(
    labels: NDArray[np.str_], groups: ArrayLike | None, *, folds: int, random_state: int
) -> Iterator[Fold]:
    """Yield (train, test) rows, stratified by label, no group on both sides.

    There are fewer folds than asked for where a label has fewer statements (or groups).
    """
    _, coded = np.unique(labels, return_inverse=True)
    rarest = int(np.bincount(coded).min())
    places = np.zeros(len(labels))
    if groups is not None:
        groups = np.asarray(groups)
        spread = min(len(set(groups[labels == label])) for label in set(labels))
        if spread >= 2:
            by_group = StratifiedGroupKFold(
                n_splits=min(folds, spread), shuffle=True, random_state=random_state
            )
            with warnings.catch_warnings():
                # Few groups can leave a fold without a label; the scores then stay at zero.
                warnings.simplefilter("ignore", UserWarning)
                yield from by_group.split(places, labels, groups)
            return
    plain = StratifiedKFold(n_splits=min(folds, rarest), shuffle=True, random_state=random_state)
    yield from plain.split(places, labels)


def fit_temperature(scores: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """Return the temperature under which the scores' softmax has the least log loss.

    Scores have the shape `(n_statements, n_labels)`; `truth` holds the columns of the labels.
    Guo et al. (2017), "On Calibration of Modern Neural Networks".
    """
    rows = np.arange(len(truth))

    def loss(log_temperature: float) -> float:
        return float(-log_softmax(scores / np.exp(log_temperature), axis=1)[rows, truth].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 4), method="bounded").x))


def cross_calibrated(
    scores: NDArray[np.float64], truth: NDArray[np.intp], fold_of: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return probabilities of out-of-fold scores, each fold's by the temperature of the others."""
    probabilities = np.empty_like(scores)
    for fold in np.unique(fold_of):
        mine = fold_of == fold
        temperature = fit_temperature(scores[~mine], truth[~mine])
        probabilities[mine] = softmax(scores[mine] / temperature, axis=1)
    return probabilities


def review_threshold(
    probabilities: NDArray[np.float64], truth: NDArray[np.intp], label: int, accuracy: float
) -> float:
    """Return the least probability from which on predictions of a label are right often enough."""
    mine = probabilities.argmax(axis=1) == label
    order = np.argsort(-probabilities[mine, label], kind="stable")
    surety = probabilities[mine, label][order]
    right = np.cumsum(truth[mine][order] == label) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= accuracy)
    if not len(good) or good[-1] + 1 < min(_FEWEST, len(order)):
        return NEVER
    return float(surety[good[-1]])
