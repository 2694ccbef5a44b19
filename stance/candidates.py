"""Who may be the source of a statement: noun phrases about it, and what speaks for each."""

import bisect
import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence

from stance.cast import Cast, Resolved
from stance.cues import find_cues, marked
from stance.descriptions import institution_words, title_of
from stance.grammar import Sentence, word_classes
from stance.phrases import Tokens, phrase_after, phrase_before
from stance.places import bare, find_places
from stance.pronouns import PRONOUNS
from stance.quotation import Found
from stance.records import Span
from stance.text import token_spans
from stance.verbs import verbs

_SUBJECTS = 10  # verbs of a sentence whose subjects are looked at
_PERSONS = 6  # named persons of a sentence that are looked at
_CLAUSES = 8  # clauses of a sentence whose first noun phrases are looked at
_CHAIN = 3  # noun phrases joined by prepositions that are looked at one in front of the other
_CREDIT, _CREDIT_LEAD = 120, 40  # characters of a byline or credit, and in front of its names
_NEAR, _FAR = 3, 12  # tokens between a candidate and the cue
_MORE_TIMES = frozenset("past future winter spring summer autumn moment years days hours".split())
_FUNCTION_WORDS = frozenset("a an the likewise together away ahead instead alike".split())
_NEVER = frozenset(["time", "number", "function word"])  # kinds of phrases that are never a source
_RELATIVE = frozenset("who which that whom whose what".split())
_BYLINE = ("by ", "(reporting by", "reporting by", "(editing by", "editing by", "©", "photo by")


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A noun phrase that may be the source of a statement, and what speaks for it."""

    span: Span
    features: Mapping[str, float]


@dataclasses.dataclass(frozen=True, slots=True)
class Site:
    """A statement in its sentence: the tokens of its cue, and what rule found it.

    `cue` is None where no word of the sentence reports; `form` is that of the cue.
    """

    cast: Cast
    found: Found
    number: int
    sentence: Sentence
    cue: Tokens | None
    form: str


def candidates(
    cast: Cast, found: Found, spoken: Sequence[Resolved], beside: Sequence[Found] = ()
) -> list[Candidate]:
    """Return who may be the source, in order of appearance; `beside` are the statements near.

    The syntax of the sentence names some; where it does not, those of the sentences beside it
    and the last speakers are looked at too. Their number has a bound.
    """
    site = _site(cast, found)
    relations: dict[Span, set[str]] = {}

    def note(relation: str, spans: Iterator[Span]) -> None:
        for span in spans:
            relations.setdefault(span, set()).add(relation)

    if found.mention is not None:
        note("named by the syntax", iter([found.mention]))
    note("subject", _subjects(site.sentence))
    note("opener", _openers(site.sentence))
    note("behind the cue", _behind_cue(site))
    note("behind by", _behind_by(site))
    note("signature", _signature(site))
    note("person", _persons(cast, site.number))
    if found.mention is None:
        for step, name in ((-1, "sentence before"), (1, "sentence behind")):
            if (sentence := _sentence(cast, site.number + step)) is not None:
                note(name, _subjects(sentence))
                note(name, _persons(cast, site.number + step))
        note("spoke last", _last_speakers(spoken))
    return [
        Candidate(span, _features(site, kind, relations[span], _seen(site, span, spoken, beside)))
        for span in _without_parts(relations)
        if (kind := _kind(cast, span)) not in _NEVER and not _is_credit(cast.text, span)
    ]


def _seen(
    site: Site, span: Span, spoken: Sequence[Resolved], beside: Sequence[Found]
) -> Iterator[str]:
    """Yield what is seen of a candidate: where it stands, and what has been said so far."""
    yield from _place(site, span)
    yield from _history(site, span, spoken, beside)


def _without_parts(relations: Mapping[Span, set[str]]) -> list[Span]:
    """Return the spans in order without the bare names that end a longer one: `Kim` in `Mr Kim`."""
    longest: dict[int, int] = {}
    for start, end in relations:
        longest[end] = min(start, longest.get(end, start))
    return [
        span
        for span in sorted(relations)
        if span.start == longest[span.end] or relations[span] != {"person"}
    ]


def neighbours(found: Sequence[Found], number: int) -> Sequence[Found]:
    """Return the statements around one that its features look at."""
    return found[max(0, number - 3) : number + 4]


def _site(cast: Cast, found: Found) -> Site:
    number = cast.sentence_at(found.statement.spans[0].start)
    if found.mention is not None:
        number = cast.sentence_at(found.mention.start)
    cue = found.statement.cue
    if cue is not None:
        number = cast.sentence_at(cue.start)
    sentence = cast.sentences[number]
    cues = find_cues(sentence)
    sentence = marked(sentence, cues)
    if cue is None:
        return Site(cast, found, number, sentence, None, "none")
    tokens = _tokens_of(sentence, Span(cue.start, cue.end))
    form = next((one.form for one in cues if tokens.first <= one.first < tokens.end), "noun")
    if any(one.infinitive for one in cues if tokens.first <= one.first < tokens.end):
        form = "infinitive"
    return Site(cast, found, number, sentence, tokens, form)


def _sentence(cast: Cast, number: int) -> Sentence | None:
    if not 0 <= number < len(cast.sentences):
        return None
    sentence = cast.sentences[number]
    return marked(sentence, find_cues(sentence))


def _tokens_of(sentence: Sentence, span: Span) -> Tokens:
    starts = [token.start for token in sentence.tokens]
    first = max(0, bisect.bisect_right(starts, span.start) - 1)
    return Tokens(first, max(first + 1, bisect.bisect_left(starts, span.end)))


def _span(sentence: Sentence, tokens: Tokens) -> Span:
    """Return the characters of a noun phrase, without a verb that was taken for its end."""
    tags, (first, end) = sentence.tags, tokens
    if end - first > 1 and tags[end - 1] == "L" and sentence.words[end - 1].endswith("ed"):
        end -= tags[end - 2] in "LM"
    return Span(sentence.tokens[first].start, sentence.tokens[end - 1].end)


def _subjects(sentence: Sentence) -> Iterator[Span]:
    """Yield the noun phrases in front of the sentence's verbs, and what those hang on."""
    tags, words = sentence.tags, sentence.words
    known = verbs()
    ends = [
        k
        for k in range(1, len(tags))
        if (tags[k] in "XV" or (tags[k] == "L" and words[k] in known)) and tags[k - 1] not in "XV"
    ]
    for end in ends[:_SUBJECTS]:
        phrase = phrase_before(sentence, end)
        for _ in range(_CHAIN):
            if phrase is None:
                break
            yield _span(sentence, phrase)
            phrase = _governor(sentence, phrase)


