"""Whom a pronoun stands for: the person, institution or author named before it."""

import dataclasses
import functools
import re
from collections.abc import Mapping, Sequence

from stance.actors import Actor
from stance.affiliations import source_of
from stance.cast import Cast, Resolved
from stance.descriptions import Description, institution_words
from stance.phrases import phrase_after
from stance.places import bare, find_places
from stance.records import Quoted, Source
from stance.text import token_spans, word_list

PRONOUNS: Mapping[str, str] = {
    "he": "m", "his": "m", "she": "f", "her": "f", "it": "n", "its": "n", "they": "p",
    "their": "p", "we": "s", "i": "s", "you": "s", "my": "s", "our": "s",
}  # fmt: skip
_REACH = 4  # sentences back that a pronoun may reach
_UNNAMED = 2  # sentences back that a pronoun may reach for somebody without a name
_WIDE = 40  # named persons looked at before a pronoun
_TOP = 600  # characters at the top of an article in which its byline may stand
_BYLINE = re.compile(r"(?m)^\s{0,3}By (?:[A-Z][\w’'.-]+)(?: [A-Z][\w’'.-]+){1,3}")


def resolve_pronoun(
    cast: Cast, mention: Quoted, kind: str, number: int, earlier: Sequence[Resolved]
) -> Resolved:
    """Return whom a pronoun stands for: who fits it best among those named shortly before."""
    if kind in "mf":
        unnamed = _unnamed_speaker(cast, mention, number, earlier)
        if unnamed is not None:
            source = dataclasses.replace(unnamed.source, mention=mention)
            return dataclasses.replace(unnamed, source=source, sentence=number)
        actor = _antecedent(cast, mention.start, kind, number, earlier)
        if actor is not None:
            return Resolved(source_of(cast, actor, Description(), mention), number, actor)
    if kind in "np":
        before = _last_institution(earlier, number, plural=kind == "p")
        if before is not None:
            source = dataclasses.replace(before.source, mention=mention)
            return dataclasses.replace(before, source=source, sentence=number)
        if kind == "n":
            institution = _institution_before(cast, mention, number)
            if institution is not None:
                return Resolved(institution, number)
    if mention.text == "I" and (author := _BYLINE.search(cast.text[:_TOP])) is not None:
        return Resolved(Source(author.group().strip()[3:], mention=mention), number)
    return Resolved(Source(mention=mention), number, plural=kind == "p")


def _unnamed_speaker(
    cast: Cast, mention: Quoted, number: int, earlier: Sequence[Resolved]
) -> Resolved | None:
    """Return the official without a name who spoke last, where nobody was named since."""
    last = earlier[-1] if earlier else None
    if last is None or not last.person or last.actor is not None or last.source.mention is None:
        return None
    named = cast.last_mentions(mention.start, 1)
    since = bool(named) and named[-1].span.start > last.source.mention.end
    return last if not since and number - last.sentence <= _UNNAMED else None


@functools.cache
def _first_names() -> dict[str, str]:
    """Return the gender of each first name of `lexicon/first_names.txt`."""
    lines = (line.partition(":") for line in word_list("first_names"))
    return {name: gender.strip() for gender, _, names in lines for name in names.split()}


def _gender(actor: Actor) -> str:
    """Return the gender that an actor's titles or first name tell, or none."""
    return actor.gender or _first_names().get(actor.words[0].lower(), "")


def _last_institution(earlier: Sequence[Resolved], number: int, *, plural: bool) -> Resolved | None:
    for before in reversed(earlier[-3:]):
        if before.actor is None and before.plural == plural and number - before.sentence < 3:
            return before if before.source.speaker else None
    return None


def _institution_before(cast: Cast, mention: Quoted, number: int) -> Source | None:
    """Return the state or institution that `it` stands for: named last before, or the subject.

    That of the sentence before is looked at only where it opens that sentence.
    """
    start = cast.sentences[number].start
    text = cast.text[start : mention.start]
    words = [text[left:right] for left, right in token_spans(text)]
    for place in reversed(find_places(words)):
        if not place.local:
            name = " ".join(words[place.first : place.end])
            article = words[place.first - 1].lower() == "the" if place.first else False
            return Source(("the " if article else "") + name, None, place.place, mention)
    if not number or "\n" in cast.text[cast.sentences[number - 1].end : start]:
        return None
    before = cast.sentences[number - 1]
    phrase = phrase_after(before, 0)
    if phrase is None:
        return None
    words = [token.text for token in before.tokens[: phrase.end]]
    places = find_places(words)
    if places or any(bare(word.lower()) in institution_words() for word in words):
        name = cast.text[before.start : before.tokens[phrase.end - 1].end]
        name = name[:1].lower() + name[1:] if name.startswith("The ") else name
        return Source(name, None, places[0].place if places else None, mention)
    return None


def _antecedent(
    cast: Cast, position: int, gender: str, number: int, earlier: Sequence[Resolved]
) -> Actor | None:
    """Return the person that `he` or `she` at a position stands for."""
    speaker = earlier[-1] if earlier else None
    best: tuple[float, int, Actor] | None = None
    for mention in cast.last_mentions(position, _WIDE):
        actor = cast.actor_at[mention.span]
        if number - mention.sentence > _REACH or not _may_be_person(actor):
            continue
        if (_gender(actor) or gender) != gender:
            continue
        weight = -1.5 * (number - mention.sentence) + 1.0 * mention.opens
        weight += 0.5 * bool(actor.titles) + 0.5 * (len(actor.words) > 1)
        weight += 2.5 * (speaker is not None and speaker.actor is actor)
        if best is None or weight >= best[0]:
            best = (weight, mention.span.start, actor)
    if best is not None and best[0] >= -2:
        return best[2]
    return speaker.actor if speaker is not None and number - speaker.sentence <= _REACH else None


def _may_be_person(actor: Actor) -> bool:
    return bool(actor.titles) or len(actor.words) > 1 or len(actor.mentions) > 1
