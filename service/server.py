"""gunicorn, started from Python: the application is loaded once and shared by the workers."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class Server(BaseApplication):  # type: ignore[misc]
    """Serves one Flask application."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self._app


def serve(app: Flask, *, host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it: SIGTERM lets running requests finish."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = {
        "bind": address,
        "workers": workers,
        "preload_app": True,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 60,
        "control_socket_disable": True,
    }
    Server(app, options).run()
