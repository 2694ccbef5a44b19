"""Who may be the source of a statement."""

import pytest

from stance.candidates import candidates
from stance.cast import cast_of
from stance.quotation import find
from stance.records import Article


def features(text: str, number: int = 0) -> dict[str, set[str]]:
    """Return the candidates of a text's statement, with the names of their features."""
    found = find(Article("a", text))
    cast = cast_of(text, [one.mention for one in found if one.mention is not None])
    return {
        text[one.span.start : one.span.end]: set(one.features)
        for one in candidates(cast, found[number], [])
    }


SEEN = [
    pytest.param("Lea Roux said that it was over.", "Lea Roux", "named by the syntax", id="syntax"),
    pytest.param("Lea Roux said that it was over.", "it", "inside what is said", id="inside"),
    pytest.param(
        "“It is over and done with, all of it.” — Lea Roux", "Lea Roux", "signature", id="signed"
    ),
    pytest.param(
        "On the door of Lea Roux:\n“It is over and done with, all of it.”",
        "Lea Roux",
        "before a colon",
        id="colon",
    ),
    pytest.param(
        "Aides in Bonn said that it was over.", "Aides in Bonn", "opens the sentence", id="chain"
    ),
    pytest.param("The Kremlin said it was over.", "The Kremlin", "place", id="place"),
    pytest.param("The ministry said it was over.", "The ministry", "institution", id="institution"),
    pytest.param("An envoy said it was over.", "An envoy", "title", id="title"),
    pytest.param("He said it was over.", "He", "pronoun m", id="pronoun"),
]


@pytest.mark.parametrize(("text", "candidate", "feature"), SEEN)
def test_candidates_and_what_is_seen_of_them(text: str, candidate: str, feature: str) -> None:
    """The noun phrases about a statement are candidates, each with where and what it is."""
    assert feature in features(text)[candidate]


def test_no_credit_is_a_candidate() -> None:
    """Who reported, edited or photographed is no source."""
    text = "“It is over and done with, all of it.”\n(Reporting by Lea Roux; editing by Tom Poe)\n"
    assert not [name for name in features(text) if "Roux" in name or "Poe" in name]


def test_a_bare_name_at_the_end_of_a_longer_phrase_is_none_of_its_own() -> None:
    """`Envoy Lea Roux` is one candidate, not two that share the votes."""
    assert set(features("Envoy Lea Roux said that it was over.")) >= {"Envoy Lea Roux"}
    assert "Lea Roux" not in features("Envoy Lea Roux said that it was over.")


def test_their_number_has_a_bound() -> None:
    """A sentence of very many clauses has no more candidates than one of many."""
    numbers = [
        len(features("Lea said it was over" + ", Tom Poe left, the envoy saw" * times + "."))
        for times in (20, 60)
    ]
    assert numbers[0] == numbers[1]
