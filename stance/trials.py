"""What a training report shows: errors, learning curve, agreement of annotators."""

import collections
import itertools
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stance.calibration import grouped_folds
from stance.classifier import FitError, StanceClassifier
from stance.corpus import group_of, words_of
from stance.evaluation import Scores, krippendorff_alpha
from stance.lineage import out_of_fold, training_data
from stance.records import LABELS, Annotation, Evidence, Stance, StanceError
from stance.registry import Model, Registry
from stance.training import HeldOut, aligned, fit

log = logging.getLogger(__name__)

_SIZES = (0.1, 0.2, 0.4, 0.7, 1.0)  # shares of the scenes; each costs a training
_FOLDS = 2  # that the models of a report are calibrated by, which is faster than five
_WORST, _DIFFERENCES = 30, 50


class TrialError(StanceError):
    """A version that cannot be reported on."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A statement that was labelled otherwise than told, and the words that spoke for that.

    `explained` is the label that the evidence speaks for.
    """

    annotation: Annotation
    predicted: Stance
    probability: float
    told_probability: float
    evidence: tuple[Evidence, ...]
    explained: Stance


@dataclass(frozen=True, slots=True)
class Size:
    """A point of the learning curve: scores of a model of so many statements."""

    statements: int
    scores: Scores


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two annotators agree on what both labelled; `alpha` is Krippendorff's (nominal)."""

    first: str
    second: str
    statements: int
    agreed: int
    alpha: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement that annotators labelled differently: each annotator with the label."""

    text: str
    labels: tuple[tuple[str, Stance], ...]


def of_version(registry: Registry, model: Model) -> HeldOut:
    """Return the out-of-fold predictions that a version keeps of its training data."""
    annotations = training_data(registry, model.version)
    probabilities = out_of_fold(registry, model.version)
    if annotations is None or probabilities is None:
        raise TrialError(
            f"model {model.version} holds no predictions out of fold; name a file of labelled"
            " statements, or: stance train"
        )
    classifier = model.classifier
    columns = [LABELS.index(str(label)) for label in classifier.classes_]
    return HeldOut(annotations, probabilities, classifier.unsure(probabilities[:, columns]))


def of_model(model: Model, annotations: Sequence[Annotation]) -> HeldOut:
    """Return a model's predictions of annotations."""
    assessed = model.classifier.assess(annotations)
    probabilities = aligned(model.classifier, assessed.probabilities)
    return HeldOut(annotations, probabilities, assessed.needs_review, assessed.evidence)


def worst_errors(trial: HeldOut, *, train_on: Sequence[Annotation] = ()) -> list[Wrong]:
    """Return the errors whose told label was given the least probability, at most 30.

    Where the trial has no evidence one model explains them, trained on `train_on` without their
    scenes and articles.
    """
    told = np.array([LABELS.index(str(a.stance)) for a in trial.annotations])
    rows = np.arange(len(told))
    best = trial.probabilities.argmax(axis=1)
    own = trial.probabilities[rows, told]
    wrong = [int(row) for row in np.argsort(own, kind="stable") if best[row] != told[row]][:_WORST]
    found = [
        Wrong(
            trial.annotations[row],
            Stance(LABELS[best[row]]),
            float(trial.probabilities[row, best[row]]),
            float(own[row]),
            trial.evidence[row] if trial.evidence else (),
            Stance(LABELS[best[row]]),
        )
        for row in wrong
    ]
    return found if trial.evidence or not found else _explained(found, train_on)


def _explained(errors: Sequence[Wrong], train_on: Sequence[Annotation]) -> list[Wrong]:
    groups = {group_of(one.annotation) for one in errors}
    others = [a for a in train_on if group_of(a) not in groups]
    log.info("training once more, without the worst errors, to explain them")
    try:
        classifier = fit(StanceClassifier(folds=_FOLDS), others)
    except FitError:
        return list(errors)
    assessed = classifier.assess([one.annotation for one in errors])
    labels = assessed.probabilities.argmax(axis=1)
    return [
        replace(one, evidence=evidence, explained=Stance(str(classifier.classes_[label])))
        for one, evidence, label in zip(errors, assessed.evidence, labels, strict=True)
    ]


def learning_curve(annotations: Sequence[Annotation]) -> list[Size]:
    """Train on growing shares of the scenes, five at most, and score each on the same fifth.

    The shares lie in each other. A share that no model can be fitted to is left out.
    """
    labels = np.array([str(a.stance) for a in annotations])
    groups = [group_of(a) for a in annotations]
    train, test = next(grouped_folds(labels, groups, folds=5, random_state=0))
    scenes = np.unique(np.array(groups, dtype=object)[train])
    np.random.default_rng(0).shuffle(scenes)
    held_out = [annotations[row] for row in test]
    curve = []
    for number, share in enumerate(_SIZES, 1):
        log.info("learning curve: training %d of %d", number, len(_SIZES))
        chosen = set(scenes[: max(1, round(share * len(scenes)))])
        mine = [annotations[row] for row in train if groups[row] in chosen]
        try:
            classifier = fit(StanceClassifier(folds=_FOLDS), mine)
        except FitError:
            continue
        curve.append(Size(len(mine), _scored(classifier, held_out)))
    return curve


def _scored(classifier: StanceClassifier, held_out: Sequence[Annotation]) -> Scores:
    assessed = classifier.assess(held_out, explain=False)
    probabilities: NDArray[np.float64] = aligned(classifier, assessed.probabilities)
    return HeldOut(held_out, probabilities, assessed.needs_review).scores()


def agreement(annotations: Iterable[Annotation]) -> tuple[list[Agreement], list[Difference]]:
    """Return how far annotators agree who labelled the same words, and where they do not.

    Annotations without an annotator tell nothing of agreement.
    """
    labels: dict[tuple[str, str, str], dict[str, Stance]] = collections.defaultdict(dict)
    texts: dict[tuple[str, str, str], str] = {}
    for annotation in annotations:
        if annotation.annotator:
            words = words_of(annotation)
            labels[words][annotation.annotator] = annotation.stance
            texts.setdefault(words, annotation.text)
    double = {words: given for words, given in labels.items() if len(given) > 1}
    differing = [
        Difference(texts[words], tuple(sorted(given.items())))
        for words, given in double.items()
        if len(set(given.values())) > 1
    ]
    return list(_agreements(double.values())), differing[:_DIFFERENCES]


def _agreements(double: Iterable[dict[str, Stance]]) -> Iterator[Agreement]:
    pairs: dict[tuple[str, str], list[tuple[Stance, Stance]]] = collections.defaultdict(list)
    for given in double:
        for first, second in itertools.combinations(sorted(given), 2):
            pairs[first, second].append((given[first], given[second]))
    for (first, second), both in sorted(pairs.items()):
        left, right = zip(*both, strict=True)
        # Of one label only, alpha divides nothing by nothing.
        alpha = krippendorff_alpha(left, right) if len({*left, *right}) > 1 else 1.0
        agreed = sum(a is b for a, b in both)
        yield Agreement(first, second, len(both), agreed, alpha)
