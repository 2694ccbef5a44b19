"""Measure how the memory and time of a report grow with its articles.

python tests/benchmarks/report.py [ARTICLES ...]   (default: 250 1000; each in its own process)
"""

import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from stance.aliases import read_aliases
from stance.attribution import extract
from stance.gathering import Dated
from stance.labelling import label
from stance.positions import build, collect
from stance.published import Published
from stance.records import Article
from stance.registry import Registry, default_folder
from stance.report import write_report

_FIRST = "Ivan Olga Andrei Anna Robert Maria Viktor Helena Marko Daniel".split()
_LAST = "Maslov Berg Stone Weber Orlov Lind Novak Hale Brandt Keller".split()
_SAID = (
    "“North Korean soldiers are fighting in Kursk beside brigade {n},” U.S. spokesman {who} said.",
    "“There are no North Korean troops in Russia, not in week {n},” Russian minister {who} said.",
    "Asked about North Korean troops on line {n}, Russian envoy {who} declined to comment.",
    "“The weather in sector {n} is good,” Russian mayor {who} said.",
)


def articles(number: int) -> Iterator[Dated]:
    """Yield invented articles of twenty statements, made as they are taken."""
    chance = random.Random(0)
    for n in range(number):
        lines = [
            chance.choice(_SAID).format(
                n=chance.randrange(500), who=f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
            )
            for _ in range(20)
        ]
        day = f"2024-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        yield Dated(Article(f"a{n}", "\n".join(lines)), Published(day, "published"), None, "made")


def measure(number: int) -> None:
    """Print the figures of one report as a line of JSON."""
    model = Registry(default_folder()).load()
    started = time.perf_counter()
    collected = collect(articles(number), lambda one: label(model, extract(one, model.ranker)))
    report = build(collected, read_aliases())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        write_report(report, page, claim="", model=model.version)
        figures = {
            "articles": number,
            "rows": len(collected.rows),
            "seconds": round(time.perf_counter() - started, 1),
            "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "page_megabytes": round(page.stat().st_size / 1e6, 1),
        }
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    for size in [int(argument) for argument in sys.argv[1:]] or [250, 1000]:
        process = multiprocessing.get_context("spawn").Process(target=measure, args=(size,))
        process.start()
        process.join()
