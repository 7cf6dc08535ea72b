"""The log of a database is copied into the file beside the writes, and begins anew once it is long."""

import sqlite3
import threading
import time

import pytest

from safeconduct.storage import checkpoints
from safeconduct.storage.checkpoints import Checkpoints


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A file whose log nothing else copies, and what watches it."""
    monkeypatch.setattr(checkpoints, "ROWS", 50)
    monkeypatch.setattr(checkpoints, "LONG", 60)
    path, writing = tmp_path / "node.db", threading.Lock()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE held (number INTEGER PRIMARY KEY, text BLOB)")
    watching = Checkpoints(path, writing)
    yield path, writing, connection, watching
    watching.close()
    connection.close()


def write(connection, writing, watching, rows):
    with writing:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO held (text) VALUES (?)", [(b"x" * 4_000,)] * rows)
        connection.execute("COMMIT")
        watching.wrote(rows)


def until(true):
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()


def copied(path):
    """How many rows the file holds without its log."""
    alone = path.with_suffix(".alone")
    alone.write_bytes(path.read_bytes())
    data = bytearray(alone.read_bytes())
    data[18:20] = b"\x01\x01"  # not in WAL: the file alone is read
    alone.write_bytes(data)
    connection = sqlite3.connect(alone)
    try:
        return connection.execute("SELECT count(*) FROM held").fetchone()[0]
    except sqlite3.DatabaseError:
        return 0
    finally:
        connection.close()


def test_what_was_written_is_in_the_file_soon_and_few_rows_start_nothing(written):
    path, writing, connection, watching = written
    write(connection, writing, watching, 10)
    assert watching._thread is None
    write(connection, writing, watching, 45)
    assert until(lambda: copied(path) == 55)


def test_a_few_rows_are_copied_when_the_last_copy_is_some_time_ago(written, monkeypatch):
    path, writing, connection, watching = written
    monkeypatch.setattr(checkpoints, "FEW_ROWS", 20)
    write(connection, writing, watching, 25)
    assert watching._thread is None, "not at once"
    monkeypatch.setattr(checkpoints, "SOON", 0)
    write(connection, writing, watching, 1)
    assert until(lambda: copied(path) == 26)


def test_the_log_does_not_grow_with_all_that_is_written(written, monkeypatch):
    path, writing, connection, watching = written
    monkeypatch.setattr(checkpoints, "ROWS", 1_000_000)
    monkeypatch.setattr(checkpoints, "FEW_ROWS", 1_000_000)
    for _ in range(40):
        write(connection, writing, watching, 60)
        watching.copy()
    assert path.with_name("node.db-wal").stat().st_size < 4 * 60 * 4_200, "the log began anew, again and again"
    assert connection.execute("SELECT count(*) FROM held").fetchone() == (2_400,)


def test_a_copy_that_fails_stops_no_write(written, monkeypatch):
    path, writing, connection, watching = written

    def full(*_, **__):
        raise sqlite3.OperationalError("disk full")

    failed = threading.Event()
    with monkeypatch.context() as broken:
        broken.setattr(checkpoints.sqlite3, "connect", lambda *_, **__: failed.set() or full())
        write(connection, writing, watching, 60)
        assert failed.wait(10)
    write(connection, writing, watching, 60)
    assert until(lambda: copied(path) == 120)
