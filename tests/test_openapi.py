"""The OpenAPI document is valid, whole, and true of what the service takes and gives."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from service import create_app
from stance.registry import Registry

ARTICLE = "“There are no troops in Kursk,” Russian spokesman Ivan Petrov said. It rained."
FULL = {
    "text": "No comment.",
    "id": "s1",
    "article": "a",
    "kind": "direct",
    "spans": [[0, 11]],
    "context": "“No comment,” he said.",
    "cue": {"text": "said", "start": 17, "end": 21},
    "source": {"speaker": "Ivan Petrov", "mention": {"text": "he", "start": 14, "end": 16}},
    "question": "Are they there?",
}
DENIAL = {"text": "No one crossed.", "stance": "deny"}
EXCHANGES: list[tuple[str, str, Any, int]] = [
    ("post", "/predict", FULL, 200),
    ("post", "/predict", {"statements": [{"text": "a"}, FULL]}, 200),
    ("post", "/predict", {"text": "a", "tone": "calm"}, 400),
    ("post", "/predict", {"text": "a" * 30_000}, 413),
    ("post", "/predict", {"statements": []}, 400),
    ("post", "/articles", {"text": ARTICLE}, 200),
    ("post", "/articles", {"articles": [{"text": ARTICLE, "id": "a"}, {"text": "b"}]}, 200),
    ("post", "/articles", {"text": 7}, 400),
    ("post", "/annotations", {**FULL, "stance": "evade", "corrects": {"model": "m"}}, 201),
    ("post", "/annotations", {"annotations": [DENIAL]}, 201),
    ("post", "/annotations", {"annotations": [DENIAL, DENIAL]}, 201),
    ("post", "/annotations", {**DENIAL, "stance": "maybe"}, 400),
    ("get", "/model", None, 200),
    ("get", "/health", None, 200),
    ("get", "/ready", None, 200),
]


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    """Return the document of the service."""
    found: dict[str, Any] = client.get("/openapi.json").get_json()
    return found


def schema_of(document: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Return the one schema of a content, with what it refers to."""
    [media] = content.values()
    return {"components": document["components"], **media["schema"]}


@pytest.mark.parametrize("protect", ["annotations", "all"])
def test_the_document_is_valid(models: Path, protect: str) -> None:
    """The document is OpenAPI 3.1, with keys or without."""
    for config in ({}, {"API_KEY": "k", "PROTECT": protect}):
        document = create_app(config).test_client().get("/openapi.json", headers={"X-API-Key": "k"})
        assert document.get_json()["openapi"] == "3.1.0"
        validate(document.get_json())


def test_every_route_is_in_it(client: FlaskClient, document: dict[str, Any]) -> None:
    """The document tells every route and method, and no other ones; the page is no API."""
    routes = {
        (rule.rule, method.lower())
        for rule in client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.startswith("page.")
    }
    assert {(path, m) for path, item in document["paths"].items() for m in item} == routes


@pytest.mark.parametrize(("method", "path", "body", "status"), EXCHANGES)
def test_it_is_true(
    client: FlaskClient,
    document: dict[str, Any],
    method: str,
    path: str,
    body: Any,
    status: int,
) -> None:
    """What the schemas allow is taken, what they forbid is refused, answers are as told."""
    response = client.open(path, method=method, json=body)
    assert response.status_code == status
    told = document["paths"][path][method]
    content = told["responses"][str(status)]["content"]
    assert list(content) == [response.mimetype]
    jsonschema.validate(response.get_json(force=True), schema_of(document, content))
    if body is not None:
        taken = schema_of(document, told["requestBody"]["content"])
        assert jsonschema.Draft202012Validator(taken).is_valid(body) is (status < 300)


def test_problems_without_a_model(tmp_path: Path) -> None:
    """An answer of 503 is as told too."""
    client = create_app({"MODELS": str(tmp_path / "none")}).test_client()
    document = client.get("/openapi.json").get_json()
    for path in ("/ready", "/model"):
        response = client.get(path)
        assert response.status_code == 503
        content = document["paths"][path]["get"]["responses"]["503"]["content"]
        jsonschema.validate(response.get_json(force=True), schema_of(document, content))


def test_limits_are_in_it(models: Path) -> None:
    """The limits of the settings stand in the schemas."""
    document = create_app({"MAX_TEXT": 7, "MAX_STATEMENTS": 3}).test_client().get("/openapi.json")
    schemas = document.get_json()["components"]["schemas"]
    assert schemas["Statement"]["properties"]["text"]["maxLength"] == 7
    assert schemas["Statements"]["properties"]["statements"]["maxItems"] == 3
    assert schemas["Articles"]["properties"]["articles"]["maxItems"] == 3


def test_the_card_of_a_refused_version(client: FlaskClient, models: Path) -> None:
    """A refusal is told as the schema says."""
    registry = Registry(models)
    broken = registry.save(registry.load().artifacts, {"note": "broken"})
    client.get("/ready")
    registry.activate(broken)
    (models / "versions" / broken / "classifier.joblib").write_bytes(b"junk")
    document = client.get("/openapi.json").get_json()
    for path in ("/ready", "/model"):
        answer = client.get(path).get_json()
        assert answer["refused"] == {"version": broken, "reason": "RegistryError"}
        content = document["paths"][path]["get"]["responses"]["200"]["content"]
        jsonschema.validate(answer, schema_of(document, content))
