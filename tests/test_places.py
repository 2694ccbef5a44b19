"""Names of states and organisations."""

import pytest

from stance.places import find_places
from stance.text import word_list

NAMES = [
    pytest.param("the North Korean envoy", ["North Korea"], id="adjective"),
    pytest.param("Pyongyang's troops", ["North Korea"], id="capital"),
    pytest.param("the White House and the Kremlin", ["United States", "Russia"], id="residences"),
    pytest.param("British and French ministers", ["United Kingdom", "France"], id="two-sides"),
    pytest.param("South Korea’s Blue House", ["South Korea", "South Korea"], id="curly-apostrophe"),
    pytest.param("the UN Security Council", ["United Nations Security Council"], id="longest"),
    pytest.param("he told us who it was", [], id="words-that-are-names-in-capitals"),
]


@pytest.mark.parametrize(("text", "wanted"), NAMES)
def test_find_places(text: str, wanted: list[str]) -> None:
    """A name of any kind stands for its state in one form."""
    assert [found.place for found in find_places(text.split())] == wanted


def test_every_line_has_a_name() -> None:
    """The table is readable: a canonical name, a colon, other names."""
    for line in word_list("places"):
        place, colon, others = line.partition(":")
        assert place.strip(), line
        assert colon, line
        assert others.strip(), line
