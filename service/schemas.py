"""The bodies of requests and answers, beside the records: what validates is what documents."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from stance.ledger import Receipt, Submission
from stance.records import NonBlank, Prediction, Statement, String


@dataclass(frozen=True, slots=True)
class PostedArticle:
    """A news article; without an `id` its place in the request gives it one."""

    text: NonBlank
    id: NonBlank | None = None


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements to label."""

    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Articles:
    """Articles to find, attribute and label the statements of."""

    articles: Annotated[tuple[PostedArticle, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Annotations:
    """Annotations to store, all or none."""

    annotations: Annotated[tuple[Submission, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predictions, in the order of the statements."""

    predictions: tuple[Prediction, ...]


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """The statements of an article, and the version of the model that labelled them."""

    id: String
    model: String
    statements: tuple[Prediction, ...]


@dataclass(frozen=True, slots=True)
class LabelledArticles:
    """Labelled articles, in the order sent."""

    articles: tuple[LabelledArticle, ...]


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts, in the order of the annotations."""

    annotations: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A version that is active and was refused; `reason` is the class of the error."""

    version: String
    reason: String


@dataclass(frozen=True, slots=True)
class Ready:
    """The version that answers, and the active one where it was refused."""

    status: Literal["ready"]
    model: String
    refused: Refusal | None


@dataclass(frozen=True, slots=True)
class Health:
    """The process is alive, and of this version of the program."""

    status: Literal["ok"]
    version: String


class ModelCard(BaseModel, extra="allow"):
    """The manifest of the version that answers; it holds more than is told here."""

    version: str
    format: int
    trained: str
    refused: Refusal | None


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """An error (RFC 9457); `pointer` is the field at fault (RFC 6901)."""

    type: String
    title: String
    status: int
    detail: String
    pointer: String | None = None
