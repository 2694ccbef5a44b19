"""Where a mention begins and ends."""

import pytest

from stance.grammar import sentences
from stance.marks import quotations
from stance.mentions import whole_mention
from stance.records import Span

# The mention that is known stands in brackets, the cue between slashes.
MENTIONS = [
    pytest.param("<Sen. Al Poe> (R-Ohio) /said/ no.", "Sen. Al Poe (R-Ohio)", id="parenthesis"),
    pytest.param(
        "<Lea Roux>, who runs the port, /said/ no.", "Lea Roux, who runs the port", id="relative"
    ),
    pytest.param(
        "So /said/ <Lea Roux>, who runs the port.", "Lea Roux, who runs the port", id="behind"
    ),
    pytest.param("<Lea Roux>, who said no, /left/.", "Lea Roux", id="clause-that-reports"),
    pytest.param("<Its envoy>, Lea Roux, /said/ no.", "Its envoy, Lea Roux", id="name-behind"),
    pytest.param("<Bonn in April> /said/ no.", "Bonn", id="month"),
    pytest.param("<Last week Lea Roux> /said/ no.", "Lea Roux", id="week"),
    pytest.param("Lea and Tom <both> /said/ no.", "Lea and Tom both", id="both"),
    pytest.param("State and <local leaders> /said/ no.", "State and local leaders", id="pair"),
    pytest.param("At <least one envoy> /said/ no.", "At least one envoy", id="at-least"),
    pytest.param("<France unveiled> a /plan/ to go.", "France", id="verb"),
    pytest.param("<British leader Theresa> May /said/ no.", "British leader Theresa May", id="may"),
    pytest.param("<Lea Roux> /said/ no.", "Lea Roux", id="nothing-to-add"),
]


@pytest.mark.parametrize(("marked", "wanted"), MENTIONS)
def test_whole_mention(marked: str, wanted: str) -> None:
    """A mention takes in what belongs to it and leaves out dates and verbs."""
    without_cue = marked.replace("/", "")
    span = Span(without_cue.index("<"), without_cue.index(">") - 1)
    without_span = marked.replace("<", "").replace(">", "")
    cue = Span(without_span.index("/"), without_span.rindex("/") - 1)
    text = without_span.replace("/", "")
    [sentence] = sentences(text, quotations(text))
    found = whole_mention(sentence, span, cue)
    assert text[found.start : found.end] == wanted


def test_a_span_that_is_no_tokens_stays() -> None:
    """What does not begin and end with a word is left as it is."""
    text = "Lea Roux said no."
    [sentence] = sentences(text, quotations(text))
    assert whole_mention(sentence, Span(1, 5), None) == Span(1, 5)
