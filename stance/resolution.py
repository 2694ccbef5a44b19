"""Who a mention of a source is: a person of the article, an institution, or what it says."""

import bisect
import dataclasses
import functools
from collections.abc import Mapping, Sequence

from stance.actors import (
    Actor,
    Description,
    Mention,
    describe,
    find_actors,
    find_mentions,
    title_of,
)
from stance.grammar import Sentence, sentences
from stance.marks import quotations
from stance.places import find_places
from stance.records import Quoted, Source, Span
from stance.text import token_spans, word_list

PRONOUNS: Mapping[str, str] = {
    "he": "m", "his": "m", "she": "f", "her": "f", "it": "n", "its": "n", "they": "p",
    "their": "p", "we": "s", "i": "s", "you": "s", "my": "s", "our": "s",
}  # fmt: skip
_LEAD = 6  # sentences at the top that may speak of somebody whom only later ones name
_REACH = 4  # sentences back that a pronoun may reach
_NEXT = 5  # sentences that may pass before a description at the top gets its name
_WIDE = 40  # named persons looked at before or behind a mention
_PEERS = {"official": {"diplomat", "minister", "spokesperson", "officer", "head", "governor"}}
_LOCAL = frozenset("governor mayor authorities police administration officials prosecutors".split())


@dataclasses.dataclass(frozen=True, slots=True)
class Cast:
    """The sentences of an article and the persons in them; what resolution looks into.

    `sources` are where the names begin that stand in a phrase which the syntax makes a source.
    """

    text: str
    sentences: Sequence[Sentence]
    starts: Sequence[int]
    mentions: Sequence[Mention]
    actors: Sequence[Actor]
    actor_at: Mapping[Span, Actor]
    sources: frozenset[int]

    def sentence_at(self, position: int) -> int:
        """Return the number of the sentence that holds a character."""
        return max(0, bisect.bisect_right(self.starts, position) - 1)

    def last_mentions(self, position: int, count: int) -> Sequence[Mention]:
        """Return the last `count` named persons before a character, in order."""
        end = self._first_at(position)
        return self.mentions[max(0, end - count) : end]

    def next_mentions(self, position: int, count: int) -> Sequence[Mention]:
        """Return the next `count` named persons from a character on."""
        start = self._first_at(position)
        return self.mentions[start : start + count]

    def _first_at(self, position: int) -> int:
        return bisect.bisect_left(self.mentions, position, key=lambda one: one.span.start)


@dataclasses.dataclass(frozen=True, slots=True)
class Resolved:
    """A source, the sentence of its mention, and the person where it is one of the article's."""

    source: Source
    sentence: int
    actor: Actor | None = None
    plural: bool = False


def cast_of(text: str, mentioned: Sequence[Span]) -> Cast:
    """Return the persons of an article; `mentioned` are the sources that the syntax names."""
    parsed = sentences(text, quotations(text))
    mentions = find_mentions(parsed)
    actors = find_actors(mentions)
    at = {mention.span: actor for actor in actors for mention in actor.mentions}
    starts = [sentence.start for sentence in parsed]
    places = [one.span.start for one in mentions]
    heads = {
        place
        for span in mentioned
        for place in places[
            bisect.bisect_left(places, span.start) : bisect.bisect_left(places, span.end)
        ]
    }
    return Cast(text, parsed, starts, mentions, actors, at, frozenset(heads))


