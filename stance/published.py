"""When an article appeared, as the article itself tells it; `unknown` otherwise, never guessed."""

import datetime
import email.utils
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month{n}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    rf"(?:{_MONTH.format(n=1)} (?P<day1>\d{{1,2}})(?:, ?(?P<year1>\d{{4}}))?"
    rf"|(?P<day2>\d{{1,2}}) {_MONTH.format(n=2)},?(?: (?P<year2>\d{{4}}))?)"
)
_WRITTEN = re.compile(rf"(?:[a-z]{{3,9}},? )?{_DATE}", re.IGNORECASE)
# SEOUL, Jan. 9 (UPI) -- ...; MOSCOW, October 24. /TASS/. ...: a place in capitals, then the day.
_DATELINE = re.compile(
    rf"(?P<place>[^\d\n()]{{2,60}}), {_DATE}\.?\s?(?:\([^()\n]{{1,40}}\)|/[^/\n]{{1,40}}/\.?)?\s?"
    r"(?:--|[-–—]\s|(?<=/)\s?|(?<=/\.)\s?)",
    re.IGNORECASE,
)
_STAMP = re.compile(rf"(?:first )?(?:published|posted)(?: on)?:? {_DATE}", re.IGNORECASE)
_CAPITALS = re.compile(r"[A-Z]{3}")
_HEAD_LINES, _LONGEST_LINE = 12, 300
_META = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "dcterms.issued",
    "dc.date.issued",
    "dc.date",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "publish-date",
    "pubdate",
    "date",
)


@dataclass(frozen=True, slots=True)
class Published:
    """The day of an article: `2024-10-31`, `--10-31` where no year is told, None where nothing is.

    `told_by` is what tells it: `published`, `meta`, `dateline`, or an empty string.
    """

    day: str | None = None
    told_by: str = ""


UNKNOWN = Published()


def parse_day(value: object) -> str | None:
    """Return the day that a value names beyond doubt (ISO 8601, RFC 5322, month in letters).

    None for all else: `10/11/2024` is another day on the other side of an ocean.
    """
    if not isinstance(value, str) or len(value) > 100:
        return None
    text = " ".join(value.split())
    for read in (_iso_day, _mail_day):
        if (day := read(text)) is not None:
            return day.isoformat() if day.year >= 1000 else None
    written = _WRITTEN.fullmatch(text)
    found = _day_of(written) if written else None
    return found if found and not found.startswith("--") else None


def published_of(value: object, text: str) -> Published:
    """Return the day by the `published` of a JSON line, else by the text's dateline."""
    if (day := parse_day(value)) is not None:
        return Published(day, "published")
    return dateline(text)


def dateline(text: str) -> Published:
    """Return the day by the dateline or the line `Published ...` at the head of a text."""
    lines = (line.strip() for line in text[:6000].splitlines())
    for line in [line for line in lines if line][:_HEAD_LINES]:
        head = line[:_LONGEST_LINE]
        match = _DATELINE.match(head)
        if match is not None and not _CAPITALS.search(match["place"]):
            match = None
        match = match or _STAMP.match(head)
        if match is not None and (day := _day_of(match)) is not None:
            return Published(day, "dateline")
    return UNKNOWN


def meta_day(page: LexborHTMLParser) -> Published:
    """Return the day by the meta tags, the JSON-LD or the `time` element of an HTML page."""
    for value in (*_meta_values(page), *_linked_data(page), *_times(page)):
        if (day := parse_day(value)) is not None:
            return Published(day, "meta")
    return UNKNOWN


def _meta_values(page: LexborHTMLParser) -> Iterator[str | None]:
    told: dict[str, str | None] = {}
    for tag in page.css("meta"):
        names = (tag.attributes.get(key) for key in ("property", "name", "itemprop"))
        for name in filter(None, names):
            told.setdefault(name.strip().lower(), tag.attributes.get("content"))
    yield from (told[name] for name in _META if name in told)


def _linked_data(page: LexborHTMLParser) -> Iterator[Any]:
    for script in page.css('script[type="application/ld+json"]')[:20]:
        try:
            value = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        found = value if isinstance(value, list) else [value]
        for one in found:
            if isinstance(one, dict):
                graph = one.get("@graph")
                parts = graph if isinstance(graph, list) else [one]
                yield from (part.get("datePublished") for part in parts if isinstance(part, dict))


def _times(page: LexborHTMLParser) -> Iterator[str | None]:
    for tag in page.css('time[itemprop="datePublished"], time[pubdate]'):
        yield tag.attributes.get("datetime")


def _iso_day(text: str) -> datetime.date | None:
    # A bare year or week is ISO 8601 too, but names no day.
    if not re.match(r"\d{4}-?\d{2}-?\d{2}(?!\d)", text):
        return None
    try:
        return datetime.datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _mail_day(text: str) -> datetime.date | None:
    # A time of day makes it such a date; without one the parser would fill in what is not there.
    if ":" not in text:
        return None
    try:
        return email.utils.parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        return None


def _day_of(match: re.Match[str]) -> str | None:
    """Return the day of a match of `_DATE`; None for the 31st of February."""
    month = _MONTHS.index((match["month1"] or match["month2"])[:3].lower()) + 1
    day, year = int(match["day1"] or match["day2"]), match["year1"] or match["year2"]
    try:
        # 2024 has a 29th of February.
        told = datetime.date(int(year or 2024), month, day)
    except ValueError:
        return None
    return told.isoformat() if year else f"--{month:02d}-{day:02d}"
