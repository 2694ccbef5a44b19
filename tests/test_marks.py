"""Quotation marks, paired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.marks import quotations

PASSAGES = [
    pytest.param('He said "so be it" twice.', ["so be it"], id="straight"),
    pytest.param("He said “so be it,” twice.", ["so be it,"], id="curly"),
    pytest.param("He said ''so be it'' twice.", ["so be it"], id="two-apostrophes"),
    pytest.param("He said ``so be it'' twice.", ["so be it"], id="backquotes"),
    pytest.param("Il dit « soit » deux fois.", ["soit"], id="guillemets"),
    pytest.param("Er sagte „so sei es“ zweimal.", ["so sei es"], id="german"),
    pytest.param("‘We won’t go,’ he said.", ["We won’t go,"], id="single-with-apostrophe"),
    pytest.param("It's 'victory' or nothing, they're told.", ["victory"], id="straight-single"),
    pytest.param("“She said ‘no’ twice,” he said.", ["She said ‘no’ twice,"], id="nested"),
    pytest.param("‘She said “no” twice,’ he said.", ["She said “no” twice,"], id="nested-british"),
    pytest.param('He said "a “b” c" there.', ["a “b” c"], id="curly-in-straight"),
    pytest.param('"One," he said. "Two."', ["One,", "Two."], id="resumed"),
    pytest.param("The soldiers' boots weren't Korea's.", [], id="apostrophes-only"),
    pytest.param("Rock 'n' roll in the '90s.", [], id="elisions"),
    pytest.param('A 5" gun.', [], id="inches"),
]


@pytest.mark.parametrize(("text", "wanted"), PASSAGES)
def test_quotations(text: str, wanted: list[str]) -> None:
    """Marks of every kind are paired; apostrophes are no marks."""
    assert [text[q.inner.start : q.inner.end] for q in quotations(text)] == wanted


def test_unclosed_mark_costs_its_own_paragraph_only() -> None:
    """A mark without its partner ends with the paragraph and leaves the next one whole."""
    text = '"This one never ends.\nHe left.\n"This one does," he said.'
    first, second = quotations(text)
    assert not first.closed
    assert text[first.start : first.end] == '"This one never ends.'
    assert text[second.inner.start : second.inner.end] == "This one does,"


def test_quotation_over_paragraphs_runs_on() -> None:
    """A paragraph that opens with a mark again goes on with the one before."""
    first, second = quotations("“One thing.\n“And another,” he said.")
    assert first.runs_on
    assert not second.runs_on


@given(st.text(alphabet="ab .,\n\"'“”‘’«»`", max_size=80))
def test_spans_are_exact_and_apart(text: str) -> None:
    """Whatever the marks, passages lie in the text, in order, without overlap."""
    position = 0
    for quotation in quotations(text):
        assert position <= quotation.start <= quotation.inner.start
        assert quotation.inner.start <= quotation.inner.end <= quotation.end <= len(text)
        assert "\n" not in text[quotation.start : quotation.end]
        position = quotation.end
