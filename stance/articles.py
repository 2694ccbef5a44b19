"""Articles from files: plain text, or JSON lines with `id` and `text`."""

from collections.abc import Callable, Iterator
from pathlib import Path

from stance import jsonl
from stance.jsonl import FileFault
from stance.records import Article, RecordError, parse

JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})


def read_articles(path: str, *, on_fault: Callable[[FileFault], None]) -> Iterator[Article]:
    """Yield the articles of a file (`-` is standard input); what is no article goes to `on_fault`.

    A plain text is one article whose id is the file's name without its suffix. Standard input and
    files of unknown suffix are JSON lines where they begin with `{`.
    """
    try:
        raw = jsonl.read_bytes(path)
        if _is_json(raw, Path(path).suffix.lower()):
            yield from _json_articles(raw, path, on_fault)
        else:
            yield _text_article(raw, path)
    except FileFault as fault:
        on_fault(fault)


def _is_json(raw: bytes, suffix: str) -> bool:
    return suffix in JSON_SUFFIXES or (suffix != ".txt" and raw.lstrip().startswith(b"{"))


def _json_articles(
    raw: bytes, path: str, on_fault: Callable[[FileFault], None]
) -> Iterator[Article]:
    for number, line in enumerate(jsonl.read_lines(raw, path, on_fault=on_fault), 1):
        try:
            yield parse(Article, {"id": f"{_stem(path)}-{number}", **line.value})
        except RecordError as error:
            on_fault(FileFault(f"{line.where}: {error}"))


def _text_article(raw: bytes, path: str) -> Article:
    text = jsonl.decode(raw, path)
    if "\0" in text:
        raise FileFault(f"{path}: holds NUL characters; it is no text")
    return Article(_stem(path), text)


def _stem(path: str) -> str:
    return "stdin" if path == "-" else Path(path).stem
