"""Write `spec/vectors/revocation-codes.json`: revocations as codes and a message, and how each is refused.

`python tools/make_vectors_revocation_codes.py`; all keys in it are for tests only.
"""

import json
import random
from hashlib import sha256
from pathlib import Path
from typing import Any

from safeconduct.passes import base45, revocation, revocation_delta, revocation_text
from safeconduct.passes.batch import SignedCertificate, StatusCertificate, sign_certificate
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.keys import SigningKey

FILE = Path(__file__).parent.parent / "spec" / "vectors" / "revocation-codes.json"
NOW = 1_629_676_800  # 2021-08-23T00:00Z
DAY = 86_400
AGREEMENT = "exercise-1"
ROOT, STATUS, OTHER = (SigningKey.from_seed(name * 8) for name in (b"root", b"stat", b"evil"))
BATCH = sha256(b"a batch of these cases").digest()
CERTIFICATE = sign_certificate(StatusCertificate(AGREEMENT, STATUS.public, NOW, NOW + 7 * DAY), ROOT)


def _list(count: int, capacity: int, seq: int = 1, expires: int = NOW + 2 * DAY) -> revocation.RevocationList:
    chosen = random.Random(seq * capacity + count).sample(range(capacity), count)  # noqa: S311  (cases, the same each time)
    return revocation.build(BATCH, capacity, chosen, seq, NOW, expires)


def _message(
    *lists: revocation.RevocationList, key: SigningKey = STATUS, certificate: SignedCertificate = CERTIFICATE
) -> bytes:
    return revocation_text.encode_message(certificate, [revocation.sign(one, key) for one in lists])


def _told(found: revocation.RevocationList) -> dict[str, Any]:
    return {"batch": found.batch.hex(), "revoked": sorted(revocation.revoked_indexes(found)), "seq": found.seq}


def messages() -> list[dict[str, Any]]:
    """Return messages with what they hold, or the code of their refusal."""
    usual, old = _list(12, 400), _list(10, 400)
    new = revocation.build(BATCH, 400, [*sorted(revocation.revoked_indexes(old))[1:], 399], 2, NOW, NOW + DAY)
    change = revocation_delta.sign_delta(revocation_delta.delta(old, new), STATUS)
    delta = revocation_text.encode_message(CERTIFICATE, [], [change])
    good = _message(usual)
    broken = good[:-2] + bytes([good[-2] ^ 1]) + good[-1:]  # the last byte is the empty array of deltas
    seven = decode_cbor(good, where="case")
    longer = sign_certificate(StatusCertificate(AGREEMENT, STATUS.public, NOW - 6 * DAY, NOW + DAY), ROOT)
    empty = {"lists": [], "deltas": 0}
    cases: list[tuple[str, bytes, dict[str, Any]]] = [
        ("one list", good, {"lists": [_told(usual)], "deltas": 0}),
        ("no list", _message(), empty),
        ("a delta", delta, {"lists": [], "deltas": 1}),
        ("signed by another key", _message(usual, key=OTHER), {"code": "bad-signature"}),
        ("one bit of a signature is another", broken, {"code": "bad-signature"}),
        ("certified by another root", _message(usual, certificate=sign_certificate(
            StatusCertificate(AGREEMENT, STATUS.public, NOW, NOW + DAY), OTHER)), {"code": "bad-status-key"}),
        ("of another agreement", _message(usual, certificate=sign_certificate(
            StatusCertificate("exercise-2", STATUS.public, NOW, NOW + 7 * DAY), ROOT)), {"code": "out-of-agreement"}),
        ("outlives its certificate", _message(usual, certificate=longer), {"code": "bad-status-key"}),
        ("is over", _message(_list(3, 400, expires=NOW + 1)), {"code": "bundle-expired"}),
        ("another version", encode_cbor([2, *seven[1:]]), {"code": "bad-message"}),
        ("no array", encode_cbor({"v": 1}), {"code": "bad-message"}),
        ("cut short", good[:-1], {"code": "bad-cbor"}),
    ]  # fmt: skip
    return [{"name": name, "message": data.hex(), "now": NOW + 60, "expect": told} for name, data, told in cases]


def codes() -> list[dict[str, Any]]:
    """Return texts of codes with the message they make, or the code of their refusal."""
    small, large = _message(_list(100, 10_000)), _message(_list(3_000, 20_000))
    other = revocation_text.to_parts(_message(_list(3_000, 20_000, seq=2)))
    texts = revocation_text.to_parts(large)
    mixed = [texts[0], *other[1:]]
    head = sha256(b"x").digest()[:4]
    changed = revocation_text.PREFIX + base45.encode(
        base45.decode(texts[0][5:])[:-1] + bytes([base45.decode(texts[0][5:])[-1] ^ 1])
    )
    cases: list[tuple[str, list[str], dict[str, Any]]] = [
        ("100 of 10,000 are one code", revocation_text.to_parts(small), {"message": small.hex()}),
        ("several codes", texts, {"message": large.hex()}),
        ("several codes, backwards and one twice", [*texts[::-1], texts[0]], {"message": large.hex()}),
        ("one is missing", texts[1:], {"missing": [1]}),
        ("codes of two messages", mixed, {"code": "bad-message"}),
        ("one bit is another", [changed, *texts[1:]], {"code": "bad-message"}),
        ("another prefix", ["SC1:" + texts[0][5:]], {"code": "bad-text"}),
        ("a head alone", [revocation_text.PREFIX + base45.encode(head + b"\x00\x01")], {"code": "bad-text"}),
        (
            "a place beyond the number",
            [revocation_text.PREFIX + base45.encode(head + b"\x02\x02x")],
            {"code": "bad-text"},
        ),
        ("too many codes", [revocation_text.PREFIX + base45.encode(head + b"\x00\xfbx")], {"code": "bad-text"}),
        ("no base45", ["SCR1:ab"], {"code": "bad-text"}),
    ]
    return [{"name": name, "codes": given, "expect": told} for name, given, told in cases]


def vectors() -> dict[str, Any]:
    """Return the whole file."""
    return {
        "spec": "revocation-codes.md", "root": ROOT.public.hex(), "agreement": AGREEMENT, "codes": codes(),
        "messages": messages(),
    }  # fmt: skip


def main() -> None:
    """Write the file."""
    FILE.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
