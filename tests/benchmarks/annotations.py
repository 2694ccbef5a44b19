"""Post annotations while workers are killed: what was answered for is there afterwards, once.

    .venv/bin/python tests/benchmarks/annotations.py [--number N] [--batch N]
    .ci/postgres .venv/bin/python tests/benchmarks/annotations.py --postgres --number 10000

Six clients post annotations (100,000 in all, 20 a request), and post again what got no answer. A
worker of the two is killed each second, and the whole server at the end, all by SIGKILL. Needs a
trained model in STANCE_MODELS. The database is SQLite in a temporary folder, or, with
`--postgres`, that of STANCE_TEST_POSTGRES, which must be empty. Printed is one JSON object.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from serving import Annotators, Running, running

from stance.ledger import Ledger


def post(server: Running, number: int, batch: int) -> tuple[Annotators, int]:
    """Post so many annotations; return who did, and how many workers were killed meanwhile."""
    chance, killed = random.Random(0), 0
    with Annotators(server, batch=batch) as annotators:
        due = time.monotonic()
        while len(annotators.ids) < number:
            time.sleep(0.05)
            workers = server.workers()
            if time.monotonic() >= due and workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    killed += 1
                due = time.monotonic() + 1
    return annotators, killed


def run(folder: Path, url: str, args: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of a run; raise where anything is not as it must be."""
    started = time.monotonic()
    with running(folder, STANCE_DATABASE=url) as server:
        annotators, killed = post(server, args.number, args.batch)
        server.kill()
    seconds = time.monotonic() - started
    annotators.check(Ledger(url))
    return {
        "database": url.partition(":")[0],
        "stored": len(annotators.ids),
        "missing_or_twice": 0,
        "requests": len(annotators.answers),
        "workers_killed": killed,
        "requests_without_answer": len(annotators.lost),
        "seconds": round(seconds),
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--postgres", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/annotations.sqlite3"
        if args.postgres:
            url = os.environ["STANCE_TEST_POSTGRES"]
        print(json.dumps(run(Path(folder), url, args)))


if __name__ == "__main__":
    main()
