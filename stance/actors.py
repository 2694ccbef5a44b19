"""Who appears in an article: names, what they are, and whom they speak for."""

import collections
import dataclasses
import functools
import itertools
from collections.abc import Sequence

from stance.grammar import Sentence, Token
from stance.places import PlaceName, bare, find_places
from stance.records import Span
from stance.text import word_list

_PARTICLES = frozenset("de del der van von bin ibn al el la le da dos di du ten ter af y".split())
_NAMESAKES = 50
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
def _institutions() -> frozenset[str]:
    return frozenset(word_list("institutions"))


def describe(words: Sequence[str]) -> Description:
    """Read a noun phrase: place and title words in front, a name at its end, an apposition."""
    commas = [k for k, word in enumerate(words) if word in (",", "(")]
    main = words[: commas[0]] if commas else words
    description = _describe_plain(main)
    if not commas:
        return description
    aside = _describe_plain(words[commas[0] + 1 :])
    if not description.name and aside.name and not aside.institution:
        description, aside = dataclasses.replace(description, name=aside.name), description
    return _merged(description, aside)


def _merged(first: Description, second: Description) -> Description:
    return dataclasses.replace(
        first,
        role=first.role or second.role,
        affiliation=first.affiliation or second.affiliation,
        title=first.title or second.title,
        gender=first.gender or second.gender,
    )


def _describe_plain(words: Sequence[str]) -> Description:
    places = find_places(words)
    inside = {k for place in places for k in range(place.first, place.end)}
    start = _name_start(words, inside)
    name = tuple(bare(word) for word in words[start:])
    lowered = [word.lower().rstrip(".") for word in words]
    institution = any(bare(word) in _institutions() for word in lowered[start:])
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
        if not (word[:1].isupper() or (lowered in _PARTICLES and start < len(words))):
            break
        owns = bare(word) != word.replace("’", "'") and start < len(words)
        if owns or lowered in ("the", "a", "an"):
            break
        start -= 1
    while start < len(words) and words[start].islower():
        start += 1
    belongs = start > 1 and words[start - 1] in ("of", "for", "to", "at", "the")
    return len(words) if belongs else start


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
        if all(word.lower() in _ARTICLES for word in words[start : place.first]):
            start = place.end
    while start < end and words[start].lower() in _ARTICLES:
        start += 1
    return " ".join(words[start:end]).strip(" ,'’") or None


_ARTICLES = frozenset("a an the his her its their our my another one some several".split())
_FORMS_OF_ADDRESS = frozenset("mr mrs ms miss dr sir lord lady".split())


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
        description = _describe_plain(words)
        if description.name and _is_name(sentence, first, end, description):
            start = end - len(description.name)
            apposition = _apposition(sentence, end)
            if apposition:
                description = _merged(description, _describe_plain(apposition))
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
        particle = words[end] in _PARTICLES and tags[end + 1 : end + 2] == "M"
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
    if len(description.name) == 1:
        word = sentence.tokens[end - 1].text
        if word.isupper() and len(word) > 4:
            return False
        return end - 1 > 0 or not word.lower().endswith(("s", "ly", "ing"))
    return True


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
    if not closed or not any(bare(word) in title_classes() for word in inside):
        return []
    return [token.text for token in sentence.tokens[end + 1 : stop]]


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
