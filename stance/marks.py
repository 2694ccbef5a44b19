"""Quotation marks of a text, paired: which passages stand between them."""

import bisect
import dataclasses
import re
from collections.abc import Iterator

from stance.records import Span
from stance.text import paragraph_spans

_DOUBLE = re.compile(r"''|``|[\"“”„‟«»″＂]")
_SINGLE = re.compile(r"['‘’‚‹›]")
_OPENERS = {"“": "”", "„": "“”‟", "‟": "”", "«": "»", "»": "«", "``": "''", "''": "''"}
_STRAIGHT = {'"', "″", "＂", "''"}
_ELISIONS = re.compile(r"['’](?:em|til|tis|twas|cause|n|bout|round|\d\ds?)\b", re.IGNORECASE)
# A transcript printed as a quotation opens each turn with a mark that nothing closes.
_TURN = re.compile(r"[A-Z]{2}[A-Z .]{0,40}:")
_BEFORE_OPENING = frozenset(' \t\u00a0([{—–-:/“"')


@dataclasses.dataclass(frozen=True, slots=True)
class Quotation:
    """A passage between quotation marks; `inner` is without the marks.

    `closed` is false where the closing mark is missing; `runs_on` is true where the next
    paragraph opens with a mark again and so continues the passage.
    """

    start: int
    end: int
    inner: Span
    closed: bool = True
    runs_on: bool = False


def quotations(text: str) -> list[Quotation]:
    """Return the outermost quoted passages in order; none reaches over a line end."""
    found: list[Quotation] = []
    for left, right in paragraph_spans(text):
        doubles = list(_double_quoted(text, left, right))
        if found and found[-1].runs_on and not (doubles and doubles[0].start == left):
            found[-1] = dataclasses.replace(found[-1], runs_on=False)
        found.extend(sorted(_with_single_quoted(text, Span(left, right), doubles), key=_start))
    if found and found[-1].runs_on:
        found[-1] = dataclasses.replace(found[-1], runs_on=False)
    return found


def _start(quotation: Quotation) -> int:
    return quotation.start


def _double_quoted(text: str, left: int, right: int) -> Iterator[Quotation]:
    """Pair the double marks of a paragraph, the outermost ones only."""
    opened: re.Match[str] | None = None
    nested = 0
    for mark in _DOUBLE.finditer(text, left, right):
        if opened is None:
            turns = mark.start() == left and _TURN.match(text, mark.end())
            if _can_open(text, mark, left, right) and not turns:
                opened, nested = mark, 0
        elif mark.group() == "“" and opened.group() not in "“„":
            nested += 1
        elif mark.group() == "”" and nested:
            nested -= 1
        elif _closes(text, opened.group(), mark, right):
            yield _quotation(text, opened, mark.start(), mark.end())
            opened = None
        elif mark.group() == opened.group() and _can_open(text, mark, left, right):
            yield _quotation(text, opened, mark.start(), mark.start(), closed=False)
            opened = mark
    if opened is not None and opened.end() < right:
        alone = not text[opened.end() : right].strip()
        if not alone:
            yield dataclasses.replace(
                _quotation(text, opened, right, right, closed=False), runs_on=True
            )


def _quotation(
    text: str, opened: re.Match[str], inner_end: int, end: int, *, closed: bool = True
) -> Quotation:
    start = opened.end()
    while start < inner_end and text[start].isspace():
        start += 1
    while inner_end > start and text[inner_end - 1].isspace():
        inner_end -= 1
    return Quotation(opened.start(), end if closed else inner_end, Span(start, inner_end), closed)


def _can_open(text: str, mark: re.Match[str], left: int, right: int) -> bool:
    kind = mark.group()
    if kind in ("“", "„", "‟", "``"):
        return True
    before_open = mark.start() == left or text[mark.start() - 1] in _BEFORE_OPENING
    before_open = before_open or text[mark.start() - 1].isspace()
    if kind == "«":
        return True
    follows_space = mark.end() >= right or text[mark.end()].isspace()
    if kind == "»":
        return before_open and not follows_space
    return before_open and mark.end() < right


def _closes(text: str, opener: str, mark: re.Match[str], right: int) -> bool:
    kind = mark.group()
    if opener in ("«", "»"):
        return kind in _OPENERS[opener]
    if kind in ("”", "‟"):
        return True
    if opener == "„" and kind == "“":
        return True
    if kind in _STRAIGHT:
        opening = text[mark.start() - 1].isspace() and (
            mark.end() < right and not text[mark.end()].isspace()
        )
        return not opening
    return False


def _with_single_quoted(
    text: str, paragraph: Span, doubles: list[Quotation]
) -> Iterator[Quotation]:
    """Yield the single-quoted passages and those double-quoted ones that none of them holds."""
    marks = [mark for mark in _SINGLE.finditer(text, *paragraph) if not _inside(mark, doubles)]
    closers = [mark.start() for mark in marks if _closes_single(text, mark.start(), paragraph)]
    position = paragraph.start
    passages: list[Quotation] = []
    for mark in marks:
        if mark.start() < position or not _opens_single(text, mark, paragraph):
            continue
        end = _single_closer(text, closers, mark.start() + 1)
        if end is None or end <= mark.end():
            continue
        passages.append(_quotation(text, mark, end, end + 1))
        position = end + 1
    yield from passages
    starts = [passage.start for passage in passages]
    for double in doubles:
        k = bisect.bisect_right(starts, double.start) - 1
        if k < 0 or passages[k].end <= double.start:
            yield double


def _inside(mark: re.Match[str], doubles: list[Quotation]) -> bool:
    k = bisect.bisect_right(doubles, mark.start(), key=_start) - 1
    return k >= 0 and mark.start() < doubles[k].end


def _opens_single(text: str, mark: re.Match[str], paragraph: Span) -> bool:
    start, end = mark.span()
    if end >= paragraph.end or not (text[end].isalnum() or text[end] in '“"[…'):
        return False
    if start > paragraph.start and not (
        text[start - 1].isspace() or text[start - 1] in _BEFORE_OPENING
    ):
        return False
    return mark.group() in "‘‚‹'›" and not _ELISIONS.match(text, start)


def _closes_single(text: str, start: int, paragraph: Span) -> bool:
    if text[start] not in "'’›‹" or start == paragraph.start or text[start - 1].isspace():
        return False
    return start + 1 >= paragraph.end or not text[start + 1].isalnum()


def _single_closer(text: str, closers: list[int], start: int) -> int | None:
    """Return the next closing mark; one that may be a plural's apostrophe yields to a later."""
    k = bisect.bisect_left(closers, start)
    if k >= len(closers):
        return None
    end = closers[k]
    plural = text[end - 1] in "sS" and text[end + 1 : end + 2] == " "
    if plural and k + 1 < len(closers) and text[end + 2 : end + 3].islower():
        between = text[end + 1 : closers[k + 1]]
        if not re.search(r"[‘“\"\n]|(?<=\s)'", between):
            return closers[k + 1]
    return end
