"""Ends of reported clauses and objects."""

import pytest

from stance.clauses import clause_end, object_end
from stance.cues import find_cues, marked
from stance.grammar import Sentence, sentences
from stance.marks import quotations


def parsed(text: str) -> Sentence:
    """Return the only sentence of a text, its cues marked."""
    [sentence] = sentences(text, quotations(text))
    return marked(sentence, find_cues(sentence))


CLAUSES = [
    pytest.param("they had left, adding that it was over", "they had left", id="participle"),
    pytest.param("they had left, but he gave no reason", "they had left", id="contrast"),
    pytest.param("they had left, officials said", "they had left", id="outer-report"),
    pytest.param("they had left and insisted that it was over", "they had left", id="second-cue"),
    pytest.param(
        "they had left, along with others", "they had left , along with others", id="whole"
    ),
]


@pytest.mark.parametrize(("text", "wanted"), CLAUSES)
def test_clause_end(text: str, wanted: str) -> None:
    """A clause ends before the next report, a contrast, and the report around it."""
    sentence = parsed(text)
    end = clause_end(sentence, 0)
    assert " ".join(token.text for token in sentence.tokens[:end]) == wanted


OBJECTS = [
    pytest.param("the plan for peace in Europe", "the plan for peace in Europe", id="complements"),
    pytest.param("the plan after a long night", "the plan", id="time-clause"),
    pytest.param("the plan by leaving early", "the plan", id="by-doing"),
    pytest.param("the plan was a failure", "the plan", id="its-own-verb"),
    pytest.param("the plans, including the map", "the plans , including the map", id="including"),
    pytest.param("the plan as a whole", "the plan as a whole", id="as"),
    pytest.param("the plan during the night", "the plan during the night", id="during"),
    pytest.param("the plan on Monday", "the plan", id="day"),
    pytest.param("the plan, a copy of which was seen", "the plan", id="comma"),
    pytest.param("the plan, the treaty and the law", "the plan", id="list-with-articles"),
]


@pytest.mark.parametrize(("text", "wanted"), OBJECTS)
def test_object_end(text: str, wanted: str) -> None:
    """An object ends with its noun's complements."""
    sentence = parsed(text)
    end = object_end(sentence, 0)
    assert " ".join(token.text for token in sentence.tokens[:end]) == wanted
