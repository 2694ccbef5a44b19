"""The persons of an article."""

import pytest

from stance.actors import describe, find_actors, find_mentions
from stance.grammar import sentences
from stance.marks import quotations

PHRASES = [
    pytest.param(
        "U.S. Deputy Ambassador to the United Nations Mary Poe",
        ("Mary Poe", "Deputy Ambassador to the United Nations", "United States"),
        id="title-with-complement",
    ),
    pytest.param(
        "Kremlin spokesman Ivan Ivanov", ("Ivan Ivanov", "spokesman", "Russia"), id="residence"
    ),
    pytest.param(
        "Lee Min-ho , South Korea's defence minister",
        ("Lee Min-ho", "defence minister", "South Korea"),
        id="apposition",
    ),
    pytest.param(
        "his Japanese counterpart , Taro Abe",
        ("Taro Abe", "counterpart", "Japan"),
        id="name-behind",
    ),
    pytest.param("Choe Son Hui", ("Choe Son Hui", None, None), id="title-word-in-a-name"),
    pytest.param("the Pentagon", ("", None, "United States"), id="institution"),
    pytest.param(
        "Russia's ambassador to Japan",
        ("", "ambassador to Japan", "Russia"),
        id="sent-to-is-no-side",
    ),
]


@pytest.mark.parametrize(("phrase", "wanted"), PHRASES)
def test_describe(phrase: str, wanted: tuple[str, str | None, str | None]) -> None:
    """A noun phrase is read as name, role and side."""
    found = describe(phrase.split())
    assert (" ".join(found.name), found.role, found.affiliation) == wanted


def actors(text: str) -> dict[str, tuple[str | None, int]]:
    """Return the side and the number of mentions of each person of a text."""
    found = find_actors(find_mentions(sentences(text, quotations(text))))
    return {actor.name: (actor.affiliation, len(actor.mentions)) for actor in found}


def test_namesakes_stay_apart() -> None:
    """Two people of one surname are two; a side tells which of them a short form means."""
    text = (
        "North Korean envoy Kim Min-su spoke. South Korean minister Kim Jae-ho spoke. "
        "North Korea's Kim left. South Korea's Kim stayed."
    )
    assert actors(text) == {"Kim Min-su": ("North Korea", 2), "Kim Jae-ho": ("South Korea", 2)}


def test_hyphen_and_capitals_do_not_make_another_person() -> None:
    """Kim Jong-un and Kim Jong Un are one."""
    found = actors("Leader Kim Jong-un spoke. Later Kim Jong Un left.")
    assert [count for name, (_, count) in found.items() if name.startswith("Kim")] == [2]
