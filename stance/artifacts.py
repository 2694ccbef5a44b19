"""Trained objects as bytes, and what must hold before and after they are unpickled."""

import importlib.metadata
import io
from collections.abc import Mapping
from typing import Any

import joblib
import numpy as np

from stance.classifier import StanceClassifier
from stance.records import StanceError, Statement

LIBRARIES = ("scikit-learn", "numpy", "scipy", "joblib", "nltk")
RETRAIN = "train again with: stance train"
# After loading a classifier must say of these what it said when it was saved.
_PROBES = (
    Statement(text="Their soldiers are in Kursk as we speak."),
    Statement(text="There is not one Korean soldier here.", question="Are there troops?"),
    Statement(text="Ask the Koreans.", context="“Ask the Koreans,” the envoy said of the troops."),
    Statement(text="The harvest was good this year."),
)
_TOLERANCE = 0.002


class RegistryError(StanceError):
    """A model version that is not there, or that must not be loaded."""


def pickled(value: object) -> bytes:
    """Return an object as the bytes of a joblib file."""
    buffer = io.BytesIO()
    joblib.dump(value, buffer, compress=3)
    return buffer.getvalue()


def unpickled(content: bytes, version: str) -> Any:
    """Return the object of a verified joblib file; raise RegistryError where its code is gone."""
    try:
        return joblib.load(io.BytesIO(content))
    except (ImportError, AttributeError, TypeError, ValueError, KeyError) as error:
        raise RegistryError(
            f"model {version}: was saved by another version of this program"
            f" ({type(error).__name__}); {RETRAIN}"
        ) from error


def library_versions() -> dict[str, str]:
    """Return the installed versions of the libraries that a model is made of."""
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def check_libraries(version: str, manifest: Mapping[str, Any]) -> None:
    """Raise RegistryError where a model was made with another minor version of a library."""
    told = manifest.get("libraries")
    for name, now in library_versions().items():
        then = told.get(name) if isinstance(told, dict) else None
        if str(then).split(".")[:2] != now.split(".")[:2]:
            raise RegistryError(
                f"model {version}: was made with {name} {then or 'unknown'}, installed is {now};"
                f" {RETRAIN}"
            )


def answers(classifier: StanceClassifier) -> list[list[float]]:
    """Return what a classifier says of the probes: a row of probabilities for each."""
    return [[round(float(p), 6) for p in row] for row in classifier.predict_proba(_PROBES)]


def check_answers(version: str, manifest: Mapping[str, Any], classifier: StanceClassifier) -> None:
    """Raise RegistryError where a loaded classifier answers otherwise than when it was saved.

    So it does where the code that makes features has changed since.
    """
    told = manifest.get("answers")
    try:
        same = told is None or np.allclose(answers(classifier), told, rtol=0, atol=_TOLERANCE)
    except (AttributeError, TypeError, ValueError, KeyError):
        same = False
    if not same:
        raise RegistryError(
            f"model {version}: answers otherwise than when it was saved, for this program has"
            f" changed since; {RETRAIN}"
        )
