"""Articles from files of several formats."""

from pathlib import Path

import pytest

from stance.articles import read_articles
from stance.jsonl import FileFault
from stance.records import Article


def read(path: Path) -> tuple[list[Article], list[str]]:
    """Return the articles of a file and its faults."""
    faults: list[FileFault] = []
    return list(read_articles(str(path), on_fault=faults.append)), [str(f) for f in faults]


@pytest.mark.parametrize(
    ("name", "content", "articles"),
    [
        ("a.txt", "One.\r\nTwo.", [Article("a", "One.\r\nTwo.")]),
        ("b.txt", '{"text": "x"}', [Article("b", '{"text": "x"}')]),
        ("c.jsonl", '{"id": "i", "text": "x", "url": "u"}', [Article("i", "x")]),
        ("d.jsonl", '{"text": "x"}\n{"text": "y"}', [Article("d-1", "x"), Article("d-2", "y")]),
        ("e", '{"text": "x"}', [Article("e-1", "x")]),
        ("f", "plain", [Article("f", "plain")]),
    ],
)
def test_formats(tmp_path: Path, name: str, content: str, articles: list[Article]) -> None:
    """Plain text keeps its line ends; JSON lines may leave out the id."""
    (tmp_path / name).write_text(content, "utf-8", newline="")
    assert read(tmp_path / name) == (articles, [])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"\xff\xfe\x00", "not UTF-8"),
        ("b.txt", b"a\0b", "NUL"),
        ("c.txt", b"", "is empty"),
        ("d.jsonl", b'{"id": "x"}', "d.jsonl:1: /text: is required"),
        ("e.jsonl", b'{"text": 1}', "e.jsonl:1: /text: Input should be a valid string"),
    ],
)
def test_faults(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """What is no article is told, not raised."""
    (tmp_path / name).write_bytes(content)
    articles, faults = read(tmp_path / name)
    assert articles == []
    assert len(faults) == 1
    assert message in faults[0]
