"""Sentences, tokens and paragraphs of a text, as spans of characters."""

import functools
import re
from collections.abc import Iterator
from importlib import resources

from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

from stance.records import Span

# A word keeps its inner apostrophes, hyphens and full stops (U.S., Kim Jong-un, Zelensky's);
# a number its separators; anything else is a token of one character.
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:['’\-‑.,]\w+)*|[^\w\s]")


_PIECE = 20_000  # characters


@functools.cache
def word_list(name: str) -> tuple[str, ...]:
    """Return the entries of `stance/lexicon/NAME.txt`: lines without comments and blanks."""
    text = resources.files("stance.lexicon").joinpath(f"{name}.txt").read_text("utf-8")
    lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


@functools.cache
def _splitter() -> PunktSentenceTokenizer:
    parameters = PunktParameters()
    parameters.abbrev_types = set(word_list("abbreviations"))
    return PunktSentenceTokenizer(parameters)


def token_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the tokens of a text, or of a range of it, in order: words, numbers, single marks."""
    matches = _TOKEN.finditer(text, start, len(text) if end is None else end)
    return [Span(*match.span()) for match in matches]


def paragraph_spans(text: str) -> Iterator[Span]:
    """Yield the lines of a text that hold more than white space, without their line ends."""
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        if body := line.strip():
            left = start + line.index(body)
            yield Span(left, left + len(body))
        start = end


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences of a text in order; none reaches over a line end."""
    sentences: list[Span] = []
    for left, right in paragraph_spans(text):
        open_start = None
        for start, end in _split(text, left, right):
            open_start = start if open_start is None else open_start
            # Punkt also breaks after an abbreviation whose next word ends the sentence.
            if end == right or not _ends_in_abbreviation(text, open_start, end):
                sentences.append(Span(open_start, end))
                open_start = None
    return sentences


def _split(text: str, left: int, right: int) -> Iterator[Span]:
    """Yield Punkt's sentences of a paragraph.

    Punkt gives up on a text that takes it seconds, so a long paragraph is given in pieces; the
    last sentence of a piece may be cut, and begins the next piece.
    """
    start = left
    while start < right:
        stop = min(start + _PIECE, right)
        spans = [Span(start + a, start + b) for a, b in _splitter().span_tokenize(text[start:stop])]
        if stop < right and len(spans) > 1:
            stop = spans.pop().start
        yield from spans
        start = stop


def _ends_in_abbreviation(text: str, start: int, end: int) -> bool:
    last = text[max(start, end - 12) : end].rpartition(" ")[2]
    return last.endswith(".") and last[:-1].lower() in _splitter()._params.abbrev_types
