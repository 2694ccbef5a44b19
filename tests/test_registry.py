"""Model versions on disk."""

import json
from pathlib import Path

import joblib
import pytest

from stance.ranking import SourceRanker, default_ranker
from stance.records import Annotation, Stance
from stance.registry import Model, NoModelError, Registry, RegistryError, default_folder

TEXTS = ["They are in Kursk.", "There are no soldiers there."]


@pytest.fixture
def registry(models: Path) -> Registry:
    """Return a registry with one version, the active one."""
    return Registry(models)


def edit_manifest(registry: Registry, **changes: object) -> None:
    """Change keys of the active version's manifest."""
    version = registry.active_version()
    path = registry.folder / "versions" / version / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_saved_model_answers_as_before(registry: Registry, model: Model) -> None:
    """Saving and loading changes no probability."""
    version = registry.save(model.classifier, {"claim": {"id": "c"}})
    loaded = registry.load(version)
    assert loaded.version == version
    assert loaded.manifest["claim"] == {"id": "c"}
    expected = model.classifier.predict_proba(TEXTS)
    assert (loaded.classifier.predict_proba(TEXTS) == expected).all()


def test_saving_does_not_activate(registry: Registry, model: Model) -> None:
    """A new version answers only after it was made active."""
    before = registry.active_version()
    version = registry.save(model.classifier, {})
    assert registry.active_version() == before
    registry.activate(version)
    assert registry.active_version() == version


def test_added_annotations_are_kept(registry: Registry, model: Model) -> None:
    """What was added for a version is stored with it."""
    added = [Annotation(text="x", stance=Stance.DENY)]
    version = registry.save(model.classifier, {}, added=added)
    assert json.loads(registry.added(version).read_text())["text"] == "x"


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


def test_a_changed_model_file_is_not_unpickled(registry: Registry, tmp_path: Path) -> None:
    """A file that is not the one saved is refused before it can do anything."""

    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (Path(tmp_path / "exploded"),)  # type: ignore[return-value]

    path = registry.folder / "versions" / registry.active_version() / "model.joblib"
    joblib.dump(Bomb(), path)
    with pytest.raises(RegistryError, match="is not the file that was saved"):
        registry.load()
    assert not (tmp_path / "exploded").exists()


def test_the_ranker_is_saved_with_its_version(registry: Registry, model: Model) -> None:
    """A version answers with its own ranker; without a version the shipped one is used."""
    ranker = SourceRanker({"title": 1.0}, bias=0.5)
    version = registry.save(model.classifier, {}, ranker=ranker)
    assert registry.load(version).ranker == registry.ranker(version) == ranker
    assert Registry(registry.folder / "none").ranker() == default_ranker()


def test_a_version_of_before_there_was_a_ranker(registry: Registry, model: Model) -> None:
    """A version without a ranker answers with the shipped one."""
    version = registry.save(model.classifier, {"n": "old"})
    assert registry.load(version).ranker == default_ranker()


def test_a_changed_ranker_is_not_unpickled(registry: Registry, model: Model) -> None:
    """A ranker that is not the one saved is refused."""
    version = registry.save(model.classifier, {}, ranker=default_ranker())
    path = registry.folder / "versions" / version / "ranker.joblib"
    joblib.dump(SourceRanker({}, bias=9.0), path)
    with pytest.raises(RegistryError, match=r"ranker.joblib is not the file that was saved"):
        registry.ranker(version)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "has format 99, this program reads 1; train again"),
        ({"libraries": {"scikit-learn": "0.1.2"}}, "made with scikit-learn 0.1.2, installed is"),
        ({"files": {}}, "is not the file that was saved"),
    ],
)
def test_a_manifest_that_does_not_fit(
    registry: Registry, changes: dict[str, object], message: str
) -> None:
    """Another format, other libraries and missing digests are refused with the remedy."""
    edit_manifest(registry, **changes)
    with pytest.raises(RegistryError, match=message):
        registry.load()


@pytest.mark.parametrize("content", ["", "[]", "{", "\udcff"])
def test_a_broken_manifest(registry: Registry, content: str) -> None:
    """A manifest that cannot be read is told, not raised as what it is."""
    version = registry.active_version()
    path = registry.folder / "versions" / version / "manifest.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(RegistryError, match=r"manifest.json"):
        registry.load()


def test_prune_keeps_the_newest_and_the_active(registry: Registry, model: Model) -> None:
    """Old versions go, the active one never."""
    active = registry.active_version()
    classifier = model.classifier
    newer = [registry.save(classifier, {"n": n}, added=[_note(n)]) for n in range(3)]
    assert set(registry.versions()) == {active, *newer}
    gone = registry.prune(2)
    assert active not in gone
    assert sorted([*gone, *registry.versions()]) == sorted([active, *newer])
    assert len(registry.versions()) == 3


def test_the_same_training_twice_is_one_version(registry: Registry, model: Model) -> None:
    """Nothing is lost or doubled where two trainings make the same within a second."""
    versions = {registry.save(model.classifier, {"n": 1}) for _ in range(2)}
    assert versions <= set(registry.versions())
    assert not list(registry.folder.glob(".new-*"))


def _note(number: int) -> Annotation:
    return Annotation(text=f"n {number}", stance=Stance.DENY)


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """STANCE_MODELS goes before the user's data folder."""
    monkeypatch.setenv("STANCE_MODELS", "/somewhere")
    assert default_folder() == Path("/somewhere")
    monkeypatch.delenv("STANCE_MODELS")
    assert default_folder().parts[-2:] == ("stance", "models")
