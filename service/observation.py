"""What every answer carries and leaves behind: request id, headers, a line of log, figures."""

import logging
import os
import re
import time

from flask import Flask, Response, g, request

from service.metrics import Metrics

log = logging.getLogger("service.requests")

_SANE = re.compile(r"[A-Za-z0-9._\-]{1,128}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def register(app: Flask, metrics: Metrics) -> None:
    """Observe every request of the application."""

    @app.before_request
    def _begin() -> None:
        g.started = time.perf_counter()
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        g.request_id = given if _SANE.fullmatch(given) else os.urandom(16).hex()

    @app.after_request
    def _end(response: Response) -> Response:
        there = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - they repeat
        response.headers.extend(
            [(name, value) for name, value in _HEADERS.items() if name.lower() not in there]
        )
        response.headers["X-Request-ID"] = g.request_id
        seconds = time.perf_counter() - g.started
        # The path itself may hold anything; the rule it matched is ours.
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in _METHODS else "other"
        metrics.answered(route, method, response.status_code, seconds)
        fields = {
            "request_id": g.request_id,
            "method": method,
            "route": route,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 2),
            "model": g.get("model"),
            "items": g.get("items"),
        }
        log.info("request", extra={"fields": fields})
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
