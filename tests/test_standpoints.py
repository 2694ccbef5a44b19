"""Reports without a verb."""

import pytest

from stance.cues import find_cues, marked
from stance.grammar import Sentence, sentences
from stance.phrases import Tokens
from stance.standpoints import standpoints


def words(sentence: Sentence, tokens: Tokens | None) -> str | None:
    """Return the words of a range of tokens."""
    return tokens and " ".join(token.text for token in sentence.tokens[slice(*tokens)])


STANDPOINTS = [
    pytest.param(
        "According to the port, the ship had left.",
        (["the ship had left"], "According to", "the port"),
        id="according-to",
    ),
    pytest.param(
        "In a Lakeland poll released on Friday, four in ten said they were undecided.",
        (["four in ten said they were undecided"], "In", "a Lakeland poll released on Friday"),
        id="poll",
    ),
    pytest.param(
        "In his view, the ship was lost.",
        (["the ship was lost"], "In his view", "his"),
        id="view-in-front",
    ),
    pytest.param(
        "The ship, in the captain's opinion, was lost.",
        (["The ship", "was lost"], "in the captain's opinion", "the captain's"),
        id="opinion-inserted",
    ),
    pytest.param(
        "The ship was lost, in her judgment.",
        (["The ship was lost"], "in her judgment", "her"),
        id="judgment-behind",
    ),
    pytest.param("In a poll of the crew there was no majority.", None, id="no-comma"),
    pytest.param("In his view of the sea he was alone.", None, id="view-of-the-sea"),
    pytest.param("In May, the ship was lost.", None, id="time"),
]


@pytest.mark.parametrize(("text", "wanted"), STANDPOINTS)
def test_standpoints(text: str, wanted: tuple[list[str], str, str] | None) -> None:
    """A phrase that names a standpoint makes the rest of the sentence a statement."""
    [sentence] = sentences(text, [])
    sentence = marked(sentence, find_cues(sentence))
    made = [
        (
            [words(sentence, piece) for piece in one.pieces],
            words(sentence, one.cue),
            words(sentence, one.mention),
        )
        for one in standpoints(sentence)
    ]
    assert made == ([] if wanted is None else [wanted])
