"""The OpenAPI 3.1 document, made of the types that validate the requests."""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue

from service import schemas
from service.settings import Settings
from stance import __version__
from stance.ledger import Receipt, Submission
from stance.records import Prediction, Statement, adapter

_REF = "#/components/schemas/{model}"

# Route, and what it takes and gives: each alone, and many.
_POSTS: tuple[tuple[str, str, tuple[Any, Any], tuple[Any, Any]], ...] = (
    (
        "/predict",
        "Label a statement, or many in order",
        (Statement, schemas.Statements),
        (Prediction, schemas.Predictions),
    ),
    (
        "/articles",
        "Find, attribute and label the statements of an article, or of many in order",
        (schemas.PostedArticle, schemas.Articles),
        (schemas.LabelledArticle, schemas.LabelledArticles),
    ),
    (
        "/annotations",
        "Store an annotation durably, or many (all or none)",
        (Submission, schemas.Annotations),
        (Receipt, schemas.Receipts),
    ),
)
_GETS: tuple[tuple[str, str, Any], ...] = (
    ("/model", "The card of the model that answers", schemas.ModelCard),
    ("/health", "The process is alive", schemas.Health),
    ("/ready", "A model answers", schemas.Ready),
)
_LIMITED = ("Statement", "Submission", "Articles", "Annotations")
_REFUSED_POST = {
    400: "The body is not what it should be",
    413: "The body, a list or a text is too large",
    415: "The body is not JSON in UTF-8",
}
_KEY_NEEDED = {401: "A key is needed"}
_NO_MODEL = {503: "No model can be loaded"}
_NOT_STORED = {409: "The id holds other content", 503: "Nothing could be stored; send it again"}


class _Closed(GenerateJsonSchema):
    """What comes in holds the fields it has and no other ones."""

    def dataclass_schema(self, schema: Any) -> JsonSchemaValue:
        """Return a dataclass's schema."""
        value = super().dataclass_schema(schema)
        if self.mode == "validation":
            value["additionalProperties"] = False
        return value


def document(settings: Settings) -> dict[str, Any]:
    """Return the document for a service with these settings."""
    refs, components = _schemas()
    for name, schema in components.items():
        if name.startswith(_LIMITED):
            _limit(schema, settings)
    paths: dict[str, Any] = {}
    for path, summary, takes, gives in _POSTS:
        paths[path] = {"post": _post(path, summary, _one_of(refs, takes), _one_of(refs, gives))}
        if path == "/annotations" and settings.keys:
            paths[path]["post"]["security"] = [{"bearer": []}, {"key": []}]
    for path, summary, kind in _GETS:
        failures = _NO_MODEL if path != "/health" else {}
        paths[path] = {"get": _get(summary, "application/json", refs[kind], failures)}
    text = {"type": "string"}
    paths["/metrics"] = {"get": _get("Figures for Prometheus", "text/plain", text, {})}
    own = {"type": "object"}
    paths["/openapi.json"] = {"get": _get("This document", "application/json", own, {})}
    guarded = settings.keys and settings.protect == "all"
    for path, item in paths.items():
        if guarded and path != "/health":
            for operation in item.values():
                operation["security"] = [{"bearer": []}, {"key": []}]
    schemes = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "stance", "version": __version__, "description": _ABOUT},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": schemes},
    }


_ABOUT = "Finds who said what in news articles, and whether it confirms, denies or evades a claim."


def _schemas() -> tuple[dict[Any, JsonSchemaValue], dict[str, Any]]:
    """Return a reference for each type, and the schemas that these refer to."""
    wanted: list[tuple[Any, JsonSchemaMode]] = [(schemas.ProblemDetails, "serialization")]
    for _, _, takes, gives in _POSTS:
        wanted += [(kind, "validation") for kind in takes]
        wanted += [(kind, "serialization") for kind in gives]
    wanted += [(kind, "serialization") for _, _, kind in _GETS]
    inputs = [(kind, mode, adapter(kind)) for kind, mode in wanted]
    refs, whole = TypeAdapter.json_schemas(inputs, ref_template=_REF, schema_generator=_Closed)
    return {kind: schema for (kind, _), schema in refs.items()}, whole["$defs"]


def _limit(schema: dict[str, Any], settings: Settings) -> None:
    for field in ("text", "question", "context", "note"):
        of = schema.get("properties", {}).get(field, {})
        for option in (of, *of.get("anyOf", ())):
            if option.get("type") == "string":
                option["maxLength"] = settings.max_text
    for of in schema.get("properties", {}).values():
        if of.get("type") == "array" and "minItems" in of and "maxItems" not in of:
            of["maxItems"] = settings.max_statements


def _one_of(refs: dict[Any, JsonSchemaValue], kinds: tuple[Any, Any]) -> dict[str, Any]:
    return {"oneOf": [refs[kind] for kind in kinds]}


def _post(path: str, summary: str, takes: dict[str, Any], gives: dict[str, Any]) -> dict[str, Any]:
    stored = path == "/annotations"
    failures = {**_REFUSED_POST, **(_NOT_STORED if stored else _NO_MODEL)}
    responses = {"200": _answer("Known already" if stored else "In order", gives)}
    if stored:
        responses["201"] = _answer("Stored: it survives a crash", gives)
    return {
        "summary": summary,
        "operationId": path.strip("/"),
        "requestBody": {"required": True, "content": {"application/json": {"schema": takes}}},
        "responses": {**responses, **_problems(failures)},
    }


def _get(
    summary: str, media_type: str, schema: dict[str, Any], failures: dict[int, str]
) -> dict[str, Any]:
    return {
        "summary": summary,
        "responses": {"200": _answer("Well", schema, media_type), **_problems(failures)},
    }


def _problems(failures: dict[int, str]) -> dict[str, Any]:
    ref = {"$ref": _REF.format(model="ProblemDetails")}
    every = {**failures, **_KEY_NEEDED}
    return {
        str(status): _answer(every[status], ref, "application/problem+json")
        for status in sorted(every)
    }


def _answer(
    description: str, schema: dict[str, Any], media_type: str = "application/json"
) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}
