"""The stance classifier: a scikit-learn estimator over statements that explains itself."""

import logging
from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from stance.calibration import cross_calibrated, fit_temperature, grouped_folds, review_threshold
from stance.concepts import shipped_lexicon
from stance.features import FeatureVectorizer, Word, feature_names, features_of, known_share, words
from stance.records import Evidence, StanceError, Statement, parse

log = logging.getLogger(__name__)


class FitError(StanceError, ValueError):
    """Training data that no classifier can be fitted to."""


def as_statements(X: Iterable[Any]) -> list[Statement]:
    """Return statements; a string becomes a statement with only a text, an object is parsed."""
    if isinstance(X, str):
        raise TypeError("expected a sequence of statements, got one string; put it in a list")
    return [x if isinstance(x, Statement) else _as_statement(x) for x in X]


def _as_statement(x: object) -> Statement:
    return parse(Statement, {"text": x} if isinstance(x, str) else x)


class StanceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Label statements by their text, question and context; never by who makes them.

    TF-IDF over word n-grams and concepts, multinomial logistic regression with class weights.
    Scores are divided by a temperature that is fitted to out-of-fold scores (Guo et al., 2017,
    "On Calibration of Modern Neural Networks").

    Parameters
    ----------
    C: inverse strength of the L2 penalty.
    min_df: features of fewer statements are left out.
    folds: number of folds for the out-of-fold scores, at most the statements of a class.
    review_accuracy: share of right labels wanted among predictions that need no review.
    min_known: share of known words below which a text is for review.
    random_state: seed of the fold assignment.

    Attributes
    ----------
    lexicon_: the concepts as they were at the fit; a later change of the list changes no model.
    classes_: labels in alphabetical order, shape `(n_labels,)`.
    thresholds_: for each label the probability below which it is for review.
    temperature_: what scores are divided by before the softmax.
    out_of_fold_probabilities_: of the training statements, by models (and temperatures) fitted
        without their fold, shape `(n_statements, n_labels)`.
    """

    def __init__(
        self,
        *,
        C: float = 10.0,
        min_df: int = 2,
        folds: int = 5,
        review_accuracy: float = 0.95,
        min_known: float = 0.5,
        random_state: int = 0,
    ) -> None:
        self.C = C
        self.min_df = min_df
        self.folds = folds
        self.review_accuracy = review_accuracy
        self.min_known = min_known
        self.random_state = random_state

    def fit(self, X: Iterable[Any], y: ArrayLike, groups: ArrayLike | None = None) -> Self:
        """Fit to statements and labels; statements of a group stay together in calibration.

        Raise FitError for fewer than two classes, or a class of fewer than two statements.
        """
        statements = as_statements(X)
        labels = np.asarray([str(label) for label in np.asarray(y)])
        _check_classes(statements, labels)
        self.lexicon_ = shipped_lexicon()
        names = [feature_names(statement, self.lexicon_) for statement in statements]
        scores, fold_of = self._out_of_fold_scores(names, labels, groups)
        self.pipeline_ = self._pipeline().fit(names, labels)
        self.classes_: NDArray[np.str_] = self.pipeline_.classes_
        truth = np.searchsorted(self.classes_, labels)
        self.temperature_ = fit_temperature(scores, truth)
        probabilities = cross_calibrated(scores, truth, fold_of)
        self.out_of_fold_probabilities_ = probabilities
        self.thresholds_ = {
            str(label): review_threshold(probabilities, truth, column, self.review_accuracy)
            for column, label in enumerate(self.classes_)
        }
        return self

    def predict(self, X: Iterable[Any]) -> NDArray[np.str_]:
        """Return the likeliest label of each statement, shape `(n_statements,)`."""
        labels: NDArray[np.str_] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels

    def predict_proba(self, X: Iterable[Any]) -> NDArray[np.float64]:
        """Return calibrated probabilities in the order of `classes_`.

        Shape `(n_statements, n_labels)`.
        """
        check_is_fitted(self, "pipeline_")
        statements = as_statements(X)
        if not statements:
            return np.empty((0, len(self.classes_)))
        probabilities: NDArray[np.float64] = softmax(
            _scores(self.pipeline_, [feature_names(s, self.lexicon_) for s in statements])
            / self.temperature_,
            axis=1,
        )
        return probabilities

    def needs_review(self, X: Iterable[Any]) -> NDArray[np.bool_]:
        """Tell which statements a person should look at: unsure labels, unfamiliar texts."""
        statements = as_statements(X)
        probabilities = self.predict_proba(statements)
        vocabulary = self.pipeline_["features"].vocabulary_
        strange = [known_share(s, vocabulary) < self.min_known for s in statements]
        return np.asarray(self.unsure(probabilities) | np.array(strange, dtype=bool))

    def unsure(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which probabilities lie below the threshold of their likeliest label."""
        limits = np.array([self.thresholds_[str(label)] for label in self.classes_])
        best = probabilities.argmax(axis=1)
        return np.asarray(probabilities.max(axis=1, initial=0) < limits[best])

    def explain(self, X: Iterable[Any]) -> list[tuple[Evidence, ...]]:
        """Return for each statement the spans of its text that spoke for its label or against.

        Strongest first; a weight is what the span adds to the label's score over the mean of the
        other labels', in units of log-odds.
        """
        statements = as_statements(X)
        best = self.predict_proba(statements).argmax(axis=1)
        return [self._evidence(s, column) for s, column in zip(statements, best, strict=True)]

    def _evidence(self, statement: Statement, column: int) -> tuple[Evidence, ...]:
        vectorizer, linear = self.pipeline_["features"], self.pipeline_["linear"]
        row = vectorizer.transform([feature_names(statement, self.lexicon_)])
        coefficients = _coefficients(linear)
        toward = coefficients[column] - np.delete(coefficients, column, axis=0).mean(axis=0)
        share = dict(
            zip(row.indices, row.data * toward[row.indices] / self.temperature_, strict=True)
        )
        own = words(statement.text)
        weights = np.zeros(len(own))
        occurrences = [
            (vectorizer.vocabulary_[f.name], f.start, f.end)
            for f in features_of(statement, self.lexicon_)
            if f.start >= 0 and f.name in vectorizer.vocabulary_
        ]
        times: dict[int, int] = {}
        for feature, _, _ in occurrences:
            times[feature] = times.get(feature, 0) + 1
        for feature, start, end in occurrences:
            inside = [i for i, word in enumerate(own) if start <= word.start and word.end <= end]
            weights[inside] += share[feature] / times[feature] / max(1, len(inside))
        return _merge_words(statement.text, own, weights)

    def _pipeline(self) -> Pipeline:
        linear = LogisticRegression(
            C=self.C,
            class_weight="balanced",
            solver="saga",
            tol=0.01,
            max_iter=1000,
            random_state=self.random_state,
        )
        return Pipeline([("features", FeatureVectorizer(min_df=self.min_df)), ("linear", linear)])

    def _out_of_fold_scores(
        self, names: list[frozenset[str]], labels: NDArray[np.str_], groups: ArrayLike | None
    ) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Return scores of each statement by a model without its fold, and the fold's number."""
        classes = np.unique(labels)
        scores = np.zeros((len(labels), len(classes)))
        fold_of = np.zeros(len(labels), dtype=np.intp)
        folds = grouped_folds(labels, groups, folds=self.folds, random_state=self.random_state)
        for number, (train, test) in enumerate(folds):
            log.info("fold %d of up to %d", number + 1, self.folds)
            fitted = self._pipeline().fit([names[i] for i in train], labels[train])
            columns = np.searchsorted(classes, fitted.classes_)
            part = _scores(fitted, [names[i] for i in test])
            scores[np.ix_(test, columns)] = part
            fold_of[test] = number
        return scores, fold_of


