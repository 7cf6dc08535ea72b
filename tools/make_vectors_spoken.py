"""Write spec/vectors/spoken-pass.json: fixed words and secrets, the same bytes on every run.

The cases of `look_up` state what was put in, so that the code under test does not grade itself; layouts and spots were
worked out by hand from the page.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from safeconduct.passes import fuse, spoken
from safeconduct.seal.canonical import decode_cbor, encode_cbor

Case = dict[str, Any]
FILE = Path(__file__).resolve().parent.parent / "spec" / "vectors" / "spoken-pass.json"
AGREEMENT = "exercise-1"
WORDS = {
    "abandon ability able about above absent": spoken.SpokenPass(7, 0, 5, 0, 0),
    "zoo zone zero zebra youth young": spoken.SpokenPass(131_071, 1, 63, 1, 1),
    "legal winner thank year wave sausage": spoken.SpokenPass(0, 1, 1, 0, 1),
}
EMPTY = spoken.SpokenTable(
    agreement_id=AGREEMENT,
    salt=spoken.salt_of(AGREEMENT, bytes(range(16))),
    seed=b"",
    preset="std",
    word_list="bip39-en",
    keys=0,
    batches=(sha256(b"batch one").digest(), sha256(b"batch two").digest()),
    windows=((1_629_676_800, 14_400), (1_629_763_200, 86_400)),
    point_sets=(("gate-north",), ("cordon-1", "gate-east")),
    slots=b"",
)


def vectors() -> dict[str, Any]:
    """All cases of spec/spoken-pass.md."""
    masters = {words: spoken.master_of(words, EMPTY.salt, "std") for words in WORDS}
    table = spoken.build(EMPTY, [(masters[words], one) for words, one in WORDS.items()], sha256(b"entropy").digest())
    data = spoken.encode(table)
    return {
        "words": [
            {"name": "zeros", "random": "00" * 9, "expect": ["abandon"] * 6},
            {"name": "ones", "random": "ff" * 9, "expect": ["zoo"] * 6},
            {"name": "the last six bits", "random": "00" * 8 + "3f", "expect": ["abandon"] * 6},
        ],
        "master": [
            {"name": words, "words": words, "salt": EMPTY.salt.hex(), "preset": "std", "expect": master.hex()}
            for words, master in masters.items()
        ],
        "spots": [
            {"name": "first of all", "keys": 1_000, "spots": "00" * 20, "expect": [0, 32, 64, 96]},
            {"name": "last of all", "keys": 1_000, "spots": "ff" * 20, "expect": [1_279, 1_311, 1_343, 1_375]},
            {
                "name": "each offset by itself",
                "keys": 100_000,
                "spots": "8000000000000000" + "000001" + "000002" + "000403" + "0003ff",
                "expect": [54_273, 55_298, 56_323, 58_367],
            },
        ],
        "table": data.hex(),
        "look_up": [
            {
                "name": words,
                "words": words,
                "expect": {
                    "index": one.index, "batch": one.batch, "heads": one.heads, "window": one.window,
                    "points": one.points,
                },
            }
            for words, one in WORDS.items()
        ]
        + [
            {"name": "typed otherwise", "words": " ZOO, zone-zero zebra youth  Young", "expect": _of(WORDS, 1)},
            {"name": "one word wrong", "words": "abandon ability able about above absorb", "expect": None},
            {"name": "another order", "words": "ability abandon able about above absent", "expect": None},
            {"name": "nothing", "words": "", "expect": None},
        ],
        "tables": _tables(data, table),
    }  # fmt: skip


def _of(words: dict[str, spoken.SpokenPass], place: int) -> Case:
    one = list(words.values())[place]
    return {"index": one.index, "batch": one.batch, "heads": one.heads, "window": one.window, "points": one.points}


def _tables(data: bytes, table: spoken.SpokenTable) -> list[Case]:
    whole = decode_cbor(data, where="table")
    fields = whole | {"slots": b"\0"}  # what is wrong before them needs none
    wrong: list[tuple[str, bytes, str]] = [
        ("cut", data[:-1], "bad-cbor"),
        ("another version", encode_cbor(fields | {"v": 2}), "bad-spoken"),
        ("a size that is no class", encode_cbor(fields | {"keys": 1_500}), "bad-spoken"),
        ("slots of another class", encode_cbor(whole | {"keys": 2_000}), "bad-spoken"),
        ("a slot too many", encode_cbor(fields | {"slots": table.slots + bytes(fuse.RECORD_BYTES)}), "bad-spoken"),
        ("no batch", encode_cbor(fields | {"batches": []}), "bad-spoken"),
        ("33 batches", encode_cbor(fields | {"batches": [bytes(32)] * 33}), "bad-spoken"),
        ("a window of no length", encode_cbor(fields | {"windows": [[0, 0]]}), "bad-spoken"),
        ("an unknown field", encode_cbor(fields | {"names": []}), "bad-spoken"),
        ("an unknown preset", encode_cbor(fields | {"preset": "cheap"}), "bad-spoken"),
    ]
    return [{"name": name, "data": made.hex(), "expect": {"code": code}} for name, made, code in wrong]


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(FILE)
