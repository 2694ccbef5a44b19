"""The report as one HTML page that needs no host, no script and no other file."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from stance.positions import ActorLine, Quote, Report, Row
from stance.records import Stance
from stance.storage import replacing
from stance.wording import MARKS, MEANINGS, VERBS, day_in_words, story_of

_MOST_DAYS = 31  # columns; above that a column is a month
_MOST_MARKS = 12  # statements of one label in a cell
TOLD_BY = {
    "published": "the JSON line",
    "meta": "the page's metadata",
    "dateline": "the dateline",
    "": "nothing",
}
# Marks that turn the direction of what follows, and controls, are shown, not obeyed.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the matrix: a day, a month (`2024-10`), or None for unknown dates."""

    key: str | None
    heading: str


def clean(text: object) -> str:
    """Return a text in which controls, and marks of direction, are shown by their numbers."""
    return _CONTROL.sub(lambda match: f"[U+{ord(match[0]):04X}]", str(text))


def shown(text: object) -> Markup:
    """Return a text as HTML that cannot reach beyond itself, its direction isolated."""
    return Markup("<bdi>") + escape(clean(text)) + Markup("</bdi>")


def pieces(row: Row) -> Iterator[tuple[str, bool]]:
    """Yield a row's text in pieces; true where the words spoke for the label."""
    place = 0
    for evidence in sorted(row.evidence, key=lambda e: e.start):
        if place <= evidence.start < evidence.end <= len(row.text):
            yield row.text[place : evidence.start], False
            yield row.text[evidence.start : evidence.end], True
            place = evidence.end
    yield row.text[place:], False


def write_report(report: Report, path: Path, *, claim: str, model: str) -> None:
    """Write the page beside its place and rename it; it is made piece by piece."""
    columns = _columns(report)
    quotes = report.quotes
    flagged = sorted(
        (quote for quote in quotes if quote.for_review), key=lambda q: q.first.probability
    )
    values = {
        "report": report,
        "claim": claim,
        "model": model,
        "columns": columns,
        "by_month": any(_is_month(column.key) for column in columns),
        "quotes": len(quotes),
        "kept": sum(len(quote.rows) for quote in quotes),
        "for_review": flagged,
    }
    write_page("report.html", values, path)


def write_page(template: str, values: Mapping[str, Any], path: Path) -> None:
    """Render a template of the package into a file, with the style and what all pages share."""
    css = resources.files("stance").joinpath("templates/page.css").read_text("utf-8")
    style = hashlib.sha256(css.encode()).digest()
    stream = (
        _environment()
        .get_template(template)
        .stream(
            **values,
            css=Markup(css),  # noqa: S704 - a file of this package
            css_hash=base64.b64encode(style).decode(),
        )
    )
    stream.enable_buffering(100)
    with replacing(path) as file:
        for part in stream:
            file.write(part.encode("utf-8", "replace"))


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("stance"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clean": clean,
        "shown": shown,
        "pieces": pieces,
        "day": day_in_words,
        "story": story_of,
        "cell": lambda place: _cell(*place),
    }
    environment.globals |= {
        "marks": MARKS,
        "verbs": VERBS,
        "meanings": MEANINGS,
        "stances": tuple(VERBS),
        "told_by": TOLD_BY,
        "most": _MOST_MARKS,
    }
    return environment


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
