"""The shape of a bundle's CBOR: field names, kinds and what must agree between them (`spec/bundle.md`)."""

from typing import Any

from safeconduct.errors import BadInput
from safeconduct.passes import shape, spoken

MOST_BYTES = 16 << 20  # of a whole signed bundle

_POINT = {
    "holder": shape.ID,
    "id": shape.ID,
    "names": shape.table(shape.text(20), shape.text(120), 40),
    "ring": shape.one_of("outer", "gate"),
    "state": shape.one_of("open", "hold", "closed"),
    "upstream": shape.many(shape.ID, 64),
}
_SIGNED = shape.row(shape.blob(MOST_BYTES), shape.SIGNATURE)
_BUNDLE = {
    "advice": shape.prose(4_000),
    "agreement": shape.ID,
    "batches": shape.many(_SIGNED, 100_000),
    "expires": shape.TIME,
    "issued": shape.TIME,
    "ledger": shape.integer(0, 1 << 53),
    "points": shape.many(shape.Kind("a control point", lambda seen: type(seen) is dict), 1_000, 1),
    "previous": shape.HASH,
    "revocations": shape.many(_SIGNED, 100_000),
    "rules": shape.integer(1, 1 << 16),
    "seq": shape.integer(1, 1 << 32),
    "stale_hours": shape.integer(1, 24 * 7),
    "stale_policy": shape.one_of("warn", "refuse"),
    "v": shape.integer(1, 1),
}
_SPOKEN = {"spoken": shape.blob(spoken.LIMIT_BYTES)}  # only in a bundle that has spoken passes


_ENVELOPE = shape.row(
    shape.integer(1, 1), shape.blob(1 << 14), shape.SIGNATURE, shape.blob(MOST_BYTES), shape.SIGNATURE
)


def check_envelope(decoded: Any) -> list[Any]:
    """Return the five items of a signed bundle, or raise `bad-bundle`."""
    items: list[Any] = shape.check("bad-bundle", "signed bundle", _ENVELOPE, decoded)
    return items


def check_bundle(decoded: Any) -> dict[str, Any]:
    """Return the fields of a bundle, or raise `bad-bundle` naming the one that is wrong."""
    has_spoken = type(decoded) is dict and "spoken" in decoded
    fields = shape.check_map("bad-bundle", "bundle", _BUNDLE | _SPOKEN if has_spoken else _BUNDLE, decoded)
    ids = set()
    for number, point in enumerate(fields["points"]):
        where = f"bundle: point {number}"
        ids.add(shape.check_map("bad-bundle", where, _POINT, point)["id"])
        if len(ids) != number + 1:
            raise BadInput("bad-bundle", where=where, expected="an id of its own", seen=point["id"])
    for point in fields["points"]:
        strays = sorted(set(point["upstream"]) - (ids - {point["id"]}))
        if strays:
            raise BadInput(
                "bad-bundle", where=f"bundle: upstream of {point['id']}", expected="other points", seen=strays
            )
    if fields["issued"] >= fields["expires"]:
        raise BadInput("bad-bundle", where="bundle: expires", expected="later than issued", seen=fields["expires"])
    return fields
