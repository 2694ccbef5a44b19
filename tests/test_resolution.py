"""Who a mention is."""

import pytest

from stance.cast import cast_of
from stance.records import Span
from stance.resolution import resolve

MENTIONS = [
    pytest.param("Envoy Kim Min-su left. [Kim] spoke.", "Kim Min-su", None, id="surname"),
    pytest.param("Envoy Kim Min-su left. [The envoy] spoke.", "Kim Min-su", None, id="title"),
    pytest.param(
        "Envoy Kim Min-su left. [The minister] spoke.", "the minister", None, id="other-title"
    ),
    pytest.param("Spokeswoman Anne Roux left. [He] spoke.", None, None, id="gender-does-not-fit"),
    pytest.param("Spokeswoman Anne Roux left. [She] spoke.", "Anne Roux", None, id="gender-fits"),
    pytest.param("[The Kremlin] spoke.", "the Kremlin", "Russia", id="residence"),
    pytest.param("[Vladimir Putin] spoke.", "Vladimir Putin", "Russia", id="well-known"),
    pytest.param(
        "Minsk fell, [the city administration] said.",
        "the city administration",
        None,
        id="no-place",
    ),
    pytest.param("[They] spoke.", None, None, id="nobody-before"),
    pytest.param(
        "The Office of Grain Control (OGC) met. [The OGC] spoke.",
        "Office of Grain Control",
        "Office of Grain Control",
        id="acronym",
    ),
    pytest.param("Envoy Lea Roux left. [MS. ROUX] spoke.", "Lea Roux", None, id="in-capitals"),
    pytest.param(
        "Envoy Lea Roux left. [Q] spoke.", "a reporter", None, id="question-of-a-transcript"
    ),
    pytest.param("By Lea Roux\n[I] spoke.", "Lea Roux", None, id="author-of-the-byline"),
    pytest.param("Envoy Tom Poe met Mary Roux. [She] spoke.", "Mary Roux", None, id="first-name"),
    pytest.param(
        "Malta's envoy to Oslo, Jo Borg, left. [Borg] spoke.", "Jo Borg", "Malta", id="title-before"
    ),
    pytest.param("Sen. Al Poe (R-Ohio) left. [Poe] spoke.", "Al Poe", "United States", id="party"),
    pytest.param(
        "Envoy Lea Roux left. [Lea Roux's office] spoke.", "Lea Roux's office", None, id="owner"
    ),
    pytest.param(
        "Anne Poe, a linguist at the University of Upper Dale, left. [Poe] spoke.",
        "Anne Poe",
        "University of Upper Dale",
        id="employer",
    ),
    pytest.param("Malta said no. [Its envoy, Jo Borg,] spoke.", "Jo Borg", "Malta", id="its-envoy"),
    pytest.param("[The Daily Plough] spoke.", "the Daily Plough", "Daily Plough", id="a-paper"),
]


@pytest.mark.parametrize(("text", "speaker", "side"), MENTIONS)
def test_resolve(text: str, speaker: str | None, side: str | None) -> None:
    """A mention is resolved within its article, and to nobody where nobody fits."""
    start, end = text.index("["), text.index("]") - 1
    plain = text.replace("[", "").replace("]", "")
    span = Span(start, end)
    source = resolve(cast_of(plain, [span]), span, "", []).source
    assert (source.speaker, source.affiliation) == (speaker, side)
    assert source.mention is not None
    assert plain[source.mention.start : source.mention.end] == source.mention.text


def test_local_authority_speaks_for_the_place_it_speaks_of() -> None:
    """The city administration of a named city belongs to that city's state."""
    text = "It hit nine in Kharkiv, the city administration said."
    span = Span(text.index("the city"), text.index(" said"))
    source = resolve(cast_of(text, [span]), span, "It hit nine in Kharkiv", []).source
    assert source.affiliation == "Ukraine"
