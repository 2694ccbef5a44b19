"""`stance report`: who confirmed, who denied, who evaded, and when, over many articles."""

import argparse
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.commands.console import Faults, emit, ready_registry, subcommand
from stance.commands.progress import shown

if TYPE_CHECKING:
    from stance.gathering import Dated
    from stance.positions import Report

log = logging.getLogger(__name__)
_STEP = 50  # articles between two lines of progress


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    text = "make a page of who took which position when, over files and folders of articles"
    report = subcommand(commands, "report", _report, text)
    report.add_argument(
        "paths",
        metavar="FILE|DIR",
        nargs="+",
        help="articles: text, HTML, JSON lines with `text` (`id`, `title`, `published`);"
        " folders are read with all that is in them",
    )
    report.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True, help="the page (HTML)"
    )
    report.add_argument("--csv", metavar="FILE", type=Path, help="the statements as CSV too")
    report.add_argument(
        "--parquet", metavar="FILE", type=Path, help="as Parquet too (needs stance[parquet])"
    )
    report.add_argument(
        "--pictures", metavar="DIR", type=Path, help="PNG pictures too (needs stance[pictures])"
    )
    report.add_argument(
        "--aliases",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="lines `NAME = OTHER NAME; ...` of names that are one actor",
    )
    report.add_argument(
        "--apart",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="lines `NAME = OTHER NAME` of names that are not one actor",
    )


def _report(arguments: argparse.Namespace, faults: Faults) -> None:
    from stance.aliases import read_aliases
    from stance.attribution import extract
    from stance.extras import need
    from stance.gathering import files_of, gather
    from stance.labelling import label
    from stance.positions import build, collect
    from stance.report import write_report

    # What cannot be written is told before hours of reading, not after.
    for file in filter(None, (arguments.output, arguments.csv, arguments.parquet)):
        if not file.parent.is_dir():
            raise FileNotFoundError(f"{file}: there is no folder {file.parent}")
    if arguments.parquet:
        need("pyarrow", "parquet")
    if arguments.pictures:
        need("matplotlib", "pictures")
    table = read_aliases(arguments.aliases, arguments.apart)
    model = ready_registry().load()
    files = list(files_of(arguments.paths, on_fault=faults))
    with shown():
        articles = _counted(gather(files, on_fault=faults), len(files))
        collected = collect(articles, lambda one: label(model, extract(one, model.ranker)))
    report = build(collected, table)
    claim = model.manifest.get("claim", {}).get("text", "")
    write_report(report, arguments.output, claim=claim, model=model.version)
    emit(_written(arguments, report) | {"model": model.version})


def _counted(articles: "Iterator[Dated]", files: int) -> "Iterator[Dated]":
    """Pass articles on and tell how far the reading is."""
    seen: set[str] = set()
    for number, dated in enumerate(articles, 1):
        new = dated.file not in seen
        seen.add(dated.file)
        if files > 1 and new and (len(seen) % _STEP == 1 or len(seen) == files):
            log.info("reading file %d of %d", len(seen), files)
        elif number % _STEP == 0:
            log.info("%d articles read", number)
        yield dated


def _written(arguments: argparse.Namespace, report: "Report") -> dict[str, Any]:
    """Write the tables and pictures that were asked for; return what was made."""
    from stance.pictures import draw_report
    from stance.tables import write_csv, write_parquet

    if arguments.csv:
        write_csv(report, arguments.csv)
    if arguments.parquet:
        write_parquet(report, arguments.parquet)
    pictures = draw_report(report, arguments.pictures) if arguments.pictures else []
    return {
        "report": str(arguments.output),
        "csv": str(arguments.csv) if arguments.csv else None,
        "parquet": str(arguments.parquet) if arguments.parquet else None,
        "pictures": [str(picture) for picture in pictures],
        "articles": len(report.articles),
        "statements": sum(line.statements for line in report.articles),
        "unrelated": sum(line.unrelated for line in report.articles),
        "actors": len(report.actors),
        "changes": sum(line.changed for line in report.actors),
        "for_review": sum(quote.for_review for quote in report.quotes),
    }
