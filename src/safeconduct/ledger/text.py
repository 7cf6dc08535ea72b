"""The two notations inside notes and proofs, each with one text for one value."""

import base64
import binascii
import re

from safeconduct.errors import BadInput

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_LIMIT = 1 << 63


def to_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def from_base64(text: str, *, code: str, where: str, length: int | None = None) -> bytes:
    """Bytes of canonical base64: no spaces, no missing padding, no stray bits; `length` bytes if it is given.

    Raises:
        BadInput: `code`.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if to_base64(data) != text or length not in (None, len(data)):
        expected = "canonical base64" if length is None else f"{length} bytes in canonical base64"
        raise BadInput(code, where=where, expected=expected, seen=text)
    return data


def from_decimal(text: str, *, code: str, where: str) -> int:
    """Number below 2^63 in ASCII digits, without sign or leading zero.

    Raises:
        BadInput: `code`.
    """
    if _DECIMAL.fullmatch(text) is None or int(text) >= _LIMIT:
        raise BadInput(code, where=where, expected="a decimal below 2^63", seen=text)
    return int(text)


def decode_lines(data: bytes, *, code: str, where: str, limit: int) -> str:
    """Text of UTF-8 bytes whose only control character below U+0020 is the newline.

    Raises:
        BadInput: `code`, also for more than `limit` bytes.
    """
    if len(data) > limit:
        raise BadInput(code, where=where, expected=f"at most {limit} bytes", seen=len(data))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(code, where=where, expected="UTF-8", seen=f"byte {error.start}") from None
    if any(c < " " and c != "\n" for c in set(text)):
        raise BadInput(code, where=where, expected="no control character but the newline", seen=text)
    return text
