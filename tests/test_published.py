"""Dates: what the article tells, and nothing that it does not."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from stance.published import UNKNOWN, Published, dateline, meta_day, parse_day, published_of


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-10-31", "2024-10-31"),
        ("20241031", "2024-10-31"),
        ("2024-10-31T23:30:00Z", "2024-10-31"),
        ("2024-10-31T23:30:00-05:00", "2024-10-31"),
        ("Thu, 31 Oct 2024 10:00:00 GMT", "2024-10-31"),
        ("October 31, 2024", "2024-10-31"),
        ("31 Oct. 2024", "2024-10-31"),
        ("10/11/2024", None),
        ("October 31", None),
        ("2024-W05", None),
        ("2024-10", None),
        ("2024", None),
        ("2024-02-31", None),
        ("February 31, 2024", None),
        ("yesterday", None),
        ("", None),
        (1730332800, None),
        (None, None),
        ("9" * 5000, None),
    ],
)
def test_parse_day(value: object, day: str | None) -> None:
    """A value is a day only where it can be no other."""
    assert parse_day(value) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("SEOUL, Jan. 9 (XPI) -- The ferry sank.", "--01-09"),
        ("Ferry sinks\n\nPORT ARDEN, Norland, Oct 31, 2024 (ABC) - It sank.", "2024-10-31"),
        ("MOSCOW, October 24. /AGENCY/. The ministry said.", "--10-24"),
        ("LONDON, 31 October 2024 (Agency) — It sank.", "2024-10-31"),
        ("Published: 3 May 2023\nIt sank.", "2023-05-03"),
        ("Posted on May 3, 2023\nIt sank.", "2023-05-03"),
        ("In Seoul, Jan. 9 (a Tuesday) - was cold.", None),
        ("She said on October 31, 2024 that it sank.", None),
        ("The NATO summit of July 9, 2024 - a failure - ended.", None),
        ("SEOUL, Feb. 31 (XPI) -- It sank.", None),
        ("Updated once more\nIt sank.", None),
        ("word\n" * 20 + "SEOUL, Jan. 9 (XPI) -- It sank.", None),
    ],
)
def test_dateline(text: str, day: str | None) -> None:
    """A dateline stands at the head, its place in capitals; a day in the prose is none."""
    assert dateline(text) == (Published(day, "dateline") if day else UNKNOWN)


def test_a_hostile_head_takes_no_time() -> None:
    """A head that begins many datelines and ends none is read in linear time."""
    assert dateline("A" * 3 + ", Oct" * 500_000) == UNKNOWN
    assert dateline("SEOUL, " * 500_000) == UNKNOWN


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta property="article:published_time" content="2024-10-31T08:00:00Z">', "2024-10-31"),
        ('<meta name="date" content="2024-10-31">', "2024-10-31"),
        ('<meta itemprop="datePublished" content="2024-10-31">', "2024-10-31"),
        ('<time itemprop="datePublished" datetime="2024-10-31">x</time>', "2024-10-31"),
        (
            '<script type="application/ld+json">{"@graph": [{"datePublished": "2024-10-31"}]}'
            "</script>",
            "2024-10-31",
        ),
        ('<script type="application/ld+json">[[{"datePublished": 5}, null]</script>', None),
        ('<meta property="article:modified_time" content="2024-10-31">', None),
        ('<meta name="date" content="10/11/2024">', None),
        ('<meta name="date">', None),
    ],
)
def test_meta_day(head: str, day: str | None) -> None:
    """Meta tags, JSON-LD and `time` tell the day of a page; the day of a change is another."""
    page = LexborHTMLParser(f"<html><head>{head}</head><body><p>x</p></body></html>")
    assert meta_day(page).day == day


def test_the_line_comes_before_the_text() -> None:
    """`published` of a JSON line counts before the dateline, which counts where it is nonsense."""
    text = "SEOUL, Jan. 9 (XPI) -- It sank."
    assert published_of("2025-01-10", text) == Published("2025-01-10", "published")
    assert published_of("soon", text) == Published("--01-09", "dateline")
