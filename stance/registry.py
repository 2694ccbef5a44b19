"""Model versions on disk: save, verify, load, activate, prune.

A version is a folder `versions/VERSION` with `manifest.json`, `model.joblib`, the ranker of
sources `ranker.joblib` (versions of before there was one go without), and the annotations that
were added to the shipped ones, `added.jsonl`. The file `active` names the active version.
"""

import contextlib
import datetime
import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import platformdirs

from stance import jsonl
from stance.classifier import StanceClassifier
from stance.ranking import SourceRanker, default_ranker
from stance.records import Annotation, StanceError, as_json

FORMAT = 1
LIBRARIES = ("scikit-learn", "numpy", "scipy", "joblib", "nltk")
_VERSION = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
_MODEL, _ADDED, _MANIFEST, _ACTIVE = "model.joblib", "added.jsonl", "manifest.json", "active"
_RANKER = "ranker.joblib"


class RegistryError(StanceError):
    """A model version that is not there, or that must not be loaded."""


class NoModelError(RegistryError):
    """No model has been trained yet."""


@dataclass(frozen=True, slots=True)
class Model:
    """A classifier, the version it was saved as, its manifest, and its ranker of sources."""

    version: str
    classifier: StanceClassifier
    manifest: dict[str, Any]
    ranker: SourceRanker


def default_folder() -> Path:
    """Return `STANCE_MODELS`, or a folder in the user's data folder."""
    named = os.environ.get("STANCE_MODELS")
    return Path(named) if named else platformdirs.user_data_path("stance") / "models"


class Registry:
    """The folder of model versions. Nothing is created before the first save."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def versions(self) -> list[str]:
        """Return all versions, the oldest first."""
        folder = self.folder / "versions"
        if not folder.is_dir():
            return []
        return sorted(p.name for p in folder.iterdir() if _VERSION.fullmatch(p.name))

    def active_version(self) -> str:
        """Return the active version; raise NoModelError where there is none."""
        try:
            return (self.folder / _ACTIVE).read_text("utf-8").strip()
        except FileNotFoundError:
            raise NoModelError(
                f"no model is trained in {self.folder}; train one with: stance train"
            ) from None

    def manifest(self, version: str) -> dict[str, Any]:
        """Return a version's manifest; raise RegistryError where it is missing or broken."""
        try:
            manifest = json.loads((self._path(version) / _MANIFEST).read_text("utf-8"))
        except (OSError, ValueError):
            raise RegistryError(f"model {version}: its {_MANIFEST} cannot be read") from None
        if not isinstance(manifest, dict):
            raise RegistryError(f"model {version}: its {_MANIFEST} is no JSON object")
        return manifest

    def save(
        self,
        classifier: StanceClassifier,
        description: dict[str, Any],
        *,
        added: Iterable[Annotation] = (),
        ranker: SourceRanker | None = None,
    ) -> str:
        """Write a new version, whole or not at all, and return it; it is not yet active."""
        (self.folder / "versions").mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder))
        try:
            joblib.dump(classifier, aside / _MODEL, compress=3)
            if ranker is not None:
                joblib.dump(ranker, aside / _RANKER)
            lines = "".join(jsonl.dumps(as_json(annotation)) + "\n" for annotation in added)
            (aside / _ADDED).write_text(lines, "utf-8")
            names = (_MODEL, _ADDED, *([_RANKER] if ranker is not None else []))
            digests = {name: _sha256(aside / name) for name in names}
            trained = datetime.datetime.now(datetime.UTC)
            made_of = json.dumps([digests, description]).encode()
            version = f"{trained:%Y%m%dT%H%M%SZ}-{hashlib.sha256(made_of).hexdigest()[:8]}"
            manifest = {
                "format": FORMAT,
                "version": version,
                "trained": trained.isoformat(timespec="seconds"),
                **description,
                "libraries": _library_versions(),
                "files": digests,
            }
            (aside / _MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
            for file in aside.iterdir():
                _sync(file)
            aside.chmod(0o755)
            final = self.folder / "versions" / version
            # The same training done twice within a second is the same version.
            if not final.exists():
                aside.rename(final)
            _sync(final.parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return version

    def load(self, version: str | None = None) -> Model:
        """Return a version (the active one by default) after verifying what it is made of.

        Raise RegistryError where a file was changed, the format is unknown, or the model was made
        with other libraries; nothing is unpickled then.
        """
        version = version or self.active_version()
        manifest = self.manifest(version)
        if manifest.get("format") != FORMAT:
            raise RegistryError(
                f"model {version}: has format {manifest.get('format')}, this program reads"
                f" {FORMAT}; train again with: stance train"
            )
        for name, now in _library_versions().items():
            then = manifest.get("libraries", {}).get(name, "none")
            if _series(then) != _series(now):
                raise RegistryError(
                    f"model {version}: was made with {name} {then}, installed is {now};"
                    " train again with: stance train"
                )
        classifier = joblib.load(self._verified(version, manifest, _MODEL))
        return Model(version, classifier, manifest, self.ranker(version))

    def ranker(self, version: str | None = None) -> SourceRanker:
        """Return the ranker of sources of a version, by default the active one.

        It is the shipped ranker where there is no active version, or it was saved without one.
        Raise RegistryError where the file was changed; nothing is unpickled then.
        """
        try:
            version = version or self.active_version()
        except NoModelError:
            return default_ranker()
        manifest = self.manifest(version)
        if _RANKER not in manifest.get("files", {}):
            return default_ranker()
        ranker: SourceRanker = joblib.load(self._verified(version, manifest, _RANKER))
        return ranker

    def _verified(self, version: str, manifest: dict[str, Any], name: str) -> Path:
        """Return a version's file after comparing it with its manifest."""
        path = self._path(version) / name
        if not path.is_file() or manifest.get("files", {}).get(name) != _sha256(path):
            raise RegistryError(
                f"model {version}: {name} is not the file that was saved;"
                " activate another version or train again"
            )
        return path

    def added(self, version: str) -> Path:
        """Return the file of annotations that were added for a version."""
        return self._path(version) / _ADDED

    def activate(self, version: str) -> None:
        """Make a version the active one, by one atomic rename."""
        self._path(version)
        handle, name = tempfile.mkstemp(prefix=".active-", dir=self.folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(version + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(self.folder / _ACTIVE)
        _sync(self.folder)

    def prune(self, keep: int) -> list[str]:
        """Delete all but the newest `keep` versions and the active one; return what went."""
        active = None
        with contextlib.suppress(NoModelError):
            active = self.active_version()
        versions = self.versions()
        gone = [v for v in versions[: max(0, len(versions) - keep)] if v != active]
        for version in gone:
            shutil.rmtree(self._path(version))
        return gone

    def _path(self, version: str) -> Path:
        path = self.folder / "versions" / version
        # The pattern keeps a name such as `../elsewhere` from leaving the registry.
        if not _VERSION.fullmatch(version) or not path.is_dir():
            raise RegistryError(
                f"there is no model {version!r} in {self.folder}; see: stance models list"
            )
        return path


def _library_versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def _series(version: str) -> list[str]:
    return version.split(".")[:2]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with _opened(path) as descriptor:
        os.fsync(descriptor)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
