"""Acts of saying little, and the questions that statements answer."""

import pytest
from finding import found

ACTS = [
    pytest.param("Moscow declined to comment.", "declined to comment", None, id="declined"),
    pytest.param(
        "The Kremlin did not immediately respond to a request.",
        "did not immediately respond to a request",
        None,
        id="did-not-respond",
    ),
    pytest.param("Beijing has not commented.", "has not commented", None, id="no-complement"),
    pytest.param(
        "Seoul made no comment on the video.", "made no comment on the video", None, id="no-comment"
    ),
    pytest.param(
        "Moscow has never conceded that it sent arms.",
        "has never conceded that it sent arms",
        None,
        id="negated-admission",
    ),
    pytest.param(
        "The envoy did not say when they would come.",
        "did not say when they would come",
        None,
        id="did-not-say",
    ),
    pytest.param(
        "Which of them it was, he did not specify.", "did not specify", None, id="silence-behind"
    ),
    pytest.param(
        "Ukraine denies having lost the town.",
        "denies having lost the town",
        None,
        id="denied-gerund",
    ),
    pytest.param("The embassy hung up on a reporter.", "hung up on a reporter", None, id="phrase"),
    pytest.param(
        "He neither confirmed nor denied the reports.",
        "neither confirmed nor denied the reports",
        None,
        id="neither-nor",
    ),
    pytest.param(
        "The envoy brushed off reports that troops had come.",
        "brushed off reports that troops had come",
        None,
        id="brushed-off",
    ),
    pytest.param(
        "Minsk refused to say whether it had sent arms.",
        "refused to say whether it had sent arms",
        "whether it had sent arms",
        id="refused-with-question",
    ),
    pytest.param(
        "The president avoided answering when asked whether arms were sent.",
        "avoided answering when asked whether arms were sent",
        "whether arms were sent",
        id="avoided-with-question",
    ),
]


@pytest.mark.parametrize(("text", "content", "question"), ACTS)
def test_reported_acts(text: str, content: str, question: str | None) -> None:
    """An act of saying little is a statement, its verb phrase the content."""
    [statement] = found(text)
    assert (statement.kind, statement.text) == ("indirect", content)
    assert statement.question == question


def test_question_goes_to_its_answer() -> None:
    """What somebody was asked is the question of what they said, not a statement."""
    [statement] = found("Asked whether arms were sent, the envoy said he had no idea.")
    assert statement.text == "he had no idea"
    assert statement.question == "whether arms were sent"


QUESTIONS = [
    pytest.param(
        "Petrov was asked about the arms. He said he had no idea.",
        [("he had no idea", "the arms")],
        id="next-sentence",
    ),
    pytest.param(
        "Petrov was asked about the arms.\nHe said he had no idea.",
        [("he had no idea", None)],
        id="not-in-the-next-paragraph",
    ),
    pytest.param(
        "The envoy, asked about the file, replied that it was empty.",
        [("it was empty", "the file")],
        id="same-sentence",
    ),
    pytest.param(
        "A clerk, who asked not to be named, said it was empty.",
        [("it was empty", None)],
        id="anonymity-is-no-request",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), QUESTIONS)
def test_question_of_nobody_named(text: str, wanted: list[tuple[str, str | None]]) -> None:
    """What somebody was asked is kept with the answer and makes no statement."""
    assert [(statement.text, statement.question) for statement in found(text)] == wanted
