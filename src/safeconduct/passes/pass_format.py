"""A pass, version 1: 96 bytes, no name in them (`spec/pass.md`)."""

from dataclasses import dataclass
from struct import Struct
from typing import Any

import segno

from safeconduct.errors import BadInput
from safeconduct.passes import base45

PASS_BYTES = 96
PAYLOAD_BYTES = 32
QUARTER = 900  # seconds; Kabul is UTC+4:30, so that whole hours would not do
EPOCH = 1_577_836_800  # 2020-01-01T00:00Z, unix seconds
LONGEST = 24 * 3_600 + 159 * 3_600  # seconds: length code 255, seven days and fifteen hours
PREFIX = "SC1:"
TEXT_LENGTH = 148  # characters: the prefix and 144 of base45
VERSION = 1

CLASSES = ("group", "staff", "vehicle", "supplies")  # pass classes 0–3; 4–15 are free for an agreement
NO_BINDING, WORDS, WORDS_AND_DOCUMENT, PHONE = 0, 1, 2, 3
NO_BYTES = bytes(16)

LENGTH_SECONDS = tuple(
    [0] + [code * QUARTER for code in range(1, 97)] + [24 * 3_600 + (code - 96) * 3_600 for code in range(97, 256)]
)
_PAYLOAD = Struct(">B4sBHBHBHBB16s")  # the two numbers of three bytes are read as one and two


# Not frozen: making a frozen record takes six times as long, which costs a seventh of the issuing rate on two threads.
@dataclass(slots=True)
class PassFields:
    """What the 32 payload bytes say; times are unix seconds, UTC. Nothing changes one."""

    pass_class: int  # 0–15
    key_id: bytes  # 4 bytes: the beginning of the batch's identity
    index: int  # 0–16,777,215, in the batch
    not_before: int  # whole quarter-hours
    length: int  # code 1–255, see `length_code`
    points: int  # mask over the batch's own list of control points, bit 0 first, 1–65,535
    heads: int  # 1–255
    binding_kind: int  # 0 none, 1 words, 2 words and document, 3 phone key
    binding: bytes  # 16 bytes, zeros for kind 0


def _refuse(field: str, expected: str, seen: object) -> BadInput:
    return BadInput("bad-pass", where=f"pass: {field}", expected=expected, seen=seen)


def encode_payload(fields: PassFields) -> bytes:
    """Lay the fields out in 32 bytes, version 1.

    Raises:
        BadInput: `bad-pass`, naming the field that does not fit.
    """
    quarters, off = divmod(fields.not_before - EPOCH, QUARTER)
    if off or not (
        0 <= fields.pass_class <= 15
        and 0 <= fields.index <= 0xFFFFFF
        and 0 <= quarters <= 0xFFFFFF
        and 0 < fields.length <= 255
        and 0 < fields.points <= 0xFFFF
        and 0 < fields.heads <= 255
        and 0 <= fields.binding_kind <= PHONE
        and len(fields.key_id) == 4
        and len(fields.binding) == 16
        and (fields.binding_kind != NO_BINDING or fields.binding == NO_BYTES)
    ):
        raise _misfit(fields)
    return _PAYLOAD.pack(
        VERSION << 4 | fields.pass_class,
        fields.key_id,
        fields.index >> 16,
        fields.index & 0xFFFF,
        quarters >> 16,
        quarters & 0xFFFF,
        fields.length,
        fields.points,
        fields.heads,
        fields.binding_kind,
        fields.binding,
    )


def _misfit(fields: PassFields) -> BadInput:
    """Name the first field that `encode_payload` found not to fit; the last is left when the others do."""
    quarters, off = divmod(fields.not_before - EPOCH, QUARTER)
    if off:
        return _refuse("not before", "a whole quarter-hour", fields.not_before)
    for name, value, low, high in (
        ("class", fields.pass_class, 0, 15),
        ("index", fields.index, 0, 0xFFFFFF),
        ("not before, in quarter-hours", quarters, 0, 0xFFFFFF),
        ("length code", fields.length, 1, 255),
        ("control points", fields.points, 1, 0xFFFF),
        ("heads", fields.heads, 1, 255),
        ("binding kind", fields.binding_kind, NO_BINDING, PHONE),
        ("bytes of the key id", len(fields.key_id), 4, 4),
    ):
        if not low <= value <= high:
            return _refuse(name, f"{low} to {high}", value)
    return _refuse("binding", "16 bytes, zeros without a binding", fields.binding)


