"""Articles from folders: every format, one at a time, dates with them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from stance.gathering import Dated, files_of, gather
from stance.jsonl import FileFault
from stance.published import Published

PAGE = """<html><head><title>A ferry
 sinks</title><meta name="date" content="2024-10-31"><style>p {}</style></head><body>
<nav><p>Home</p></nav><article><header><h1>Ferry sinks</h1></header>
<p>“It sank,” said <b>Ivan
Petrov</b>.</p><script>alert(1)</script><blockquote><p>Nobody drowned.</p></blockquote>
</article><footer><p>Imprint</p></footer></body></html>"""


def read(*paths: Path) -> tuple[list[Dated], list[str]]:
    """Return the articles of paths and the faults."""
    faults: list[FileFault] = []
    found = list(gather([str(path) for path in paths], on_fault=faults.append))
    return found, [str(fault) for fault in faults]


def test_a_folder_is_read_with_all_that_is_in_it(tmp_path: Path) -> None:
    """Text, HTML and JSON lines are read in order of names; hidden files, links, others are not."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a.txt").write_text("SEOUL, Jan. 9 (XPI) -- It sank.")
    (tmp_path / "b" / "c.html").write_text(PAGE)
    lines = [{"id": "x", "text": "It sank.", "published": "2024-11-01", "title": "T"}, {"text": ""}]
    (tmp_path / "d.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for name in (".hidden.txt", "picture.png"):
        (tmp_path / name).write_text("It sank.")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    found, faults = read(tmp_path)
    assert [(d.article.id, d.title, d.published) for d in found] == [
        ("a", None, Published("--01-09", "dateline")),
        ("c", "A ferry sinks", Published("2024-10-31", "meta")),
        ("x", "T", Published("2024-11-01", "published")),
    ]
    assert found[1].article.text == "Ferry sinks\n“It sank,” said Ivan Petrov.\nNobody drowned."
    assert faults == [f"{tmp_path}/d.jsonl:2: /text: is empty or only white space"]


def test_json_lines_of_another_name(tmp_path: Path) -> None:
    """A named file without a known suffix is JSON lines where it begins so, dates and all."""
    file = tmp_path / "wire"
    file.write_text('{"text": "It sank.", "published": "2024-11-01"}\n')
    [dated] = read(file)[0]
    assert (dated.article.id, dated.published.day) == ("wire-1", "2024-11-01")
    file.write_text("SEOUL, Jan. 9 (XPI) -- It sank.")
    [dated] = read(file)[0]
    assert (dated.article.id, dated.published.day) == ("wire", "--01-09")


def test_ids_that_come_again_get_a_number(tmp_path: Path) -> None:
    """Two articles of one name stay two."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("It sank.")
    assert [dated.article.id for dated in read(tmp_path)[0]] == ["x", "x-2"]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.html", b"<html><body></body></html>", "holds no text"),
        ("a.html", b"\xff\xfe<p>x", "is not UTF-8 text"),
        ("a.jsonl", b'{"text": \n', "is no JSON"),
        ("a.jsonl", b'{"text": "\\ud800"}\n', "lone surrogate"),
        ("a.txt", b"", "is empty"),
        ("a.gif", b"x", "holds no articles"),
    ],
)
def test_faults_are_told(tmp_path: Path, name: str, content: bytes, fault: str) -> None:
    """What is no article is told with its file, and spoils nothing else."""
    (tmp_path / name).write_bytes(content)
    found, faults = read(tmp_path)
    assert not found
    assert [fault in told for told in faults] == [True]


def test_a_long_line_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line beyond the limit is told and not held; the next is read with its own number."""
    monkeypatch.setattr("stance.gathering._LONGEST", 100)
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"text": "x" * 1000}) + '\n{"text": "It sank."}\n{"text": 5}\n')
    found, faults = read(file)
    assert [dated.article.text for dated in found] == ["It sank."]
    assert [fault.split(": ")[0] for fault in faults] == [f"{file}:1", f"{file}:3"]


def test_deep_html_is_read(tmp_path: Path) -> None:
    """A page of 5,000 nested elements is read whole."""
    (tmp_path / "a.html").write_text("<div>" * 5_000 + "<p>It sank.</p>")
    found, faults = read(tmp_path)
    assert ([dated.article.text for dated in found], faults) == (["It sank."], [])


def test_files_are_opened_one_after_the_other(tmp_path: Path) -> None:
    """The next file is not touched before the article of the one before was taken."""
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text("It sank.")
    articles: Iterator[Dated] = gather([str(tmp_path)], on_fault=pytest.fail)
    assert next(articles).article.id == "0"
    (tmp_path / "1.txt").write_text("It floats.")
    assert next(articles).article.text == "It floats."


def test_files_keep_the_order_they_are_named_in() -> None:
    """Named files are taken as they come, standard input too."""
    assert list(files_of(["b.txt", "-", "a.txt"], on_fault=pytest.fail)) == ["b.txt", "-", "a.txt"]
