"""Reads what is posted to a TAXII collection: an envelope of STIX objects, each kept in the bytes it came in.

An object is checked for what every STIX object has, and for what two readers of one JSON text could take differently
(duplicate keys, numbers out of range, lone surrogates). What it means beyond that is not judged: unknown properties,
types and extensions are kept. One bad object does not spoil the others.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn

import msgspec

from safeconduct.errors import BadInput
from safeconduct.workflows.taxii_rows import SPECS, STIX_21, NewObject

NEWEST = (STIX_21,)
DEEPEST = 32  # levels of one object; the standard's own types need far fewer
OBJECT_BYTES = 12 << 20  # of one object; a sealed envelope of 8 MiB in base64 fits
MOST_OBJECTS = 10_000  # of one envelope
MOST_FAULT = 200  # characters of what was seen, in a message
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TYPE = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,248})[a-z0-9]")
_ID = re.compile(r"([a-z0-9-]{3,250})--[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?Z", re.ASCII)


class BadObject(NamedTuple):
    """A posted object that is not kept: its id and version as far as they can be read, and what is wrong."""

    id: str
    version: str
    error: BadInput


class Envelope(msgspec.Struct):
    """A posted TAXII envelope; what else it holds is passed over, as the standard allows."""

    objects: list[msgspec.Raw]


_ENVELOPES = msgspec.json.Decoder(Envelope)
_VALUES = msgspec.json.Decoder()


def read_envelope(data: bytes, specs: Sequence[int] = NEWEST) -> list[NewObject | BadObject]:
    """Read an envelope's objects in their order; the error of a bad one names the field.

    Args:
        data: the envelope, as it came.
        specs: the versions of STIX that the collection holds.

    Raises:
        BadInput: `bad-json` for what is no JSON, `bad-envelope` for what is no envelope of 1 to 10,000 objects.
    """
    try:
        raws = _ENVELOPES.decode(data).objects
    except msgspec.ValidationError as error:
        raise BadInput("bad-envelope", where="envelope", expected="an object with a list `objects`",
                       seen=str(error)) from None  # fmt: skip
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput("bad-json", where="envelope", expected="JSON in UTF-8", seen=_short(error)) from None
    if not 1 <= len(raws) <= MOST_OBJECTS:
        raise BadInput("bad-envelope", where="envelope.objects", expected=f"1 to {MOST_OBJECTS} objects",
                       seen=len(raws))  # fmt: skip
    values = _all_at_once(data)
    found: list[NewObject | BadObject] = []
    for number, raw in enumerate(raws):
        body, where, value = bytes(raw), f"objects[{number}]", None
        try:
            value = values[number] if values else _strictly(body, where)
            found.append(_checked(value, body, where, specs))
        except BadInput as error:
            found.append(bad_object(value, error))
    if values is None and not any(isinstance(one, BadObject) for one in found):
        raise BadInput("bad-json", where="envelope", expected="each key once and plain values beside `objects`",
                       seen="something else")  # fmt: skip
    return found


def bad_object(value: Any, error: BadInput) -> BadObject:
    """Return a bad object with what can be read of its id and version; `where` stands for an id that cannot."""
    seen = value if isinstance(value, dict) else {}
    texts = [seen.get(name) for name in ("id", "modified", "created")]
    name, *times = (one if isinstance(one, str) and len(one) <= MOST_FAULT else "" for one in texts)
    return BadObject(name or error.where.partition(".")[0], times[0] or times[1], error)


def to_store(value: Mapping[str, Any]) -> NewObject:
    """Return an object of our own as it is kept and sent: keys sorted, no spaces.

    Raises:
        BadInput: `bad-object`, as for one that was posted.
    """
    body = msgspec.json.encode(value, order="deterministic")
    return _checked(_strictly(body, "object"), body, "object", NEWEST)


def microseconds(text: object) -> int | None:
    """Return unix microseconds of an RFC 3339 time in UTC (`…Z`), or None for anything else.

    Digits finer than a microsecond must be zeros, since two versions that differ there could not be told apart.
    """
    found = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if not found or (found[1] and found[1][6:].strip("0")):
        return None
    try:
        since = datetime.fromisoformat(found[0]) - EPOCH
    except ValueError:
        return None
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _all_at_once(data: bytes) -> list[Any] | None:
    """Return the values of all objects in one go, or None when something in the envelope is not strict JSON."""
    try:
        _VALUES.decode(data)  # UTF-8, numbers in range
        values = json.loads(data.decode(), object_pairs_hook=_unique)["objects"]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return list(values)


def _strictly(body: bytes, where: str) -> Any:
    """Return the value of one object.

    Raises:
        BadInput: `bad-object`, for duplicate keys, numbers out of range, no UTF-8, or too many levels.
    """
    try:
        _VALUES.decode(body)
        return json.loads(body.decode(), object_pairs_hook=_unique)
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadInput("bad-object", where=where, expected="each key once, UTF-8, numbers in range",
                       seen=_short(error)) from None  # fmt: skip
    except RecursionError:
        raise BadInput("bad-object", where=where, expected=f"at most {DEEPEST} levels", seen="more") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        _doubled(next(name for name in names if names.count(name) > 1))
    return made


def _doubled(name: str) -> NoReturn:
    raise ValueError(f"the key {name[:60]!r} twice")


def _checked(value: Any, body: bytes, where: str, specs: Sequence[int]) -> NewObject:
    """Check what all STIX objects have in common; see section 3.2 of the standard."""
    if type(value) is not dict:
        raise BadInput("bad-object", where=where, expected="an object", seen=type(value).__name__)
    if len(body) > OBJECT_BYTES:
        raise BadInput("bad-object", where=where, expected=f"at most {OBJECT_BYTES} bytes", seen=len(body))
    if body.count(b"{") + body.count(b"[") > DEEPEST and _levels(value) > DEEPEST:
        raise BadInput("bad-object", where=where, expected=f"at most {DEEPEST} levels", seen="more")
    kind, name = value.get("type"), value.get("id")
    if type(kind) is not str or not _TYPE.fullmatch(kind) or kind == "bundle":
        raise BadInput("bad-object", where=f"{where}.type", expected="a STIX type, no bundle", seen=kind)
    matched = _ID.fullmatch(name) if type(name) is str else None
    if not isinstance(name, str) or matched is None or matched[1] != kind:
        raise BadInput("bad-object", where=f"{where}.id", expected=f"{kind}--UUID", seen=name)
    times = _times(value, where)
    return NewObject(name, kind, times.get("modified", times.get("created")), body, _spec(value, where, times, specs))


def _times(value: dict[str, Any], where: str) -> dict[str, int]:
    """Return `created` and `modified` as far as there are; most observables have neither."""
    times: dict[str, int] = {}
    for field in ("created", "modified"):
        if field in value:
            if times and value[field] == value["created"]:  # as in most objects: the first version
                times[field] = times["created"]
                continue
            found = microseconds(value[field])
            if found is None:
                raise BadInput("bad-object", where=f"{where}.{field}", expected="a time as 2021-08-26T13:50:00.000Z",
                               seen=value[field])  # fmt: skip
            times[field] = found
    if "modified" in times and times["modified"] < times.get("created", times["modified"]):
        raise BadInput("bad-object", where=f"{where}.modified", expected="not before created", seen=value["modified"])
    return times


def _spec(value: dict[str, Any], where: str, times: Mapping[str, int], specs: Sequence[int]) -> int:
    """Return the version of STIX: an object without the field is of 2.0, if it is no observable of 2.1."""
    said = value.get("spec_version", "2.0" if times else "2.1")
    spec = SPECS.get(said) if type(said) is str else None
    if spec is None or spec not in specs:
        kept = " or ".join(name for name, number in SPECS.items() if number in specs)
        raise BadInput("bad-object", where=f"{where}.spec_version", expected=kept, seen=value.get("spec_version"))
    return spec


def _levels(value: Any) -> int:
    """Return how deep lists and objects are nested; no recursion, whatever comes."""
    depth, here = 0, [value]
    while here:
        depth += 1
        here = [
            inner
            for one in here
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (dict, list))
        ]
    return depth


def _short(error: Exception) -> str:
    return str(error)[:MOST_FAULT]
