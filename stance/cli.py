"""The command line: parse, call the library, print. Heavy imports stay inside the commands."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance import __version__

if TYPE_CHECKING:
    from stance.jsonl import Line
    from stance.records import Article, Statement
    from stance.registry import Registry

_BATCH = 500

Command = Callable[[argparse.Namespace, "_Faults"], None]


class _Faults:
    """Bad lines and files: each is told on stderr, and the rest goes on."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, fault: Exception) -> None:
        self.count += 1
        _complain(str(fault))


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; return 0, 1 after an error or a bad line; exit with 2 on wrong usage."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="stance: %(message)s")
    faults = _Faults()
    try:
        arguments.command(arguments, faults)
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
        _complain(str(error))
        return 1
    return 1 if faults.count else 0


def _complain(message: str) -> None:
    print(f"stance: error: {message}", file=sys.stderr)


def _print(value: dict[str, Any]) -> None:
    from stance import jsonl

    print(jsonl.dumps(value))


def _extract(arguments: argparse.Namespace, faults: _Faults) -> None:
    from stance.attribution import explain, extract
    from stance.records import as_json

    ranker = _registry().ranker()
    for article in _articles(arguments.files, faults):
        if arguments.explain:
            for statement, explanation in explain(article, ranker):
                _print({**as_json(statement), "explanation": as_json(explanation)})
        else:
            for statement in extract(article, ranker):
                _print(as_json(statement))


def _analyze(arguments: argparse.Namespace, faults: _Faults) -> None:
    from stance.attribution import extract
    from stance.labelling import label
    from stance.records import as_json

    model = _ready_registry().load()
    for article in _articles(arguments.files, faults):
        for prediction in label(model, extract(article, model.ranker)):
            _print(as_json(prediction))


def _label(arguments: argparse.Namespace, faults: _Faults) -> None:
    from stance.labelling import label
    from stance.records import as_json

    model = _ready_registry().load()
    for batch in _batches(_statements(arguments.files, faults)):
        predictions = label(model, [statement for _, statement in batch])
        for (line, _), prediction in zip(batch, predictions, strict=True):
            # Keys that are unknown here go through.
            _print({**line.value, **as_json(prediction)})


def _train(arguments: argparse.Namespace, _: _Faults) -> None:
    from stance.corpus import Corpus, article_folders, load_corpus, read_annotations, read_claim
    from stance.training import earlier_additions, train

    data, registry = _data(arguments), _registry()
    articles = article_folders(data)
    if arguments.files:
        chosen = tuple(read_annotations(arguments.files, articles=articles))
        corpus, earlier = Corpus(read_claim(data / "claim.json"), chosen), []
    else:
        corpus = load_corpus(data)
        earlier = [] if arguments.forget else earlier_additions(registry)
    fresh = read_annotations(arguments.add, articles=articles)
    folders = [*articles, *dict.fromkeys(Path(path).parent for path in arguments.add)]
    trained = train(registry, corpus, earlier=earlier, fresh=fresh, articles=folders)
    print(trained.table(), file=sys.stderr)
    _print(trained.as_json())


def _evaluate(arguments: argparse.Namespace, _: _Faults) -> None:
    from stance.corpus import group_of, load_corpus, read_annotations
    from stance.evaluation import score_predictions, table
    from stance.labelling import label
    from stance.training import leave_one_article_out

    if arguments.leave_one_article_out:
        version, scores = None, leave_one_article_out(load_corpus(_data(arguments)))
    elif arguments.files:
        told = read_annotations(arguments.files)
        model = _ready_registry().load()
        version = model.version
        scores = score_predictions(
            [str(annotation.stance) for annotation in told],
            label(model, told),
            groups=[group_of(annotation) for annotation in told],
        )
    else:
        arguments.usage("name a file of labelled statements, or --leave-one-article-out")
    print(table(scores), file=sys.stderr)
    _print({"model": version, **scores.as_json()})


def _models_list(_: argparse.Namespace, faults: _Faults) -> None:
    from stance.records import StanceError

    registry = _registry()
    active = _active_or_none(registry)
    for version in registry.versions():
        try:
            manifest = registry.manifest(version)
        except StanceError as error:
            faults(error)
            continue
        scores = manifest.get("scores", {}).get("grouped_cross_validation", {})
        _print(
            {
                "version": version,
                "active": version == active,
                "trained": manifest.get("trained"),
                "statements": manifest.get("data", {}).get("statements"),
                "macro_f1": scores.get("macro_f1"),
            }
        )


def _models_show(arguments: argparse.Namespace, _: _Faults) -> None:
    registry = _registry()
    _print(registry.manifest(arguments.version or registry.active_version()))


