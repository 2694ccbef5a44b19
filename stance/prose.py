"""The prose of an HTML page: what a reader reads of it, without menus, forms and scripts.

Pages are hostile, and parsers that build a tree take quadratic time for elements that lie deep in
one another: this reads every character once.
"""

import functools
from collections.abc import Iterator, Mapping

from stance.markup import elements, html_marks

_PAGE = {"form": "block", "math": "hidden", "footer": "hidden", "aside": "hidden"}
_ROOTS = ("article", "main")


def page_text(page: str) -> str:
    """Return the prose of a page, a paragraph a line; of its `article` or `main` if it has one."""
    whole: list[str] = []
    within: dict[str, list[str]] = {name: [] for name in _ROOTS}
    depth = dict.fromkeys(_ROOTS, 0)
    for piece, name, closing in _pieces(page):
        if name in depth:
            depth[name] = max(0, depth[name] + (-1 if closing else 1))
        whole.append(piece)
        for root in _ROOTS:
            if depth[root]:
                within[root].append(piece)
    for parts in (*within.values(), whole):
        lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
        if text := "\n".join(line for line in lines if line):
            return text
    return ""


def _pieces(page: str) -> Iterator[tuple[str, str | None, bool]]:
    """Yield the text of a page in pieces; with a tag's, its element and whether it is closed."""
    place = 0
    for edit, name in html_marks(page, _kinds()):
        # A line of the source is no line of the page.
        yield page[place : edit.start].replace("\r", " ").replace("\n", " "), None, False
        yield edit.text, name, page.startswith("</", edit.start)
        place = edit.end
    yield page[place:].replace("\n", " "), None, False


@functools.cache
def _kinds() -> Mapping[str, str]:
    """Return the class of each element; around the prose of a page more is hidden than in text."""
    return elements() | _PAGE
