"""Progress on stderr: a bar where a person watches a terminal, log lines elsewhere."""

import contextlib
import logging
import re
import shutil
import sys
from collections.abc import Iterator
from typing import Any

# The library only logs; "fold 2 of up to 5" is said when the second begins.
_STEP = re.compile(r"(?P<what>.*?)\b(?P<begun>\d+) of (?:up to )?(?P<all>\d+)\)?$")


class ProgressBar(logging.Handler):
    """Shows log records that count steps as a bar, all others as lines above it."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None

    def emit(self, record: logging.LogRecord) -> None:
        """Move the bar, or write a line."""
        from tqdm import tqdm

        message = record.getMessage()
        step = _STEP.match(message)
        if step is None:
            tqdm.write(f"stance: {message}", file=sys.stderr)
            return
        total, done = int(step["all"]), int(step["begun"]) - 1
        if self._bar is None or self._bar.total != total or done < self._bar.n:
            self.close_bar()
            # A terminal that does not tell its size has 80 columns and 24 lines, not none.
            columns, lines = shutil.get_terminal_size()
            self._bar = tqdm(total=total, file=sys.stderr, leave=False, ncols=columns, nrows=lines)
        self._bar.set_description(step["what"].strip(" (") or None, refresh=False)
        self._bar.update(done - self._bar.n)
        self._bar.refresh()

    def close_bar(self) -> None:
        """Take the bar off the screen."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextlib.contextmanager
def shown() -> Iterator[None]:
    """Show the library's progress as a bar where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    root, bar = logging.getLogger(), ProgressBar()
    lines = root.handlers[:]
    root.handlers[:] = [bar]
    try:
        yield
    finally:
        root.handlers[:] = lines
        bar.close_bar()
