"""Typed log entries for small things: recorded, sourced and dated; `kinds.py` has the registry of kinds.

No entry leaves its node: no message carries one, whatever its kind.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.agreements.fields import Fields, moment
from safeconduct.agreements.kinds import KINDS, FieldRule
from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_json, encode_json

COUNT_LIMIT = 100_000_000
ENTRY_BYTES = 64 << 10  # of its canonical JSON
LIST_BYTES = 4 << 20  # of a document


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded small thing: its kind, fields, who or what says so, and when it was (unix seconds)."""

    kind: str
    fields: Mapping[str, Any]
    source: str
    at: int


def make_entry(kind: str, fields: Mapping[str, Any], source: str, at: int | str) -> Entry:
    """Entry of one kind.

    Args:
        kind: a key of `KINDS`.
        fields: exactly the kind's fields; optional ones may be absent or None.
        source: who or what says so; an entry without one is refused.
        at: when the thing itself was; this and every time among the fields in unix seconds or as ISO text.

    Raises:
        BadInput: `unknown-kind`, `missing-field`, `unknown-field` or `bad-field`, naming the field; `bad-json` for
            one whose JSON is above 64 KiB.
    """
    if kind not in KINDS:
        raise BadInput("unknown-kind", where="entry.kind", expected="one of " + ", ".join(sorted(KINDS)), seen=kind)
    rule = KINDS[kind]
    given = dict(fields)
    for name, field in rule.fields.items():
        if not field.required:
            given.setdefault(name, None)
    reader = Fields(given, kind)
    read = {name: _read(reader, name, rule.fields[name]) for name in sorted(rule.fields)}
    reader.done()
    if rule.either and all(read[name] is None for name in rule.either):
        expected = "at least one of " + ", ".join(rule.either)
        raise BadInput("missing-field", where=kind, expected=expected, seen=None)
    base = Fields({"source": source, "at": at}, kind)
    entry = Entry(kind, read, base.text("source", limit=400), _time(base, "at"))
    if (size := len(to_json(entry))) > ENTRY_BYTES:  # what is recorded must be read again
        raise BadInput("bad-json", where=kind, expected=f"at most {ENTRY_BYTES} bytes of JSON", seen=size)
    return entry


def entry_id(entry: Entry) -> str:
    """Id of an entry, derived from all that it says: the same entry has the same id at whatever time it comes."""
    return sha256(to_json(entry)).hexdigest()[:32]


def references(entry: Entry) -> dict[str, str]:
    """Field name to id of the entries that an entry refers to."""
    rules = KINDS[entry.kind].fields
    return {name: value for name, value in entry.fields.items() if rules[name].type == "entry" and value is not None}


def fields_of_texts(kind: str, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Fields for `make_entry`, of names and texts as they are typed; a list is its name repeated.

    Raises:
        BadInput: `bad-field`, for a name repeated that is no list.
    """
    rules = KINDS[kind].fields if kind in KINDS else {}
    found: dict[str, Any] = {}
    for name, text in pairs:
        wanted = rules[name].type if name in rules else ""
        if wanted == "texts":
            found[name] = [*found.get(name, ()), text]
        elif name in found:
            raise BadInput("bad-field", where=f"{kind}.{name}", expected="one value", seen=text)
        else:
            found[name] = int(text) if wanted == "count" and _is_count(text) else text
    return found


def to_json(entry: Entry) -> bytes:
    """Canonical JSON of an entry."""
    return encode_json(plain(entry))


def plain(entry: Entry) -> dict[str, Any]:
    """An entry as the object that its JSON is."""
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in entry.fields.items()}
    return {"kind": entry.kind, "fields": fields, "source": entry.source, "at": entry.at}


def from_json(data: bytes) -> Entry:
    """Entry of JSON.

    Raises:
        BadInput: `bad-json`, and as `make_entry`.
    """
    return _entry(decode_json(data, where="entry", limit=ENTRY_BYTES), "entry")


def all_from_json(data: bytes, *, where: str = "entries") -> tuple[Entry, ...]:
    """Entries of JSON: one object, or a list of them.

    Raises:
        BadInput: `bad-json`, and as `make_entry`; `where` gives the place in the list, from 0.
    """
    value = decode_json(data, where=where, limit=LIST_BYTES)
    if not isinstance(value, list):
        return (_entry(value, where),)
    found = []
    for place, item in enumerate(value):
        try:
            found.append(_entry(item, "entry"))
        except BadInput as error:
            at = f"{where}[{place}]: {error.where}"
            raise BadInput(error.code, where=at, expected=error.expected, seen=error.seen) from None
    return tuple(found)


def _entry(value: Any, where: str) -> Entry:
    outer = Fields(value, where)
    kind, fields = outer.ident("kind"), outer.take("fields")
    source, at = outer.take("source"), outer.take("at")
    outer.done()
    if not isinstance(fields, dict):
        raise outer.bad("fields", "an object")
    return make_entry(kind, fields, source, at)


def _read(fields: Fields, name: str, rule: FieldRule) -> Any:
    readers: dict[str, Callable[[str], Any]] = {
        "text": fields.text,
        "ident": fields.ident,
        "entry": fields.ident,
        "time": lambda field: _time(fields, field),
        "count": lambda field: fields.integer(field, 0, COUNT_LIMIT),
        "texts": lambda field: fields.texts(field, most=100),
        "choice": lambda field: fields.choice(field, rule.options),
    }
    read = readers[rule.type]
    return read(name) if rule.required else fields.optional(name, read)


def _time(fields: Fields, name: str) -> int:
    value = fields.take(name)
    return moment(value, where=fields.path(name)) if isinstance(value, str) else fields.seconds(name)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(COUNT_LIMIT))
