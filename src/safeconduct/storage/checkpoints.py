"""Copies SQLite's log into the file beside the writes, not within one of them.

By itself SQLite does it in the commit that finds the log long, and that commit waits for thousands of pages. Here a
thread copies while others write. Only when the log has become long the rest, which was written meanwhile, is copied
with the writer's lock held: the log begins anew then.
"""

import sqlite3
import threading
from pathlib import Path
from time import monotonic

ROWS = 8_000  # changed rows after which the log is copied; each costs about one page
# So many are enough where the last copy is SOON seconds ago: a commit waits for the disk behind a small copy, not a
# large one (measured: of 1,500 online checks a second, the slowest hundredth 22 and 27 ms against 45 and 80).
FEW_ROWS, SOON = 1_500, 0.5
LONG = 24_000  # pages of the log from which on it is to begin anew
SECONDS = 10  # that a checkpoint may take before a closing store goes on


class Checkpoints:
    """A thread that copies the log of one file once enough was written; it starts when there is something to do."""

    def __init__(self, path: Path, writing: threading.Lock) -> None:
        """Watch a file; `writing` is held by whoever writes."""
        self._path, self._writing = path, writing
        self._due = threading.Event()
        self._ending = False
        self._rows, self._copied = 0, monotonic()  # changed since the log was last copied, and when that was
        self._thread: threading.Thread | None = None

    def wrote(self, rows: int) -> None:
        """Count changed rows; the writer's lock is held."""
        self._rows += rows
        if self._rows >= ROWS or (self._rows >= FEW_ROWS and monotonic() - self._copied >= SOON):
            self._rows, self._copied = 0, monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
                self._thread.start()
            self._due.set()

    def close(self) -> None:
        """End the thread."""
        self._ending = True
        self._due.set()
        if self._thread is not None:
            self._thread.join(timeout=SECONDS)

    def copy(self) -> None:
        """Copy the log now; once it is long, to its end."""
        try:
            connection = sqlite3.connect(self._path, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous=FULL")
                _, pages, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                if pages >= LONG:
                    with self._writing:
                        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                connection.close()
        except sqlite3.Error:  # a full disk, say: the log stays as it is, and the next write meets the same error
            return

    def _run(self) -> None:
        while True:
            self._due.wait()
            if self._ending:
                return
            self._due.clear()
            self.copy()
