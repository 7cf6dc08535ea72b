"""An envelope as one STIX 2.1 object, so that it travels through TAXII collections (spec/envelope.md).

Type `x-safeconduct-envelope`, defined by an extension of the kind `new-sdo` (STIX 2.1, 7.3); its `wire` is the wire
form in base64. What it proves stands in the wire form; the object around it proves nothing and tells nothing: a
random id, times cut to the slot, no author.
"""

import base64
import binascii
from typing import Any

import msgspec

from safeconduct.agreements.fields import iso
from safeconduct.alerts.policy import SHORTEST_SLOT
from safeconduct.alerts.stix import AUTHOR_ID
from safeconduct.errors import BadInput

CARRIER = "x-safeconduct-envelope"
EXTENSION_ID = "extension-definition--5a7c1f0e-8f5e-4a39-b3f4-0d6a7a3f6c21"
LIMIT = 8 << 20  # bytes of one envelope
_BORN = "2021-08-14T00:00:00.000Z"  # of the constant object: any constant would do
_FIELDS = {"created", "extensions", "id", "modified", "spec_version", "type", "wire"}


def extension() -> dict[str, Any]:
    """Return the extension definition that names the type."""
    return {
        "type": "extension-definition", "spec_version": "2.1", "id": EXTENSION_ID, "created": _BORN, "modified": _BORN,
        "created_by_ref": AUTHOR_ID, "name": "safeconduct envelope",
        "description": "One signed envelope between two nodes, in its wire form.",
        "schema": "spec/envelope.md of safeconduct, section As a STIX object", "version": "1.0.0",
        "extension_types": ["new-sdo"],
    }  # fmt: skip


def carrier(wire: bytes, *, uuid: str, now: int) -> dict[str, Any]:
    """Return the object that carries a wire form.

    Args:
        wire: the wire form.
        uuid: a fresh random UUID, version 4.
        now: unix seconds; cut to the slot.
    """
    stamp = f"{iso(now // SHORTEST_SLOT * SHORTEST_SLOT)[:-1]}.000Z"
    return {
        "type": CARRIER, "spec_version": "2.1", "id": f"{CARRIER}--{uuid}", "created": stamp, "modified": stamp,
        "extensions": {EXTENSION_ID: {"extension_type": "new-sdo"}}, "wire": base64.b64encode(wire).decode(),
    }  # fmt: skip


def wire_of(body: bytes) -> bytes | None:
    """Return the wire form in the JSON of an object; None if the object is of another type.

    Raises:
        BadInput: `bad-object`, naming the field.
    """
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInput("bad-object", where="object", expected="JSON", seen=str(error)) from None
    return wire_in(found)


def wire_in(found: Any) -> bytes | None:
    """Return the wire form in a decoded object; as `wire_of`."""
    if not isinstance(found, dict) or found.get("type") != CARRIER:
        return None
    if set(found) != _FIELDS:
        odd = sorted(set(found) ^ _FIELDS)
        raise BadInput("bad-object", where="object", expected=f"the fields {', '.join(sorted(_FIELDS))}", seen=odd)
    if found["extensions"] != {EXTENSION_ID: {"extension_type": "new-sdo"}}:
        raise BadInput("bad-object", where="object.extensions", expected="the extension of this type and no other",
                       seen=found["extensions"])  # fmt: skip
    text = found["wire"]
    if not isinstance(text, str) or len(text) > LIMIT * 4 // 3 + 4:
        raise BadInput("bad-object", where="object.wire", expected="base64 of at most 8 MiB", seen=type(text).__name__)
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("bad-object", where="object.wire", expected="base64", seen=text) from None
