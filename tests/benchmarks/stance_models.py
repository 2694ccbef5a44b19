"""Compare designs of the stance classifier: one table, a design a line.

    .venv/bin/python tests/benchmarks/stance_models.py [--test FILE] [--encoder MODEL] [DESIGN ...]

`cv` is macro-F1 in grouped five-fold cross-validation over all annotations with its 95% interval,
`loao` that on the seed articles, each by a model without it, `test` that on a file of labelled
statements, `loss` the log loss on seeds and file together. Sizes are of the compressed model. With
an encoder sizes are without its weights and times without the embedding, which is done once.
"""

import argparse
import io
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

import joblib
import numpy as np
from scipy.special import log_softmax
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC

from stance.calibration import fit_temperature, grouped_folds
from stance.corpus import group_of, load_corpus, read_annotations, shipped_data
from stance.encoder import Embedder, EmbeddingHead
from stance.evaluation import score
from stance.features import FeatureExtractor, words
from stance.records import LABELS, Annotation, Statement

_NAME = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)+|\b\d[\d.,]*")


def regression(C: float = 10.0) -> LogisticRegression:
    """Return the linear model of the shipped design."""
    return LogisticRegression(
        C=C, class_weight="balanced", solver="saga", tol=0.01, max_iter=1000, random_state=0
    )


def text_of(statements: Iterable[Statement]) -> list[str]:
    """Return the texts alone."""
    return [statement.text for statement in statements]


def all_of(statements: Iterable[Statement]) -> list[str]:
    """Return text, question and context in one."""
    return [" ".join(filter(None, (s.text, s.question, s.context))) for s in statements]


def masked(statements: Iterable[Statement]) -> list[str]:
    """Return text, question and context with names of several words and numbers masked."""
    return [_NAME.sub(" NAME ", text) for text in all_of(statements)]


def skip_pairs(text: str) -> list[str]:
    """Return the pairs of words of a text that stand at most four apart."""
    own = words(text)
    return [f"{own[i]} {other}" for i in range(len(own)) for other in own[i + 1 : i + 5]]


def tfidf(read: Callable[[Iterable[Statement]], list[str]], **options: object) -> BaseEstimator:
    """Return TF-IDF over what is read of statements."""
    return make_pipeline(FunctionTransformer(read), TfidfVectorizer(sublinear_tf=True, **options))


def textbook(read: Callable[[Iterable[Statement]], list[str]]) -> BaseEstimator:
    """Return TF-IDF of words 1-2 and characters 2-5."""
    characters = tfidf(read, analyzer="char_wb", ngram_range=(2, 5), min_df=2)
    return make_union(tfidf(read, ngram_range=(1, 2), min_df=2), characters)


class TwoStep(ClassifierMixin, BaseEstimator):
    """First whether a statement speaks to the claim, then which way it commits its source."""

    def fit(self, X: Sequence[Statement], y: np.ndarray) -> "TwoStep":
        """Fit both steps."""
        self.classes_ = np.unique(y)
        self.features_ = FeatureExtractor().fit(X)
        rows, speaks = self.features_.transform(X), y != "unrelated"
        self.first_ = regression().fit(rows, speaks)
        self.second_ = regression().fit(rows[speaks], y[speaks])
        return self

    def decision_function(self, X: Sequence[Statement]) -> np.ndarray:
        """Return log probabilities."""
        rows = self.features_.transform(X)
        speaks = self.first_.predict_log_proba(rows)
        which = self.second_.predict_log_proba(rows) + speaks[:, [1]]
        return np.column_stack([which, speaks[:, 0]])


class Mean(ClassifierMixin, BaseEstimator):
    """The mean of several models' scores."""

    def __init__(self, models: Sequence[BaseEstimator]) -> None:
        self.models = models

    def fit(self, X: Sequence[Statement], y: np.ndarray) -> "Mean":
        """Fit each model."""
        self.models_ = [clone(model).fit(X, y) for model in self.models]
        self.classes_ = self.models_[0].classes_
        return self

    def decision_function(self, X: Sequence[Statement]) -> np.ndarray:
        """Return the mean of the scores."""
        return np.mean([model.decision_function(X) for model in self.models_], axis=0)


class Remembered(Embedder):
    """The shipped embeddings, each statement's kept for the next fold and the next design."""

    _seen: ClassVar[dict[tuple, np.ndarray]] = {}

    def transform(self, X: Sequence[Statement]) -> np.ndarray:
        """Return the embeddings side by side."""
        keys = [(s.text, s.question, s.context) for s in X]
        new = {key: s for key, s in zip(keys, X, strict=True) if key not in self._seen}
        if new:
            self._seen.update(zip(new, super().transform(list(new.values())), strict=True))
        return np.array([self._seen[key] for key in keys])


class Sum(Mean):
    """The sum of several models' scores."""

    def decision_function(self, X: Sequence[Statement]) -> np.ndarray:
        """Return the sum of the scores."""
        return super().decision_function(X) * len(self.models_)


