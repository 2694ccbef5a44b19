"""Which question a statement answers: asked in its sentence, before it, or in the turn before."""

import bisect
import dataclasses
import re
from collections.abc import Sequence

from stance.cast import Cast
from stance.grammar import Sentence, word_classes
from stance.quotation import Found
from stance.records import Source, Span, Statement
from stance.reports import SPEAKER

_EXCHANGE = 600  # characters that may stand between a question and its answer
_NEXT = 40  # characters that may stand between parts of an answer, or before one that is implied
_LEAD = 14  # tokens between `asked` and what was asked: `by a reporter at the gate on Monday`
_ASKED = frozenset("asked pressed quizzed questioned".split())
_PASSIVE = frozenset("when was were been if once after being is later repeatedly".split())
_OBJECTS = frozenset("him her them me us reporters".split())
_ASKING = frozenset("ask asks asked asking press pressed inquired wondered".split())
_TURN = 2000  # characters that the question of a transcript may have
# "QUESTION (Reuters): Is it open?", "Q Is it open?"
_QUESTION = re.compile(r"(?:(?:Q|QUESTION|Question|REPORTER|Reporter)\b[^:?]{0,40}:|Q )\s*(.+)")
_ANSWERS = frozenset(
    "answer answered answers respond responded reply replied replies declined refused avoided "
    "sidestepped dodged evaded acknowledged deflected retorted".split()
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Asked:
    """A question, who put it, and where the exchange stands by now.

    `answerer` is who answers so far; `put` is true where its cue says that it was asked.
    """

    text: str
    source: Source | None
    position: int
    answerer: str | None = None
    put: bool = False


def with_questions(
    cast: Cast, found: Sequence[Found], statements: Sequence[Statement]
) -> list[Statement]:
    """Give each statement the question that the article says it answers."""
    result: list[Statement] = []
    asked: _Asked | None = None
    for number, (one, statement) in enumerate(zip(found, statements, strict=True)):
        question = statement.question
        if question is None and not _asks(statement):
            question = _turn_before(cast, found, number) or _asked_nearby(cast, found, number)
        if question is None and asked is not None and _answers(one, statement, asked):
            answerer = _speaker(statement.source)
            asked = dataclasses.replace(asked, position=one.sentence.end, answerer=answerer)
            result.append(dataclasses.replace(statement, question=asked.text))
            continue
        result.append(dataclasses.replace(statement, question=question))
        asked = _next(asked, one, result[-1])
    return result


def _next(asked: _Asked | None, one: Found, statement: Statement) -> _Asked | None:
    """Return the exchange behind a statement: a new one where it is a question."""
    end, question = one.sentence.end, statement.question
    if statement.kind == "direct" and statement.text.rstrip().endswith("?"):
        return _Asked(_last_question(statement.text), statement.source, end, put=_asks(statement))
    if _asks(statement) and one.rule in ("wh", "about"):
        return _Asked(statement.text, statement.source, end, put=True)
    if question is not None:
        return _Asked(question, None, end, answerer=_speaker(statement.source))
    if asked is None or asked.answerer is not None:
        return None
    return dataclasses.replace(asked, put=False)


def _asks(statement: Statement) -> bool:
    return statement.cue is not None and bool(_ASKING & set(statement.cue.text.lower().split()))


def _answers(found: Found, statement: Statement, asked: _Asked) -> bool:
    """Tell whether a statement says that it answers, or goes on from one that does."""
    if _speaker(statement.source) in (None, _speaker(asked.source)) or _asks(statement):
        return False
    distance = found.sentence.start - asked.position
    if asked.answerer is not None:
        return _speaker(statement.source) == asked.answerer and distance < _NEXT
    cue = statement.cue.text.lower().split() if statement.cue is not None else []
    return distance < (_NEXT if asked.put else _EXCHANGE) and (
        asked.put or bool(_ANSWERS & set(cue))
    )


def _speaker(source: Source | None) -> str | None:
    return source.speaker if source is not None else None


def _last_question(text: str) -> str:
    """Return the last sentence of a text that ends in a question mark."""
    body = text.rstrip()
    start = max(body.rfind(mark, 0, len(body) - 1) for mark in (". ", "? ", "! ", "... "))
    return body[start + 1 :].strip(" .") if start >= 0 else body


def _turn_before(cast: Cast, found: Sequence[Found], number: int) -> str | None:
    """Return the question of the turn before in a transcript: the line above, or the turn."""
    one = found[number]
    if one.rule != SPEAKER:
        return None
    above = cast.text[max(0, one.sentence.start - _TURN) : one.sentence.start].rstrip()
    line = _QUESTION.match(above.rpartition("\n")[2].strip())
    if line is not None:
        return line.group(1)
    before = found[number - 1] if number else None
    if before is None or before.rule != SPEAKER:
        return None
    text = before.statement.text.strip()
    return text if text.endswith("?") else None


def _asked_nearby(cast: Cast, found: Sequence[Found], position: int) -> str | None:
    """Return what the sentence, or the one before it, says was asked.

    The one before is not looked at where somebody answers in it already.
    """
    one, statement = found[position], found[position].statement
    start = statement.spans[0].start
    places = [start, statement.spans[-1].end]
    places.extend(piece.start for piece in (statement.cue, one.mention) if piece is not None)
    number = cast.sentence_at(min(places))
    here = _asked_in(cast, cast.sentences[number], sorted(places), statement.spans)
    if here is not None or not number or one.sentence.start < cast.sentences[number].start:
        return here
    before = cast.sentences[number - 1]
    earlier = found[position - 1] if position else None
    if earlier and earlier.sentence.end > before.start and not _asks(earlier.statement):
        return None
    if "\n\n" in cast.text[before.end : cast.sentences[number].start] and not one.alone:
        return None
    whole = _asked_in(cast, before, [before.end], ())
    asks_itself = before.tags[-1:] == "." and cast.text[before.end - 1] == "?"
    if whole is None and asks_itself and "Q" not in before.tags:
        return cast.text[before.start : before.end]
    return whole


def _asked_in(
    cast: Cast, sentence: Sentence, places: Sequence[int], content: Sequence[Span]
) -> str | None:
    """Return what was asked in a sentence, up to the statement at `places` or to its end."""
    words = sentence.words
    for k, word in enumerate(words):
        if word not in _ASKED or not _is_put(sentence, k):
            continue
        start = _start_of_question(sentence, k + 1)
        if start is None:
            continue
        position = sentence.tokens[start].start
        if any(first <= position < end for first, end in content):
            continue
        following = places[bisect.bisect_right(places, position) :]
        limit = min(following[0], sentence.end) if following else sentence.end
        end = start + 1
        while end < len(words) and sentence.tokens[end].start < limit:
            end += 1
        return _cut(cast, sentence, start, end, at_comma=limit < sentence.end)
    return None


def _is_put(sentence: Sentence, k: int) -> bool:
    """Tell whether `asked` puts a question to the source: `asked whether`, `was asked`."""
    before = sentence.words[k - 1] if k else ""
    behind = sentence.words[k + 1] if k + 1 < len(sentence.words) else ""
    return not k or before in _PASSIVE or sentence.tags[k - 1] in ",-" or behind in _OBJECTS


def _start_of_question(sentence: Sentence, first: int) -> int | None:
    """Return the token with which a question begins: `whether`, `about`, a quotation."""
    wh = word_classes()["wh"]
    for k in range(first, min(first + _LEAD, len(sentence.tags))):
        if sentence.words[k] in wh or sentence.words[k] == "about" or sentence.tags[k] == "Q":
            return k
        if sentence.tags[k] in ",;:-V":
            break
    return None


def _cut(cast: Cast, sentence: Sentence, start: int, end: int, *, at_comma: bool) -> str:
    if sentence.tags[start] == "Q":
        return sentence.tokens[start].quoted
    if at_comma:
        comma = sentence.tags.rfind(",", start, end)
        end = comma if comma > start else end
    while end > start + 1 and sentence.tags[end - 1] in ".,;:-":
        end -= 1
    return cast.text[sentence.tokens[start].start : sentence.tokens[end - 1].end]
