"""`POST /annotations`: stored, once, whole; refused with the field at fault; 503 in need."""

import logging
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from service import create_app
from service.routes import Service
from stance.ledger import Ledger, accepted_annotations

DENIAL = {"text": "No one crossed.", "stance": "deny"}


def problem(response: TestResponse) -> tuple[int, str | None]:
    """Return status and pointer of a problem."""
    assert response.content_type == "application/problem+json"
    body = response.get_json(force=True)
    assert body["status"] == response.status_code
    return response.status_code, body.get("pointer")


@pytest.fixture
def posting(models: Path, database_url: str) -> FlaskClient:
    """Return a client of a service whose ledger is of either kind."""
    return create_app({"DATABASE": database_url}).test_client()


def test_stored_once(posting: FlaskClient, database_url: str) -> None:
    """The first is 201, the same again 200, other content under its id 409."""
    sent = {**DENIAL, "id": "r1", "annotator": "ann", "corrects": {"model": "m", "stance": "evade"}}
    first = posting.post("/annotations", json=sent)
    assert first.status_code == 201
    receipt = first.get_json()
    assert (receipt["id"], receipt["state"], receipt["created"]) == ("r1", "received", True)
    again = posting.post("/annotations", json=sent)
    assert again.status_code == 200
    assert again.get_json() == {**receipt, "created": False}
    assert problem(posting.post("/annotations", json={**sent, "note": "n"})) == (409, "/id")
    [entry] = Ledger(database_url).entries()
    assert (entry.annotation.annotator, entry.annotation.origin) == ("ann", "feedback")
    assert entry.corrects is not None
    assert entry.corrects.stance == "evade"


def test_many_in_order_all_or_none(posting: FlaskClient, database_url: str) -> None:
    """Receipts come in order; a conflict among them stores nothing."""
    sent = [{**DENIAL, "id": i} for i in "cab"]
    response = posting.post("/annotations", json={"annotations": sent})
    assert response.status_code == 201
    assert [r["id"] for r in response.get_json()["annotations"]] == ["c", "a", "b"]
    assert posting.post("/annotations", json={"annotations": sent}).status_code == 200
    more = [{**DENIAL, "id": "d"}, {**DENIAL, "id": "a", "stance": "evade"}]
    response = posting.post("/annotations", json={"annotations": more})
    assert problem(response) == (409, "/annotations/1/id")
    assert len(list(Ledger(database_url).entries())) == 3


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"text": "a"}, 400, "/stance"),
        ({"stance": "deny"}, 400, "/text"),
        ({**DENIAL, "stance": "perhaps"}, 400, "/stance"),
        ({**DENIAL, "origin": "seed"}, 400, "/origin"),
        ({**DENIAL, "state": "accepted"}, 400, "/state"),
        ({**DENIAL, "id": "x" * 201}, 400, "/id"),
        ({**DENIAL, "note": "\0"}, 400, "/note"),
        ({**DENIAL, "note": "n" * 20_001}, 413, "/note"),
        ({**DENIAL, "annotator": "x" * 201}, 400, "/annotator"),
        ({**DENIAL, "corrects": {"stance": "x"}}, 400, "/corrects/stance"),
        ({**DENIAL, "corrects": {"version": "x"}}, 400, "/corrects/version"),
        ({**DENIAL, "spans": [[0, -1]]}, 400, "/spans/0/1"),
        ({"annotations": [DENIAL, {"text": "a"}]}, 400, "/annotations/1/stance"),
        ({"annotations": []}, 400, "/annotations"),
        ({"annotations": [DENIAL] * 1001}, 413, "/annotations"),
        ({"annotations": [DENIAL], "stance": "deny"}, 400, "/stance"),
    ],
)
def test_bad_annotations(client: FlaskClient, body: Any, status: int, pointer: str) -> None:
    """An annotation that is none is refused with a pointer to the field at fault."""
    assert problem(client.post("/annotations", json=body)) == (status, pointer)
    assert list(Ledger().entries()) == []


