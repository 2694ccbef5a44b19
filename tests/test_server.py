"""The server as it runs: several workers, signals, crashes, new versions under load."""

import os
import signal
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
from serving import (
    PATIENCE,
    Annotators,
    Clients,
    Running,
    activate_under_load,
    eventually,
    running,
)

from stance.cli import main
from stance.ledger import Ledger
from stance.registry import Registry

STATEMENT = {"text": "Not one of them is here."}


def test_a_201_survives_kill_9(models: Path, tmp_path: Path) -> None:
    """What was answered with 201 is there after every process was killed, and only once."""
    sent = []
    with running(tmp_path) as server:
        for number in range(20):
            annotation = {"id": f"k{number}", "text": f"text {number}", "stance": "deny"}
            status, receipt = server.ask("POST", "/annotations", annotation)
            assert (status, receipt["created"]) == (201, True)
            sent.append(annotation["id"])
        server.kill()
    assert [entry.id for entry in Ledger().entries()] == sent


def test_several_workers_write_at_once(models: Path, tmp_path: Path, database_url: str) -> None:
    """Clients of several workers post at once; every 201 is in the database, once."""
    with (
        running(tmp_path, STANCE_DATABASE=database_url) as server,
        Annotators(server) as annotators,
    ):
        annotators.wait(lambda: len(annotators.answers) >= 100)
    assert {status for status, _ in annotators.answers} == {201}
    assert annotators.lost == []
    annotators.check(Ledger(database_url))


def test_killed_workers_cost_no_annotation(models: Path, tmp_path: Path) -> None:
    """Workers are killed while clients post, and post again what got no answer: all is there.

    The benchmark does the same with 100,000 annotations.
    """
    with running(tmp_path) as server, Annotators(server) as annotators:
        for killed in range(1, 5):
            annotators.wait(lambda killed=killed: len(annotators.answers) >= killed * 60)  # type: ignore[misc]
            os.kill(server.workers()[0], signal.SIGKILL)
        annotators.wait(lambda: len(annotators.answers) >= 300)
    annotators.check(Ledger())


def test_sigterm_loses_no_request(models: Path, tmp_path: Path) -> None:
    """Every request that found the door open is answered in full; then the server is gone."""
    with running(tmp_path) as server, Clients(server, body=STATEMENT) as clients:
        clients.wait(lambda: len(clients.answers) >= 200)
        assert server.stop() == 0
    assert clients.lost == []
    assert {status for status, _ in clients.answers} == {200}


def test_a_signal_meets_a_worker_being_born(models: Path, tmp_path: Path) -> None:
    """A server that is stopped while a new worker loads its model stops at once all the same."""
    registry = Registry(models)
    with running(tmp_path) as server:
        registry.activate(registry.save(registry.load().artifacts, {"note": "to load"}))
        killed = server.workers()[0]
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: server.booted() == 3, pause=0.001)
        assert server.stop() == 0
    # Who does not hear the signal is killed after half a minute, and says nothing.
    assert set(server.born()) - set(server.left()) == {killed}


def test_recycling_loses_no_request_and_no_count(models: Path, tmp_path: Path) -> None:
    """Workers that make room for new ones lose no request, and their counts stay."""
    with running(tmp_path, STANCE_MAX_REQUESTS="60") as server:
        with Clients(server, body=STATEMENT) as clients:
            clients.wait(lambda: len(clients.answers) >= 600)
        assert clients.lost == []
        assert {status for status, _ in clients.answers} == {200}
        assert server.booted() > 5
        name = 'stance_requests_total{method="POST",route="/predict",status="200"}'
        eventually(lambda: server.metrics()[name] == len(clients.answers))
        figures = server.metrics()
        assert figures[name] == len(clients.answers)
        assert figures['stance_request_seconds_count{route="/predict"}'] == len(clients.answers)
        assert sum(v for k, v in figures.items() if k.startswith("stance_model_info")) <= 3


