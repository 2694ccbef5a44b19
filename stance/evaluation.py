"""Scores of predicted labels against told ones: per label, macro-F1 with interval, calibration."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from nltk.metrics.agreement import AnnotationTask
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import confusion_matrix

from stance.records import LABELS, Stance

_DRAWS = 1000
_BINS = 10


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one label was found; `support` is how many statements have it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a set of predictions.

    `interval` is the 95% percentile interval of macro-F1 over 1,000 bootstrap draws of whole
    groups. `confusion[i][j]` counts statements of label i that were called j, both in the order
    of `labels`. `calibration_error` is the expected calibration error over ten bins of width 0.1
    (Naeini et al., 2015). `reviewed` is the share marked for review, `accuracy_unreviewed` the
    accuracy on the rest, None where there is no rest.
    """

    statements: int
    accuracy: float
    macro_f1: float
    interval: tuple[float, float]
    labels: tuple[str, ...]
    per_label: dict[str, LabelScore]
    confusion: tuple[tuple[int, ...], ...]
    calibration_error: float
    log_loss: float
    reviewed: float
    accuracy_unreviewed: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the scores as a JSON object, figures rounded to four places."""
        value: dict[str, Any] = _rounded(asdict(self))
        return value


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions whose probability lies in one range: how sure they were, how often right."""

    low: float
    high: float
    count: int
    probability: float
    right: float

    def as_json(self) -> dict[str, Any]:
        """Return the bin as a JSON object, figures rounded to four places."""
        value: dict[str, Any] = _rounded(asdict(self))
        return value


def score(
    gold: Sequence[str],
    probabilities: NDArray[np.float64],
    *,
    labels: Sequence[str] = LABELS,
    needs_review: ArrayLike | None = None,
    groups: Sequence[str] | None = None,
) -> Scores:
    """Score probabilities of shape `(n_statements, n_labels)`, columns in the order of `labels`.

    Macro-F1 is the mean over the labels that `gold` holds. Without `groups` each statement is
    its own. Raise ValueError where there is nothing to score.
    """
    if not len(gold):
        raise ValueError("there are no statements to score")
    truth = np.array([labels.index(label) for label in gold])
    predicted = probabilities.argmax(axis=1)
    matrix = confusion_matrix(truth, predicted, labels=range(len(labels)))
    review = np.zeros(len(gold), bool) if needs_review is None else np.asarray(needs_review, bool)
    right = predicted == truth
    surety = probabilities.max(axis=1)
    chosen = probabilities[np.arange(len(truth)), truth]
    return Scores(
        statements=len(gold),
        accuracy=float(right.mean()),
        macro_f1=float(_macro_f1(matrix[None])[0]),
        interval=_interval(truth, predicted, len(labels), groups),
        labels=tuple(labels),
        per_label=_per_label(matrix, labels),
        confusion=tuple(tuple(int(cell) for cell in row) for row in matrix),
        calibration_error=_calibration_error(surety, right),
        log_loss=float(-np.log(np.maximum(chosen, 1e-6)).mean()),
        reviewed=float(review.mean()),
        accuracy_unreviewed=None if review.all() else float(right[~review].mean()),
    )


def reliability(
    gold: Sequence[str], probabilities: NDArray[np.float64], *, labels: Sequence[str] = LABELS
) -> list[Bin]:
    """Return how often predictions are right by how sure they are, in bins of a tenth.

    Bins that no prediction falls into are left out.
    """
    truth = np.array([labels.index(label) for label in gold])
    surety = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    place = _bins(surety)
    return [
        Bin(
            low=n / _BINS,
            high=(n + 1) / _BINS,
            count=int(mine.sum()),
            probability=float(surety[mine].mean()),
            right=float(right[mine].mean()),
        )
        for n in range(_BINS)
        if (mine := place == n).any()
    ]


