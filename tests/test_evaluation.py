"""Scores."""

import numpy as np
import pytest

from stance.evaluation import Bin, krippendorff_alpha, reliability, score, table
from stance.records import LABELS, Stance

GOLD = ["confirm", "confirm", "deny", "evade", "unrelated", "unrelated"]
CALLED = ["confirm", "deny", "deny", "evade", "unrelated", "confirm"]


def sure_of(labels: list[str], surety: float = 0.7) -> np.ndarray:
    """Return probabilities whose likeliest label is the one given."""
    rows = np.full((len(labels), 4), (1 - surety) / 3)
    for row, label in zip(rows, labels, strict=True):
        row[LABELS.index(label)] = surety
    return rows


def test_scores_are_those_of_the_definitions() -> None:
    """Each figure equals the one worked out by hand."""
    scores = score(GOLD, sure_of(CALLED), needs_review=[False, True, False, False, False, True])
    assert scores.accuracy == pytest.approx(4 / 6)
    assert scores.per_label["confirm"].precision == pytest.approx(1 / 2)
    assert scores.per_label["deny"].f1 == pytest.approx(2 / 3)
    assert scores.per_label["unrelated"].recall == pytest.approx(1 / 2)
    assert scores.macro_f1 == pytest.approx((1 / 2 + 2 / 3 + 1 + 2 / 3) / 4)
    assert scores.confusion == ((1, 1, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (1, 0, 0, 1))
    assert scores.calibration_error == pytest.approx(abs(4 / 6 - 0.7))
    assert scores.log_loss == pytest.approx(-(4 * np.log(0.7) + 2 * np.log(0.1)) / 6)
    assert scores.reviewed == pytest.approx(2 / 6)
    assert scores.accuracy_unreviewed == 1.0


def test_macro_f1_leaves_out_labels_that_are_not_there() -> None:
    """A label that no statement has does not count, though it may be predicted."""
    assert score(["deny", "deny"], sure_of(["deny", "evade"])).macro_f1 == pytest.approx(2 / 3)


def test_interval_holds_the_score_and_widens_with_groups() -> None:
    """Statements that belong together tell less than as many that stand alone."""
    gold, called = GOLD * 20, CALLED * 20
    groups = [str(i // 30) for i in range(120)]
    alone = score(gold, sure_of(called))
    half_right = sure_of([*gold[:60], *["evade"] * 60])
    together = score(gold, half_right, groups=groups)
    apart = score(gold, half_right)
    assert alone.interval[0] <= alone.macro_f1 <= alone.interval[1]
    assert together.interval[1] - together.interval[0] > apart.interval[1] - apart.interval[0]


def test_nothing_to_score() -> None:
    """No statements have no score."""
    with pytest.raises(ValueError, match="no statements"):
        score([], np.empty((0, 4)))


def test_alpha() -> None:
    """Two annotators who agree have alpha 1, and the textbook case its figure."""
    stances = [Stance(label) for label in GOLD]
    assert krippendorff_alpha(stances, stances) == 1.0
    # Two of ten units differ: D_o = 0.2, D_e = 10 * 10 / (20 * 19 / 2), alpha = 1 - D_o / D_e.
    first = [Stance.DENY] * 5 + [Stance.EVADE] * 5
    second = [Stance.DENY] * 4 + [Stance.EVADE] * 5 + [Stance.DENY]
    assert krippendorff_alpha(first, second) == pytest.approx(1 - 0.2 / (100 / 190))


def test_table_tells_every_figure() -> None:
    """The table names each label with its figures and the interval."""
    text = table(score(GOLD, sure_of(CALLED)))
    assert "macro-F1     0.708  (95% " in text
    assert "deny           0.500   1.000  0.667     1" in text
    assert "unrelated           1          0          0          1" in text


def test_reliability() -> None:
    """A bin tells how many predictions it holds, how sure they were, how many were right."""
    probabilities = np.array(
        [
            (0.91, 0.03, 0.03, 0.03),
            (0.93, 0.03, 0.02, 0.02),
            (0.1, 0.55, 0.3, 0.05),
            (0.0, 0.0, 0.0, 1.0),
        ]
    )
    first, second = reliability(["confirm", "deny", "deny", "unrelated"], probabilities)
    assert first == Bin(0.5, 0.6, 1, pytest.approx(0.55), 1.0)
    assert second == Bin(0.9, 1.0, 3, pytest.approx((0.91 + 0.93 + 1) / 3), pytest.approx(2 / 3))
    assert second.as_json() == {
        "low": 0.9,
        "high": 1.0,
        "count": 3,
        "probability": 0.9467,
        "right": 0.6667,
    }
