"""Reading back what this node stored itself: a JSON object of known fields and types, nothing missing or left over."""

from collections.abc import Mapping
from typing import Any

from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_json


def read_stored(
    data: bytes, shape: Mapping[str, type], *, where: str, older: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Fields of a stored object.

    Args:
        data: its JSON.
        shape: name and type of each field.
        where: what it is, for the message.
        older: fields that an older version did not write, with what stands for them where none is there; then the key
            `_older` of the answer says whether that was so.

    Raises:
        BadInput: `bad-json` or `bad-record`.
    """
    value = decode_json(data, where=where, limit=64 * 1024)
    missing = isinstance(value, dict) and not any(name in value for name in older or ())
    if missing:
        value = {**(older or {}), **value}
    good = isinstance(value, dict) and set(value) == set(shape)
    if not good or any(type(value[name]) is not kind for name, kind in shape.items()):
        raise BadInput("bad-record", where=where, expected="the fields " + ", ".join(sorted(shape)), seen=value)
    return {**value, **({"_older": missing} if older is not None else {})}
