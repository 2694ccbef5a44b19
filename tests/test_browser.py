"""The page in a real browser: pasting, correcting, reloading, labelling, hostile text."""

import re
from pathlib import Path
from typing import Any

import pytest
from browsing import (
    PHONE,
    browser,
    no_browser,
    own_server,
    page,
    read,
    server,
    shared_server,
    shoot,
    wait_for_kept,
    window,
)
from serving import Running, running

from stance.ledger import Ledger

ARTICLE = (
    "“There are no troops in Kursk,” Russian spokesman Ivan Petrov said.\n"
    "Mayor Olga Lind said that soldiers from the North were seen at the station.\n"
    "“Ask the ministry,” Petrov said when asked about the trains."
)
pytestmark = no_browser
__all__ = ["browser", "own_server", "page", "server", "shared_server"]


def annotations() -> list[tuple[str, str, str | None]]:
    """Return text, label and speaker of what was stored and not taken back."""
    return [
        (a.text, str(a.stance), a.source.speaker if a.source else None)
        for a in (entry.annotation for entry in Ledger().entries("received"))
    ]


def test_paste_and_highlight(page: Any) -> None:
    """A pasted article comes back with its statements marked, named and underlined."""
    read(page, ARTICLE)
    assert page.locator("mark.first").count() == 3
    assert page.locator(".note").first.inner_text().split("\n")[0].startswith("✕")
    assert "Ivan Petrov" in page.locator("#at-1").inner_text()
    assert page.locator("mark u").count() >= 1
    said = page.locator(".article mark[data-of='1']").all_inner_texts()
    assert "".join(said) == "There are no troops in Kursk,"
    assert page.locator(".cast tbody tr").count() == 2
    shoot(page, "read")


def test_correct_and_reload(page: Any, server: Running) -> None:
    """A label and a source are changed by keyboard alone, stored, and there after a reload."""
    read(page, ARTICLE)
    page.focus("#at-2")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    shoot(page, "editor")
    page.keyboard.press("e")
    page.fill("dialog [name=speaker]", "Olga Lindqvist")
    page.keyboard.press("Enter")
    page.wait_for_selector("#at-2:has-text('corrected')")
    assert page.evaluate("document.activeElement.id") == "at-2"
    said = "soldiers from the North were seen at the station"
    assert annotations() == [(said, "evade", "Olga Lindqvist")]
    [entry] = Ledger().entries()
    assert entry.corrects is not None
    assert entry.corrects.model == server.ask("GET", "/model")[1]["version"]
    page.reload()
    page.wait_for_selector("#at-2:has-text('corrected')")
    assert "Olga Lindqvist" in page.locator("#at-2").inner_text()
    assert page.locator("#text").input_value() == ARTICLE
    page.click("#at-2")
    page.click("#editor-withdraw")
    page.wait_for_selector("#at-2:not(:has-text('corrected'))")
    assert annotations() == []


def test_changed_twice_is_stored_once(page: Any) -> None:
    """The second correction of a statement takes the place of the first."""
    read(page, ARTICLE)
    for key, label in (("u", "unrelated"), ("c", "confirm")):
        page.locator("mark").first.click()
        page.keyboard.press(key)
        page.click("dialog .primary")
        page.wait_for_selector(f"#at-1:has-text('{label}, corrected')")
    assert [stance for _, stance, _ in annotations()] == ["confirm"]


def test_nothing_typed_is_lost(page: Any) -> None:
    """What was typed, and what was typed into the editor, is there after a reload."""
    page.goto("/")
    page.fill("#text", "Half a sentence")
    page.check("[name=kind][value=quote]")
    page.fill("[name=question]", "Who went?")
    page.reload()
    assert page.locator("#text").input_value() == "Half a sentence"
    assert page.locator("[name=question]").input_value() == "Who went?"
    page.click("#clear")
    page.wait_for_url("**/")
    assert page.locator("#text").input_value() == ""
    read(page, ARTICLE)
    page.click("#at-1")
    page.fill("dialog [name=note]", "He said it twice")
    page.reload()
    page.wait_for_selector("dialog[open]")
    assert page.locator("dialog [name=note]").input_value() == "He said it twice"


