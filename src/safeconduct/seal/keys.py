"""Ed25519 keys under one rule for every verifier (spec/signatures.md), by libsodium through PyNaCl.

Two gates that disagree about one pass are worse than a slow gate. The key is judged once, when it is loaded; the
signature at every use. There is no batch verification and no cofactor.
"""

from dataclasses import dataclass, field

import nacl.bindings

# PyNaCl's public wrappers copy the message out again; a verdict needs no copy, and a signature only its first 64 bytes,
# so the same C functions are called here. They release the interpreter lock. The edge cases run against them in
# tests/vectors.
from nacl._sodium import ffi, lib  # type: ignore[import-not-found]

from safeconduct.errors import BadInput

KEY_BYTES = 32
SIGNATURE_BYTES = 64
_open, _sign = lib.crypto_sign_open, lib.crypto_sign
_new, _bytes_of, _BYTES = ffi.new, ffi.buffer, ffi.typeof("unsigned char[]")
_NO_OUTPUT = ffi.NULL


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A public key that passed the key half of the one rule; `raw` is its 32 bytes.

    Steps, at construction: 1. 32 bytes; 2. y is canonical, the point is on the curve, not of small order, and in the
    prime-order subgroup ([L]A = 0).

    Raises:
        BadInput: `bad-key`.
    """

    raw: bytes

    def __post_init__(self) -> None:
        """Judge the key once, so that `verify` need not."""
        _check_key(self.raw, "public key")

    @classmethod
    def load(cls, raw: bytes, *, where: str) -> "VerifyKey":
        """Key of 32 bytes from `where`.

        Raises:
            BadInput: `bad-key`, naming `where`.
        """
        _check_key(raw, where)
        made = cls.__new__(cls)  # judged already: judging costs as much as a signature
        object.__setattr__(made, "raw", raw)
        return made

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether `signature` is right: 64 bytes, S < L, R not of small order, [S]B − [k]A encodes to R."""
        return (
            len(signature) == 64
            and _open(_NO_OUTPUT, _NO_OUTPUT, signature + message, 64 + len(message), self.raw) == 0
        )


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key; its printed form shows the public half only."""

    public: bytes
    _secret: bytes = field(repr=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """Key of a 32-byte seed (RFC 8032, section 5.1.5).

        Raises:
            BadInput: `bad-key`, which does not show the seed.
        """
        if len(seed) != KEY_BYTES:
            raise BadInput("bad-key", where="signing key", expected="a seed of 32 bytes", seen=f"{len(seed)} bytes")
        public, secret = nacl.bindings.crypto_sign_seed_keypair(seed)
        return cls(public, secret)

    @property
    def verify_key(self) -> VerifyKey:
        """The public half, ready to verify."""
        return VerifyKey(self.public)

    def sign(self, message: bytes) -> bytes:
        """Signature of 64 bytes (RFC 8032, section 5.1.6): deterministic, so a retry sends identical bytes."""
        signed = _new(_BYTES, SIGNATURE_BYTES + len(message))
        _sign(signed, _NO_OUTPUT, message, len(message), self._secret)
        return bytes(_bytes_of(signed, SIGNATURE_BYTES))


def _check_key(raw: bytes, where: str) -> None:
    if type(raw) is not bytes or len(raw) != KEY_BYTES:
        raise BadInput("bad-key", where=where, expected="32 bytes", seen=raw)
    if not nacl.bindings.crypto_core_ed25519_is_valid_point(raw):
        expected = "a canonical point of the prime-order group"
        raise BadInput("bad-key", where=where, expected=expected, seen=raw.hex())
