"""Logs as JSON lines on standard error; nothing in them is what a client sent.

An exception is told by its class and the lines it passed, for its message may hold a text.
"""

import datetime
import json
import logging
import sys
import traceback
from types import TracebackType
from typing import Any

from flask import g, has_request_context
from gunicorn.glogging import Logger

_encoded = json.JSONEncoder(ensure_ascii=False).encode


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record; `extra={"fields": {...}}` adds keys of its own."""
        time = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        entry: dict[str, Any] = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if "request_id" not in entry and has_request_context():
            entry["request_id"] = g.get("request_id")
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
            entry["passed"] = _passed(record.exc_info[2])
        return _encoded(entry)


class ServerLog(Logger):  # type: ignore[misc]
    """gunicorn's log in our form, without the pieces of requests that it would quote."""

    def setup(self, cfg: Any) -> None:
        """Set the log up, then change its form."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log a warning; of an invalid request only the address it came from."""
        if str(msg).startswith("Invalid request from"):
            msg, args = str(msg).partition(": ")[0], ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Log an exception, without the address that was asked for."""
        if str(msg).startswith("Error handling request"):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **kwargs)


def to_stderr() -> None:
    """Send every log of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    # What we do not tell is not looked up: where the call was, in which thread and process.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def _passed(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
