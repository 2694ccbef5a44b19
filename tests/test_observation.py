"""What each answer carries, the log lines, the figures."""

import json
import logging
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from service import create_app
from service.logs import JsonLines
from stance.registry import Registry


@pytest.mark.parametrize("path", ["/health", "/none", "/predict"])
def test_security_headers(client: FlaskClient, path: str) -> None:
    """Answers and problems alike carry the headers that keep browsers from mischief."""
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_route_may_have_headers_of_its_own(models: Path) -> None:
    """A page with its own policy keeps it."""
    app = create_app()

    @app.get("/page")
    def page() -> tuple[str, dict[str, str]]:
        return "<p>", {"Content-Security-Policy": "default-src 'self'"}

    response = app.test_client().get("/page")
    assert response.headers.getlist("Content-Security-Policy") == ["default-src 'self'"]


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [
        ("a-1_B.2", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("two words", False),
        ("<script>", False),
        ("ü", False),
        ("", False),
    ],
)
def test_request_ids(client: FlaskClient, sent: str, echoed: bool) -> None:
    """A sane id comes back; for another, or none, one is made."""
    given = client.get("/health", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert (given == sent) is echoed
    assert echoed or re.fullmatch("[0-9a-f]{32}", given)


def test_a_request_is_one_line(
    client: FlaskClient, models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The line tells time, id, route, status, milliseconds, model and number of items."""
    caplog.set_level(logging.INFO)
    body = {"statements": [{"text": "ZANZIBAR one"}, {"text": "ZANZIBAR two"}]}
    client.post("/predict", json=body, headers={"X-Request-ID": "r-1"})
    [record] = [r for r in caplog.records if r.name == "service.requests"]
    line = json.loads(JsonLines().format(record))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert line.pop("milliseconds") > 0
    assert line == {
        "level": "info",
        "logger": "service.requests",
        "message": "request",
        "request_id": "r-1",
        "method": "POST",
        "route": "/predict",
        "status": 200,
        "model": Registry(models).active_version(),
        "items": 2,
    }


def test_an_exception_is_logged_without_its_words(
    models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of our own is told by its class and place, for its message may hold a text."""
    app = create_app()
    caplog.handler.setFormatter(JsonLines())

    @app.get("/broken")
    def broken() -> str:
        raise ValueError("ZANZIBAR")

    headers = {"X-Request-ID": "r-2"}
    assert app.test_client().get("/broken", headers=headers).status_code == 500
    assert "ZANZIBAR" not in caplog.text
    [line] = [json.loads(line) for line in caplog.text.splitlines() if "unforeseen" in line]
    assert line["request_id"] == "r-2"
    assert line["error"] == "ValueError"
    assert line["passed"][-1].endswith(" broken")


def test_figures(client: FlaskClient, models: Path) -> None:
    """Requests, labels, reviews, annotations, refusals and the version are counted."""
    texts = ["There is not one Korean soldier here.", "Солдат там нет."]
    client.post("/predict", json={"statements": [{"text": t} for t in texts]})
    for _ in range(2):
        client.post("/annotations", json={"text": "a", "stance": "deny"})
    client.post("/predict", json={"text": ""})
    client.get("/nowhere/at/all")
    registry = Registry(models)
    active = registry.active_version()
    broken = registry.save(registry.load().artifacts, {"note": "broken"})
    registry.activate(broken)
    (models / "versions" / broken / "classifier.joblib").write_bytes(b"junk")
    client.get("/ready")
    response = client.get("/metrics")
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }
    assert samples["stance_requests_total", "/predict", "200", "POST"] == 1
    assert samples["stance_requests_total", "/predict", "400", "POST"] == 1
    assert samples["stance_requests_total", "404", "GET", "none"] == 1
    assert samples["stance_request_seconds_count", "/predict"] == 2
    assert samples["stance_predictions_total", "deny"] >= 1
    assert sum(v for k, v in samples.items() if k[0] == "stance_predictions_total") == 2
    assert 1 <= samples["stance_reviews_total",] <= 2
    assert samples["stance_annotations_received_total", "created"] == 1
    assert samples["stance_annotations_received_total", "known"] == 1
    assert samples["stance_model_info", active] == 1
    assert samples["stance_model_refusals_total", "RegistryError"] == 1


@pytest.mark.parametrize(
    ("raw", "content_type", "status"),
    [
        (b'{"text": "a"}', "application/json; charset=utf-8", 200),
        (b'{"text": "a"}', 'application/json; charset="UTF-8"', 200),
        ('{"text": "ä"}'.encode("latin-1"), "application/json; charset=latin-1", 415),
        ('{"text": "a"}'.encode("utf-16"), "application/json; charset=utf-16", 415),
        ('{"text": "a"}'.encode("utf-16"), "application/json", 400),
        (b'\xef\xbb\xbf{"text": "a"}', "application/json", 400),
        (b'{"text": "a", "text": "b"}', "application/json", 400),
        (b'{"text": "a", "source": {"role": "a", "role": "b"}}', "application/json", 400),
        (b'{"text": NaN}', "application/json", 400),
        (b'{"text": "a", "spans": [[0, ' + b"9" * 5000 + b"]]}", "application/json", 400),
        (b'{"text": "a", "spans": [[0, 1e999]]}', "application/json", 400),
        (b'{"text": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", "application/json", 400),
    ],
    ids=[
        "UTF-8 named",
        "UTF-8 quoted",
        "latin-1",
        "UTF-16 named",
        "UTF-16",
        "mark of order",
        "key twice",
        "key twice inside",
        "NaN",
        "huge number",
        "infinite number",
        "10,000 levels",
    ],
)
def test_encodings_and_odd_json(
    client: FlaskClient, raw: bytes, content_type: str, status: int
) -> None:
    """UTF-8 only, and JSON that means one thing only."""
    assert client.post("/predict", data=raw, content_type=content_type).status_code == status


def test_packed_bodies_are_refused(client: FlaskClient) -> None:
    """A body under a content encoding is refused, not read as something else."""
    response = client.post(
        "/predict",
        data=b"{}",
        content_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )
    assert response.status_code == 415
