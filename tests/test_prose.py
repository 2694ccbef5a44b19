"""The prose of an HTML page."""

import time
from collections.abc import Callable

import pytest

from stance.prose import page_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One\ntwo <b>three</b>&nbsp;&lt;4&gt;<p>Five", "One two three <4>\nFive"),
        ("<title>T</title><p>a<script>if (a<b) {'</p>'}</script>b", "a b"),
        ("<nav>Menu</nav><article><p>Body</article><p>More", "Body"),
        ("<main>Body</main>More", "Body"),
        ("<main>Menu<article>Body</article></main>", "Body"),
        ("<article></article><p>Body", "Body"),
        ("<aside><nav>x</nav>y</aside>z<footer>Imprint</footer>", "z"),
        ("a<!-- <p>no --> b <?x y?> 5 < 6", "a b 5 < 6"),
        ('<a title="x > y">link</a><br>next', "link\nnext"),
        ("<form><h1>Head</h1><button>Share</button><p>Body</form>", "Head\nBody"),
        ("one line\r\nof source", "one line of source"),
        ("<p>A</p><nav>B", "A\nB"),
        ("<div", "<div"),
        ("", ""),
    ],
)
def test_prose(markup: str, text: str) -> None:
    """What a reader reads of a page is its text; scripts, menus and comments are not."""
    assert page_text(markup) == text


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize(
    "build",
    [lambda n: "<div>" * n, lambda n: "<aside>" * n, lambda n: "<article>" * n + "</article>" * n],
    ids=["deep", "never closed", "articles"],
)
def test_time_grows_with_length_only(build: Callable[[int], str]) -> None:
    """Four times the elements take nowhere near sixteen times as long."""

    def seconds(n: int) -> float:
        page = build(n)
        start = time.process_time()
        page_text(page)
        return time.process_time() - start

    assert any(
        min(seconds(40_000) for _ in range(2)) < 8 * min(seconds(10_000) for _ in range(3)) + 0.01
        for _ in range(3)
    )
