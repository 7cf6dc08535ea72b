"""Spoken passes: six words that are remembered, and the table in a bundle that knows them (`spec/spoken-pass.md`).

Nothing is carried and nothing can be seized. The table holds no word and no list: who does not have the words finds
four unrelated slots. One lookup costs one Argon2id, which is what stands between a seized device and its guesses.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256, shake_256
from typing import Any

from nacl.pwhash import argon2id

from safeconduct.errors import BadInput
from safeconduct.passes import fuse, shape
from safeconduct.passes.binding import PRESETS, WORD_LISTS, spell, words_of
from safeconduct.seal import canonical

WORDS_DRAWN = 6  # 66 bits
DRAW_BYTES = 9  # random bytes that `draw_words` takes; the last six bits are not used
MASTER_BYTES, SALT_BYTES, SEED_BYTES, ENTROPY_BYTES = 32, 16, 16, 32
# A table is filled up with dummies to the next of these, so that two versions of it tell no more than their class.
SIZE_CLASSES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)
MOST_BATCHES, MOST_WINDOWS, MOST_POINT_SETS = 32, 256, 16
MOST_INDEX, MOST_HEADS = 1 << 17, 63
LIMIT_BYTES = 4 << 20
_INFO = b"safeconduct.spoken.1"
_CHECK_BITS = 40  # of a record: zeros before it is masked
_TRIES = 64  # seeds before giving up; one in five fails at the smallest size, fewer at the others


@dataclass(frozen=True, slots=True)
class SpokenPass:
    """What a spoken pass allows, as places in its table's lists."""

    index: int  # in its batch, below 2^17
    batch: int
    heads: int  # 1 to 63
    window: int
    points: int


@dataclass(frozen=True, slots=True)
class SpokenTable:
    """The spoken passes of one bundle. Times are unix seconds; a window ends before `not_before + seconds`."""

    agreement_id: str
    salt: bytes  # 16 bytes, one for the agreement
    seed: bytes  # 16 bytes, fresh for every build
    preset: str  # of `binding.PRESETS`
    word_list: str  # of `binding.WORD_LISTS`
    keys: int  # a size class
    batches: tuple[bytes, ...]  # identities, 32 bytes each
    windows: tuple[tuple[int, int], ...]  # not before, seconds
    point_sets: tuple[tuple[str, ...], ...]
    slots: bytes


_TABLE = {
    "agreement": shape.ID,
    "batches": shape.many(shape.HASH, MOST_BATCHES, 1),
    "keys": shape.Kind(f"one of {SIZE_CLASSES}", lambda seen: type(seen) is int and seen in SIZE_CLASSES),
    "points": shape.many(shape.many(shape.ID, 16, 1), MOST_POINT_SETS, 1),
    "preset": shape.one_of(*PRESETS),
    "salt": shape.raw(SALT_BYTES),
    "seed": shape.raw(SEED_BYTES),
    "slots": shape.blob(LIMIT_BYTES),
    "v": shape.integer(1, 1),
    "windows": shape.many(shape.row(shape.TIME, shape.integer(1, 366 * 86_400)), MOST_WINDOWS, 1),
    "words": shape.one_of(*WORD_LISTS),
}


def draw_words(random_bytes: bytes, word_list: str = "bip39-en") -> tuple[str, ...]:
    """Draw six words, eleven bits each, from nine random bytes.

    Raises:
        BadInput: `bad-words`, unless nine bytes are given.
    """
    if len(random_bytes) != DRAW_BYTES:
        raise BadInput("bad-words", where="draw", expected="9 random bytes", seen=f"{len(random_bytes)} bytes")
    bits = int.from_bytes(random_bytes, "big") >> 6
    words = words_of(word_list)
    return tuple(words[bits >> shift & 2_047] for shift in (55, 44, 33, 22, 11, 0))


