"""Sentences, tokens and paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.text import paragraph_spans, sentence_spans, token_spans, word_list


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He came. He left.", ["He came.", "He left."]),
        ("Gen. Kim told Mr. Wood so.", ["Gen. Kim told Mr. Wood so."]),
        ('the U.N. Charter." He left.', ['the U.N. Charter."', "He left."]),
        ("At the U.N.\nKim spoke.", ["At the U.N.", "Kim spoke."]),
        ("He said no. Then he left.", ["He said no.", "Then he left."]),
        ("  \n \n", []),
        ("no stop", ["no stop"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    """Sentences end at stops and line ends, not after abbreviations."""
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Zelensky's U.S. aid, 12,000.", ["Zelensky's", "U.S.", "aid", ",", "12,000", "."]),
        ("Kim Jong-un “said”", ["Kim", "Jong-un", "“", "said", "”"]),
        ("", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    """Words keep inner apostrophes, hyphens and stops; marks stand alone."""
    assert [text[start:end] for start, end in token_spans(text)] == tokens


def test_word_list_leaves_out_comments() -> None:
    """A word list holds its entries only."""
    entries = word_list("abbreviations")
    assert "u.s" in entries
    assert not any("#" in entry or not entry for entry in entries)


@given(st.text())
def test_spans_are_ordered_and_cover_all_that_is_not_blank(text: str) -> None:
    """Paragraphs, sentences and tokens are exact, in order, and lose no visible character."""
    for spans in (list(paragraph_spans(text)), sentence_spans(text), token_spans(text)):
        end_before = 0
        for start, end in spans:
            assert end_before <= start < end <= len(text)
            assert text[start:end].strip()
            end_before = end
    for spans in (list(paragraph_spans(text)), sentence_spans(text)):
        covered = "".join(text[start:end] for start, end in spans)
        assert "".join(covered.split()) == "".join(text.split())
