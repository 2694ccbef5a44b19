"""What a version was made of: its annotations, what was added, its predictions out of fold."""

import gzip
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance import jsonl
from stance.classifier import StanceClassifier
from stance.corpus import Located, parse_annotations, words_of
from stance.gate import Contender
from stance.records import LABELS, Annotation, as_json
from stance.registry import NoModelError, Registry, RegistryError

ADDED = "added.jsonl"
_DATA, _OUT_OF_FOLD = "data.jsonl.gz", "out_of_fold.npz"


def pack(
    annotations: Sequence[Annotation],
    added: Sequence[Annotation],
    out_of_fold: NDArray[np.float64],
) -> dict[str, bytes]:
    """Return the files that keep a training; probabilities have their columns in LABELS."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, probabilities=out_of_fold.astype(np.float32))
    return {
        ADDED: _lines(added),
        # Without the time of writing, for the same data must be the same bytes.
        _DATA: gzip.compress(_lines(annotations), mtime=0),
        _OUT_OF_FOLD: buffer.getvalue(),
    }


def earlier_additions(registry: Registry) -> list[Located]:
    """Return the annotations that were added for the active version; none where there is none.

    Raise RegistryError where they cannot be read, for they are the work of people.
    """
    try:
        version = registry.active_version()
        raw = registry.read(version, ADDED) or b""
    except NoModelError:
        return []
    except RegistryError as error:
        raise RegistryError(
            f"what was added at earlier trainings cannot be read ({error});"
            " leave it out with: stance train --forget"
        ) from error
    return parse_annotations(raw, str(registry.folder / "versions" / version / ADDED))


def training_data(registry: Registry, version: str) -> list[Annotation] | None:
    """Return what a version was trained on, None where it does not hold it (format 1)."""
    packed = registry.read(version, _DATA)
    if packed is None:
        return None
    return [one.annotation for one in parse_annotations(gzip.decompress(packed), version)]


def out_of_fold(registry: Registry, version: str) -> NDArray[np.float64] | None:
    """Return the probabilities of a version's training data, each by folds without it.

    Rows as in `training_data`, columns as in LABELS; None where it does not hold them (format 1).
    """
    packed = registry.read(version, _OUT_OF_FOLD)
    if packed is None:
        return None
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        probabilities: NDArray[np.float64] = arrays["probabilities"]
    return probabilities


def contender_of(registry: Registry, version: str) -> Contender:
    """Return a saved version as the gate sees it; raise RegistryError where it cannot be loaded."""
    classifier = registry.load(version).classifier
    annotations, probabilities = training_data(registry, version), out_of_fold(registry, version)
    if annotations is None or probabilities is None:
        raise RegistryError(f"model {version}: holds no predictions out of fold")
    raw = registry.read(version, ADDED) or b""
    added = (words_of(one.annotation) for one in parse_annotations(raw, version))
    return contender(classifier, annotations, probabilities, frozenset(added))


def contender(
    classifier: StanceClassifier,
    annotations: Sequence[Annotation],
    out_of_fold: NDArray[Any],
    added: frozenset[tuple[str, str, str]] = frozenset(),
) -> Contender:
    """Return a classifier as the gate sees it; probabilities have their columns in LABELS."""
    columns = np.array([LABELS.index(str(label)) for label in classifier.classes_], dtype=np.intp)

    def predict(statements: Sequence[Annotation]) -> NDArray[np.intp]:
        best: NDArray[np.intp] = columns[classifier.predict_proba(statements).argmax(axis=1)]
        return best

    return Contender(annotations, out_of_fold.argmax(axis=1), predict, added)


def _lines(annotations: Sequence[Annotation]) -> bytes:
    kept = (
        {key: value for key, value in as_json(one).items() if value not in (None, [])}
        for one in annotations
    )
    return "".join(jsonl.dumps(line) + "\n" for line in kept).encode()
