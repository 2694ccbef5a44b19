"""What holds of every text, how time grows with it, and real articles."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from finding import found
from hypothesis import given
from hypothesis import strategies as st

from stance.quotation import find_statements
from stance.records import Article, Statement

WORDS = st.sampled_from(
    "he Kim said that told reporters the envoy \" “ ” ' ‘ ’ « » , . : ; — ( ) ? \n according to "
    "asked whether denied calling it who and but declined to comment not 10,000 Mr. U.S. ß İ 𝔘 "
    "\u2028 \x85 …".split(" ")
)


@given(st.lists(WORDS, min_size=1, max_size=60).map(" ".join).filter(str.strip))
def test_spans_are_exact(text: str) -> None:
    """Whatever the text, every span says what the record says it is."""
    for statement in found(text):
        assert statement.text == " ".join(text[start:end] for start, end in statement.spans)
        assert statement.text.strip()
        assert statement.context
        if statement.cue is not None:
            assert text[statement.cue.start : statement.cue.end] == statement.cue.text
        if statement.source is not None and statement.source.mention is not None:
            mention = statement.source.mention
            assert text[mention.start : mention.end] == mention.text


@given(st.text(max_size=200).filter(str.strip))
def test_any_text_is_read(text: str) -> None:
    """No text, of whatever characters, is an error."""
    assert all(statement.text.strip() for statement in found(text))


def covered(statement: Statement) -> set[int]:
    """Return the characters of a statement's content."""
    return {place for start, end in statement.spans for place in range(start, end)}


@given(st.lists(WORDS, min_size=1, max_size=60).map(" ".join).filter(str.strip))
def test_order_and_overlaps(text: str) -> None:
    """Statements come in order; two of one source are apart, or one holds the other."""
    statements = found(text)
    assert [one.spans[0] for one in statements] == sorted(one.spans[0] for one in statements)
    for k, one in enumerate(statements):
        assert list(one.spans) == sorted(one.spans)
        for other in statements[k + 1 :]:
            if one.source is None or other.source is None or one.source != other.source:
                continue
            shared = covered(one) & covered(other)
            assert not shared or shared in (covered(one), covered(other))


GROWTH = [
    pytest.param(lambda n: '"' * n, id="marks"),
    pytest.param(lambda n: "“" * n, id="openers"),
    pytest.param(lambda n: '" a ' * n, id="spaced-marks"),
    pytest.param(lambda n: "'a " * n, id="single-marks"),
    pytest.param(lambda n: "he said that " * n, id="one-sentence"),
    pytest.param(lambda n: "said " * n, id="cues-only"),
    pytest.param(lambda n: "a word, " * n, id="commas"),
    pytest.param(lambda n: "(" * n + "a" + ")" * n, id="parentheses"),
    pytest.param(lambda n: "a" + "\n" * n, id="line-ends"),
    pytest.param(lambda n: "a\n" * n, id="lines"),
    pytest.param(lambda n: ". " * n, id="full-stops"),
    pytest.param(lambda n: "Mr. " * n, id="abbreviations"),
    pytest.param(lambda n: "KIM: a b.\n" * n, id="turns"),
    pytest.param(lambda n: "according to " * n, id="according-to"),
    pytest.param(lambda n: '"I do say so now.\n' * n, id="unclosed-paragraphs"),
    pytest.param(lambda n: '"I do say so now." ' * n, id="quotations-alone"),
    pytest.param(lambda n: "Kim was asked about it. " * n, id="questions"),
]


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("build", GROWTH)
def test_time_grows_with_length_only(build: Callable[[int], str]) -> None:
    """Four times the text takes nowhere near sixteen times as long; a busy machine may retry."""

    def seconds(n: int) -> float:
        text = build(n)
        start = time.process_time()
        found(text)
        return time.process_time() - start

    found(build(10))
    assert any(
        min(seconds(4000) for _ in range(2)) < 8 * min(seconds(1000) for _ in range(3)) + 0.02
        for _ in range(3)
    )


LARGE = [
    pytest.param('"' * 100_000, id="100,000-marks"),
    pytest.param("he said that " * 77_000, id="one-sentence-of-a-megabyte"),
    pytest.param("(" * 1000 + "a" + ")" * 1000, id="1,000-parentheses"),
    pytest.param("He left. " * 30_000, id="long-paragraph"),
]


@pytest.mark.parametrize("text", LARGE)
def test_large_texts_are_read(text: str) -> None:
    """No length makes a tokenizer give up, and every span stays exact."""
    for statement in found(text):
        assert statement.text == " ".join(text[start:end] for start, end in statement.spans)


SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_seed_articles_are_full_of_statements(path: Path) -> None:
    """Each of the user's articles yields its statements, with exact spans."""
    text = path.read_text("utf-8")
    statements = find_statements(Article(path.stem, text))
    assert len(statements) >= 10
    for statement in statements:
        assert statement.text == " ".join(text[start:end] for start, end in statement.spans)