@pytest.mark.usefixtures("own_server")
def test_a_server_that_is_gone(page: Any, server: Running) -> None:
    """Where the service cannot be reached the text and the correction stay."""
    read(page, ARTICLE)
    page.click("#at-1")
    page.keyboard.press("u")
    server.stop()
    page.click("dialog .primary")
    page.wait_for_selector("#editor-fault:has-text('cannot be reached')")
    page.click("#editor-cancel")
    page.click("#input summary")
    page.click("#read")
    page.wait_for_selector("#fault:has-text('still here')")
    assert page.locator("#text").input_value() == ARTICLE


def test_the_example(page: Any) -> None:
    """The example takes the place of what was typed, and is there after a reload."""
    page.goto("/")
    page.fill("#text", "Half a sentence")
    page.click("#example")
    page.wait_for_selector("mark")
    assert page.locator("#text").input_value().startswith("Three capitals, three answers")
    assert not page.locator(".lead").is_visible()
    page.reload()
    page.wait_for_selector("mark")
    page.click("#at-1")
    page.keyboard.press("u")
    page.click("dialog .primary")
    page.wait_for_selector("#at-1:has-text('corrected')")


def test_drop_a_file(page: Any, tmp_path: Path) -> None:
    """A dropped HTML file is read at once, its text in the form as if pasted."""
    page.goto("/")
    paragraphs = "".join(f"<p>{line}</p>" for line in ARTICLE.split("\n"))
    markup = f"<script>alert(1)</script><article>{paragraphs}</article>"
    transfer = page.evaluate_handle(
        """(markup) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([markup], "saved.html", { type: "text/html" }));
            return transfer;
        }""",
        markup,
    )
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})
    page.wait_for_selector("mark")
    assert page.locator("#text").input_value() == ARTICLE
    page.reload()
    page.wait_for_selector("mark")


def test_without_scripts(browser: Any, server: Running) -> None:
    """Pasting and reading work without JavaScript."""
    context = window(browser, server, java_script_enabled=False)
    page = context.new_page()
    read(page, ARTICLE)
    assert page.locator("mark.first").count() == 3
    page.click("#at-1")
    assert page.url.endswith("#entry-1")
    context.close()


@pytest.mark.usefixtures("own_server")
def test_review_by_keys(page: Any) -> None:
    """The queue is worked through by keys: label, skip, undo, progress, to the end."""
    read(page, ARTICLE)
    wait_for_kept()
    page.goto("/review")
    first = page.locator(".card:visible blockquote").inner_text()
    shoot(page, "review")
    page.keyboard.press("s")
    assert page.locator(".card:visible blockquote").inner_text() != first
    page.keyboard.press("d")
    page.wait_for_selector("#told:has-text('1 labelled, 2 waiting')")
    page.keyboard.press("z")
    page.wait_for_selector("#told:has-text('0 labelled, 3 waiting')")
    assert annotations() == []
    for number, key in enumerate("euc", 1):
        page.keyboard.press(key)
        page.wait_for_selector(f"#told:has-text('{number} labelled, {3 - number} waiting')")
    page.wait_for_selector("#end-title:visible")
    assert [stance for _, stance, _ in annotations()] == ["evade", "unrelated", "confirm"]
    page.reload()
    page.wait_for_selector("text=Nothing waits")


@pytest.mark.usefixtures("own_server")
def test_undo_after_a_reload(page: Any) -> None:
    """What was labelled before a reload can still be taken back."""
    read(page, ARTICLE)
    wait_for_kept()
    page.goto("/review")
    page.keyboard.press("d")
    page.wait_for_selector("#told:has-text('1 labelled, 2 waiting')")
    page.reload()
    page.wait_for_selector("#told:has-text('1 labelled, 2 waiting')")
    page.keyboard.press("z")
    page.wait_for_selector("#told:has-text('0 labelled, 3 waiting')")
    assert annotations() == []


