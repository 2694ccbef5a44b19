"""The stance classifier: a scikit-learn estimator over statements that explains itself."""

import copy
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from stance.calibration import cross_calibrated, fit_temperature, grouped_folds, review_threshold
from stance.encoder import Embedder, EmbeddingHead, Rows
from stance.evidence import phrases
from stance.features import FeatureExtractor, Ints, Observations, Weighed, count_up, word_spans
from stance.records import Evidence, StanceError, Statement, parse

log = logging.getLogger(__name__)


_BATCH = 512  # statements assessed at once


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a model makes of a batch: one row or item a statement, in order."""

    probabilities: NDArray[np.float64]
    needs_review: NDArray[np.bool_]
    evidence: list[tuple[Evidence, ...]]


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
    encoder: a sentence-transformers model, by folder or name; what its embeddings tell is added
        to the words' scores. Evidence rests on the words alone.

    Attributes
    ----------
    classes_: labels in alphabetical order, shape `(n_labels,)`.
    thresholds_: for each label the probability below which it is for review.
    temperature_: what scores are divided by before the softmax.
    out_of_fold_probabilities_: of the training statements, by models (and temperatures) fitted
        without their fold, shape `(n_statements, n_labels)`.
    """

    # Versions that were saved before there were encoders have none.
    embedder_: Embedder | None = None

    def __init__(
        self,
        *,
        C: float = 10.0,
        min_df: int = 2,
        folds: int = 5,
        review_accuracy: float = 0.95,
        min_known: float = 0.5,
        random_state: int = 0,
        encoder: str | None = None,
    ) -> None:
        self.C = C
        self.min_df = min_df
        self.folds = folds
        self.review_accuracy = review_accuracy
        self.min_known = min_known
        self.random_state = random_state
        self.encoder = encoder

    def fit(self, X: Iterable[Any], y: ArrayLike, groups: ArrayLike | None = None) -> Self:
        """Fit to statements and labels; statements of a group stay together in calibration.

        Raise FitError for fewer than two classes, or a class of fewer than two statements.
        """
        statements = as_statements(X)
        labels = np.asarray([str(label) for label in np.asarray(y)])
        _check_classes(statements, labels)
        # Each statement is read and embedded once, for all folds.
        features = FeatureExtractor(min_df=self.min_df)
        rows = features.fit_transform(statements)
        self.pipeline_ = self._pipeline(features, rows, labels)
        self.embedder_ = None if self.encoder is None else Embedder(self.encoder).fit(statements)
        embeddings = None if self.embedder_ is None else self.embedder_.transform(statements)
        if embeddings is not None:
            self.head_ = self._head(embeddings, labels)
        scores, fold_of = self._out_of_fold_scores(rows, embeddings, labels, groups)
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

    def refits(
        self, X: Iterable[Any], y: ArrayLike, parts: Iterable[NDArray[np.intp]]
    ) -> Iterator[Self]:
        """Yield for each part a classifier fitted to the statements at these places only.

        Each has the calibration of this one. The statements are read once; each part costs one
        fit instead of one for each fold and another. Raise FitError as `fit` does, and where a
        part has other labels.
        """
        statements = as_statements(X)
        labels = np.asarray([str(label) for label in np.asarray(y)])
        _check_classes(statements, labels)
        features = FeatureExtractor(min_df=self.min_df)
        rows = features.fit_transform(statements)
        embeddings = None if self.embedder_ is None else self.embedder_.transform(statements)
        for part in parts:
            if not np.array_equal(np.unique(labels[part]), self.classes_):
                known = self.classes_.tolist()
                raise FitError(f"the labels must be those of the first fit: {known}")
            other = copy.copy(self)
            own, weighed = features.refit(rows, part)
            other.pipeline_ = self._pipeline(own, weighed[part], labels[part])
            if embeddings is not None:
                other.head_ = self._head(embeddings[part], labels[part])
            del other.out_of_fold_probabilities_
            yield other

    def predict(self, X: Iterable[Any]) -> NDArray[np.str_]:
        """Return the likeliest label of each statement, shape `(n_statements,)`."""
        labels: NDArray[np.str_] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels

    def predict_proba(self, X: Iterable[Any]) -> NDArray[np.float64]:
        """Return calibrated probabilities in the order of `classes_`.

        Shape `(n_statements, n_labels)`.
        """
        return self.assess(X, explain=False).probabilities

    def needs_review(self, X: Iterable[Any]) -> NDArray[np.bool_]:
        """Tell which statements a person should look at: unsure labels, unfamiliar texts."""
        return self.assess(X, explain=False).needs_review

    def explain(self, X: Iterable[Any]) -> list[tuple[Evidence, ...]]:
        """Return for each statement the spans of its text that spoke for its label or against.

        Strongest first; a weight is what the span adds to the label's score over the mean of the
        other labels', in units of log-odds.
        """
        return self.assess(X).evidence

    def assess(self, X: Iterable[Any], *, explain: bool = True) -> Assessment:
        """Return probabilities, who needs review, and the evidence, all in one pass.

        Evidence is empty where `explain` is false.
        """
        if not hasattr(self, "pipeline_"):
            raise NotFittedError("this StanceClassifier is not fitted yet; call fit first")
        statements = as_statements(X)
        parts = [
            self._assess(statements[start : start + _BATCH], explain)
            for start in range(0, len(statements), _BATCH)
        ]
        return Assessment(
            np.vstack([np.empty((0, len(self.classes_))), *(part.probabilities for part in parts)]),
            np.concatenate([np.empty(0, dtype=bool), *(part.needs_review for part in parts)]),
            [evidence for part in parts for evidence in part.evidence],
        )

    def encoder_description(self) -> dict[str, Any] | None:
        """Return the encoder's name, digest and libraries; None without one."""
        return None if self.embedder_ is None else self.embedder_.description()

    def unsure(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which probabilities lie below the threshold of their likeliest label."""
        limits = np.array([self.thresholds_[str(label)] for label in self.classes_])
        best = probabilities.argmax(axis=1)
        return np.asarray(probabilities.max(axis=1, initial=0) < limits[best])

    def _assess(self, statements: list[Statement], explain: bool) -> Assessment:
        extractor = self._extractor()
        seen = extractor.observe(statements)
        columns = extractor.columns(seen)
        weighed = extractor.weigh(seen, columns)
        scores = self._scores(weighed, len(statements))
        if self.embedder_ is not None:
            scores += self.head_.decision_function(self.embedder_.transform(statements))
        scores /= self.temperature_
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities = odds / odds.sum(axis=1, keepdims=True)
        strange = seen.known < self.min_known * np.maximum(seen.lengths, 1)
        evidence: list[tuple[Evidence, ...]] = []
        if explain:
            best = probabilities.argmax(axis=1)
            weights = self._word_weights(seen, columns, weighed, best)
            evidence = [
                phrases(statement.text, word_spans(statement.text), own)
                for statement, own in zip(statements, weights, strict=True)
            ]
        return Assessment(probabilities, self.unsure(probabilities) | strange, evidence)

    def _extractor(self) -> FeatureExtractor:
        # By place: a pipeline's own look-up by name costs more than a whole score.
        extractor: FeatureExtractor = self.pipeline_.steps[0][1]
        return extractor

    def _linear(self) -> LogisticRegression:
        return self.pipeline_.steps[1][1]

    def _scores(self, weighed: Weighed, n: int) -> NDArray[np.float64]:
        """Return the linear model's scores, without the validation that costs more than they."""
        rows, columns, values = weighed
        linear = self._linear()
        scores: NDArray[np.float64] = np.column_stack(
            [
                np.bincount(rows, values * own[columns], minlength=n) + intercept
                for own, intercept in zip(linear.coef_, linear.intercept_, strict=True)
            ]
        )
        return _of_each_label(scores)

    def _word_weights(
        self, seen: Observations, columns: Ints, weighed: Weighed, best: NDArray[np.intp]
    ) -> list[list[float]]:
        """Return what each word of each text adds to the label's score over the others' mean.

        A feature's share is split evenly over its occurrences, and over the words of each.
        """
        rows, features, values = weighed
        n_labels = len(self.classes_)
        coefficients = _of_each_label(self._linear().coef_.T)
        # A label's coefficients and those of the others sum to zero, so its lead over their mean
        # is a fixed multiple.
        lead = n_labels / (n_labels - 1) / self.temperature_
        shares = values * coefficients[features, best[rows]] * lead
        placed = (columns >= 0) & (seen.ends > 0)
        width = len(self._extractor().keys_)
        feature = np.searchsorted(
            rows * width + features, seen.rows[placed] * width + columns[placed]
        )
        times = np.bincount(feature, minlength=len(shares))
        firsts, spread = seen.firsts[placed], (seen.ends - seen.firsts)[placed]
        each = shares[feature] / times[feature] / spread
        starts = np.cumsum(seen.lengths) - seen.lengths
        base = np.repeat(starts[seen.rows[placed]] + firsts, spread)
        places = base + count_up(spread)
        total = int(seen.lengths.sum())
        weights = np.bincount(places, np.repeat(each, spread), minlength=total).tolist()
        return [
            weights[start : start + length]
            for start, length in zip(starts.tolist(), seen.lengths.tolist(), strict=True)
        ]

    def _pipeline(
        self, features: FeatureExtractor, rows: csr_matrix, labels: NDArray[np.str_]
    ) -> Pipeline:
        """Return fitted features, and the linear model fitted to their rows."""
        linear = self._linear_model().fit(rows, labels)
        return Pipeline([("features", features), ("linear", linear)])

    def _linear_model(self) -> LogisticRegression:
        return LogisticRegression(
            C=self.C,
            class_weight="balanced",
            solver="saga",
            tol=0.01,
            max_iter=1000,
            random_state=self.random_state,
        )

    def _head(self, embeddings: Rows, labels: NDArray[np.str_]) -> EmbeddingHead:
        return EmbeddingHead(random_state=self.random_state).fit(embeddings, labels)

    def _out_of_fold_scores(
        self,
        rows: csr_matrix,
        embeddings: Rows | None,
        labels: NDArray[np.str_],
        groups: ArrayLike | None,
    ) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Return scores of each statement by a model without its fold, and the fold's number."""
        classes = np.unique(labels)
        scores = np.zeros((len(labels), len(classes)))
        fold_of = np.zeros(len(labels), dtype=np.intp)
        folds = grouped_folds(labels, groups, folds=self.folds, random_state=self.random_state)
        for number, (train, test) in enumerate(folds):
            log.info("fold %d of up to %d", number + 1, self.folds)
            _, weighed = self._extractor().refit(rows, train)
            linear = self._linear_model().fit(weighed[train], labels[train])
            columns = np.searchsorted(classes, linear.classes_)
            part = _of_each_label(linear.decision_function(weighed[test]))
            if embeddings is not None:
                head = self._head(embeddings[train], labels[train])
                part += head.decision_function(embeddings[test])
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


def _of_each_label(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a column for each label where a model of two labels has but one."""
    if scores.ndim == 1:
        scores = scores[:, None]
    return np.column_stack([-scores, scores]) / 2 if scores.shape[1] == 1 else scores
