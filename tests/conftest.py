"""Fixtures: a small corpus, a registry with a model trained on it, the service's client."""

import gc
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from service import create_app
from stance.corpus import Corpus, load_corpus, shipped_data
from stance.registry import Model, Registry
from stance.training import train

ROOT = Path(__file__).parent.parent

# The same examples everywhere, and no clock: a slow or busy machine is no fault of the code.
settings.register_profile(
    "stance", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("stance")


# Tests that share one of these, which take long to make, run in one process.
SHARED = ("installed", "browser", "encoder", "serving")
LONGEST = (
    "test_readme",
    "test_browser",
    "test_accessibility",
    "test_training",
    "test_faults",
    "test_server",
)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Use one process where only some tests are run: others would cost more than they save."""
    return 0 if config.args != config.getini("testpaths") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first, and those that share something into one process."""
    for item in items:
        for shared in SHARED:
            if shared in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(shared))
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


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
    version = str(train(Registry(folder), small_corpus).version)
    # Versions are ordered by the second they were made in: what a test makes shall be newer.
    while time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()) <= version[:16]:
        time.sleep(0.05)
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
    # Nothing of the tests may reach, or read, what a person keeps in their data folder.
    monkeypatch.setenv("STANCE_DATABASE", f"sqlite:///{tmp_path / 'annotations.sqlite3'}")
    return folder


@pytest.fixture
def client(models: Path) -> FlaskClient:
    """Return a client of the service with the small model."""
    return create_app({"MODELS": str(models)}).test_client()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """Return the URL of a PostgreSQL database of its own, on the server that CI starts."""
    server = os.environ.get("STANCE_TEST_POSTGRES")
    if not server:
        pytest.skip("no PostgreSQL: run the tests by .ci/postgres, or set STANCE_TEST_POSTGRES")
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"test_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'annotations.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Keep the garbage collector out of a measurement: its time grows with all that is alive."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
