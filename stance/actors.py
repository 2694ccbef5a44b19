"""Who appears in an article: names, what they are, and whom they speak for."""

import collections
import dataclasses
import functools
from collections.abc import Sequence

from stance.descriptions import (
    PARTICLES,
    Description,
    describe_plain,
    institution_words,
    merged,
    title_classes,
    title_of,
)
from stance.grammar import Sentence, Token, word_classes
from stance.places import bare
from stance.records import Span
from stance.text import word_list
from stance.verbs import verbs

_NAMESAKES = 50


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """A place of the article where a person is named."""

    span: Span
    sentence: int
    description: Description
    opens: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """A person of the article, from all the places that name them, first to last."""

    name: str
    words: tuple[str, ...]
    role: str | None
    affiliation: str | None
    titles: frozenset[str]
    gender: str
    mentions: tuple[Mention, ...]


def find_mentions(sentences: Sequence[Sentence]) -> list[Mention]:
    """Return the named persons in order, with the title and apposition around the name."""
    return [
        mention
        for number, sentence in enumerate(sentences)
        for mention in _mentions(sentence, number)
    ]


def _mentions(sentence: Sentence, number: int) -> list[Mention]:
    tags, tokens = sentence.tags, sentence.tokens
    found = []
    k = 0
    while k < len(tags):
        if tags[k] != "M":
            k += 1
            continue
        first, end = _phrase(sentence, k)
        words = [token.text for token in tokens[first:end]]
        description = describe_plain(words)
        if description.name and _is_name(sentence, first, end, description):
            start = end - len(description.name)
            for aside in (_apposition(sentence, end), _preposed(sentence, first)):
                if aside:
                    description = merged(description, describe_plain(aside))
            span = Span(tokens[start].start, _bare_end(tokens[end - 1]))
            found.append(Mention(span, number, description, opens=not tags[:first].strip("IDLTN,")))
        k = max(end, k + 1)
    return found


def _bare_end(token: Token) -> int:
    return token.start + len(bare(token.text))


def _phrase(sentence: Sentence, k: int) -> tuple[int, int]:
    """Return the token range of a name and of the title words in front of it."""
    tags, words = sentence.tags, sentence.words
    end = k
    while end < len(tags) and end - k < 15:
        particle = words[end] in PARTICLES and tags[end + 1 : end + 2] == "M"
        if tags[end] == "M" or particle or (tags[end] == "L" and title_of(words[end])):
            end += 1
        elif words[end] in ("to", "of", "for") and title_of(words[end - 1]):
            after = end + 1 + (words[end + 1 : end + 2] == ("the",))
            if tags[after : after + 1] != "M":
                break
            end = after + 1
        else:
            break
        if bare(words[end - 1]) != words[end - 1] and tags[end : end + 1] not in ("M", "L"):
            break
    first = k
    while first and tags[first - 1] == "L" and k - first < 3:
        word = bare(words[first - 1])
        if word not in title_classes() and not (
            first < k and not word.endswith(("ed", "ing", "s"))
        ):
            break
        first -= 1
    while first and tags[first - 1] == "M":
        first -= 1
    return first, end


def _is_name(sentence: Sentence, first: int, end: int, description: Description) -> bool:
    """Tell a name from a common word that opens the sentence."""
    if len(description.name) > 5:
        return False
    # A person without a title has no article: `the Daily Plough` is none.
    if first and sentence.words[first - 1] == "the" and description.title is None:
        return False
    if len(description.name) == 1:
        word = sentence.tokens[end - 1].text
        if (word.isupper() and len(word) > 1) or _names_nobody(word):
            return False
        return end - 1 > 0 or not word.lower().endswith(("s", "ly", "ing"))
    return True


def _names_nobody(word: str) -> bool:
    """Tell whether a lone capitalised word is a month, a region or an institution's head."""
    lowered = bare(word.lower())
    return (
        lowered in _no_names()
        or lowered in institution_words()
        or lowered in word_classes()["month"]
        or lowered in word_classes()["weekday"]
    )


@functools.cache
def _no_names() -> frozenset[str]:
    return frozenset(word_list("no_names"))


