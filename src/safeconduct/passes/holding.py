"""A phone's key as text, and the code by which the phone shows that it holds that key (`spec/holding.md`).

The pass carries a hash of the key. The code signs the pass, the control point and the minute: shown to another guard or
some minutes later it is worth nothing.
"""

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, urlencode

from safeconduct.errors import BadInput
from safeconduct.passes import base45
from safeconduct.passes.pass_format import EPOCH, PASS_BYTES
from safeconduct.seal import signed
from safeconduct.seal.keys import KEY_BYTES, SIGNATURE_BYTES, SigningKey, VerifyKey

KEY_PREFIX, PROOF_PREFIX = "SCK1:", "SCH1:"
KEY_LENGTH = 59  # characters: the prefix and 54 of base45
PROOF_LENGTH = 154  # characters: all that a QR code of version 6, level M, holds
SKEW = 5  # minutes that the two phones' clocks may differ, either way
DOMAIN = "safeconduct.hold.1"
_MINUTE = 60  # seconds
_MINUTE_BYTES = 3  # minutes since `EPOCH`, until November 2051
_CHECK_DOMAIN = b"safeconduct.phone-key.1\0"
_CHECK_BYTES = 4  # a slip of the fingers goes unnoticed once in 4,294,967,296


@dataclass(frozen=True, slots=True)
class Proof:
    """What a phone shows beside its pass."""

    key: VerifyKey
    minute: int  # since `EPOCH`, by the phone's own clock
    signature: bytes  # 64 bytes


def key_text(public_key: bytes) -> str:
    """Write a phone's 32-byte public key as the 59 characters that it shows to its issuer.

    Raises:
        BadInput: `bad-key`, unless the key keeps the rule of `spec/signatures.md`.
    """
    key = VerifyKey.load(public_key, where="phone key").raw
    return KEY_PREFIX + base45.encode(key + _check_of(key))


def read_key(text: str, *, where: str = "phone key") -> bytes:
    """Read a phone's public key, 32 bytes; nothing is stripped or guessed.

    Raises:
        BadInput: `bad-text` for another form; `bad-key` for a slip, or a key that breaks the rule of
            `spec/signatures.md`.
    """
    if len(text) != KEY_LENGTH or not text.startswith(KEY_PREFIX):
        raise BadInput("bad-text", where=where, expected="SCK1: and 54 characters", seen=text)
    data = base45.decode(text[len(KEY_PREFIX) :], where=where)
    key = data[:KEY_BYTES]
    if data[KEY_BYTES:] != _check_of(key):
        raise BadInput("bad-key", where=where, expected="the text just as the phone shows it", seen=text)
    return VerifyKey.load(key, where=where).raw


def make_proof(key: SigningKey, raw: bytes, point: str, now: int) -> str:
    """Write the code that a phone shows with its pass, 154 characters.

    Args:
        key: the phone's.
        raw: the 96 bytes of the pass.
        point: id of the control point that it is shown to.
        now: the phone's time, unix seconds.

    Raises:
        BadInput: `bad-pass` for other than 96 bytes; `bad-proof` for a time that three bytes of minutes do not hold.
    """
    minute = minute_of(now)
    if not 0 <= minute < 1 << 8 * _MINUTE_BYTES:
        raise BadInput("bad-proof", where="time", expected="from 2020 to 2051", seen=now)
    signature = signed.sign(DOMAIN, signed_part(raw, point, minute), key)
    return PROOF_PREFIX + base45.encode(key.public + minute.to_bytes(_MINUTE_BYTES, "big") + signature)


def read_proof(text: str) -> Proof:
    """Read the code that a phone shows with its pass; whether it fits, `holds` says.

    Raises:
        BadInput: `bad-text` for another form; `bad-key`.
    """
    if len(text) != PROOF_LENGTH or not text.startswith(PROOF_PREFIX):
        raise BadInput("bad-text", where="phone's code", expected="SCH1: and 149 characters", seen=text)
    data = base45.decode(text[len(PROOF_PREFIX) :], where="phone's code")
    key = VerifyKey.load(data[:KEY_BYTES], where="phone's code")
    return Proof(key, int.from_bytes(data[KEY_BYTES:-SIGNATURE_BYTES], "big"), data[-SIGNATURE_BYTES:])


def holds(proof: Proof, raw: bytes, point: str, now: int) -> bool:
    """Whether a code was made for this pass and control point within `SKEW` minutes of `now`, unix seconds.

    Whether its key is the one that the pass is bound to, `binding.bind_phone` says.
    """
    near = abs(minute_of(now) - proof.minute) <= SKEW
    return near and signed.check(DOMAIN, signed_part(raw, point, proof.minute), proof.signature, proof.key)


def pass_link(page: str, text: str, point: str) -> str:
    """Write the link that brings a pass and its control point to a phone.

    Both stand behind the `#`, which no browser sends to the node.

    Args:
        page: address of the travellers' own page.
        text: the pass as text.
        point: id of the control point.
    """
    return f"{page}#" + urlencode({"point": point, "pass": text}, quote_via=quote, safe="")


def minute_of(now: int) -> int:
    """Count the whole minutes from `EPOCH` to a time in unix seconds."""
    return (now - EPOCH) // _MINUTE


def signed_part(raw: bytes, point: str, minute: int) -> bytes:
    """Lay out what the phone signs in its domain: hash of the pass, minute, id of the control point.

    Raises:
        BadInput: `bad-pass`, unless the pass has 96 bytes.
    """
    if len(raw) != PASS_BYTES:
        raise BadInput("bad-pass", where="pass", expected="96 bytes", seen=raw)
    return sha256(raw).digest() + minute.to_bytes(_MINUTE_BYTES, "big") + point.encode()


def _check_of(key: bytes) -> bytes:
    return sha256(_CHECK_DOMAIN + key).digest()[:_CHECK_BYTES]
