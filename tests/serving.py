"""A real server under test: gunicorn with its workers, on a port of its own."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from stance.ledger import Ledger
from stance.registry import Registry

MAIN = "import sys; from stance.cli import main; sys.exit(main())"
PATIENCE = 120.0  # seconds that anything may take: a machine may be slow, and busy besides
# A server may close a connection that was silent for so long (gunicorn, told to stop, waits 2 s).
_SILENT = 1.5
_LOCKED = 9.0  # seconds; a writer that finds the database locked waits for ten


def eventually(
    reached: Callable[[], object], *, pause: float = 0.02, seconds: float = PATIENCE
) -> None:
    """Wait until something holds; fail where it never does."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, f"not reached within {seconds} seconds"
        time.sleep(pause)


def free_port() -> int:
    """Return a port that nobody is given until a server binds it, within a minute.

    A connection that the port's side closed first keeps it from being given away (TIME_WAIT), but
    not from being asked for by its number.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        probe.listen(1)
        port: int = probe.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            probe.accept()[0].close()
    return port


class Running:
    """`stance serve`, started and ready."""

    def __init__(self, folder: Path, *, workers: int = 2, **settings: str) -> None:
        self.port = free_port()
        self._number = workers
        self._log = folder / f"serve-{self.port}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command(workers),
                env={**os.environ, "TMPDIR": str(folder), **settings},
                stderr=log,
                start_new_session=True,
            )

    def command(self, workers: int) -> list[str]:
        """Return what starts it."""
        options = ["--port", str(self.port), "--workers", str(workers)]
        return [sys.executable, "-c", MAIN, "serve", *options]

    def wait(self, key: str = "") -> None:
        """Wait until every worker was started and one answers; it may need a key to say so."""

        def is_up() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"the server did not come up:\n{self.log()}")
            if self.booted() < self._number:
                return False
            with contextlib.suppress(OSError):
                return self.ask("GET", "/ready", headers={"X-API-Key": key})[0] == 200
            return False

        eventually(is_up)

    def settle(self, version: str) -> None:
        """Wait until every worker answers by a version of the model."""
        name = f'stance_model_info{{version="{version}"}}'
        eventually(lambda: self.metrics().get(name) == self._number)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Send one request on a connection of its own; return status and decoded body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            return exchange(connection, method, path, body, headers)

    def send(self, raw: bytes) -> bytes:
        """Send bytes as they are; return the beginning of what comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(1 << 16)

    def metrics(self) -> dict[str, float]:
        """Return the figures of /metrics."""
        lines = [line for line in self.ask("GET", "/metrics")[1].splitlines() if line[0] != "#"]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    def log(self) -> str:
        """Return what the server wrote to standard error."""
        return self._log.read_text("utf-8")

    def booted(self) -> int:
        """Return how many workers were started."""
        return len(self.born())

    def born(self) -> list[int]:
        """Return the process ids of all workers that were started."""
        return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", self.log())]

    def left(self) -> list[int]:
        """Return the process ids of the workers that ended by themselves."""
        return [int(pid) for pid in re.findall(r"Worker exiting \(pid: (\d+)\)", self.log())]

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        pid = self.process.pid
        return [int(w) for w in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def stop(self) -> int:
        """End the server as an operator would; return its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE)

    def kill(self) -> None:
        """Kill every process of the server at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=PATIENCE)


def exchange(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, Any]:
    """Send a request and read the whole answer; return status and decoded body."""
    data = None if body is None else json.dumps(body)
    every = {"Content-Type": "application/json", **(headers or {})}
    connection.request(method, path, data, every)
    answer = connection.getresponse()
    raw = answer.read().decode("utf-8")
    return answer.status, json.loads(raw) if "json" in (answer.headers["Content-Type"]) else raw


@contextlib.contextmanager
def running(folder: Path, *, workers: int = 2, key: str = "", **settings: str) -> Iterator[Running]:
    """Give a server that is ready, and end it."""
    server = Running(folder, workers=workers, **settings)
    try:
        server.wait(key)
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


