"""Whom a source speaks for."""

import pytest

from stance.affiliations import is_public, is_public_body, officeholder, organisation, party_state


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("linguist at the University of Upper Dale", "University of Upper Dale"),
        ("fellow at the Institute for Tides and the Sea", "Institute for Tides and the Sea"),
        ("skipper of the Blue Gull", None),
        ("envoy", None),
    ],
)
def test_organisation(role: str, name: str | None) -> None:
    """An employer is an organisation that the role names."""
    assert organisation(role) == name


@pytest.mark.parametrize(
    ("behind", "state"),
    [
        (" (R-Ohio) said", "United States"),
        (", D-Ill., said", "United States"),
        (" (64) said", None),
    ],
)
def test_party_state(behind: str, state: str | None) -> None:
    """Party and state behind a name tell an American lawmaker."""
    assert party_state(behind) == state


def test_officeholder() -> None:
    """A well-known name speaks for its state; a surname that two sides share for neither."""
    assert officeholder("Dmitry Peskov") == "Russia"
    assert officeholder("Peskov") == "Russia"
    assert officeholder("Kim") is None


def test_public() -> None:
    """Ministers and ministries are public, coaches and clubs are not."""
    assert is_public(frozenset(["minister"]))
    assert not is_public(frozenset(["other"]))
    assert is_public_body(["grain", "ministry"])
    assert not is_public_body(["rowing", "club"])