def test_the_key_is_asked_for(browser: Any, models: Path, tmp_path: Path) -> None:
    """Where annotations need a key the editor asks for it, and keeps it in the tab only."""
    with running(tmp_path, workers=1, STANCE_API_KEY="open-sesame") as server:
        context = window(browser, server)
        page = context.new_page()
        read(page, ARTICLE)
        page.click("#at-1")
        page.keyboard.press("u")
        page.click("dialog .primary")
        page.wait_for_selector("#editor-key:visible")
        assert annotations() == []
        page.fill("dialog [name=key]", "open-sesame")
        page.click("dialog .primary")
        page.wait_for_selector("#at-1:has-text('corrected')")
        assert page.evaluate("JSON.stringify(localStorage) + document.cookie") == "{}"
        context.close()


def test_the_password_is_the_key(browser: Any, models: Path, tmp_path: Path) -> None:
    """With STANCE_PROTECT=all a browser gets in by the key as its password, scripts too."""
    settings = {"STANCE_API_KEY": "open-sesame", "STANCE_PROTECT": "all"}
    with running(tmp_path, workers=1, key="open-sesame", **settings) as server:
        credentials = {"username": "any", "password": "open-sesame"}
        context = window(browser, server, http_credentials=credentials)
        page = context.new_page()
        read(page, ARTICLE)
        page.click("#at-1")
        page.keyboard.press("u")
        page.click("dialog .primary")
        page.wait_for_selector("#at-1:has-text('corrected')")
        context.close()


HOSTILE = (
    "“<script>alert(1)</script> there are no troops,” Ivan <img src=x onerror=alert(2)> Petrov"
    " said.\n“See <a href='javascript:alert(3)'>this</a> of the troops,” he said.\n"
    "</textarea></script><svg onload=alert(4)>\n“Ask \u202eredrum\u2066 them,” he said."
)


@pytest.mark.usefixtures("own_server")
def test_hostile_text(page: Any) -> None:
    """Markup and overrides of an article are text, in the article, the editor and the queue."""
    read(page, HOSTILE)
    text = page.locator(".article .text").inner_text()
    for piece in ("<script>alert(1)</script>", "<svg onload=alert(4)>", "U+202E", "U+2066"):
        assert piece in text
    assert (
        page.locator("main img, main a[href^='javascript'], .text svg, .text script").count() == 0
    )
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
    assert "<a href='javascript:alert(3)'>" in text
    page.locator("mark", has_text="See").first.click()
    page.wait_for_selector("dialog[open]")
    assert page.locator("#editor-text").inner_text() == "See this of the troops,"
    assert page.locator("#editor-text :is(script, img, a, svg)").count() == 0
    page.click("#editor-cancel")
    wait_for_kept()
    page.goto("/review")
    assert page.locator("main img, .card script").count() == 0


def test_a_megabyte(page: Any) -> None:
    """A megabyte with 1,500 statements is shown, and one of them can be corrected."""
    one = "“There are no troops number {} at the station,” Ivan Petrov said on a day of {}.\n"
    read(page, "".join(one.format(n, "rain " * 110) for n in range(1500)))
    assert page.locator(".note").count() == 1500
    page.locator("#at-1499").scroll_into_view_if_needed()
    page.click("#at-1499")
    page.keyboard.press("u")
    page.click("dialog .primary")
    page.wait_for_selector("#at-1499:has-text('corrected')")


def test_on_a_phone(browser: Any, server: Running) -> None:
    """On a narrow screen nothing stands out at the side, and the way to a correction is open."""
    context = window(browser, server, viewport=PHONE, is_mobile=True, has_touch=True)
    page = context.new_page()
    read(page, ARTICLE)
    shoot(page, "phone")
    for path in ("/review", "/about"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.goto("/")
    page.wait_for_selector("mark")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.tap("#at-1")
    page.wait_for_selector("dialog[open]")
    context.close()
