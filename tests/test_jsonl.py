"""JSON lines: every fault with its file and line."""

from pathlib import Path

import pytest

from stance.jsonl import FileFault, read_bytes, read_lines


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", r"f:2: is no JSON: .*column 2"),
        (b"[1]", r"f:2: is no JSON object, but list"),
        (b"12", r"f:2: is no JSON object, but int"),
        (b'{"text": "\xff"}', r"f:2: is not UTF-8 text \(byte 0xff at offset 10\)"),
        (b"[" * 100_000, r"f:2: is no JSON: nested too deeply"),
    ],
    ids=["broken", "array", "number", "bad UTF-8", "deep"],
)
def test_a_bad_line_is_named(line: bytes, message: str) -> None:
    """A line that is no JSON object is refused with its file and number."""
    with pytest.raises(FileFault, match=message):
        list(read_lines(b'{"a": 1}\n' + line, "f"))


def test_a_bad_line_costs_only_itself() -> None:
    """With a place for faults the other lines are read, blank ones passed over."""
    faults: list[FileFault] = []
    lines = list(read_lines(b'{"a": 1}\nx\n\n{"b": 2}\r\n', "f", on_fault=faults.append))
    assert lines == [("f:1", {"a": 1}), ("f:4", {"b": 2})]
    assert [str(fault)[:4] for fault in faults] == ["f:2:"]


def test_a_byte_order_mark_is_no_fault() -> None:
    """A file that begins with a byte-order mark is read."""
    assert list(read_lines(b'\xef\xbb\xbf{"a": 1}', "f")) == [("f:1", {"a": 1})]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, a folder and an empty file are told apart."""
    (tmp_path / "empty").write_text(" \n")
    for name, message in (("none", "no such file"), ("", "a directory"), ("empty", "is empty")):
        with pytest.raises(FileFault, match=message):
            read_bytes(str(tmp_path / name))
