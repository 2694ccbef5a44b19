"""What a noun phrase tells."""

import pytest

from stance.descriptions import describe, title_of

PHRASES = [
    pytest.param(
        "U.S. Deputy Ambassador to the United Nations Mary Poe",
        ("Mary Poe", "Deputy Ambassador to the United Nations", "United States"),
        id="title-with-complement",
    ),
    pytest.param(
        "Kremlin spokesman Ivan Ivanov",
        ("Ivan Ivanov", "Kremlin spokesman", "Russia"),
        id="residence",
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
    pytest.param(
        "Secretary of State Al Poe", ("Al Poe", "Secretary of State", None), id="portfolio"
    ),
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


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("envoy", "diplomat"),
        ("Gov.", "governor"),
        ("son", "relative"),
        ("Son", None),
        ("sea", None),
    ],
)
def test_title_of(word: str, title: str | None) -> None:
    """A title is known by its word; a relative's with a capital is part of a name."""
    assert title_of(word) == title
