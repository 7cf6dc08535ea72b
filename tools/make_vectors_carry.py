"""Write spec/vectors/carry.json: fixed keys, no clock, the same bytes on every run.

python tools/make_vectors_carry.py
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from safeconduct.gate.frames import PREFIX, to_frames
from safeconduct.gate.used_list import DOMAIN, UsedList, sign_used
from safeconduct.passes import base45
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey

FILE = Path(__file__).resolve().parents[1] / "spec" / "vectors" / "carry.json"
NODE = SigningKey.from_seed(sha256(b"node").digest())
OTHER = SigningKey.from_seed(sha256(b"other node").digest())
BATCH, LATER = (sha256(name).digest() for name in (b"batch a", b"batch b"))
NOW = 1_629_676_800
BAD = {"code": "bad-frames"}
Case = dict[str, Any]


def _filler(length: int) -> bytes:
    return b"".join(sha256(bytes([n])).digest() for n in range(-(-length // 32)))[:length]


def _frame(digest: bytes, total: int, number: int, part: bytes) -> str:
    return PREFIX + base45.encode(digest + total.to_bytes(2, "big") + number.to_bytes(2, "big") + part)


def frame_cases() -> list[Case]:
    """Files and their frames, and what is none."""
    short, exact, long = b"x", _filler(480), _filler(601)
    three, others = to_frames(long), to_frames(_filler(602))
    digest = sha256(short).digest()[:8]
    whole: list[tuple[str, list[str], bytes, bool]] = [
        ("one byte", to_frames(short), short, True),
        ("two full frames", to_frames(exact), exact, True),
        ("three frames", three, long, True),
        ("in another order", [three[2], three[0], three[1]], long, False),
        ("one of them twice", [three[0], three[1], three[1], three[2]], long, False),
    ]
    two = [_frame(digest, 2, 1, b"a"), _frame(digest, 2, 1, b"b"), _frame(digest, 2, 2, b"c")]
    broken = [
        ("one is missing", three[:2]),
        ("one is of another file", [three[0], three[1], others[2]]),
        ("of another prefix", ["SC1:" + three[0][5:]]),
        ("cut to its head", [_frame(digest, 1, 1, b"")]),
        ("too long", [_frame(digest, 1, 1, _filler(241))]),
        ("number 0", [_frame(digest, 1, 0, short)]),
        ("a number above the total", [_frame(digest, 1, 2, short)]),
        ("no frame in all", [_frame(digest, 0, 0, short)]),
        ("too many", [_frame(digest, 4_097, 1, short)]),
        ("not the file that it names", [_frame(digest, 1, 1, b"y")]),
        ("two contents of one number", two),
    ]
    return [
        *(
            {"name": name, "texts": texts, "cut": cut, "expect": {"data": data.hex()}}
            for name, texts, data, cut in whole
        ),
        *({"name": name, "texts": texts, "cut": False, "expect": BAD} for name, texts in broken),
        {"name": "no base45", "texts": [PREFIX + "abc"], "cut": False, "expect": {"code": "bad-text"}},
    ]


def _resigned(fields: Case) -> bytes:
    data = canonical.encode_cbor(fields)
    return canonical.encode_cbor([data, signed.sign(DOMAIN, data, NODE)])


def used_cases() -> list[Case]:
    """Lists of uses elsewhere, and what is none."""
    first, second = sorted((BATCH, LATER))
    used = {first: (7, 8, 4_711), second: (0, (1 << 24) - 1)}
    made = UsedList("corridor-a", "phone-1", 0, 12, NOW, NOW + 172_800, used)
    data = sign_used(made, NODE)
    fields = canonical.decode_cbor(canonical.decode_cbor(data, where="list")[0], where="list")
    rows = fields["used"]
    shown = {batch.hex(): list(indexes) for batch, indexes in used.items()}
    empty = sign_used(UsedList("corridor-a", "phone-1", 12, 12, NOW, NOW + 1, {}), NODE)
    cases: list[tuple[str, bytes, Case]] = [
        ("two batches", data, {"from": 0, "upto": 12, "used": shown}),
        ("nothing new", empty, {"from": 12, "upto": 12, "used": {}}),
        ("by another key", sign_used(made, OTHER), {"code": "bad-signature"}),
        ("cut", data[:-1], {"code": "bad-cbor"}),
        ("another version", _resigned(fields | {"v": 2}), {"code": "bad-used"}),
        ("a field more", _resigned(fields | {"w": 1}), {"code": "bad-used"}),
        ("ends before it begins", _resigned(fields | {"from": 13}), {"code": "bad-used"}),
        ("over when issued", _resigned(fields | {"expires": NOW}), {"code": "bad-used"}),
        ("batches in another order", _resigned(fields | {"used": rows[::-1]}), {"code": "bad-used"}),
        ("a batch twice", _resigned(fields | {"used": [rows[0], rows[0]]}), {"code": "bad-used"}),
        ("no index", _resigned(fields | {"used": [[first, 0, 0, b"x"]]}), {"code": "bad-used"}),
        ("bits missing", _resigned(fields | {"used": [[first, 9, 4, b"\xff"]]}), {"code": "bad-revocation"}),
    ]
    return [
        {"name": name, "key": NODE.public.hex(), "data": raw.hex(), "expect": expect} for name, raw, expect in cases
    ]


def main() -> None:
    """Write the file."""
    cases = {"frames": frame_cases(), "used": used_cases()}
    FILE.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
