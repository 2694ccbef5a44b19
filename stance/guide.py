"""The annotation guide's mechanical rules: what no annotation may be, and what it rarely is."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from stance.corpus import Located, plain
from stance.records import Annotation

LONGEST = 20_000  # characters of a text, question or context
_OPENERS, _CLOSERS = '"“„«‟', '"”»“'
_MARKS = frozenset(_OPENERS + _CLOSERS)
_EDGE = 3  # words


class Finding(NamedTuple):
    """What is wrong with an annotation, where it was read; an `error` is not trained on."""

    where: str
    error: bool
    message: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.where}: {self.message}"


def check(located: Located) -> list[Finding]:
    """Hold an annotation against the rules that need no article."""
    found = [Finding(located.where, True, fault) for fault in _faults(located.annotation)]
    doubts = [f"key {key!r} is not known and ignored" for key in located.unknown]
    doubts += _doubts(located.annotation)
    return found + [Finding(located.where, False, doubt) for doubt in doubts]


def _faults(annotation: Annotation) -> Iterator[str]:
    for field in ("text", "question", "context"):
        if len(getattr(annotation, field) or "") > LONGEST:
            yield f"/{field}: is longer than {LONGEST} characters; give the statement only"
    if annotation.kind == "direct" and in_outer_marks(annotation.text):
        yield "/text: a direct quotation stands without its outer quotation marks"
    if annotation.spans and annotation.article is None:
        yield "/spans: need the article that they are in"
    if any(start >= end for start, end in annotation.spans):
        yield "/spans: a span ends where it starts, or before"
    if any(left.end > right.start for left, right in itertools.pairwise(annotation.spans)):
        yield "/spans: are not in order, or overlap"
    mention = annotation.source.mention if annotation.source else None
    for pointer, piece in (("/cue", annotation.cue), ("/source/mention", mention)):
        if piece and piece.end - piece.start != len(piece.text):
            yield f"{pointer}: its text is not as long as its offsets say"


def _doubts(annotation: Annotation) -> Iterator[str]:
    if annotation.kind is None and in_outer_marks(annotation.text):
        yield "/text: stands in quotation marks; the text of a quotation goes without them"
    if annotation.kind == "mixed" and not _MARKS & set(annotation.text):
        yield "/kind: is mixed, but nothing in the text stands in quotation marks"
    if annotation.kind == "indirect" and _MARKS & set(annotation.text):
        yield "/kind: is indirect, but the text has quotation marks; is it mixed?"
    if annotation.context and not _is_in_context(annotation):
        yield "/context: does not hold the text"


def in_outer_marks(text: str) -> bool:
    """Tell whether one pair of quotation marks encloses the whole text."""
    inner = text.strip()
    return (
        len(inner) > 1
        and inner[0] in _OPENERS
        and inner[-1] in _CLOSERS
        and not _MARKS & set(inner[1:-1])
    )


def _is_in_context(annotation: Annotation) -> bool:
    """Tell whether the text begins and ends in its context; a cue may interrupt it."""
    own, context = plain(annotation.text).split(), plain(annotation.context or "")
    return all(plain(" ".join(edge)) in context for edge in (own[:_EDGE], own[-_EDGE:]))
