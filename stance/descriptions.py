"""What a noun phrase tells of a person or institution: a name, a role, a side."""

import dataclasses
import functools
import itertools
import re
from collections.abc import Sequence

from stance.places import PlaceName, bare, find_places
from stance.text import word_list

PARTICLES = frozenset("de del der van von bin ibn al el la le da dos di du ten ter af y".split())
_MALE = frozenset(
    "mr spokesman chairman congressman businessman king prince sir man lord actor emperor pope "
    "councilman".split()
)
_FEMALE = frozenset(
    "mrs ms miss spokeswoman chairwoman congresswoman businesswoman queen princess woman lady "
    "actress councilwoman".split()
)


@dataclasses.dataclass(frozen=True, slots=True)
class Description:
    """What a noun phrase tells: a name, a role, a side.

    `title` is the class of its head in `lexicon/titles.txt`; `gender` is "m", "f" or "".
    """

    name: tuple[str, ...] = ()
    role: str | None = None
    affiliation: str | None = None
    title: str | None = None
    gender: str = ""
    institution: bool = False
    plural: bool = False


@functools.cache
def title_classes() -> dict[str, str]:
    """Return the class of each head word of `lexicon/titles.txt`, the first that lists it."""
    classes: dict[str, str] = {}
    for line in word_list("titles"):
        name, _, words = line.partition(":")
        for word in words.split():
            classes.setdefault(word, name)
    return classes


def title_of(word: str) -> str | None:
    """Return the class of a title word; a capital letter makes `Son` a name."""
    title = title_classes().get(bare(word).lower().rstrip("."))
    return None if title == "relative" and word[:1].isupper() else title


@functools.cache
def institution_words() -> frozenset[str]:
    """Return the words of `lexicon/institutions.txt`."""
    return frozenset(word_list("institutions"))


def describe(words: Sequence[str]) -> Description:
    """Read a noun phrase: place and title words in front, a name at its end, an apposition."""
    commas = [k for k, word in enumerate(words) if word in (",", "(")]
    main = words[: commas[0]] if commas else words
    description = describe_plain(main)
    if not commas:
        return description
    aside = describe_plain(words[commas[0] + 1 :])
    if not description.name and aside.name and not aside.institution:
        description, aside = dataclasses.replace(description, name=aside.name), description
    return merged(description, aside)


def merged(first: Description, second: Description) -> Description:
    """Return a description with what the second tells and the first does not."""
    return dataclasses.replace(
        first,
        role=first.role or second.role,
        affiliation=first.affiliation or second.affiliation,
        title=first.title or second.title,
        gender=first.gender or second.gender,
    )


def describe_plain(words: Sequence[str]) -> Description:
    """Read a noun phrase without an apposition."""
    places = find_places(words)
    inside = {k for place in places for k in range(place.first, place.end)}
    start = _name_start(words, inside)
    name = tuple(bare(word) for word in words[start:])
    lowered = [word.lower().rstrip(".") for word in words]
    institution = any(bare(word) in institution_words() for word in lowered[start:])
    heads = [k for k in range(start) if title_of(words[k]) and k not in inside]
    first_place = places[0] if places else None
    if not name and first_place is not None and not heads:
        institution = True
    head = _head(words, heads)
    return Description(
        name=name if not institution else (),
        role=_role(words, start, heads, places),
        affiliation=_affiliation(words, places),
        title=title_classes()[bare(lowered[head])] if head is not None else None,
        gender=_gender(lowered),
        institution=institution,
        plural=_plural(lowered, head, places, words),
    )


def _name_start(words: Sequence[str], inside: set[int]) -> int:
    """Return where the name at the end of a phrase begins; its length where there is none."""
    start = len(words)
    while start and start - 1 not in inside:
        word = words[start - 1]
        lowered = word.lower().rstrip(".")
        if title_of(word) is not None:
            break
        if not (word[:1].isupper() or (lowered in PARTICLES and start < len(words))):
            break
        owns = bare(word) != word.replace("’", "'") and start < len(words)
        if owns or lowered in ("the", "a", "an"):
            break
        start -= 1
    while start < len(words) and words[start].islower():
        start += 1
    belongs = start > 1 and words[start - 1] in ("of", "for", "to", "at", "the")
    if belongs and len(words) - start > 2 and words[start] in _PORTFOLIOS:
        return start + 1
    return len(words) if belongs else start


# What a secretary or minister is of, where the name follows at once: `Secretary of State Al Poe`.
_PORTFOLIOS = frozenset(
    "State Defense Defence Commerce Treasury Education Energy Labor Labour Agriculture "
    "Transportation Health War Interior Justice Staff".split()
)


def _head(words: Sequence[str], heads: list[int]) -> int | None:
    """Return the head among the title words: the last before `of`, `to`, `for`."""
    for k in heads:
        following = words[k + 1] if k + 1 < len(words) else ""
        if following in ("of", "to", "for", "at", "in", "on", "with"):
            return k
    return heads[-1] if heads else None


def _role(words: Sequence[str], end: int, heads: list[int], places: list[PlaceName]) -> str | None:
    """Return the title in front of a name or as a description, without the place before it."""
    heads = [k for k in heads if words[k].lower().rstrip(".") not in _FORMS_OF_ADDRESS]
    if not heads:
        return None
    start = 0
    for place in places:
        state = " ".join(bare(word) for word in words[place.first : place.end])
        owns = words[place.end - 1] != bare(words[place.end - 1])
        if state in _kept_in_roles() and not owns:
            continue
        if all(word.lower() in _ARTICLES for word in words[start : place.first]):
            start = place.end
    while start < end and words[start].lower().replace("’", "'") in _ARTICLES:
        start += 1
    return re.sub(r" (?=[.,’'])", "", " ".join(words[start:end])).strip(" ,'’") or None


_ARTICLES = frozenset(
    "a an the his her its their our my another one two some several many country's".split()
)
_FORMS_OF_ADDRESS = frozenset("mr mrs ms miss dr sir lord lady".split())


@functools.cache
def _kept_in_roles() -> frozenset[str]:
    """Return the institutions that are part of a title: `Kremlin spokesman`; no state is."""
    return frozenset(word_list("role_places"))


def _affiliation(words: Sequence[str], places: list[PlaceName]) -> str | None:
    # The place behind `ambassador to` is where they are sent, not whom they speak for.
    places = [place for place in places if not (place.first and _sent_to(words, place.first))]
    if not places:
        return None
    joint = [places[0].place]
    for before, place in itertools.pairwise(places):
        between = " ".join(words[before.end : place.first]).lower()
        if between not in ("and", "and the"):
            break
        joint.append(place.place)
    return " and ".join(dict.fromkeys(joint))


def _sent_to(words: Sequence[str], first: int) -> bool:
    before = [word.lower() for word in words[max(0, first - 2) : first]]
    return before[-1:] == ["to"] or before == ["to", "the"]


def _gender(lowered: Sequence[str]) -> str:
    if any(word in _FEMALE for word in lowered):
        return "f"
    return "m" if any(word in _MALE for word in lowered) else ""


def _plural(
    lowered: Sequence[str], head: int | None, places: list[PlaceName], words: Sequence[str]
) -> bool:
    if head is not None:
        return lowered[head].endswith(("s", "men", "women", "people"))
    return " and " in (_affiliation(words, places) or "")
