"""The classifier as a scikit-learn estimator over statements."""

import dataclasses
import itertools
import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_score

from stance.classifier import FitError, StanceClassifier, as_statements
from stance.corpus import Corpus
from stance.records import Annotation, RecordError, Source, Statement
from stance.registry import Model

TEXTS = [
    "They are there, in Kursk.",
    "Their soldiers are in Kursk now.",
    "There is not one soldier there.",
    "Not one soldier is there; it is a lie.",
]
LABELS_OF_TEXTS = ["confirm", "confirm", "deny", "deny"]


@pytest.fixture(scope="module")
def annotations(small_corpus: Corpus) -> list[Annotation]:
    """Return some 200 annotations of all labels."""
    return list(small_corpus.annotations[::4])


@pytest.fixture(scope="module")
def labels(annotations: list[Annotation]) -> list[str]:
    """Return their labels."""
    return [str(annotation.stance) for annotation in annotations]


def test_the_same_data_gives_the_same_model(
    annotations: list[Annotation], labels: list[str]
) -> None:
    """Two fits to the same data are the same to the byte."""
    first, second = (StanceClassifier().fit(annotations, labels) for _ in range(2))
    assert pickle.dumps(first) == pickle.dumps(second)


def test_it_works_under_clone_cross_validation_and_grid_search(
    annotations: list[Annotation], labels: list[str]
) -> None:
    """Model selection of scikit-learn takes it for what it is, and it beats a guess."""
    classifier = clone(StanceClassifier(C=3.0))
    assert classifier.get_params()["C"] == 3.0
    assert cross_val_score(classifier, annotations, labels, cv=3).mean() > 0.35
    search = GridSearchCV(classifier, {"C": [0.01, 10.0]}, cv=2).fit(annotations, labels)
    assert search.best_params_ == {"C": 10.0}


def test_strings_are_statements() -> None:
    """A string counts as a statement with only a text, a mapping as its JSON form."""
    classifier = StanceClassifier(min_df=1).fit(TEXTS, LABELS_OF_TEXTS)
    as_records = [Statement(text=text) for text in TEXTS]
    as_objects = [{"text": text} for text in TEXTS]
    expected = classifier.predict_proba(TEXTS)
    assert np.array_equal(classifier.predict_proba(as_records), expected)
    assert np.array_equal(classifier.predict_proba(as_objects), expected)


def test_probabilities_are_a_distribution(model: Model, annotations: list[Annotation]) -> None:
    """Rows sum to one, and the likeliest label is the prediction."""
    probabilities = model.classifier.predict_proba(annotations)
    assert probabilities.shape == (len(annotations), 4)
    assert np.allclose(probabilities.sum(axis=1), 1)
    best = model.classifier.classes_[probabilities.argmax(axis=1)]
    assert np.array_equal(model.classifier.predict(annotations), best)


def test_who_speaks_changes_nothing(model: Model, annotations: list[Annotation]) -> None:
    """Speaker, affiliation, article and id are no features."""
    renamed = [
        dataclasses.replace(
            a, id="x", article="y", source=Source(speaker="Kim", affiliation="North Korea")
        )
        for a in annotations
    ]
    expected = model.classifier.predict_proba(annotations)
    assert np.array_equal(model.classifier.predict_proba(renamed), expected)


def test_the_question_counts(model: Model) -> None:
    """The same words can be labelled otherwise after another question."""
    asked = Statement(text="That is their own affair.", question="Are there troops in Kursk?")
    alone = Statement(text="That is their own affair.")
    rows = model.classifier.predict_proba([asked, alone])
    assert not np.allclose(rows[0], rows[1])


def test_nothing_in_nothing_out(model: Model) -> None:
    """No statements give no predictions."""
    assert model.classifier.predict_proba([]).shape == (0, 4)
    assert model.classifier.explain([]) == []


@pytest.mark.parametrize(
    "text", ["Солдат там нет.", "북한 군인은 없다.", "🙂🙂", "...", "qwrtz zxcvb nmlkj"]
)
def test_strange_texts_are_for_review(model: Model, text: str) -> None:
    """A text of unknown words gets a label, and a person to look at it."""
    assert model.classifier.needs_review([text]).tolist() == [True]
    assert model.classifier.explain([text]) == [()] or all(
        e.text == text[e.start : e.end] for e in model.classifier.explain([text])[0]
    )


def test_evidence_is_cut_from_the_text(model: Model, annotations: list[Annotation]) -> None:
    """Evidence spans are exact, apart, and sorted by strength."""
    for annotation, evidence in zip(
        annotations, model.classifier.explain(annotations), strict=True
    ):
        for piece in evidence:
            assert annotation.text[piece.start : piece.end] == piece.text
        strengths = [abs(piece.weight) for piece in evidence]
        assert strengths == sorted(strengths, reverse=True)
        places = sorted((piece.start, piece.end) for piece in evidence)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(places))


def test_evidence_points_at_the_words_that_matter() -> None:
    """The words that tell the labels apart are the evidence."""
    texts = [f"it is {word} in the morning" for word in ("true", "false")] * 5
    classifier = StanceClassifier(min_df=1).fit(texts, ["confirm", "deny"] * 5)
    [evidence] = classifier.explain(["it is false in the morning"])
    assert "false" in evidence[0].text
    assert evidence[0].weight > 0


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["a", "b"], ["deny", "deny"], "two labels at least; all are 'deny'"),
        ([], [], "there are none"),
        (["a", "b", "c"], ["deny", "deny", "evade"], "label 'evade' has one statement only"),
        (["a"], ["deny", "evade"], "1 statements, but 2 labels"),
    ],
)
def test_data_that_cannot_be_fitted(texts: list[str], labels: list[str], message: str) -> None:
    """Too little data is refused with what is missing."""
    with pytest.raises(FitError, match=message):
        StanceClassifier().fit(texts, labels)


def test_what_is_no_statement_is_refused() -> None:
    """A lone string and a number are no list of statements."""
    with pytest.raises(TypeError, match="put it in a list"):
        as_statements("abc")
    with pytest.raises(RecordError, match="got a number"):
        as_statements([3])


def test_missing_labels_are_no_fault() -> None:
    """A model of two labels knows these two only."""
    classifier = StanceClassifier(min_df=1).fit(TEXTS, LABELS_OF_TEXTS)
    assert classifier.classes_.tolist() == ["confirm", "deny"]
    assert classifier.predict(["There is not one soldier."]).tolist() == ["deny"]
