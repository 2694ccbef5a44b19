"""Model versions on disk."""

import hashlib
import io
import itertools
import json
import os
import shutil
import sys
import types
from collections.abc import Callable
from pathlib import Path

import joblib
import pytest

from stance.ranking import SourceRanker, default_ranker
from stance.registry import Model, NoModelError, Registry, RegistryError, default_folder

TEXTS = ["They are in Kursk.", "There are no soldiers there."]


@pytest.fixture
def registry(models: Path) -> Registry:
    """Return a registry with one version, the active one."""
    return Registry(models)


_numbers = itertools.count()


def save(registry: Registry, model: Model) -> str:
    """Save a version that differs from all before it."""
    return registry.save({"classifier": model.classifier}, {"n": next(_numbers)})


def edit_manifest(registry: Registry, **changes: object) -> None:
    """Change keys of the active version's manifest."""
    version = registry.active_version()
    path = registry.folder / "versions" / version / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_saved_model_answers_as_before(registry: Registry, model: Model) -> None:
    """Saving and loading changes no probability."""
    version = registry.save({"classifier": model.classifier}, {"claim": {"id": "c"}})
    loaded = registry.load(version)
    assert loaded.version == version
    assert loaded.manifest["claim"] == {"id": "c"}
    expected = model.classifier.predict_proba(TEXTS)
    assert (loaded.classifier.predict_proba(TEXTS) == expected).all()


def test_saving_does_not_activate(registry: Registry, model: Model) -> None:
    """A new version answers only after it was made active."""
    before = registry.active_version()
    version = save(registry, model)
    assert registry.active_version() == before
    registry.activate(version)
    assert registry.active_version() == version


def test_several_artifacts_and_files_make_a_version(registry: Registry, model: Model) -> None:
    """A version keeps every object and file that it was saved with, under their names."""
    artifacts = {"classifier": model.classifier, "ranker": {"weights": [1, 2]}}
    version = registry.save(artifacts, {}, files={"added.jsonl": b"{}\n"})
    assert registry.load(version).artifacts["ranker"] == {"weights": [1, 2]}
    assert registry.read(version, "added.jsonl") == b"{}\n"
    assert registry.read(version, "nothing.jsonl") is None


def test_an_empty_folder_has_no_model(tmp_path: Path) -> None:
    """Without a model the message says how to train one, and nothing is created."""
    registry = Registry(tmp_path / "none")
    assert registry.versions() == []
    with pytest.raises(NoModelError, match="train one with: stance train"):
        registry.load()
    assert not registry.folder.exists()


@pytest.mark.parametrize(
    "name", ["nonsense", "../versions", "20240101T000000Z-00000000", "", "/etc/passwd"]
)
def test_a_version_that_is_not_there(registry: Registry, name: str) -> None:
    """Unknown versions, paths among them, are refused and change nothing."""
    before = registry.active_version()
    with pytest.raises(RegistryError, match="see: stance models list"):
        registry.activate(name)
    assert registry.active_version() == before


