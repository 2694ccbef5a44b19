"""Which candidate is the source: a linear model, learned from annotated articles."""

import collections
import dataclasses
import functools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from stance.candidates import Candidate, candidates, neighbours
from stance.cast import Cast, Resolved, cast_of
from stance.grammar import parse
from stance.quotation import Found, find
from stance.records import Annotation, Article, Span, StanceError
from stance.resolution import resolve
from stance.text import word_list

# Held out of training, the best of the candidates is wrong more often than not below this.
THRESHOLD = 0.05
_BIAS = "(bias)"
_SHARED = 0.5  # of the union of characters, for a statement found to be the annotated one
NOBODY = "no noun phrase about the statement may be its source"
UNSURE = "no candidate reaches the threshold"
UNRESOLVED = "the article does not tell whom the mention stands for"


class NothingToLearnError(StanceError):
    """No annotation tells where its article names the source."""


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of a statement with their probabilities, and the one chosen.

    `reason` says why none was, and is None where one was.
    """

    chosen: Candidate | None
    scored: tuple[tuple[Candidate, float], ...]
    reason: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class SourceRanker:
    """A logistic model of whether a candidate is the source.

    The most probable candidate is chosen where its probability reaches `threshold`.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float = THRESHOLD

    def contributions(self, candidate: Candidate) -> dict[str, float]:
        """Return what each feature adds to a candidate's log odds, the weightiest first."""
        parts = {
            name: round(self.weights[name] * value, 3)
            for name, value in candidate.features.items()
            if value and name in self.weights
        }
        return dict(sorted(parts.items(), key=lambda part: -abs(part[1])))

    def probability(self, candidate: Candidate) -> float:
        """Return how probable it is that a candidate is the source, 0 to 1."""
        weights = self.weights
        odds = self.bias
        for name, value in candidate.features.items():
            odds += weights.get(name, 0.0) * value
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))

    def choose(self, options: Sequence[Candidate]) -> Choice:
        """Return the most probable candidate, or none with the reason."""
        scored = tuple((option, self.probability(option)) for option in options)
        if not scored:
            return Choice(None, (), NOBODY)
        best, probability = max(scored, key=lambda one: one[1])
        if probability < self.threshold:
            return Choice(None, scored, UNSURE)
        return Choice(best, scored)


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one statement, and which are right (1), wrong (0), or either (None)."""

    article: str
    candidates: tuple[Candidate, ...]
    right: tuple[int | None, ...]


def fit_ranker(articles: Iterable[Article], annotations: Sequence[Annotation]) -> SourceRanker:
    """Learn which candidate is the source from annotations that carry spans and a mention.

    Raise NothingToLearnError where there is none with a right and one with a wrong candidate. The
    same data gives the same ranker.
    """
    return fitted(examples(articles, annotations))


def fitted(learnt: Sequence[Example]) -> SourceRanker:
    """Fit the weights to examples, by logistic regression."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = [
        (candidate.features, right)
        for one in learnt
        for candidate, right in zip(one.candidates, one.right, strict=True)
        if right is not None
    ]
    if len({right for _, right in rows}) < 2:
        raise NothingToLearnError("no annotation of an article names a source to learn from")
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([features for features, _ in rows])
    model = LogisticRegression(C=1.0, max_iter=500).fit(matrix, [right for _, right in rows])
    names = vectorizer.get_feature_names_out()
    weights = {str(name): float(weight) for name, weight in zip(names, model.coef_[0], strict=True)}
    return SourceRanker(weights, float(model.intercept_[0]))


def examples(articles: Iterable[Article], annotations: Sequence[Annotation]) -> list[Example]:
    """Return the statements found in the articles that are annotated, with their candidates."""
    told: dict[str, list[Annotation]] = collections.defaultdict(list)
    for annotation in annotations:
        if annotation.article and annotation.spans:
            told[annotation.article].append(annotation)
    return [
        example
        for article in articles
        if article.id in told
        for example in _examples(article, told[article.id])
    ]


def _examples(article: Article, told: Sequence[Annotation]) -> Iterator[Example]:
    parsed = parse(article.text)
    found = find(article, parsed)
    cast = cast_of(article.text, [one.mention for one in found if one.mention is not None], parsed)
    partner = dict(matched(told, [one.statement.spans for one in found]))
    spoken: list[Resolved] = []
    for number, one in enumerate(found):
        annotation = partner.get(number)
        if annotation is None:
            if one.mention is not None:
                spoken.append(resolve(cast, one.mention, one.statement.text, spoken))
            continue
        options = candidates(cast, one, spoken, neighbours(found, number))
        right = _right(cast, one, annotation, options, spoken)
        yield Example(article.id, tuple(options), right)
        chosen = next((o for o, is_right in zip(options, right, strict=True) if is_right), None)
        if chosen is not None:
            spoken.append(resolve(cast, chosen.span, one.statement.text, spoken))


def matched(
    told: Sequence[Annotation], found: Sequence[Sequence[Span]]
) -> Iterator[tuple[int, Annotation]]:
    """Yield the number of each statement found with its annotation, the best match first.

    They match where they share half of the characters that either holds.
    """
    ranked = []
    for i, annotation in enumerate(told):
        mine = _characters(annotation.spans)
        for j, spans in enumerate(found):
            if (
                spans[0].start < annotation.spans[-1].end
                and annotation.spans[0].start < spans[-1].end
            ):
                theirs = _characters(spans)
                share = len(mine & theirs) / len(mine | theirs)
                if share >= _SHARED:
                    ranked.append((-share, i, j))
    used: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in sorted(ranked):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield j, told[i]


def _characters(spans: Iterable[Span]) -> set[int]:
    return {position for start, end in spans for position in range(start, end)}


def _right(
    cast: Cast,
    found: Found,
    annotation: Annotation,
    options: Sequence[Candidate],
    spoken: Sequence[Resolved],
) -> tuple[int | None, ...]:
    """Tell which candidates are the annotated source: that which overlaps its mention best."""
    if annotation.source is None:
        return tuple(0 for _ in options)
    mention = annotation.source.mention
    if mention is not None:
        shares = [_overlap(option.span, Span(mention.start, mention.end)) for option in options]
        best = max(shares, default=0.0)
        if best:
            alike = [
                share >= _SHARED or (share > 0 and option.span.start == mention.start)
                for option, share in zip(options, shares, strict=True)
            ]
            return tuple(
                1 if share == best else None if is_alike else 0
                for share, is_alike in zip(shares, alike, strict=True)
            )
    # A quotation that stands alone has its speaker somewhere before it.
    speaker = annotation.source.speaker
    same = [
        resolve(cast, option.span, found.statement.text, spoken).source.speaker == speaker
        for option in options
    ]
    return tuple(int(is_same) for is_same in same)


def _overlap(one: Span, other: Span) -> float:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return max(0, shared) / (max(one.end, other.end) - min(one.start, other.start))


@functools.cache
def default_ranker() -> SourceRanker:
    """Return the ranker of `lexicon/ranker.txt`, which was fitted to the shipped articles."""
    values = {}
    for line in word_list("ranker"):
        name, _, value = line.rpartition(":")
        values[name.strip()] = float(value)
    bias = values.pop(_BIAS)
    return SourceRanker(values, bias)


def as_text(ranker: SourceRanker) -> str:
    """Return a ranker as lines of `lexicon/ranker.txt`: feature and weight."""
    weights = {_BIAS: ranker.bias, **dict(sorted(ranker.weights.items()))}
    return "".join(f"{name}: {weight:.3f}\n" for name, weight in weights.items())
