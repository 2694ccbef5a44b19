"""An article as HTML in which every statement is marked in place, whatever the text holds.

Statements may lie within or across one another, so the text is cut wherever one begins or ends:
each piece is one element, drawn as the shortest statement that covers it.
"""

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from stance.records import Prediction, Span
from stance.wording import MARKS

GLYPHS = {str(stance): mark for stance, mark in MARKS.items()}

_TOLD = 4  # of the statements that cover a piece, those that the piece names
_TELLING = 0.5  # of the strongest evidence's weight: underlining all would show nothing
_SNIPPET = 280  # characters of a statement in a list
# What would act on the text around it, or cannot be seen: it is shown by its name instead.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_CLOSING = "”’\"'»)].,;:!?"
_AFTER = 4  # closing marks that a statement's note lets pass


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement on the page: `number` from 1 in the order of the article, `saved` if corrected.

    `spans` are where it stands in what is shown, which for a single quote is all of it.
    """

    number: int
    prediction: Prediction
    spans: tuple[Span, ...]
    saved: bool = False

    @property
    def label(self) -> str:
        """Return the label's name."""
        return str(self.prediction.stance)

    @property
    def speaker(self) -> str:
        """Return who says it, as far as that is known."""
        source = self.prediction.source
        return (source and (source.speaker or source.role or source.affiliation)) or "unnamed"

    @property
    def for_review(self) -> bool:
        """Tell whether a person should look at it and none has."""
        return self.prediction.needs_review and not self.saved

    @property
    def percent(self) -> int:
        """Return the probability of the label in percent."""
        return round(100 * self.prediction.probability)


def safe(text: str) -> Markup:
    """Return a text as HTML that shows what it holds, and cannot turn the page around."""
    if not _CONTROL.search(text):
        return escape(text)
    parts = []
    last = 0
    for found in _CONTROL.finditer(text):
        parts.append(escape(text[last : found.start()]))
        if found.group() != "\r":
            parts.append(Markup('<span class="control">U+{:04X}</span>').format(ord(found.group())))
        last = found.end()
    parts.append(escape(text[last:]))
    return Markup("").join(parts)


def article(text: str, shown: Sequence[Shown]) -> Markup:
    """Return the text in paragraphs, its statements marked and followed by who and what."""
    paragraphs = list(_paragraphs(text))
    cuts = _cuts(text, shown, paragraphs)
    places = sorted(cuts)
    covering = _Covering()
    out: list[str] = []
    at = 0
    for start, end in paragraphs:
        while at < len(places) and places[at] <= start:
            covering.pass_by(cuts[places[at]])
            at += 1
        out.append('<p dir="auto">')
        position = start
        while at < len(places) and places[at] <= end:
            cut = cuts[places[at]]
            out.append(covering.piece(text, position, places[at]))
            if cut.beginning or cut.ending or cut.notes:
                out.append(covering.close())
            out.extend(map(_note, cut.notes))
            covering.pass_by(cut)
            position = places[at]
            at += 1
        out += [covering.piece(text, position, end), covering.close(), "</p>\n"]
    return Markup("".join(out))  # noqa: S704 - made of escaped pieces only


def underlined(one: Shown, most: int | None = _SNIPPET) -> Markup:
    """Return a statement, or its first so many characters, with its evidence underlined."""
    text = one.prediction.text
    cut = text if most is None or len(text) <= most else text[:most]
    out: list[str] = []
    last = 0
    for span in sorted(_speaking_for(one.prediction)):
        end = min(span.end, len(cut))
        if last <= span.start < end:
            out.append(safe(cut[last : span.start]))
            out.append(f"<u>{safe(cut[span.start : end])}</u>")
            last = end
    out.append(safe(cut[last:]))
    if cut != text:
        out.append(" …")
    return Markup("".join(out))  # noqa: S704 - made of escaped pieces only


def _speaking_for(prediction: Prediction) -> list[Span]:
    strongest = max((piece.weight for piece in prediction.evidence), default=0.0)
    return [
        Span(piece.start, piece.end)
        for piece in prediction.evidence
        if piece.weight > 0 and piece.weight >= _TELLING * strongest
    ]


