"""Recorded entries as they are held, for whatever is read from them."""

from functools import lru_cache

from safeconduct.agreements.entries import Entry, from_json
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.record_entries import KIND
from safeconduct.workflows.tables import Tx


def held_entries(tx: Tx) -> tuple[tuple[str, Entry], ...]:
    """Return (id, entry) of every entry, in the order of recording."""
    return tuple((held, read_held(body)[0]) for held, body, _ in tx.records.all(KIND))


def placed_entries(tx: Tx) -> tuple[tuple[str, Entry, int], ...]:
    """Return (id, entry, place in the ledger) of every entry, in the order of recording."""
    return tuple((held, *read_held(body)) for held, body, _ in tx.records.all(KIND))


@lru_cache(maxsize=8_192)
def read_held(body: bytes) -> tuple[Entry, int]:
    """Read a stored entry and its place in the ledger; a room that is looked at asks again and again."""
    data = decode_json(body, where="entry")
    return from_json(encode_json(data["entry"])), data["ledger_index"]
