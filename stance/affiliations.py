"""Whom a source speaks for where the words that name it do not say."""

import functools
import re
from collections.abc import Sequence

from stance.actors import Actor
from stance.cast import Cast
from stance.descriptions import Description, institution_words
from stance.places import bare
from stance.records import Quoted, Source
from stance.text import word_list

# Those who speak for a state, where nothing else is said.
_PUBLIC = frozenset("diplomat minister leader spokesperson lawmaker officer law".split())
_PUBLIC_BODIES = frozenset(
    "ministry army police parliament government cabinet military staff forces administration "
    "assembly prosecutor prosecutors court intelligence navy treasury presidency".split()
)
_PARTY = re.compile(r"\(?\b[RDI]-[A-Z][A-Za-z.]{1,6}")
_AT = re.compile(
    r"\b(?:at|of|for|from|with) (?:the |an? )?"
    r"((?:[A-Z][\w’'&.-]*|of|for|and|the|on)(?: (?:[A-Z][\w’'&.-]*|of|for|and|the|on)){0,8})"
)


def is_public(titles: frozenset[str]) -> bool:
    """Tell whether a person of these titles speaks for a state rather than for a company."""
    return bool(titles & _PUBLIC)


def is_public_body(words: Sequence[str]) -> bool:
    """Tell whether an institution is one that every state has: a ministry, an army."""
    return any(bare(word.lower()) in _PUBLIC_BODIES for word in words)


def party_state(text: str) -> str | None:
    """Return the state of a lawmaker whose party and state stand behind the name: `R-Ohio`."""
    return "United States" if _PARTY.search(text) else None


def organisation(role: str) -> str | None:
    """Return the organisation in a role: `linguist at the University of Helsinki`."""
    for match in _AT.finditer(role):
        name = re.sub(r"(?: (?:of|for|and|the|on))+$", "", match.group(1))
        if any(word.lower() in institution_words() for word in name.split()):
            return name
    return None


@functools.cache
def _officeholders() -> dict[str, str]:
    """Return whom well-known names speak for, for articles that do not say."""
    lines = (line.partition(":") for line in word_list("officeholders"))
    return {name.strip(): place.strip() for name, _, place in lines}


def officeholder(name: str) -> str | None:
    """Return whom a person speaks for; a lone surname only where all who bear it agree."""
    if " " in name:
        return _officeholders().get(name)
    places = {
        place for known, place in _officeholders().items() if name in (known.split()[-1], known)
    }
    return places.pop() if len(places) == 1 else None


def source_of(cast: Cast, actor: Actor, description: Description, mention: Quoted) -> Source:
    """Return a person of the article as a source."""
    affiliation = actor.affiliation or description.affiliation or officeholder(actor.name)
    affiliation = affiliation or _inferred(cast, actor)
    return Source(actor.name, actor.role or description.role, affiliation, mention)


def _inferred(cast: Cast, actor: Actor) -> str | None:
    """Return whom a person speaks for by their party, their employer, or where they are named."""
    for mention in actor.mentions[:3]:
        state = party_state(cast.text[mention.span.end : mention.span.end + 20])
        if state is not None:
            return state
    return organisation(actor.role) if actor.role and not is_public(actor.titles) else None
