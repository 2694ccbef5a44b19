"""Measure the service beside an empty JSON endpoint under the same server and workers.

    .venv/bin/python tests/benchmarks/serving.py [--workers N] [--seconds S] [--rounds N]

Needs Debian's `wrk`, which asks with one thread in C and is not the bottleneck, and a trained
model in STANCE_MODELS. Printed are, as one JSON object: how many requests a second are answered by
`POST /predict` with one statement, by our `/health`, and by a Flask route that reads a JSON object
and returns an empty one; the ratio (0.6 is wanted); what a batch of 100 statements costs beside
one, asked by one connection (10 at most); what of that is labelling; the memory of the workers
after all that (250 MB at most); the seconds from start to the first answer (3 at most). No
statement is asked twice in a row of 2,000; the endpoints are asked in turn, and figures are medians
over the rounds. On a busy machine requests by the clock say little: those by the processors' time
of the workers stand beside them.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, jsonify, request

sys.path.insert(0, str(Path(__file__).parents[1]))

from serving import Running

from service.server import Server
from stance.labelling import label
from stance.records import Statement
from stance.registry import Registry, default_folder

_SUBJECTS = (
    "Their soldiers",
    "North Korean troops",
    "The men from the North",
    "Those brigades",
    "The reports of the ministry",
    "Our partners",
    "These rumours",
    "The harvesters of the region",
)
_VERBS = (
    "are fighting in Kursk",
    "have never crossed the river",
    "were seen at the border",
    "are none of our business",
    "do not exist",
    "will be discussed in due time",
    "train at an eastern base",
    "belong to another story",
    "are on their way to the front",
    "had a good year",
)
_ENDS = (
    "as we said before",
    "and everybody knows it",
    "whatever others may claim",
    "according to what we were told",
    "so there is nothing to add",
)
_TEXTS = [
    f"{subject} {verb}, {end} on day {day}."
    for day in range(5)
    for subject in _SUBJECTS
    for verb in _VERBS
    for end in _ENDS
]
_LUA = """
local bodies = {{{bodies}}}
local number = 0
wrk.headers["Content-Type"] = "application/json"
request = function()
  number = number % #bodies + 1
  return wrk.format("POST", nil, nil, bodies[number])
end
"""


def empty(port: int, workers: int) -> None:
    """Serve an empty JSON endpoint as `stance serve` serves."""
    app = Flask(__name__)

    @app.post("/empty")
    def _empty() -> Any:
        request.get_json()
        return jsonify({})

    @app.get("/ready")
    def _ready() -> Any:
        return jsonify({})

    Server(app, {"bind": f"127.0.0.1:{port}", "workers": workers}).run()


class Empty(Running):
    """The empty endpoint as a server of its own."""

    def command(self, workers: int) -> list[str]:
        """Return what starts it."""
        return [sys.executable, __file__, "--empty", str(self.port), "--workers", str(workers)]


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second of the clock, and of the processors' time that the workers took."""

    clock: float
    processor: float


def rate(server: Running, asked: "Asked", seconds: float) -> Rate:
    """Return the requests a second that were answered well; complain of any that was not."""
    path, script, connections = asked
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s"]
    command += ["-s", str(script)] if script else []
    before = sum(map(processor_seconds, server.workers()))
    url = f"http://127.0.0.1:{server.port}{path}"
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    taken = sum(map(processor_seconds, server.workers())) - before
    requests = re.search(r"([0-9]+) requests in", done.stdout)
    a_second = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout or not requests or not a_second:
        raise SystemExit(done.stdout)
    return Rate(float(a_second[1]), int(requests[1]) / taken)


class Asked(NamedTuple):
    """What is asked, by how many connections at once."""

    path: str
    script: Path | None
    connections: int


