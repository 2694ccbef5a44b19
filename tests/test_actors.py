"""The persons of an article."""

from stance.actors import find_actors, find_mentions
from stance.grammar import sentences
from stance.marks import quotations


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


def test_a_title_in_front_of_a_comma_belongs_to_the_name() -> None:
    """`Malta's envoy to Oslo, Jo Borg,` names an envoy of Malta; a list of people none."""
    assert actors("Malta's envoy to Oslo, Jo Borg, left.") == {"Jo Borg": ("Malta", 1)}
    assert actors("Maltese envoys, Jo Borg among them, left.") == {"Jo Borg": (None, 1)}


def test_what_names_nobody() -> None:
    """Months, regions, acronyms and papers are no persons."""
    assert actors("In March the OGC of the Atlantic told the Daily Plough no.") == {}
