"""What a registry must live through: kill -9, a full disk, two trainings at once."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from serving import MAIN

from stance.classifier import StanceClassifier
from stance.corpus import Corpus
from stance.jsonl import dumps
from stance.records import as_json
from stance.registry import Registry, RegistryError
from stance.storage import held, read_plain

# Forks a child that saves and activates, and kills it at its first, second, ... step on the disk.
KILL_AT_EVERY_STEP = """
import os, signal, sys
from pathlib import Path
from stance.registry import Registry

folder = sys.argv[1]
model = Registry(Path(folder)).load()

def work(number):
    registry = Registry(Path(folder))
    version = registry.save({"classifier": model.classifier}, {"n": number}, files={"a.txt": b"x"})
    registry.activate(version)
    registry.prune(2)
    return version

def die_at(step):
    left = [step]
    def count():
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    def hook(event, args):
        if any(folder in str(argument) for argument in args):
            count()
    sync = os.fsync
    os.fsync = lambda descriptor: (count(), sync(descriptor))
    sys.addaudithook(hook)

step = 0
while True:
    step += 1
    before, known = Registry(Path(folder)).active_version(), Registry(Path(folder)).versions()
    child = os.fork()
    if child == 0:
        die_at(step)
        work(step)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    registry = Registry(Path(folder))
    active = registry.load().version
    if status == 0:
        break
    assert not any(part.suffix for part in Path(folder, "versions").iterdir())
    assert os.WTERMSIG(status) == signal.SIGKILL, status
    assert active == before or active not in known, (step, before, active)
    if step % 5 == 0:
        for version in registry.versions():
            registry.load(version)
        version = work(1000 + step)
        assert registry.active_version() == version
        assert not list(Path(folder).glob(".new-*")) + list(Path(folder).glob(".active-*"))
print(step)
"""

_LONG = 1800.0  # seconds: a dozen trainings, on a slow machine
CLI = [sys.executable, "-c", "import sys; from stance.cli import main; sys.exit(main())"]


def run(script: str, *arguments: str) -> str:
    """Run a script in a process of its own and return what it printed."""
    # One thread: a forked child must not wait for threads that only its parent has.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=_LONG,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def data(tmp_path: Path, small_corpus: Corpus) -> str:
    """Return a data folder of 300 statements."""
    folder = tmp_path / "data"
    folder.mkdir()
    rows = (dumps(as_json(a)) + "\n" for a in small_corpus.annotations[100:400])
    (folder / "some.jsonl").write_text("".join(rows), "utf-8")
    claim = as_json(small_corpus.claim)
    (folder / "claim.json").write_text(json.dumps(claim), "utf-8")
    return str(folder)


def test_killed_at_any_step_of_saving_and_activating(tmp_path: Path) -> None:
    """After kill -9 at every step on the disk the active model, and every version, loads."""
    registry = Registry(tmp_path / "models")
    # As small as can be, for it is saved and loaded hundreds of times.
    model = StanceClassifier(min_df=1).fit(["yes", "yes", "no", "no"], ["a", "a", "b", "b"])
    registry.activate(registry.save({"classifier": model}, {}))
    steps = int(run(KILL_AT_EVERY_STEP, str(registry.folder)))
    assert steps > 30


def test_killed_at_random_moments() -> None:
    """Whenever a training or an activation is killed, every version loads and a service answers.

    The benchmark does the same 50 times.
    """
    script = Path(__file__).parent / "benchmarks" / "kills.py"
    done = subprocess.run(
        [sys.executable, str(script), "--moments", "12"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    figures = json.loads(done.stdout)
    assert figures["killed_under_way"]["activate_on_and_on"] == 6
    assert figures["versions_that_answered"] > 1


def test_a_full_disk_is_one_line_of_error(models: Path, data: str) -> None:
    """Where a file cannot be written whole, the error is one line and nothing is left."""
    before = Registry(models).active_version()
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)); "
    done = subprocess.run(
        [sys.executable, "-c", limited + MAIN, "train", "--data", data, "--force"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert re.fullmatch(
        r"stance: error: .* cannot be written \(File too large\); mend that, or name another"
        r" folder with STANCE_MODELS",
        done.stderr.splitlines()[-1],
    )
    assert "Traceback" not in done.stderr
    assert Registry(models).load().version == before
    assert not list(models.glob(".new-*"))


def test_a_folder_that_cannot_be_made_is_told_before_the_work(tmp_path: Path, data: str) -> None:
    """The error comes at once, not after a minute of training."""
    (tmp_path / "file").write_text("")
    registry = Registry(tmp_path / "file" / "models")
    with pytest.raises(RegistryError, match="cannot be written"), registry.training():
        pytest.fail("the training began")


def test_two_trainings_at_once_both_end_well(
    tmp_path: Path, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They wait for each other: the later one keeps what the earlier one added."""
    folder = tmp_path / "models"
    monkeypatch.setenv("STANCE_MODELS", str(folder))
    processes = []
    # A third one holds both back, so that neither has ended before the other begins.
    with Registry(folder).training():
        for word in ("Zork", "Blorb"):
            fresh = tmp_path / f"{word}.jsonl"
            fresh.write_text(dumps({"text": f"{word}! Not one came.", "stance": "deny"}) + "\n")
            command = [*CLI, "train", "--data", data, "--add", str(fresh)]
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            processes.append(subprocess.Popen(command, text=True, **pipes))
        for process in processes:
            assert process.stderr is not None
            waiting = "stance: another training is under way; waiting for its end\n"
            assert waiting in iter(process.stderr.readline, "")
    outcomes: list[dict[str, Any]] = []
    for process in processes:
        out, err = process.communicate(timeout=_LONG)
        assert process.returncode == 0, err
        outcomes.append(json.loads(out))
    first, second = sorted(outcomes, key=lambda outcome: int(outcome["added"]))
    assert [first["added"], second["added"]] == [1, 2]
    registry = Registry(folder)
    assert registry.active_version() == second["version"]
    assert registry.manifest(second["version"])["parent"] == first["version"]


def test_a_lock_is_free_after_its_holder_was_killed(models: Path) -> None:
    """Nobody waits for a training that is no more."""
    script = (
        "import os, signal, sys; from pathlib import Path; from stance.registry import Registry\n"
        "with Registry(Path(sys.argv[1])).training(): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(models)], timeout=_LONG)
    assert killed.returncode == -9
    with Registry(models).training():
        pass


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    """The same holder may take it again; what it guards ends with the outermost."""
    registry = Registry(tmp_path)
    with registry.training(), registry.training():
        assert registry._training.is_locked
    assert not registry._training.is_locked
    with held(registry._training):
        assert registry._training.is_locked


def test_only_plain_files_of_a_bounded_size_are_read(tmp_path: Path) -> None:
    """Links, folders, pipes and what is too long are errors of the system's kind."""
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    (tmp_path / "link").symlink_to(file)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert read_plain(file, 5) == b"12345"
    for name, most in (("file", 4), ("link", 9), ("folder", 9), ("pipe", 9), ("none", 9)):
        with pytest.raises(OSError, match=f"{name}|directory"):
            read_plain(tmp_path / name, most)