def test_no_database_is_503_and_only_for_annotations(
    models: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """While nothing can be stored the sender is told to come again; labelling goes on."""
    (tmp_path / "junk").write_bytes(b"junk" * 1000)
    for url in (f"sqlite:///{tmp_path / 'junk'}", f"postgresql://u@/d?host={tmp_path}"):
        client = create_app({"DATABASE": url}).test_client()
        response = client.post("/annotations", json={**DENIAL, "text": "ZANZIBAR"})
        assert problem(response) == (503, None)
        assert response.headers["Retry-After"] == "5"
        assert client.post("/predict", json={"text": "a"}).status_code == 200
    assert "the database cannot be used: DatabaseError" in caplog.text
    assert "the database cannot be used: OperationalError" in caplog.text
    assert "ZANZIBAR" not in caplog.text


def test_a_database_that_comes_back(posting: FlaskClient, database_url: str) -> None:
    """After an error in the database the next annotation is stored again."""
    assert posting.post("/annotations", json=DENIAL).status_code == 201
    database = Ledger(database_url).database
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE stance_annotations RENAME TO aside"))
    assert problem(posting.post("/annotations", json={**DENIAL, "id": "b"}))[0] == 503
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE aside RENAME TO stance_annotations"))
    assert posting.post("/annotations", json={**DENIAL, "id": "b"}).status_code == 201


def test_postgres_that_was_restarted(models: Path, postgres_url: str) -> None:
    """Connections that the server cut are made anew without a failed request."""
    client = create_app({"DATABASE": postgres_url}).test_client()
    assert client.post("/annotations", json=DENIAL).status_code == 201
    other = Ledger(postgres_url)
    with other.database.writing() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    assert client.post("/annotations", json={**DENIAL, "id": "b"}).status_code == 201


def test_nothing_is_kept_unless_told(client: FlaskClient) -> None:
    """Statements leave no trace by default."""
    client.post("/predict", json={"text": "a"})
    assert client.application.extensions["stance"].keeper is None
    assert list(Ledger().kept()) == []


def test_statements_are_kept(models: Path) -> None:
    """With STANCE_KEEP=1 what was asked about is kept, once, with its prediction."""
    app = create_app({"KEEP": 1, "KEEP_MAX": 3})
    client = app.test_client()
    for _ in range(2):
        client.post("/predict", json={"statements": [{"text": "They are in Kursk."}]})
    article = "“There are no troops in Kursk,” Russian spokesman Ivan Petrov said."
    client.post("/articles", json={"text": article})
    service: Service = app.extensions["stance"]
    assert service.keeper is not None
    service.keeper.flush()
    kept = {k.prediction.text: k for k in Ledger().kept()}
    assert {t: k.count for t, k in kept.items()} == {
        "They are in Kursk.": 2,
        "There are no troops in Kursk,": 1,
    }
    assert kept["They are in Kursk."].prediction.model == service.model.get().version
    client.post("/predict", json={"statements": [{"text": f"t{n}"} for n in range(5)]})
    service.keeper.flush()
    assert len(list(Ledger().kept())) == 3


def test_keeping_never_costs_an_answer(
    models: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where statements cannot be kept the prediction comes all the same, and the loss is told."""
    app = create_app({"KEEP": 1, "DATABASE": f"sqlite:///{tmp_path / 'gone' / 'a.sqlite3'}"})
    client = app.test_client()
    (tmp_path / "gone").write_text("a file where a folder should be")
    caplog.set_level(logging.INFO)
    assert client.post("/predict", json={"text": "ZANZIBAR"}).status_code == 200
    app.extensions["stance"].keeper.flush()
    assert "1 statements not kept" in caplog.text
    assert "ZANZIBAR" not in caplog.text
    assert "stance_kept_lost_total 1.0" in client.get("/metrics").text


def test_what_is_posted_is_what_training_sees(client: FlaskClient) -> None:
    """Without a setting for it, service and command line use the same ledger."""
    client.post("/annotations", json=DENIAL)
    ledger = Ledger()
    ledger.decide("accepted")
    [accepted] = accepted_annotations(ledger)
    assert (accepted.annotation.text, accepted.annotation.stance) == (DENIAL["text"], "deny")