def test_new_versions_under_load(models: Path, tmp_path: Path) -> None:
    """Every worker swaps; no request fails, no batch is mixed, no version answers uncalled.

    The benchmark does the same with 200 activations.
    """
    with running(tmp_path) as server:
        figures = activate_under_load(server, Registry(models), number=12)
        active = Registry(models).active_version()
        server.settle(active)
        for _ in range(20):
            assert server.ask("POST", "/predict", STATEMENT)[1]["model"] == active
    assert figures["versions_that_answered"] == 4


def test_idle_workers_swap_too(models: Path, tmp_path: Path) -> None:
    """Every worker answers by the new version soon, though nobody asked it anything."""
    registry = Registry(models)
    with running(tmp_path) as server:
        version = registry.save(registry.load().artifacts, {"note": "new"})
        registry.activate(version)
        eventually(lambda: server.log().count(f"model {version} answers") == 2)
        assert server.metrics()[f'stance_model_info{{version="{version}"}}'] == 2


def test_a_broken_version_is_refused_by_every_worker(models: Path, tmp_path: Path) -> None:
    """The old version goes on, also in workers born later; each refuses the broken one once."""
    registry = Registry(models)
    preloaded = registry.active_version()
    artifacts = registry.load().artifacts
    refusals = 'stance_model_refusals_total{reason="RegistryError"}'
    with running(tmp_path) as server:
        good = registry.save(artifacts, {"note": "good"})
        registry.activate(good)
        server.settle(good)
        broken = registry.save(artifacts, {"note": "broken"})
        (models / "versions" / broken / "classifier.joblib").write_bytes(b"junk")
        # `activate` would not let it pass; broken afterwards, a worker might have loaded it.
        registry._activate([broken, good])
        for workers in (2, 3):
            eventually(lambda workers=workers: server.metrics().get(refusals) == workers)  # type: ignore[misc]
            for _ in range(20):
                answer = server.ask("POST", "/predict", STATEMENT)[1]
                assert answer["model"] == good != preloaded
                ready = server.ask("GET", "/ready")[1]
                refused = {"version": broken, "reason": "RegistryError"}
                assert ready == {"status": "ready", "model": good, "refused": refused}
            assert server.ask("GET", "/model")[1]["refused"] == refused
            assert server.log().count(f"model {broken} is refused") == workers
            if workers == 2:
                os.kill(server.workers()[0], signal.SIGKILL)
        registry.activate(good)
        # A worker may be at its next try of the broken one.
        eventually(lambda: server.ask("GET", "/ready")[1]["refused"] is None)


def test_the_log_holds_nothing_that_was_sent(models: Path, tmp_path: Path) -> None:
    """Bodies, paths, queries, methods, headers, broken requests: none of it is logged."""
    marker = "ZANZIBAR"
    with running(tmp_path, STANCE_KEEP="1") as server:
        for route in ("/predict", "/articles", "/annotations"):
            for body in (
                {"text": f"“{marker},” Ivan Petrov said.", "stance": marker},
                {"text": f"“{marker},” Ivan Petrov said."},
                {"text": f"“{marker},” Ivan Petrov said.", "stance": "deny"},
                {marker: marker},
                {"text": f"{marker}\ud800"},
                [marker],
            ):
                status, _ = server.ask("POST", route, body)
                assert status < 500
        assert server.ask("GET", f"/{marker}?q={marker}")[0] == 404
        assert server.ask("GET", "/health", headers={"X-Request-ID": f"{marker} {marker}"})[0]
        assert server.ask(marker, "/health")[0] == 405
        for raw in (
            f"{marker}\r\n\r\n",
            f"GET /{marker} {marker}\r\n\r\n",
            f"GET / HTTP/1.1\r\n{marker}\r\n\r\n",
            f"POST /predict HTTP/1.1\r\nTransfer-Encoding: {marker}\r\n\r\n",
            "POST /predict HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
            f"Content-Length: 99\r\n\r\n{marker}",
            "POST /predict HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
            f"Transfer-Encoding: chunked\r\n\r\n{marker}\r\n",
        ):
            assert b" 500 " not in server.send(raw.encode())[:40]
        assert server.ask("GET", "/health")[0] == 200
        assert server.stop() == 0
        log = server.log()
    assert marker not in log
    assert "Invalid request from 127.0.0.1" in log or "Invalid request from ip=127.0.0.1" in log


