"""AES-256-GCM for single records, and keys derived from keys (HKDF)."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safeconduct.errors import BadInput

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class Cipher:
    """AES-256-GCM (NIST SP 800-38D) under one key, for many records; the caller never uses a nonce twice.

    Raises:
        BadInput: `bad-key`, unless the key has 32 bytes; it is not shown.
    """

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        _check_key(key)
        self._aead = AESGCM(key)

    def encrypt(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Ciphertext with its 16-byte tag behind it.

        Raises:
            BadInput: `bad-nonce`, unless the nonce has 12 bytes.
        """
        _check_nonce(nonce)
        return self._aead.encrypt(nonce, plaintext, aad)

    def decrypt(self, nonce: bytes, ciphertext: bytes, aad: bytes, *, where: str) -> bytes:
        """Plaintext of a ciphertext with its tag.

        Raises:
            BadInput: `bad-ciphertext` if key, nonce, additional data or ciphertext differ by one bit; `bad-nonce`.
        """
        _check_nonce(nonce)
        try:
            return self._aead.decrypt(nonce, ciphertext, aad)
        except InvalidTag:
            expected, seen = "a ciphertext of this key, nonce and context", f"{len(ciphertext)} bytes"
            raise BadInput("bad-ciphertext", where=where, expected=expected, seen=seen) from None


def encrypt(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """`Cipher.encrypt` for a key used once."""
    return Cipher(key).encrypt(nonce, plaintext, aad)


def decrypt(key: bytes, nonce: bytes, ciphertext: bytes, aad: bytes, *, where: str) -> bytes:
    """`Cipher.decrypt` for a key used once."""
    return Cipher(key).decrypt(nonce, ciphertext, aad, where=where)


def hkdf(key: bytes, info: str, length: int = 32) -> bytes:
    """HKDF-SHA-256 (RFC 5869) without salt, since `key` is uniform; `info` names the use, `length` counts bytes.

    Raises:
        BadInput: `bad-key`, unless the key has 32 bytes.
    """
    _check_key(key)
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info.encode()).derive(key)


def _check_key(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise BadInput("bad-key", where="cipher", expected="a key of 32 bytes", seen=f"{len(key)} bytes")


def _check_nonce(nonce: bytes) -> None:
    if len(nonce) != NONCE_BYTES:
        raise BadInput("bad-nonce", where="cipher", expected="a nonce of 12 bytes", seen=nonce)
