"""What a person sends by the page's form: an article or a quote, typed or as a file."""

import hashlib
import json
from dataclasses import dataclass, field
from importlib import resources
from pathlib import PurePath
from typing import Literal

from flask import request
from werkzeug.datastructures import FileStorage

from service.problems import Problem
from service.settings import Settings
from stance.jsonl import FileFault, decode
from stance.prose import page_text
from stance.records import RecordError, Source, Stance, parse

_PAIRS = {"“": "”", '"': '"', "«": "»", "„": "“", "‘": "’"}
_NAME = 120  # characters of a file's name that become the article's id
_PAGES = frozenset({".html", ".htm", ".xhtml"})


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person made of a statement of this article; it was stored before."""

    stance: Stance
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class _Corrections:
    by_id: dict[str, Correction]


@dataclass(frozen=True, slots=True)
class Sent:
    """What the form held; `article` is the id of the text, the same for the same text.

    `again` tells that it was read before, and only its corrections, or nothing, changed.
    """

    text: str
    kind: Literal["article", "quote"] = "article"
    question: str = ""
    speaker: str = ""
    name: str = ""
    corrections: dict[str, Correction] = field(default_factory=dict)
    again: bool = False

    @property
    def article(self) -> str:
        """Return the article's id."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()[:12]
        return f"{self.name}-{digest}" if self.name else f"page-{digest}"


def read_form(settings: Settings) -> Sent:
    """Return what was sent; raise Problem where it cannot be read, or there is nothing."""
    if request.content_length is None:
        # A body in chunks would be cut at the limit without a word.
        raise Problem(411, "the form must be sent with its length")
    if request.mimetype not in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        raise Problem(415, "send the page's form; programs use POST /articles and POST /predict")
    uploaded = request.files.get("file")
    text, name = request.form.get("text", ""), request.form.get("name", "")
    kind: Literal["article", "quote"] = (
        "quote" if request.form.get("kind") == "quote" else "article"
    )
    if request.form.get("example"):
        text, name, kind = _example(), "example", "article"
    elif uploaded is not None and uploaded.filename:
        text, name = _text_of_file(uploaded), PurePath(uploaded.filename).stem
    sent = Sent(
        text=_unquoted(_sound(text)) if kind == "quote" else _sound(text),
        kind=kind,
        question=_sound(request.form.get("question", "")).strip(),
        speaker=_sound(request.form.get("speaker", "")).strip(),
        name=_sound(name).strip()[:_NAME],
        corrections=_corrections(request.form.get("corrections", "")),
        again=bool(request.form.get("again")),
    )
    if not sent.text.strip():
        raise Problem(400, "there is nothing to read: paste a text, or choose a file")
    if kind == "quote":
        _check_length("quote", sent.text, settings.max_text)
        _check_length("question", sent.question, settings.max_text)
    return sent


def _example() -> str:
    return resources.files("service").joinpath("static/example.txt").read_text("utf-8")


def _text_of_file(uploaded: FileStorage) -> str:
    raw = uploaded.stream.read()
    try:
        text = decode(raw, "the file")
    except FileFault:
        raise Problem(400, "the file is not text in UTF-8; save it so, or paste its text") from None
    suffix = PurePath(uploaded.filename or "").suffix.lower()
    if suffix in _PAGES or uploaded.mimetype == "text/html":
        return page_text(text)
    return text


def _sound(text: str) -> str:
    """Return a text with the line ends that it had before the browser sent it."""
    if "\0" in text:
        raise Problem(400, "the text holds NUL characters; it is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unquoted(text: str) -> str:
    """Return a quote without the marks around all of it, as annotations have it."""
    text = text.strip()
    closing = _PAIRS.get(text[:1])
    inner = text[1:-1]
    if closing and len(text) > 2 and text[-1] == closing and closing not in inner:
        return inner.strip()
    return text


def _corrections(raw: str) -> dict[str, Correction]:
    if not raw:
        return {}
    try:
        return parse(_Corrections, {"by_id": json.loads(raw)}, unknown="forbid").by_id
    except (ValueError, RecursionError, RecordError):
        raise Problem(400, "the corrections sent along are not in order") from None


def _check_length(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise Problem(413, f"the {what} has {len(text)} characters, the limit is {longest}")
