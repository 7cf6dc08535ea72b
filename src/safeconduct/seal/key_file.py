"""A private key in a file, encrypted to a passphrase (`spec/root-key.md`): Argon2id, then AES-256-GCM.

The file may lie on a stick. It tells the public key without the passphrase, and nothing else of use.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from nacl.pwhash import argon2id

from safeconduct.errors import BadInput
from safeconduct.seal import canonical, cipher
from safeconduct.seal.keys import KEY_BYTES, SigningKey, VerifyKey

DOMAIN = b"safeconduct.key-file.1\x00"
SALT_BYTES = 16
SHORTEST = 16  # characters of a new passphrase: the file may be copied, and tried for years
MEMORY = 262_144  # KiB, 256 MiB: libsodium's "moderate"
PASSES = 4
_MOST_MEMORY, _MOST_PASSES = 1 << 20, 16  # KiB and t that a reader computes; a file cannot ask for a day's work
_LIMIT = 1_024  # bytes
_RAW = {"nonce": cipher.NONCE_BYTES, "public": KEY_BYTES, "salt": SALT_BYTES, "sealed": KEY_BYTES + cipher.TAG_BYTES}
_NUMBERS = {"memory": (8_192, _MOST_MEMORY), "passes": (1, _MOST_PASSES), "v": (1, 1)}


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of one try of a passphrase (RFC 9106, one lane): KiB, and t."""

    memory: int = MEMORY
    passes: int = PASSES


def lock(seed: bytes, passphrase: str, *, salt: bytes, nonce: bytes, cost: Cost | None = None) -> bytes:
    """Encrypt a seed of 32 bytes to a passphrase.

    Args:
        seed: of the private key.
        passphrase: at least 16 characters; folded by NFKC, so that two keyboards write the same.
        salt: 16 fresh random bytes.
        nonce: 12 fresh random bytes.
        cost: of a try; 256 MiB and four passes by default.

    Raises:
        BadInput: `weak-passphrase`, or `bad-key`; neither shows what was given.
    """
    if len(passphrase) < SHORTEST:
        raise BadInput("weak-passphrase", where="passphrase", expected=f"at least {SHORTEST} characters",
                       seen=f"{len(passphrase)} characters")  # fmt: skip
    cost = cost or Cost()
    head = {
        "memory": cost.memory, "nonce": nonce, "passes": cost.passes, "public": SigningKey.from_seed(seed).public,
        "salt": salt, "v": 1,
    }  # fmt: skip
    sealed = cipher.encrypt(_key(passphrase, head), nonce, seed, _aad(head))
    data = canonical.encode_cbor({**head, "sealed": sealed})
    _read(data)
    return data


def public_of(data: bytes) -> bytes:
    """Return the public key that a key file names.

    Raises:
        BadInput: `bad-cbor`, `bad-key-file` or `bad-key`.
    """
    return VerifyKey.load(_read(data)["public"], where="key file: public").raw


def unlock(data: bytes, passphrase: str) -> SigningKey:
    """Open a key file.

    Steps: 1. shape and cost; 2. Argon2id of the passphrase; 3. the tag holds over the whole head; 4. the seed belongs
    to the public key that the file names.

    Raises:
        BadInput: `bad-cbor`, `bad-key-file`; `bad-passphrase`, when the tag does not hold, which a changed file shows
            too.
    """
    fields = _read(data)  # 1
    head = {name: value for name, value in fields.items() if name != "sealed"}
    derived = _key(passphrase, head)  # 2
    try:
        seed = cipher.decrypt(derived, head["nonce"], fields["sealed"], _aad(head), where="key file")  # 3
    except BadInput:
        raise BadInput("bad-passphrase", where="key file", expected="its passphrase, and an unchanged file",
                       seen="another one") from None  # fmt: skip
    key = SigningKey.from_seed(seed)
    if key.public != head["public"]:  # 4
        raise BadInput("bad-key-file", where="key file: public", expected="the key within", seen="another key")
    return key


def _key(passphrase: str, head: dict[str, Any]) -> bytes:
    secret = unicodedata.normalize("NFKC", passphrase).encode()
    return argon2id.kdf(cipher.KEY_BYTES, secret, head["salt"], head["passes"], head["memory"] * 1_024)


def _aad(head: dict[str, Any]) -> bytes:
    return DOMAIN + canonical.encode_cbor(head)


def _read(data: bytes) -> dict[str, Any]:
    fields = canonical.decode_cbor(data, where="key file", limit=_LIMIT)
    if not isinstance(fields, dict) or fields.keys() != _RAW.keys() | _NUMBERS.keys():
        raise BadInput("bad-key-file", where="key file", expected="exactly the fields of the format", seen="others")
    for name, length in _RAW.items():
        if type(fields[name]) is not bytes or len(fields[name]) != length:
            raise BadInput("bad-key-file", where=f"key file: {name}", expected=f"{length} bytes", seen="something else")
    for name, (low, high) in _NUMBERS.items():
        if type(fields[name]) is not int or not low <= fields[name] <= high:
            expected = f"a whole number from {low} to {high}"
            raise BadInput("bad-key-file", where=f"key file: {name}", expected=expected, seen=fields[name])
    return fields
