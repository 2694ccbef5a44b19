"""The page: an article read in place, a queue to annotate, and what the model is.

Everything is made on the server; the scripts only add to it. Nothing comes from another host.
"""

import dataclasses
import json
import logging
from collections import Counter
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from service import bodies, card, cast, forms, highlight, problems, queue
from service.highlight import Shown
from service.problems import Problem
from service.routes import Service
from stance import __version__
from stance.attribution import extract
from stance.database import DatabaseError
from stance.labelling import STATEMENT_FIELDS, label
from stance.ledger import LedgerError
from stance.ranking import SourceRanker
from stance.records import (
    LABELS,
    Article,
    Prediction,
    Source,
    Span,
    Statement,
    String,
    as_json,
    parse,
)
from stance.wording import MEANINGS

log = logging.getLogger(__name__)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_AT_ONCE = 50  # statements of the queue on one page
_CANDIDATES = 200  # of which these are chosen
_EDITABLE = (*STATEMENT_FIELDS, "stance", "model")


@dataclasses.dataclass(frozen=True, slots=True)
class Withdrawal:
    """The annotation to take back."""

    id: String


def blueprint(service: Service) -> Blueprint:
    """Return the page's routes."""
    page = Blueprint("page", __name__, static_folder="static", template_folder="templates")
    _add_reading(page, service)
    _add_queue(page, service)
    _add_about(page, service)
    _add_problems(page, service)

    @page.context_processor
    def _shared() -> dict[str, Any]:
        manifest = service.model.get().manifest if g.get("model") else {}
        return {
            "labels": LABELS,
            "glyphs": highlight.GLYPHS,
            "meanings": {str(stance): words for stance, words in MEANINGS.items()},
            "safe": highlight.safe,
            "claim": manifest.get("claim", {}).get("text"),
            "program": __version__,
        }

    @page.after_request
    def _guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        if request.endpoint == "page.static":
            # Its address holds the program's version, so that a new one is fetched.
            response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    return page


def _add_reading(page: Blueprint, service: Service) -> None:
    @page.get("/")
    def empty() -> ResponseReturnValue:
        service.answering()
        return render_template("read.html", sent=forms.Sent(""), reading=None)

    @page.post("/")
    def read() -> ResponseReturnValue:
        sent = forms.read_form(service.settings)
        model = service.answering(1)
        statements = _statements(sent, model.ranker)
        # Who corrects or reloads has not asked once more: counts, and the queue's, stay.
        predictions = label(model, statements) if sent.again else service.label(model, statements)
        g.items = len(predictions)
        reading = _reading(sent, predictions, model.version)
        return render_template("read.html", sent=sent, reading=reading)


def _statements(sent: forms.Sent, ranker: SourceRanker) -> list[Statement]:
    if sent.kind == "article":
        return extract(Article(sent.article, sent.text), ranker)
    source = Source(speaker=sent.speaker) if sent.speaker else None
    return [Statement(text=sent.text, id="quote#1", question=sent.question or None, source=source)]


def _shown(sent: forms.Sent, predictions: list[Prediction]) -> list[Shown]:
    shown = []
    for number, prediction in enumerate(predictions, 1):
        spans = prediction.spans if sent.kind == "article" else (Span(0, len(sent.text)),)
        correction = sent.corrections.get(prediction.id or "")
        if correction:
            prediction = dataclasses.replace(
                prediction, stance=correction.stance, source=correction.source
            )
        shown.append(Shown(number, prediction, spans, saved=correction is not None))
    return shown


def _reading(sent: forms.Sent, predictions: list[Prediction], version: str) -> dict[str, Any]:
    shown = _shown(sent, predictions)
    counts = Counter(one.label for one in shown)
    review = sorted((one for one in shown if one.for_review), key=_surety)
    speakers = cast.actors(shown)
    return {
        "model": version,
        "article": highlight.article(sent.text, shown),
        "snippet": highlight.underlined,
        "counts": {label: counts[label] for label in LABELS},
        "total": len(shown),
        "review": review,
        "others": [one for one in shown if not one.for_review],
        "actors": [one for one in speakers if one.takes_position],
        "bystanders": [one for one in speakers if not one.takes_position],
        "records": _records(predictions),
    }


def _surety(one: Shown) -> float:
    return one.prediction.probability


def _records(predictions: list[Prediction]) -> Markup:
    """Return what the scripts need of each statement to send it back with another label."""
    kept = [
        {key: value for key, value in as_json(one).items() if key in _EDITABLE}
        for one in predictions
    ]
    text = json.dumps(kept, ensure_ascii=False)
    # Within a script element only these could end it.
    text = text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
    return Markup(text)  # noqa: S704


def _add_queue(page: Blueprint, service: Service) -> None:
    @page.get("/review")
    def review() -> ResponseReturnValue:
        service.answering()
        kept = queue.in_order(service.ledger.least_certain(_CANDIDATES), _AT_ONCE)
        predictions = [one.prediction for one in kept]
        whole = [(Span(0, len(one.text)),) for one in predictions]
        cards = [Shown(n, p, s) for n, (p, s) in enumerate(zip(predictions, whole, strict=True), 1)]
        return render_template(
            "review.html",
            cards=cards,
            counts=[one.count for one in kept],
            waiting=service.ledger.count_kept(),
            keeping=service.keeper is not None,
            underlined=highlight.underlined,
            records=_records(predictions),
        )

    @page.post("/review/undo")
    def undo() -> ResponseReturnValue:
        one = parse(Withdrawal, bodies.json_object(), unknown="forbid").id
        model = service.answering(1)
        try:
            annotation = service.ledger.withdraw(one)
        except LedgerError as error:
            raise Problem(409, str(error), pointer="/id") from None
        if service.keeper is not None:
            fields = {name: getattr(annotation, name) for name in STATEMENT_FIELDS}
            waiting = label(model, [Statement(**fields)])
            service.ledger.keep(waiting, most=service.settings.keep_max)
        return jsonify({"id": one, "state": "rejected"})


def _add_about(page: Blueprint, service: Service) -> None:
    @page.get("/about")
    def about() -> ResponseReturnValue:
        model = service.answering()
        return render_template(
            "about.html", card=card.of(model.manifest), refusal=service.model.refusal
        )


def _add_problems(page: Blueprint, service: Service) -> None:
    """Tell errors of the page in words on a page."""

    def tell(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
        if request.endpoint == "page.undo":
            response = problems.answer(status, detail)
        else:
            html = render_template("problem.html", status=status, detail=detail)
            response = Response(html, status=status, content_type="text/html; charset=utf-8")
        response.headers.update(headers or {})
        return response

    @page.errorhandler(Problem)
    def _problem(problem: Problem) -> ResponseReturnValue:
        return tell(problem.status, problem.detail, problem.headers)

    @page.errorhandler(RequestEntityTooLarge)
    def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
        limit = service.settings.max_body
        return tell(413, f"the text is larger than {limit} bytes; read it in parts")

    @page.errorhandler(DatabaseError)
    def _database(error: DatabaseError) -> ResponseReturnValue:
        log.error("the database cannot be used: %s", type(error.__cause__ or error).__name__)
        return tell(503, "the database cannot be used now; try again", {"Retry-After": "5"})

    @page.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        return tell(error.code or 500, error.description or "")
