"""Shallow grammar of news sentences: tokens with quotations as one token, and noun phrases.

There is no tagger behind it: the closed word classes come from a list, the rest from shape and
neighbours.
"""

import bisect
import dataclasses
import functools
import re
from typing import NamedTuple

from stance.marks import Quotation
from stance.marks import quotations as find_quotations
from stance.records import Span
from stance.text import sentence_spans, token_spans, word_list
from stance.verbs import quoting_forms

# A sentence longer than this is read in pieces, which keeps the time linear in its length.
MAX_TOKENS = 300
_SENTENCE_END = re.compile(r"[.?!…]$")
# "SEOUL, Jan. 9 (UPI) -- ": capitals, a place or agency, a dash.
_DATELINE = re.compile(r"(?m)^[A-Z][A-Z]{2}[^\n–—\-]{0,80}(?:--|[–—-])\s")
_BYLINE = re.compile(r"(?i:by) [A-Z][\w.'’-]+ [A-Z]")
_CAPTION_END = re.compile(r"[\])](?=[A-Z])")


class Token(NamedTuple):
    """A word, a mark, or a whole quotation, which stands for one word in its sentence."""

    start: int
    end: int
    text: str
    quotation: Quotation | None = None

    @property
    def lower(self) -> str:
        """Return the word in lower case, with plain apostrophes; empty for a quotation."""
        return "" if self.quotation else self.text.lower().replace("’", "'")

    @property
    def quoted(self) -> str:
        """Return what stands between the marks; empty for a word."""
        if self.quotation is None:
            return ""
        start, end = self.quotation.inner
        return self.text[start - self.start : end - self.start]


@dataclasses.dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article as the rules read it: `text[start:end]`."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    tags: str
    opens_paragraph: bool = False
    is_cue: tuple[bool, ...] = ()

    @property
    def is_headline(self) -> bool:
        """Tell whether most of its words are capitalised."""
        return self.tags.count("M") > 2 * self.tags.count("L") + 2


@functools.cache
def _boilerplate() -> tuple[str, ...]:
    return word_list("boilerplate")


def is_boilerplate(line: str) -> bool:
    """Tell a credit, caption, copyright or subscription line by how it begins."""
    if line[:40].lower().replace("’", "'").startswith(_boilerplate()):
        return True
    return bool(_BYLINE.match(line)) and len(line) < 120 and line[-1] not in '.?!”"'


@functools.cache
def word_classes() -> dict[str, frozenset[str]]:
    """Return the members of each class of `lexicon/words.txt`."""
    lines = (line.partition(":") for line in word_list("words"))
    return {name.strip(): frozenset(words.split()) for name, _, words in lines}


def parse(text: str) -> list[Sentence]:
    """Return the sentences of a text, each quotation one token of its sentence."""
    return sentences(text, find_quotations(text))


def sentences(text: str, quotations: list[Quotation]) -> list[Sentence]:
    """Return the sentences in order; none begins or ends inside a quotation."""
    starts = [quotation.start for quotation in quotations]
    found: list[Sentence] = []
    line_start = -1
    for span in _joined(text, quotations):
        low = bisect.bisect_left(starts, span.start)
        high = bisect.bisect_left(starts, span.end)
        tokens = _tokens(text, span, quotations[low:high])
        new_line = text.rfind("\n", max(line_start, 0), span.start)
        opens = new_line > line_start or not found
        line_start = max(new_line, line_start, 0)
        for k in range(0, len(tokens), MAX_TOKENS):
            part = tuple(tokens[k : k + MAX_TOKENS])
            words = tuple(token.lower for token in part)
            tags = "".join(_tag(token, word) for token, word in zip(part, words, strict=True))
            tags = _with_months(part, tags)
            found.append(Sentence(part[0].start, part[-1].end, part, words, tags, opens and k == 0))
    return found


def _joined(text: str, quotations: list[Quotation]) -> list[Span]:
    """Return sentence spans, cut after a quoted full stop and mended inside quotations."""
    breaks = _breaks(text, quotations)
    spans: list[Span] = []
    for sentence in sentence_spans(text):
        start = sentence.start
        low = bisect.bisect_right(breaks, sentence.start)
        high = bisect.bisect_left(breaks, sentence.end)
        for cut in [*breaks[low:high], sentence.end]:
            if text[start:cut].strip():
                spans.append(Span(start, cut))
            start = cut
    joined: list[Span] = []
    ends = [quotation.end for quotation in quotations]
    for span in spans:
        if joined and _continues(text, joined[-1], span, quotations, ends):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return [_stripped(text, span) for span in joined]


def _breaks(text: str, quotations: list[Quotation]) -> list[int]:
    found = []
    for quotation in quotations:
        following = text[quotation.end : quotation.end + 3].lstrip(" ")
        if (
            _SENTENCE_END.search(text[quotation.inner.start : quotation.inner.end][-1:])
            and following
            and (following[0].isupper() or following[0] in "“\"‘«'")
        ):
            found.append(quotation.end)
    inside = [quotation.start for quotation in quotations]
    for pattern in (_DATELINE, _CAPTION_END):
        for match in pattern.finditer(text):
            k = bisect.bisect_right(inside, match.end()) - 1
            if k < 0 or quotations[k].end <= match.end():
                found.append(match.end())
    return sorted(found)


