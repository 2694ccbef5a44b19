"""Kill trainings and activations at random moments, while a service answers.

    .venv/bin/python tests/benchmarks/kills.py [--moments N] [--seed N]

Half of the moments (of 50) meet a training, half a process that activates versions and rolls back
over and over. The service is asked until the moment of the kill, and again after it. Every answer
must be well, and by a version that is whole; after every kill the active model must load and
answer, as every other version must. At the end a training must clean up what the killed ones left.
Everything happens in a temporary folder, on 300 statements. Printed is one JSON object.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

# A forked child must not wait for threads that only its parent has.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parents[1]))

from serving import Running

from stance.corpus import Corpus, load_corpus, shipped_data
from stance.labelling import label
from stance.records import Statement
from stance.registry import Registry
from stance.training import train

_STATEMENT = {"text": "Not one of them is here."}


def small_corpus() -> Corpus:
    """Return 300 statements of all labels."""
    whole = load_corpus(shipped_data())
    authored = [a for a in whole.annotations if a.origin == "authored"]
    return Corpus(whole.claim, tuple(authored[:: len(authored) // 300][:300]))


def train_once(folder: Path, corpus: Corpus) -> None:
    """Train a version and make it active, whatever the gate says."""
    train(Registry(folder), corpus, activation="always")


def activate_on_and_on(folder: Path, _: Corpus) -> None:
    """Activate one version after the other, and roll back."""
    registry = Registry(folder)
    while True:
        for version in registry.versions():
            registry.activate(version)
        registry.roll_back()


class Trial:
    """A registry that processes are killed in, and a service that answers from it."""

    def __init__(self, folder: Path, corpus: Corpus, server: Running) -> None:
        self.folder = folder
        self.asked: Counter[str] = Counter()
        self._corpus = corpus
        self._server = server

    def kill(self, work: Callable[[Path, Corpus], None], moment: float) -> bool:
        """Kill work after so many seconds; tell whether it was still under way."""
        child = os.fork()
        if child == 0:
            try:
                work(self.folder, self._corpus)
                os._exit(0)
            finally:
                traceback.print_exc()
                os._exit(1)
        deadline = time.monotonic() + moment
        while time.monotonic() < deadline:
            self.ask()
        os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in {0, -signal.SIGKILL}, f"the child failed with {status}"
        self.check()
        return status != 0

    def ask(self) -> None:
        """Ask the service; its answer must be well."""
        status, answer = self._server.ask("POST", "/predict", _STATEMENT)
        assert status == 200, answer
        self.asked[answer["model"]] += 1

    def check(self) -> None:
        """Load every version as a new process would, the active one first."""
        registry = Registry(self.folder)
        for version in (None, *registry.versions()):
            model = registry.load(version)
            assert label(model, [Statement(text="They are there.")])[0].model == model.version
        self.ask()


def run(folder: Path, moments: int, seed: int) -> dict[str, object]:
    """Return the figures of a run; raise where anything is not as it must be."""
    chance, corpus = random.Random(seed), small_corpus()
    started = time.monotonic()
    train_once(folder, corpus)
    lasts = time.monotonic() - started
    registry = Registry(folder)
    for number in range(2):
        registry.activate(registry.save(registry.load().artifacts, {"note": number}))
    killed: Counter[str] = Counter()
    database = f"sqlite:///{folder / 'annotations.sqlite3'}"
    server = Running(folder, STANCE_MODELS=str(folder), STANCE_DATABASE=database)
    try:
        server.wait()
        trial = Trial(folder, corpus, server)
        for number in range(moments):
            work = activate_on_and_on if number % 2 else train_once
            longest = lasts if work is train_once else min(lasts, 1.0)
            killed[work.__name__] += trial.kill(work, chance.uniform(0, longest))
        train_once(folder, corpus)
        Registry(folder).prune(3)
        trial.check()
        assert not [*folder.glob(".new-*"), *folder.glob(".active-*")]
        assert not [name for name in server.metrics() if "refusals_total" in name]
        assert len(server.workers()) == 2
        assert server.booted() == 2
    finally:
        server.kill()
    return {
        "moments": moments,
        "killed_under_way": dict(killed),
        "training_seconds": round(lasts, 2),
        "answers": trial.asked.total(),
        "versions_that_answered": len(trial.asked),
        "failed": 0,
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(run(Path(folder), args.moments, args.seed)))


if __name__ == "__main__":
    main()
