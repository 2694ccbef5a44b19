"""HTML and Markdown read as plain text, with the way back to the places in the original.

The parsers at hand give no exact offsets (Markdown) or take quadratic time on hostile input
(`html.parser`), so marks are found by linear patterns; what they mean is not interpreted.
"""

import bisect
import dataclasses
import functools
import html
import re
from collections.abc import Iterator, Mapping, Sequence

from stance.records import Quoted, Source, Span, Statement
from stance.text import word_list

# A tag ends before the next `<`, which bounds the search; quoted values may hold `>`.
_HTML = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)
          (?: (?:[^<>"']|"[^"<]*"|'[^'<]*')*+> | [^<>]*+> )
      | (?P<comment><!--)
      | <[!?][a-zA-Z\[][^<>]*+>
      | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)""",
    re.VERBOSE,
)
_LINK = re.compile(r"!?\[(?P<label>[^\[\]\n]{0,500})\]\([^()\s\n]{1,500}(?: \"[^\"\n]{0,200}\")?\)")
_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])(?P<label>[^*\n]{1,500})(?<=\S)\*\*(?![\w*])")
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<mark>[*_])(?=[^\s*_])(?P<label>[^*_\n]{1,500})(?<=\S)(?P=mark)(?!\w)"
)
_HEADING = re.compile(r"(?m)^#{1,6}[ \t]+(?=\S)")
_LINE_MARK = re.compile(r"(?m)^(?:>[ \t]?){1,9}|^[*+-][ \t]+(?=\S)|^(?:```|~~~)[^\n]{0,40}$")
_WRAP = re.compile(r"(?<=[^\n])\n[ \t]*(?=[a-z])")
_INDENT = re.compile(r"[\r\n]\s*")


@dataclasses.dataclass(frozen=True, slots=True)
class Edit:
    """A piece of the original and what is read in its place; `visible` where it says something."""

    start: int
    end: int
    text: str
    visible: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is read, without its markup, and where its pieces stand in the original.

    Piece `k` is `text[starts[k]:starts[k + 1]]`, read from `origins[k]`.
    """

    original: str
    text: str
    starts: Sequence[int]
    origins: Sequence[Span]
    shown: Sequence[bool]

    def spans(self, start: int, end: int) -> list[Span]:
        """Return what a range of the reading is in the original, without the markup inside."""
        found: list[Span] = []
        for k in range(bisect.bisect_right(self.starts, start) - 1, len(self.origins)):
            if self.starts[k] >= end:
                break
            if not self.shown[k]:
                continue
            piece = self._part(k, start, end)
            if found and found[-1].end == piece.start:
                found[-1] = Span(found[-1].start, piece.end)
            elif piece.start < piece.end:
                found.append(piece)
        return [span for span in map(self._stripped, found) if span.start < span.end]

    def _part(self, k: int, start: int, end: int) -> Span:
        """Return the part of a piece that a range holds; an entity or a line end is whole."""
        left, right = self.starts[k], self.starts[k + 1]
        origin = self.origins[k]
        if right - left != origin.end - origin.start:
            return origin
        return Span(origin.start + max(start, left) - left, origin.start + min(end, right) - left)

    def _stripped(self, span: Span) -> Span:
        raw = self.original[span.start : span.end]
        start = span.start + len(raw) - len(raw.lstrip())
        return Span(start, max(start, span.start + len(raw.rstrip())))

    def restore(self, statement: Statement) -> Statement | None:
        """Return a statement of the reading as one of the original, None where nothing is left."""
        if self.text is self.original:
            return statement
        spans = tuple(span for one in statement.spans for span in self.spans(*one))
        if not spans:
            return None
        return dataclasses.replace(
            statement,
            spans=spans,
            text=" ".join(self.original[start:end] for start, end in spans),
            context=_squeezed(statement.context),
            question=_squeezed(statement.question),
            cue=self._quoted(statement.cue),
            source=self._source(statement.source),
        )

    def _quoted(self, quoted: Quoted | None) -> Quoted | None:
        spans = self.spans(quoted.start, quoted.end) if quoted is not None else []
        return Quoted.cut(self.original, spans[0].start, spans[-1].end) if spans else None

    def _source(self, source: Source | None) -> Source | None:
        if source is None:
            return None
        return dataclasses.replace(source, mention=self._quoted(source.mention))


def _squeezed(text: str | None) -> str | None:
    return text if text is None else " ".join(text.split())


def read(text: str) -> Reading:
    """Return a text as it is read: as it is, or without its HTML and Markdown."""
    edits = list(_html_edits(text)) if "<" in text or "&" in text else []
    if _is_markdown(text):
        edits = sorted([*edits, *_markdown_edits(text)], key=lambda edit: (edit.start, -edit.end))
    if not edits:
        return Reading(text, text, (0, len(text)), (Span(0, len(text)),), (True,))
    parts: list[str] = []
    starts, origins, shown = [0], [], []
    place = 0
    for edit in [*edits, Edit(len(text), len(text), "")]:
        if edit.start < place:
            continue
        kept = text[place : edit.start]
        for part, origin, visible in (
            (kept, Span(place, edit.start), True),
            (edit.text, Span(edit.start, edit.end), edit.visible),
        ):
            parts.append(part)
            starts.append(starts[-1] + len(part))
            origins.append(origin)
            shown.append(visible)
        place = edit.end
    return Reading(text, "".join(parts), starts, origins, shown)


@functools.cache
def elements() -> dict[str, str]:
    """Return the class of each HTML element.

    Hidden and dropped ones are left out with what they hold; where a block or a hidden one
    stands a line ends, and an embedded or dropped one leaves the sentence around it whole.
    """
    lines = (line.partition(":") for line in word_list("tags"))
    return {name: kind.strip() for kind, _, names in lines for name in names.split()}


def _html_edits(text: str) -> Iterator[Edit]:
    """Yield the tags, comments, entities and line ends of an HTML text in order."""
    marks = list(html_marks(text))
    names = [name for _, name in marks if name in elements()]
    is_html = len(names) > 1
    has_blocks = is_html and any(elements()[name] in ("block", "hidden") for name in names)
    place = 0
    for edit, name in marks:
        if name is not None and not is_html:
            continue
        if has_blocks:
            yield from _line_ends(text, place, edit.start)
        place = edit.end
        yield edit
    if has_blocks:
        yield from _line_ends(text, place, len(text))


def _line_ends(text: str, start: int, end: int) -> Iterator[Edit]:
    for match in _INDENT.finditer(text, start, end):
        yield Edit(match.start(), match.end(), " ", visible=True)


def html_marks(
    text: str, kinds: Mapping[str, str] | None = None
) -> Iterator[tuple[Edit, str | None]]:
    """Yield edits with the names of their elements; None for entities, "" for comments.

    `kinds` tells the class of each element by its name, as `elements` does.
    """
    kinds = elements() if kinds is None else kinds
    lowered = text.lower() if len(text.lower()) == len(text) else text
    unclosed: set[str] = set()
    place = 0
    while (match := _HTML.search(text, place)) is not None:
        start, place = match.span()
        if match["entity"]:
            read_as = html.unescape(match["entity"])
            if read_as != match["entity"]:
                yield Edit(start, place, read_as, visible=bool(read_as.strip())), None
            continue
        name = (match["name"] or "").lower()
        closing = "-->" if match["comment"] else f"</{name}"
        kind = kinds.get(name, "inline") if name else "hidden" if match["comment"] else ""
        if kind in ("hidden", "dropped") and not match["close"] and closing not in unclosed:
            end = lowered.find(closing, place)
            if end < 0:
                unclosed.add(closing)
            else:
                place = text.find(">", end) + 1 or len(text)
        if kind in ("block", "hidden") and not match["comment"]:
            yield Edit(start, place, "\n"), name
        else:
            embedded = kind in ("embedded", "dropped")
            yield Edit(start, place, _gap(text, start, place) if embedded else ""), name


def _gap(text: str, start: int, end: int) -> str:
    """Return what is read for an element that parts two words, or two sentences."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    return " " if behind.isalnum() and (before.isalnum() or before in tuple(".!?")) else ""


def _is_markdown(text: str) -> bool:
    """Tell Markdown by a link, or bold words, or two kinds of marks at line starts."""
    if _LINK.search(text) or _BOLD.search(text):
        return True
    return bool(_HEADING.search(text) and _LINE_MARK.search(text))


def _markdown_edits(text: str) -> Iterator[Edit]:
    """Yield the marks of a Markdown text, and the line ends inside its paragraphs."""
    for pattern in (_LINK, _BOLD, _EMPHASIS):
        for match in pattern.finditer(text):
            image = match.group().startswith("!")
            start, end = match.span("label")
            yield Edit(match.start(), match.end() if image else start, "")
            if not image:
                yield Edit(end, match.end(), "")
    for pattern in (_HEADING, _LINE_MARK):
        for match in pattern.finditer(text):
            yield Edit(match.start(), match.end(), "")
    for match in _WRAP.finditer(text):
        yield Edit(match.start(), match.end(), " ", visible=True)
