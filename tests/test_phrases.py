"""Noun phrases around a verb."""

import pytest

from stance.grammar import Sentence, sentences
from stance.marks import quotations
from stance.phrases import phrase_after, phrase_before


def parsed(text: str) -> Sentence:
    """Return the only sentence of a text."""
    [sentence] = sentences(text, quotations(text))
    return sentence


BEFORE = [
    pytest.param("The Russian envoy said so", "The Russian envoy", id="plain"),
    pytest.param("Officials in Seoul said so", "Officials in Seoul", id="complement"),
    pytest.param("On Tuesday the Pentagon said so", "the Pentagon", id="behind-a-day"),
    pytest.param("Russia on Thursday said so", "Russia", id="before-a-day"),
    pytest.param("Kim, the envoy, said so", "Kim, the envoy", id="apposition"),
    pytest.param("Kim, speaking in Sochi, said so", "Kim", id="aside"),
    pytest.param("Ms. Poe (D-Ohio) said so", "Ms. Poe", id="parenthesis"),
    pytest.param("South Korea and the U.S. said so", "South Korea and the U.S.", id="joint"),
    pytest.param("When he left, Kim said so", "Kim", id="behind-a-clause"),
]


@pytest.mark.parametrize(("text", "wanted"), BEFORE)
def test_phrase_before(text: str, wanted: str) -> None:
    """The subject is found to the left of its verb, whole and without what is not of it."""
    sentence = parsed(text)
    found = phrase_before(sentence, sentence.words.index("said"))
    assert found is not None
    first, last = sentence.tokens[found.first], sentence.tokens[found.end - 1]
    assert text[first.start : last.end] == wanted


AFTER = [
    pytest.param("said Mary Poe on Monday", "Mary Poe", id="before-a-day"),
    pytest.param(
        "said Mary Poe, the British envoy.", "Mary Poe, the British envoy", id="apposition"
    ),
    pytest.param("said the head of the agency.", "the head of the agency", id="of"),
    pytest.param("said he in Sochi.", "he", id="pronoun"),
]


@pytest.mark.parametrize(("text", "wanted"), AFTER)
def test_phrase_after(text: str, wanted: str) -> None:
    """The subject is found to the right of an inverted verb."""
    sentence = parsed(text)
    found = phrase_after(sentence, 1)
    assert found is not None
    first, last = sentence.tokens[found.first], sentence.tokens[found.end - 1]
    assert text[first.start : last.end] == wanted
