"""`stance train` and `stance evaluate`."""

import argparse
import contextlib
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.commands.console import Faults, emit, open_registry, ready_registry, subcommand
from stance.commands.progress import shown

if TYPE_CHECKING:
    from stance.additions import Additions
    from stance.corpus import Corpus
    from stance.registry import Registry

REFUSED = 3  # exit status where the gate said no
_MOST_WARNINGS = 20

log = logging.getLogger(__name__)


def add_to(commands: Any) -> None:
    """Add the commands to the parser's."""
    data = "folder of claim.json and annotations (default: the shipped training data)"
    text = (
        "fit, cross-validate, save; make active what is not worse than the active model"
        " (exit status 3 where it is)"
    )
    train = subcommand(commands, "train", _train, text)
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
    train.add_argument(
        "--prefer",
        choices=("new", "old"),
        help="which label to train on where a fresh annotation contradicts an earlier one"
        " (without it, that is an error)",
    )
    train.add_argument(
        "--encoder",
        metavar="MODEL",
        help="add sentence embeddings: a folder, or the name of a sentence-transformers model"
        " (needs the extra `encoder`)",
    )
    decided = train.add_mutually_exclusive_group()
    decided.add_argument(
        "--force", action="store_true", help="make the new version active whatever the gate says"
    )
    decided.add_argument(
        "--dry-run", action="store_true", help="show the scores and the gate; write nothing"
    )
    evaluate = subcommand(
        commands, "evaluate", _evaluate, "score the active model on labelled statements"
    )
    evaluate.add_argument("files", metavar="FILE", nargs="*", help="annotations (JSON lines)")
    evaluate.add_argument(
        "--leave-one-article-out",
        action="store_true",
        help="instead: score each annotated article by a model trained without it",
    )
    evaluate.add_argument("--data", metavar="DIR", type=Path, help=data)


def _train(arguments: argparse.Namespace, _: Faults) -> int:
    from stance.training import train

    registry = open_registry()
    # What was added earlier must not change between reading it and building on it.
    lock = contextlib.nullcontext() if arguments.dry_run else registry.training()
    with shown(), lock:
        corpus, additions = _gathered(arguments, registry)
        trained = train(
            registry,
            corpus,
            additions=additions,
            activation="never" if arguments.dry_run else "always" if arguments.force else "gate",
            encoder=arguments.encoder,
        )
    print(trained.table(), file=sys.stderr)
    emit(trained.as_json())
    return 0 if trained.active or (arguments.dry_run and trained.verdict.passed) else REFUSED


def _gathered(arguments: argparse.Namespace, registry: "Registry") -> "tuple[Corpus, Additions]":
    """Return the corpus that the options choose, and what is added to it."""
    from stance.additions import ConflictError, take_in
    from stance.corpus import article_folders, corpus_of, load_corpus, read_claim, read_located
    from stance.ledger import Ledger, accepted_annotations
    from stance.lineage import earlier_additions

    data = _data(arguments)
    articles = article_folders(data)
    if arguments.files:
        chosen = read_located(arguments.files, articles=articles)
        corpus = corpus_of(read_claim(data / "claim.json"), chosen)
    else:
        corpus = load_corpus(data)
    earlier = [] if arguments.files or arguments.forget else earlier_additions(registry)
    fresh = read_located(arguments.add, articles=articles)
    if not arguments.files:
        fresh = [*accepted_annotations(Ledger()), *fresh]
    try:
        additions = take_in(corpus, earlier, fresh, prefer=arguments.prefer)
    except ConflictError as error:
        for conflict in error.conflicts:
            log.warning("conflict: %s", conflict)
        raise
    _tell(additions)
    return corpus, additions


def _tell(additions: "Additions") -> None:
    for conflict in additions.conflicts:
        log.info("conflict, settled: %s", conflict)
    for warning in additions.warnings[:_MOST_WARNINGS]:
        log.warning("warning: %s", warning)
    if more := len(additions.warnings[_MOST_WARNINGS:]):
        log.warning("warning: and %d more", more)
    if additions.duplicates:
        log.info("%d fresh annotations were there before", additions.duplicates)


def _evaluate(arguments: argparse.Namespace, _: Faults) -> None:
    from stance.corpus import group_of, load_corpus, read_annotations
    from stance.evaluation import score_predictions, table
    from stance.labelling import label
    from stance.training import leave_one_article_out

    if arguments.leave_one_article_out:
        with shown():
            version, scores = None, leave_one_article_out(load_corpus(_data(arguments)))
    elif arguments.files:
        told = read_annotations(arguments.files)
        model = ready_registry().load()
        version = model.version
        scores = score_predictions(
            [str(annotation.stance) for annotation in told],
            label(model, told),
            groups=[group_of(annotation) for annotation in told],
        )
    else:
        arguments.usage("name a file of labelled statements, or --leave-one-article-out")
    print(table(scores), file=sys.stderr)
    emit({"model": version, **scores.as_json()})


def _data(arguments: argparse.Namespace) -> Path:
    from stance.corpus import shipped_data

    return arguments.data or shipped_data()
