"""Notes, interests and stances for this party's own room: recorded, dated, sourced, and never sent.

No message carries an entry, whatever its kind, and no rule reads one: a permit comes from the agreement alone.
"""

from safeconduct.agreements.entries import Entry, make_entry
from safeconduct.workflows.ports import Node
from safeconduct.workflows.read_entries import EntryView, list_entries
from safeconduct.workflows.record_entries import RecordedEntry, record_entry
from safeconduct.workflows.tables import Tx

PRIVATE = ("private-note", "own-interest", "trust-stance")


def write_note(node: Node, text: str, *, source: str, about: str | None = None) -> RecordedEntry:
    """Record a note for this party's own room.

    Raises:
        BadInput: the text or the source is malformed.
    """
    with node.store.transaction() as tx:
        note: Entry = make_entry("private-note", {"text": text, "about": about}, source, node.clock.now())
        return record_entry(node, tx, note)


def private_notes(tx: Tx) -> tuple[EntryView, ...]:
    """Return notes, own interests and stances, newest first."""
    found = [one for kind in PRIVATE for one in list_entries(tx, kind)]
    return tuple(sorted(found, key=lambda one: one.entry.at, reverse=True))