def resolve(cast: Cast, span: Span, content: str, earlier: Sequence[Resolved]) -> Resolved:
    """Return who the mention at `span` is; `content` is what they say, `earlier` who spoke."""
    text = cast.text[span.start : span.end]
    words = [text[start:end] for start, end in token_spans(text)]
    mention = Quoted.cut(cast.text, *span)
    number = cast.sentence_at(span.start)
    pronoun = words[0].lower().replace("’", "'").partition("'")[0] if len(words) == 1 else ""
    if pronoun in PRONOUNS:
        return _pronoun(cast, mention, PRONOUNS[pronoun], number, earlier)
    description = describe(words)
    actor = _named(cast, span, description)
    if actor is None and not description.plural and not description.name:
        description = _placed(cast, span, description, words)
        actor = _described(cast, span, description, number)
        if actor is None and (before := _same_description(words, description, earlier)):
            source = dataclasses.replace(before.source, mention=mention)
            return dataclasses.replace(before, source=source, sentence=number)
    if actor is not None:
        source = _of_actor(actor, description, mention)
        if source.affiliation is None and _LOCAL & set((source.role or "").lower().split()):
            source = dataclasses.replace(source, affiliation=_last_place(content))
        return Resolved(source, number, actor)
    lowered = {word.lower() for word in words}
    affiliation = _placed(cast, span, description, words).affiliation
    if affiliation is None and lowered & _LOCAL:
        affiliation = _last_place(content)
    affiliation = affiliation or _same_institution(words, earlier)
    source = Source(_speaker(words, text), None, affiliation, mention)
    return Resolved(source, number, None, description.plural)


def _named(cast: Cast, span: Span, description: Description) -> Actor | None:
    """Return the person whose name stands in the mention."""
    if not description.name:
        return None
    wanted = " ".join(description.name).lower()
    for mention in cast.next_mentions(span.start, 8):
        if mention.span.start < span.end and " ".join(mention.description.name).lower() in wanted:
            return cast.actor_at.get(mention.span)
    return None


def _of_actor(actor: Actor, description: Description, mention: Quoted) -> Source:
    affiliation = actor.affiliation or description.affiliation or _officeholder(actor.name)
    return Source(actor.name, actor.role or description.role, affiliation, mention)


@functools.cache
def _officeholders() -> dict[str, str]:
    """Return whom well-known names speak for, for articles that do not say."""
    lines = (line.partition(":") for line in word_list("officeholders"))
    return {name.strip(): place.strip() for name, _, place in lines}


def _officeholder(name: str) -> str | None:
    """Return whom a person speaks for; a lone surname only where all who bear it agree."""
    if " " in name:
        return _officeholders().get(name)
    places = {
        place for known, place in _officeholders().items() if name in (known.split()[-1], known)
    }
    return places.pop() if len(places) == 1 else None


def _pronoun(
    cast: Cast, mention: Quoted, kind: str, number: int, earlier: Sequence[Resolved]
) -> Resolved:
    """Return whom a pronoun stands for: who fits it best among those named shortly before."""
    if kind in "mf":
        actor = _antecedent(cast, mention.start, kind, number, earlier)
        if actor is not None:
            return Resolved(_of_actor(actor, Description(), mention), number, actor)
    if kind in "np":
        before = _last_institution(earlier, number, plural=kind == "p")
        if before is not None:
            source = dataclasses.replace(before.source, mention=mention)
            return dataclasses.replace(before, source=source, sentence=number)
        if kind == "n":
            institution = _institution_before(cast, mention, number)
            if institution is not None:
                return Resolved(institution, number)
    return Resolved(Source(mention=mention), number, plural=kind == "p")


def _last_institution(earlier: Sequence[Resolved], number: int, *, plural: bool) -> Resolved | None:
    for before in reversed(earlier[-3:]):
        if before.actor is None and before.plural == plural and number - before.sentence < 3:
            return before if before.source.speaker else None
    return None


def _institution_before(cast: Cast, mention: Quoted, number: int) -> Source | None:
    """Return the institution or state named last before `it` in the sentence."""
    start = cast.sentences[number].start
    text = cast.text[start : mention.start]
    words = [text[left:right] for left, right in token_spans(text)]
    for place in reversed(find_places(words)):
        if not place.local:
            name = " ".join(words[place.first : place.end])
            article = words[place.first - 1].lower() == "the" if place.first else False
            return Source(("the " if article else "") + name, None, place.place, mention)
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
        if (actor.gender or gender) != gender:
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


