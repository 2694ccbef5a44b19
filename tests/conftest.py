"""Fixtures: a small corpus, a registry with a model trained on it, the service's client."""

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service import create_app
from stance.corpus import Corpus, load_corpus, shipped_data
from stance.registry import Model, Registry
from stance.training import train

ROOT = Path(__file__).parent.parent


def copy_project(folder: Path) -> None:
    """Copy what a wheel is built from, so that building leaves no trace in the tree."""
    for name in ("stance", "service", "training_data", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)


@pytest.fixture(scope="session")
def shipped() -> Corpus:
    """Return the corpus that travels with the package."""
    return load_corpus(shipped_data())


@pytest.fixture(scope="session")
def small_corpus(shipped: Corpus) -> Corpus:
    """Return the seeds and every eighth authored statement."""
    seeds = [a for a in shipped.annotations if a.origin == "seed"]
    authored = [a for a in shipped.annotations if a.origin == "authored"]
    return Corpus(shipped.claim, (*seeds, *authored[::8]))


@pytest.fixture(scope="session")
def trained_folder(tmp_path_factory: pytest.TempPathFactory, small_corpus: Corpus) -> Path:
    """Return a registry folder whose active model was trained on the small corpus."""
    folder = tmp_path_factory.mktemp("models")
    train(Registry(folder), small_corpus)
    return folder


@pytest.fixture(scope="session")
def model(trained_folder: Path) -> Model:
    """Return the small model."""
    return Registry(trained_folder).load()


@pytest.fixture(autouse=True)
def _no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the models of the user out of the tests."""
    monkeypatch.setenv("STANCE_MODELS", str(tmp_path / "no-models"))


@pytest.fixture
def models(trained_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a registry folder of its own, with the small model, named by STANCE_MODELS."""
    folder = tmp_path / "models"
    shutil.copytree(trained_folder, folder)
    monkeypatch.setenv("STANCE_MODELS", str(folder))
    return folder


@pytest.fixture
def client(models: Path) -> FlaskClient:
    """Return a client of the service with the small model."""
    return create_app({"MODELS": str(models)}).test_client()