def _models_activate(arguments: argparse.Namespace, _: _Faults) -> None:
    registry = _registry()
    registry.load(arguments.version)
    registry.activate(arguments.version)
    _print({"version": arguments.version, "active": True})


def _models_prune(arguments: argparse.Namespace, _: _Faults) -> None:
    for version in _registry().prune(arguments.keep):
        _print({"version": version, "deleted": True})


def _serve(arguments: argparse.Namespace, _: _Faults) -> None:
    from service import create_app
    from service.server import serve

    _ready_registry()
    serve(create_app(), host=arguments.host, port=arguments.port, workers=arguments.workers)


def _registry() -> "Registry":
    from stance.registry import Registry, default_folder

    return Registry(default_folder())


def _ready_registry() -> "Registry":
    """Return the registry, after training a first model where it has none."""
    from stance.training import ensure_trained

    registry = _registry()
    ensure_trained(registry)
    return registry


def _data(arguments: argparse.Namespace) -> Path:
    from stance.corpus import shipped_data

    return arguments.data or shipped_data()


def _active_or_none(registry: "Registry") -> str | None:
    from stance.registry import NoModelError

    try:
        return registry.active_version()
    except NoModelError:
        return None


def _articles(files: Iterable[str], faults: _Faults) -> "Iterator[Article]":
    """Yield the articles of all files; an id that comes again gets a number behind it."""
    import dataclasses

    from stance.articles import read_articles

    seen: dict[str, int] = {}
    for path in files:
        for article in read_articles(path, on_fault=faults):
            seen[article.id] = times = seen.get(article.id, 0) + 1
            again = f"{article.id}-{times}"
            yield article if times == 1 else dataclasses.replace(article, id=again)


def _statements(files: Iterable[str], faults: _Faults) -> "Iterator[tuple[Line, Statement]]":
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
        sub = _subcommand(commands, name, command, text)
        sub.add_argument("files", metavar="FILE", nargs="*", default=["-"], help=files)
        if command is _extract:
            explanation = "say for each statement which rule found it and what chose its source"
            sub.add_argument("--explain", action="store_true", help=explanation)
    _add_learning(commands)
    _add_models(commands)
    _add_serve(commands)
    return parser


def _subcommand(commands: Any, name: str, command: Command, text: str) -> argparse.ArgumentParser:
    sub: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    sub.set_defaults(command=command, usage=sub.error)
    return sub


def _add_learning(commands: Any) -> None:
    data = "folder of claim.json and annotations (default: the shipped training data)"
    train = _subcommand(commands, "train", _train, "fit, cross-validate, save, make active")
    train.add_argument("files", metavar="FILE", nargs="*", help="train on these files only")
    train.add_argument(
        "--add", metavar="FILE", nargs="+", default=[], help="fresh annotations to take in"
    )
    train.add_argument("--data", metavar="DIR", type=Path, help=data)
    train.add_argument(
        "--forget",
        action="store_true",
        help="leave out what was added at earlier trainings (it is kept otherwise)",
    )
    evaluate = _subcommand(
        commands, "evaluate", _evaluate, "score the active model on labelled statements"
    )
    evaluate.add_argument("files", metavar="FILE", nargs="*", help="annotations (JSON lines)")
    evaluate.add_argument(
        "--leave-one-article-out",
        action="store_true",
        help="instead: score each annotated article by a model trained without it",
    )
    evaluate.add_argument("--data", metavar="DIR", type=Path, help=data)


def _add_models(commands: Any) -> None:
    text = "list, show, activate or prune model versions"
    models = commands.add_parser("models", help=text, description=text)
    actions = models.add_subparsers(metavar="ACTION", required=True)
    _subcommand(actions, "list", _models_list, "list the versions, the oldest first")
    show = _subcommand(actions, "show", _models_show, "print a version's card")
    show.add_argument("version", nargs="?", help="default: the active one")
    activate = _subcommand(actions, "activate", _models_activate, "make a version the active one")
    activate.add_argument("version")
    prune = _subcommand(actions, "prune", _models_prune, "delete old versions, never the active")
    prune.add_argument(
        "--keep", metavar="N", type=_positive, default=5, help="versions to keep (default 5)"
    )


def _add_serve(commands: Any) -> None:
    serve = _subcommand(commands, "serve", _serve, "answer over HTTP")
    serve.add_argument("--host", default="127.0.0.1", help="address (default 127.0.0.1)")
    serve.add_argument("--port", type=_port, default=8000, help="port (default 8000)")
    serve.add_argument("--workers", type=_positive, default=2, help="worker processes (default 2)")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of 1 or more, not {text!r}")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"must be a port from 1 to 65535, not {text!r}")
    return int(text)
