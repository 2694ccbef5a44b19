"""Reports in which what is reported comes first."""

import pytest

from stance.cues import find_cues, marked
from stance.grammar import Sentence, sentences
from stance.phrases import Tokens
from stance.raising import raised


def words(sentence: Sentence, tokens: Tokens) -> str:
    """Return the words of a range of tokens."""
    return " ".join(token.text for token in sentence.tokens[slice(*tokens)])


RAISED = [
    pytest.param(
        "The envoy is widely expected to resign.",
        ["The envoy", "to resign", "is widely expected"],
        id="infinitive",
    ),
    pytest.param("The envoy is seen as a rival.", ["The envoy", "a rival", "is seen as"], id="as"),
    pytest.param("The envoy seems to agree.", ["The envoy", "to agree", "seems"], id="appearance"),
    pytest.param(
        "The mill was deemed a danger.", ["The mill", "a danger", "was deemed"], id="noun"
    ),
    pytest.param(
        "The mayor was blamed for the fire.", ["The mayor", "for the fire", "was blamed"], id="for"
    ),
    pytest.param(
        "Mary Poe, who is said to have left, is back.",
        ["who", "to have left", "is said"],
        id="relative",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), RAISED)
def test_raised(text: str, wanted: list[str]) -> None:
    """The subject of such a verb is part of what is said, from nobody in particular."""
    [sentence] = sentences(text, [])
    cues = find_cues(sentence)
    sentence = marked(sentence, cues)
    report = raised(sentence, cues[0])
    assert report is not None and report.cue is not None
    assert [words(sentence, piece) for piece in (*report.pieces, report.cue)] == wanted
    assert report.mention is None


def test_raised_by_somebody() -> None:
    """Who holds the view is the source."""
    [sentence] = sentences("The envoy is expected by the port to resign.", [])
    cues = find_cues(sentence)
    report = raised(marked(sentence, cues), cues[0])
    assert report is not None and report.mention is not None
    assert words(sentence, report.mention) == "the port"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("It is said to be late.", id="expletive"),
        pytest.param("The envoy expected to resign.", id="active"),
        pytest.param("The envoy was told to resign.", id="addressee"),
        pytest.param("They appeared on the stage.", id="to-be-seen"),
    ],
)
def test_not_raised(text: str) -> None:
    """Other subjects are no part of what is said."""
    [sentence] = sentences(text, [])
    cues = find_cues(sentence)
    assert all(raised(marked(sentence, cues), cue) is None for cue in cues)
