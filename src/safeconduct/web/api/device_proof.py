"""The `Authorization` header by which a device proves itself: scheme, device where the path names none, time, proof."""

from typing import NamedTuple

from safeconduct.errors import BadInput
from safeconduct.seal.keys import SIGNATURE_BYTES
from safeconduct.seal.session import MAC_BYTES

FORMS = {
    "Device": "Device TIME SIGNATURE", "Check": "Check DEVICE TIME SIGNATURE", "Session": "Session DEVICE TIME MAC",
}  # fmt: skip
PARTS = {scheme: len(form.split()) - 1 for scheme, form in FORMS.items()}  # after the scheme
LONGEST_TIME = 15  # digits


class DeviceProof(NamedTuple):
    """What the header says; whether it is right, the workflow says."""

    device: str  # empty where the path names it
    at: int  # the device's time, unix seconds
    proof: bytes  # a signature, or the MAC of a session


def device_proof(header: str, *schemes: str) -> DeviceProof:
    """Read the header in one of some schemes (keys of `FORMS`).

    Raises:
        BadInput: `bad-request`.
    """
    scheme, *parts = header.split() or [""]
    if scheme not in schemes or len(parts) != PARTS[scheme]:
        raise _not_as(schemes, len(parts))
    *name, at, given = parts
    length = MAC_BYTES if scheme == "Session" else SIGNATURE_BYTES
    if not (at.isascii() and at.isdecimal() and len(at) <= LONGEST_TIME and len(given) == 2 * length):
        raise _not_as(schemes, len(parts))
    try:
        proof = bytes.fromhex(given)
    except ValueError:
        raise BadInput("bad-request", where="Authorization", expected="a proof in hex", seen=given) from None
    return DeviceProof(name[0] if name else "", int(at), proof)


def _not_as(schemes: tuple[str, ...], parts: int) -> BadInput:
    expected = " or ".join(FORMS[one] for one in schemes)
    return BadInput("bad-request", where="Authorization", expected=expected, seen=parts)
