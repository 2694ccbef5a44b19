"""The sentences of an article and the persons in them: what resolution looks into."""

import bisect
import dataclasses
from collections.abc import Mapping, Sequence

from stance.actors import Actor, Mention, find_actors, find_mentions
from stance.grammar import Sentence, parse
from stance.records import Source, Span


@dataclasses.dataclass(frozen=True, slots=True)
class Cast:
    """The sentences of an article and the persons in them; what resolution looks into.

    `sources` are where the names begin that stand in a phrase which the syntax makes a source;
    `by_surname` holds the first person of each last name, or, where a name is nobody's last, of
    each first one: `Kim` in `Kim Min-su`.
    """

    text: str
    sentences: Sequence[Sentence]
    starts: Sequence[int]
    mentions: Sequence[Mention]
    actors: Sequence[Actor]
    actor_at: Mapping[Span, Actor]
    sources: frozenset[int]
    by_surname: Mapping[str, Actor]

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
    """A source, the sentence of its mention, and the person where it is one of the article's.

    `person` is true for somebody without a name too: `a Ukrainian official`.
    """

    source: Source
    sentence: int
    actor: Actor | None = None
    plural: bool = False
    person: bool = False


def cast_of(text: str, mentioned: Sequence[Span], parsed: Sequence[Sentence] | None = None) -> Cast:
    """Return the persons of an article; `mentioned` are the sources that the syntax names.

    `parsed` are its sentences, where they are known already.
    """
    parsed = parse(text) if parsed is None else parsed
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
    return Cast(text, parsed, starts, mentions, actors, at, frozenset(heads), _by_surname(actors))


def _by_surname(actors: Sequence[Actor]) -> dict[str, Actor]:
    surnames: dict[str, Actor] = {}
    for place in (-1, 0):
        for actor in actors:
            if len(actor.words) > 1:
                surnames.setdefault(actor.words[place].lower(), actor)
    return surnames
