"""The gate, on predictions made by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from stance.gate import Contender, compare
from stance.records import LABELS, Annotation, Stance

RANDOM = np.random.default_rng(0)


def statements(number: int, name: str = "s", *, per_group: int = 1) -> list[Annotation]:
    """Return statements of all labels in turn, some to a group."""
    return [
        Annotation(
            text=f"{name} {n}", stance=Stance(LABELS[n % 4]), group=f"{name}{n // per_group}"
        )
        for n in range(number)
    ]


def truth(annotations: Sequence[Annotation]) -> NDArray[np.intp]:
    """Return the columns of the labels that were told."""
    return np.array([LABELS.index(str(a.stance)) for a in annotations], dtype=np.intp)


def right(share: float, annotations: Sequence[Annotation]) -> NDArray[np.intp]:
    """Return predictions of which a share is right, the others the next label."""
    told = truth(annotations)
    return np.where(RANDOM.random(len(told)) < share, told, (told + 1) % 4)


def contender(
    annotations: Sequence[Annotation], predicted: NDArray[np.intp], direct: float = 1.0
) -> Contender:
    """Return a model of whose direct predictions a share is right."""
    return Contender(annotations, predicted, lambda others: right(direct, others))


def test_the_same_predictions_pass_with_no_difference() -> None:
    """Two equal models differ by exactly nothing."""
    known = statements(400)
    same = right(0.8, known)
    verdict = compare(contender(known, same), contender(known, same), against="v")
    assert verdict.passed
    assert [(c.difference, c.interval) for c in verdict.comparisons] == [(0.0, (0.0, 0.0))] * 5
    assert verdict.against == "v"


@pytest.mark.parametrize(
    ("before", "after", "passes"),
    [(0.8, 0.8, True), (0.8, 0.9, True), (0.8, 0.65, False), (0.8, 0.79, True)],
    ids=["noise", "better", "worse", "worse within the noise"],
)
def test_a_difference_counts_beyond_the_noise(before: float, after: float, passes: bool) -> None:
    """A clear loss fails, a gain and noise pass."""
    known = statements(800)
    candidate, active = (
        contender(known, right(after, known)),
        contender(known, right(before, known)),
    )
    verdict = compare(candidate, active, against="v")
    assert verdict.passed is passes
    macro = verdict.comparisons[0]
    assert macro.interval[0] <= macro.difference <= macro.interval[1]


def test_one_label_is_enough_to_fail() -> None:
    """A rare label that is lost is told by name, though the whole hardly moves."""
    known = statements(2000)
    good = right(0.8, known)
    lost = good.copy()
    deny = truth(known) == LABELS.index("deny")
    lost[np.flatnonzero(deny)[:80]] = LABELS.index("evade")
    verdict = compare(contender(known, lost), contender(known, good), against="v")
    assert not verdict.passed
    assert "F1 deny -0." in verdict.reason
    [deny_row] = [line for line in verdict.table().splitlines() if "F1 deny " in line][:1]
    assert deny_row.endswith("worse")


def test_groups_are_drawn_whole() -> None:
    """The same loss is less certain where it sits in a few scenes."""
    widths = []
    for per_group in (1, 20):
        known = statements(1000, per_group=per_group)
        good = truth(known)
        bad = good.copy()
        bad[:60] = (bad[:60] + 1) % 4
        macro = compare(contender(known, bad), contender(known, good), against="v").comparisons[0]
        widths.append(macro.interval[1] - macro.interval[0])
    assert widths[1] > 2 * widths[0]


def test_fresh_statements_are_scored_directly_for_the_active_model() -> None:
    """What only the candidate was trained on is new to the active model."""
    known, fresh = statements(400), statements(200, "f")
    both = [*known, *fresh]
    good = right(0.8, known)
    candidate = contender(both, np.concatenate([good, truth(fresh)]))
    verdict = compare(candidate, contender(known, good, direct=0.5), against="v")
    macro = {c.on: c for c in verdict.comparisons if c.measure == "macro-F1"}
    assert macro["fresh"].statements == 200
    assert macro["fresh"].candidate == 1.0
    assert macro["fresh"].active == pytest.approx(0.5, abs=0.1)


def test_fresh_gains_do_not_pay_for_known_losses() -> None:
    """A model that only suits its fresh labels does not pass."""
    known, fresh = statements(400), statements(400, "f")
    candidate = contender([*known, *fresh], np.concatenate([right(0.6, known), truth(fresh)]))
    verdict = compare(candidate, contender(known, right(0.8, known), direct=0.1), against="v")
    assert not verdict.passed
    assert "on known statements" in verdict.reason


@pytest.mark.parametrize(
    ("number", "shared", "passes"),
    [(200, 0.1, False), (200, 0.5, True), (200, 0.8, True), (99, 0.0, True)],
    ids=["flipped", "hard", "easy", "corrections"],
)
def test_fresh_labels_that_contradict_the_model_are_doubted(
    number: int, shared: float, passes: bool
) -> None:
    """Many labels that a good model does not share want a look, though no score falls."""
    known, fresh = statements(400), statements(number, "f")
    good = right(0.8, known)
    candidate = contender([*known, *fresh], np.concatenate([good, truth(fresh)]))
    verdict = compare(candidate, contender(known, good, direct=shared), against="v")
    assert verdict.passed is passes
    assert ("of the 200 fresh labels: are they right?" in verdict.reason) is not passes


def test_dropped_statements_count_unless_they_may_be_forgotten() -> None:
    """A candidate without half of the data is asked about that half, additions excepted."""
    known = statements(400)
    active = contender(known, truth(known))
    candidate = contender(known[:200], truth(known[:200]), direct=0.3)
    assert not compare(candidate, active, against="v").passed
    words = frozenset((a.text, "", "") for a in known[200:])
    forgetful = Contender(active.annotations, active.out_of_fold, active.predict, words)
    verdict = compare(candidate, forgetful, against="v")
    assert verdict.passed
    assert verdict.comparisons[0].statements == 200


def test_relabelled_statements_speak_for_neither() -> None:
    """Where the two were taught different labels there is no truth to score by."""
    known = statements(200)
    other = [
        *statements(200)[:100],
        *(Annotation(text=a.text, group=a.group, stance=Stance.DENY) for a in known[100:]),
    ]
    verdict = compare(contender(other, truth(other)), contender(known, truth(known)), against="v")
    assert verdict.relabelled == 75
    assert verdict.comparisons[0].statements == 125


def test_few_statements_decide_nothing() -> None:
    """A handful of fresh statements is no evidence, and no verdict."""
    known, fresh = statements(20), statements(3, "f")
    candidate = contender([*known, *fresh], np.concatenate([truth(known), right(0.0, fresh)]))
    verdict = compare(candidate, contender(known, truth(known)), against="v")
    assert verdict.passed
    assert verdict.comparisons == ()
    assert verdict.reason == "too few statements to compare it with the active model"


def test_a_verdict_is_repeatable() -> None:
    """The draws are seeded: the same predictions get the same verdict."""
    known = statements(300)
    one, two = right(0.8, known), right(0.75, known)
    verdicts = [
        compare(contender(known, one), contender(known, two), against="v").as_json()
        for _ in range(2)
    ]
    assert verdicts[0] == verdicts[1]
    assert set(verdicts[0]) == {"passed", "reason", "against", "relabelled", "comparisons"}