def split_payload(payload: bytes) -> tuple[Any, ...]:
    """Check the form of 32 payload bytes and split them, without making a record: the scan's fast way in.

    Returns:
        First byte, key id, index high and low, quarter-hours high and low, length code, points, heads, binding
        kind, binding.

    Raises:
        BadInput: `bad-pass`.
    """
    if len(payload) != PAYLOAD_BYTES:
        raise _refuse("payload", "32 bytes", payload)
    parts = _PAYLOAD.unpack(payload)
    first, _, _, _, _, _, length, points, heads, kind, binding = parts
    if first >> 4 != VERSION:
        raise _refuse("version", "1", first >> 4)
    if not (length and points and heads):
        raise _refuse("length, control points and heads", "none of them 0", (length, points, heads))
    if kind > PHONE or (kind == NO_BINDING and binding != NO_BYTES):
        raise _refuse("binding", "kind 0 to 3, zeros for kind 0", (kind, binding))
    return parts


def decode_payload(payload: bytes) -> PassFields:
    """Read 32 payload bytes.

    Raises:
        BadInput: `bad-pass`, for another version, a zero length, mask or head count, an unknown binding kind, or a
            binding where there should be none.
    """
    first, key_id, high, low, q_high, q_low, length, points, heads, kind, binding = split_payload(payload)
    return PassFields(
        pass_class=first & 15,
        key_id=key_id,
        index=high << 16 | low,
        not_before=EPOCH + QUARTER * (q_high << 16 | q_low),
        length=length,
        points=points,
        heads=heads,
        binding_kind=kind,
        binding=binding,
    )


def window_end(fields: PassFields) -> int:
    """First second, unix UTC, at which the pass is over."""
    return fields.not_before + LENGTH_SECONDS[fields.length]


def length_code(seconds: int) -> int:
    """Smallest length code that covers `seconds`: quarter-hours up to a day, hours beyond it.

    Raises:
        BadInput: `bad-pass`, for less than a second or more than `LONGEST`.
    """
    if not 0 < seconds <= LONGEST:
        raise _refuse("length in seconds", f"1 to {LONGEST}", seconds)
    if seconds <= LENGTH_SECONDS[96]:
        return -(-seconds // QUARTER)
    return 96 - (LENGTH_SECONDS[96] - seconds) // 3_600


def to_text(raw: bytes) -> str:
    """Write the 96 bytes of a pass as the 148 characters of its QR code."""
    if len(raw) != PASS_BYTES:
        raise _refuse("bytes", "96 of them", raw)
    return PREFIX + base45.encode(raw)


def from_text(text: str) -> bytes:
    """Read the 96 bytes of a pass from its text; nothing is stripped, because a space is a character of base45.

    Raises:
        BadInput: `bad-text`.
    """
    if len(text) != TEXT_LENGTH or not text.startswith(PREFIX):
        raise BadInput("bad-text", where="pass text", expected="SC1: and 144 characters", seen=text)
    return base45.decode(text[4:], where="pass text")


def claimed(raw: bytes) -> tuple[bytes, int]:
    """Return (key id, index) as a pass claims them; nothing is proven by it.

    Raises:
        BadInput: `bad-pass`.
    """
    _, key_id, high, low, *_ = split_payload(raw[:PAYLOAD_BYTES])
    return key_id, high << 16 | low


def qr(text: str) -> segno.QRCode:
    """Make the QR code of a pass: alphanumeric, version 6 (41 × 41 modules), level M.

    A higher level makes the modules smaller, and old phones slower.
    """
    return segno.make(text, version=6, error="m", mode="alphanumeric", boost_error=False, micro=False)
