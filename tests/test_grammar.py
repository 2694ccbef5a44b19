"""Sentences with quotations as one token."""

import pytest

from stance.grammar import sentences
from stance.marks import quotations

SPLITS = [
    pytest.param('"Why now?" Kim asked. He left.', 2, id="question-before-its-report"),
    pytest.param("“It is over.” He left.", 2, id="quoted-full-stop"),
    pytest.param('"One. Two. Three," he said.', 1, id="stops-inside-a-quotation"),
    pytest.param("SEOUL, Jan. 9 (XYZ) -- Troops left.", 2, id="dateline"),
    pytest.param("Two men meet [Photo/XYZ]Speaking later, one left.", 2, id="caption"),
    pytest.param("The U.S. envoy met Gov. Lee.", 1, id="abbreviations"),
]


@pytest.mark.parametrize(("text", "count"), SPLITS)
def test_sentences(text: str, count: int) -> None:
    """A sentence ends where it ends for its reader, not at every full stop."""
    assert len(sentences(text, quotations(text))) == count


TAGS = [
    pytest.param("Mr. Kim told the U.N. envoy.", "MMLDML.", id="names-and-titles"),
    pytest.param("He did not say that.", "RXALS.", id="pronoun-and-auxiliary"),
    pytest.param('She called it "a lie" on Monday.', "RLRQIT.", id="quotation-and-day"),
    pytest.param("It’s 10,000 US troops.", "RNML.", id="clitic-number-and-country"),
]


@pytest.mark.parametrize(("text", "tags"), TAGS)
def test_tags(text: str, tags: str) -> None:
    """Every token has one tag, a quotation one for the whole."""
    [sentence] = sentences(text, quotations(text))
    assert sentence.tags == tags


def test_long_sentence_is_read_in_pieces() -> None:
    """A sentence without end does not become one without end of work."""
    pieces = sentences("word " * 1000, [])
    assert max(len(piece.tokens) for piece in pieces) <= 300
    assert sum(len(piece.tokens) for piece in pieces) == 1000
