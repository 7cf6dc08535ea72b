"""A key that two sides share for a while: X25519 with keys made for it, then HMAC over each message.

It proves to the other side, and to nobody else, who a message is from; for what must be shown to a third, sign.
"""

import hmac
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from safeconduct.errors import BadInput
from safeconduct.seal.cipher import hkdf

PUBLIC_BYTES = MAC_BYTES = 32


def public_of(private: bytes) -> bytes:
    """Return the public half of 32 random bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def shared_key(private: bytes, other: bytes, first: bytes, second: bytes, info: str) -> bytes:
    """Return the key of 32 bytes that both sides derive.

    Args:
        private: this side's 32 random bytes, made for this session and forgotten after it.
        other: the other side's public half.
        first: the public half of the side that opened the session.
        second: the public half of the side that answered.
        info: names the use, and whom the session is with.

    Raises:
        BadInput: `bad-key`, for a public half that is none, or of small order.
    """
    try:
        theirs = X25519PublicKey.from_public_bytes(other)
        secret = X25519PrivateKey.from_private_bytes(private).exchange(theirs)
    except ValueError:  # another length, or a result of zeros (RFC 7748, section 6.1)
        raise BadInput("bad-key", where="session", expected="an X25519 key of 32 bytes", seen=other.hex()) from None
    return hkdf(sha256(secret + first + second).digest(), info)


class Mac:
    """HMAC-SHA-256 (RFC 2104) under one key, made ready once: that takes longer than a short message."""

    __slots__ = ("_ready",)

    def __init__(self, key: bytes) -> None:
        """Keep a key."""
        self._ready = hmac.new(key, digestmod=sha256)

    def of(self, message: bytes) -> bytes:
        """Return the MAC of a message."""
        made = self._ready.copy()
        made.update(message)
        return made.digest()

    def is_right(self, message: bytes, given: bytes) -> bool:
        """Whether `given` is the message's MAC, in constant time."""
        return hmac.compare_digest(self.of(message), given)
