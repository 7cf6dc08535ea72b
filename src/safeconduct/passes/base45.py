"""Base45 (RFC 9285): bytes as the 45 characters of a QR code's alphanumeric mode, strict in both directions."""

from functools import cache, lru_cache
from struct import unpack

from safeconduct.errors import BadInput

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # RFC 9285, table 1


@cache
def _triples() -> list[str]:
    """Three characters for each 16-bit number, least significant first (RFC 9285, 4.3); 3.4 MB, made on first use."""
    return [c + d + e for e in ALPHABET for d in ALPHABET for c in ALPHABET][:65_536]


# Value of each character's byte; 255 for a byte outside the alphabet.
_VALUES = bytes(ALPHABET.index(chr(byte)) if chr(byte) in ALPHABET else 255 for byte in range(256))


@lru_cache(maxsize=64)
def _low_bytes(groups: int) -> int:
    """Mask of the lowest byte of each 24 bits."""
    return int.from_bytes(b"\0\0\xff" * groups, "big")


def encode(data: bytes) -> str:
    """Encode `data`: three characters for two bytes, two for a last single byte (RFC 9285, 4.3)."""
    triples = _triples()
    even = len(data) & ~1
    text = "".join([triples[word] for word in unpack(f">{even >> 1}H", data[:even])])
    if len(data) & 1:
        text += ALPHABET[data[-1] % 45] + ALPHABET[data[-1] // 45]
    return text


def decode(text: str, *, where: str = "base45 text") -> bytes:
    """Decode `text`; nothing is stripped, folded or guessed.

    Raises:
        BadInput: `bad-text`, when a character is outside the alphabet, a group stands for too large a number, or
            one character is left over (RFC 9285, 6).
    """
    values = text.encode("ascii", "replace").translate(_VALUES)  # "replace" writes "?", which is not in the alphabet
    full, rest = divmod(len(values), 3)
    if rest == 1 or 255 in values:
        raise BadInput("bad-text", where=where, expected="groups of characters of RFC 9285", seen=text)
    # All groups at once, one in each 24 bits of a long integer: no group carries into the next, being at most 91,124.
    number, low_bytes = int.from_bytes(values[: 3 * full], "big"), _low_bytes(full)
    words = (number >> 16 & low_bytes) + 45 * (number >> 8 & low_bytes) + 2_025 * (number & low_bytes)
    groups = words.to_bytes(3 * full, "big")
    last = values[-2] + 45 * values[-1] if rest else 0
    if groups[::3].count(0) < full or last > 0xFF:
        raise BadInput("bad-text", where=where, expected="groups that stand for one or two bytes", seen=text)
    data = bytearray(2 * full)
    data[::2], data[1::2] = groups[1::3], groups[2::3]
    return bytes(data) + (bytes((last,)) if rest else b"")
