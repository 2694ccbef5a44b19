"""The ledger: annotations as people sent them, what became of each, and statements kept.

An annotation is `received`, then `accepted` or `rejected` by a person; training takes the
accepted ones. Kept statements are those that the service was asked about, to annotate later.
"""

import dataclasses
import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from stance.corpus import Located, words_of
from stance.database import Database, annotations, default_url, kept
from stance.records import (
    Annotation,
    Prediction,
    Stance,
    StanceError,
    Statement,
    String,
    as_json,
    parse,
)

State = Literal["received", "accepted", "rejected"]
STATES: tuple[State, ...] = ("received", "accepted", "rejected")
KEPT_MOST = 100_000
_PAGE = 500  # rows read, or ids asked for, at once

Short = Annotated[String, Field(max_length=200)]


class LedgerError(StanceError):
    """An annotation that is not in the ledger."""


class ConflictError(StanceError):
    """An id that holds other content already; `position` is the submission's, from 0."""

    def __init__(self, position: int) -> None:
        super().__init__("is the id of an annotation with other content; send it under a new id")
        self.position = position


@dataclass(frozen=True, slots=True)
class Corrected:
    """The prediction that an annotation corrects: the model's version and its label."""

    model: Short | None = None
    stance: Stance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Statement):
    """An annotation as a person sends it; without an `id` its content gives it one."""

    id: Short | None = None
    stance: Stance
    annotator: Short | None = None
    note: String | None = None
    group: Short | None = None
    corrects: Corrected | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the ledger did with a submission; `created` is false where it was there before."""

    id: String
    state: State
    received: String
    created: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An annotation in the ledger; times are in UTC (ISO 8601)."""

    id: String
    state: State
    received: String
    decided: String | None
    annotation: Annotation
    corrects: Corrected | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement the service was asked about `count` times, and its latest prediction."""

    count: int
    first: String
    last: String
    prediction: Prediction


class Ledger:
    """The ledger in one database; processes and machines may share it."""

    def __init__(self, url: str | None = None) -> None:
        self.database = Database(url or default_url())
        self._insert = postgresql.insert if self._is_postgres else sqlite.insert

    @property
    def _is_postgres(self) -> bool:
        return self.database.dialect == "postgresql"

    def receive(self, submissions: Sequence[Submission]) -> list[Receipt]:
        """Store submissions durably, all or none, and return a receipt for each, in order.

        The same id with the same content is stored once. Raise ConflictError for an id with other
        content, DatabaseError where nothing could be stored.
        """
        rows = [_row(submission) for submission in submissions]
        first: dict[str, dict[str, Any]] = {}
        for position, row in enumerate(rows):
            if first.setdefault(row["id"], row)["digest"] != row["digest"]:
                raise ConflictError(position)
        with self.database.writing() as connection:
            created = self._add(connection, list(first.values()))
            stored = _stored(connection, list(first))
            for position, row in enumerate(rows):
                if stored[row["id"]].digest != row["digest"]:
                    raise ConflictError(position)
            _forget(connection, [_digest(words_of(submission)) for submission in submissions])
        receipts = []
        for row in rows:
            there = stored[row["id"]]
            receipts.append(
                Receipt(row["id"], there.state, there.received, created=row["id"] in created)
            )
            created.discard(row["id"])
        return receipts

    def entries(self, state: State | None = None) -> Iterator[Entry]:
        """Yield the annotations (of one state), in the order received."""
        where = [annotations.c.state == state] if state else []
        last = 0
        while not self.database.is_missing():
            query = select(annotations).where(annotations.c.number > last, *where)
            with self.database.reading() as connection:
                page = connection.execute(query.order_by(annotations.c.number).limit(_PAGE)).all()
            if not page:
                return
            last = page[-1].number
            yield from map(_entry, page)

    def decide(self, state: State, ids: Sequence[str] | None = None) -> list[str]:
        """Accept or reject annotations (by default all that are not yet decided), all or none.

        Return their ids; raise LedgerError for an id that is not there.
        """
        now = _now()
        with self.database.writing() as connection:
            if ids is None:
                undecided = annotations.c.state == "received"
                query = select(annotations.c.id).where(undecided).order_by(annotations.c.number)
                chosen = list(connection.execute(query).scalars())
            else:
                chosen = list(dict.fromkeys(ids))
                stored = _stored(connection, chosen)
                for one in chosen:
                    if one not in stored:
                        raise LedgerError(
                            f"there is no annotation {one!r}; see: stance annotations list"
                        )
            for start in range(0, len(chosen), _PAGE):
                part = annotations.c.id.in_(chosen[start : start + _PAGE])
                connection.execute(update(annotations).where(part).values(state=state, decided=now))
        return chosen

    def keep(self, predictions: Sequence[Prediction], *, most: int = KEPT_MOST) -> None:
        """Keep statements with their predictions; the same words are one row with a count.

        Above `most` rows those that need no review go first, and of these the oldest.
        """
        digests = [_digest(words_of(prediction)) for prediction in predictions]
        counts = Counter(digests)
        latest = dict(zip(digests, predictions, strict=True))
        now = _now()
        rows = [_kept_row(d, counts[d], latest[d], now) for d in latest]
        if not rows:
            return
        statement = self._insert(kept)
        replaced = ("needs_review", "probability", "last", "prediction")
        values: dict[str, Any] = {name: statement.excluded[name] for name in replaced}
        values["count"] = kept.c["count"] + statement.excluded["count"]
        upsert = statement.on_conflict_do_update(index_elements=[kept.c.digest], set_=values)
        with self.database.writing() as connection:
            if self._is_postgres:
                # Two that change the same rows in different order would end each other.
                connection.execute(text("LOCK TABLE stance_kept IN SHARE ROW EXCLUSIVE MODE"))
            connection.execute(upsert, rows)
            _bound(connection, most)

    def kept(self) -> Iterator[Kept]:
        """Yield the kept statements, those for review first, then the most asked about."""
        if self.database.is_missing():
            return
        order = (kept.c.needs_review.desc(), kept.c["count"].desc(), kept.c.digest)
        with self.database.reading() as connection:
            for row in connection.execute(select(kept).order_by(*order)).yield_per(_PAGE):
                yield _kept(row)

    def least_certain(self, most: int) -> list[Kept]:
        """Return kept statements to annotate next: those for review, the least certain first."""
        if self.database.is_missing():
            return []
        order = (kept.c.needs_review.desc(), kept.c.probability, kept.c.digest)
        with self.database.reading() as connection:
            rows = connection.execute(select(kept).order_by(*order).limit(most)).all()
        return [_kept(row) for row in rows]

    def count_kept(self) -> int:
        """Return how many statements are kept."""
        if self.database.is_missing():
            return 0
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(kept)).scalar() or 0

    def withdraw(self, one: str) -> Annotation:
        """Take back an annotation that nobody has decided on, and return it.

        It stays in the ledger, rejected. Raise LedgerError where there is none to take back.
        """
        with self.database.writing() as connection:
            here = (annotations.c.id == one) & (annotations.c.state == "received")
            row = connection.execute(select(annotations).where(here)).first()
            if row is None:
                raise LedgerError("there is no undecided annotation of this id to take back")
            connection.execute(
                update(annotations).where(here).values(state="rejected", decided=_now())
            )
        return _entry(row).annotation

    def _add(self, connection: Connection, rows: list[dict[str, Any]]) -> set[str]:
        """Insert the rows whose id is new, and return these ids."""
        # Sorted, two writers of the same ids wait for one another but never in a ring.
        rows = sorted(rows, key=lambda row: str(row["id"]))
        added = self._insert(annotations).on_conflict_do_nothing(index_elements=["id"])
        return set(connection.execute(added.returning(annotations.c.id), rows).scalars())


def accepted_annotations(ledger: Ledger) -> list[Located]:
    """Return the accepted annotations, in the order received; none where there is no ledger."""
    return [
        Located(f"correction {entry.annotation.id}", entry.annotation)
        for entry in ledger.entries("accepted")
    ]


def _bound(connection: Connection, most: int) -> None:
    excess = (connection.execute(select(func.count()).select_from(kept)).scalar() or 0) - most
    if excess > 0:
        order = (kept.c.needs_review, kept.c.last, kept.c.digest)
        oldest = select(kept.c.digest).order_by(*order).limit(excess)
        connection.execute(delete(kept).where(kept.c.digest.in_(oldest)))


def _forget(connection: Connection, digests: Sequence[str]) -> None:
    for start in range(0, len(digests), _PAGE):
        part = kept.c.digest.in_(digests[start : start + _PAGE])
        connection.execute(delete(kept).where(part))


def _stored(connection: Connection, ids: Sequence[str]) -> dict[str, Any]:
    found = {}
    columns = (annotations.c.id, annotations.c.digest, annotations.c.state, annotations.c.received)
    for start in range(0, len(ids), _PAGE):
        query = select(*columns).where(annotations.c.id.in_(ids[start : start + _PAGE]))
        found.update({row.id: row for row in connection.execute(query)})
    return found


def _row(submission: Submission) -> dict[str, Any]:
    content = as_json(submission)
    given = content.pop("id")
    digest = _digest(content)
    # What has no id gets one from its content, so that sending it again stores it once.
    name = given or f"sent-{digest[:32]}"
    corrects = content.pop("corrects")
    fields = {f.name for f in dataclasses.fields(Submission)} - {"id", "corrects", "origin"}
    values = {name: getattr(submission, name) for name in fields}
    annotation = Annotation(**values, id=name, origin="feedback")
    return {
        "id": name,
        "digest": digest,
        "state": "received",
        "annotation": json.dumps(as_json(annotation)),
        "corrects": json.dumps(corrects) if corrects else None,
        "received": _now(),
    }


def _entry(row: Any) -> Entry:
    annotation = parse(Annotation, json.loads(row.annotation))
    corrects = parse(Corrected, json.loads(row.corrects)) if row.corrects else None
    return Entry(row.id, row.state, row.received, row.decided, annotation, corrects)


def _kept(row: Any) -> Kept:
    prediction = parse(Prediction, json.loads(row.prediction))
    return Kept(row._mapping["count"], row.first, row.last, prediction)


def _kept_row(digest: str, count: int, prediction: Prediction, now: str) -> dict[str, Any]:
    return {
        "digest": digest,
        "count": count,
        "needs_review": prediction.needs_review,
        "probability": prediction.probability,
        "first": now,
        "last": now,
        "prediction": json.dumps(as_json(prediction)),
    }


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