def _check_classes(statements: list[Statement], labels: NDArray[np.str_]) -> None:
    if len(statements) != len(labels):
        raise FitError(f"{len(statements)} statements, but {len(labels)} labels")
    classes, counts = np.unique(labels, return_counts=True)
    if len(classes) < 2:
        only = f"all are {str(classes[0])!r}" if len(classes) else "there are none"
        raise FitError(f"training needs statements of two labels at least; {only}")
    if counts.min() < 2:
        rare = classes[counts.argmin()]
        raise FitError(f"label {str(rare)!r} has one statement only; add another or leave it out")


def _scores(fitted: Pipeline, names: list[frozenset[str]]) -> NDArray[np.float64]:
    """Return a column of scores for each label, for two labels as well."""
    scores = fitted.decision_function(names)
    return np.column_stack([-scores, scores]) / 2 if scores.ndim == 1 else scores


def _coefficients(linear: LogisticRegression) -> NDArray[np.float64]:
    rows = linear.coef_
    return np.vstack([-rows, rows]) / 2 if len(rows) == 1 else rows


def _merge_words(
    text: str, own: Sequence[Word], weights: NDArray[np.float64]
) -> tuple[Evidence, ...]:
    """Join neighbouring words that speak the same way to phrases, strongest first."""
    phrases: list[Evidence] = []
    for word, weight in zip(own, weights.tolist(), strict=True):
        last = phrases[-1] if phrases else None
        if last and (last.weight > 0) == (weight > 0) and text[last.end : word.start].isspace():
            phrases[-1] = Evidence(
                text[last.start : word.end], last.start, word.end, last.weight + weight
            )
        elif weight:
            phrases.append(Evidence(text[word.start : word.end], word.start, word.end, weight))
    return tuple(sorted(phrases, key=lambda phrase: -abs(phrase.weight)))