def krippendorff_alpha(first: Sequence[Stance], second: Sequence[Stance]) -> float:
    """Return Krippendorff's alpha (nominal) of two annotators' labels of the same statements."""
    triples = [("first", i, label) for i, label in enumerate(first)]
    triples += [("second", i, label) for i, label in enumerate(second)]
    return float(AnnotationTask(triples).alpha())


def table(scores: Scores) -> str:
    """Return the scores as a table to read."""
    low, high = scores.interval
    lines = [
        f"statements   {scores.statements}",
        f"macro-F1     {scores.macro_f1:.3f}  (95% {low:.3f} to {high:.3f})",
        f"accuracy     {scores.accuracy:.3f}",
        f"calibration  error {scores.calibration_error:.3f}, log loss {scores.log_loss:.3f}",
        f"for review   {scores.reviewed:.3f} of all" + _unreviewed(scores),
        "",
        f"{'label':<10} {'precision':>9} {'recall':>7} {'F1':>6} {'n':>5}",
    ]
    for label, part in scores.per_label.items():
        lines.append(
            f"{label:<10} {part.precision:>9.3f} {part.recall:>7.3f}"
            f" {part.f1:>6.3f} {part.support:>5}"
        )
    lines += ["", "confusion (rows told, columns predicted)"]
    lines.append(" " * 10 + "".join(f"{label:>11}" for label in scores.labels))
    for label, row in zip(scores.labels, scores.confusion, strict=True):
        lines.append(f"{label:<10}" + "".join(f"{cell:>11}" for cell in row))
    return "\n".join(lines)


def _unreviewed(scores: Scores) -> str:
    if scores.accuracy_unreviewed is None or not scores.reviewed:
        return ""
    return f"; accuracy on the rest {scores.accuracy_unreviewed:.3f}"


def _per_label(matrix: NDArray[np.int64], labels: Sequence[str]) -> dict[str, LabelScore]:
    hit, told, called = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
    return {
        label: LabelScore(
            precision=float(hit[i] / called[i]) if called[i] else 0.0,
            recall=float(hit[i] / told[i]) if told[i] else 0.0,
            f1=float(2 * hit[i] / (told[i] + called[i])) if told[i] + called[i] else 0.0,
            support=int(told[i]),
        )
        for i, label in enumerate(labels)
    }


def _macro_f1(matrices: NDArray[Any]) -> NDArray[np.float64]:
    """Return macro-F1 of each confusion matrix, shape `(n, n_labels, n_labels)`."""
    hit = np.diagonal(matrices, axis1=1, axis2=2)
    told, called = matrices.sum(axis=2), matrices.sum(axis=1)
    f1 = 2 * hit / np.maximum(told + called, 1)
    means: NDArray[np.float64] = (f1 * (told > 0)).sum(axis=1) / (told > 0).sum(axis=1)
    return means


def _interval(
    truth: NDArray[np.intp],
    predicted: NDArray[np.intp],
    n_labels: int,
    groups: Sequence[str] | None,
) -> tuple[float, float]:
    names = np.arange(len(truth)) if groups is None else np.asarray(groups)
    _, group = np.unique(names, return_inverse=True)
    n_groups = int(group.max()) + 1
    cells = np.zeros((n_groups, n_labels * n_labels))
    np.add.at(cells, (group, truth * n_labels + predicted), 1)
    draws = np.random.default_rng(0).multinomial(
        n_groups, np.full(n_groups, 1 / n_groups), size=_DRAWS
    )
    resampled = (draws @ cells).reshape(_DRAWS, n_labels, n_labels)
    low, high = np.percentile(_macro_f1(resampled), [2.5, 97.5])
    return float(low), float(high)


def _calibration_error(surety: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    gaps = np.bincount(_bins(surety), weights=right - surety, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(right))


def _bins(surety: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the number of the bin that each probability falls into."""
    return np.minimum((surety * _BINS).astype(np.intp), _BINS - 1)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return value
