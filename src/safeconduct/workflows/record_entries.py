"""Record small things as typed entries: each once, sourced and dated, nothing overwritten; none leaves this node."""

from dataclasses import dataclass

from safeconduct.agreements.entries import Entry, all_from_json, entry_id, plain, references, to_json
from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

KIND = "entry"


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """Where an entry is: its id, and its place in the ledger."""

    id: str
    ledger_index: int


def record_entries(node: Node, data: bytes) -> tuple[RecordedEntry, ...]:
    """Record one entry, or a list of them, all or none, as JSON of the form that `agreements.entries` reads.

    The same entry again changes nothing and is answered as before. An entry may refer to those before it.

    Raises:
        BadInput: an entry is malformed or has no source, or refers to an entry that is not held (`bad-reference`).
    """
    given = all_from_json(data)
    with node.store.transaction() as tx:
        return tuple(record_entry(node, tx, entry) for entry in given)


def record_entry(node: Node, tx: Tx, entry: Entry) -> RecordedEntry:
    """Record one entry within a transaction; the same entry again is answered as before.

    Raises:
        BadInput: it refers to an entry that is not held (`bad-reference`).
    """
    held = entry_id(entry)
    before = tx.records.latest(KIND, held)
    if before is not None:
        return RecordedEntry(held, decode_json(before[0], where=held)["ledger_index"])
    for field, other in references(entry).items():
        if tx.records.latest(KIND, other) is None:
            where = f"{entry.kind}.{field}"
            raise BadInput("bad-reference", where=where, expected="the id of a recorded entry", seen=other)
    now = node.clock.now()
    index = tx.ledger.append(f"own:{KIND}", to_json(entry), node.random.bytes(32), now)
    tx.records.add(KIND, held, encode_json({"entry": plain(entry), "ledger_index": index}), now)
    return RecordedEntry(held, index)