def _governor(sentence: Sentence, phrase: Tokens) -> Tokens | None:
    """Return the phrase in front of a preposition or a date: `officials` in `officials in Bonn`."""
    first = phrase.first
    if first > 1 and sentence.tags[first - 1] in "IC,":
        before = phrase_before(sentence, first - 1)
        return before and Tokens(
            before.first, phrase.end if sentence.tags[first - 1] == "I" else before.end
        )
    return phrase_before(sentence, first) if first else None


def _openers(sentence: Sentence) -> Iterator[Span]:
    """Yield the noun phrases that open the sentence and its clauses."""
    tags = sentence.tags
    left = _CLAUSES
    for k in range(len(tags)):
        if tags[k] not in "DMRLN" or (k and tags[k - 1] not in ",;:-CS."):
            continue
        phrase = phrase_after(sentence, k)
        if phrase is not None:
            yield _span(sentence, phrase)
            left -= 1
        if not left:
            return


def _behind_cue(site: Site) -> Iterator[Span]:
    """Yield the noun phrases right behind the cue."""
    if site.cue is not None:
        phrase = phrase_after(site.sentence, site.cue.end)
        if phrase is not None:
            yield _span(site.sentence, phrase)


def _behind_by(site: Site) -> Iterator[Span]:
    """Yield the noun phrases behind `by`, `to` or `from` near the cue: `was told by Kim`."""
    if site.cue is None:
        return
    sentence, end = site.sentence, site.cue.end
    for k in range(end, min(end + 6, len(sentence.tags) - 1)):
        if sentence.words[k] in ("by", "to", "of", "from"):
            phrase = phrase_after(sentence, k + 1)
            if phrase is not None:
                yield _span(sentence, phrase)