def as_words(text: str, word_list: str = "bip39-en") -> str | None:
    """Return the six words of a text, folded, if it is six words of the list or their numbers; else None."""
    spelt = spell(text, word_list)
    tokens = spelt.split()
    return spelt if len(tokens) == WORDS_DRAWN and set(tokens) <= set(words_of(word_list)) else None


def master_of(words: str, salt: bytes, preset: str) -> bytes:
    """Compute the 32 bytes that stand for a spoken pass in every table of its agreement: one Argon2id, 0.1 s here.

    The words may be given as their numbers (`binding.spell`).

    Raises:
        BadInput: `bad-words`, for a preset that is not known.
    """
    if preset not in PRESETS:
        raise BadInput("bad-words", where="preset", expected=f"one of {sorted(PRESETS)}", seen=preset)
    cost = PRESETS[preset]
    return argon2id.kdf(MASTER_BYTES, spell(words).encode(), salt, cost.passes, cost.memory * 1_024)


def build(empty: SpokenTable, passes: Sequence[tuple[bytes, SpokenPass]], entropy: bytes) -> SpokenTable:
    """Fill a table.

    Args:
        empty: all but `seed`, `keys` and `slots`, which are not looked at.
        passes: the master (`master_of`) and content of each; masters must be different.
        entropy: 32 secret random bytes: the seed, the dummies and the free slots are drawn of them.

    Raises:
        BadInput: `bad-spoken`: too many passes, one twice, one that names what the table does not list.
    """
    if len(entropy) != ENTROPY_BYTES:
        raise BadInput("bad-spoken", where="entropy", expected="32 random bytes", seen=f"{len(entropy)} bytes")
    keys = next((size for size in SIZE_CLASSES if size >= len(passes)), None)
    if keys is None:
        raise BadInput("bad-spoken", where="passes", expected=f"at most {SIZE_CLASSES[-1]}", seen=len(passes))
    masters = [master for master, _ in passes]
    if len(set(masters)) != len(masters):
        raise BadInput("bad-spoken", where="passes", expected="each once", seen="the same words twice")
    payloads = [_pack(one, empty) for _, one in passes]
    drawn = shake_256(b"dummies" + entropy).digest((keys - len(passes)) * MASTER_BYTES)
    masters += [drawn[at : at + MASTER_BYTES] for at in range(0, len(drawn), MASTER_BYTES)]
    layout = fuse.layout_for(keys)
    for number in range(_TRIES):
        seed = shake_256(b"seed" + bytes([number]) + entropy).digest(SEED_BYTES)
        material = list(map(partial(_derive, seed=seed), masters))
        records = [_mask(payload, made) for payload, made in zip(payloads, material, strict=False)]
        records += [made[fuse.SPOT_BYTES :] for made in material[len(passes) :]]  # a dummy's record: random as well
        slots = fuse.build(material, records, layout, b"fill" + bytes([number]) + entropy)
        if slots is not None:
            return SpokenTable(
                empty.agreement_id, empty.salt, seed, empty.preset, empty.word_list, keys, empty.batches,
                empty.windows, empty.point_sets, slots,
            )  # fmt: skip
    raise BadInput("bad-spoken", where="build", expected="a seed without a knot", seen=f"{_TRIES} with one")


def look_up(table: SpokenTable, master: bytes) -> SpokenPass | None:
    """The pass of these words, None if the table has none such.

    One in 2^40 wrong tries finds a record of noise, and of these only the few that name a batch, window and set of
    points that the table lists are taken.
    """
    made = _derive(master, seed=table.seed)
    record = fuse.read(table.slots, fuse.spots(made, fuse.layout_for(table.keys)))
    return _unpack(int.from_bytes(record, "big") ^ int.from_bytes(made[fuse.SPOT_BYTES :], "big"), table)


