"""Model versions on disk: save, verify, load, activate, roll back, prune.

A version is a folder `versions/VERSION` with `manifest.json`, a joblib file for each artifact and
what else belongs to it (annotations, predictions out of fold). The file `active` names the active
version in its first line and below it, the latest first, those that were active before; so one
atomic rename changes both.
"""

import contextlib
import datetime
import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock

from stance.artifacts import (
    RETRAIN,
    RegistryError,
    answers,
    check_answers,
    check_libraries,
    library_versions,
    pickled,
    unpickled,
)
from stance.classifier import StanceClassifier
from stance.ranking import SourceRanker, default_ranker
from stance.storage import held, read_plain, sync_folder, write_synced

__all__ = ["Model", "NoModelError", "Registry", "RegistryError", "default_folder"]

FORMAT = 2
_READABLE = (1, FORMAT)  # format 1 names its only artifact model.joblib, and digests without sizes
CLASSIFIER, RANKER = "classifier", "ranker"
_VERSION = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
_FILE = re.compile(r"[a-z][a-z_]*(?:\.[a-z]+)+")
_MANIFEST, _ACTIVE, _JOBLIB, _FIRST_MODEL = "manifest.json", "active", ".joblib", "model.joblib"
_LONGEST_MANIFEST, _LONGEST_FILE = 4_000_000, 4_000_000_000  # bytes
_REMEMBERED = 20  # versions that were active before


class NoModelError(RegistryError):
    """No model has been trained yet."""


@dataclass(frozen=True, slots=True)
class Model:
    """A version: its name, its manifest, and the objects it was saved with, by name."""

    version: str
    manifest: dict[str, Any]
    artifacts: Mapping[str, Any]

    @property
    def classifier(self) -> StanceClassifier:
        """Return the stance classifier, which every version has."""
        classifier: StanceClassifier = self.artifacts[CLASSIFIER]
        return classifier

    @property
    def ranker(self) -> SourceRanker:
        """Return the ranker of sources; the shipped one where the version has none."""
        ranker: SourceRanker = self.artifacts.get(RANKER) or default_ranker()
        return ranker


def default_folder() -> Path:
    """Return `STANCE_MODELS`, or a folder in the user's data folder."""
    named = os.environ.get("STANCE_MODELS")
    return Path(named) if named else platformdirs.user_data_path("stance") / "models"


