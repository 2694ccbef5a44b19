"""Fit, cross-validate and save a classifier; the new model's scores beside the active one's."""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance import jsonl
from stance.classifier import StanceClassifier
from stance.corpus import (
    Corpus,
    CorpusError,
    annotated_articles,
    article_folders,
    group_of,
    load_corpus,
    merge,
    read_annotations,
    shipped_data,
)
from stance.evaluation import Scores, score
from stance.ranking import NothingToLearnError, SourceRanker, fit_ranker
from stance.records import LABELS, Annotation, as_json
from stance.registry import NoModelError, Registry, RegistryError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training made: the version, its cross-validated scores, and the active one's before.

    `added` counts the annotations beside the corpus, `before` is None at the first training.
    """

    version: str
    statements: int
    added: int
    scores: Scores
    before: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as a JSON object."""
        return {
            "version": self.version,
            "active": True,
            "statements": self.statements,
            "added": self.added,
            "scores": self.scores.as_json(),
            "before": self.before,
        }

    def table(self) -> str:
        """Return the new model's cross-validated scores beside the earlier ones."""
        new, old = self.scores.as_json(), self.before
        rows = [
            ("macro-F1", *(side and side["macro_f1"] for side in (new, old))),
            *(
                (f"  F1 {name}", *(side and side["per_label"][name]["f1"] for side in (new, old)))
                for name in LABELS
            ),
            ("accuracy", *(side and side["accuracy"] for side in (new, old))),
            ("log loss", *(side and side["log_loss"] for side in (new, old))),
        ]
        low, high = self.scores.interval
        lines = [f"{'cross-validated':<18}{'new':>8}{'active':>8}"]
        lines += [
            f"{name:<18}{mine:>8.3f}" + (f"{theirs:>8.3f}" if theirs is not None else f"{'-':>8}")
            for name, mine, theirs in rows
        ]
        lines.append(f"95% of macro-F1: {low:.3f} to {high:.3f}; {self.statements} statements")
        lines.append(f"saved and active: {self.version}")
        return "\n".join(lines)


def train(
    registry: Registry,
    corpus: Corpus,
    *,
    earlier: Sequence[Annotation] = (),
    fresh: Sequence[Annotation] = (),
    articles: Sequence[Path] = (),
) -> Trained:
    """Fit to a corpus and what is added to it, save the model with its scores, activate it.

    `earlier` was added at an earlier training, `fresh` is new; a later annotation of the same
    words replaces the one before. Both are kept with the version. The ranker of sources learns
    from those annotations whose `ARTICLE.txt` lies in one of the folders `articles`.
    """
    added = merge(earlier, fresh)
    annotations = merge(corpus.annotations, added)
    log.info("training on %d statements (%d fresh)", len(annotations), len(fresh))
    started = time.monotonic()
    classifier = fit(StanceClassifier(), annotations)
    scores = out_of_fold_scores(classifier, annotations)
    before = _active_scores(registry)
    ranker = _ranker(annotations, articles)
    description = {
        "claim": {"id": corpus.claim.id, "text": corpus.claim.text},
        "data": describe(annotations),
        "scores": {"grouped_cross_validation": scores.as_json()},
        "thresholds": classifier.thresholds_,
        "temperature": classifier.temperature_,
        "parameters": classifier.get_params(),
        "seconds": round(time.monotonic() - started, 1),
    }
    version = registry.save(classifier, description, added=added, ranker=ranker)
    registry.activate(version)
    return Trained(version, len(annotations), len(added), scores, before)


def ensure_trained(registry: Registry) -> None:
    """Train a model from the shipped data where none is active."""
    try:
        registry.active_version()
    except NoModelError:
        log.info("no model yet: training one from the shipped data")
        data = shipped_data()
        train(registry, load_corpus(data), articles=article_folders(data))


def _ranker(annotations: Sequence[Annotation], folders: Sequence[Path]) -> SourceRanker | None:
    """Fit the ranker of sources; None where no annotation has its article and a source."""
    try:
        return fit_ranker(annotated_articles(annotations, folders), annotations)
    except NothingToLearnError:
        return None


def fit(classifier: StanceClassifier, annotations: Sequence[Annotation]) -> StanceClassifier:
    """Fit a classifier to annotations, scenes and articles kept together in calibration."""
    return classifier.fit(
        annotations,
        [str(annotation.stance) for annotation in annotations],
        groups=[group_of(annotation) for annotation in annotations],
    )


def out_of_fold_scores(classifier: StanceClassifier, annotations: Sequence[Annotation]) -> Scores:
    """Score a fitted classifier on its own training data, each statement by folds without it."""
    return _score(
        classifier,
        annotations,
        classifier.out_of_fold_probabilities_,
        classifier.unsure(classifier.out_of_fold_probabilities_),
    )


def leave_one_article_out(corpus: Corpus) -> Scores:
    """Score each seed article's annotations by a model trained on all that is not of it.

    Authored articles are only trained on. Raise CorpusError where there are no seed annotations.
    """
    articles = sorted({a.article for a in corpus.annotations if a.article and a.origin == "seed"})
    if not articles:
        raise CorpusError(["there are no seed annotations, so no article to leave out"])
    held_out: list[Annotation] = []
    probabilities, review = [], []
    for article in articles:
        log.info("leaving out %s", article)
        own = [a for a in corpus.annotations if a.article == article]
        others = [a for a in corpus.annotations if a.article != article]
        classifier = fit(StanceClassifier(), others)
        held_out += own
        probabilities.append(classifier.predict_proba(own))
        review.append(classifier.needs_review(own))
    return _score(classifier, held_out, np.vstack(probabilities), np.concatenate(review))


def earlier_additions(registry: Registry) -> list[Annotation]:
    """Return the annotations that were added for the active model; none where there is none."""
    try:
        path = registry.added(registry.active_version())
    except RegistryError:
        return []
    return read_annotations([str(path)]) if path.stat().st_size else []


def describe(annotations: Sequence[Annotation]) -> dict[str, Any]:
    """Return the digest of annotations and their counts by label, origin and kind."""
    digest = hashlib.sha256()
    for annotation in annotations:
        digest.update(jsonl.dumps(as_json(annotation)).encode() + b"\n")
    return {
        "sha256": digest.hexdigest(),
        "statements": len(annotations),
        "stance": _counts(str(a.stance) for a in annotations),
        "origin": _counts(a.origin for a in annotations),
        "kind": _counts(a.kind or "unknown" for a in annotations),
    }


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _score(
    classifier: StanceClassifier,
    annotations: Sequence[Annotation],
    probabilities: NDArray[np.float64],
    review: NDArray[np.bool_],
) -> Scores:
    columns = [LABELS.index(str(label)) for label in classifier.classes_]
    aligned = np.zeros((len(annotations), len(LABELS)))
    aligned[:, columns] = probabilities
    return score(
        [str(a.stance) for a in annotations],
        aligned,
        needs_review=review,
        groups=[group_of(a) for a in annotations],
    )


def _active_scores(registry: Registry) -> dict[str, Any] | None:
    try:
        manifest = registry.manifest(registry.active_version())
    except RegistryError:
        return None
    scores: dict[str, Any] | None = manifest.get("scores", {}).get("grouped_cross_validation")
    return scores
