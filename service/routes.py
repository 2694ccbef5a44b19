"""The routes: a body in, predictions out."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, g, jsonify
from flask.typing import ResponseReturnValue

from service import bodies
from service.combining import Combiner
from service.keeping import Keeper
from service.metrics import Metrics
from service.model import ActiveModel
from service.openapi import document
from service.problems import Problem
from service.schemas import LabelledArticle, LabelledArticles, Predictions, Receipts
from service.settings import Settings
from stance import __version__
from stance.attribution import extract
from stance.labelling import label
from stance.ledger import ConflictError, Ledger
from stance.records import Article, Prediction, Statement, as_json, as_json_text
from stance.registry import Model, RegistryError


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes work with."""

    settings: Settings
    model: ActiveModel
    metrics: Metrics
    ledger: Ledger
    keeper: Keeper | None
    combiner: Combiner = field(default_factory=Combiner)

    def answering(self, items: int | None = None) -> Model:
        """Return the model that answers this whole request; raise Problem where there is none."""
        g.items = items
        try:
            model = self.model.get()
        except (RegistryError, OSError) as error:
            # The error names a folder of the server, which is no business of a client.
            raise Problem(503, "no model can be loaded; the operator must train one") from error
        g.model = model.version
        return model

    def label(self, model: Model, statements: list[Statement]) -> list[Prediction]:
        """Label statements, count them, and keep them where that is wanted."""
        if len(statements) == 1:
            predictions = [self.combiner.label(model, statements[0])]
        else:
            predictions = label(model, statements)
        self.metrics.labelled(predictions)
        if self.keeper is not None:
            self.keeper.keep(predictions)
        return predictions


def blueprint(service: Service) -> Blueprint:
    """Return the routes, answered by the active model within the limits of the settings."""
    routes = Blueprint("routes", __name__)
    _add_labelling(routes, service)
    _add_annotations(routes, service)
    _add_operations(routes, service)
    return routes


def _answer(record: object, status: int = 200) -> Response:
    # Written by the schema that documents it, which is also the fastest way.
    return Response(as_json_text(record) + b"\n", status, mimetype="application/json")


def _add_labelling(routes: Blueprint, service: Service) -> None:
    @routes.post("/predict")
    def predict() -> ResponseReturnValue:
        body = bodies.read(bodies.STATEMENTS, service.settings)
        model = service.answering(len(body.items))
        predictions = service.label(model, list(body.items))
        return _answer(Predictions(tuple(predictions)) if body.batch else predictions[0])

    @routes.post("/articles")
    def articles() -> ResponseReturnValue:
        body = bodies.read(bodies.ARTICLES, service.settings)
        model = service.answering(len(body.items))
        answers: list[LabelledArticle] = []
        for number, item in enumerate(body.items, 1):
            article = Article(item.id or f"article-{number}", item.text)
            predictions = service.label(model, extract(article, model.ranker))
            answers.append(LabelledArticle(article.id, model.version, tuple(predictions)))
        return _answer(LabelledArticles(tuple(answers)) if body.batch else answers[0])


def _add_annotations(routes: Blueprint, service: Service) -> None:
    @routes.post("/annotations")
    def annotations() -> ResponseReturnValue:
        body = bodies.read(bodies.ANNOTATIONS, service.settings)
        g.items = len(body.items)
        try:
            receipts = service.ledger.receive(body.items)
        except ConflictError as error:
            place = body.place(error.position)
            raise Problem(409, str(error), pointer=f"{place}/id") from None
        service.metrics.received(receipts)
        status = 201 if any(receipt.created for receipt in receipts) else 200
        return _answer(Receipts(tuple(receipts)) if body.batch else receipts[0], status)


def _add_operations(routes: Blueprint, service: Service) -> None:
    described = document(service.settings)

    @routes.get("/model")
    def card() -> ResponseReturnValue:
        manifest = service.answering().manifest
        return jsonify({**manifest, "refused": _refused(service)})

    @routes.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify({"status": "ok", "version": __version__})

    @routes.get("/ready")
    def ready() -> ResponseReturnValue:
        version = service.answering().version
        return jsonify({"status": "ready", "model": version, "refused": _refused(service)})

    @routes.get("/metrics")
    def metrics() -> ResponseReturnValue:
        return Response(
            service.metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8"
        )

    @routes.get("/openapi.json")
    def openapi() -> ResponseReturnValue:
        return jsonify(described)


def _refused(service: Service) -> dict[str, Any] | None:
    refusal = service.model.refusal
    return as_json(refusal) if refusal else None
