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
    from stance.training import HeldOut

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
    evaluate.add_argument(
        "--report",
        metavar="FILE",
        type=Path,
        help="write a page too: confusion, reliability, learning curve, worst errors, agreement;"
        " without files, of the active model's predictions out of fold",
    )


def _train(arguments: argparse.Namespace, _: Faults) -> int:
    from stance.corpus import article_folders
    from stance.training import train

    registry = open_registry()
    beside = dict.fromkeys(Path(path).parent for path in arguments.add)
    # What was added earlier must not change between reading it and building on it.
    lock = contextlib.nullcontext() if arguments.dry_run else registry.training()
    with shown(), lock:
        corpus, additions = _gathered(arguments, registry)
        trained = train(
            registry,
            corpus,
            additions=additions,
            activation="never" if arguments.dry_run else "always" if arguments.force else "gate",
            articles=[*article_folders(_data(arguments)), *beside],
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
    from stance.evaluation import table

    if arguments.report and not arguments.report.parent.is_dir():
        raise FileNotFoundError(f"{arguments.report}: there is no folder for it")
    with shown():
        version, trial = _trial(arguments)
        scores = trial.scores()
        if arguments.report:
            _write_report(arguments, version, trial)
    print(table(scores), file=sys.stderr)
    emit({"model": version, **scores.as_json()})


def _trial(arguments: argparse.Namespace) -> "tuple[str | None, HeldOut]":
    """Return the predictions that the options ask for, and whose they are."""
    from stance.corpus import load_corpus, read_annotations
    from stance.training import leave_one_article_out
    from stance.trials import of_model, of_version

    if arguments.leave_one_article_out:
        return None, leave_one_article_out(load_corpus(_data(arguments)).annotations)
    if not arguments.files and not arguments.report:
        arguments.usage(
            "name a file of labelled statements, --leave-one-article-out, or --report FILE"
        )
    told = read_annotations(arguments.files)
    registry = ready_registry()
    model = registry.load()
    return model.version, of_model(model, told) if told else of_version(registry, model)


def _write_report(arguments: argparse.Namespace, version: str | None, trial: "HeldOut") -> None:
    """Write the training report: what was measured, and what to do about it."""
    from stance.corpus import load_corpus, read_annotations
    from stance.ledger import Ledger
    from stance.lineage import training_data
    from stance.training_report import write_training_report

    corpus = load_corpus(_data(arguments)).annotations
    trained_on = training_data(open_registry(), version) if version else None
    received = [one.annotation for one in Ledger().entries() if one.state != "rejected"]
    if arguments.leave_one_article_out:
        how = "Each annotated article was labelled by a model that was trained without it."
    elif arguments.files:
        how = f"Model {version}, on {', '.join(arguments.files)}."
    else:
        how = f"Model {version}: its training data, each scene labelled by folds without it."
    write_training_report(
        arguments.report,
        trial,
        how=how,
        train_on=trained_on or corpus,
        annotated=[*corpus, *read_annotations(arguments.files), *received],
    )
    log.info("written: %s", arguments.report)


def _data(arguments: argparse.Namespace) -> Path:
    from stance.corpus import shipped_data

    return arguments.data or shipped_data()
