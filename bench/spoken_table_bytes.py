"""The table of spoken passes in a bundle: 100,000 of them, from hashed keys, and one lookup beside its Argon2id.

The hashed keys stand for what Argon2id makes of six words; making 100,000 of those takes about an hour and tells
nothing about the table. A lookup is all that comes after the Argon2id: deriving the places, four reads, the check. The
peer is a sorted list of 128-bit hashes, each with the same 40 bits of content: a device could search it as well, but it
would tell how many passes there are.
"""

from random import Random
from statistics import median
from time import process_time
from typing import Any

from bench.harness import figure
from safeconduct.passes import spoken
from safeconduct.passes.spoken import SpokenPass, SpokenTable

NAMES = ("spoken_table_bytes", "spoken_table_build_s", "spoken_lookup_ms", "spoken_argon2_ms")
PASSES, LOOKUPS, HASHES = 100_000, 2_000, 7
GOAL_BYTES, GOAL_MS = 1_200_000, 1.0
PEER_BYTES = 16 + 5  # of each pass: hash, content


def run() -> list[dict[str, Any]]:
    """Build once, look up known and unknown keys."""
    random = Random(7)
    empty = SpokenTable(
        agreement_id="bench", salt=bytes(16), seed=b"", preset="std", word_list="bip39-en", keys=0,
        batches=(bytes(32),), windows=((1_630_000_000, 14_400),), point_sets=(("gate-1",),), slots=b"",
    )  # fmt: skip
    passes = [(random.randbytes(32), SpokenPass(index, 0, 5, 0, 0)) for index in range(PASSES)]
    begun = process_time()
    table = spoken.build(empty, passes, random.randbytes(32))
    building = process_time() - begun
    data = spoken.encode(table)
    table = spoken.decode(data)
    lookups = [_look_up(table, master, found) for master, found in random.sample(passes, LOOKUPS)]
    lookups += [_look_up(table, random.randbytes(32), None) for _ in range(LOOKUPS)]
    hashes = [_argon2(table, number) for number in range(HASHES)]
    return [
        figure("spoken_table_bytes", len(data), f"bytes, {PASSES:,}", peer="sorted hashes",
               peer_value=PASSES * PEER_BYTES, limit=GOAL_BYTES),
        figure("spoken_table_build_s", building, f"s, {PASSES:,}"),
        figure("spoken_lookup_ms", median(lookups), "ms, after Argon2id", peer="its Argon2id",
               peer_value=median(hashes), limit=GOAL_MS),
        figure("spoken_argon2_ms", median(hashes), "ms"),
    ]  # fmt: skip


def _look_up(table: SpokenTable, master: bytes, expected: SpokenPass | None) -> float:
    begun = process_time()
    found = spoken.look_up(table, master)
    spent = process_time() - begun
    if found != expected:
        raise SystemExit("the table answers wrongly")
    return spent * 1e3


def _argon2(table: SpokenTable, number: int) -> float:
    begun = process_time()
    spoken.master_of(f"abandon ability able about above absent {number}", table.salt, table.preset)
    return (process_time() - begun) * 1e3
