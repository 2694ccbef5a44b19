"""Errors as `application/problem+json` (RFC 9457); never a traceback, never the sender's text."""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from stance.database import DatabaseError
from stance.records import RecordError

log = logging.getLogger(__name__)


class Problem(Exception):
    """An error to tell the client; `pointer` is the field at fault (RFC 6901)."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.pointer = pointer
        self.headers = dict(headers or {})


def register(app: Flask) -> None:
    """Answer every error of the application as a problem."""

    @app.errorhandler(Problem)
    def _problem(problem: Problem) -> Response:
        response = answer(problem.status, problem.detail, pointer=problem.pointer)
        response.headers.update(problem.headers)
        return response

    @app.errorhandler(DatabaseError)
    def _database(error: DatabaseError) -> Response:
        # The driver's words may hold what was to be stored; its class says enough.
        log.error("the database cannot be used: %s", type(error.__cause__ or error).__name__)
        response = answer(503, "nothing was stored, for the database cannot be used; send it again")
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(RecordError)
    def _record(error: RecordError) -> Response:
        return answer(400, f"{error.pointer or 'the body'} {error.message}", pointer=error.pointer)

    @app.errorhandler(RequestEntityTooLarge)
    def _too_large(error: RequestEntityTooLarge) -> Response:
        limit = app.config["MAX_CONTENT_LENGTH"]
        return answer(413, f"the body is larger than {limit} bytes; send it in parts")

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        # What werkzeug itself says of an error is safe: it holds nothing of the request.
        response = answer(error.code or 500, error.description or "")
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        log.error("unforeseen %s", type(error).__name__, exc_info=error)
        return answer(500, "the service failed; its log tells more")


def answer(status: int, detail: str, *, pointer: str | None = None) -> Response:
    """Return a problem as a response."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if pointer is not None:
        body["pointer"] = pointer
    return Response(json.dumps(body), status=status, content_type="application/problem+json")
