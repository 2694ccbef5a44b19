"""The vocabulary of the project: frozen records, and their JSON form.

A record's fields are its JSON keys. Offsets are half-open ranges of characters (code points).
"""

import dataclasses
import enum
import functools
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError


class StanceError(Exception):
    """Root of every error that a user can mend; its text is one line that says how."""


class RecordError(StanceError):
    """A JSON value that is not the record it should be; `pointer` is the field (RFC 6901)."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(f"{pointer}: {message}" if pointer else message)
        self.pointer = pointer
        self.message = message


class Stance(enum.StrEnum):
    """What a statement commits its source to, with respect to the claim."""

    CONFIRM = "confirm"
    DENY = "deny"
    EVADE = "evade"
    UNRELATED = "unrelated"


LABELS: tuple[str, ...] = tuple(str(stance) for stance in Stance)

Kind = Literal["direct", "indirect", "mixed"]
Origin = Literal["seed", "authored", "feedback", "import"]


def _encodable(value: str) -> str:
    if "\0" in value:
        raise ValueError("holds a NUL character")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("holds a lone surrogate, which is no character") from error
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty or only white space")
    return value


def _number(value: object) -> object:
    # 3.0 is a whole number in JSON; true and "3" are none, though pydantic would read them so.
    if isinstance(value, bool | str):
        raise ValueError("is no number")
    return value


# The patterns tell a schema's readers what the validators refuse; white space is Python's.
_SPACE = r"\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_ANY = {"pattern": r"^[^\x00]*$"}
_SOME = {"pattern": rf"^[^\x00]*[^\x00{_SPACE}][^\x00]*$", "minLength": 1}
String = Annotated[str, AfterValidator(_encodable), Field(json_schema_extra=_ANY)]
NonBlank = Annotated[String, AfterValidator(_not_blank), Field(json_schema_extra=_SOME)]
Offset = Annotated[int, Field(ge=0), BeforeValidator(_number)]


class Span(NamedTuple):
    """A half-open range of characters."""

    start: Offset
    end: Offset


@dataclasses.dataclass(frozen=True, slots=True)
class Quoted:
    """A piece of a text together with where it stands: `whole[start:end] == text`."""

    text: String
    start: Offset
    end: Offset

    @classmethod
    def cut(cls, whole: str, start: int, end: int) -> "Quoted":
        """Return the piece of `whole` from `start` to `end`."""
        return cls(whole[start:end], start, end)


@dataclasses.dataclass(frozen=True, slots=True)
class Article:
    """A news article: its untouched text under an id."""

    id: NonBlank
    text: NonBlank


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Who makes a statement; `mention` is where the article names them for it."""

    speaker: String | None = None
    role: String | None = None
    affiliation: String | None = None
    mention: Quoted | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that one source says. Only `text` is required.

    `spans` are the content in characters of the article; `text` is these joined by a space.
    """

    text: NonBlank
    id: String | None = None
    article: String | None = None
    kind: Kind | None = None
    spans: tuple[Span, ...] = ()
    context: String | None = None
    cue: Quoted | None = None
    source: Source | None = None
    question: String | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Statement):
    """A statement whose stance a person has told.

    Statements of one `group` (an article, a scene) stay on one side of every split; those that
    share a `pair` differ in a word or two on purpose.
    """

    stance: Stance
    origin: Origin = "import"
    annotator: String | None = None
    note: String | None = None
    group: String | None = None
    pair: String | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a statement's text; a positive weight speaks for the predicted label."""

    text: String
    start: Offset
    end: Offset
    weight: float


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Prediction(Statement):
    """A statement and what a model makes of it.

    `needs_review` is true where `probability` is below the threshold that training chose for
    this label, or where the text is far from everything the model has seen.
    """

    stance: Stance
    probability: float
    probabilities: dict[str, float]
    needs_review: bool
    evidence: tuple[Evidence, ...]
    model: String


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """The claim that the labels are about, and what a model of it is known to fail at."""

    id: NonBlank
    text: NonBlank
    labels: dict[Stance, NonBlank]
    limits: tuple[NonBlank, ...] = ()


Record = TypeVar("Record")


@functools.cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Return the one pydantic validator of a record type."""
    return TypeAdapter(kind)


def parse(
    kind: type[Record], value: object, *, unknown: Literal["ignore", "forbid"] = "ignore"
) -> Record:
    """Make a record from a decoded JSON value; raise RecordError naming the field at fault."""
    if not isinstance(value, Mapping):
        raise RecordError(f"expected a JSON object, got {_json_type(value)}")
    try:
        record: Record = adapter(kind).validate_python(value, extra=unknown)  # type: ignore[arg-type]
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise RecordError(_message(fault["type"], fault["msg"]), pointer(fault["loc"])) from None
    return record


def pointer(location: tuple[int | str, ...]) -> str:
    """Return a field's place as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location)


def as_json(record: object) -> dict[str, Any]:
    """Return a record as a JSON object, its keys in the order of its fields."""
    value: dict[str, Any] = adapter(type(record)).dump_python(record, mode="json")  # type: ignore[arg-type]
    return value


def as_json_text(record: object) -> bytes:
    """Return a record as the text of that object, in UTF-8."""
    return adapter(type(record)).dump_json(record)  # type: ignore[arg-type]


def _message(fault_type: str, message: str) -> str:
    if fault_type in {"unexpected_keyword_argument", "extra_forbidden"}:
        return "is not a known field"
    if fault_type in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        return "is required"
    return message.removeprefix("Value error, ")


def _json_type(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string"}
    return names.get(type(value), "an array")
