"""The sentences and persons of an article."""

from stance.cast import cast_of
from stance.grammar import parse
from stance.records import Span

TEXT = "Envoy Kim Min-su met Tom Poe. Poe left. Kim Jae-ho stayed."


def test_sentence_at() -> None:
    """A character is in the sentence that begins last before it."""
    cast = cast_of(TEXT, [])
    assert [cast.sentence_at(TEXT.index(word)) for word in ("Envoy", "Poe.", "left", "stayed")] == [
        0,
        0,
        1,
        2,
    ]


def test_mentions_before_and_behind() -> None:
    """The named persons are found in order, before and behind a character."""
    cast = cast_of(TEXT, [])
    middle = TEXT.index("left")
    assert [" ".join(one.description.name) for one in cast.last_mentions(middle, 2)] == [
        "Tom Poe",
        "Poe",
    ]
    assert [" ".join(one.description.name) for one in cast.next_mentions(middle, 2)] == [
        "Kim Jae-ho"
    ]


def test_persons_by_their_last_names() -> None:
    """A last name finds its person; a first word only where it is nobody's last."""
    cast = cast_of(TEXT, [])
    assert cast.by_surname["poe"].name == "Tom Poe"
    assert cast.by_surname["kim"].name == "Kim Min-su"


def test_sources_are_the_names_in_mentions() -> None:
    """A name inside a mention that the syntax makes a source is noted."""
    assert cast_of(TEXT, [Span(0, 16)]).sources == {6}


def test_sentences_are_parsed_once() -> None:
    """Sentences that are handed over are those that the cast holds."""
    parsed = parse(TEXT)
    assert cast_of(TEXT, [], parsed).sentences is parsed
    assert cast_of(TEXT, []).sentences == parsed
