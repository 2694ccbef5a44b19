"""Words and what they weigh, as phrases."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.evidence import phrases
from stance.features import word_spans


@pytest.mark.parametrize(
    ("text", "weights", "expected"),
    [
        ("not one soldier came", [2, 1, 1, 0], ["not one soldier"]),
        ("not one of our soldiers came", [2, 0, 0, 0.1, 1, 0], ["not", "soldiers"]),
        ("not one our soldiers came", [2, 0, 0.1, 1, 0], ["not one our soldiers"]),
        ("a lie. They came", [0, 2, 1, 1], ["lie", "They came"]),
        ("they came, not us", [-1, -2, 2, 1], ["not us", "they came"]),
        ("they came late", [-1, -2, 0], ["they came", "late"]),
        ("a b c d e f g h i", [-4, 0, 3, 0, -3, 0, 3, 0, -3], ["a", "c", "e", "g", "i"]),
        ("they came", [0, 0], []),
        ("", [], []),
    ],
)
def test_phrases(text: str, weights: list[float], expected: list[str]) -> None:
    """Neighbours that speak the same way are joined, over few faint words and no full stop."""
    assert [e.text for e in phrases(text, word_spans(text), weights)] == expected


def test_what_speaks_for_the_label_is_never_left_out() -> None:
    """Of many phrases against it, one for it is kept."""
    text = "a. b. c. d. e. f. g. h"
    found = phrases(text, word_spans(text), [-9, -8, -7, -6, -5, -4, -3, 2])
    assert [e.text for e in found] == ["a", "b", "c", "d", "e", "h"]


def test_the_strongest_comes_first() -> None:
    """Phrases come by strength, those against the label among them."""
    found = phrases("yes but no", word_spans("yes but no"), [1.0, 0.0, -3.0])
    assert [(e.text, e.weight) for e in found] == [("no", -3.0), ("yes", 1.0)]


@given(st.text(alphabet="ab .,;’\n"), st.data())
def test_phrases_are_cut_from_the_text(text: str, data: st.DataObject) -> None:
    """Places are exact, in the text, and apart."""
    spans = word_spans(text)
    weight = st.floats(-5, 5)
    weights = data.draw(st.lists(weight, min_size=len(spans), max_size=len(spans)))
    found = phrases(text, spans, weights)
    assert all(text[e.start : e.end] == e.text for e in found)
    places = sorted((e.start, e.end) for e in found)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(places))