def test_bodies_in_chunks_have_the_same_limit(models: Path, tmp_path: Path) -> None:
    """A body without a length is read to the limit and no further."""
    head = (
        "POST /predict HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    with running(tmp_path, workers=1, STANCE_MAX_BODY="100") as server:
        for text, status in (("a" * 50, b"200"), ("a" * 100, b"413"), ("a" * 5000, b"413")):
            body = f'{{"text": "{text}"}}'
            answer = server.send(f"{head}{len(body):x}\r\n{body}\r\n0\r\n\r\n".encode())
            assert answer.startswith(b"HTTP/1.1 " + status), answer


def test_slow_clients_do_not_stop_the_others(models: Path, tmp_path: Path) -> None:
    """More silent connections than threads, and half-sent requests, leave it answering."""
    head = b"POST /predict HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
    with running(tmp_path, workers=1, STANCE_READ_SECONDS="1") as server, ExitStack() as stack:
        for number in range(32):
            connection = socket.create_connection(("127.0.0.1", server.port))
            stack.enter_context(connection)
            if number >= 20:
                connection.sendall(head + (b"Content-Length: 50\r\n\r\n{" if number % 2 else b""))
        # Threads that read on and on would never take it.
        assert server.ask("POST", "/predict", STATEMENT)[0] == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org", ""])  # noqa: S104
def test_other_addresses_need_a_key(
    host: str, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a key the service refuses to be reached from elsewhere, and says what to do."""
    assert main(["serve", "--host", host]) == 1
    message = capsys.readouterr().err
    assert "set STANCE_API_KEY (and STANCE_PROTECT=all to guard every route)" in message
    assert message.count("\n") == 1


def test_what_is_to_be_kept_is_kept_at_the_end(models: Path, tmp_path: Path) -> None:
    """A worker that is stopped writes what it had not yet written."""
    with running(tmp_path, STANCE_KEEP="1") as server:
        for number in range(20):
            assert server.ask("POST", "/predict", {"text": f"t{number}"})[0] == 200
        assert server.stop() == 0
    assert {k.prediction.text for k in Ledger().kept()} == {f"t{number}" for number in range(20)}


def test_metrics_folders_go_away(models: Path, tmp_path: Path) -> None:
    """The folder of the figures lies under TMPDIR while the server runs, and not after."""
    folder = tmp_path / "t"
    folder.mkdir()
    with running(tmp_path, TMPDIR=str(folder)) as server:
        [made] = folder.glob("stance-metrics-*")
        assert list(made.glob("*.db"))
        assert server.stop() == 0
    assert list(folder.glob("stance-metrics-*")) == []


def test_a_worker_that_dies_is_replaced(models: Path, tmp_path: Path) -> None:
    """A killed worker costs its own request at most; the service goes on."""
    with running(tmp_path) as server:
        os.kill(server.workers()[0], signal.SIGKILL)
        eventually(lambda: server.booted() == 3)
        for _ in range(10):
            assert server.ask("POST", "/predict", STATEMENT)[0] == 200


def test_a_folder_that_cannot_be_used_ends_it(tmp_path: Path) -> None:
    """Where there can be no models the server ends, and says why in one line."""
    (tmp_path / "file").write_text("")
    server = Running(tmp_path, STANCE_MODELS=str(tmp_path / "file" / "models"))
    assert server.process.wait(PATIENCE) == 1
    assert "Not a directory" in server.log()
    assert server.log().count("\n") == 1


def test_running_is_told(models: Path, tmp_path: Path) -> None:
    """A server that ends at once is told with its log, not waited for."""
    server = Running(tmp_path, STANCE_MAX_TEXT="many")
    with pytest.raises(AssertionError, match="STANCE_MAX_TEXT must be a whole number"):
        server.wait()
    assert server.process.wait(PATIENCE) == 1
