"""The review queue: its order, its page, and what is taken back."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pages import records

from service import create_app
from service.queue import in_order
from stance.labelling import label
from stance.ledger import Kept, Ledger
from stance.records import Prediction, Stance, Statement
from stance.registry import Model


def kept(text: str, probability: float, *, review: bool = True) -> Kept:
    """Return a kept statement."""
    prediction = Prediction(
        text=text,
        stance=Stance.DENY,
        probability=probability,
        probabilities={},
        needs_review=review,
        evidence=(),
        model="m",
    )
    return Kept(1, "", "", prediction)


def test_the_order_of_the_queue() -> None:
    """The least certain comes first, what is like it later, what is sure last."""
    given = [
        kept("no troops in the east", 0.99, review=False),
        kept("we deny all of it", 0.5),
        kept("we deny all of it now", 0.51),
        kept("ask the ministry", 0.6),
    ]
    order = [one.prediction.text for one in in_order(given, 9)]
    first, second, third, last = (given[n].prediction.text for n in (1, 3, 2, 0))
    assert order == [first, second, third, last]
    assert len(in_order(given, 2)) == 2


@pytest.fixture
def keeping(models: Path, model: Model) -> FlaskClient:
    """Return a client of a service that keeps, with three statements kept."""
    client = create_app({"KEEP": 1}).test_client()
    said = ["There are no troops.", "Ask the ministry.", "It <b>rained</b>."]
    Ledger().keep(label(model, [Statement(text=text) for text in said]))
    return client


def test_the_queue(keeping: FlaskClient) -> None:
    """Kept statements are shown as text; what is annotated is not; undo brings it back."""
    page = keeping.get("/review").text
    assert len(records(page)) == 3
    assert "It &lt;b&gt;rained&lt;/b&gt;." in re.sub("</?u>", "", page)
    sent = {"text": "Ask the ministry.", "stance": "evade", "id": "page-1"}
    assert keeping.post("/annotations", json=sent).status_code == 201
    assert len(records(keeping.get("/review").text)) == 2
    assert keeping.post("/review/undo", json={"id": "page-1"}).get_json()["state"] == "rejected"
    assert len(records(keeping.get("/review").text)) == 3
    [entry] = Ledger().entries()
    assert entry.state == "rejected"
    assert keeping.post("/annotations", json={**sent, "id": "page-2"}).status_code == 201


def test_what_cannot_be_undone(keeping: FlaskClient) -> None:
    """What is not there, or was decided on, is not taken back."""
    keeping.post("/annotations", json={"text": "No.", "stance": "deny", "id": "page-1"})
    Ledger().decide("accepted", ["page-1"])
    for one in ("page-1", "none"):
        response = keeping.post("/review/undo", json={"id": one})
        assert (response.status_code, response.mimetype) == (409, "application/problem+json")
    for body in ({}, {"id": 7}, {"id": "a", "state": "accepted"}):
        assert keeping.post("/review/undo", json=body).status_code == 400
    assert keeping.post("/review/undo", data={"id": "page-1"}).status_code == 415
    [entry] = Ledger().entries()
    assert entry.state == "accepted"


def test_an_empty_queue_tells_what_to_do(client: FlaskClient) -> None:
    """Where nothing is kept the page names the setting."""
    assert "STANCE_KEEP=1" in client.get("/review").text
