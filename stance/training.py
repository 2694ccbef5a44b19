"""Fit, cross-validate, hold against the active model, save, activate."""

import contextlib
import hashlib
import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stance import jsonl
from stance.additions import Additions
from stance.classifier import FitError, StanceClassifier
from stance.corpus import (
    Corpus,
    CorpusError,
    annotated_articles,
    article_folders,
    group_of,
    load_corpus,
    merge,
    shipped_data,
)
from stance.evaluation import Bin, Scores, reliability, score
from stance.gate import Contender, Verdict, compare
from stance.lineage import contender, contender_of, pack
from stance.ranking import NothingToLearnError, SourceRanker, fit_ranker
from stance.records import LABELS, Annotation, Evidence, StanceError, as_json
from stance.registry import CLASSIFIER, RANKER, NoModelError, Registry, RegistryError

log = logging.getLogger(__name__)


Activation = Literal["gate", "always", "never"]


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training made: the version, its cross-validated scores, and what the gate says of it.

    `version` is None where nothing was to be saved. `reason` tells why the version is active, or
    why it is not. `before` are the scores of the model that was active, None without one.
    """

    version: str | None
    active: bool
    reason: str
    statements: int
    additions: Additions
    scores: Scores
    before: dict[str, Any] | None
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as a JSON object."""
        return {
            "version": self.version,
            "active": self.active,
            "reason": self.reason,
            "statements": self.statements,
            "added": len(self.additions.annotations),
            "fresh": self.additions.fresh,
            "duplicates": self.additions.duplicates,
            "conflicts": len(self.additions.conflicts),
            "scores": self.scores.as_json(),
            "before": self.before,
            "gate": self.verdict.as_json(),
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
        lines += ["", self.verdict.table(), self._outcome()]
        return "\n".join(lines)

    def _outcome(self) -> str:
        if self.active:
            return f"saved and active: {self.version}"
        if self.version is None:
            return "nothing was saved (--dry-run)"
        return (
            f"saved, NOT active: {self.version} ({self.reason}); to have it answer all the same:"
            f" stance models activate {self.version}"
        )


def train(
    registry: Registry,
    corpus: Corpus,
    *,
    additions: Additions | None = None,
    activation: Activation = "gate",
    articles: Sequence[Path] = (),
    encoder: str | None = None,
) -> Trained:
    """Fit to a corpus and what is added to it, save the model, activate it where the gate lets it.

    `always` activates whatever the gate says; with `never` nothing is written at all. Trainings
    wait for each other; who reads earlier additions first holds `registry.training()` himself.
    The ranker of sources learns from those annotations whose `ARTICLE.txt` lies in one of the
    folders `articles`.
    """
    additions = additions or Additions()
    annotations = merge(corpus.annotations, additions.annotations)
    with contextlib.nullcontext() if activation == "never" else registry.training():
        parent = _active_version(registry)
        log.info("training on %d statements (%d fresh)", len(annotations), additions.fresh)
        started = time.monotonic()
        classifier = fit(StanceClassifier(encoder=encoder), annotations)
        out_of_fold = aligned(classifier, classifier.out_of_fold_probabilities_)
        scores = held_out_folds(classifier, annotations).scores()
        before = _scores_of(registry, parent)
        verdict = _judge(registry, parent, corpus, contender(classifier, annotations, out_of_fold))
        made = Trained(
            None, False, verdict.reason, len(annotations), additions, scores, before, verdict
        )
        if activation == "never":
            return made
        description = _description(corpus, annotations, classifier, made)
        description |= {"parent": parent, "seconds": round(time.monotonic() - started, 1)}
        ranker = _ranker(annotations, articles)
        version = registry.save(
            {CLASSIFIER: classifier} | ({RANKER: ranker} if ranker else {}),
            description,
            files=pack(annotations, additions.annotations, out_of_fold),
        )
        return _activated(registry, replace(made, version=version), parent, activation)


def _description(
    corpus: Corpus,
    annotations: Sequence[Annotation],
    classifier: StanceClassifier,
    made: Trained,
) -> dict[str, Any]:
    return {
        "claim": {"id": corpus.claim.id, "text": corpus.claim.text},
        "limits": list(corpus.claim.limits),
        "data": {**describe(annotations), "added": len(made.additions.annotations)},
        "scores": _card_scores(annotations, classifier, made.scores),
        "gate": made.verdict.as_json(),
        "thresholds": classifier.thresholds_,
        "temperature": classifier.temperature_,
        "parameters": classifier.get_params(),
        "encoder": classifier.encoder_description(),
    }


def _card_scores(
    annotations: Sequence[Annotation], classifier: StanceClassifier, cross_validated: Scores
) -> dict[str, Any]:
    """Return the scores that a card tells, and which labels are mistaken for which most often."""
    mistakes: list[dict[str, Any]] = [
        {"told": told, "called": called, "statements": cross_validated.confusion[i][j]}
        for i, told in enumerate(cross_validated.labels)
        for j, called in enumerate(cross_validated.labels)
        if i != j and cross_validated.confusion[i][j]
    ]
    mistakes.sort(key=lambda mistake: -mistake["statements"])
    scores: dict[str, Any] = {"grouped_cross_validation": cross_validated.as_json()}
    # An encoder would read all statements again for each article.
    if classifier.encoder is None and len(_seed_articles(annotations)) > 1:
        try:
            left_out = leave_one_article_out(annotations, classifier).scores()
        except FitError as error:
            log.info("no article can be left out: %s", error)
        else:
            scores["leave_one_article_out"] = left_out.as_json()
    bins = held_out_folds(classifier, annotations).reliability()
    return {**scores, "mistakes": mistakes[:6], "reliability": [one.as_json() for one in bins]}


def _activated(
    registry: Registry, made: Trained, parent: str | None, activation: Activation
) -> Trained:
    version = str(made.version)
    if activation == "always":
        registry.activate(version)
        return replace(made, active=True, reason=f"forced; the gate says: {made.reason}")
    if not made.verdict.passed:
        return made
    if not registry.activate_after(version, parent):
        changed = "another version was activated while this one was trained"
        return replace(made, reason=changed)
    return replace(made, active=True)


def _judge(registry: Registry, parent: str | None, corpus: Corpus, candidate: Contender) -> Verdict:
    if parent is None:
        return Verdict(True, "there is no active model to compare it with")
    try:
        claim = registry.manifest(parent).get("claim")
        active = contender_of(registry, parent)
    except StanceError as error:
        return Verdict(True, f"nothing to compare it with: {error}", parent)
    about = claim.get("id") if isinstance(claim, dict) else None
    if about is not None and about != corpus.claim.id:
        return Verdict(False, f"the active model is about another claim ({about})", parent)
    return compare(candidate, active, against=parent)


def ensure_trained(registry: Registry) -> None:
    """Train a model from the shipped data where none is active."""
    if _has_model(registry):
        return
    with registry.training():
        if not _has_model(registry):
            log.info("no model yet: training one from the shipped data")
            data = shipped_data()
            train(registry, load_corpus(data), articles=article_folders(data))


def _ranker(annotations: Sequence[Annotation], folders: Sequence[Path]) -> SourceRanker | None:
    """Fit the ranker of sources; None where no annotation has its article and a source."""
    try:
        return fit_ranker(annotated_articles(annotations, folders), annotations)
    except NothingToLearnError:
        return None


def _has_model(registry: Registry) -> bool:
    try:
        registry.active_version()
    except NoModelError:
        return False
    return True


def fit(classifier: StanceClassifier, annotations: Sequence[Annotation]) -> StanceClassifier:
    """Fit a classifier to annotations, scenes and articles kept together in calibration."""
    return classifier.fit(
        annotations,
        [str(annotation.stance) for annotation in annotations],
        groups=[group_of(annotation) for annotation in annotations],
    )


def held_out_folds(classifier: StanceClassifier, annotations: Sequence[Annotation]) -> "HeldOut":
    """Return a fitted classifier's predictions of its training data, each by folds without it."""
    probabilities = classifier.out_of_fold_probabilities_
    return HeldOut(
        annotations, aligned(classifier, probabilities), classifier.unsure(probabilities)
    )


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Predictions of statements by models that had not seen them.

    `probabilities` have their columns in LABELS; `evidence` is empty where it was not asked for.
    """

    annotations: Sequence[Annotation]
    probabilities: NDArray[np.float64]
    needs_review: NDArray[np.bool_]
    evidence: Sequence[tuple[Evidence, ...]] = ()

    def scores(self) -> Scores:
        """Score the predictions, intervals by scene and article."""
        return score(
            [str(a.stance) for a in self.annotations],
            self.probabilities,
            needs_review=self.needs_review,
            groups=[group_of(a) for a in self.annotations],
        )

    def reliability(self) -> list[Bin]:
        """Return how often the predictions are right by how sure they are."""
        return reliability([str(a.stance) for a in self.annotations], self.probabilities)


def leave_one_article_out(
    annotations: Sequence[Annotation], calibrated: StanceClassifier | None = None
) -> HeldOut:
    """Predict each seed article's annotations by a model trained on all that is not of it.

    Authored articles are only trained on. Temperature and thresholds are those of a classifier
    calibrated on what is of no seed article, unless another is given. Raise CorpusError where
    there are no seed annotations, or nothing else.
    """
    articles = _seed_articles(annotations)
    if not articles:
        raise CorpusError(["there are no seed annotations, so no article to leave out"])
    if calibrated is None:
        log.info("calibrating on what is of no seed article")
        calibrated = fit(StanceClassifier(), [a for a in annotations if a.origin != "seed"])
    of_article = np.array([a.article or "" for a in annotations])
    others = [np.flatnonzero(of_article != article) for article in articles]
    refits = calibrated.refits(annotations, [str(a.stance) for a in annotations], others)
    held_out: list[Annotation] = []
    probabilities, review, evidence = [], [], []
    for number, (article, classifier) in enumerate(zip(articles, refits, strict=True), 1):
        log.info("leaving out %s (%d of %d)", article, number, len(articles))
        own = [a for a in annotations if a.article == article]
        held_out += own
        assessed = classifier.assess(own)
        probabilities.append(aligned(classifier, assessed.probabilities))
        review.append(assessed.needs_review)
        evidence += assessed.evidence
    return HeldOut(held_out, np.vstack(probabilities), np.concatenate(review), evidence)


def _seed_articles(annotations: Iterable[Annotation]) -> list[str]:
    return sorted({a.article for a in annotations if a.article and a.origin == "seed"})


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
        "stance by origin": {
            origin: _counts(str(a.stance) for a in annotations if a.origin == origin)
            for origin in sorted({a.origin for a in annotations})
        },
        "kind": _counts(a.kind or "unknown" for a in annotations),
    }


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def aligned(
    classifier: StanceClassifier, probabilities: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return probabilities with a column for each of LABELS, zero where the model has no such."""
    columns = np.zeros((len(probabilities), len(LABELS)))
    columns[:, [LABELS.index(str(label)) for label in classifier.classes_]] = probabilities
    return columns


def _active_version(registry: Registry) -> str | None:
    try:
        return registry.active_version()
    except RegistryError:
        return None


def _scores_of(registry: Registry, version: str | None) -> dict[str, Any] | None:
    """Return a version's cross-validated scores, None where its manifest does not tell them."""
    if version is None:
        return None
    try:
        scores: dict[str, Any] = registry.manifest(version)["scores"]["grouped_cross_validation"]
        shown = [scores[key] for key in ("macro_f1", "accuracy", "log_loss")]
        shown += [scores["per_label"][name]["f1"] for name in LABELS]
    except (RegistryError, KeyError, TypeError):
        return None
    return scores if all(isinstance(figure, int | float) for figure in shown) else None
