"""The text of an HTML page, as an article: what a reader would read of it, in paragraphs."""

import re
from collections import Counter
from html.parser import HTMLParser

_SKIPPED = frozenset(
    "script style noscript template svg math iframe object head nav footer form button select"
    " textarea aside".split()
)
_BLOCKS = frozenset(
    "address article blockquote br dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5"
    " h6 header hr li main ol p pre section summary table td th tr ul".split()
)
_SPACE = re.compile(r"[^\S\n]+")


def text_of(markup: str) -> str:
    """Return the text of a page, a paragraph a line; of its `article` where it has one."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = reader.within_article or reader.lines
    text = _SPACE.sub(" ", "".join(lines).replace("\r", ""))
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.within_article: list[str] = []
        self._skipped: list[str] = []
        self._open: Counter[str] = Counter()
        self._articles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipped.append(tag)
            self._open[tag] += 1
        elif tag == "article":
            self._articles += 1
        if tag in _BLOCKS:
            self._add("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._open[tag]:
            # What was left open inside ends with it.
            while self._skipped[-1] != tag:
                self._open[self._skipped.pop()] -= 1
            self._open[self._skipped.pop()] -= 1
        elif tag == "article":
            self._articles = max(0, self._articles - 1)
        if tag in _BLOCKS:
            self._add("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            # A line of the source is no line of the page.
            self._add(data.replace("\n", " "))

    def _add(self, piece: str) -> None:
        self.lines.append(piece)
        if self._articles:
            self.within_article.append(piece)