def model_file(registry: Registry) -> Path:
    """Return the active version's pickled classifier."""
    return registry.folder / "versions" / registry.active_version() / "classifier.joblib"


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Return what to do when unpickled."""
        return Path.touch, (Path(self.path),)  # type: ignore[return-value]


def _truncate(path: Path, bomb: bytes) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _change_a_byte(path: Path, bomb: bytes) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _replace(path: Path, bomb: bytes) -> None:
    path.write_bytes(bomb)


def _pad(path: Path, bomb: bytes) -> None:
    path.write_bytes(path.read_bytes() + bomb)


def _remove(path: Path, bomb: bytes) -> None:
    path.unlink()


def _link(path: Path, bomb: bytes) -> None:
    elsewhere = path.parent.parent.parent.parent / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def _pipe(path: Path, bomb: bytes) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path, bomb: bytes) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage", [_truncate, _change_a_byte, _replace, _pad, _remove, _link, _pipe, _folder]
)
def test_a_file_that_is_not_the_one_saved_is_not_unpickled(
    registry: Registry, tmp_path: Path, damage: Callable[[Path, bytes], None]
) -> None:
    """A damaged, foreign, missing or linked file is refused before it can do anything."""
    bomb = io.BytesIO()
    joblib.dump(Bomb(tmp_path / "exploded"), bomb)
    damage(model_file(registry), bomb.getvalue())
    with pytest.raises(RegistryError, match="is not the file that was saved; activate another"):
        registry.load()
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    "name",
    ["../../../bomb.joblib", "/tmp/bomb.joblib", "sub/bomb.joblib", "..joblib", ".joblib"],  # noqa: S108
)
def test_a_manifest_that_points_outside(registry: Registry, tmp_path: Path, name: str) -> None:
    """A file that the manifest names elsewhere is refused, though its digest is right."""
    bomb = io.BytesIO()
    joblib.dump(Bomb(tmp_path / "exploded"), bomb)
    (tmp_path / "bomb.joblib").write_bytes(bomb.getvalue())
    digest = hashlib.sha256(bomb.getvalue()).hexdigest()
    edit_manifest(registry, files={name: {"sha256": digest, "bytes": len(bomb.getvalue())}})
    with pytest.raises(RegistryError, match="is not the file that was saved"):
        registry.load()
    assert not (tmp_path / "exploded").exists()


def test_a_version_folder_that_is_a_link(registry: Registry, tmp_path: Path) -> None:
    """A version that lies elsewhere behind a link is no version."""
    folder = model_file(registry).parent
    folder.rename(tmp_path / "moved")
    folder.symlink_to(tmp_path / "moved")
    with pytest.raises(RegistryError, match="there is no model"):
        registry.load()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "has format 99, this program reads 1 to 2; train again"),
        ({"format": None}, "has format None"),
        ({"libraries": {"scikit-learn": "0.1.2"}}, "made with scikit-learn 0.1.2, installed is"),
        ({"libraries": None}, "made with scikit-learn unknown, installed is"),
        ({"files": {}}, "has no classifier; train again"),
        ({"files": {"classifier.joblib": "0"}}, "is not the file that was saved"),
        ({"files": None}, "does not list its files"),
        ({"answers": [[0.25] * 4] * 4}, "answers otherwise than when it was saved"),
        ({"answers": "x"}, "answers otherwise than when it was saved"),
    ],
)
def test_a_manifest_that_does_not_fit(
    registry: Registry, changes: dict[str, object], message: str
) -> None:
    """Another format, other libraries, other answers are refused with the remedy."""
    edit_manifest(registry, **changes)
    with pytest.raises(RegistryError, match=message):
        registry.load()


def test_code_that_is_gone_is_told(registry: Registry, model: Model) -> None:
    """An object whose class this program no longer has is a remedy, no traceback."""
    module = types.ModuleType("stance_of_yesterday")
    module.Ranker = type("Ranker", (), {"__module__": module.__name__})  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    try:
        version = registry.save({"classifier": model.classifier, "ranker": module.Ranker()}, {})
    finally:
        del sys.modules[module.__name__]
    with pytest.raises(RegistryError, match="saved by another version of this program"):
        registry.load(version)


def test_a_registry_of_the_first_format_is_read(registry: Registry, model: Model) -> None:
    """A version that an earlier release saved answers as before."""
    saved = model_file(registry)
    saved.rename(saved.parent / "model.joblib")
    digest = hashlib.sha256((saved.parent / "model.joblib").read_bytes()).hexdigest()
    edit_manifest(registry, format=1, files={"model.joblib": digest}, answers=None)
    loaded = registry.load()
    expected = model.classifier.predict_proba(TEXTS)
    assert (loaded.classifier.predict_proba(TEXTS) == expected).all()


@pytest.mark.parametrize("content", ["", "[]", "{", "\udcff", None])
def test_a_broken_manifest(registry: Registry, content: str | None) -> None:
    """A manifest that is missing or cannot be read is told, not raised as what it is."""
    path = model_file(registry).parent / "manifest.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(RegistryError, match=r"manifest.json (cannot|does)"):
        registry.load()


@pytest.mark.parametrize("content", ["", "\n", "../../x\n", "\udcff", "20240101T000000Z"])
def test_a_broken_active_file(registry: Registry, content: str) -> None:
    """What does not name a version is told; choosing a version mends it."""
    version = registry.active_version()
    (registry.folder / "active").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(RegistryError, match="choose one with: stance models activate") as caught:
        registry.load()
    assert not isinstance(caught.value, NoModelError)
    for previous_too in (False, True):
        with pytest.raises(RegistryError, match="does not name a model"):
            registry.prune(1, previous_too=previous_too)
    assert registry.versions() == [version]
    registry.activate(version)
    assert registry.load().version == version


def test_a_version_that_cannot_answer_is_not_activated(registry: Registry, model: Model) -> None:
    """Activating loads first, so that what serves goes on serving."""
    before = registry.active_version()
    version = save(registry, model)
    file = registry.folder / "versions" / version / "classifier.joblib"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(RegistryError, match="is not the file that was saved"):
        registry.activate(version)
    assert registry.active_version() == before


def test_rolling_back_goes_to_what_was_active_before(registry: Registry, model: Model) -> None:
    """Each step goes one activation back, over versions that are gone, until there is none."""
    first = registry.active_version()
    second, third, fourth = (save(registry, model) for _ in range(3))
    for version in (second, third, fourth):
        registry.activate(version)
    assert registry.previous_version() == third
    assert registry.roll_back() == registry.active_version() == third
    shutil.rmtree(registry.folder / "versions" / second)
    assert registry.roll_back() == registry.active_version() == first
    with pytest.raises(RegistryError, match="no version was active before"):
        registry.roll_back()
    assert registry.active_version() == first


def test_every_activation_is_seen_at_once(registry: Registry, model: Model) -> None:
    """Who asks often, in another process say, sees each activation with the next question."""
    versions = [registry.active_version(), save(registry, model)]
    other = Registry(registry.folder)
    for number in range(40):
        assert other.active_version() == other.active_version() == versions[number % 2]
        registry.activate(versions[(number + 1) % 2])
    (registry.folder / "active").unlink()
    with pytest.raises(NoModelError):
        other.active_version()


def test_activation_after_another_does_not_happen(registry: Registry, model: Model) -> None:
    """Who judged a version against one that is no longer active does not activate it."""
    first = registry.active_version()
    second, third = save(registry, model), save(registry, model)
    assert registry.activate_after(second, first)
    assert not registry.activate_after(third, first)
    assert registry.active_version() == second


def test_prune_keeps_the_newest_the_active_and_the_one_before(
    registry: Registry, model: Model
) -> None:
    """Old versions go; the one to roll back to only when told, the active one never."""
    first = registry.active_version()
    newer = [save(registry, model) for _ in range(4)]
    by_age = sorted(newer)
    registry.activate(by_age[0])
    assert set(registry.prune(1)) == set(by_age[1:3])
    assert set(registry.versions()) == {first, by_age[0], by_age[3]}
    assert registry.prune(1, previous_too=True) == [first]
    assert registry.active_version() == by_age[0]
    assert registry.previous_version() is None
    assert not list(registry.folder.glob(".new-*"))


def test_the_same_training_twice_is_one_version(registry: Registry, model: Model) -> None:
    """Nothing is lost or doubled where two trainings make the same within a second."""
    versions = {registry.save({"classifier": model.classifier}, {"n": 1}) for _ in range(2)}
    assert versions <= set(registry.versions())
    assert not list(registry.folder.glob(".new-*"))


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """STANCE_MODELS goes before the user's data folder."""
    monkeypatch.setenv("STANCE_MODELS", "/somewhere")
    assert default_folder() == Path("/somewhere")
    monkeypatch.delenv("STANCE_MODELS")
    assert default_folder().parts[-2:] == ("stance", "models")


def test_the_ranker_is_saved_with_its_version(registry: Registry, model: Model) -> None:
    """A version answers with its own ranker; without a version the shipped one is used."""
    ranker = SourceRanker({"title": 1.0}, bias=0.5)
    version = registry.save({"classifier": model.classifier, "ranker": ranker}, {})
    registry.activate(version)
    assert registry.load(version).ranker == registry.ranker() == ranker
    assert Registry(registry.folder / "none").ranker() == default_ranker()


def test_a_version_of_before_there_was_a_ranker(registry: Registry, model: Model) -> None:
    """A version without a ranker answers with the shipped one."""
    version = registry.save({"classifier": model.classifier}, {"n": "old"})
    registry.activate(version)
    assert registry.load(version).ranker == registry.ranker() == default_ranker()


def test_a_changed_ranker_is_not_unpickled(registry: Registry, model: Model) -> None:
    """A ranker that is not the one saved is refused."""
    version = registry.save({"classifier": model.classifier, "ranker": default_ranker()}, {})
    registry.activate(version)
    path = registry.folder / "versions" / version / "ranker.joblib"
    joblib.dump(SourceRanker({}, bias=9.0), path)
    with pytest.raises(RegistryError, match=r"ranker.joblib"):
        registry.ranker()
