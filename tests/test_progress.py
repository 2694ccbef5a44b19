"""Progress of a training: a bar for people, lines for files."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from stance.corpus import Corpus
from stance.jsonl import dumps
from stance.records import as_json

CLI = [sys.executable, "-c", "import sys; from stance.cli import main; sys.exit(main())"]


@pytest.fixture
def command(tmp_path: Path, small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a command that trains on a few statements."""
    monkeypatch.setenv("STANCE_MODELS", str(tmp_path / "models"))
    path = tmp_path / "some.jsonl"
    rows = (dumps(as_json(a)) + "\n" for a in small_corpus.annotations[100:300])
    path.write_text("".join(rows), "utf-8")
    return [*CLI, "train", str(path), "--dry-run"]


def test_a_file_gets_lines(command: list[str]) -> None:
    """Where stderr is no terminal each fold is a line of the log, without a bar."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "stance: fold 2 of up to 5\n" in done.stderr
    assert "%|" not in done.stderr
    assert "\r" not in done.stderr


def test_a_terminal_gets_a_bar(command: list[str]) -> None:
    """Where a person watches, the folds move a bar, which is gone in the end."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
        assert process.wait() == 0
    os.close(ours)
    text = seen.decode()
    assert "fold:  40%|" in text
    assert "| 2/5 [" in text
    assert "stance: training on 200 statements (0 fresh)\r\n" in text
    assert "stance: fold" not in text
    assert text.rindex("cross-validated") > text.rindex("%|")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side was closed
        return b""