def _evidence(one: Shown) -> Iterator[Span]:
    """Yield where the evidence stands in the article; the text is the spans joined by a space."""
    reasons = _speaking_for(one.prediction)
    before = 0
    for start, end in one.spans:
        for reason in reasons:
            first = max(reason.start - before, 0)
            last = min(reason.end - before, end - start)
            if first < last:
                yield Span(start + first, start + last)
        before += end - start + 1


@dataclass(slots=True)
class _Cut:
    """What begins and ends at one place of the text."""

    ending: list[Shown] = field(default_factory=list)
    beginning: list[Shown] = field(default_factory=list)
    notes: list[Shown] = field(default_factory=list)
    reasons: int = 0


class _Covering:
    """The statements that cover the place where the reading stands, the shortest first."""

    def __init__(self) -> None:
        self._statements: list[tuple[int, int, Shown]] = []
        self._reasons = 0
        self._marked = False

    def pass_by(self, cut: _Cut) -> None:
        """Leave the statements that end here, then enter those that begin."""
        for one in cut.ending:
            self._statements.remove(_ranked(one))
        for one in cut.beginning:
            insort(self._statements, _ranked(one))
        self._reasons += cut.reasons

    def piece(self, text: str, start: int, end: int) -> str:
        """Return the text from one cut to the next, drawn as the shortest statement over it."""
        if start >= end:
            return ""
        inner: str = safe(text[start:end])
        if not self._statements:
            return inner
        if self._reasons:
            inner = f"<u>{inner}</u>"
        if self._marked:
            return inner
        self._marked = True
        one = self._statements[0][2]
        classes = one.label
        if one.spans[0].start == start:
            classes += " first"
        if len(self._statements) > 1:
            classes += " within"
        covering = " ".join(str(number) for _, number, _ in self._statements[:_TOLD])
        return f'<mark class="{classes}" data-of="{covering}">{inner}'

    def close(self) -> str:
        """Return what ends the element that was begun, if one was."""
        open_, self._marked = self._marked, False
        return "</mark>" if open_ else ""


def _ranked(one: Shown) -> tuple[int, int, Shown]:
    # Numbers differ, so that the comparison never comes to the statement itself.
    return sum(end - start for start, end in one.spans), one.number, one


def _note(one: Shown) -> str:
    """Return the note behind a statement: who, which label, how sure; a link to its entry."""
    told = f"{one.label}, corrected" if one.saved else f"{one.label} {one.percent}%"
    review = '<span class="ask">review</span>' if one.for_review else ""
    return (
        f'<a class="note {one.label}" id="at-{one.number}" href="#entry-{one.number}"'
        f' data-of="{one.number}"><span class="glyph" aria-hidden="true">{GLYPHS[one.label]}</span>'
        f"<bdi>{safe(one.speaker)}</bdi> <span>{told}</span>{review}</a>"
    )


def _cuts(
    text: str, shown: Sequence[Shown], paragraphs: Sequence[tuple[int, int]]
) -> dict[int, _Cut]:
    cuts: defaultdict[int, _Cut] = defaultdict(_Cut)
    starts = [start for start, _ in paragraphs]
    for one in shown:
        for start, end in one.spans:
            cuts[start].beginning.append(one)
            cuts[end].ending.append(one)
        for start, end in _evidence(one):
            cuts[start].reasons += 1
            cuts[end].reasons -= 1
        place = _after(text, max((span.end for span in one.spans), default=0))
        # In the gap between two paragraphs it would stand in neither.
        first, last = paragraphs[max(0, bisect_left(starts, place) - 1)]
        cuts[max(first, min(place, last))].notes.append(one)
    return cuts


def _after(text: str, place: int) -> int:
    """Return the place behind the closing marks that follow."""
    most = min(place + _AFTER, len(text))
    while place < most and text[place] in _CLOSING:
        place += 1
    return place


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield paragraphs: parted by empty lines, or where there are none, by lines."""
    part = re.compile(r"\n[ \t]*\n\s*" if re.search(r"\n[ \t]*\n", text) else r"\n")
    last = 0
    for found in part.finditer(text):
        yield last, found.start()
        last = found.end()
    yield last, len(text)
