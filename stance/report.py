"""The report as one HTML page that needs no host, no script and no other file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.pages import pieces, write_page
from stance.positions import ActorLine, Quote, Report
from stance.records import Stance
from stance.summary import takers
from stance.wording import MARKS, MEANINGS, VERBS, day_in_words, story_of

_MOST_DAYS = 31  # columns; above that a column is a month
_MOST_TAKERS = 12  # actors of one label in the summary
_MOST_MARKS = 12  # statements of one label in a cell
TOLD_BY = {
    "published": "the JSON line",
    "meta": "the page's metadata",
    "dateline": "the dateline",
    "": "nothing",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the matrix: a day, a month (`2024-10`), or None for unknown dates."""

    key: str | None
    heading: str


def write_report(report: Report, path: Path, *, claim: str, model: str) -> None:
    """Write the page beside its place and rename it; it is made piece by piece."""
    columns = _columns(report)
    quotes = report.quotes
    flagged = sorted(
        (quote for quote in quotes if quote.for_review), key=lambda q: q.first.probability
    )
    values: dict[str, Any] = {
        "marks": MARKS,
        "verbs": VERBS,
        "meanings": MEANINGS,
        "stances": tuple(VERBS),
        "told_by": TOLD_BY,
        "most": _MOST_MARKS,
        "report": report,
        "claim": claim,
        "model": model,
        "short": takers(report),
        "shortest": _MOST_TAKERS,
        "columns": columns,
        "by_month": any(_is_month(column.key) for column in columns),
        "quotes": len(quotes),
        "kept": sum(len(quote.rows) for quote in quotes),
        "for_review": flagged,
    }
    filters: dict[str, Callable[..., Any]] = {
        "pieces": lambda row: pieces(row.text, row.evidence),
        "day": day_in_words,
        "story": story_of,
        "cell": lambda place: _cell(*place),
    }
    write_page("report.html", values, path, filters=filters)


def _columns(report: Report) -> list[Column]:
    dated = [day for day in report.days if day and not day.startswith("--")]
    if len(dated) <= _MOST_DAYS:
        return [Column(day, day_in_words(day)) for day in report.days]
    months = dict.fromkeys(day[:7] for day in dated)
    rest = [day for day in report.days if day not in set(dated)]
    return [Column(month, day_in_words(f"{month}-01").split(" ", 1)[1]) for month in months] + [
        Column(day, day_in_words(day)) for day in rest
    ]


def _cell(line: ActorLine, column: Column) -> Iterator[tuple[Stance, list[Quote]]]:
    """Yield the labels that an actor's statements have in a column, with the statements."""
    here = [q for q in line.quotes if _is_in(q.day, column)]
    for stance in VERBS:
        if found := [quote for quote in here if quote.first.stance is stance]:
            yield stance, found


def _is_in(day: str | None, column: Column) -> bool:
    if column.key is None or day is None:
        return column.key is day
    return day == column.key or (_is_month(column.key) and day.startswith(f"{column.key}-"))


def _is_month(key: str | None) -> bool:
    return key is not None and len(key) == 7 and not key.startswith("--")