def _signature(site: Site) -> Iterator[Span]:
    """Yield what stands behind a dash that ends the sentence, or opens the next one."""
    sentence = site.sentence
    dash = sentence.tags.rfind("-")
    if dash >= 0 and "Q" in sentence.tags[:dash]:
        end = len(sentence.tags.rstrip(".,;"))
        named = not sentence.tags[dash + 1 : end].strip("M")
        if 0 < end - dash - 1 <= 12 and (named or "Q" in sentence.tags[max(0, dash - 2) : dash]):
            yield _span(sentence, Tokens(dash + 1, end))
    following = site.number + 1
    if following < len(site.cast.sentences):
        behind = site.cast.sentences[following]
        if behind.tags[:1] == "-" and 1 < len(behind.tags) <= 14:
            yield _span(behind, Tokens(1, len(behind.tags.rstrip(".,;")) or 2))


def _persons(cast: Cast, number: int) -> Iterator[Span]:
    """Yield the first and last named persons of a sentence."""
    if not 0 <= number < len(cast.sentences):
        return
    sentence = cast.sentences[number]
    half = _PERSONS // 2
    first = [m.span for m in cast.next_mentions(sentence.start, half) if m.sentence == number]
    last = [m.span for m in cast.last_mentions(sentence.end, half) if m.sentence == number]
    yield from dict.fromkeys([*first, *last])


def _last_speakers(spoken: Sequence[Resolved]) -> Iterator[Span]:
    """Yield where the last two speakers were last named."""
    seen: list[str | None] = []
    for one in reversed(spoken[-4:]):
        if one.source.mention is not None and one.source.speaker not in seen and len(seen) < 2:
            seen.append(one.source.speaker)
            yield Span(one.source.mention.start, one.source.mention.end)


def _is_credit(text: str, span: Span) -> bool:
    """Tell whether a phrase stands in a byline, a credit or a copyright line."""
    start = text.rfind("\n", max(0, span.start - 60), span.start) + 1
    line = text[start : span.start].strip().lower()
    if len(line) >= _CREDIT_LEAD or not line.startswith(_BYLINE):
        return False
    return "\n" in text[span.end : start + _CREDIT]


def _features(site: Site, kind: str, relations: set[str], seen: Iterator[str]) -> dict[str, float]:
    rule = site.found.rule
    names = {*relations, kind, *seen}
    features = dict.fromkeys(names, 1.0)
    features[f"somebody, rule {rule}"] = 1.0
    for relation in relations:
        features[f"{relation}, rule {rule}"] = 1.0
        features[f"{relation}, cue {site.form}"] = 1.0
        features[f"{relation}, {kind}"] = 1.0
    if site.found.mention is not None:
        features["another is named"] = float("named by the syntax" not in relations)
    return features


def _kind(cast: Cast, span: Span) -> str:
    """Return what a noun phrase is by its words: person, pronoun, institution, time ..."""
    text = cast.text[span.start : span.end]
    words = [text[start:end] for start, end in token_spans(text)]
    lowered = [word.lower().replace("’", "'") for word in words]
    if len(words) == 1 and lowered[0] in _FUNCTION_WORDS:
        return "function word"
    if len(words) == 1 and lowered[0] in _RELATIVE:
        return "relative"
    if len(words) == 1 and lowered[0] in PRONOUNS:
        return f"pronoun {PRONOUNS[lowered[0]]}"
    if any(one.span.start < span.end for one in cast.next_mentions(span.start, 1)):
        return "named person"
    if any(title_of(word) for word in words):
        return "title"
    if any(bare(word) in institution_words() for word in lowered):
        return "institution"
    if find_places(words):
        return "place"
    if lowered and lowered[-1] in _times():
        return "time"
    if words and words[-1][:1].isdigit():
        return "number"
    return "name" if words and words[-1][:1].isupper() else "thing"


