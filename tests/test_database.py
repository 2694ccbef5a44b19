"""The database: what can be named, how it is opened, and what is told when it cannot be."""

import multiprocessing
import os
import sqlite3
import stat
from pathlib import Path

import pytest
from serving import PATIENCE
from sqlalchemy import text

import stance.database
from stance.database import SCHEMA, Database, DatabaseError, default_url
from stance.ledger import Ledger, Submission
from stance.records import Stance


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "is no database URL; use sqlite"),
        ("mysql://u:secret@h/d", "'mysql' is not supported"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
    ],
)
def test_urls_that_cannot_be_used(url: str, message: str) -> None:
    """A URL of another kind is refused with the forms that can be used, and without its secret."""
    with pytest.raises(DatabaseError, match=message) as caught:
        Database(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgres_by_any_of_its_names(scheme: str) -> None:
    """All the names of PostgreSQL in URLs mean the same driver."""
    assert Database(f"{scheme}://u@h/d").url.drivername == "postgresql+psycopg"


def test_the_default_lies_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a setting the database is a file in the user's data folder."""
    monkeypatch.delenv("STANCE_DATABASE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_url() == f"sqlite:///{tmp_path / 'stance' / 'annotations.sqlite3'}"
    monkeypatch.setenv("STANCE_DATABASE", "postgresql://h/d")
    assert default_url() == "postgresql://h/d"


def test_sqlite_is_durable_and_private(tmp_path: Path) -> None:
    """The file is written ahead, fully synced, and readable by its owner only."""
    path = tmp_path / "new" / "a.sqlite3"
    database = Database(f"sqlite:///{path}")
    assert database.is_missing()
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        full = 2
        assert connection.execute(text("PRAGMA synchronous")).scalar() == full
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not database.is_missing()


def test_postgres_is_durable(postgres_url: str) -> None:
    """A commit waits for the disk whatever the server's own setting is."""
    with Database(postgres_url).reading() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"


def test_a_failed_block_leaves_nothing(database_url: str) -> None:
    """What was written before an error is undone."""
    ledger = Ledger(database_url)
    ledger.receive([Submission(text="a", stance=Stance.DENY)])
    with pytest.raises(RuntimeError), ledger.database.writing() as connection:
        connection.execute(text("DELETE FROM stance_annotations"))
        raise RuntimeError
    assert len(list(ledger.entries())) == 1


def test_another_schema_is_refused(database_url: str) -> None:
    """A database of another version of the program is left alone, and the remedy is told."""
    database = Database(database_url)
    with database.writing() as connection:
        connection.execute(text("UPDATE stance_schema SET version = 99"))
    database.close()
    with (
        pytest.raises(DatabaseError, match=f"has schema 99, this program reads {SCHEMA}"),
        database.reading(),
    ):
        pass


def test_no_database(tmp_path: Path) -> None:
    """A file that is no database, a folder that cannot be, a server that is not there."""
    junk = tmp_path / "junk"
    junk.write_bytes(b"no database at all" * 100)
    missing = tmp_path / "none"
    urls = [f"sqlite:///{junk}", f"sqlite:///{junk}/below/a", f"postgresql://u@/d?host={missing}"]
    for url in urls:
        with pytest.raises(DatabaseError, match="cannot be"), Database(url).reading():
            pass


def test_a_locked_database_is_waited_for_and_then_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that does not end costs the others a DatabaseError, no hanging."""
    monkeypatch.setattr("stance.database._WAIT", 0.2)
    path = tmp_path / "a.sqlite3"
    ledger = Ledger(f"sqlite:///{path}")
    ledger.receive([Submission(text="a", stance=Stance.DENY)])
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseError, match="locked"):
        ledger.receive([Submission(text="b", stance=Stance.DENY)])
    other.rollback()
    other.close()
    assert ledger.receive([Submission(text="b", stance=Stance.DENY)])[0].created


def _write(url: str, writer: int) -> None:
    # On a slow disk four writers may keep each other waiting for long.
    stance.database._WAIT = int(PATIENCE)
    ledger = Ledger(url)
    for number in range(20):
        own = Submission(id=f"{writer}-{number}", text=f"t{writer}-{number}", stance=Stance.DENY)
        # The shared ids come in another order from each writer.
        shared = Submission(id=f"s{(number * (writer + 1)) % 20}", text="t", stance=Stance.EVADE)
        ledger.receive([own, shared] if writer % 2 else [shared, own])
    os._exit(0)


def test_several_processes_write_at_once(database_url: str) -> None:
    """From the making of the tables on, every annotation of every process is there, once."""
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_write, args=(database_url, n)) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0] * 4
    ids = [entry.id for entry in Ledger(database_url).entries()]
    wanted = {f"{w}-{n}" for w in range(4) for n in range(20)}
    assert {i for i in ids if i[0] != "s"} == wanted
    assert len(ids) == len(set(ids))
    assert sum(i[0] == "s" for i in ids) == 20
