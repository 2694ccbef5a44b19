"""The command line: parse, call the library, print. Heavy imports stay inside the commands."""

import argparse
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from stance import __version__
from stance.commands import annotations, learning, models, reporting
from stance.commands.console import (
    Faults,
    complain,
    emit,
    open_registry,
    positive,
    ready_registry,
    subcommand,
)

if TYPE_CHECKING:
    from stance.jsonl import Line
    from stance.records import Article, Statement

_BATCH = 500


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 after an error or a bad line, 3 where the gate said no.

    Exit with 2 on wrong usage.
    """
    arguments = _parser().parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="stance: %(message)s")
    faults = Faults()
    status = None
    try:
        status = arguments.command(arguments, faults)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output went away (`stance extract ... | head`); that is no error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        from stance.records import StanceError

        if not isinstance(error, StanceError | OSError):
            raise
        complain(str(error))
        return 1
    return status or (1 if faults.count else 0)


def _extract(arguments: argparse.Namespace, faults: Faults) -> None:
    from stance.attribution import explain, extract
    from stance.records import as_json

    ranker = open_registry().ranker()
    for article in _articles(arguments.files, faults):
        if arguments.explain:
            for statement, explanation in explain(article, ranker):
                emit({**as_json(statement), "explanation": as_json(explanation)})
        else:
            for statement in extract(article, ranker):
                emit(as_json(statement))


def _analyze(arguments: argparse.Namespace, faults: Faults) -> None:
    from stance.attribution import extract
    from stance.labelling import label
    from stance.records import as_json

    model = ready_registry().load()
    for article in _articles(arguments.files, faults):
        for prediction in label(model, extract(article, model.ranker)):
            emit(as_json(prediction))


def _label(arguments: argparse.Namespace, faults: Faults) -> None:
    from stance.labelling import label
    from stance.records import as_json

    model = ready_registry().load()
    for batch in _batches(_statements(arguments.files, faults)):
        predictions = label(model, [statement for _, statement in batch])
        for (line, _), prediction in zip(batch, predictions, strict=True):
            # Keys that are unknown here go through.
            emit({**line.value, **as_json(prediction)})


def _serve(arguments: argparse.Namespace, _: Faults) -> None:
    from service.access import check_exposure
    from service.server import serve
    from service.settings import read_settings

    check_exposure(arguments.host, read_settings())
    serve(host=arguments.host, port=arguments.port, workers=arguments.workers)


def _articles(files: Iterable[str], faults: Faults) -> "Iterator[Article]":
    """Yield the articles of all files; an id that comes again gets a number behind it."""
    import dataclasses

    from stance.articles import read_articles

    seen: dict[str, int] = {}
    for path in files:
        for article in read_articles(path, on_fault=faults):
            seen[article.id] = times = seen.get(article.id, 0) + 1
            again = f"{article.id}-{times}"
            yield article if times == 1 else dataclasses.replace(article, id=again)


def _statements(files: Iterable[str], faults: Faults) -> "Iterator[tuple[Line, Statement]]":
    from stance import jsonl
    from stance.records import RecordError, Statement, parse

    for path in files:
        try:
            for line in jsonl.read_lines(jsonl.read_bytes(path), path, on_fault=faults):
                try:
                    yield line, parse(Statement, line.value)
                except RecordError as error:
                    faults(jsonl.FileFault(f"{line.where}: {error}"))
        except jsonl.FileFault as fault:
            faults(fault)


def _batches(
    statements: "Iterator[tuple[Line, Statement]]",
) -> "Iterator[list[tuple[Line, Statement]]]":
    from itertools import islice

    while batch := list(islice(statements, _BATCH)):
        yield batch


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stance",
        description="Find who said what in news articles, and whether it confirms, denies or"
        " evades one claim. JSON lines on standard output, messages on standard error.",
        epilog="Models lie in the folder STANCE_MODELS (default: the user's data folder).",
    )
    parser.add_argument("--version", action="version", version=f"stance {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    articles = "article: plain text, or JSON lines with `id` and `text`; - is standard input"
    statements = "JSON lines with at least `text`; - is standard input"
    for name, command, text, files in (
        ("extract", _extract, "find the statements of articles, and their sources", articles),
        ("label", _label, "label statements", statements),
        ("analyze", _analyze, "find, attribute and label the statements of articles", articles),
    ):
        sub = subcommand(commands, name, command, text)
        sub.add_argument("files", metavar="FILE", nargs="*", default=["-"], help=files)
        if command is _extract:
            explanation = "say for each statement which rule found it and what chose its source"
            sub.add_argument("--explain", action="store_true", help=explanation)
    learning.add_to(commands)
    models.add_to(commands)
    annotations.add_to(commands)
    reporting.add_to(commands)
    _add_serve(commands)
    return parser


def _add_serve(commands: Any) -> None:
    serve = subcommand(commands, "serve", _serve, "answer over HTTP")
    serve.add_argument("--host", default="127.0.0.1", help="address (default 127.0.0.1)")
    serve.add_argument("--port", type=_port, default=8000, help="port (default 8000)")
    serve.add_argument("--workers", type=positive, default=2, help="worker processes (default 2)")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"must be a port from 1 to 65535, not {text!r}")
    return int(text)
