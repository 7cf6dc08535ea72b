"""Write spec/vectors/spoken-pass.json: fixed words and secrets, the same bytes on every run.

The cases of `look_up` state what was put in, so that the code under test does not grade itself; layouts and spots were
worked out by hand from the page.
"""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from make_vectors_pass import BUNDLE, DAY, HOUR, IDENTITY, NOW, ROOT, START, Case, sealed_bundle
from safeconduct.passes import fuse, spoken
from safeconduct.seal.canonical import decode_cbor, encode_cbor

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
        "spell": [
            {"name": said or "nothing", "text": said, "expect": expect}
            for said, expect in (
                ("0000 2047", "abandon zoo"),
                ("1 02 003", "ability able about"),
                ("۰۰۰۱ ٠٠٠٢", "ability able"),
                ("000100020003", "ability able about"),
                ("Abandon, 0001", "abandon ability"),
                ("2048", "2048"),
                ("99990001", "9999 ability"),
                ("00001", "00001"),
                ("1x ²", "1x able"),
                ("", ""),
            )
        ],
        "layouts": [
            {"name": str(keys), "keys": keys, "expect": {"segment": segment, "starts": starts, "slots": slots}}
            for keys, segment, starts, slots in (
                (1_000, 32, 40, 1_376),
                (2_000, 64, 38, 2_624),
                (5_000, 128, 46, 6_272),
                (10_000, 256, 45, 12_288),
                (20_000, 256, 90, 23_808),
                (50_000, 512, 109, 57_344),
                (100_000, 1_024, 107, 112_640),
                (200_000, 1_024, 213, 221_184),
            )
        ],
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
            {"name": "by numbers", "words": "0000 0001 0002 0003 0004 0005", "expect": _of(WORDS, 0)},
            {"name": "by Persian digits", "words": "۰۰۰۰ ۰۰۰۱ ۰۰۰۲ ۰۰۰۳ ۰۰۰۴ ۰۰۰۵", "expect": _of(WORDS, 0)},
            {"name": "one word wrong", "words": "abandon ability able about above absorb", "expect": None},
            {"name": "another order", "words": "ability abandon able about above absent", "expect": None},
            {"name": "nothing", "words": "", "expect": None},
        ],
        "tables": _tables(data, table),
        "decide": _decide(),
    }  # fmt: skip


def _decide() -> Case:
    """Bundles with and without a table, and what a gate says to words."""
    empty = replace(EMPTY, batches=(IDENTITY,), windows=((START + HOUR, 4 * HOUR), (START, 8 * DAY)),
                    point_sets=(("gate-north",), ("cordon-1",), ("gate-north", "gate-east")))  # fmt: skip
    said = {
        "abandon ability able about above absent": (7, 5, 0, 0),
        "zoo zone zero zebra youth young": (13, 2, 0, 0),
        "legal winner thank year wave sausage": (8, 1, 0, 1),
        "army van defense carry jealous true": (1_000, 1, 0, 0),
        "void come effort suffer camp survey": (9, 1, 1, 0),
        "letter advice cage absurd amount doctor": (10, 3, 0, 2),
    }
    passes = [
        (spoken.master_of(words, EMPTY.salt, "std"), spoken.SpokenPass(index, 0, heads, window, points))
        for words, (index, heads, window, points) in said.items()
    ]
    table = spoken.encode(spoken.build(empty, passes, sha256(b"gate").digest()))
    usual, good = {"bundle": "usual", "point": "gate-north", "now": NOW}, next(iter(said))
    revoked, outer, beyond, long, either = list(said)[1:]
    cases: list[tuple[str, str, str, Case]] = [
        ("right", good, "ok", {}),
        ("right, by numbers", "۰ ۱ ۲ ۳ ۴ ۵", "ok", {}),
        ("another right one", either, "ok", {}),
        ("wrong", "abandon ability able about above absorb", "binding-failed", {}),
        ("nothing", "", "binding-failed", {}),
        ("no table", good, "no-spoken-passes", {"bundle": "without"}),
        ("bundle over", good, "bundle-expired", {"now": START + 3 * DAY}),
        ("stale bundle refuses", good, "bundle-stale", {"now": START + 2 * DAY, "bundle": "strict"}),
        ("unknown point", good, "unknown-point", {"point": "nowhere"}),
        ("closed point", good, "point-closed", {"point": "gate-east"}),
        ("held point", good, "point-hold", {"point": "cordon-2"}),
        ("index beyond the batch", beyond, "out-of-batch", {}),
        ("window beyond the batch", long, "out-of-batch", {}),
        ("revoked", revoked, "revoked", {}),
        ("wrong point", outer, "wrong-point", {}),
        ("at its own point", outer, "ok", {"point": "cordon-1"}),
        ("not yet", good, "not-yet", {"now": START}),
        ("over", good, "expired", {"now": START + 5 * HOUR}),
        ("used here", good, "used-here", {"used_here": [7]}),
        ("used elsewhere", good, "used-elsewhere", {"used_elsewhere": [7]}),
        ("too many people", good, "heads-differ", {"heads": 6}),
        ("fewer people", good, "ok", {"heads": 2, "warnings": ["heads-fewer"]}),
    ]
    return {
        "root": ROOT.public.hex(),
        "agreement": AGREEMENT,
        "batch": IDENTITY.hex(),
        "bundles": {
            "usual": sealed_bundle(replace(BUNDLE, spoken=table)).hex(),
            "strict": sealed_bundle(replace(BUNDLE, spoken=table, stale_policy="refuse")).hex(),
            "without": sealed_bundle().hex(),
        },
        "cases": [
            {"name": name, "words": words} | usual | {k: v for k, v in more.items() if k != "warnings"}
            | {"expect": {"reason": reason, "warnings": more.get("warnings", [])}}
            for name, words, reason, more in cases
        ],
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