def designs(encoder: str | None) -> dict[str, BaseEstimator]:
    """Return the designs to compare, the shipped one first."""
    concepts = make_pipeline(FeatureExtractor(), regression())
    with_characters = make_pipeline(
        make_union(
            FeatureExtractor(), tfidf(all_of, analyzer="char_wb", ngram_range=(3, 5), min_df=3)
        ),
        regression(),
    )
    found = {
        "shipped: concepts and words": concepts,
        "the same, C=3": make_pipeline(FeatureExtractor(), regression(3.0)),
        "the same, C=30": make_pipeline(FeatureExtractor(), regression(30.0)),
        "linear SVM": make_pipeline(
            FeatureExtractor(), LinearSVC(C=0.3, class_weight="balanced", random_state=0)
        ),
        "complement naive Bayes": make_pipeline(FeatureExtractor(), ComplementNB()),
        "two steps": TwoStep(),
        "with characters 3-5": with_characters,
        "with skip-grams": make_pipeline(
            make_union(FeatureExtractor(), tfidf(all_of, analyzer=skip_pairs, min_df=3)),
            regression(),
        ),
        "mean of concepts and characters": Mean(
            [concepts, make_pipeline(textbook(all_of), regression())]
        ),
        "textbook, all fields": make_pipeline(textbook(all_of), regression()),
        "textbook, names masked": make_pipeline(textbook(masked), regression()),
        "textbook, text alone": make_pipeline(textbook(text_of), regression()),
    }
    if encoder:
        embedded = Remembered(encoder)
        head = make_pipeline(embedded, EmbeddingHead())
        found["shipped with --encoder"] = Sum([concepts, head])
        found["encoder alone: network"] = head
        found["encoder alone: regression"] = make_pipeline(embedded, regression(30.0))
        found["encoder and concepts"] = make_pipeline(
            make_union(FeatureExtractor(), embedded), regression()
        )
        found["mean of encoder and concepts"] = Mean(
            [concepts, make_pipeline(embedded, regression(30.0))]
        )
    return found


def scores_of(model: BaseEstimator, statements: Sequence[Statement]) -> np.ndarray:
    """Return a column of scores a label; log probabilities where the model has no scores."""
    if hasattr(model, "decision_function"):
        return model.decision_function(statements)
    return model.predict_log_proba(statements)


def held_out(
    design: BaseEstimator, annotations: Sequence[Annotation], folds: Iterable[tuple]
) -> np.ndarray:
    """Return scores of each annotation that a fold tests, zeros for the others."""
    labels = np.array([str(a.stance) for a in annotations])
    scores = np.zeros((len(annotations), len(LABELS)))
    for train, test in folds:
        model = clone(design).fit([annotations[i] for i in train], labels[train])
        scores[test] = scores_of(model, [annotations[i] for i in test])
    return scores


def leave_out_articles(annotations: Sequence[Annotation]) -> list[tuple]:
    """Return a fold for each seed article."""
    article = np.array([a.article if a.origin == "seed" else "" for a in annotations])
    return [
        (np.flatnonzero(article != name), np.flatnonzero(article == name))
        for name in sorted(set(article) - {""})
    ]


def row(
    design: BaseEstimator, annotations: Sequence[Annotation], test: Sequence[Annotation]
) -> str:
    """Return the figures of one design."""
    labels = np.array([str(a.stance) for a in annotations])
    groups = [group_of(a) for a in annotations]
    folds = list(grouped_folds(labels, groups, folds=5, random_state=0))
    scores = held_out(design, annotations, folds)
    truth = np.searchsorted(LABELS, labels)
    temperature = fit_temperature(scores, truth)
    cross = score(labels, np.exp(log_softmax(scores / temperature, axis=1)), groups=groups)

    by_article = leave_out_articles(annotations)
    seeds = np.concatenate([one[1] for one in by_article])
    real = held_out(design, annotations, by_article)[seeds]
    gold = labels[seeds]
    left_out = macro_f1(gold, real)

    started = time.perf_counter()
    model = clone(design).fit(annotations, labels)
    fit_seconds = time.perf_counter() - started
    started = time.perf_counter()
    scores_of(model, annotations[:2000])
    per_second = len(annotations[:2000]) / (time.perf_counter() - started)
    size = io.BytesIO()
    joblib.dump(model, size, compress=3)
    on_file = "     -"
    if test:
        told = np.array([str(a.stance) for a in test])
        own = scores_of(model, test)
        on_file = f"{macro_f1(told, own):6.3f}"
        gold, real = np.concatenate([gold, told]), np.vstack([real, own])
    of_truth = np.searchsorted(LABELS, gold)
    loss = -log_softmax(real / temperature, axis=1)[np.arange(len(gold)), of_truth].mean()
    low, high = cross.interval
    return (
        f"{cross.macro_f1:6.3f} ({low:.3f}-{high:.3f}) {left_out:6.3f} {on_file} {loss:6.3f}"
        f" {fit_seconds:6.1f} {per_second:8.0f} {size.tell() / 1e6:6.1f}"
    )


def macro_f1(gold: np.ndarray, scores: np.ndarray) -> float:
    """Return macro-F1 of the labels with the highest scores."""
    return float(f1_score(gold, np.array(LABELS)[scores.argmax(axis=1)], average="macro"))


def main() -> None:
    """Print the table, a line as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("design", nargs="*", help="names of designs (default: all)")
    parser.add_argument("--test", help="labelled statements (JSON lines)")
    parser.add_argument("--encoder", help="folder or name of a sentence-transformers model")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    annotations = load_corpus(shipped_data()).annotations
    test = read_annotations([arguments.test]) if arguments.test else []
    found = designs(arguments.encoder)
    unknown = set(arguments.design) - found.keys()
    if unknown:
        sys.exit(f"unknown design {sorted(unknown)}; there are: {', '.join(found)}")
    print(
        f"{'design':<34}{'cv':>6} {'95%':>13} {'loao':>6} {'test':>6} {'loss':>6}"
        f" {'fit s':>6} {'per s':>8} {'MB':>6}"
    )
    for name in arguments.design or found:
        print(f"{name:<34}" + row(found[name], annotations, test), flush=True)


if __name__ == "__main__":
    main()
