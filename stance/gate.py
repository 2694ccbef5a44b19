"""The gate: is a new model worse than the active one, beyond the noise?

Both are compared on the same statements, each by predictions that were made without it:
out of fold where the model was trained on it, directly where it was not. The difference of F1 is
put to a paired bootstrap over groups (Efron and Tibshirani, 1993, ch. 13): whole scenes and
articles are drawn, and both models are scored on the same draw.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.corpus import group_of, words_of
from stance.records import LABELS, Annotation

MACRO = "macro-F1"
MEASURES = (MACRO, *LABELS)
_DRAWS, _CHUNK = 4000, 500
_ERROR = 0.05  # the chance that any interval of a verdict misses its difference
_FEWEST_GROUPS = 30  # of fewer groups a bootstrap tells nothing
# Fresh labels of which the active model shares less than this part of its accuracy are doubtful:
# wrong ones among very many right ones hardly lower the scores. Corrections come in smaller lots.
_DOUBTFUL, _FEWEST_DOUBTFUL = 0.5, 100

Predict = Callable[[Sequence[Annotation]], NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class Contender:
    """A model, what it was trained on, and what it predicts.

    `out_of_fold` holds, for each of its annotations, the column (in LABELS) of the label that was
    predicted without it; `predict` gives those of other statements. Annotations that its user
    may leave out again on purpose are `forgettable`, told by their words.
    """

    annotations: Sequence[Annotation]
    out_of_fold: NDArray[np.intp]
    predict: Predict
    forgettable: frozenset[tuple[str, str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure of two models on the same statements, and the interval of the difference."""

    on: str
    measure: str
    statements: int
    candidate: float
    active: float
    interval: tuple[float, float]
    worse: bool

    @property
    def difference(self) -> float:
        """Return how much better the candidate is."""
        return self.candidate - self.active

    def as_json(self) -> dict[str, Any]:
        """Return the comparison as a JSON object, figures rounded to four places."""
        return {
            "on": self.on,
            "measure": self.measure,
            "statements": self.statements,
            "candidate": round(self.candidate, 4),
            "active": round(self.active, 4),
            "difference": round(self.difference, 4),
            "interval": [round(end, 4) for end in self.interval],
            "worse": self.worse,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a candidate; `reason` is one line, `against` the active version.

    `relabelled` counts statements whose label the two were taught differently: they speak for
    neither.
    """

    passed: bool
    reason: str
    against: str | None = None
    comparisons: tuple[Comparison, ...] = ()
    relabelled: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as a JSON object."""
        return {
            "passed": self.passed,
            "reason": self.reason,
            "against": self.against,
            "relabelled": self.relabelled,
            "comparisons": [comparison.as_json() for comparison in self.comparisons],
        }

    def table(self) -> str:
        """Return the comparisons as a table to read, the reason below."""
        lines = []
        for on in dict.fromkeys(comparison.on for comparison in self.comparisons):
            rows = [comparison for comparison in self.comparisons if comparison.on == on]
            title = f"{rows[0].statements} {on} statements"
            lines.append(f"{title:<26}{'new':>7}{'active':>8}{'change':>8}  interval")
            lines += [_row(row) for row in rows]
        return "\n".join([*lines, f"gate: {self.reason}"])


@dataclass(frozen=True, slots=True)
class _Sample:
    """Statements with their labels, what both predict of them, and their groups."""

    truth: NDArray[np.intp]
    candidate: NDArray[np.intp]
    active: NDArray[np.intp]
    groups: Sequence[str]


def compare(candidate: Contender, active: Contender, *, against: str) -> Verdict:
    """Judge a candidate by the statements that the active version knew, and by the fresh ones.

    It fails where the whole interval of a difference, in macro-F1 or in a label's F1, lies below
    zero; and where the active model, right as it mostly is, shares few of the fresh labels, so
    that somebody should look at them. The intervals hold together with 95% (Bonferroni: each with
    1 - 0.05 / their number).
    """
    theirs = {words_of(a): row for row, a in enumerate(active.annotations)}
    ours = {words_of(a): row for row, a in enumerate(candidate.annotations)}
    both = [(row, theirs[words]) for words, row in ours.items() if words in theirs]
    agreed = [
        (i, j) for i, j in both if candidate.annotations[i].stance == active.annotations[j].stance
    ]
    samples = {
        "known": _known(candidate, active, agreed, [w for w in theirs if w not in ours]),
        "fresh": _fresh(
            candidate, active, [row for words, row in ours.items() if words not in theirs]
        ),
    }
    telling = {on: s for on, s in samples.items() if len(set(s.groups)) >= _FEWEST_GROUPS}
    level = 1 - _ERROR / max(1, len(telling) * len(MEASURES))
    comparisons = [c for on, sample in telling.items() for c in _compared(on, sample, level)]
    worse, doubt = [c for c in comparisons if c.worse], _doubt(samples["known"], samples["fresh"])
    if worse:
        reason = "worse than the active model beyond the noise: " + "; ".join(map(_told, worse))
    elif doubt:
        reason = doubt
    elif comparisons:
        reason = "not worse than the active model beyond the noise"
    else:
        reason = "too few statements to compare it with the active model"
    passed = not worse and doubt is None
    return Verdict(passed, reason, against, tuple(comparisons), len(both) - len(agreed))


def _known(
    candidate: Contender,
    active: Contender,
    agreed: Sequence[tuple[int, int]],
    dropped: Sequence[tuple[str, str, str]],
) -> _Sample:
    """Return what the active version was trained on; the candidate may have been without some."""
    row_of: Mapping[Any, int] = {words_of(a): row for row, a in enumerate(active.annotations)}
    missed = [row_of[words] for words in dropped if words not in active.forgettable]
    rows = [j for _, j in agreed] + missed
    direct = candidate.predict([active.annotations[row] for row in missed])
    return _Sample(
        _columns([active.annotations[row] for row in rows]),
        np.concatenate([candidate.out_of_fold[[i for i, _ in agreed]], direct]).astype(np.intp),
        active.out_of_fold[rows],
        [group_of(active.annotations[row]) for row in rows],
    )


def _fresh(candidate: Contender, active: Contender, rows: Sequence[int]) -> _Sample:
    annotations = [candidate.annotations[row] for row in rows]
    return _Sample(
        _columns(annotations),
        candidate.out_of_fold[list(rows)],
        active.predict(annotations),
        [group_of(annotation) for annotation in annotations],
    )


def _doubt(known: _Sample, fresh: _Sample) -> str | None:
    """Return what is odd about the fresh labels as a whole, None where nothing is."""
    groups = len(set(fresh.groups))
    if len(fresh.truth) < _FEWEST_DOUBTFUL or groups < _FEWEST_GROUPS or not len(known.truth):
        return None
    shared = float((fresh.active == fresh.truth).mean())
    usual = float((known.active == known.truth).mean())
    # The upper end of a 99% interval, by the number of groups and not of statements.
    most = shared + 2.58 * float(np.sqrt(shared * (1 - shared) / groups))
    if most >= _DOUBTFUL * usual:
        return None
    return (
        f"the active model, right in {usual:.0%} of what it knows, shares {shared:.0%} of the"
        f" {len(fresh.truth)} fresh labels: are they right? if so, train with --force"
    )


def _columns(annotations: Sequence[Annotation]) -> NDArray[np.intp]:
    return np.array([LABELS.index(str(a.stance)) for a in annotations], dtype=np.intp)


def _compared(on: str, sample: _Sample, level: float) -> list[Comparison]:
    _, group = np.unique(np.asarray(sample.groups), return_inverse=True)
    sides = [_cells(sample.truth, p, group) for p in (sample.candidate, sample.active)]
    whole = np.ones((1, len(sides[0])))
    candidate, active = (_f1(whole @ side)[0] for side in sides)
    drawn = _differences(sides[0], sides[1])
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(drawn, [tail, 100 - tail], axis=0)
    return [
        Comparison(
            on,
            measure,
            len(sample.truth),
            float(candidate[i]),
            float(active[i]),
            (float(low[i]), float(high[i])),
            worse=bool(high[i] < 0),
        )
        for i, measure in enumerate(MEASURES)
        if i == 0 or (sample.truth == i - 1).any()
    ]


def _cells(
    truth: NDArray[np.intp], predicted: NDArray[np.intp], group: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return each group's confusion cells, shape `(n_groups, n_labels * n_labels)`."""
    cells = np.zeros((int(group.max()) + 1, len(LABELS) ** 2))
    np.add.at(cells, (group, truth * len(LABELS) + predicted), 1)
    return cells


def _f1(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return macro-F1 and each label's F1 of confusion cells, shape `(n, 1 + n_labels)`."""
    matrices = cells.reshape(len(cells), len(LABELS), len(LABELS))
    hit = np.diagonal(matrices, axis1=1, axis2=2)
    told, called = matrices.sum(axis=2), matrices.sum(axis=1)
    f1 = 2 * hit / np.maximum(told + called, 1)
    macro = (f1 * (told > 0)).sum(axis=1) / np.maximum((told > 0).sum(axis=1), 1)
    return np.column_stack([macro, f1])


def _differences(
    candidate: NDArray[np.float64], active: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the differences in F1 over draws of groups, shape `(n_draws, 1 + n_labels)`."""
    random, n = np.random.default_rng(0), len(candidate)
    parts = []
    for _ in range(_DRAWS // _CHUNK):
        draws = random.multinomial(n, np.full(n, 1 / n), size=_CHUNK).astype(np.float64)
        parts.append(_f1(draws @ candidate) - _f1(draws @ active))
    return np.vstack(parts)


def _name(comparison: Comparison) -> str:
    return MACRO if comparison.measure == MACRO else f"F1 {comparison.measure}"


def _told(comparison: Comparison) -> str:
    low, high = comparison.interval
    return (
        f"{_name(comparison)} {comparison.difference:+.3f} ({low:+.3f} to {high:+.3f})"
        f" on {comparison.on} statements"
    )


def _row(comparison: Comparison) -> str:
    low, high = comparison.interval
    mark = "  worse" if comparison.worse else ""
    return (
        f"  {_name(comparison):<24}{comparison.candidate:>7.3f}{comparison.active:>8.3f}"
        f"{comparison.difference:>+8.3f}  {low:+.3f} to {high:+.3f}{mark}"
    )
