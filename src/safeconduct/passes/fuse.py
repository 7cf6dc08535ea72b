"""A 4-wise binary fuse table: one record of 80 bits for each key, found with four reads and three XORs.

After Graf and Lemire, "Binary Fuse Filters" (2022), used for retrieval instead of membership: the four slots of a key
XOR to its record. A key that was never put in gives four unrelated slots, which look like a record too: telling the
two apart is the business of whoever wrote the record (`passes.spoken`). Free slots hold random bytes, so that a table
does not tell how many keys it has.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import shake_256
from math import floor, log

RECORD_BYTES = 10
SPOT_BYTES = 20  # of hash that `spots` needs: 8 for the first segment, 3 for each offset
_ARITY = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """How the slots of a table for a number of keys are cut into segments; the same for every table of that number."""

    segment: int  # slots in one segment, a power of two
    starts: int  # segments at which a key's four may start

    @property
    def slots(self) -> int:
        """Number of slots."""
        return (self.starts + _ARITY - 1) * self.segment


def layout_for(keys: int) -> Layout:
    """Layout of a table for `keys` keys (at least 2): 1.36 slots a key at 1,000, 1.12 at 100,000."""
    segment = 1 << floor(log(keys) / log(2.91) - 0.5)
    factor = max(1.075, 0.77 + 0.305 * log(600_000) / log(keys))
    segments = -(-round(keys * factor) // segment)
    return Layout(segment, max(1, segments - _ARITY + 1))


def spots(hashed: bytes, layout: Layout) -> tuple[int, int, int, int]:
    """The four slots of a key, one in each of four neighbouring segments, from 20 bytes of its hash."""
    length, mask = layout.segment, layout.segment - 1
    start = (int.from_bytes(hashed[:8], "big") * layout.starts >> 64) * length
    return (
        start + (int.from_bytes(hashed[8:11], "big") & mask),
        start + length + (int.from_bytes(hashed[11:14], "big") & mask),
        start + 2 * length + (int.from_bytes(hashed[14:17], "big") & mask),
        start + 3 * length + (int.from_bytes(hashed[17:20], "big") & mask),
    )


def build(hashes: Sequence[bytes], records: Sequence[bytes], layout: Layout, fill: bytes) -> bytes | None:
    """Slots that give each key its record; None if this choice of hashes has a knot (then take another seed).

    Args:
        hashes: 20 bytes for each key, as random.
        records: 10 bytes for each key.
        layout: as `layout_for` the number of keys.
        fill: secret random bytes, of which the content of free slots is drawn.
    """
    places = [spots(hashed, layout) for hashed in hashes]
    order = _peel(places, layout.slots)
    if order is None:
        return None
    drawn = shake_256(fill).digest(layout.slots * RECORD_BYTES)
    slots = [int.from_bytes(drawn[at : at + RECORD_BYTES], "big") for at in range(0, len(drawn), RECORD_BYTES)]
    for key, own in reversed(order):
        a, b, c, d = places[key]
        slots[own] ^= slots[a] ^ slots[b] ^ slots[c] ^ slots[d] ^ int.from_bytes(records[key], "big")
    return b"".join([slot.to_bytes(RECORD_BYTES, "big") for slot in slots])


def read(slots: bytes, places: tuple[int, int, int, int]) -> bytes:
    """Record of a key in a table; noise for a key that is not in it."""
    found = 0
    for place in places:
        found ^= int.from_bytes(slots[place * RECORD_BYTES : (place + 1) * RECORD_BYTES], "big")
    return found.to_bytes(RECORD_BYTES, "big")


def _peel(places: Sequence[tuple[int, int, int, int]], slots: int) -> list[tuple[int, int]] | None:
    """Keys in an order in which each has, when it is taken, a slot of its own; None if there is none."""
    counts, keys = array("I", bytes(4 * slots)), array("I", bytes(4 * slots))
    for key, four in enumerate(places):
        for place in four:
            counts[place] += 1
            keys[place] ^= key
    alone = [place for place, count in enumerate(counts) if count == 1]
    order: list[tuple[int, int]] = []
    while alone:
        own = alone.pop()
        if counts[own] != 1:
            continue
        key = keys[own]
        order.append((key, own))
        for place in places[key]:
            counts[place] -= 1
            keys[place] ^= key
            if counts[place] == 1:
                alone.append(place)
    return order if len(order) == len(places) else None
