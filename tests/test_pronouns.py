"""Whom a pronoun stands for."""

import pytest

from stance.attribution import extract
from stance.records import Article

PRONOUNS = [
    pytest.param(
        "A Maltese official said that no ship came. He said that it was late.",
        "a Maltese official",
        id="unnamed",
    ),
    pytest.param(
        "A Maltese official said that no ship came. Tom Poe left. He said that it was late.",
        "Tom Poe",
        id="named-since",
    ),
    pytest.param(
        "Tom Poe and Mary Roux met. She said that it was late.", "Mary Roux", id="first-name"
    ),
    pytest.param("The Grain Board met. It said that it was late.", "the Grain Board", id="it"),
    pytest.param("By Lea Roux\nI said that it was late.", "Lea Roux", id="author"),
    pytest.param("She said that it was late.", None, id="nobody"),
    pytest.param("Tom Poe left. She said that it was late.", None, id="no-woman"),
]


@pytest.mark.parametrize(("text", "speaker"), PRONOUNS)
def test_pronoun(text: str, speaker: str | None) -> None:
    """A pronoun stands for whom it fits, and for nobody where nobody fits."""
    source = extract(Article("a", text))[-1].source
    assert source is not None
    assert source.speaker == speaker
