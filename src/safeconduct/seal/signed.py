"""Signatures with a domain: one key, many kinds of message, and none passes for another (spec/signatures.md)."""

import re
from functools import lru_cache

from safeconduct.errors import BadInput
from safeconduct.seal.keys import SigningKey, VerifyKey

_DOMAIN = re.compile(r"safeconduct\.[a-z][a-z0-9-]*\.[1-9][0-9]*")


def sign(domain: str, payload: bytes, key: SigningKey) -> bytes:
    """Signature of 64 bytes over domain ‖ 0x00 ‖ payload.

    Raises:
        BadInput: `bad-domain`, unless the domain reads `safeconduct.<thing>.<version>`.
    """
    return key.sign(_prefix(domain) + payload)


def check(domain: str, payload: bytes, signature: bytes, key: VerifyKey) -> bool:
    """Whether `signature` by `key` is right for the payload in this domain and no other.

    Raises:
        BadInput: `bad-domain`.
    """
    return key.verify(signature, _prefix(domain) + payload)


@lru_cache(maxsize=256)
def _prefix(domain: str) -> bytes:
    if _DOMAIN.fullmatch(domain) is None:
        raise BadInput("bad-domain", where="signature", expected="safeconduct.<thing>.<version>", seen=domain)
    return domain.encode() + b"\0"
