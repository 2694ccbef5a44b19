"""Find what is said in an article: direct, indirect and mixed statements, and their cues."""

import dataclasses
from collections.abc import Sequence

from stance.grammar import Sentence, is_boilerplate, parse
from stance.insertions import Report
from stance.phrases import Tokens
from stance.records import Article, Kind, Quoted, Source, Span, Statement
from stance.reports import (
    ALONE,
    QUESTION,
    SPEAKER,
    find_announcement,
    find_headline,
    find_reports,
)

_MIN_WORDS = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A statement and what the syntax tells of its source.

    `mention` is the noun phrase that speaks, None where the syntax names none; `rule` says what
    found the statement. `alone` is true where its sentence is nothing but a quotation, `runs_on`
    where the quotation goes on in the next paragraph.
    """

    statement: Statement
    rule: str
    sentence: Span
    mention: Span | None = None
    alone: bool = False
    runs_on: bool = False


def find_statements(article: Article) -> list[Statement]:
    """Return the statements of an article in order of appearance.

    A source has no more than the mention that the syntax gives; see `attribution` for who it is.
    """
    return [
        found.statement
        if found.mention is None
        else dataclasses.replace(
            found.statement, source=Source(mention=Quoted.cut(article.text, *found.mention))
        )
        for found in find(article)
    ]


def find(article: Article, parsed: Sequence[Sentence] | None = None) -> list[Found]:
    """Return the statements in order, with what the syntax tells of their sources.

    `parsed` are the sentences of the article, where they are known already.
    """
    parsed = parse(article.text) if parsed is None else parsed
    found: list[Found] = []
    asked: str | None = None
    announced: Found | None = None
    skipped = False
    for number, sentence in enumerate(parsed):
        if sentence.opens_paragraph:
            skipped = is_boilerplate(article.text[sentence.start : sentence.end])
        if skipped:
            continue
        reports = find_reports(sentence)
        if number == 0 and (headline := find_headline(sentence)) is not None:
            reports = [headline]
        made = [_found(article, sentence, one) for one in reports if one.rule != QUESTION]
        answers = [one for one in made if one is not None]
        if answers and asked is not None and not sentence.opens_paragraph:
            answers[0] = _answering(answers[0], asked)
        if answers and announced is not None and answers[0].alone and answers[0].rule == ALONE:
            answers[0] = _announced(answers[0], announced)
        found.extend(answers)
        announcement = find_announcement(sentence)
        announced = _found(article, sentence, announcement) if announcement else None
        asked = _question(article.text, sentence, reports)
    found = _with_turns(article.text, parsed, found)
    found.sort(key=lambda one: (one.statement.spans[0], one.statement.spans[-1].end))
    return [
        dataclasses.replace(
            one, statement=dataclasses.replace(one.statement, id=f"{article.id}#{number}")
        )
        for number, one in enumerate(_with_continuations(article.text, found), start=1)
    ]


def _question(text: str, sentence: Sentence, reports: list[Report]) -> str | None:
    """Return the question of a sentence that tells no more than that it was asked."""
    if len(reports) != 1 or reports[0].rule != QUESTION:
        return None
    return text[slice(*_span(sentence, reports[0].pieces[0]))]


def _answering(found: Found, question: str) -> Found:
    """Give a statement the question of the sentence before, where it has none of its own."""
    question = found.statement.question or question
    return dataclasses.replace(
        found, statement=dataclasses.replace(found.statement, question=question)
    )


def _announced(found: Found, announced: Found) -> Found:
    """Give a quotation alone the cue and source of the sentence before: `Kim went on:`."""
    statement = dataclasses.replace(found.statement, cue=announced.statement.cue)
    return dataclasses.replace(
        found, statement=statement, rule=announced.rule, mention=announced.mention
    )


def _found(article: Article, sentence: Sentence, report: Report) -> Found | None:
    """Make the record of a report; None where nothing is left of its content."""
    text = article.text
    spans = tuple(_content_span(sentence, piece) for piece in report.pieces)
    spans = tuple(span for span in spans if text[span.start : span.end].strip())
    if not spans:
        return None
    tags = "".join(sentence.tags[first:end] for first, end in report.pieces)
    statement = Statement(
        text=" ".join(text[start:end] for start, end in spans),
        article=article.id,
        kind=_kind(tags),
        spans=spans,
        context=text[sentence.start : sentence.end],
        cue=report.cue and Quoted.cut(text, *_span(sentence, report.cue)),
        question=report.question and text[slice(*_span(sentence, report.question))],
    )
    last = sentence.tokens[report.pieces[-1].end - 1].quotation
    return Found(
        statement,
        report.rule,
        Span(sentence.start, sentence.end),
        report.mention and _span(sentence, report.mention),
        alone=sentence.tags.strip(".,;:-") == "Q",
        runs_on=last is not None and last.runs_on,
    )


def _span(sentence: Sentence, tokens: Tokens) -> Span:
    return Span(sentence.tokens[tokens.first].start, sentence.tokens[tokens.end - 1].end)


def _kind(tags: str) -> Kind:
    if "Q" not in tags:
        return "indirect"
    return "mixed" if set(tags) - set("Q.,;:-") else "direct"


def _content_span(sentence: Sentence, piece: Tokens) -> Span:
    """Return the characters of content tokens: a lone quotation without its marks."""
    first, last = sentence.tokens[piece.first], sentence.tokens[piece.end - 1]
    if piece.end - piece.first == 1 and first.quotation:
        return first.quotation.inner
    return Span(first.start, last.end)


def _with_turns(text: str, parsed: Sequence[Sentence], found: list[Found]) -> list[Found]:
    """Give each turn of a transcript the rest of its paragraph, where a speaker talks on."""
    turns = {one.sentence.start: one for one in found if one.rule == SPEAKER}
    if len(turns) < 2:
        return found
    ends: dict[int, int] = {}
    turn: Found | None = None
    inside: set[int] = set()
    for sentence in parsed:
        turn = turns.get(sentence.start) if sentence.opens_paragraph else turn
        if turn is not None:
            ends[turn.sentence.start] = sentence.end
            inside.add(sentence.start)
    kept = [one for one in found if one.sentence.start not in inside]
    return kept + [_whole_turn(text, one, ends[start]) for start, one in turns.items()]


def _whole_turn(text: str, turn: Found, end: int) -> Found:
    span = Span(turn.statement.spans[0].start, end)
    statement = dataclasses.replace(
        turn.statement,
        text=text[span.start : span.end],
        spans=(span,),
        context=text[turn.sentence.start : end],
    )
    return dataclasses.replace(turn, statement=statement, sentence=Span(turn.sentence.start, end))


def _with_continuations(text: str, found: list[Found]) -> list[Found]:
    """Join to a statement the quotations that resume it in the next sentence or paragraph."""
    groups: list[list[Found]] = []
    for one in found:
        head = _resumed(text, groups, one) if one.rule == ALONE else None
        if head is None:
            groups.append([one])
        else:
            head.append(one)
    return [
        _joined(text, group)
        for group in groups
        if len(group) > 1 or group[0].rule != ALONE or _is_long(group[0].statement)
    ]


def _is_long(statement: Statement) -> bool:
    """Tell a lone quotation that says something from a title or a term on a line of its own."""
    return len(statement.text.split()) >= _MIN_WORDS


def _resumed(text: str, groups: list[list[Found]], one: Found) -> list[Found] | None:
    """Return which of the last statements a lone quotation goes on with, None for none."""
    for group in reversed(groups[-4:]):
        before = group[-1]
        between = text[before.sentence.end : one.sentence.start]
        if between.strip():
            return None
        same_paragraph = "\n" not in between and one.alone
        if before.runs_on or (same_paragraph and group[0].statement.kind != "indirect"):
            return group
    return None


def _joined(text: str, group: list[Found]) -> Found:
    first, last = group[0], group[-1]
    if first is last:
        return first
    spans = tuple(span for one in group for span in one.statement.spans)
    statement = dataclasses.replace(
        first.statement,
        spans=spans,
        text=" ".join(text[start:end] for start, end in spans),
        context=text[first.sentence.start : last.sentence.end],
    )
    return dataclasses.replace(
        first, statement=statement, sentence=Span(first.sentence.start, last.sentence.end)
    )
