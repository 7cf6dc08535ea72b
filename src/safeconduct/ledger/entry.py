"""What the log holds of an envelope: a hash that tells a reader without the nonce nothing (spec/ledger.md)."""

from hashlib import sha256

from safeconduct.errors import BadInput
from safeconduct.ledger.merkle import leaf_hash

NONCE_BYTES = 32


def entry_hash(nonce: bytes, envelope: bytes) -> bytes:
    """The log's entry, 32 bytes: SHA-256(nonce ‖ envelope).

    The nonce, random and fresh, keeps a guessable envelope from being recognised by whoever sees only hashes.

    Raises:
        BadInput: `bad-nonce`, unless the nonce has 32 bytes.
    """
    if len(nonce) != NONCE_BYTES:
        raise BadInput("bad-nonce", where="ledger entry", expected="a nonce of 32 bytes", seen=f"{len(nonce)} bytes")
    return sha256(nonce + envelope).digest()


def entry_leaf(nonce: bytes, envelope: bytes) -> bytes:
    """Leaf hash of the entry in the tree: SHA-256(0x00 ‖ entry).

    Raises:
        BadInput: as `entry_hash`.
    """
    return leaf_hash(entry_hash(nonce, envelope))
