"""The service: routes, bad input, errors that tell the field and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service import create_app
from stance.records import LABELS
from stance.registry import Registry

ARTICLE = "“There are no troops in Kursk,” Russian spokesman Ivan Petrov said. It rained."


def problem(response: TestResponse) -> tuple[int, str, str | None]:
    """Return status, detail and pointer of a problem, after checking its form."""
    assert response.content_type == "application/problem+json"
    body = response.get_json(force=True)
    assert body["type"] == "about:blank"
    assert body["status"] == response.status_code
    assert body["title"]
    return response.status_code, body["detail"], body.get("pointer")


def test_predict_one(client: FlaskClient, models: Path) -> None:
    """A quote comes back with label, probabilities, evidence and model version."""
    text = "These are barefaced lies; no Korean soldier has set foot here."
    response = client.post("/predict", json={"text": text, "id": "q1"})
    assert response.status_code == 200
    prediction = response.get_json()
    assert prediction["stance"] == "deny"
    assert prediction["id"] == "q1"
    assert prediction["text"] == text
    assert set(prediction["probabilities"]) == set(LABELS)
    assert prediction["probability"] == max(prediction["probabilities"].values())
    assert prediction["model"] == Registry(models).active_version()
    for piece in prediction["evidence"]:
        assert text[piece["start"] : piece["end"]] == piece["text"]


def test_predict_many_keeps_the_order(client: FlaskClient) -> None:
    """A thousand statements are answered in order."""
    statements = [{"text": f"They sent {n} men."} for n in range(1000)]
    response = client.post("/predict", json={"statements": statements})
    assert response.status_code == 200
    predictions = response.get_json()["predictions"]
    assert [p["text"] for p in predictions] == [s["text"] for s in statements]


@pytest.mark.parametrize("text", ["Солдат там нет.", "북한 군인은 없다.", "🙂🙂🙂"])
def test_texts_far_from_the_training_data_are_for_review(client: FlaskClient, text: str) -> None:
    """Other scripts and emoji are answered, and marked for a person to look at."""
    response = client.post("/predict", json={"text": text})
    assert response.status_code == 200
    assert response.get_json()["needs_review"] is True


def test_articles(client: FlaskClient) -> None:
    """An article comes back with its statements found, attributed and labelled."""
    answer = client.post("/articles", json={"text": ARTICLE, "id": "a"}).get_json()
    assert answer["id"] == "a"
    [statement] = answer["statements"]
    [[start, end]] = statement["spans"]
    assert ARTICLE[start:end] == statement["text"] == "There are no troops in Kursk,"
    assert statement["source"]["speaker"] == "Ivan Petrov"
    assert statement["stance"] in LABELS
    assert statement["model"] == answer["model"]


def test_several_articles(client: FlaskClient) -> None:
    """Articles are answered in order; one without statements has an empty list."""
    body = {"articles": [{"text": "It rained."}, {"text": ARTICLE}]}
    answers = client.post("/articles", json=body).get_json()["articles"]
    assert [(a["id"], len(a["statements"])) for a in answers] == [
        ("article-1", 0),
        ("article-2", 1),
    ]


def test_model_card(client: FlaskClient, models: Path) -> None:
    """The card tells version, claim, data and scores."""
    card = client.get("/model").get_json()
    assert card.pop("refused") is None
    assert card == Registry(models).manifest(Registry(models).active_version())


def test_health_and_readiness(client: FlaskClient, tmp_path: Path) -> None:
    """A service without a model is alive but not ready, and says so without naming folders."""
    assert client.get("/health").get_json()["status"] == "ok"
    assert client.get("/ready").get_json()["status"] == "ready"
    empty = create_app({"MODELS": str(tmp_path / "none")}).test_client()
    assert empty.get("/health").status_code == 200
    status, detail, _ = problem(empty.get("/ready"))
    assert status == 503
    assert str(tmp_path) not in detail


@pytest.mark.parametrize(
    ("raw", "content_type", "status", "detail"),
    [
        (b"", "application/json", 400, "the body is empty"),
        (b"{", "application/json", 400, "not valid JSON"),
        (b'{"text": "\xff"}', "application/json", 400, "not valid JSON in UTF-8"),
        (b"[" * 50_000, "application/json", 400, "not valid JSON"),
        (b'{"text": "a"}', "text/plain", 415, "send JSON with Content-Type: application/json"),
        (b"text=a", "application/x-www-form-urlencoded", 415, "send JSON"),
        (b"[1]", "application/json", 400, "must be a JSON object"),
        (b'"a"', "application/json", 400, "must be a JSON object"),
        (b'{"text": "' + b"a" * 2_000_000 + b'"}', "application/json", 413, "1048576 bytes"),
    ],
    ids=["empty", "broken", "bad UTF-8", "deep", "plain", "form", "array", "string", "2 MB"],
)
@pytest.mark.parametrize("route", ["/predict", "/articles"])
def test_bad_bodies(
    client: FlaskClient, route: str, raw: bytes, content_type: str, status: int, detail: str
) -> None:
    """A body that cannot be read is refused with the reason."""
    response = client.post(route, data=raw, content_type=content_type)
    told = problem(response)
    assert told[0] == status
    assert detail in told[1]


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        ({}, "/text", "is required"),
        ({"text": ""}, "/text", "is empty"),
        ({"text": " \n "}, "/text", "only white space"),
        ({"text": 7}, "/text", "valid string"),
        ({"text": None}, "/text", "valid string"),
        ({"text": "a\0b"}, "/text", "NUL"),
        ({"text": "\ud83d"}, "/text", "lone surrogate"),
        ({"text": "a", "tone": "calm"}, "/tone", "is not a known field"),
        ({"text": "a", "source": {"party": "x"}}, "/source/party", "is not a known field"),
        ({"statements": []}, "/statements", "at least one"),
        ({"statements": {"text": "a"}}, "/statements", "must be a list"),
        ({"statements": ["a"]}, "/statements/0", "must be a JSON object"),
        ({"statements": [{"text": "a"}, {"text": ""}]}, "/statements/1/text", "is empty"),
        ({"statements": [{"text": "a"}], "text": "b"}, "/text", "is not a known field"),
        ({"text": "a", "a/b": 1}, "/a~1b", "is not a known field"),
    ],
)
def test_bad_statements(
    client: FlaskClient, body: dict[str, Any], pointer: str, detail: str
) -> None:
    """A statement that is none is refused with a pointer to the field at fault."""
    response = client.post("/predict", data=json.dumps(body), content_type="application/json")
    told = problem(response)
    assert (told[0], told[2]) == (400, pointer)
    assert detail in told[1]


def test_limits_can_be_set(models: Path) -> None:
    """More items and longer texts than allowed are refused with the limit."""
    config = {"MODELS": str(models), "MAX_STATEMENTS": 2, "MAX_TEXT": 5, "MAX_BODY": 90}
    client = create_app(config).test_client()
    assert client.post("/predict", json={"text": "12345"}).status_code == 200
    told = problem(client.post("/predict", json={"statements": [{"text": "a"}] * 3}))
    assert told == (413, "'statements' has 3 items, the limit is 2", "/statements")
    told = problem(client.post("/predict", json={"statements": [{"text": "123456"}]}))
    assert told == (413, "has 6 characters, the limit is 5", "/statements/0/text")
    assert problem(client.post("/predict", json={"text": "x" * 90}))[0] == 413


def test_settings_come_from_the_environment(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """STANCE_* settings hold unless the configuration says otherwise."""
    monkeypatch.setenv("STANCE_MAX_TEXT", "5")
    assert create_app().test_client().post("/predict", json={"text": "123456"}).status_code == 413
    roomy = create_app({"MAX_TEXT": 6}).test_client()
    assert roomy.post("/predict", json={"text": "123456"}).status_code == 200
    monkeypatch.setenv("STANCE_MAX_TEXT", "many")
    with pytest.raises(ValueError, match="STANCE_MAX_TEXT must be a whole number, not 'many'"):
        create_app()


def test_unknown_routes_and_methods(client: FlaskClient) -> None:
    """A wrong path or method is a problem too."""
    assert problem(client.get("/nowhere"))[0] == 404
    response = client.get("/predict")
    assert problem(response)[0] == 405
    assert "POST" in response.headers["Allow"]


def test_errors_do_not_echo_the_text(client: FlaskClient) -> None:
    """What was sent is not sent back in an error, nor is any traceback."""
    secret = "SECRET-7f3a"
    for body in (f'{{"text": "{secret}"', f'{{"text": "{secret}\\u0000"}}', f'["{secret}"]'):
        response = client.post("/predict", data=body, content_type="application/json")
        assert response.status_code == 400
        assert secret not in response.text
        assert "Traceback" not in response.text


def test_an_unforeseen_error_tells_nothing(models: Path) -> None:
    """A fault of our own is a plain 500; its text stays in the log."""
    app = create_app({"MODELS": str(models)})

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("inner secret")

    status, detail, _ = problem(app.test_client().get("/broken"))
    assert status == 500
    assert "inner secret" not in detail


def test_a_new_version_answers_without_restart(client: FlaskClient, models: Path) -> None:
    """After a retraining the next request is answered by the new model."""
    registry = Registry(models)
    old = client.post("/predict", json={"text": "a"}).get_json()["model"]
    version = registry.save(registry.load().artifacts, {"note": "next"})
    registry.activate(version)
    new = client.post("/predict", json={"text": "a"}).get_json()["model"]
    assert (old != new, new) == (True, version)


def test_a_broken_version_does_not_stop_the_service(client: FlaskClient, models: Path) -> None:
    """A version that must not be loaded is refused, and the old one goes on."""
    registry = Registry(models)
    old = client.post("/predict", json={"text": "a"}).get_json()["model"]
    version = registry.save(registry.load().artifacts, {"note": "broken"})
    registry.activate(version)
    (models / "versions" / version / "classifier.joblib").write_bytes(b"junk")
    for _ in range(2):
        assert client.post("/predict", json={"text": "a"}).get_json()["model"] == old
