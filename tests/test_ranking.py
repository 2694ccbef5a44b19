"""The learned choice among candidate sources."""

import io

import joblib
import pytest

from stance.candidates import Candidate
from stance.ranking import (
    NOBODY,
    UNSURE,
    NothingToLearnError,
    SourceRanker,
    as_text,
    default_ranker,
    examples,
    fit_ranker,
    matched,
)
from stance.records import Annotation, Article, Quoted, Source, Span, Stance

TEXTS = {
    "a": "Lea Roux said that Tom Poe was late.",
    "b": "Ann Poe said that Kim Min-su had left.",
    "c": "The mayor said that Al Roux would stay.",
}


def annotated(article: str, text: str, source: str) -> Annotation:
    """Return an annotation of what stands behind `that`, said by `source`."""
    start = text.index("that ") + 5
    content = Span(start, len(text) - 1)
    at = text.index(source)
    return Annotation(
        text=text[content.start : content.end],
        article=article,
        spans=(content,),
        source=Source(source, mention=Quoted.cut(text, at, at + len(source))),
        stance=Stance.UNRELATED,
    )


ARTICLES = [Article(name, text) for name, text in TEXTS.items()]
BY_SUBJECT = [annotated(name, text, text.split(" said")[0]) for name, text in TEXTS.items()]
BY_OBJECT = [
    annotated("a", TEXTS["a"], "Tom Poe"),
    annotated("b", TEXTS["b"], "Kim Min-su"),
    annotated("c", TEXTS["c"], "Al Roux"),
]


@pytest.mark.parametrize("told", [BY_SUBJECT, BY_OBJECT], ids=["subject", "object"])
def test_it_learns_what_it_is_told(told: list[Annotation]) -> None:
    """Which candidate wins is what the annotations say, however odd."""
    ranker = fit_ranker(ARTICLES, told)
    for example, annotation in zip(examples(ARTICLES, told), told, strict=True):
        chosen = ranker.choose(example.candidates).chosen
        assert chosen is not None
        assert annotation.source is not None
        assert annotation.source.mention is not None
        assert chosen.span.start == annotation.source.mention.start


def test_the_same_data_gives_the_same_ranker() -> None:
    """Fitting is deterministic, and a ranker survives being saved."""
    ranker = fit_ranker(ARTICLES, BY_SUBJECT)
    assert fit_ranker(ARTICLES, BY_SUBJECT) == ranker
    file = io.BytesIO()
    joblib.dump(ranker, file)
    file.seek(0)
    assert joblib.load(file) == ranker


@pytest.mark.parametrize("told", [[], [Annotation(text="x", stance=Stance.DENY)]])
def test_nothing_to_learn_from(told: list[Annotation]) -> None:
    """Annotations without an article or a source teach nothing, and it is said."""
    with pytest.raises(NothingToLearnError, match="names a source to learn from"):
        fit_ranker(ARTICLES, told)


def test_a_source_that_nobody_is_teaches_nobody() -> None:
    """All candidates of a statement that is annotated without a source are wrong."""
    none = Annotation(
        text=BY_SUBJECT[0].text,
        article="a",
        spans=BY_SUBJECT[0].spans,
        stance=Stance.UNRELATED,
    )
    [example] = examples(ARTICLES, [none])
    assert example.candidates
    assert set(example.right) == {0}


def test_choose() -> None:
    """The most probable candidate is chosen, where it is probable enough."""
    ranker = SourceRanker({"good": 2.0, "bad": -2.0}, bias=0.0, threshold=0.5)
    good = Candidate(Span(0, 1), {"good": 1.0})
    bad = Candidate(Span(2, 3), {"bad": 1.0, "unknown": 1.0})
    assert ranker.choose([bad, good]).chosen == good
    assert ranker.choose([bad, good]).reason is None
    assert ranker.choose([bad]).reason == UNSURE
    assert ranker.choose([bad]).chosen is None
    assert ranker.choose([]).reason == NOBODY
    assert ranker.contributions(bad) == {"bad": -2.0}
    assert ranker.probability(good) == pytest.approx(0.8808, abs=1e-4)


def test_matched_pairs_by_shared_characters() -> None:
    """A statement found is the annotated one where they share half; each is used once."""
    found = [(Span(19, 25),), (Span(19, 35),), (Span(0, 8),)]
    [(number, annotation)] = matched([BY_SUBJECT[0]], found)
    assert (number, annotation) == (1, BY_SUBJECT[0])
    assert list(matched([BY_SUBJECT[0]], found[::2])) == []


def test_the_shipped_ranker_is_readable() -> None:
    """Written as lines and read again, the shipped weights are the same."""
    ranker = default_ranker()
    lines = as_text(ranker).splitlines()
    assert len(lines) == len(ranker.weights) + 1
    assert f"named by the syntax: {ranker.weights['named by the syntax']:.3f}" in lines
    assert ranker.weights["named by the syntax"] > 0 > ranker.weights["inside what is said"]
