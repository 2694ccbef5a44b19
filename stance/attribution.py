"""Find who makes each statement of an article, and which question it answers."""

import dataclasses
from collections.abc import Mapping, Sequence

from stance.candidates import candidates, neighbours
from stance.cast import Resolved, cast_of
from stance.exchanges import with_questions
from stance.grammar import Sentence, parse
from stance.markup import read
from stance.mentions import whole_mention
from stance.quotation import Found, find
from stance.ranking import UNRESOLVED, Choice, SourceRanker, default_ranker
from stance.records import Article, Quoted, Source, Span, Statement
from stance.resolution import resolve

_SHOWN = 5  # candidates that an explanation lists


@dataclasses.dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate source in an explanation: its probability, and what each feature adds.

    `contributions` are in log odds, the weightiest first.
    """

    mention: Quoted
    probability: float
    contributions: Mapping[str, float]


@dataclasses.dataclass(frozen=True, slots=True)
class Explanation:
    """Which rule found a statement, and how its source was chosen.

    `chosen` is the mention that won; where there is none, `reason` says why. `candidates` are
    the most probable ones, the best first; a source needs a probability of `threshold`.
    """

    rule: str
    chosen: Quoted | None
    reason: str | None
    threshold: float
    candidates: tuple[Weighed, ...]


def extract(article: Article, ranker: SourceRanker | None = None) -> list[Statement]:
    """Return the statements of an article, each with its source where one can be told.

    HTML and Markdown are read as text; spans are those of the article as it was given. Without a
    ranker the shipped one chooses the sources.
    """
    reading = read(article.text)
    plain = dataclasses.replace(article, text=reading.text)
    parsed = parse(plain.text)
    attributed = attribute(plain, find(plain, parsed), ranker, parsed)
    restored = map(reading.restore, attributed)
    return [statement for statement in restored if statement is not None]


def explain(
    article: Article, ranker: SourceRanker | None = None
) -> list[tuple[Statement, Explanation]]:
    """Return the statements of an article, each with what found it and chose its source.

    The places in an explanation are those of the article read as text.
    """
    ranker = ranker or default_ranker()
    reading = read(article.text)
    plain = dataclasses.replace(article, text=reading.text)
    parsed = parse(plain.text)
    found = find(plain, parsed)
    attributed = _attributed(plain, found, ranker, parsed)
    explained = []
    for one, (statement, choice) in zip(found, attributed, strict=True):
        restored = reading.restore(statement)
        if restored is not None:
            explanation = _explanation(plain.text, one.rule, choice, statement.source, ranker)
            explained.append((restored, explanation))
    return explained


def _explanation(
    text: str, rule: str, choice: Choice, source: Source | None, ranker: SourceRanker
) -> Explanation:
    scored = sorted(choice.scored, key=lambda one: -one[1])[:_SHOWN]
    reason = choice.reason
    if source is not None and source.speaker is None:
        reason = UNRESOLVED
    return Explanation(
        rule=rule,
        chosen=None if choice.chosen is None else Quoted.cut(text, *choice.chosen.span),
        reason=reason,
        threshold=ranker.threshold,
        candidates=tuple(
            Weighed(
                Quoted.cut(text, *candidate.span),
                round(probability, 4),
                ranker.contributions(candidate),
            )
            for candidate, probability in scored
        ),
    )


def attribute(
    article: Article,
    found: Sequence[Found],
    ranker: SourceRanker | None = None,
    parsed: Sequence[Sentence] | None = None,
) -> list[Statement]:
    """Return the statements found with their sources; `source` is None where none is sure.

    `parsed` are the sentences of the article, where they are known already.
    """
    parsed = parse(article.text) if parsed is None else parsed
    attributed = _attributed(article, found, ranker or default_ranker(), parsed)
    return [statement for statement, _ in attributed]


def _attributed(
    article: Article, found: Sequence[Found], ranker: SourceRanker, parsed: Sequence[Sentence]
) -> list[tuple[Statement, Choice]]:
    mentioned = [one.mention for one in found if one.mention is not None]
    cast = cast_of(article.text, mentioned, parsed)
    spoken: list[Resolved] = []
    known: dict[str, Source] = {}
    statements, choices = [], []
    for number, one in enumerate(found):
        choice = ranker.choose(candidates(cast, one, spoken, neighbours(found, number)))
        source = None
        if choice.chosen is not None:
            span = choice.chosen.span
            cue = one.statement.cue
            sentence = cast.sentences[cast.sentence_at(span.start)]
            span = whole_mention(sentence, span, None if cue is None else Span(cue.start, cue.end))
            resolved = resolve(cast, span, one.statement.text, spoken)
            spoken.append(resolved)
            source = _completed(resolved, known)
        statements.append(dataclasses.replace(one.statement, source=source))
        choices.append(choice)
    return list(zip(with_questions(cast, found, statements), choices, strict=True))


def _completed(resolved: Resolved, known: dict[str, Source]) -> Source:
    """Return a source with the role and side that an earlier mention gave of the same person."""
    source, speaker = resolved.source, resolved.source.speaker
    if speaker is None or resolved.actor is None:
        return source
    before = known.get(speaker, source)
    known[speaker] = source = dataclasses.replace(
        source,
        role=source.role or before.role,
        affiliation=source.affiliation or before.affiliation,
    )
    return source