def encode(table: SpokenTable) -> bytes:
    """Write a table as canonical CBOR.

    Raises:
        BadInput: `bad-spoken`, naming the field.
    """
    fields = {
        "agreement": table.agreement_id,
        "batches": list(table.batches),
        "keys": table.keys,
        "points": [list(points) for points in table.point_sets],
        "preset": table.preset,
        "salt": table.salt,
        "seed": table.seed,
        "slots": table.slots,
        "v": 1,
        "windows": [list(window) for window in table.windows],
        "words": table.word_list,
    }
    _check(fields)
    return canonical.encode_cbor(fields)


def decode(data: bytes) -> SpokenTable:
    """Read a table.

    Raises:
        BadInput: `bad-cbor` or `bad-spoken`.
    """
    fields = _check(canonical.decode_cbor(data, where="spoken table", limit=LIMIT_BYTES))
    return SpokenTable(
        agreement_id=fields["agreement"],
        salt=fields["salt"],
        seed=fields["seed"],
        preset=fields["preset"],
        word_list=fields["words"],
        keys=fields["keys"],
        batches=tuple(fields["batches"]),
        windows=tuple((start, seconds) for start, seconds in fields["windows"]),
        point_sets=tuple(tuple(points) for points in fields["points"]),
        slots=fields["slots"],
    )


def _check(decoded: Any) -> dict[str, Any]:
    fields = shape.check_map("bad-spoken", "spoken table", _TABLE, decoded)
    expected = fuse.layout_for(fields["keys"]).slots * fuse.RECORD_BYTES
    if len(fields["slots"]) != expected:
        raise BadInput(
            "bad-spoken", where="spoken table: slots", expected=f"{expected} bytes", seen=len(fields["slots"])
        )
    return fields


def _derive(master: bytes, *, seed: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869) of a master for one table: 20 bytes of places, 10 bytes of mask."""
    extracted = hmac.digest(seed, master, "sha256")
    return hmac.digest(extracted, _INFO + b"\x01", "sha256")[: fuse.SPOT_BYTES + fuse.RECORD_BYTES]


def _mask(payload: int, made: bytes) -> bytes:
    return (payload ^ int.from_bytes(made[fuse.SPOT_BYTES :], "big")).to_bytes(fuse.RECORD_BYTES, "big")


def _pack(one: SpokenPass, table: SpokenTable) -> int:
    """40 zeros, then index 17, batch 5, heads 6, window 8, set of points 4 bits."""
    limits: dict[str, tuple[int, Callable[[int], bool]]] = {
        "index": (one.index, lambda seen: 0 <= seen < MOST_INDEX),
        "batch": (one.batch, lambda seen: 0 <= seen < len(table.batches)),
        "heads": (one.heads, lambda seen: 1 <= seen <= MOST_HEADS),
        "window": (one.window, lambda seen: 0 <= seen < len(table.windows)),
        "points": (one.points, lambda seen: 0 <= seen < len(table.point_sets)),
    }
    for name, (seen, fits) in limits.items():
        if not fits(seen):
            raise BadInput("bad-spoken", where=f"spoken pass: {name}", expected="within the table's lists", seen=seen)
    return one.index << 23 | one.batch << 18 | one.heads << 12 | one.window << 4 | one.points


def _unpack(value: int, table: SpokenTable) -> SpokenPass | None:
    if value >> (8 * fuse.RECORD_BYTES - _CHECK_BITS):
        return None
    found = SpokenPass(value >> 23, value >> 18 & 31, value >> 12 & 63, value >> 4 & 255, value & 15)
    listed = (
        found.batch < len(table.batches)
        and found.heads > 0
        and found.window < len(table.windows)
        and found.points < len(table.point_sets)
    )
    return found if listed else None


def salt_of(agreement_id: str, pepper: bytes) -> bytes:
    """Salt of an agreement's spoken passes: the first 16 bytes of SHA-256 over domain, agreement and 16 random bytes.

    One salt for the agreement, so that one Argon2id finds a pass in any of its tables.
    """
    return sha256(_INFO + b"\0salt\0" + agreement_id.encode() + b"\0" + pepper).digest()[:SALT_BYTES]
