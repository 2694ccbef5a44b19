"""A report's statements as tables: CSV for spreadsheets, Parquet for data tools."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stance.aliases import Actor
from stance.extras import need
from stance.positions import Quote, Report, Row
from stance.storage import replacing

COLUMNS: dict[str, type] = {
    "statement": int,
    "actor": str,
    "affiliation": str,
    "speaker": str,
    "role": str,
    "date": str,
    "date_told_by": str,
    "stance": str,
    "probability": float,
    "needs_review": bool,
    "text": str,
    "context": str,
    "question": str,
    "repeats": int,
    "article": str,
    "title": str,
    "file": str,
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BATCH = 5000  # rows that are turned into columns at once


def lines_of(report: Report) -> Iterator[dict[str, Any]]:
    """Yield a line for each report of each statement; repeats have the same `statement`."""
    for line in report.actors:
        for quote in line.quotes:
            yield from (_line(line.actor, quote, row) for row in quote.rows)
    for quote in report.speakerless:
        yield from (_line(None, quote, row) for row in quote.rows)


def write_csv(report: Report, path: Path) -> None:
    """Write the lines as CSV (RFC 4180, UTF-8); no cell of it is a formula to a spreadsheet."""
    with replacing(path) as file:
        text = io.TextIOWrapper(file, "utf-8", "replace", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for line in lines_of(report):
            writer.writerow([defused(line[name]) for name in COLUMNS])
        text.detach()


def write_parquet(report: Report, path: Path) -> None:
    """Write the lines as Parquet; raise MissingExtraError without `stance[parquet]`."""
    pyarrow = need("pyarrow", "parquet")
    parquet = need("pyarrow.parquet", "parquet")
    types = {
        int: pyarrow.int64(),
        str: pyarrow.string(),
        float: pyarrow.float64(),
        bool: pyarrow.bool_(),
    }
    schema = pyarrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    with replacing(path) as file, parquet.ParquetWriter(file, schema) as writer:
        for batch in _batches(lines_of(report)):
            writer.write_table(pyarrow.Table.from_pylist(batch, schema))


def defused(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before it."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value


def _batches(lines: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _line(actor: Actor | None, quote: Quote, row: Row) -> dict[str, Any]:
    return {
        "statement": quote.number,
        "actor": actor.name if actor else None,
        "affiliation": actor.affiliation if actor else row.affiliation,
        "speaker": row.speaker,
        "role": row.role,
        "date": row.published.day or "unknown",
        "date_told_by": row.published.told_by or None,
        "stance": str(row.stance),
        "probability": row.probability,
        "needs_review": row.needs_review or quote.labels_differ,
        "text": row.text,
        "context": row.context,
        "question": row.question,
        "repeats": len(quote.rows),
        "article": row.article,
        "title": row.title,
        "file": row.file,
    }
