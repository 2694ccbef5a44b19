"""The routes: a body in, predictions out."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from service.model import ActiveModel
from service.problems import Problem
from stance import __version__
from stance.attribution import extract
from stance.labelling import label
from stance.records import Article, Record, RecordError, Statement, as_json, parse, pointer
from stance.registry import Model, RegistryError

_LONG_FIELDS = ("text", "question", "context")


def blueprint(active: ActiveModel, settings: Mapping[str, Any]) -> Blueprint:
    """Return the routes, answered by the active model within the limits of the settings."""
    routes = Blueprint("routes", __name__)

    @routes.post("/predict")
    def predict() -> ResponseReturnValue:
        body = _body()
        items = _items(body, "statements", settings["MAX_STATEMENTS"])
        statements = [
            _statement(item, _place(body, "statements", i), settings["MAX_TEXT"])
            for i, item in enumerate(items)
        ]
        predictions = [as_json(p) for p in label(_model(active), statements)]
        return jsonify({"predictions": predictions} if "statements" in body else predictions[0])

    @routes.post("/articles")
    def articles() -> ResponseReturnValue:
        body = _body()
        items = _items(body, "articles", settings["MAX_STATEMENTS"])
        parsed = [_article(item, _place(body, "articles", i), i) for i, item in enumerate(items)]
        model = _model(active)
        answers = [
            {
                "id": article.id,
                "model": model.version,
                "statements": [as_json(p) for p in label(model, extract(article, model.ranker))],
            }
            for article in parsed
        ]
        return jsonify({"articles": answers} if "articles" in body else answers[0])

    @routes.get("/model")
    def card() -> ResponseReturnValue:
        return jsonify(_model(active).manifest)

    @routes.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify({"status": "ok", "version": __version__})

    @routes.get("/ready")
    def ready() -> ResponseReturnValue:
        return jsonify({"status": "ready", "model": _model(active).version})

    return routes


def _model(active: ActiveModel) -> Model:
    try:
        return active.get()
    except RegistryError as error:
        # The error names a folder of the server, which is no business of a client.
        raise Problem(503, "no model can be loaded; the operator must train one") from error


def _body() -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise Problem(415, "send JSON with Content-Type: application/json")
    raw = request.get_data()
    if not raw.strip():
        raise Problem(400, "the body is empty; send a JSON object")
    try:
        body = request.get_json()
    except (BadRequest, RecursionError):
        raise Problem(400, "the body is not valid JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise Problem(400, "the body must be a JSON object", pointer="")
    return body


def _items(body: dict[str, Any], key: str, most: int) -> list[Any]:
    """Return the items of a batch, or the body itself as the only one."""
    if key not in body:
        return [body]
    extra = next((name for name in body if name != key), None)
    if extra is not None:
        raise RecordError(f"is not a known field beside {key!r}", pointer((extra,)))
    items = body[key]
    if not isinstance(items, list) or not items:
        raise Problem(400, f"{key!r} must be a list with at least one item", pointer=f"/{key}")
    if len(items) > most:
        detail = f"{key!r} has {len(items)} items, the limit is {most}"
        raise Problem(413, detail, pointer=f"/{key}")
    return items


def _place(body: dict[str, Any], key: str, number: int) -> str:
    return f"/{key}/{number}" if key in body else ""


def _statement(item: object, place: str, longest: int) -> Statement:
    statement = _parsed(Statement, item, place)
    for field in _LONG_FIELDS:
        size = len(getattr(statement, field) or "")
        if size > longest:
            raise Problem(
                413, f"has {size} characters, the limit is {longest}", pointer=f"{place}/{field}"
            )
    return statement


def _article(item: object, place: str, number: int) -> Article:
    if isinstance(item, dict):
        item = {"id": f"article-{number + 1}", **item}
    return _parsed(Article, item, place)


def _parsed(kind: type[Record], item: object, place: str) -> Record:
    try:
        return parse(kind, item, unknown="forbid")
    except RecordError as error:
        raise RecordError(error.message, place + error.pointer) from None
