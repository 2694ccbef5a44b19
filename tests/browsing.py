"""Debian's Chromium under test, driven by Playwright: windows on a server, pasting, pictures."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import PATIENCE, Running, eventually, running
from sqlalchemy import delete

from stance.database import annotations as stored
from stance.ledger import Ledger

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = os.environ.get("STANCE_TEST_AXE", "")
PHONE = {"width": 390, "height": 844}

no_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no browser: install Debian's package chromium"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give the browser of the system."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        # Its sandbox does not start for root, nor in most containers.
        one = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"], timeout=1000 * PATIENCE
        )
        yield one
        one.close()


@pytest.fixture(scope="module")
def shared_server(
    trained_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, str]]:
    """Give a server for the tests that leave nothing but annotations behind, and its database."""
    folder = tmp_path_factory.mktemp("shared")
    url = f"sqlite:///{folder / 'annotations.sqlite3'}"
    settings = {"STANCE_MODELS": str(trained_folder), "STANCE_DATABASE": url}
    with running(folder, workers=1, **settings) as one:
        yield one, url


@pytest.fixture
def own_server(models: Path, tmp_path: Path) -> Iterator[Running]:
    """Give a server of the test's own, which keeps statements."""
    with running(tmp_path, workers=1, STANCE_KEEP="1") as one:
        yield one


@pytest.fixture
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Running:
    """Return the test's own server, or the shared one without the annotations of before."""
    if "own_server" in request.fixturenames:
        own: Running = request.getfixturevalue("own_server")
        return own
    shared: tuple[Running, str] = request.getfixturevalue("shared_server")
    monkeypatch.setenv("STANCE_DATABASE", shared[1])
    with Ledger().database.writing() as connection:
        connection.execute(delete(stored))
    return shared[0]


@pytest.fixture
def page(browser: Any, server: Running) -> Iterator[Any]:
    """Give an empty page; what its scripts raise, or its policy blocks, fails the test."""
    context = window(browser, server)
    faults: list[str] = []
    one = context.new_page()
    one.on("pageerror", lambda error: faults.append(str(error)))
    one.on("console", lambda m: faults.append(m.text) if "Content Security" in m.text else None)
    one.on("dialog", lambda dialog: (faults.append("a dialog came up"), dialog.dismiss()))
    yield one
    context.close()
    assert faults == []


def window(browser: Any, server: Running, **options: Any) -> Any:
    """Return a window on a server that waits with patience."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", **options)
    context.set_default_timeout(1000 * PATIENCE)
    return context


def read(page: Any, text: str) -> None:
    """Paste a text and have it read."""
    page.goto("/")
    if len(text) < 100_000:
        page.fill("#text", text)
    else:
        # Playwright types; a megabyte takes it minutes.
        page.locator("#text").evaluate("(area, text) => { area.value = text; }", text)
        page.dispatch_event("#text", "input")
    page.click("#read")
    page.wait_for_selector("#summary-title")


def wait_for_kept() -> None:
    """Wait until the service has kept what it was asked about, which it does every second."""
    eventually(lambda: Ledger().count_kept())


def shoot(page: Any, name: str) -> None:
    """Keep a picture where that is wanted."""
    folder = os.environ.get("STANCE_TEST_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
