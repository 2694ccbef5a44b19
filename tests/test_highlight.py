"""Statements marked in place, over and across one another."""

import html
import re

import pytest

from service.highlight import Shown, article, safe
from stance.records import Evidence, Prediction, Span, Stance


def shown(
    number: int, text: str, spans: list[tuple[int, int]], evidence: list[tuple[int, int]]
) -> Shown:
    """Return a statement of a text as the page has it."""
    said = " ".join(text[start:end] for start, end in spans)
    prediction = Prediction(
        text=said,
        spans=tuple(Span(*span) for span in spans),
        stance=Stance.DENY,
        probability=0.9,
        probabilities={},
        needs_review=False,
        evidence=tuple(Evidence(said[s:e], s, e, 1.0) for s, e in evidence),
        model="m",
    )
    return Shown(number, prediction, prediction.spans)


def plain(markup: str) -> str:
    """Return the text of marked paragraphs without the notes."""
    markup = re.sub(r"<a class=.*?</a>", "", markup)
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def test_what_turns_text_around_is_shown_by_name() -> None:
    """Overrides, isolates and invisible controls are told, and never in the page as such."""
    text = "safe\u202egnp.exe\u2066 \u200f\x1b[0m\x00"
    told = str(safe(text))
    assert not set(told) & set("\u202e\u2066\u200f\x1b\0")
    for name in ("U+202E", "U+2066", "U+200F", "U+001B", "U+0000"):
        assert f'<span class="control">{name}</span>' in told


@pytest.mark.parametrize(
    ("text", "spans", "evidence"),
    [
        ("abcdefghij", [[(0, 10)], [(2, 5)], [(3, 4)]], [[(0, 9)], [(1, 2)], []]),
        ("abcdefghij", [[(0, 6)], [(4, 10)]], [[(2, 6)], [(0, 3)]]),
        ("abcdefghij", [[(0, 2), (6, 8)], [(1, 7)]], [[(1, 4)], []]),
        ("ab\ncd\n\nef", [[(0, 9)]], [[(0, 9)]]),
        ("ab\ncd\nef", [[(0, 3)], [(3, 8)]], [[], []]),
        ("a<b>&\"'", [[(0, 7)]], [[(1, 4)]]),
        ("abc", [[(0, 3)], [(0, 3)], [(0, 3)]], [[(0, 3)], [], []]),
    ],
    ids=["nested", "across", "in pieces", "paragraphs", "line ends", "markup", "the same"],
)
def test_statements_over_one_another(
    text: str, spans: list[list[tuple[int, int]]], evidence: list[list[tuple[int, int]]]
) -> None:
    """No character is lost or doubled, elements are well nested, every statement is noted once."""
    every = [shown(n, text, s, e) for n, (s, e) in enumerate(zip(spans, evidence, strict=True), 1)]
    markup = str(article(text, every))
    assert re.sub(r"\s", "", plain(markup)) == re.sub(r"\s", "", text)
    for one in every:
        assert markup.count(f'id="at-{one.number}"') == 1
        pieces = re.findall(r'<mark class="[^"]*" data-of="([^"]*)">(.*?)</mark>', markup, re.S)
        said = "".join(plain(p) for of, p in pieces if str(one.number) in of.split())
        assert re.sub(r"\s", "", said) == re.sub(r"\s", "", one.prediction.text)
    open_: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)", markup):
        if not closing:
            open_.append(name)
        else:
            assert open_.pop() == name
    assert open_ == []
