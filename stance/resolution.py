"""Who a mention of a source is: a person of the article, an institution, or what it says."""

import dataclasses
import re
from collections.abc import Sequence

from stance.actors import Actor
from stance.affiliations import is_public_body, officeholder, source_of
from stance.cast import Cast, Resolved
from stance.descriptions import Description, describe, institution_words, title_of
from stance.institutions import expanded, kinds_of, named_before
from stance.places import bare, find_places
from stance.pronouns import PRONOUNS, resolve_pronoun
from stance.records import Quoted, Source, Span
from stance.text import token_spans

_LEAD = 6  # sentences at the top that may speak of somebody whom only later ones name
_NEXT = 5  # sentences that may pass before a description at the top gets its name
_WIDE = 40  # named persons looked at before or behind a mention
_BEFORE = 80  # characters of a mention that are looked at in front of a name in it
_SEGMENT = re.compile(r"[,(\[–—-] ?")
_BELONGS = frozenset("of for to at from by in with on about under against".split())
_ASKERS = frozenset("q question reporter journalist questioner".split())
_ASIDE = re.compile(r",|\(| who | which | whose | (?:both|all|each)$")
_SPACE = re.compile(r"\s+")
_LOCATED = re.compile(r" (?:in|with|on|near|there|who|speaking|familiar)\b")
_TAKEN_UP = 8  # statements back that a definite phrase may reach
_PEERS = {"official": {"diplomat", "minister", "spokesperson", "officer", "head", "governor"}}
_LOCAL = frozenset("governor mayor authorities police administration officials prosecutors".split())


def resolve(cast: Cast, span: Span, content: str, earlier: Sequence[Resolved]) -> Resolved:
    """Return who the mention at `span` is; `content` is what they say, `earlier` who spoke."""
    text = cast.text[span.start : span.end]
    words = _without_clause([text[start:end] for start, end in token_spans(text)])
    mention = Quoted.cut(cast.text, *span)
    number = cast.sentence_at(span.start)
    pronoun = words[0].lower().replace("’", "'").partition("'")[0] if len(words) == 1 else ""
    if pronoun in PRONOUNS:
        return resolve_pronoun(cast, mention, PRONOUNS[pronoun], number, earlier)
    if text.rstrip(".: ").lower() in _ASKERS:
        return Resolved(Source("a reporter", mention=mention), number, person=True)
    description = describe(words)
    actor = _named(cast, span)
    if actor is None and not description.plural and not description.name:
        description = _placed(cast, span, description, words)
        actor = _described(cast, span, description, number)
        if actor is None and (before := _taken_up(words, earlier)) is not None:
            source = dataclasses.replace(before.source, mention=mention)
            return dataclasses.replace(before, source=source, sentence=number)
    if actor is not None:
        description = _placed(cast, span, description, words)
        source = source_of(cast, actor, description, mention)
        if source.affiliation is None and _LOCAL & set((source.role or "").lower().split()):
            source = dataclasses.replace(source, affiliation=_last_place(content))
        return Resolved(source, number, actor)
    return _unnamed(cast, mention, words, description, (content, earlier, number))


def _unnamed(
    cast: Cast,
    mention: Quoted,
    words: Sequence[str],
    description: Description,
    scene: tuple[str, Sequence[Resolved], int],
) -> Resolved:
    """Return a source that is no person of the article: an institution, an official, a crowd."""
    content, earlier, number = scene
    span = Span(mention.start, mention.end)
    affiliation = _placed(cast, span, description, words).affiliation
    if affiliation is None and {word.lower() for word in words} & _LOCAL:
        affiliation = _last_place(content)
    affiliation = affiliation or _same_institution(words, earlier)
    speaker = _speaker(words, " ".join(_SPACE.sub(" ", mention.text).split()))
    speaker = _full_name(cast, speaker, words, number) or speaker
    if affiliation is None and (name := _own_name(speaker, description)):
        places = find_places(name.split())
        affiliation = places[0].place if places else name
    role = description.role if description.title is not None else None
    source = Source(speaker, role and _LOCATED.split(role)[0], affiliation, mention)
    return Resolved(source, number, None, description.plural, person=description.title is not None)


def _full_name(cast: Cast, speaker: str, words: Sequence[str], number: int) -> str | None:
    """Return the name that an article gives of `the NIS` or `the ministry` before."""
    bare_words = [word for word in words if word.lower() != "the"]
    if len(bare_words) != 1 or (len(words) == 1 and not words[0].isupper()):
        return None
    word = bare(bare_words[0])
    if word.isupper():
        return expanded(cast, number, word)
    return named_before(cast, number, word) if word in institution_words() else None


