"""Write spec/vectors/inventory.json and spec/vectors/bundle-file.json: fixed keys, no clock, the same bytes each time.

What is expected is written here by hand, so that the code under test does not grade itself.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from safeconduct.passes.batch import StatusCertificate, encode_certificate
from safeconduct.seal.canonical import encode_cbor
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.signed import sign

FOLDER = Path(__file__).resolve().parent.parent / "spec" / "vectors"
AGREEMENT = "exercise-1"
START, DAY = 1_629_676_800, 86_400  # 2021-08-23T00:00Z
AT = START + DAY
MAGIC = b"safeconduct file 1\n"


def _key(name: str) -> SigningKey:
    return SigningKey.from_seed(sha256(f"exchange {name}".encode()).digest())


def _digest(name: str) -> bytes:
    return sha256(f"exchange {name}".encode()).digest()


ROOT, STATUS, FORGER = map(_key, ("root", "status", "forger"))
STATEMENT: dict[str, Any] = {
    "after": 0, "agreement": AGREEMENT, "at": AT, "from": "evac", "head": "", "more": False,
    "refused": [[_digest("refused"), "out-of-scope"]],
    "sent": [[3, "agreement", _digest("one")], [7, "release", _digest("two")]], "size": 9,
    "taken": [[5, "acknowledgement", _digest("three")]], "to": "cordon", "v": 1, "waiting": [_digest("waits")],
}  # fmt: skip
HEADER: dict[str, Any] = {
    "agreement": AGREEMENT, "ask": b"", "at": AT, "count": 2, "from": "evac", "id": bytes(range(16)), "inventory": [],
    "missing": [_digest("one")], "reply": [], "to": "cordon", "v": 1,
}  # fmt: skip
WIRES = [b"an envelope in its wire form", b"another one"]


def _certificate(agreement: str = AGREEMENT) -> bytes:
    return encode_certificate(StatusCertificate(agreement, STATUS.public, START, START + 7 * DAY))


def statement(
    *, changed: dict[str, Any] | None = None, without: str = "", signer: SigningKey = STATUS, root: SigningKey = ROOT,
    agreement: str = AGREEMENT, domain: str = "safeconduct.inventory.1",
) -> dict[str, bytes]:  # fmt: skip
    """Return a statement as a map, right in all but what is asked for."""
    fields = {key: value for key, value in {**STATEMENT, **(changed or {})}.items() if key != without}
    body, certificate = encode_cbor(fields), _certificate(agreement)
    return {
        "c": certificate,
        "cs": sign("safeconduct.status.1", certificate, root),
        "i": body,
        "s": sign(domain, body, signer),
    }


def inventory() -> dict[str, Any]:
    """Return the content of inventory.json."""
    good = statement()
    made: dict[str, tuple[dict[str, Any], str | None]] = {
        "good": (good, None),
        "nothing-crossed": (statement(changed={"sent": [], "taken": [], "refused": [], "waiting": []}), None),
        "version-2": (statement(changed={"v": 2}), "bad-inventory"),
        "field-missing": (statement(without="taken"), "bad-inventory"),
        "field-left-over": (statement(changed={"note": "x"}), "bad-inventory"),
        "index-as-text": (statement(changed={"sent": [["3", "release", _digest("one")]]}), "bad-inventory"),
        "indexes-fall": (statement(changed={"sent": STATEMENT["sent"][::-1]}), "bad-inventory"),
        "index-twice": (statement(changed={"sent": [STATEMENT["sent"][0]] * 2}), "bad-inventory"),
        "index-beyond-the-size": (statement(changed={"size": 7}), "bad-inventory"),
        "index-before-the-start": (statement(changed={"after": 4}), "bad-inventory"),
        "short-digest": (statement(changed={"waiting": [bytes(31)]}), "bad-inventory"),
        "signature-missing": ({k: v for k, v in good.items() if k != "s"}, "bad-inventory"),
        "unknown-sender": (statement(changed={"from": "north"}), "unknown-sender"),
        "from-the-reader-itself": (statement(changed={"from": "cordon"}), "unknown-sender"),
        "root-of-somebody-else": (statement(root=FORGER), "bad-status-key"),
        "certificate-of-another-agreement": (statement(agreement="exercise-2"), "bad-status-key"),
        "a-second-after-the-certificate": (statement(changed={"at": START + 7 * DAY}), "bad-status-key"),
        "signed-by-another-key": (statement(signer=FORGER), "bad-signature"),
        "signed-for-another-thing": (statement(domain="safeconduct.envelope.1"), "bad-signature"),
        "for-somebody-else": (statement(changed={"to": "south"}), "not-for-us"),
    }
    cases = [{"name": name, "statement": encode_cbor(one).hex(), "expect": code} for name, (one, code) in made.items()]
    cases += [
        {"name": "empty", "statement": "", "expect": "bad-cbor"},
        {"name": "cut-short", "statement": encode_cbor(good)[:-1].hex(), "expect": "bad-cbor"},
    ]
    return {"reader": "cordon", "roots": {"evac": ROOT.public.hex(), "cordon": FORGER.public.hex()}, "cases": cases}


def plain(
    *, header: dict[str, Any] | None = None, wires: list[bytes] | None = None, signer: SigningKey = STATUS,
    root: SigningKey = ROOT, magic: bytes = MAGIC, end: bytes = bytes(4), tail: bytes = b"",
) -> bytes:  # fmt: skip
    """Return the plain form of a file, right in all but what is asked for."""
    fields = {**HEADER, **(header or {})}
    body = magic + _sized(encode_cbor(fields)) + b"".join(map(_sized, WIRES if wires is None else wires)) + end
    certificate = _certificate()
    trailer = encode_cbor({
        "c": certificate,
        "cs": sign("safeconduct.status.1", certificate, root),
        "s": sign("safeconduct.file.1", sha256(body).digest(), signer),
    })  # fmt: skip
    return body + _sized(trailer) + tail


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def bundle_file() -> dict[str, Any]:
    """Return the content of bundle-file.json: plain forms, before they are sealed."""
    good = plain()
    made: dict[str, tuple[bytes, str | None]] = {
        "good": (good, None),
        "without-envelopes": (plain(header={"count": 0}, wires=[]), None),
        "another-magic": (plain(magic=b"safeconduct file 2\n"), "bad-file"),
        "count-differs": (plain(header={"count": 3}), "bad-file"),
        "no-end": (plain(end=b""), "bad-file"),
        "byte-left-over": (plain(tail=b"\x00"), "bad-file"),
        "cut-short": (good[:-1], "bad-file"),
        "cut-in-an-envelope": (good[: len(MAGIC) + 300], "bad-file"),
        "empty": (b"", "bad-file"),
        "too-long-a-header": (MAGIC + b"\xff\xff\xff\xff", "bad-file"),
        "version-2": (plain(header={"v": 2}), "bad-file"),
        "short-id": (plain(header={"id": bytes(15)}), "bad-file"),
        "field-left-over": (plain(header={"note": "x"}), "bad-file"),
        "unknown-sender": (plain(header={"from": "north"}), "unknown-sender"),
        "root-of-somebody-else": (plain(root=FORGER), "bad-status-key"),
        "a-second-after-the-certificate": (plain(header={"at": START + 7 * DAY}), "bad-status-key"),
        "another-agreement": (plain(header={"agreement": "exercise-2"}), "bad-status-key"),
        "signed-by-another-key": (plain(signer=FORGER), "bad-signature"),
        "envelope-changed": (good.replace(WIRES[0], WIRES[0].upper()), "bad-signature"),
        "for-somebody-else": (plain(header={"to": "south"}), "not-for-us"),
    }
    cases = [{"name": name, "plain": data.hex(), "expect": code} for name, (data, code) in made.items()]
    return {
        "reader": "cordon", "roots": {"evac": ROOT.public.hex(), "cordon": FORGER.public.hex()},
        "envelopes": [wire.hex() for wire in WIRES], "cases": cases,
    }  # fmt: skip


if __name__ == "__main__":
    for name, content in (("inventory", inventory()), ("bundle-file", bundle_file())):
        (FOLDER / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")
