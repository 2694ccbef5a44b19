"""Files that survive: written aside and synced, read without following links, locked."""

import contextlib
import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from filelock import BaseFileLock, Timeout

log = logging.getLogger(__name__)


def read_plain(path: Path, most: int) -> bytes:
    """Return a file's bytes; raise OSError for a link, a pipe, or more than `most` bytes."""
    # O_NONBLOCK keeps a pipe that was put in place of the file from blocking us for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            raise OSError(f"{path} is no plain file of at most {most} bytes")
        return file.read(most)


def write_synced(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)


def sync_folder(path: Path) -> None:
    """Wait until the disk knows the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def held(lock: BaseFileLock, *, waiting: str = "") -> Iterator[None]:
    """Hold a lock between processes; log `waiting` where somebody else holds it.

    The system frees the lock of a process that is killed.
    """
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if waiting:
            log.info(waiting)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside `path` that takes its place at the end; on an error nothing changes.

    What is no plain file (`/dev/stdout`) is written directly.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        beside = Path(file.name)
        try:
            yield file
        except BaseException:
            beside.unlink()
            raise
    beside.chmod(0o644)
    beside.replace(path)
