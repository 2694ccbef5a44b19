"""Every page as axe-core sees it, on a screen and on a phone, and as pictures for people.

`STANCE_TEST_AXE` names axe-core's axe.min.js, `STANCE_TEST_SHOTS=DIR` keeps a picture of each page;
`.ci/run` sets both.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import AXE, PHONE, browser, no_browser, read, shoot, wait_for_kept, window
from conftest import ROOT
from serving import running

from stance.cli import main
from stance.corpus import Corpus
from stance.records import Stance
from stance.registry import Model
from stance.training_report import write_training_report
from stance.trials import of_model

__all__ = ["browser"]

SEEDS = sorted((ROOT / "seeds").glob("*.txt"))

pytestmark = [
    no_browser,
    pytest.mark.skipif(not Path(AXE).is_file(), reason="STANCE_TEST_AXE names no axe.min.js"),
]


@pytest.fixture(params=["wide", "phone"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of screen."""
    return str(request.param)


def options(kind: str) -> dict[str, Any]:
    """Return what a window on such a screen is opened with."""
    return {"viewport": PHONE, "is_mobile": True, "has_touch": True} if kind == "phone" else {}


@pytest.fixture
def page(browser: Any, models: Path, tmp_path: Path, kind: str) -> Iterator[Any]:
    """Give an empty page of a server that keeps statements."""
    with running(tmp_path, workers=1, STANCE_KEEP="1") as server:
        context = window(browser, server, **options(kind))
        yield context.new_page()
        context.close()


def check(page: Any, name: str) -> None:
    """Keep a picture; let axe-core look at the page, and fail with what it finds."""
    shoot(page, name)
    # Playwright puts it in beside the page's policy, as a browser's extension would.
    page.evaluate(Path(AXE).read_text("utf-8") + "; 0")
    found = page.evaluate("axe.run().then((r) => r.violations)")
    faults = [
        (fault["id"], [node["target"] for node in fault["nodes"]][:5])
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]
    assert faults == [], name
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_the_page(page: Any, kind: str) -> None:
    """The served pages have no serious fault, and nothing stands out at their side."""
    page.goto("/")
    check(page, f"{kind}-start")
    page.click("#example")
    page.wait_for_selector("#summary-title")
    check(page, f"{kind}-example")
    page.evaluate("sessionStorage.clear()")
    read(page, SEEDS[1].read_text("utf-8"))
    check(page, f"{kind}-result")
    page.click("#at-1")
    page.wait_for_selector("dialog[open]")
    check(page, f"{kind}-editor")
    wait_for_kept()
    for path in ("/review", "/about"):
        page.goto(path)
        check(page, f"{kind}-{path[1:]}")


def test_the_reports(
    browser: Any,
    models: Path,
    model: Model,
    shipped: Corpus,
    small_corpus: Corpus,
    tmp_path: Path,
    kind: str,
) -> None:
    """The report over the seeds and the training report have no serious fault either."""
    report, training = tmp_path / "report.html", tmp_path / "training.html"
    assert main(["report", str(ROOT / "seeds"), "-o", str(report)]) == 0
    unseen = [a for a in shipped.annotations if a not in set(small_corpus.annotations)][::60]
    trial = of_model(model, unseen)
    twice = [*unseen[:9], *(replace(a, annotator="ann", stance=Stance.DENY) for a in unseen[:9])]
    own = small_corpus.annotations[:40]
    write_training_report(training, trial, how="By hand.", train_on=own, annotated=twice)
    context = browser.new_context(**options(kind))
    page = context.new_page()
    for path in (report, training):
        page.goto(path.as_uri())
        check(page, f"{kind}-{path.stem}")
    context.close()
