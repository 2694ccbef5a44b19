"""The lexicon of reporting verbs."""

import pytest

from stance.text import word_list
from stance.verbs import quoting_forms, verbs

FRAMES = {"clause", "that", "wh", "to", "obj", "as", "quote", "person", "call"}
FRAMES |= {
    "by",
    "of",
    "about",
    "on",
    "for",
    "against",
    "with",
    "at",
    "from",
    "over",
    "in",
    "number",
}


def test_every_line_is_complete() -> None:
    """A verb has its forms, a class, and frames that the rules know."""
    readings = [verb for found in verbs().values() for verb, _ in found]
    assert len(readings) > 1000
    assert {frame for verb in readings for frame in verb.frames} <= FRAMES
    assert all(verb.group and verb.frames for verb in readings)


def test_no_verb_stands_twice() -> None:
    """A verb and its particle have one line."""
    heads = [tuple(line.split("|")[:2]) for line in word_list("cues")]
    assert len(heads) == len(set(heads))


@pytest.mark.parametrize("form", ["said", "says", "told", "replied", "insisted"])
def test_quoting_forms(form: str) -> None:
    """The commonest verbs beside a quotation are known as such."""
    assert form in quoting_forms()
