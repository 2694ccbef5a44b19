"""Short forms of institutions."""

import pytest

from stance.cast import cast_of
from stance.institutions import expanded, kinds_of, named_before


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("The Office of Grain Control (OGC) met.", "OGC", "Office of Grain Control"),
        ("Bonn's Grain Board (GB) met.", "GB", "Grain Board"),
        ("The OGC met.", "OGC", None),
        ("It met (OGC) again.", "OGC", None),
        ("The Grain Board (Bonn) met.", "Bonn", None),
    ],
)
def test_expanded(text: str, word: str, name: str | None) -> None:
    """An acronym stands for the words before it where it is put in brackets."""
    assert expanded(cast_of(text, []), 0, word) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [("ministry", "Grain Ministry"), ("agency", "Coast Guard Service"), ("bank", None)],
)
def test_named_before(head: str, name: str | None) -> None:
    """The last institution of the kind is meant, an agency being a service."""
    cast = cast_of("The Grain Ministry met. A Coast Guard Service boat sank. It said no.", [])
    assert named_before(cast, 2, head) == name


def test_kinds_of() -> None:
    """A head word stands for those of its kind, else for itself."""
    assert "directorate" in kinds_of("agency")
    assert kinds_of("club") == {"club"}
