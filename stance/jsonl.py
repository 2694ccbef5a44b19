"""JSON lines: one object a line, every fault named with its file and line."""

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from stance.records import StanceError


class FileFault(StanceError):
    """A file that cannot be read, or a line of it that is not what it should be."""


class Line(NamedTuple):
    """A line's object, and where it stands as `file:line`."""

    where: str
    value: dict[str, Any]


def read_bytes(path: str) -> bytes:
    """Return a file's bytes (`-` is standard input); raise FileFault where there are none."""
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except IsADirectoryError:
        raise FileFault(f"{path}: is a directory; name the files in it") from None
    except FileNotFoundError:
        raise FileFault(f"{path}: there is no such file") from None
    except OSError as error:
        raise FileFault(f"{path}: cannot be read: {error.strerror}") from None
    if not raw.strip():
        raise FileFault(f"{path}: is empty")
    return raw


def decode(raw: bytes, where: str) -> str:
    """Decode UTF-8; raise FileFault naming the first bad byte."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = f"byte 0x{raw[error.start]:02x} at offset {error.start}"
        raise FileFault(f"{where}: is not UTF-8 text ({bad}); convert it first") from None


def read_lines(
    raw: bytes,
    path: str,
    *,
    first: int = 1,
    on_fault: Callable[[FileFault], None] | None = None,
) -> Iterator[Line]:
    """Yield the objects of a file's JSON lines; a bad line goes to `on_fault`, or is raised.

    `first` is the number of the first line.
    """
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), first):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            yield Line(where, _parse_object(line, where))
        except FileFault as fault:
            if on_fault is None:
                raise
            on_fault(fault)


def stream_lines(
    path: str, *, longest: int, on_fault: Callable[[FileFault], None]
) -> Iterator[Line]:
    """Yield the objects of a file's JSON lines without ever holding more than one line.

    A bad line, one of more than `longest` bytes, or a file that cannot be read goes to `on_fault`.
    """
    try:
        # A descriptor of its own, so that closing it leaves standard input open.
        with Path("/dev/stdin" if path == "-" else path).open("rb") as file:
            for number in itertools.count(1):
                line = file.readline(longest + 1)
                if not line:
                    return
                where = f"{path}:{number}"
                if len(line) > longest:
                    on_fault(FileFault(f"{where}: is longer than {longest} bytes"))
                    while line and not line.endswith(b"\n"):
                        line = file.readline(longest)
                    continue
                yield from read_lines(line, path, first=number, on_fault=on_fault)
    except OSError as error:
        on_fault(FileFault(f"{path}: cannot be read: {error.strerror}"))


def dumps(value: dict[str, Any]) -> str:
    """Return an object as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)


def _parse_object(line: bytes, where: str) -> dict[str, Any]:
    try:
        value = json.loads(decode(line, where))
    except (ValueError, RecursionError) as error:
        raise FileFault(f"{where}: is no JSON: {_reason(error)}") from None
    if not isinstance(value, dict):
        raise FileFault(f"{where}: is no JSON object, but {type(value).__name__}")
    return value


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (column {error.colno})"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