class Clients:
    """Clients that ask on and on, half of them on connections they keep open.

    `answers` are those got in full, `lost` the requests that got none. Neither is a connection that
    was refused, for nobody was there to ask, nor one that was closed after a silence.
    """

    def __init__(self, server: Running, *, number: int = 6, body: Any = None) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.lost: list[str] = []
        self._server = server
        self._body = body
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, args=(n % 2 == 0,), daemon=True)
            for n in range(number)
        ]

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def wait(self, enough: Callable[[], object]) -> None:
        """Go on asking until there is enough."""
        eventually(enough)

    def _ask(self, keep: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=PATIENCE)
        began = time.monotonic()
        while not self._stopped.is_set():
            before, began = began, time.monotonic()
            if connection.sock is None:
                before = began
                try:
                    connection.connect()
                except ConnectionRefusedError:
                    return
                except OSError as error:
                    self.lost.append(f"connect: {error!r}")
                    return
            try:
                self.answers.append(exchange(connection, "POST", "/predict", self._body))
            except (OSError, http.client.HTTPException) as error:
                # This thread may have been kept waiting until the server gave it up.
                if time.monotonic() - before < _SILENT:
                    self.lost.append(repr(error))
                connection.close()
            if not keep:
                connection.close()
        connection.close()


class Annotators(Clients):
    """Clients that each send annotations of their own, again where there was no answer.

    They send again too, as they are told to, what had to wait so long for others' that it was
    given up: on a slow disk that may be. What is refused at once is an answer.
    `ids` are those that a 201, or a 200 for what an unanswered request had stored, told of.
    """

    def __init__(self, server: Running, *, number: int = 6, batch: int = 1) -> None:
        self.ids: list[str] = []
        self._batch = batch
        super().__init__(server, number=number)

    def check(self, ledger: Ledger) -> None:
        """Raise where an annotation that was told to be stored is not there, or not once."""
        assert {status for status, _ in self.answers} <= {200, 201}
        stored = [entry.id for entry in ledger.entries()]
        assert sorted(stored) == sorted(self.ids)

    def _ask(self, keep: bool) -> None:
        number = 0
        while not self._stopped.is_set():
            number += 1
            texts = [f"{threading.get_ident()} {number} {n}" for n in range(self._batch)]
            items = [{"text": text, "stance": "deny"} for text in texts]
            answer = None
            while answer is None:
                began = time.monotonic()
                try:
                    answer = self._server.ask("POST", "/annotations", {"annotations": items})
                    if answer[0] == 503 and time.monotonic() - began > _LOCKED:
                        answer = None
                except (OSError, http.client.HTTPException) as error:
                    self.lost.append(repr(error))
            self.answers.append(answer)
            self.ids += [receipt["id"] for receipt in answer[1].get("annotations", ())]


def activate_under_load(server: Running, registry: Registry, *, number: int) -> dict[str, Any]:
    """Activate four versions in turn while clients ask; raise where an answer is wrong.

    No request may fail; a batch must be answered by one version, and by one that was active: two
    more are there that never are. The next one is activated when the last one has answered.
    """
    artifacts = registry.load().artifacts
    saved = [registry.save(artifacts, {"note": str(n)}) for n in range(5)]
    versions = [registry.active_version(), *saved[:3]]
    waits: list[float] = []
    with Clients(
        server, body={"statements": [{"text": "Not one of them is here."}] * 5}
    ) as clients:
        for turn in range(1, number + 1):
            active, before = versions[turn % len(versions)], len(clients.answers)
            registry.activate(active)
            started = time.monotonic()
            eventually(
                lambda active=active, before=before: any(  # type: ignore[misc]
                    body["predictions"][0]["model"] == active
                    for _, body in clients.answers[before:]
                )
            )
            waits.append(time.monotonic() - started)
    assert clients.lost == []
    assert {status for status, _ in clients.answers} == {200}
    answered = [{p["model"] for p in body["predictions"]} for _, body in clients.answers]
    assert all(len(models_of) == 1 for models_of in answered)
    assert set().union(*answered) == set(versions)
    return {
        "activations": number,
        "answers": len(answered),
        "failed": 0,
        "versions_that_answered": len(set().union(*answered)),
        "seconds_to_an_answer": {
            "median": round(statistics.median(waits), 2),
            "most": round(max(waits), 2),
        },
    }
