"""Write spec/vectors/root-key.json and allied-batch.json: fixed keys and bytes, the same on every run."""

# ruff: noqa: E501  (one case a line)

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safeconduct.passes.allied import encode_offer
from safeconduct.passes.batch import (
    BatchEntry,
    StatusCertificate,
    encode_batch,
    encode_certificate,
    identity,
    sign_batch,
    sign_certificate,
)
from safeconduct.passes.ceremony import answer_request, encode_made, encode_request
from safeconduct.passes.revocation import build, sign
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.key_file import Cost, lock
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.words import fingerprint_words

Case = dict[str, Any]
FOLDER = Path(__file__).resolve().parent.parent / "spec" / "vectors"
SEED = bytes(range(32))
ROOT, STATUS, BATCH = SigningKey.from_seed(SEED), SigningKey.from_seed(bytes([2]) * 32), SigningKey.from_seed(bytes(32))
PHRASE = "an exercise, not a secret"
TWO = ("night desk", "legal desk")
ENTRY = BatchEntry("exercise-1", BATCH.public, (0,), ("gate-a",), 1_000, 9_000, 256, "std", "bip39-en", bytes(16))


def changed(data: bytes, change: Callable[[dict[Any, Any]], object]) -> bytes:
    """A map in CBOR with something else in it."""
    fields = decode_cbor(data, where="vector")
    change(fields)
    return encode_cbor(fields)


def _case(name: str, data: bytes, **expect: object) -> Case:
    return {"name": name, "data": data.hex(), "expect": expect}


def root_key() -> Case:
    """All cases of spec/root-key.md."""
    file = lock(SEED, PHRASE, salt=bytes(16), nonce=bytes(12), cost=Cost(8_192, 1))
    accented = lock(
        SEED, "caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9", salt=bytes(16), nonce=bytes(12), cost=Cost(8_192, 2)
    )
    certificate = encode_certificate(StatusCertificate("exercise-1", STATUS.public, 1_000, 605_800))
    request = encode_request("evac", ROOT.public, 1_500, [("certificate", certificate), ("batch", encode_batch(ENTRY))])
    answer, made = answer_request(request, ROOT, by=TWO, at=1_600), encode_made(ROOT, by=TWO, at=1_400)
    assert isinstance(answer, bytes)  # noqa: S101  (two offices)
    assert isinstance(made, bytes)  # noqa: S101
    public = ROOT.public.hex()
    return {
        "root": public,
        "words": [{"data": one.hex(), "expect": fingerprint_words(one)} for one in (b"", ROOT.public)],
        "key_file": [
            {**_case("opens", file, public=public), "passphrase": PHRASE},
            {**_case("another spelling", accented, public=public), "passphrase": "cafe\u0301 cafe\u0301 cafe\u0301 cafe\u0301"},
            {**_case("another passphrase", file, code="bad-passphrase"), "passphrase": "another exercise, no secret"},
            {**_case("another salt", changed(file, lambda f: f.update(salt=b"x" * 16)), code="bad-passphrase"), "passphrase": PHRASE},
            {**_case("another public key", changed(file, lambda f: f.update(public=STATUS.public)), code="bad-passphrase"), "passphrase": PHRASE},
            {**_case("too much memory", changed(file, lambda f: f.update(memory=2_000_000)), code="bad-key-file"), "passphrase": PHRASE},
            {**_case("a byte behind it", file + b"\0", code="bad-cbor"), "passphrase": PHRASE},
        ],
        "made": [
            _case("opens", made, public=public, by=list(TWO)),
            _case("another key", changed(made, lambda f: f.update(public=STATUS.public)), code="bad-signature"),
            _case("one office", changed(made, lambda f: f.update(by=["one"])), code="bad-root-made"),
        ],
        "request": request.hex(),
        "answer": [
            _case("opens", answer, by=list(TWO), items=2),
            _case("another request", changed(answer, lambda f: f.update(request=bytes(32))), code="unknown-root-request"),
            _case("one office twice", changed(answer, lambda f: f.update(by=["a", "a"])), code="second-person-needed"),
            _case("another time", changed(answer, lambda f: f.update(at=1)), code="bad-signature"),
            _case("no signature", changed(answer, lambda f: f.pop("signature")), code="bad-root-answer"),
        ],
    }  # fmt: skip


def allied_batch() -> Case:
    """All cases of spec/allied-batch.md."""

    def offer(at: int = 2_000, agreement: str = "exercise-1", root: SigningKey = ROOT, capacity: int = 256) -> bytes:
        certificate = sign_certificate(StatusCertificate(agreement, STATUS.public, 1_000, 5_000), root)
        listed = sign(build(identity(ENTRY), capacity, [3, 5], 1, 2_000, 4_000), STATUS)
        return encode_offer("north", at, certificate, [(sign_batch(ENTRY, ROOT), listed)], STATUS)

    return {
        "root": ROOT.public.hex(),
        "agreement": "exercise-1",
        "open": [
            _case("opens", offer(), party="north", batch=identity(ENTRY).hex(), seq=1, revoked=[3, 5]),
            _case("another root", offer(root=STATUS), code="bad-status-key"),
            _case("another agreement", offer(agreement="exercise-2"), code="out-of-agreement"),
            _case("after its certificate", offer(at=5_000), code="bad-status-key"),
            _case("a list of another size", offer(capacity=128), code="wrong-base"),
            _case("another party", changed(offer(), lambda f: f.update(party="south")), code="bad-signature"),
            _case("no batch", changed(offer(), lambda f: f.update(batches=[])), code="bad-batch-offer"),
        ],
    }


def main() -> None:
    """Write both files."""
    for name, made in (("root-key", root_key()), ("allied-batch", allied_batch())):
        (FOLDER / f"{name}.json").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