def _own_name(speaker: str, description: Description) -> str | None:
    """Return the name of an institution that speaks for itself: a company, a paper, a club."""
    name = speaker.removeprefix("the ").removeprefix("The ")
    words = name.split()
    capitals = all(word[0].isupper() or word in ("of", "for", "and", "the") for word in words)
    if not words or not capitals or description.title is not None or is_public_body(words):
        return None
    return name if words[0][0].isupper() and len(name) > 2 else None


def _named(cast: Cast, span: Span) -> Actor | None:
    """Return the person whose name a mention is: not one it only speaks of (`Kim's office`)."""
    text = cast.text
    for mention in cast.next_mentions(span.start, 8):
        start, end = mention.span
        if start >= span.end:
            break
        before = text[max(span.start, start - _BEFORE) : start]
        segment = _SEGMENT.split(before)[-1].lower().split()
        while segment and (title_of(segment[-1]) is not None or segment[-1] in ("the", "former")):
            segment.pop()
        owned = text[end : end + 2] in ("'s", "’s") or text[end : end + 1] in "’'"
        headed = text[end : span.end].split(",")[0].lower().split()
        belongs = owned or (bool(segment) and segment[-1] in _BELONGS)
        if not belongs and not (headed and _heads(headed)):
            return cast.actor_at.get(mention.span)
    return _by_surname(cast, text[span.start : span.end])


def _heads(words: Sequence[str]) -> bool:
    """Tell whether the words behind a name make another head: `the Kim government`."""
    first = words[0].strip(".")
    return first in institution_words() or title_of(first) is not None


def _by_surname(cast: Cast, text: str) -> Actor | None:
    """Return the person named by no more than the last name: `Hutchins`, `MS. HUTCHINS`."""
    word = bare(text.rstrip(" .:,").rpartition(" ")[2])
    alone = word.isupper() or word == bare(text)
    if len(word) < 3 or not word[0].isupper() or not alone or len(text) > _BEFORE:
        return None
    return cast.by_surname.get(word.lower())


def _without_clause(words: list[str]) -> list[str]:
    """Return a mention's words without its relative clause and what stands behind that."""
    for k, word in enumerate(words):
        if k and word.lower() in ("who", "whose", "whom", "which", "that"):
            return words[: k - (words[k - 1] == ",")]
    return words


def _placed(cast: Cast, span: Span, description: Description, words: Sequence[str]) -> Description:
    """Give `the country's envoy` the state that its sentence names first."""
    lowered = [word.lower().replace("’", "'") for word in words]
    if description.affiliation is not None:
        return description
    for half in ("north", "south"):
        if f"{half}'s" in lowered and "Korea" in cast.text:
            return dataclasses.replace(description, affiliation=f"{half.title()} Korea")
    number = cast.sentence_at(span.start)
    owned = lowered[0] == "its"
    if "country's" not in lowered and not owned:
        return description
    # `Its envoy` belongs to the state that the sentence, or the one before, speaks of first.
    for step in range(1 + owned):
        sentence = cast.sentences[max(0, number - step)]
        before = cast.text[sentence.start : min(span.start, sentence.end)]
        places = find_places([before[start:end] for start, end in token_spans(before)])
        if places:
            return dataclasses.replace(description, affiliation=places[0].place)
    return description


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


def _taken_up(words: Sequence[str], earlier: Sequence[Resolved]) -> Resolved | None:
    """Return the unnamed source that a definite phrase takes up: `the official`, `the agency`."""
    if not 2 <= len(words) <= 3 or words[0].lower() not in ("the", "that"):
        return None
    head = words[-1].lower()
    if title_of(words[-1]) is None and head not in institution_words():
        return None
    wanted = kinds_of(head)
    for before in reversed(earlier[-_TAKEN_UP:]):
        speaker = (before.source.speaker or "").lower().replace("’", "'").split()
        longer = len(speaker) >= len(words) and set(words[1:-1]) <= set(speaker)
        if before.actor is None and longer and _head_of(speaker) in wanted:
            return before
    return None


def _head_of(words: Sequence[str]) -> str:
    """Return the head of a noun phrase: its last word, or that before `of`, `in`, `for`."""
    for k, word in enumerate(words):
        if k and word in ("of", "in", "for", "at", "from", "with", "to", "("):
            return words[k - 1]
    return words[-1] if words else ""


def _fits(actor: Actor, description: Description) -> bool:
    """Tell whether a description may be of a person: the kind of title, the side."""
    side = actor.affiliation or officeholder(actor.name)
    if description.affiliation is not None and side not in (None, description.affiliation):
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
    head = bare(_ASIDE.split(text)[0].strip()) or text
    first = words[0] if words else ""
    if first in ("The", "A", "An", "Some", "Several", "Many", "Other") or (
        title_of(first) is not None and not any(word[:1].isupper() for word in words[1:2])
    ):
        return head if first.isupper() and len(first) > 1 else head[:1].lower() + head[1:]
    return head
