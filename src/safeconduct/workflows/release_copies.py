"""Which copy of a release is held: each version with the digest of the envelope in which it crossed."""

from dataclasses import dataclass

from safeconduct.alerts import release as releases
from safeconduct.alerts.release import Release
from safeconduct.workflows.envelopes import digest_of
from safeconduct.workflows.rows import ReleaseRow
from safeconduct.workflows.tables import Tx


@dataclass(frozen=True, slots=True)
class Copy:
    """One version of a release as it crossed: `wire` is the SHA-256 of its envelope, in hexadecimal."""

    release: Release
    direction: str  # sent, received
    at: int  # unix seconds: sent or received
    ledger_index: int
    wire: str


def copies_of(tx: Tx, release_id: str) -> tuple[Copy, ...]:
    """Return every version of a release that is held, the first one first; empty for an unknown one."""
    return tuple(_copy(tx, row) for row in tx.alerts.versions(release_id))


def newest_copy(tx: Tx, release_id: str) -> Copy | None:
    """Return the version of a release that counts: a withdrawal, else the newest."""
    row = tx.alerts.release(release_id)
    return None if row is None else _copy(tx, row)


def _copy(tx: Tx, row: ReleaseRow) -> Copy:
    entry = tx.ledger.entry(row.ledger_index)
    wire = "" if entry is None else digest_of(entry.envelope).hex()
    return Copy(releases.from_json(row.body), row.direction, row.issued, row.ledger_index, wire)