def processor_seconds(pid: int) -> float:
    """Return the time that a process has had of the processors."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def lua(folder: Path, name: str, bodies: Sequence[Any]) -> Path:
    """Write a script that posts these bodies over and over."""
    path = folder / f"{name}.lua"
    quoted = ",".join(json.dumps(json.dumps(body)) for body in bodies)
    path.write_text(_LUA.format(bodies=quoted), "utf-8")
    return path


def memory(pid: int) -> dict[str, float]:
    """Return the memory of a process in megabytes, its own and its share of what is shared."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    sizes = dict(re.findall(r"^(Rss|Pss):\s+([0-9]+) kB", text, re.M))
    return {name.lower(): round(int(size) * 1024 / 1e6, 1) for name, size in sizes.items()}


def first_answer(folder: Path, workers: int) -> tuple[float, float]:
    """Return the seconds from a server's start to its first prediction: clock and processor."""
    started = time.monotonic()
    server = Running(folder, workers=workers)
    try:
        while server.process.poll() is None:
            try:
                status, _ = server.ask("POST", "/predict", {"text": _TEXTS[0]})
            except OSError:
                time.sleep(0.005)
                continue
            assert status == 200
            taken = time.monotonic() - started
            return taken, sum(map(processor_seconds, [server.process.pid, *server.workers()]))
        raise SystemExit(server.log())
    finally:
        server.kill()


def measured(folder: Path, args: argparse.Namespace) -> dict[str, Any]:
    """Return all figures."""
    one = lua(folder, "one", [{"text": text} for text in _TEXTS])
    hundreds = [
        {"statements": [{"text": text} for text in _TEXTS[start : start + 100]]}
        for start in range(0, len(_TEXTS), 100)
    ]
    batch = lua(folder, "batch", hundreds)
    starts = [first_answer(folder, args.workers) for _ in range(3)]
    ours, theirs = Running(folder, workers=args.workers), Empty(folder, workers=args.workers)
    rates: dict[str, list[Rate]] = {}
    many = args.connections
    try:
        ours.wait()
        theirs.wait()
        asked = {
            "empty": (theirs, Asked("/empty", one, many)),
            "predict": (ours, Asked("/predict", one, many)),
            "health": (ours, Asked("/health", None, many)),
            "one": (ours, Asked("/predict", one, 1)),
            "batch": (ours, Asked("/predict", batch, 1)),
        }
        for turn in range(args.rounds + 1):
            for name, (server, what) in asked.items():
                found = rate(server, what, args.seconds)
                if turn:  # the first is to warm up
                    rates.setdefault(name, []).append(found)
        workers = [memory(pid) for pid in ours.workers()]
    finally:
        ours.kill()
        theirs.kill()
    return {
        "clock": compared({name: [r.clock for r in found] for name, found in rates.items()}),
        "processor": compared(
            {name: [r.processor for r in found] for name, found in rates.items()}
        ),
        "labelling_microseconds": labelling(),
        "worker_megabytes": workers,
        "first_answer_seconds": {
            "clock": round(statistics.median(clock for clock, _ in starts), 2),
            "processor": round(statistics.median(processor for _, processor in starts), 2),
        },
    }


def labelling() -> dict[str, int]:
    """Return the processor's time of labelling a statement alone, and of one among four."""
    model = Registry(default_folder()).load()
    statements = [Statement(text=text) for text in _TEXTS[:400]]
    best = {}
    for together in (1, 4):
        times = []
        for _ in range(5):
            started = time.process_time()
            for start in range(0, len(statements), together):
                label(model, statements[start : start + together])
            times.append(time.process_time() - started)
        best[f"{together} together"] = round(min(times) / len(statements) * 1e6)
    return best


def compared(rates: dict[str, list[float]]) -> dict[str, Any]:
    """Return the rates of all endpoints, and what is wanted of them."""
    pairs = zip(rates["predict"], rates["empty"], strict=True)
    batches = zip(rates["one"], rates["batch"], strict=True)
    return {
        "requests_a_second": {n: round(statistics.median(found)) for n, found in rates.items()},
        "predict_to_empty": round(statistics.median(p / e for p, e in pairs), 3),
        "batch_of_100_to_one": round(statistics.median(o / b for o, b in batches), 1),
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--empty", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.empty:
        empty(args.empty, args.workers)
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured(Path(folder), args)))


if __name__ == "__main__":
    main()
