"""Which passes were used on other devices, as the node knows it from their logs: signed, exact, without time or place.

A device adds each list to what it has, and begins anew with each bundle (`spec/device-log.md`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.passes import rice, shape
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey

DOMAIN = "safeconduct.used.1"
LIMIT = 8 << 20  # bytes
_MOST = 1 << 24  # indexes of one batch
_COUNT = shape.integer(0, 1 << 53)
_BATCH = shape.row(shape.HASH, shape.integer(1, _MOST), shape.integer(0, rice.LARGEST_PARAMETER), shape.blob(LIMIT))
_LIST = {
    "agreement": shape.ID,
    "device": shape.ID,
    "expires": shape.TIME,
    "from": _COUNT,
    "issued": shape.TIME,
    "upto": _COUNT,
    "used": shape.many(_BATCH, 100_000),
    "v": shape.integer(1, 1),
}


@dataclass(frozen=True, slots=True)
class UsedList:
    """Passes that other devices used, of what the node took in after `from_` and up to `upto`."""

    agreement: str
    device: str  # for which it was made: its own uses are not in it
    from_: int  # 0: it stands for itself; else it adds to the list that ended there
    upto: int
    issued: int  # unix seconds
    expires: int
    used: Mapping[bytes, Sequence[int]]  # batch identity to ascending indexes


def sign_used(made: UsedList, key: SigningKey) -> bytes:
    """Sign a list: canonical CBOR of its bytes and the node's signature.

    Raises:
        BadInput: `bad-used`.
    """
    rows = []
    for batch, indexes in sorted(made.used.items()):
        parameter = rice.parameter_for(_MOST, len(indexes))
        rows.append([batch, len(indexes), parameter, rice.pack(indexes, parameter)])
    fields = {
        "agreement": made.agreement, "device": made.device, "expires": made.expires, "from": made.from_,
        "issued": made.issued, "upto": made.upto, "used": rows, "v": 1,
    }  # fmt: skip
    data = canonical.encode_cbor(_checked(fields))
    return canonical.encode_cbor([data, signed.sign(DOMAIN, data, key)])


def open_used(data: bytes, keys: NodeKeys, now: int) -> UsedList | Refusal:
    """Check the node's signature, then read the list, then check the key's days.

    Args:
        data: the bytes of `sign_used`.
        keys: what this device knows of its node's keys.
        now: unix seconds, by the device.

    Returns:
        The list, or `bad-signature`, or `bad-status-key`.

    Raises:
        BadInput: `bad-cbor`, `bad-used`, or `bad-revocation` for what is wrongly coded.
    """
    outer = canonical.decode_cbor(data, where="signed list of uses", limit=LIMIT)
    inner, signature = shape.check(
        "bad-used", "signed list of uses", shape.row(shape.blob(LIMIT), shape.SIGNATURE), outer
    )
    signer = keys.signer(DOMAIN, inner, signature)
    if signer is None:
        return Refusal("bad-signature", "list of uses")
    fields = _checked(canonical.decode_cbor(inner, where="list of uses", limit=LIMIT))
    used = {
        batch: tuple(rice.unpack(bits, parameter, count, _MOST, where="list of uses"))
        for batch, count, parameter, bits in fields["used"]
    }
    return keys.judge(signer, fields["issued"], now) or UsedList(
        fields["agreement"], fields["device"], fields["from"], fields["upto"], fields["issued"], fields["expires"], used
    )


def _checked(seen: Any) -> dict[str, Any]:
    fields = shape.check_map("bad-used", "list of uses", _LIST, seen)
    batches = [row[0] for row in fields["used"]]
    if fields["from"] > fields["upto"] or fields["issued"] >= fields["expires"] or batches != sorted(set(batches)):
        raise BadInput(
            "bad-used", where="list of uses", expected="from ≤ upto, issued < expires, batches once, ascending", seen=""
        )
    return fields
