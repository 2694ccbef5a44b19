"""Reporting nouns, and acts of saying nothing."""

import pytest

from stance.cues import find_cues, marked
from stance.grammar import Sentence, sentences
from stance.nouns import find_noun_reports, find_silences
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


SILENCES = [
    pytest.param("Seoul made no comment on it.", "made no comment on it", id="no-comment"),
    pytest.param("Seoul gave no further details.", "gave no further details", id="no-details"),
    pytest.param("Seoul has remained silent.", "remained silent", id="silent"),
]


@pytest.mark.parametrize(("text", "content"), SILENCES)
def test_silences(text: str, content: str) -> None:
    """Saying nothing is reported by fixed phrases."""
    sentence = parsed(text)
    [report] = find_silences(sentence)
    assert words(sentence, report.content) == content
    assert words(sentence, report.mention) == "Seoul"
