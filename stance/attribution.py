"""Find who makes each statement of an article, and which question it answers."""

import dataclasses
from collections.abc import Mapping, Sequence

from stance.markup import read
from stance.quotation import Found, find
from stance.records import Article, Source, Span, Statement
from stance.resolution import Cast, Resolved, cast_of, resolve

# How much each property of a candidate speaks for it. The choice depends on nothing else, so
# that learned weights can take the place of these.
WEIGHTS: Mapping[str, float] = {
    "named by the syntax": 10.0,
    "spoke last": 3.0,
    "same paragraph": 1.5,
    "sentences between": -1.5,
    "person": 0.5,
}
THRESHOLD = 2.0
_EXCHANGE = 600  # characters that may stand between a question and its answer
_ANSWERS = frozenset(
    "answer answered respond responded reply replied declined refused avoided sidestepped dodged "
    "evaded acknowledged deflected".split()
)


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A noun phrase that may be the source of a statement, and what speaks for it."""

    span: Span
    features: Mapping[str, float]


def extract(article: Article) -> list[Statement]:
    """Return the statements of an article, each with its source where one can be told.

    HTML and Markdown are read as text; spans are those of the article as it was given.
    """
    reading = read(article.text)
    plain = dataclasses.replace(article, text=reading.text)
    restored = (reading.restore(one) for one in attribute(plain, find(plain)))
    return [statement for statement in restored if statement is not None]


def attribute(
    article: Article, found: Sequence[Found], weights: Mapping[str, float] = WEIGHTS
) -> list[Statement]:
    """Return the statements found with their sources; `source` is None where none is sure."""
    cast = cast_of(article.text, [one.mention for one in found if one.mention is not None])
    spoken: list[Resolved] = []
    known: dict[str, Source] = {}
    statements = []
    for one in found:
        best = choose(candidates(cast, one, spoken), weights)
        source = None
        if best is not None:
            resolved = resolve(cast, best.span, one.statement.text, spoken)
            spoken.append(resolved)
            source = _completed(resolved, known)
        statements.append(dataclasses.replace(one.statement, source=source))
    return _with_questions(found, statements)


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


def candidates(cast: Cast, found: Found, spoken: Sequence[Resolved]) -> list[Candidate]:
    """Return who may be the source: whom the syntax names, who spoke last."""
    options = []
    if found.mention is not None:
        options.append(Candidate(found.mention, {"named by the syntax": 1.0}))
    last = spoken[-1] if spoken else None
    if last is not None and last.source.mention and found.rule == "quotation alone":
        here = cast.sentence_at(found.sentence.start)
        between = cast.text[cast.sentences[last.sentence].end : found.sentence.start]
        features = {
            "spoke last": 1.0,
            "same paragraph": float("\n" not in between),
            "sentences between": float(max(0, here - last.sentence - 1)),
            "person": float(last.actor is not None),
        }
        mention = last.source.mention
        options.append(Candidate(Span(mention.start, mention.end), features))
    return options


def score(candidate: Candidate, weights: Mapping[str, float] = WEIGHTS) -> float:
    """Return the weighted sum of a candidate's features."""
    return sum(weights.get(name, 0.0) * value for name, value in candidate.features.items())


def choose(
    options: Sequence[Candidate], weights: Mapping[str, float] = WEIGHTS
) -> Candidate | None:
    """Return the best candidate, or None where none reaches the threshold."""
    best = max(options, key=lambda option: score(option, weights), default=None)
    return best if best is not None and score(best, weights) >= THRESHOLD else None


@dataclasses.dataclass(frozen=True, slots=True)
class _Asked:
    """A quoted question, who put it, and where the exchange stands by now."""

    text: str
    source: Source | None
    position: int
    answering: bool = False


def _with_questions(found: Sequence[Found], statements: Sequence[Statement]) -> list[Statement]:
    """Give each answer the quoted question of another source that stands before it."""
    result: list[Statement] = []
    asked: _Asked | None = None
    for one, statement in zip(found, statements, strict=True):
        end = one.sentence.end
        if asked is not None and statement.question is None and _answers(one, statement, asked):
            asked = dataclasses.replace(asked, position=end, answering=True)
            result.append(dataclasses.replace(statement, question=asked.text))
            continue
        result.append(statement)
        if statement.kind == "direct" and statement.text.rstrip().endswith("?"):
            asked = _Asked(_last_question(statement.text), statement.source, end)
        elif asked is not None:
            asked = dataclasses.replace(asked, answering=False)
    return result


def _answers(found: Found, statement: Statement, asked: _Asked) -> bool:
    """Tell whether a statement says that it answers, or goes on from one that does."""
    if _speaker(statement.source) in (None, _speaker(asked.source)):
        return False
    cue = statement.cue.text.lower().split() if statement.cue is not None else []
    near = found.sentence.start - asked.position < _EXCHANGE
    return near and (asked.answering or bool(_ANSWERS & set(cue)))


def _speaker(source: Source | None) -> str | None:
    return source.speaker if source is not None else None


def _last_question(text: str) -> str:
    """Return the last sentence of a text that ends in a question mark."""
    body = text.rstrip()
    start = max(body.rfind(mark, 0, len(body) - 1) for mark in (". ", "? ", "! ", "... "))
    return body[start + 1 :].strip(" .") if start >= 0 else body
