"""gunicorn, started from Python: the application is loaded once and shared by the workers."""

import contextlib
import functools
import gc
import logging
import multiprocessing
import os
import select
import selectors
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import TConn, ThreadWorker

from service import logs, metrics
from service.app import create_app
from service.routes import Service
from stance.records import StanceError
from stance.registry import NoModelError, Registry, default_folder
from stance.training import ensure_trained

log = logging.getLogger(__name__)

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
_BACKLOG = 2048  # connections that wait to be accepted


OPTIONS: dict[str, Any] = {
    "preload_app": True,
    "threads": 8,
    # A worker may have an encoder to load before it first tells that it is alive.
    "timeout": 300,
    "graceful_timeout": 30,
    "keepalive": 5,
    "backlog": _BACKLOG,
    "logger_class": logs.ServerLog,
    "control_socket_disable": True,
}


class Server(BaseApplication):  # type: ignore[misc]
    """Serves one Flask application; `options` are gunicorn's, beside those of OPTIONS."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = {**OPTIONS, "worker_class": PatientWorker, **options}
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self._app


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A worker that slow clients do not hold up, and that leaves no waiting client behind.

    gunicorn's own gives a thread to a connection that has sent nothing yet, and reads what comes
    for as long as it takes. Told to stop, it leaves connections in the queue of a socket that is
    about to close: they would be reset, though their clients had sent a request.
    """

    read_seconds = 20

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadlines: dict[TConn, float] = {}

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, to wait without a thread for what it sends."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        on_readable = functools.partial(self.on_pending_socket_readable, conn)
        self.poller.register(client, selectors.EVENT_READ, on_readable)

    def enqueue_req(self, conn: TConn) -> None:
        """Give a connection that has sent something to a thread."""
        self._deadlines[conn] = time.monotonic() + self.read_seconds
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, done: Any) -> None:
        """Take a connection back from its thread."""
        self._deadlines.pop(conn, None)
        super().finish_request(conn, done)

    def murder_pending(self) -> None:
        """End the waiting for clients that send too little; called once a second or more."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn, deadline in self._deadlines.items() if deadline < now]:
            del self._deadlines[conn]
            # Reading ends as if the client had gone; an answer still goes out.
            with contextlib.suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RD)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections, or no more of them."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            for _ in range(_BACKLOG):
                if not select.select([listener], [], [], 0)[0]:
                    break
                self.accept(listener)
            listener.close()


def serve(*, host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it: SIGTERM lets running requests finish."""
    owner = os.getpid()
    folder = Path(tempfile.mkdtemp(prefix="stance-metrics-"))
    os.environ[metrics.FOLDER] = str(folder)
    try:
        logs.to_stderr()
        app = create_app()
        service: Service = app.extensions["stance"]
        _train_first(service.settings.models)
        service.model.preload()
        # This process answers nothing, so it counts for no version.
        metrics.bury(folder, owner)
        # What is there now is shared by the workers; collecting it would copy its pages.
        gc.collect()
        gc.freeze()
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        # A signal that meets a worker being born would be taken by what it has of its parent,
        # and be lost: it waits until the worker listens to signals itself.
        os.register_at_fork(before=_hold_signals, after_in_parent=_release_signals)
        Server(app, {"bind": address, "workers": workers, **_options(service, folder)}).run()
    finally:
        # The workers leave by this way too, and must not take the folder with them.
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def _hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)


def _release_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _train_first(models: str | None) -> None:
    """Train a model where there is none, in a process of its own.

    What training leaves in memory would be in every worker otherwise.
    """
    registry = Registry(Path(models) if models else default_folder())
    try:
        registry.active_version()
    except NoModelError:
        spawn = multiprocessing.get_context("spawn")
        trainer = spawn.Process(target=_train, args=(registry.folder,))
        trainer.start()
        trainer.join()
        if trainer.exitcode:
            # The trainer has said why.
            sys.exit(1)


def _train(folder: Path) -> None:
    logs.to_stderr()
    try:
        ensure_trained(Registry(folder))
    except (StanceError, OSError) as error:
        log.error("no model could be trained: %s", error)
        sys.exit(1)


def _options(service: Service, folder: Path) -> dict[str, Any]:
    def post_fork(_server: object, worker: Any) -> None:
        worker.read_seconds = service.settings.read_seconds
        service.model.after_fork()

    def post_worker_init(_worker: object) -> None:
        _release_signals()

    def worker_exit(_server: object, _worker: object) -> None:
        if service.keeper is not None:
            service.keeper.flush()

    def child_exit(_server: object, worker: Any) -> None:
        metrics.bury(folder, worker.pid)

    most = service.settings.max_requests
    return {
        "max_requests": most,
        # Workers that began together must not all end together.
        "max_requests_jitter": most // 10,
        "post_fork": post_fork,
        "post_worker_init": post_worker_init,
        "worker_exit": worker_exit,
        "child_exit": child_exit,
    }
