"""Statements put together by actor and day, and what is told of them in words."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from stance.aliases import read_aliases
from stance.gathering import Dated
from stance.positions import ActorLine, Report, build, collect
from stance.published import UNKNOWN, Published
from stance.records import Article, Prediction, Source, Stance
from stance.wording import day_in_words, story_of

C, D, E, U = Stance.CONFIRM, Stance.DENY, Stance.EVADE, Stance.UNRELATED


def said(
    stance: Stance,
    text: str = "words",
    speaker: str | None = "Ivan Petrov",
    side: str | None = "Norland",
    *,
    review: bool = False,
) -> Prediction:
    """Return a labelled statement."""
    return Prediction(
        text=text,
        source=Source(speaker, None, side) if speaker else None,
        stance=stance,
        probability=0.9,
        probabilities={},
        needs_review=review,
        evidence=(),
        model="m",
    )


def report_of(*articles: tuple[str | None, list[Prediction]]) -> Report:
    """Return the report over articles, each with its day and its statements."""
    dated = [
        Dated(Article(f"a{n}", "x"), Published(day, "published") if day else UNKNOWN, None, "f")
        for n, (day, _) in enumerate(articles)
    ]
    found = {f"a{n}": predictions for n, (_, predictions) in enumerate(articles)}
    return build(collect(dated, lambda article: found[article.id]), read_aliases())


def line_of(*articles: tuple[str | None, list[Prediction]]) -> ActorLine:
    """Return the only actor of a report."""
    [line] = report_of(*articles).actors
    return line


@pytest.mark.parametrize(
    ("articles", "story", "changed"),
    [
        (
            [
                ("2025-04-28", [said(C, "c")]),
                ("2024-10-24", [said(D, "d")]),
                ("2024-10-31", [said(E, "e")]),
            ],
            "denied 24 October, evaded 31 October 2024, confirmed 28 April 2025",
            True,
        ),
        (
            [("2024-10-24", [said(D, "d")]), ("2024-10-26", [said(D, "e"), said(E, "f")])],
            "denied 24 October to 26 October 2024",
            False,
        ),
        (
            [("2024-10-24", [said(D, "d", review=True)]), ("2024-10-31", [said(C, "e")])],
            "denied 24 October (for review), confirmed 31 October 2024",
            True,
        ),
        (
            [("2024-10-24", [said(D, "d"), said(C, "e")])],
            "both confirmed and denied 24 October 2024",
            False,
        ),
        (
            [("2024-12-31", [said(D, "d")]), ("2025-01-01", [said(D, "e")])],
            "denied 31 December 2024 to 1 January 2025",
            False,
        ),
        (
            [("2024-10-24", [said(D, "d")]), (None, [said(C, "e")])],
            "denied 24 October 2024; confirmed, date unknown",
            False,
        ),
        (
            [("--01-09", [said(D, "d")]), ("2024-10-31", [said(C, "e")])],
            "confirmed 31 October 2024; denied 9 January (year not told)",
            False,
        ),
        ([(None, [said(D, "d"), said(E, "e")])], "denied and evaded, date unknown", False),
    ],
)
def test_positions_in_words(
    articles: list[tuple[str | None, list[Prediction]]], story: str, changed: bool
) -> None:
    """A change is told only between days that are known; what is unknown is told as such."""
    line = line_of(*articles)
    assert (story_of(line), line.changed) == (story, changed)


def test_a_long_story_is_shortened() -> None:
    """Of many changes the first and last are told where there is little room."""
    days = [(f"2024-10-{n:02d}", [said((D, C)[n % 2], f"w{n}")]) for n in range(1, 10)]
    assert story_of(line_of(*days), 4) == (
        "confirmed 1 October, denied 2 October, … 5 more …, denied 8 October,"
        " confirmed 9 October 2024"
    )
    assert story_of(line_of(*days)).count("October") == 9


def test_an_unnamed_source_changes_nothing() -> None:
    """`a diplomat` of two days may be two people, so no change is told."""
    line = line_of(
        ("2024-10-24", [said(D, "d", "a diplomat")]), ("2024-10-31", [said(C, "c", "a diplomat")])
    )
    assert not line.changed
    assert story_of(line) == "denied 24 October 2024; confirmed 31 October 2024"


def test_repeats_are_one_statement_of_the_first_day() -> None:
    """A quote of three articles is one, on the earliest day, with the number and each article."""
    words = "There is not one foreign soldier anywhere in our land"
    report = report_of(
        ("2024-11-02", [said(D, words)]), (None, [said(D, words)]), ("2024-10-31", [said(E, words)])
    )
    assert report.days == ("2024-10-31",)
    [quote] = report.quotes
    assert [row.article for row in quote.rows] == ["a2", "a0", "a1"]
    assert quote.day == "2024-10-31"
    assert quote.labels_differ and quote.for_review


def test_sides_speakers_and_unrelated() -> None:
    """Sides are groups whatever their order; without a speaker is apart, unrelated only counted."""
    report = report_of(
        (
            None,
            [
                said(C, "a", side="Norland and Sudland"),
                said(C, "b", "Anna Berg", "Sudland and Norland"),
                said(D, "c", None),
                said(U, "d", "Nobody Else"),
            ],
        )
    )
    assert [(side, [line.actor.name for line in lines]) for side, lines in report.sides] == [
        ("Norland and Sudland", ["Anna Berg", "Ivan Petrov"])
    ]
    assert [quote.first.text for quote in report.speakerless] == ["c"]
    assert [(line.statements, line.unrelated) for line in report.articles] == [(4, 1)]


def test_numbers_are_those_of_the_page() -> None:
    """Statements are numbered from 1 as they stand, those without a speaker last."""
    report = report_of((None, [said(C, "a"), said(D, "b", None), said(C, "c", "Anna Berg", "S")]))
    assert [quote.number for quote in report.quotes] == [1, 2, 3]
    assert report.quotes[-1].first.speaker is None


def test_no_article_is_held() -> None:
    """Each article is gone before the next but one is made: memory is that of the rows."""
    alive: list[weakref.ref[Article]] = []
    most = 0
    # What is there already need not be looked through again and again.
    gc.collect()
    gc.freeze()

    def articles() -> Iterator[Dated]:
        nonlocal most
        for n in range(50):
            gc.collect()
            most = max(most, sum(ref() is not None for ref in alive))
            article = Held(f"a{n}", "x" * 10_000)
            alive.append(weakref.ref(article))
            yield Dated(article, UNKNOWN, None, "f")

    collected = collect(articles(), lambda article: [said(C, article.id), said(U)])
    gc.unfreeze()
    assert len(collected.rows) == 50
    assert most <= 1


class Held(Article):
    """An article that can be watched."""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2024-10-01", "1 October 2024"),
        ("--02-29", "29 February (year not told)"),
        (None, "date unknown"),
    ],
)
def test_days_in_words(day: str | None, words: str) -> None:
    """Days are written out, so that no reader takes the month for the day."""
    assert day_in_words(day) == words
