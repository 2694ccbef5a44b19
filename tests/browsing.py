"""Debian's Chromium under test, driven by Playwright: windows on a server, pasting, pictures."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import PATIENCE, Running, eventually

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
