"""Where the noun phrase that names a source begins and ends, once its head is known."""

import bisect

from stance.descriptions import title_of
from stance.grammar import Sentence, word_classes
from stance.phrases import Tokens, phrase_before
from stance.records import Span
from stance.verbs import verbs

_PARENTHESIS = 8  # tokens that may stand in a parenthesis behind a name
_CLAUSE = 40  # tokens that a relative clause may have
_FLOATING = frozenset(["all", "both", "each"])
_RELATIVE = frozenset(["who", "which", "whose", "whom"])


def whole_mention(sentence: Sentence, span: Span, cue: Span | None) -> Span:
    """Return a mention with what belongs to it: `(R-Ohio)`, `, who ...`, the rest of a pair.

    Dates that belong to the verb are left out. `cue` is the report's, in the article.
    """
    tokens = _tokens(sentence, span)
    if tokens is None:
        return span
    tokens = _without_dates(sentence, _without_verb(sentence, tokens))
    tokens = _to_the_left(sentence, tokens)
    at = bisect.bisect_left(sentence.tokens, cue.start, key=lambda one: one.start) if cue else None
    before = at is not None and tokens.end <= at
    for _ in range(4):
        longer = _to_the_right(sentence, tokens, at if before else None)
        if longer == tokens:
            break
        tokens = longer
    return Span(sentence.tokens[tokens.first].start, sentence.tokens[tokens.end - 1].end)


def _tokens(sentence: Sentence, span: Span) -> Tokens | None:
    """Return the tokens of a span; None where it does not begin and end with tokens."""
    first = bisect.bisect_left(sentence.tokens, span.start, key=lambda one: one.start)
    end = bisect.bisect_left(sentence.tokens, span.end, key=lambda one: one.end) + 1
    if end > len(sentence.tokens) or sentence.tokens[first].start != span.start:
        return None
    return Tokens(first, end) if sentence.tokens[end - 1].end == span.end else None


def _without_verb(sentence: Sentence, tokens: Tokens) -> Tokens:
    """Cut off a past tense that was taken for a noun: `France unveiled`."""
    tags, (first, end) = sentence.tags, tokens
    ends = end - first > 1 and tags[end - 1] == "L" and tags[end - 2] in "LM"
    return Tokens(first, end - (ends and sentence.words[end - 1].endswith("ed")))


def _without_dates(sentence: Sentence, tokens: Tokens) -> Tokens:
    """Cut `in April`, `on February 3`, `last week` off both ends."""
    words, (first, end) = sentence.words, tokens
    last = end
    while last - 1 > first and _is_date(words[last - 1]):
        last -= 1
    if last < end and last - 1 > first and words[last - 1] in ("in", "on", "late", "since"):
        end = last - 1
    while (
        first + 2 < end
        and words[first] in ("last", "this", "earlier")
        and _is_date(words[first + 1])
    ):
        first += 2
    return Tokens(first, end)


def _is_date(word: str) -> bool:
    classes = word_classes()
    return word in classes["month"] or word in classes["time"] or word.isdigit()


def _to_the_left(sentence: Sentence, tokens: Tokens) -> Tokens:
    tags, words, (first, end) = sentence.tags, sentence.words, tokens
    if end - first == 1 and words[first] in _FLOATING and first and tags[first - 1] in "LM":
        pair = phrase_before(sentence, first)
        return Tokens(pair.first, end) if pair is not None else tokens
    if words[first] == "least" and first and words[first - 1] == "at":
        return Tokens(first - 1, end)
    if first > 1 and words[first - 1] == "and":
        other = phrase_before(sentence, first - 1)
        if other is not None and (other.first == 0 or tags[other.first - 1] in ":;.Q"):
            return Tokens(other.first, end)
    if first > 1 and tags[first - 1] == "," and words[first] in ("a", "an", "the"):
        start = first - 1
        while start and tags[start - 1] == "M":
            start -= 1
        if start < first - 2 and (start == 0 or tags[start - 1] in "Q,"):
            return Tokens(start, end)
    return tokens


def _to_the_right(sentence: Sentence, tokens: Tokens, cue: int | None) -> Tokens:
    """Return the mention with one more piece behind it; `cue` is the token it stands before."""
    tags, words, (first, end) = sentence.tags, sentence.words, tokens
    if end >= len(tags):
        return tokens
    if tags[end] == "(":
        close = tags.find(")", end + 1, end + _PARENTHESIS)
        inside = tags[end + 1 : close] if close > 0 else "Q"
        return tokens if set(inside) & set("QVX") else Tokens(first, close + 1)
    if tags[end] == "," and tags[end - 1] == "L" and title_of(words[end - 1]) is not None:
        named = end + 1
        while tags[named : named + 1] == "M":
            named += 1
        closed = named == cue or tags[named : named + 1] in ("", ",", ".", ";")
        if 1 < named - end - 1 <= 4 and closed:
            return Tokens(first, named)
    if (
        sentence.tokens[end].text == "May"
        and tags[end - 1] == "M"
        and tags[end + 1 : end + 2] != "N"
    ):
        return Tokens(first, end + 1)
    if tags[end] == "M" and tags[end - 1] == "M" and sentence.tokens[end - 1].text.endswith("."):
        return Tokens(first, end + 1)
    if tags[end] == "," and words[end + 1 : end + 2] and words[end + 1] in _RELATIVE:
        return _with_relative(sentence, tokens, cue)
    if cue is None and words[end] == "who":
        return Tokens(first, _clause_end(sentence, end))
    if cue is None and words[end] in ("of", "for") and tags[end + 1 : end + 2] in ("D", "M", "L"):
        return Tokens(first, _phrase_end(sentence, end + 1))
    if cue is None and words[end] == "and" and tags[end - 1] == tags[end + 1 : end + 2] == "M":
        return Tokens(first, _phrase_end(sentence, end + 1))
    return tokens


def _with_relative(sentence: Sentence, tokens: Tokens, cue: int | None) -> Tokens:
    """Take in `, who ...`: up to the comma before the cue, or to the clause's end behind it."""
    tags, end = sentence.tags, tokens.end
    verb = end + 2
    while tags[verb : verb + 1] in ("X", "A"):
        verb += 1
    # What the clause reports is a statement of its own.
    if sentence.words[verb : verb + 1] and sentence.words[verb] in verbs():
        return tokens
    if cue is None:
        return Tokens(tokens.first, _clause_end(sentence, end + 1))
    close = cue
    while close > end + 1 and tags[close - 1] in "XA":
        close -= 1
    closed = tags[close - 1] == "," and end + 2 < close <= end + _CLAUSE
    if not closed or set(tags[end + 1 : close - 1]) & set("Q;:"):
        return tokens
    return Tokens(tokens.first, close - 1)


def _clause_end(sentence: Sentence, start: int) -> int:
    """Return where the relative clause at token `start` ends: at the next comma or mark."""
    end = start + 1
    while end < len(sentence.tags) and end - start < _CLAUSE and sentence.tags[end] not in ".,;:-Q":
        end += 1
    return end


def _phrase_end(sentence: Sentence, start: int) -> int:
    end = start
    while end < len(sentence.tags) and sentence.tags[end] in "DMLN":
        end += 1
    return end
