"""Write spec/vectors/envelope.json: fixed keys, no clock, the same bytes on every run.

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

OUT = Path(__file__).resolve().parent.parent / "spec" / "vectors" / "envelope.json"
AGREEMENT = "exercise-1"
START, DAY = 1_629_676_800, 86_400  # 2021-08-23T00:00Z
AT = START + DAY


def _key(name: str) -> SigningKey:
    return SigningKey.from_seed(sha256(f"envelope {name}".encode()).digest())


ROOT, STATUS, FORGER = map(_key, ("root", "status", "forger"))
ENVELOPE: dict[str, Any] = {
    "agreement": AGREEMENT, "at": AT, "body": b"a body in the form of its kind", "from": "evac", "id": bytes(range(16)),
    "kind": "release", "to": "cordon", "v": 1,
}  # fmt: skip


def wire(
    *,
    changed: dict[str, Any] | None = None,
    without: str = "",
    root: SigningKey = ROOT,
    signer: SigningKey = STATUS,
    agreement: str = AGREEMENT,
    start: int = START,
    domain: str = "safeconduct.envelope.1",
) -> dict[str, bytes]:
    """Return a wire form as a map, right in all but what is asked for."""
    fields = {key: value for key, value in {**ENVELOPE, **(changed or {})}.items() if key != without}
    envelope = encode_cbor(fields)
    certificate = encode_certificate(StatusCertificate(agreement, STATUS.public, start, start + 7 * DAY))
    return {
        "c": certificate,
        "cs": sign("safeconduct.status.1", certificate, root),
        "e": envelope,
        "s": sign(domain, envelope, signer),
    }


def vectors() -> dict[str, Any]:
    """Return the content of the file."""
    good = wire()
    other_body = good["e"].replace(b"a body", b"A body")
    made: dict[str, tuple[dict[str, Any], str | None]] = {
        "good": (good, None),
        "last-second-of-the-certificate": (wire(changed={"at": START + 7 * DAY - 1}), None),
        "first-second-of-the-certificate": (wire(changed={"at": START}), None),
        "empty-body": (wire(changed={"body": b""}), None),
        "version-2": (wire(changed={"v": 2}), "bad-envelope"),
        "short-id": (wire(changed={"id": bytes(15)}), "bad-envelope"),
        "time-as-text": (wire(changed={"at": "2021"}), "bad-envelope"),
        "body-as-text": (wire(changed={"body": "text"}), "bad-envelope"),
        "field-missing": (wire(without="to"), "bad-envelope"),
        "field-left-over": (wire(changed={"note": "x"}), "bad-envelope"),
        "envelope-is-no-map": ({**good, "e": encode_cbor([1])}, "bad-envelope"),
        "envelope-is-no-cbor": ({**good, "e": b"\xff"}, "bad-cbor"),
        "signature-missing": ({k: v for k, v in good.items() if k != "s"}, "bad-envelope"),
        "unknown-sender": (wire(changed={"from": "north"}), "unknown-sender"),
        "root-of-somebody-else": (wire(root=FORGER), "bad-status-key"),
        "certificate-of-another-agreement": (wire(agreement="exercise-2"), "bad-status-key"),
        "a-second-before-the-certificate": (wire(changed={"at": START - 1}), "bad-status-key"),
        "a-second-after-the-certificate": (wire(changed={"at": START + 7 * DAY}), "bad-status-key"),
        "certificate-is-no-certificate": (
            {**good, "c": encode_cbor({}), "cs": sign("safeconduct.status.1", encode_cbor({}), ROOT)},
            "bad-certificate",
        ),
        "signed-by-another-key": (wire(signer=FORGER), "bad-signature"),
        "signed-for-another-thing": (wire(domain="safeconduct.bundle.1"), "bad-signature"),
        "body-changed": ({**good, "e": other_body}, "bad-signature"),
        "for-somebody-else": (wire(changed={"to": "evac"}), "not-for-us"),
        "unknown-kind": (wire(changed={"kind": "order"}), "unknown-kind"),
    }
    raw = {
        "empty": (b"", "bad-cbor"),
        "cut-short": (encode_cbor(good)[:-1], "bad-cbor"),
        "byte-left-over": (encode_cbor(good) + b"\x00", "bad-cbor"),
        "an-array": (encode_cbor(list(good.values())), "bad-envelope"),
    }
    cases = [{"name": name, "wire": encode_cbor(one).hex(), "expect": code} for name, (one, code) in made.items()]
    cases += [{"name": name, "wire": data.hex(), "expect": code} for name, (data, code) in raw.items()]
    return {
        "reader": "cordon",
        "roots": {"evac": ROOT.public.hex()},
        "envelope": {**ENVELOPE, "body": ENVELOPE["body"].hex(), "id": ENVELOPE["id"].hex()},
        "cases": cases,
    }


if __name__ == "__main__":
    OUT.write_text(json.dumps(vectors(), indent=1) + "\n", "utf-8")
