"""Bodies of requests: strict JSON in UTF-8, within the limits, as records."""

import functools
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header

from service.problems import Problem
from service.schemas import Annotations, Articles, PostedArticle, Statements
from service.settings import Settings
from stance.ledger import Submission
from stance.records import RecordError, Statement, parse

Item = TypeVar("Item")

_LONG_FIELDS = ("text", "question", "context", "note")


@dataclass(frozen=True, slots=True)
class Shape(Generic[Item]):
    """What a route takes: one item, or an object that holds a list of them under `key`."""

    one: type[Item]
    many: type[Any]
    key: str


@dataclass(frozen=True, slots=True)
class Body(Generic[Item]):
    """The items of a request; `place` before each of them is empty where only one was sent."""

    items: tuple[Item, ...]
    batch: bool
    key: str

    def place(self, number: int) -> str:
        """Return an item's JSON pointer."""
        return f"/{self.key}/{number}" if self.batch else ""


STATEMENTS = Shape(Statement, Statements, "statements")
ARTICLES = Shape(PostedArticle, Articles, "articles")
ANNOTATIONS = Shape(Submission, Annotations, "annotations")


def read(shape: Shape[Item], settings: Settings) -> Body[Item]:
    """Return what the request holds; raise Problem or RecordError where it is not in order."""
    value = json_object()
    batch = shape.key in value
    if batch:
        _check_count(value[shape.key], shape.key, settings.max_statements)
        items = getattr(parse(shape.many, value, unknown="forbid"), shape.key)
    else:
        items = (parse(shape.one, value, unknown="forbid"),)
    body = Body(items, batch, shape.key)
    if shape.one is not PostedArticle:
        for number, item in enumerate(items):
            _check_lengths(item, body.place(number), settings.max_text)
    return body


def json_object() -> dict[str, Any]:
    """Return the JSON object that was sent; raise Problem where it is none."""
    if not _is_json(request.environ.get("CONTENT_TYPE", "")):
        raise Problem(415, "send JSON with Content-Type: application/json, in UTF-8")
    if request.environ.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise Problem(415, "send the body as it is, without Content-Encoding")
    try:
        raw = request.get_data(cache=False)
    except (ParseException, OSError):
        raise Problem(400, "the body was not sent whole, or is not well chunked") from None
    if request.content_length is None and len(raw) >= (request.max_content_length or 0):
        # A body sent in chunks is cut at the limit without a word.
        raise RequestEntityTooLarge
    if not raw.strip():
        raise Problem(400, "the body is empty; send a JSON object")
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Problem(400, "the body is not valid JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise Problem(400, "the body must be a JSON object", pointer="")
    return value


@functools.lru_cache(maxsize=32)
def _is_json(content_type: str) -> bool:
    mimetype, parameters = parse_options_header(content_type)
    charset = parameters.get("charset", "utf-8").strip("\"'").lower()
    return mimetype.lower() == "application/json" and charset in {"utf-8", "utf8"}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Problem(400, "the body is ambiguous: an object has the same key twice")
    return value


def _no_number(_: str) -> float:
    raise Problem(400, "the body is not valid JSON: NaN and Infinity are no numbers")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)


def _check_count(items: object, key: str, most: int) -> None:
    if not isinstance(items, list) or not items:
        raise Problem(400, f"{key!r} must be a list with at least one item", pointer=f"/{key}")
    if len(items) > most:
        detail = f"{key!r} has {len(items)} items, the limit is {most}"
        raise Problem(413, detail, pointer=f"/{key}")
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            raise RecordError("must be a JSON object", f"/{key}/{number}")


def _check_lengths(item: object, place: str, longest: int) -> None:
    for field in _LONG_FIELDS:
        size = len(getattr(item, field, None) or "")
        if size > longest:
            raise Problem(
                413, f"has {size} characters, the limit is {longest}", pointer=f"{place}/{field}"
            )