def _continues(
    text: str, before: Span, span: Span, quotations: list[Quotation], ends: list[int]
) -> bool:
    """Tell whether a sentence break is none: inside a quotation, or before its attribution."""
    if "\n" in text[before.end : span.start]:
        return False
    k = bisect.bisect_left(ends, before.end)
    if k < len(quotations) and quotations[k].start < before.end < ends[k]:
        return True
    if k < len(quotations) and quotations[k].start < span.start < ends[k]:
        return True
    head = text[span.start : span.start + 1]
    if head.islower():
        return True
    closed = k < len(quotations) and ends[k] == before.end
    return closed and _reports(text[quotations[k].inner.end - 1], text[span.start : span.end])


def _reports(mark: str, sentence: str) -> bool:
    """Tell whether a sentence behind a quotation only says who spoke: `"Why?" Kim asked.`"""
    words = [word.strip(".,:").lower() for word in sentence.split(maxsplit=30)]
    for k, word in enumerate(words[1:8], start=1):
        if word in quoting_forms():
            return len(words) <= 4 or (mark in "?!…—" and "that" not in words[k:])
    return False


def _stripped(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _tokens(text: str, span: Span, quotations: list[Quotation]) -> list[Token]:
    tokens: list[Token] = []
    start = span.start
    for quotation in quotations:
        tokens.extend(_plain_tokens(text, start, quotation.start))
        quoted = text[quotation.start : quotation.end]
        tokens.append(Token(quotation.start, quotation.end, quoted, quotation))
        start = quotation.end
    tokens.extend(_plain_tokens(text, start, span.end))
    return tokens


def _plain_tokens(text: str, start: int, end: int) -> list[Token]:
    """Return the tokens of a range without quotations; `Mr.` and `J.` keep their full stops."""
    tokens: list[Token] = []
    if start >= end:
        return tokens
    for left, right in token_spans(text, start, end):
        word = text[left:right]
        if word == "." and tokens and tokens[-1].end == left and right < end:
            before = tokens[-1]
            initial = len(before.text) == 1 and before.text.isupper()
            if initial or before.lower in _abbreviations():
                tokens[-1] = Token(before.start, right, text[before.start : right])
                continue
        tokens.append(Token(left, right, word))
    return tokens


@functools.cache
def _abbreviations() -> frozenset[str]:
    return frozenset(word_list("abbreviations"))


_CLITIC = re.compile(r"(?:he|she|it|they|we|i|you|that|there)'(?:s|d|ll|re|ve|m)")

# The first class that holds a word gives its tag; see `_tag` for those that none holds.
_CLASS_TAGS = {
    "weekday": "T",
    "relative": "W",
    "subordinator": "S",
    "conjunction": "C",
    "auxiliary": "X",
    "modal": "X",
    "negation": "A",
    "determiner": "D",
    "pronoun": "R",
    "object": "O",
    "number": "N",
    "preposition": "I",
    "adverb": "A",
    "verb": "V",
}


@functools.cache
def _tags_of_words() -> dict[str, str]:
    tags: dict[str, str] = {}
    for name, tag in _CLASS_TAGS.items():
        for word in word_classes()[name]:
            tags.setdefault(word, tag)
    return tags


def _tag(token: Token, word: str) -> str:
    """Return the tag of a token.

    Q quotation, M capitalised, L other word, N number, V verb, X auxiliary, D determiner,
    R pronoun, O object pronoun, I preposition, C conjunction, S subordinator, W relative,
    A adverb, T day; marks are their own tags where the rules ask for them, else `.`.
    """
    if token.quotation:
        return "Q"
    if token.text == "US":
        return "M"
    first = token.text[0]
    tag = _tags_of_words().get(word)
    if tag is not None:
        return "M" if tag == "V" and first.isupper() else tag
    if not first.isalnum():
        return _MARK_TAGS.get(first, ".")
    if "'" in word:
        if _CLITIC.fullmatch(word):
            return "R"
        if word.endswith(("n't", "'ve", "'ll", "'re", "'d")):
            return "X"
    if first.isdigit():
        return "N"
    if first.isupper():
        return "M"
    if word.endswith("ly") and len(word) > 4:
        return "A"
    return "L"


def _with_months(tokens: tuple[Token, ...], tags: str) -> str:
    """Return the tags with the month of May told from the verb: `in May`, `May 3`."""
    for k, token in enumerate(tokens):
        if token.text == "May" and k and (tags[k - 1] == "I" or tags[k + 1 : k + 2] == "N"):
            tags = f"{tags[:k]}M{tags[k + 1 :]}"
    return tags


_MARK_TAGS = (
    {",": ",", ":": ":", ";": ";", "(": "(", ")": ")", "[": "(", "]": ")"}
    | dict.fromkeys("-–—―", "-")
    | {"'": "L", "’": "L", "&": "L", "$": "N", "€": "N", "£": "N", "%": "L", "#": "L", "@": "L"}
)


def is_title(quoted: str, *, least: int = 2) -> bool:
    """Tell a quoted title or name by its capitals, of which it has at least `least`."""
    body = quoted.rstrip(",")
    words = body.split()
    small = [word for word in words if len(word) > 4 and not word[0].isupper()]
    capitals = [word for word in words if word[0].isupper()]
    return body[-1:].isalnum() and len(capitals) >= least and not small
