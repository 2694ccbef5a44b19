"""The text of an HTML page, as an article: what a reader would read of it, in paragraphs.

The standard library's parser takes quadratic time for tags that never end, and pages are hostile:
this reads every character once.
"""

import html
import re
from collections import Counter

_SKIPPED = frozenset(
    "script style noscript template svg math iframe object title nav footer button select"
    " textarea aside".split()
)
_BLOCKS = frozenset(
    "address article blockquote br dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5"
    " h6 header hr li main ol p pre section summary table td th tr ul".split()
)
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[^\"'>]|\"[^\"]*\"|'[^']*')*+>")
_RAW = frozenset({"script", "style", "textarea", "iframe", "noscript"})
_SPACE = re.compile(r"[^\S\n]+")
_SPACES = re.compile(r"\s+")


def text_of(markup: str) -> str:
    """Return the text of a page, a paragraph a line; of its `article` where it has one."""
    reader = _Reader()
    first, *pieces = markup.split("<")
    reader.text(first)
    for piece in pieces:
        reader.read(piece)
    text = _SPACE.sub(" ", "".join(reader.within_article or reader.lines))
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


class _Reader:
    """Reads a page in the pieces between its `<` signs."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.within_article: list[str] = []
        self._until: str | None = None  # what ends a comment, or a script
        self._skipped: list[str] = []
        self._open: Counter[str] = Counter()
        self._articles = 0

    def read(self, piece: str) -> None:
        """Read what follows a `<` sign."""
        if self._until is None and piece.startswith("!--"):
            self._until, piece = "-->", piece[3:]
        if self._until == "-->":
            _, end, rest = piece.partition("-->")
            if end:
                self._until = None
                self.text(rest)
            return
        if self._until is not None and piece[: len(self._until)].lower() != self._until:
            return
        self._until = None
        found = _TAG.match(piece)
        if found:
            closing, name = found.groups()
            self._tag(name.lower(), closing=bool(closing))
            self.text(piece[found.end() :])
        elif piece[:1] in {"!", "?"}:
            self.text(piece.partition(">")[2])
        else:
            self.text(f"<{piece}")

    def text(self, piece: str) -> None:
        """Read text between tags."""
        if piece and not self._skipped:
            # A line of the source is no line of the page.
            self._add(_SPACES.sub(" ", html.unescape(piece)))

    def _tag(self, name: str, *, closing: bool) -> None:
        if name in _BLOCKS:
            self._add("\n")
        if name == "article":
            self._articles = max(0, self._articles + (-1 if closing else 1))
        elif closing and self._open[name]:
            # What was left open inside ends with it.
            while self._skipped[-1] != name:
                self._open[self._skipped.pop()] -= 1
            self._open[self._skipped.pop()] -= 1
        elif not closing and name in _SKIPPED:
            self._skipped.append(name)
            self._open[name] += 1
            if name in _RAW:
                self._until = f"/{name}"

    def _add(self, piece: str) -> None:
        self.lines.append(piece)
        if self._articles:
            self.within_article.append(piece)
