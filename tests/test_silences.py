"""Acts of saying nothing."""

import pytest

from stance.cues import find_cues, marked
from stance.grammar import sentences
from stance.silences import find_silences

SILENCES = [
    pytest.param("Seoul made no comment on it.", "made no comment on it", id="no-comment"),
    pytest.param("Seoul gave no further details.", "gave no further details", id="no-details"),
    pytest.param("Seoul has remained silent.", "remained silent", id="silent"),
    pytest.param(
        "Seoul would not be drawn on its plans.", "would not be drawn on its plans", id="negated"
    ),
    pytest.param(
        "Seoul could not immediately be reached.",
        "could not immediately be reached",
        id="adverb-inside",
    ),
    pytest.param("Seoul has said nothing about it.", "said nothing about it", id="said-nothing"),
    pytest.param("Seoul made no progress on it.", None, id="no-answer-at-issue"),
    pytest.param("Seoul hung on.", None, id="half-a-phrase"),
]


@pytest.mark.parametrize(("text", "wanted"), SILENCES)
def test_silences(text: str, wanted: str | None) -> None:
    """Saying nothing is reported by fixed phrases; the whole verb phrase is the content."""
    [sentence] = sentences(text, [])
    sentence = marked(sentence, find_cues(sentence))
    found = [
        (
            " ".join(token.text for token in sentence.tokens[slice(*report.content)]),
            report.mention and sentence.words[slice(*report.mention)],
        )
        for report in find_silences(sentence)
    ]
    assert found == ([] if wanted is None else [(wanted, ("seoul",))])
