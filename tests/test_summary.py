"""The report in short."""

import pytest
from test_positions import C, D, E, report_of, said

from stance.records import Prediction, Stance
from stance.summary import takers

TABLE = [
    pytest.param(
        [("2024-10-24", [said(D, "a"), said(E, "b")]), (None, [said(E, "c")])],
        {"deny": ["24 October 2024"], "evade": ["date unknown"]},
        id="a-denial-outweighs-evasion-on-its-day",
    ),
    pytest.param(
        [("2024-10-24", [said(D, "a"), said(C, "b")])],
        {"confirm": ["24 October 2024"], "deny": ["24 October 2024"]},
        id="both-sides",
    ),
    pytest.param(
        [(f"2024-10-0{day}", [said(C, f"words {day}")]) for day in (3, 1, 2, 4)]
        + [("--01-09", [said(C, "others")])],
        {"confirm": ["1 October 2024 to 4 October 2024 (on 4 days), 9 January (year not told)"]},
        id="many-days",
    ),
    pytest.param([(None, [said(C, "a", None)])], {}, id="no-speaker"),
]


@pytest.mark.parametrize(("articles", "wanted"), TABLE)
def test_who_took_which_position_when(
    articles: list[tuple[str | None, list[Prediction]]], wanted: dict[str, list[str]]
) -> None:
    """Each label has its actors, each with the days in words."""
    found = {
        str(stance): [one.when for one in ones] for stance, ones in takers(report_of(*articles))
    }  # type: ignore[arg-type]
    assert found == {"confirm": [], "deny": [], "evade": []} | wanted


def test_order_and_review() -> None:
    """Who has a name and says most comes first; whose words are all for review is not sure."""
    many = [said(D, f"words of {n}", "Olga Lind") for n in ("rain", "sea", "snow")]
    doubtful = said(D, "all of it is wrong", "Ivan Petrov", review=True)
    report = report_of((None, [said(D, "nobody is there", "a diplomat"), doubtful, *many]))
    [denied] = [ones for stance, ones in takers(report) if stance is Stance.DENY]
    assert [(one.line.actor.name, one.sure) for one in denied] == [
        ("Olga Lind", True),
        ("Ivan Petrov", False),
        ("a diplomat", True),
    ]