@functools.cache
def _times() -> frozenset[str]:
    classes = word_classes()
    return classes["time"] | classes["weekday"] | classes["month"] | _MORE_TIMES


def _place(site: Site, span: Span) -> Iterator[str]:
    """Yield where a candidate stands: towards the cue, the content, the sentence."""
    sentence, found = site.sentence, site.found
    if any(start <= span.start < end for start, end in found.statement.spans):
        yield "inside what is said"
    if not sentence.start <= span.start < sentence.end:
        between = site.cast.text[min(span.end, sentence.start) : max(span.start, sentence.start)]
        if "\n" in between:
            yield "another paragraph"
        previous = site.cast.sentences[site.number - 1] if site.number else None
        inside = previous is not None and previous.start <= span.start < previous.end
        if inside and between.rstrip().endswith(":"):
            yield "before a colon"
            said = between.split()[:1]
            yield "speaks before a colon" if said and said[0].rstrip(":") in verbs() else "no verb"
        return
    tokens = _tokens_of(sentence, span)
    before = sentence.tags[tokens.first - 1] if tokens.first else ""
    if not sentence.tags[: tokens.first].strip("IDLTN,.A"):
        yield "opens the sentence"
    if before in tuple(",;:-CS") or not before:
        yield f"opens a clause, cue {site.form}"
    if before == "I":
        yield f"behind a preposition, cue {site.form}"
    if sentence.tags[tokens.end : tokens.end + 1] == "Q":
        yield "before a quotation"
    verb = tokens.end
    while sentence.tags[verb : verb + 1] in ("X", "A"):
        verb += 1
    if verb < len(sentence.tags) and sentence.is_cue[verb]:
        yield f"subject of a verb of saying, cue {site.form}"
    if site.cue is None:
        return
    ahead = tokens.first < site.cue.first
    gap = site.cue.first - tokens.end if ahead else tokens.first - site.cue.end
    between = sentence.tags[tokens.end : site.cue.first] if ahead else ""
    near = "next" if gap <= 0 else "near" if gap <= _NEAR else "far" if gap > _FAR else "off"
    yield f"{'before' if ahead else 'behind'} the cue, {near}"
    if ahead and not between.strip("XA"):
        yield f"subject of the cue, cue {site.form}"
    if ahead and "V" in between and "," not in between:
        yield f"another verb between, cue {site.form}"
    if ahead and "S" in between:
        yield f"another clause between, cue {site.form}"


def _history(
    site: Site, span: Span, spoken: Sequence[Resolved], beside: Sequence[Found]
) -> Iterator[str]:
    """Yield what has been said so far: who spoke, whom a statement names, who is quoted in it."""
    text = site.cast.text
    word = text[span.start : span.end].rpartition(" ")[2].strip(".,’'")
    if len(word) > 2 and word[0].isupper() and word in site.found.statement.text:
        yield "named in what is said"
    actor = site.cast.actor_at.get(span)
    if actor is not None and any(one.actor is actor for one in spoken[-8:]):
        yield "has spoken"
    last = spoken[-1].source.mention if spoken else None
    if last is not None and last.start < span.end and span.start < last.end:
        yield f"spoke just before, cue {site.form}"
    if site.found.alone:
        yield "the sentence is a quotation"
    for other in beside:
        own = other is site.found
        if not own and any(s <= span.start < e for s, e in other.statement.spans):
            yield f"inside what another says, cue {site.form}"
            if site.found.mention == span:
                yield f"named by the syntax inside what another says, cue {site.form}"
        if not own and other.mention == span:
            yield f"source of another, cue {site.form}"
