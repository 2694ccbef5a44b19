"""Sentence embeddings of a pre-trained encoder: the optional extra `encoder`.

A fitted model holds the encoder's name and the digest of its files, never its weights. They are
loaded once a process, when they are first needed: what a parent process did with torch's threads
its forked children cannot go on with.
"""

import functools
import hashlib
import importlib.metadata
import importlib.util
import logging
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.exceptions import ConvergenceWarning

from stance.records import StanceError, Statement

log = logging.getLogger(__name__)

Rows = NDArray[np.float32]

LIBRARIES = ("sentence-transformers", "transformers", "torch")
# What an encoder is made of. Weights in other formats are pickles, or meant for other libraries.
_PARTS = ("*.json", "*.txt", "*.model", "*.safetensors")
_LONGEST = 4000  # characters; an encoder reads a few hundred words at most
_BATCH = 64  # texts at once
_CHUNK = 2000  # texts between two words of progress
_SHARE = 0.7  # of the network's log probabilities beside the words' scores
_LEAST = 1e-6  # a probability below this counts as this
_LOADING = threading.Lock()


class EncoderError(StanceError):
    """An encoder that is not installed, not there, or another one than it was."""


class Embedder(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Statements to sentence embeddings, shape `(n_statements, 2 * n_dimensions)`.

    Side by side: that of the text, and that of the question with the context; each of unit length.

    Parameters
    ----------
    encoder: a folder, or the name of a sentence-transformers model, fetched where it is missing.

    Attributes
    ----------
    name_: the absolute folder, or the name.
    sha256_: digest of its files; one that changed since is refused.
    """

    def __init__(self, encoder: str) -> None:
        self.encoder = encoder

    def fit(self, X: Sequence[Statement], y: Any = None) -> Self:
        """Find the encoder; raise EncoderError where it or the extra is missing."""
        check_installed()
        folder = Path(self.encoder)
        self.name_ = str(folder.resolve()) if folder.is_dir() else self.encoder
        self.sha256_ = _digest(_folder(self.name_, fetch=True))
        return self

    def transform(self, X: Sequence[Statement]) -> Rows:
        """Return the embeddings; each text is read once, however often it occurs."""
        own = [statement.text[:_LONGEST] for statement in X]
        around = [_around(statement)[:_LONGEST] for statement in X]
        texts = sorted({*own, *around})
        rows = _loaded(self.name_, self.sha256_)(texts)
        place = {text: row for row, text in enumerate(texts)}
        fields = [np.array([place[text] for text in field], np.intp) for field in (own, around)]
        return np.hstack([rows[field] for field in fields])

    def description(self) -> dict[str, Any]:
        """Return what a manifest tells of the encoder."""
        versions = {library: importlib.metadata.version(library) for library in LIBRARIES}
        return {"name": self.name_, "sha256": self.sha256_, "libraries": versions}


class EmbeddingHead(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Labels by embeddings: a small neural network.

    It is stopped after some passes over the data, before it learns them by heart. What it says
    counts less than the words; how much was found in cross-validation.
    """

    def __init__(self, *, units: int = 256, passes: int = 30, random_state: int = 0) -> None:
        self.units = units
        self.passes = passes
        self.random_state = random_state

    def fit(self, X: Rows, y: NDArray[np.str_]) -> Self:
        """Fit the network to embeddings and labels."""
        from sklearn.neural_network import MLPClassifier

        self.network_ = MLPClassifier(
            (self.units,), alpha=0.01, max_iter=self.passes, random_state=self.random_state
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.network_.fit(X, y)
        self.classes_ = self.network_.classes_
        return self

    def decision_function(self, X: Rows) -> NDArray[np.float64]:
        """Return what to add to the words' scores, a column for each label, zero in the mean."""
        likely = np.maximum(self.network_.predict_proba(X).astype(np.float64), _LEAST)
        scores = _SHARE * np.log(likely)
        return np.asarray(scores - scores.mean(axis=1, keepdims=True))


def check_installed() -> None:
    """Raise EncoderError where the extra is missing; nothing is imported."""
    if importlib.util.find_spec("sentence_transformers") is None:
        raise EncoderError(
            "a model with an encoder needs sentence-transformers; install it with:"
            " pip install 'stance[encoder]'"
        )


def check(description: Mapping[str, Any]) -> None:
    """Raise EncoderError where a manifest's encoder cannot be used here; nothing is loaded."""
    check_installed()
    _verified(str(description.get("name")), str(description.get("sha256")))


def _around(statement: Statement) -> str:
    return " ".join(filter(None, (statement.question, statement.context or statement.text)))


def _folder(name: str, *, fetch: bool = False) -> Path:
    """Return the folder of an encoder; only a fit may fetch one from a hub."""
    if Path(name).is_absolute():
        if not Path(name).is_dir():
            raise EncoderError(
                f"the encoder {name} is gone; put it back, or train again with: stance train"
            )
        return Path(name)
    from huggingface_hub import snapshot_download

    full = name if "/" in name else f"sentence-transformers/{name}"
    try:
        found = snapshot_download(full, allow_patterns=list(_PARTS), local_files_only=True)
    except (OSError, ValueError) as error:
        if not fetch:
            raise EncoderError(
                f"the encoder {name} is not on this machine; fetch it, or train again, with:"
                f" stance train --encoder {name}"
            ) from error
        found = _fetched(full)
    return Path(found)


def _fetched(name: str) -> str:
    from huggingface_hub import snapshot_download

    log.info("fetching the encoder %s", name)
    try:
        return str(snapshot_download(name, allow_patterns=list(_PARTS)))
    except (OSError, ValueError) as error:
        raise EncoderError(
            f"the encoder {name} is neither a folder nor a model that can be fetched"
            f" ({type(error).__name__}); name a folder that holds one"
        ) from error


def _digest(folder: Path) -> str:
    """Return the SHA-256 of an encoder's files, names included."""
    files = sorted({path for part in _PARTS for path in folder.rglob(part) if path.is_file()})
    if not any(path.suffix == ".safetensors" for path in files):
        raise EncoderError(
            f"{folder} holds no weights (*.safetensors); name the folder of a"
            " sentence-transformers model"
        )
    whole = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            own = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()} {own}\n".encode())
    return whole.hexdigest()


def _verified(name: str, sha256: str) -> Path:
    folder = _folder(name)
    if _digest(folder) != sha256:
        raise EncoderError(
            f"the encoder {name} is not the one that the model was trained with; put that back,"
            f" or train again with: stance train --encoder {name}"
        )
    return folder


def _loaded(name: str, sha256: str) -> Callable[[Sequence[str]], Rows]:
    with _LOADING:
        return _load(name, sha256)


@functools.lru_cache(maxsize=2)
def _load(name: str, sha256: str) -> Callable[[Sequence[str]], Rows]:
    """Return what embeds texts, verified, and safe to be called by several threads."""
    check_installed()
    folder = _verified(name, sha256)
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise EncoderError(
            f"{folder} cannot be read as a sentence-transformers model ({type(error).__name__})"
        ) from error
    width = model.encode([""], show_progress_bar=False).shape[1]
    # One at a time: the tokenizer is changed by each call, and torch uses all cores anyway.
    busy = threading.Lock()

    def embed(texts: Sequence[str]) -> Rows:
        parts = [np.empty((0, width), np.float32)]
        for start in range(0, len(texts), _CHUNK):
            if len(texts) > _CHUNK:
                log.info("embedding: text %d of %d", start + 1, len(texts))
            with busy:
                parts.append(
                    model.encode(
                        list(texts[start : start + _CHUNK]),
                        batch_size=_BATCH,
                        normalize_embeddings=True,
                        show_progress_bar=False,
                    )
                )
        return np.vstack(parts)

    return embed
