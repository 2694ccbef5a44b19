"""Which question a statement answers."""

import pytest

from stance.attribution import extract
from stance.records import Article

NEAR = [
    pytest.param(
        "Asked whether the port was open, Lea Roux said that it was.",
        "whether the port was open",
        id="asked-in-the-sentence",
    ),
    pytest.param(
        "Lea Roux, when asked whether the port was open, said that it was.",
        "whether the port was open",
        id="asked-between",
    ),
    pytest.param(
        "Lea Roux was asked by a reporter why the port was shut. She said that it was open.",
        "why the port was shut",
        id="asked-before",
    ),
    pytest.param(
        "“Is the port open now, or not?” Tom Poe asked.\nLea Roux said that it was open.",
        "Is the port open now, or not?",
        id="quoted",
    ),
    pytest.param(
        "And is the port open? Lea Roux said that it was shut.",
        "And is the port open?",
        id="narrator",
    ),
    pytest.param(
        "QUESTION (The Plough): You were there. Is it open?\nMS. ROUX: It is shut until May.",
        "You were there. Is it open?",
        id="transcript",
    ),
    pytest.param("Lea Roux said that the port was open.", None, id="none"),
    pytest.param(
        "Lea Roux asked whether the port was open. It was late, and the ships had all gone home "
        "for the winter by then. Tom Poe said that the sea was calm.",
        None,
        id="too-far",
    ),
    pytest.param(
        "Asked about the port, Lea Roux said that it was open. Tom Poe said that the sea was calm.",
        None,
        id="somebody-else-answered",
    ),
]


@pytest.mark.parametrize(("text", "question"), NEAR)
def test_question(text: str, question: str | None) -> None:
    """The last statement of a text has the question that it answers, and no other."""
    assert extract(Article("a", text))[-1].question == question


def test_a_refusal_goes_on() -> None:
    """The question that a source declines to answer is that of the words that follow."""
    text = (
        "Lea Roux declined to say whether the port was open. “It is no business of mine,” she said."
    )
    questions = [statement.question for statement in extract(Article("a", text))]
    assert questions == ["whether the port was open"] * 2


def test_an_answer_goes_on() -> None:
    """What the same source says right behind its answer answers the question too."""
    text = (
        "“Is the port open now, or not?” Tom Poe asked.\n"
        "Lea Roux said that it was open. She added that the sea was calm."
    )
    questions = [statement.question for statement in extract(Article("a", text))]
    assert questions == [None, *["Is the port open now, or not?"] * 2]