def _apposition(sentence: Sentence, end: int) -> list[str]:
    """Return the words between the comma behind a name and the next, where they describe."""
    tags, words = sentence.tags, sentence.words
    if tags[end : end + 1] != "," or bare(words[end - 1]) != words[end - 1]:
        return []
    stop = end + 1
    while stop < len(tags) and stop - end < 18 and tags[stop] not in ",.;:QSWXVC(":
        stop += 1
    inside = words[end + 1 : stop]
    closed = stop == len(tags) or tags[stop] in ",.W("
    opener = inside[0] if inside else ""
    if (opener.endswith(("ed", "ing")) or opener in verbs()) and title_of(opener) is None:
        return []
    if not closed or not any(bare(word) in title_classes() for word in inside):
        return []
    return [token.text for token in sentence.tokens[end + 1 : stop]]


def _preposed(sentence: Sentence, first: int) -> list[str]:
    """Return the description before a name and its comma: `Malta's envoy to Oslo, Jo Borg,`."""
    tags = sentence.tags
    if first < 2 or tags[first - 1] != ",":
        return []
    start = first - 1
    while start and first - start < 16 and tags[start - 1] in "DMLNI":
        start -= 1
    opens = start == 0 or tags[start - 1] in ",.:;SQ-C"
    words = [token.text for token in sentence.tokens[start : first - 1]]
    described = any(bare(word) in title_classes() for word in sentence.words[start : first - 1])
    definite = tags[start] == "D" or bare(words[0]) != words[0] if words else False
    plural = words[-1].endswith("s") if words else True
    return words if opens and described and definite and not plural else []


def find_actors(mentions: Sequence[Mention]) -> list[Actor]:
    """Group the mentions by person: a short form goes to the last fitting longer one."""
    people = _People()
    for mention in mentions:
        name = mention.description.name
        if len(name) > 1 and not people.named(name):
            people.add(name)
    for mention in mentions:
        name = mention.description.name
        owner = _owner(mention, people)
        if owner is None:
            people.add(name)
        people.groups[owner or name].append(mention)
    return [_actor(name, found) for name, found in people.groups.items() if found]


class _People:
    """The persons met so far, found by any word of their names; a word keeps the last few."""

    def __init__(self) -> None:
        self.groups: dict[tuple[str, ...], list[Mention]] = {}
        self._by_word: dict[str, collections.deque[tuple[str, ...]]] = {}

    def add(self, name: tuple[str, ...]) -> None:
        if name in self.groups:
            return
        self.groups[name] = []
        for word in set(_folded(name)):
            self._by_word.setdefault(word, collections.deque(maxlen=_NAMESAKES)).append(name)

    def named(self, name: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return the persons that a name may be of, in the order of their first mention."""
        near = {known: None for word in _folded(name) for known in self._by_word.get(word, ())}
        return [known for known in near if _same(name, known)]


def _folded(name: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(name).lower().replace("-", " ").split())


def _same(name: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two full names are one: all words of the shorter stand in the longer."""
    short, long = sorted((_folded(name), _folded(other)), key=len)
    return set(short) <= set(long)


def _owner(mention: Mention, people: _People) -> tuple[str, ...] | None:
    """Return the person that a mention names; among several the last named and best fitting."""
    name = mention.description.name
    known = people.named(name)
    fitting = [one for one in known if len(one) >= len(name)] or known[:1]
    if len(fitting) < 2 or len(name) > 1:
        return fitting[0] if fitting else None
    return max(fitting, key=lambda one: _fitness(mention, one, people.groups[one]))


def _fitness(
    mention: Mention, known: tuple[str, ...], earlier: list[Mention]
) -> tuple[int, int, int]:
    """Rank a person for a short name: side, use of the name's first or last word, nearness."""
    side = mention.description.affiliation
    sides = {one.description.affiliation for one in earlier[-20:]} - {None}
    fits = 0 if side is None or not sides else (1 if side in sides else -1)
    surname = mention.description.name[0] in (known[0], known[-1])
    return fits, int(surname), earlier[-1].span.start if earlier else -1


def _actor(name: tuple[str, ...], mentions: list[Mention]) -> Actor:
    longest = max((one.description.name for one in mentions), key=len)
    described = [one.description for one in mentions]
    return Actor(
        name=" ".join(longest if len(longest) > len(name) else name),
        words=name,
        role=next((one.role for one in described if one.role), None),
        affiliation=next((one.affiliation for one in described if one.affiliation), None),
        titles=frozenset(one.title for one in described if one.title),
        gender=next((one.gender for one in described if one.gender), ""),
        mentions=tuple(mentions),
    )
