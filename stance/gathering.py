"""Articles with their dates from files and folders, one at a time: text, HTML, JSON lines."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from stance import jsonl
from stance.articles import JSON_SUFFIXES, read_articles
from stance.jsonl import FileFault
from stance.prose import page_text
from stance.published import Published, dateline, meta_day, published_of
from stance.records import Article, RecordError, parse

HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
SUFFIXES = JSON_SUFFIXES | HTML_SUFFIXES | {".txt"}
_LONGEST = 16_000_000  # bytes of a page, a text or a line

OnFault = Callable[[FileFault], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Dated:
    """An article, when it appeared, its title where it has one, and the file it came from."""

    article: Article
    published: Published
    title: str | None
    file: str


def gather(paths: Iterable[str], *, on_fault: OnFault) -> Iterator[Dated]:
    """Yield the articles of files and folders; an id that comes again gets a number behind it.

    One article is in memory at a time. What is no article goes to `on_fault`.
    """
    seen: dict[str, int] = {}
    for path in files_of(paths, on_fault=on_fault):
        for dated in _read(path, on_fault):
            name = dated.article.id
            seen[name] = times = seen.get(name, 0) + 1
            if times > 1:
                again = dataclasses.replace(dated.article, id=f"{name}-{times}")
                dated = dataclasses.replace(dated, article=again)
            yield dated


def files_of(paths: Iterable[str], *, on_fault: OnFault) -> Iterator[str]:
    """Yield files as they are named, and those of folders in order of their names, recursively.

    Links and hidden files in folders are passed over; a folder without articles is a fault.
    """
    for path in paths:
        if path == "-" or not Path(path).is_dir():
            yield path
            continue
        count = 0
        for file in _walk(Path(path)):
            count += 1
            yield str(file)
        if not count:
            on_fault(FileFault(f"{path}: holds no articles ({', '.join(sorted(SUFFIXES))})"))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.suffix.lower() in SUFFIXES and entry.is_file():
            yield entry


def _read(path: str, on_fault: OnFault) -> Iterator[Dated]:
    """Yield the articles of a file; standard input, and what begins with `{`, is JSON lines."""
    suffix = Path(path).suffix.lower()
    if path == "-" or suffix in JSON_SUFFIXES or (suffix != ".txt" and _begins_object(path)):
        yield from _json_articles(path, on_fault)
    elif suffix in HTML_SUFFIXES:
        yield from _html_article(path, on_fault)
    else:
        for article in read_articles(path, on_fault=on_fault):
            yield Dated(article, dateline(article.text), None, path)


def _begins_object(path: str) -> bool:
    """Tell whether a file begins as JSON lines do; one that cannot be read does not."""
    try:
        with Path(path).open("rb") as file:
            return file.read(1000).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    except OSError:
        return False


def _json_articles(path: str, on_fault: OnFault) -> Iterator[Dated]:
    lines = jsonl.stream_lines(path, longest=_LONGEST, on_fault=on_fault)
    for number, line in enumerate(lines, 1):
        try:
            article = parse(
                Article,
                {"id": f"{'stdin' if path == '-' else Path(path).stem}-{number}", **line.value},
            )
        except RecordError as error:
            on_fault(FileFault(f"{line.where}: {error}"))
            continue
        title = line.value.get("title")
        published = published_of(line.value.get("published"), article.text)
        yield Dated(article, published, title if isinstance(title, str) else None, path)


def _html_article(path: str, on_fault: OnFault) -> Iterator[Dated]:
    try:
        raw = jsonl.read_bytes(path)
        if len(raw) > _LONGEST:
            raise FileFault(f"{path}: is longer than {_LONGEST} bytes")
        markup = jsonl.decode(raw, path)
        text = page_text(markup).replace("\0", "")
        if not text.strip():
            raise FileFault(f"{path}: holds no text")
    except FileFault as fault:
        on_fault(fault)
        return
    page = LexborHTMLParser(markup)
    published = meta_day(page)
    title = page.css_first("title")
    yield Dated(
        Article(Path(path).stem, text),
        published if published.day else dateline(text),
        " ".join(title.text().split()) if title else None,
        path,
    )