def _placed(cast: Cast, span: Span, description: Description, words: Sequence[str]) -> Description:
    """Give `the country's envoy` the state that its sentence names first."""
    lowered = [word.lower().replace("’", "'") for word in words]
    if description.affiliation is not None:
        return description
    for half in ("north", "south"):
        if f"{half}'s" in lowered and "Korea" in cast.text:
            return dataclasses.replace(description, affiliation=f"{half.title()} Korea")
    if "country's" not in lowered:
        return description
    before = cast.text[cast.sentences[cast.sentence_at(span.start)].start : span.start]
    places = find_places([before[start:end] for start, end in token_spans(before)])
    return dataclasses.replace(description, affiliation=places[0].place if places else None)


def _described(cast: Cast, span: Span, description: Description, number: int) -> Actor | None:
    """Return the person that `the envoy` or `North Korea's foreign minister` stands for."""
    if description.title is None:
        return None
    first = cast.text[span.start : span.end].split(maxsplit=1)[0].lower()
    definite = first not in ("a", "an", "another", "one")
    if definite:
        for mention in reversed(cast.last_mentions(span.start, _WIDE)):
            actor = cast.actor_at[mention.span]
            if description.title in actor.titles and _fits(actor, description):
                return actor
    if number >= _LEAD and not (definite and description.affiliation):
        return None
    later = [cast.actor_at[one.span] for one in cast.next_mentions(span.end, _WIDE)]
    near = [actor for actor in dict.fromkeys(later) if _fits(actor, description)]
    if near and description.affiliation is not None and (number < _LEAD or len(near) == 1):
        return near[0]
    return _next_person(cast, span, description, number) if definite and number < _LEAD else None


def _same_description(
    words: Sequence[str], description: Description, earlier: Sequence[Resolved]
) -> Resolved | None:
    """Return the unnamed source that `the official` takes up again: `a Ukrainian official`."""
    if len(words) != 2 or words[0].lower() != "the" or description.title is None:
        return None
    for before in reversed(earlier[-5:]):
        speaker = (before.source.speaker or "").lower().split()
        if before.actor is None and words[1].lower() in speaker:
            return before
    return None


def _fits(actor: Actor, description: Description) -> bool:
    """Tell whether a description may be of a person: the kind of title, the side."""
    if description.affiliation is not None and actor.affiliation not in (
        None,
        description.affiliation,
    ):
        return False
    wanted = {description.title} | _PEERS.get(description.title or "", set())
    return bool(wanted & actor.titles)


def _next_person(cast: Cast, span: Span, description: Description, number: int) -> Actor | None:
    """Return the person without a title whom one of the next sentences names as a source."""
    for mention in cast.next_mentions(span.end, _WIDE):
        actor = cast.actor_at[mention.span]
        untold = not actor.titles and actor.affiliation in (None, description.affiliation)
        if mention.sentence - number > _NEXT:
            return None
        if untold and mention.span.start in cast.sources:
            return actor
    return None


def _same_institution(words: Sequence[str], earlier: Sequence[Resolved]) -> str | None:
    """Return the side of an earlier source of the same kind: `the intelligence service`."""
    kinds = {word.lower() for word in words if len(word) > 3}
    for before in reversed(earlier[-10:]):
        speaker = before.source.speaker or ""
        if (
            before.actor is None
            and before.source.affiliation
            and (kinds & set(speaker.lower().split()) - {"officials", "official"})
        ):
            return before.source.affiliation
    return None


def _last_place(content: str) -> str | None:
    places = find_places([content[start:end] for start, end in token_spans(content)])
    return places[-1].place if places else None


def _speaker(words: Sequence[str], text: str) -> str:
    """Return an institution or a description as a name: no apposition, `the` in lower case."""
    head = text.partition(",")[0].strip() or text
    first = words[0] if words else ""
    if first in ("The", "A", "An", "Some", "Several", "Many", "Other") or (
        title_of(first) is not None and not any(word[:1].isupper() for word in words[1:2])
    ):
        return head if first.isupper() and len(first) > 1 else head[:1].lower() + head[1:]
    return head
