"""Reporting nouns."""

import pytest

from stance.cues import find_cues, marked
from stance.grammar import Sentence, sentences
from stance.nouns import find_noun_reports
from stance.phrases import Tokens


def parsed(text: str) -> Sentence:
    """Return the only sentence of a text, its cues marked."""
    [sentence] = sentences(text, [])
    return marked(sentence, find_cues(sentence))


def words(sentence: Sentence, tokens: Tokens | None) -> str | None:
    """Return the words of a range of tokens."""
    return tokens and " ".join(token.text for token in sentence.tokens[tokens.first : tokens.end])


NOUNS = [
    pytest.param("Kim's claim that it is over is false.", "Kim's", id="possessive"),
    pytest.param("His public claim that it is over is false.", "His", id="pronoun"),
    pytest.param("Kim repeated the claim that it is over.", "Kim", id="giver"),
    pytest.param("Kim faced the claim that it is over.", None, id="sufferer"),
    pytest.param("The claim that it is over is false.", None, id="nobody"),
]


@pytest.mark.parametrize(("text", "owner"), NOUNS)
def test_noun_reports(text: str, owner: str | None) -> None:
    """A reporting noun has its content, and its owner where the phrase says."""
    sentence = parsed(text)
    [report] = find_noun_reports(sentence)
    assert words(sentence, report.cue) == "claim"
    assert (words(sentence, report.content) or "").startswith("it is over")
    assert words(sentence, report.mention) == owner


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        pytest.param("His demand for peace was heard.", "demand for", id="preposition"),
        pytest.param("His demand that they leave was heard.", "demand", id="clause"),
        pytest.param("His claim in May that they left is false.", "claim", id="aside"),
        pytest.param("His plan to leave was known.", "plan", id="infinitive"),
    ],
)
def test_cue_of_noun(text: str, cue: str) -> None:
    """The preposition behind a reporting noun belongs to its cue."""
    sentence = parsed(text)
    [report] = find_noun_reports(sentence)
    assert words(sentence, report.cue) == cue