class Registry:
    """The folder of model versions. Nothing is created before the first training or save."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._training = FileLock(folder / ".training.lock")
        self._writing = FileLock(folder / ".writing.lock")
        self._active_file = folder / _ACTIVE
        self._seen: tuple[tuple[int, ...], list[str]] = ((), [])

    def versions(self) -> list[str]:
        """Return all versions, the oldest first."""
        folder = self.folder / "versions"
        if not folder.is_dir():
            return []
        return sorted(p.name for p in folder.iterdir() if _VERSION.fullmatch(p.name))

    def active_version(self) -> str:
        """Return the active version; raise NoModelError where there is none.

        The file is read again only where it was replaced, so that a service can ask every time.
        """
        return self._activated()[0]

    def previous_version(self) -> str | None:
        """Return what `roll_back` goes to: the last version that was active before and is there."""
        try:
            before = self._activated()[1:]
        except NoModelError:
            return None
        there = set(self.versions())
        return next((version for version in before if version in there), None)

    def manifest(self, version: str) -> dict[str, Any]:
        """Return a version's manifest; raise RegistryError where it is missing or broken."""
        path = self._path(version) / _MANIFEST
        try:
            manifest = json.loads(read_plain(path, _LONGEST_MANIFEST))
        except (OSError, ValueError, RecursionError):
            raise RegistryError(
                f"model {version}: its {_MANIFEST} cannot be read; activate another version,"
                f" or {RETRAIN}"
            ) from None
        if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
            raise RegistryError(
                f"model {version}: its {_MANIFEST} does not list its files; activate another"
                f" version, or {RETRAIN}"
            )
        return manifest

    @contextlib.contextmanager
    def training(self) -> Iterator[None]:
        """Keep other trainings waiting, so that each builds on what the one before added."""
        with self._writable():
            pass  # a folder that cannot be written is told before the work, not after it
        with held(self._training, waiting="another training is under way; waiting for its end"):
            yield

    def save(
        self,
        artifacts: Mapping[str, Any],
        description: Mapping[str, Any],
        *,
        files: Mapping[str, bytes] | None = None,
    ) -> str:
        """Write a new version, whole or not at all, and return it; it is not yet active.

        `artifacts` are pickled under their names, one must be the classifier; `files` are written
        as they are.
        """
        contents = {name + _JOBLIB: pickled(value) for name, value in artifacts.items()}
        contents |= files or {}
        trained = datetime.datetime.now(datetime.UTC)
        listed = {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in contents.items()
        }
        made_of = json.dumps([listed, description]).encode()
        version = f"{trained:%Y%m%dT%H%M%SZ}-{hashlib.sha256(made_of).hexdigest()[:8]}"
        manifest = {
            "format": FORMAT,
            "version": version,
            "trained": trained.isoformat(timespec="seconds"),
            **description,
            "libraries": library_versions(),
            "answers": answers(artifacts[CLASSIFIER]),
            "files": listed,
        }
        contents[_MANIFEST] = (json.dumps(manifest, indent=1) + "\n").encode()
        with self._writable():
            self._clean()
            self._write(version, contents)
        return version

    def load(self, version: str | None = None) -> Model:
        """Return a version (the active one by default) after verifying what it is made of.

        Raise RegistryError where a file was changed, the format is unknown, or the model was made
        with other libraries; nothing is unpickled then. What is unpickled are the very bytes that
        were verified.
        """
        version = self.active_version() if version is None else version
        manifest = self.manifest(version)
        if manifest.get("format") not in _READABLE:
            raise RegistryError(
                f"model {version}: has format {manifest.get('format')}, this program reads"
                f" {_READABLE[0]} to {FORMAT}; {RETRAIN}"
            )
        check_libraries(version, manifest)
        artifacts: dict[str, Any] = {}
        for file in manifest["files"]:
            if file.endswith(_JOBLIB):
                content = self._verified(version, manifest, file)
                name = CLASSIFIER if file == _FIRST_MODEL else file.removesuffix(_JOBLIB)
                artifacts[name] = unpickled(content, version)
        if CLASSIFIER not in artifacts:
            raise RegistryError(f"model {version}: has no {CLASSIFIER}; {RETRAIN}")
        check_answers(version, manifest, artifacts[CLASSIFIER])
        return Model(version, manifest, artifacts)

    def read(self, version: str, file: str) -> bytes | None:
        """Return a file of a version, verified; None where the version has no such file."""
        manifest = self.manifest(version)
        return self._verified(version, manifest, file) if file in manifest["files"] else None

    def ranker(self) -> SourceRanker:
        """Return the active version's ranker of sources, the shipped one where there is none."""
        try:
            version = self.active_version()
        except NoModelError:
            return default_ranker()
        check_libraries(version, self.manifest(version))
        content = self.read(version, RANKER + _JOBLIB)
        ranker: SourceRanker = default_ranker() if content is None else unpickled(content, version)
        return ranker

    def activate(self, version: str) -> None:
        """Load a version to prove that it answers, then make it the active one."""
        self.load(version)
        with self._writable():
            self._activate([version, *self._activated_or_none()])

    def activate_after(self, version: str, before: str | None) -> bool:
        """Activate a version where `before` is still the active one; tell whether it was."""
        self.load(version)
        with self._writable():
            activated = self._activated_or_none()
            if (activated[0] if activated else None) != before:
                return False
            self._activate([version, *activated])
            return True

    def roll_back(self) -> str:
        """Make the version active again that was active before, and return it."""
        version = self.previous_version()
        if version is None:
            raise RegistryError(
                "no version was active before that is still there; see: stance models list"
            )
        self.load(version)
        with self._writable():
            activated = self._activated()
            self._activate(activated[activated.index(version, 1) :])
        return version

    def prune(self, keep: int, *, previous_too: bool = False) -> list[str]:
        """Delete all but the newest `keep` versions, the active one and the one before.

        Return what went. The one that was active before, to which one can roll back, goes only
        with `previous_too`.
        """
        with self._writable():
            self._clean()
            spared = set()
            with contextlib.suppress(NoModelError):
                # Where it cannot be told which version is active none is deleted.
                spared.add(self.active_version())
            if not previous_too:
                spared.add(self.previous_version() or "")
            versions = self.versions()
            gone = [v for v in versions[: max(0, len(versions) - keep)] if v not in spared]
            for version in gone:
                # Renamed first: a version is there as a whole or not at all.
                aside = self.folder / f".new-{version}"
                self._path(version).rename(aside)
                shutil.rmtree(aside)
        return gone

    def _activated(self) -> list[str]:
        """Return the active version and below it those that were active before."""
        try:
            status = self._active_file.stat(follow_symlinks=False)
            # Each activation makes a new file, so what is the same file holds the same.
            stamp = (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
            seen, versions = self._seen
            if seen == stamp:
                return versions[:]
            content = read_plain(self._active_file, _LONGEST_MANIFEST).decode("ascii")
        except (FileNotFoundError, NotADirectoryError):
            raise NoModelError(
                f"no model is trained in {self.folder}; train one with: stance train"
            ) from None
        except (OSError, ValueError):
            content = ""
        versions = content.split()
        if not versions or not all(map(_VERSION.fullmatch, versions)):
            raise RegistryError(
                f"{self._active_file} does not name a model;"
                " choose one with: stance models activate VERSION"
            )
        self._seen = (stamp, versions)
        return versions[:]

    def _activated_or_none(self) -> list[str]:
        try:
            return self._activated()
        except RegistryError:
            return []

    def _activate(self, versions: list[str]) -> None:
        """Write the active version and those before it by one atomic rename."""
        self._path(versions[0])
        latest = list(dict.fromkeys(versions))[: _REMEMBERED + 1]
        handle, name = tempfile.mkstemp(prefix=".active-", dir=self.folder)
        os.close(handle)
        write_synced(Path(name), "".join(f"{version}\n" for version in latest).encode())
        Path(name).replace(self._active_file)
        sync_folder(self.folder)

    def _write(self, version: str, contents: Mapping[str, bytes]) -> None:
        final = self.folder / "versions" / version
        # The same training done twice within a second is the same version.
        if final.exists():
            return
        final.parent.mkdir(exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder))
        try:
            for name, content in contents.items():
                write_synced(aside / name, content)
            aside.chmod(0o755)
            sync_folder(aside)
            aside.rename(final)
            sync_folder(final.parent)
            sync_folder(self.folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _clean(self) -> None:
        """Remove what a killed process left; who holds the lock knows that nobody needs it."""
        for left in self.folder.glob(".new-*"):
            shutil.rmtree(left, ignore_errors=True)
        for left in self.folder.glob(".active-*"):
            left.unlink(missing_ok=True)

    def _verified(self, version: str, manifest: Mapping[str, Any], file: str) -> bytes:
        """Return a file's bytes; raise RegistryError where they are not those that were saved."""
        told = manifest["files"][file]
        digest = told.get("sha256") if isinstance(told, dict) else told
        size = told.get("bytes") if isinstance(told, dict) else _LONGEST_FILE
        content = None
        # A plain name in the version's own folder, no link: the file lies inside the registry.
        if _FILE.fullmatch(file) and isinstance(size, int):
            with contextlib.suppress(OSError):
                content = read_plain(self._path(version) / file, min(size, _LONGEST_FILE))
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            raise RegistryError(
                f"model {version}: {file!r} is not the file that was saved;"
                f" activate another version, or {RETRAIN}"
            )
        return content

    @contextlib.contextmanager
    def _writable(self) -> Iterator[None]:
        """Hold the lock of writers; tell in one line what keeps the folder from being written."""
        try:
            self._make()
            with held(self._writing):
                yield
        except OSError as error:
            what = "is full" if error.errno == errno.ENOSPC else "cannot be written"
            raise RegistryError(
                f"{self.folder} {what} ({error.strerror or error}); mend that, or name another"
                " folder with STANCE_MODELS"
            ) from error

    def _make(self) -> None:
        (self.folder / "versions").mkdir(parents=True, exist_ok=True)

    def _path(self, version: str) -> Path:
        path = self.folder / "versions" / version
        # The pattern keeps a name such as `../elsewhere` from leaving the registry.
        if not _VERSION.fullmatch(version) or path.is_symlink() or not path.is_dir():
            raise RegistryError(
                f"there is no model {version!r} in {self.folder}; see: stance models list"
            )
        return path
