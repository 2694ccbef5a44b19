"""The database behind the ledger: SQLite by default, PostgreSQL by URL, one code path.

A commit is on the disk when it returns: SQLite writes ahead and syncs fully, PostgreSQL is asked
for the same whatever the server's own setting is.
"""

import contextlib
import os
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import platformdirs
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from stance.records import StanceError

SCHEMA = 1
_WAIT = 10  # seconds for a lock, or for a free connection
_CONNECT = 5  # seconds
_CREATION_LOCK = 7_461_303  # any number, the same in every process
_POSTGRES = "-c synchronous_commit=on -c lock_timeout=10s -c statement_timeout=30s"

_tables = MetaData()
_schema = Table("stance_schema", _tables, Column("version", Integer, primary_key=True))

annotations = Table(
    "stance_annotations",
    _tables,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", String(200), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("annotation", Text, nullable=False),
    Column("corrects", Text),
    Column("received", String(32), nullable=False),
    Column("decided", String(32)),
)

kept = Table(
    "stance_kept",
    _tables,
    Column("digest", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("needs_review", Boolean, nullable=False),
    Column("probability", Float, nullable=False),
    Column("first", String(32), nullable=False),
    Column("last", String(32), nullable=False, index=True),
    Column("prediction", Text, nullable=False),
)


class DatabaseError(StanceError):
    """A database that cannot be used, now or at all."""


def default_url() -> str:
    """Return `STANCE_DATABASE`, or an SQLite file in the user's data folder."""
    named = os.environ.get("STANCE_DATABASE")
    return named or f"sqlite:///{platformdirs.user_data_path('stance') / 'annotations.sqlite3'}"


class Database:
    """One database; it is opened at its first use, so that a server may fork before."""

    def __init__(self, url: str) -> None:
        self.url = _checked(url)
        self._engine: Engine | None = None
        self._prepared = False
        self._lock = threading.Lock()

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self.url.get_backend_name()

    def is_missing(self) -> bool:
        """Tell whether nothing was ever written, and there is no file."""
        return self.dialect == "sqlite" and not Path(self.url.database or "").exists()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database; raise DatabaseError."""
        with _errors_told(), self._opened().connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction; it is durable when the block ends well, else undone."""
        with _errors_told(), self._opened().connect() as connection:
            writer = connection.execution_options(stance_writes=True)
            with writer.begin():
                yield writer

    def close(self) -> None:
        """Close every connection; the next use opens the database again."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._prepared = False

    def _opened(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = _engine(self.url)
                # Whoever lets go of the database has its connections closed.
                weakref.finalize(self, self._engine.dispose)
            if not self._prepared:
                _prepare(self._engine)
                self._prepared = True
            return self._engine


def _checked(text_: str) -> URL:
    try:
        url = make_url(text_)
    except ArgumentError:
        # The text is not repeated, for it may hold a password.
        raise DatabaseError(f"STANCE_DATABASE is no database URL; {_FORMS}") from None
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise DatabaseError(f"STANCE_DATABASE: {url.drivername!r} is not supported; {_FORMS}")
    if url.drivername == "sqlite" and url.database in {None, "", ":memory:"}:
        raise DatabaseError("STANCE_DATABASE must name a file: sqlite:////folder/file.sqlite3")
    return url


_FORMS = "use sqlite:////folder/file.sqlite3 or postgresql://user@host/name"


def _engine(url: URL) -> Engine:
    # Parameters are hidden, for errors go to logs and hold what people sent.
    options: dict[str, Any] = {"hide_parameters": True, "pool_timeout": _WAIT}
    if url.get_backend_name() == "sqlite":
        _make_file(Path(url.database or ""))
        engine = create_engine(url, connect_args={"timeout": _WAIT}, **options)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    arguments = {"connect_timeout": _CONNECT, "options": _POSTGRES}
    try:
        return create_engine(url, connect_args=arguments, pool_pre_ping=True, **options)
    except ModuleNotFoundError:
        raise DatabaseError(
            "PostgreSQL needs its driver; install it with: pip install 'stance[postgres]'"
        ) from None


def _make_file(path: Path) -> None:
    """Make the file readable by its owner only, its name safe on the disk."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise DatabaseError(f"{path}: cannot be written: {error.strerror}") from None


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # Transactions are begun by us: the driver's own way would take the lock too late.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_WAIT * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("stance_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(engine: Engine) -> None:
    """Make the tables where there are none; raise DatabaseError where they are not ours."""
    deadline = time.monotonic() + _WAIT
    while True:
        try:
            writer = engine.connect().execution_options(stance_writes=True)
            with writer as connection, connection.begin():
                version = _made(connection)
            break
        except OperationalError as error:
            # Two processes that turn on write-ahead at once: SQLite tells one without waiting.
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    if version != SCHEMA:
        raise DatabaseError(
            f"the database has schema {version}, this program reads {SCHEMA};"
            " run the stance that wrote it, or name another one in STANCE_DATABASE"
        )


def _made(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _CREATION_LOCK})
    _schema.create(connection, checkfirst=True)
    version = connection.execute(select(_schema.c.version)).scalar()
    if version is None:
        _tables.create_all(connection)
        connection.execute(insert(_schema).values(version=SCHEMA))
    return SCHEMA if version is None else int(version)


@contextlib.contextmanager
def _errors_told() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        first = str(cause).strip().split("\n")[0]
        raise DatabaseError(
            f"the database cannot be used: {type(cause).__name__}: {first[:200]}"
        ) from error
