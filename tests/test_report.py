"""The page and the tables: whole, alone, and safe whatever the articles hold."""

import csv
import html
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from test_positions import C, D, E, report_of, said

from stance.cli import main
from stance.extras import MissingExtraError, need
from stance.pages import clean
from stance.positions import Report
from stance.records import Prediction
from stance.report import write_report
from stance.tables import COLUMNS, defused, lines_of, write_csv, write_parquet

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>\u202e{{ 7*7 }}'


class Reader(HTMLParser):
    """Collects the elements of a page, and what leads out of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.leading_out: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append(tag)
        told = dict(attrs)
        self.ids += [str(told["id"])] if "id" in told else []
        for name in ("href", "src", "action", "data", "style"):
            value = str(told.get(name, "#"))
            (self.links if value.startswith("#") else self.leading_out).append(value)
        assert not [name for name in told if name.startswith("on")]


def page_of(report: Report, folder: Path, claim: str = "The claim") -> str:
    """Return the page of a report."""
    write_report(report, folder / "report.html", claim=claim, model="m1")
    return (folder / "report.html").read_text("utf-8")


def test_the_page_stands_alone(tmp_path: Path) -> None:
    """Nothing is fetched or run; each link leads to a place that is there, each id is one."""
    page = page_of(
        report_of(
            ("2024-10-24", [said(D, "d"), said(C, "x", None)]),
            ("2024-10-31", [said(E, "e", review=True), said(E, "f", "Anna Berg")]),
        ),
        tmp_path,
    )
    reader = Reader(page)
    assert not {"script", "link", "iframe", "object", "form", "base"} & set(reader.tags)
    assert not reader.leading_out
    assert len(reader.ids) == len(set(reader.ids))
    assert {link[1:] for link in reader.links if link != "#"} <= set(reader.ids)
    assert "default-src 'none'" in page
    assert "denied 24 October, evaded 31 October 2024 (for review)" in page
    assert "http" not in page.replace("http-equiv", "")


def test_hostile_text_is_text(tmp_path: Path) -> None:
    """Markup, templates and marks of direction in articles, names and claims are only shown."""
    evil: Prediction = said(D, HOSTILE, HOSTILE, HOSTILE)
    page = page_of(report_of((None, [evil, said(C, HOSTILE, None)])), tmp_path, HOSTILE)
    reader = Reader(page)
    assert not {"script", "img"} & set(reader.tags)
    assert "\u202e" not in page
    assert page.count("[U+202E]") >= 5
    assert html.escape(clean(HOSTILE)).replace("&quot;", "&#34;") in page
    assert "49" not in re.sub(r"sha256-\S+|<style>.*?</style>", "", page, flags=re.S)


def test_the_style_is_the_one_that_is_allowed(tmp_path: Path) -> None:
    """The hash of the policy is that of the style."""
    import base64
    import hashlib

    page = page_of(report_of((None, [said(C)])), tmp_path)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.S)
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{html.escape(hashed)}'" in page or f"'sha256-{hashed}'" in page


def test_many_days_are_months(tmp_path: Path) -> None:
    """Above 31 days a column is a month; the words still tell the days."""
    days = [f"2024-{month:02d}-{day:02d}" for month in (1, 2) for day in range(1, 21)]
    report = report_of(*((day, [said(D, f"words of {day}")]) for day in days))
    page = page_of(report, tmp_path)
    [head] = re.findall(r'<table class="matrix">\s*<thead>(.*?)</thead>', page, re.S)
    assert re.findall(r'<th scope="col">(.*?)</th>', head) == [
        "actor",
        "January 2024",
        "February 2024",
    ]
    assert "denied 1 January to 20 February 2024" in page
    assert "and 8 more" in page


def test_an_empty_report(tmp_path: Path) -> None:
    """Articles without a statement make a page that says so."""
    assert "None: no actor" in page_of(report_of((None, [])), tmp_path)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("1=1", "1=1"),
        ("said", "said"),
        (0.5, 0.5),
        (-1, -1),
        (None, None),
    ],
)
def test_defused(value: object, cell: object) -> None:
    """No text is a formula to a spreadsheet; numbers stay numbers."""
    assert defused(value) == cell


def test_csv(tmp_path: Path) -> None:
    """Every report of a statement is a line; formulas in any column are defused."""
    report = report_of(
        ("2024-10-24", [said(D, '=HYPERLINK("x")', "@Petrov", "+Norland")]),
        (None, [said(C, "a,b")]),
    )
    write_csv(report, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
        first, second = sorted(csv.DictReader(file), key=lambda line: line["date"])
    assert list(first) == list(COLUMNS)
    assert first["text"] == '\'=HYPERLINK("x")'
    assert (first["actor"], first["affiliation"]) == ("'@Petrov", "'+Norland")
    assert (second["text"], second["date"], second["repeats"]) == ("a,b", "unknown", "1")


def test_parquet(tmp_path: Path) -> None:
    """Parquet holds the same lines with their types, texts as they are."""
    parquet = need("pyarrow.parquet", "parquet")
    report = report_of(("2024-10-24", [said(D, "=1"), said(C, "x", None)]))
    write_parquet(report, tmp_path / "t.parquet")
    assert parquet.read_table(tmp_path / "t.parquet").to_pylist() == list(lines_of(report))


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library the error names the extra to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'stance\[parquet\]'"):
        need("pyarrow", "parquet")


def test_pictures(tmp_path: Path) -> None:
    """Pictures are PNG files; names are no mathematics, and rows beyond 30 a second picture."""
    from stance.pictures import draw_report

    names = [f"Actor{chr(65 + n // 6)}{chr(97 + n % 6)} $x_{n}^$ 金" for n in range(31)]
    report = report_of(("2024-10-24", [said(D, f"w{n}", name) for n, name in enumerate(names)]))
    drawn = draw_report(report, tmp_path / "pictures")
    assert [path.name for path in drawn] == ["matrix-1.png", "matrix-2.png", "sides.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)


def lines(day: str | None, text: str) -> str:
    """Return an article as a JSON line."""
    value: dict[str, Any] = {"text": text} | ({"published": day} if day else {})
    return json.dumps(value) + "\n"


def test_the_command(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder becomes a page with the changes in words, a CSV, and one line of JSON."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.jsonl").write_text(
        lines(
            "2024-10-24",
            "“There are no North Korean soldiers in Russia. These reports are lies,”"
            " Russian deputy minister Andrei Maslov said.",
        )
        + lines(
            "2025-04-28",
            "“North Korean soldiers fought bravely with our troops in the Kursk region,”"
            " Russian deputy minister Andrey Maslov said.",
        )
    )
    out, table = tmp_path / "r.html", tmp_path / "r.csv"
    assert main(["report", str(folder), "-o", str(out), "--csv", str(table)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["articles"], told["changes"], told["csv"]) == (2, 1, str(table))
    page = out.read_text("utf-8")
    assert "denied 24 October 2024, confirmed 28 April 2025" in re.sub(r" \(for review\)", "", page)
    assert "spelling: one letter apart, both Russia" in page
    apart = tmp_path / "apart.txt"
    apart.write_text("Andrei Maslov = Andrey Maslov\n")
    assert main(["report", str(folder), "-o", str(out), "--apart", str(apart)]) == 0
    assert json.loads(capsys.readouterr().out)["changes"] == 0


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--apart", "none.txt"], "none.txt: cannot be read"),
        (["-o", "nowhere/r.html"], "nowhere"),
    ],
)
def test_errors_are_one_line(
    models: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    extra: list[str],
    message: str,
) -> None:
    """What cannot be read or written ends in one line and status 1."""
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("It sank.")
    assert main(["report", "a.txt", "-o", "r.html", *extra]) == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(errors) == 1
    assert message in errors[0]
