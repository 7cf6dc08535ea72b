"""Record what is claimed of incidents: incidents, sources, claims, relations and cases, each once, nothing overwritten.

A case grows: each of its steps is a record of its own, so that a later document adds the steps that are new. The work
grows with the document and not with what is held: of that, only what the document refers to is read.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput
from safeconduct.incidents.cases import Case
from safeconduct.incidents.checking import check_quote
from safeconduct.incidents.claims import Dossier
from safeconduct.incidents.reader.decoding import decode
from safeconduct.incidents.reading import LIMIT_BYTES, LIMITS, read_parts
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.claim_index import KINDS, PARTS, STAMP, STEPS, document, held_records, index_new
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.take_testimony import CONTENT as TESTIMONY

STAMPED = ("claims", "relations", "assessments", STEPS)  # they keep the time at which the node recorded them
LEDGER_BYTES = 256 << 10  # what is added in one go stands in the ledger whole up to this size, else by its digest
_DOCUMENTS = 3  # a document, the claims that it refers to, and those of the cases that it adds to

Parts = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many records were new."""

    claims: int
    others: int


def record_incident(node: Node, data: bytes, *, texts: Mapping[str, str] | None = None) -> Recorded:
    """Record a document of the form that `incidents.reading` reads; what it refers to may be recorded already.

    A claim keeps the time at which this node recorded it. The same record again changes nothing; another one under
    the same id is refused, since a later version of a claim is a claim of its own.

    Args:
        node: where.
        data: the document as JSON, at most 64 MiB.
        texts: of sources as decoded, by their ids: quotations are compared with these, or with archived originals.

    Raises:
        BadInput: the document is malformed, or a claim has no source or claimant, or a quotation does not stand at its
            place in its source, where the text of that is at hand.
    """
    given = _read(data)
    now = node.clock.now()
    with node.store.transaction() as tx:
        new = {kind: _new(tx, kind, given.get(kind, []), now) for kind in KINDS}
        if not any(new.values()):
            return Recorded(0, 0)
        known = _around(tx, new, given)
        whole, cases = read_parts(document({kind: known[kind] | new[kind] for kind in KINDS}), documents=_DOCUMENTS)
        _check_origins(tx, whole, new, texts or {})
        _store(node, tx, new, now)
        index_new(tx, whole, cases, new)
        tx.records.set(STAMP, node.random.bytes(16))
    return Recorded(len(new["claims"]), sum(len(items) for part, items in new.items() if part != "claims"))


def _check_origins(tx: Tx, whole: Dossier, new: Parts, given: Mapping[str, str]) -> None:
    """Compare new quotations with archived originals, and new sources of testimony with the intake."""
    for source in whole.sources:
        if source.kind == "testimony" and source.id in new["sources"]:
            number = source.file.removeprefix("testimony/")
            if tx.records.latest(TESTIMONY, number) is None:
                where = f"source {source.id}, file"
                raise BadInput("bad-reference", where=where, expected="testimony/ and the number of an intake",
                               seen=source.file)  # fmt: skip
    digests = {source.id: source.sha256 for source in whole.sources if source.sha256}
    texts = dict(given)
    for claim in whole.claims:
        if claim.id not in new["claims"] or not claim.quote or claim.start is None:
            continue
        if claim.source not in texts:
            original = tx.sources.original(digests.get(claim.source, ""))
            texts[claim.source] = "" if original is None else decode(original).text
        if texts[claim.source]:
            check_quote(claim, texts[claim.source])


def _store(node: Node, tx: Tx, new: Parts, now: int) -> None:
    digest, size = sha256(), 0
    for kind, items in new.items():
        bodies = [(record_id, encode_json(item)) for record_id, item in items.items()]
        tx.records.add_all(kind, bodies, now)
        for record_id, body in bodies:
            size += len(body)
            digest.update(f"{kind} {record_id}\n".encode() + body + b"\n")
    added: dict[str, Any] = {kind: list(items.values()) for kind, items in new.items()}
    if size > LEDGER_BYTES:
        added = {"counts": {kind: len(items) for kind, items in new.items()}, "sha256": digest.hexdigest()}
    tx.ledger.append("own:claims", encode_json(added), node.random.bytes(32), now)


def _read(data: bytes) -> dict[str, list[Any]]:
    given = decode_json(data, where="claims", limit=LIMIT_BYTES)
    if not isinstance(given, dict) or set(given) - set(PARTS):
        raise BadInput("bad-field", where="claims", expected=f"the parts {', '.join(PARTS)}", seen=type(given).__name__)
    for part, items in given.items():
        if not isinstance(items, list) or len(items) > LIMITS[part]:
            raise BadInput(
                "bad-field", where=part, expected=f"a list of at most {LIMITS[part]}", seen=type(items).__name__
            )
    return _with_steps_apart(given)


def _with_steps_apart(given: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the parts with the steps of the cases as records of their own."""
    cases, steps = [], []
    for case in given.get("cases", []):
        case_id, inner = _id("cases", case), case.get("steps")
        if not isinstance(inner, list) or not all(isinstance(step, dict) and "case" not in step for step in inner):
            raise BadInput("bad-field", where=f"cases {case_id}, steps", expected="a list of steps", seen=inner)
        cases.append({name: value for name, value in case.items() if name != "steps"})
        steps += [{**step, "case": case_id} for step in inner]
    return {**given, "cases": cases, STEPS: steps}


def _new(tx: Tx, part: str, items: list[Any], now: int) -> dict[str, Any]:
    """Return the records of one part that are not held yet, each with the time at which it is recorded."""
    ids = [_id(part, item) for item in items]
    held = {name: json.loads(body) for name, body in tx.records.held(part, ids).items()}
    new: dict[str, Any] = {}
    recorded = iso(now)
    for record_id, given in zip(ids, items, strict=True):
        item, before = given, held.get(record_id, new.get(record_id))
        if part in STAMPED:
            stamp = recorded if before is None else before.get("recorded")
            item = {**given, "recorded": stamp} if stamp else {k: v for k, v in given.items() if k != "recorded"}
        if before is None:
            new[record_id] = item
        elif before != item:
            raise BadInput("duplicate-id", where=f"{part} {record_id}", expected="the record as it is held",
                           seen="another one under its id")  # fmt: skip
    return new


def _around(tx: Tx, new: Parts, given: Mapping[str, list[Any]]) -> Parts:
    """Return what is held and referred to, so far as a document must have it to be whole."""
    cases = _texts([*new["cases"].values(), *given.get("cases", [])], "id") | _texts(new[STEPS].values(), "case")
    known: Parts = {kind: {} for kind in KINDS}
    known["cases"] = _held(tx, "cases", cases - new["cases"].keys())
    known[STEPS] = {name: json.loads(body) for name, body in tx.records.begin_with(STEPS, sorted(cases))}
    steps = [*known[STEPS].values(), *new[STEPS].values()]
    claims = list(new["claims"].values())
    wanted = _texts(new["relations"].values(), "from", "to") | _texts(steps, "claim")
    wanted |= _texts(new["assessments"].values(), "about") | _texts(claims, "relative_to")
    known["claims"] = {
        name: {field: value for field, value in claim.items() if field not in ("relative_to", "order")}
        for name, claim in _held(tx, "claims", wanted - new["claims"].keys()).items()
    }  # what a held claim is dated against was looked up when it was recorded
    claims = [*claims, *known["claims"].values()]
    known["sources"] = _chain(tx, "sources", new, _texts(claims, "source"), "derived_from")
    about = wanted | _texts(claims, "incident") | _texts([*known["cases"].values(), *new["cases"].values()], "incident")
    known["incidents"] = _chain(tx, "incidents", new, about, "part_of")
    return known


def _chain(tx: Tx, kind: str, new: Parts, wanted: set[str], up: str) -> dict[str, Any]:
    """Return held records, and those to which they and the new ones lead."""
    found: dict[str, Any] = {}
    wanted = (wanted | _texts(new[kind].values(), up)) - new[kind].keys()
    while wanted:
        more = _held(tx, kind, wanted)
        found |= more
        wanted = _texts(more.values(), up) - new[kind].keys() - found.keys()
    return found


def _held(tx: Tx, kind: str, ids: Iterable[str]) -> dict[str, Any]:
    return {name: json.loads(body) for name, body in tx.records.held(kind, sorted(ids)).items()}


def _texts(items: Iterable[Any], *fields: str) -> set[str]:
    """Return the texts in some fields of records; what is no text is refused when the record is read."""
    return {item[name] for item in items for name in fields if isinstance(item.get(name), str) and item[name]}


def dossier(tx: Tx) -> tuple[Dossier, tuple[Case, ...]]:
    """Return all that is recorded of all incidents, and their cases."""
    return read_parts(document(held_records(tx)), documents=1_000)


def _id(part: str, item: Any) -> str:
    if not isinstance(item, dict):
        raise BadInput("bad-field", where=part, expected="objects", seen=type(item).__name__)
    if part == "relations":
        return " ".join(str(item.get(name)) for name in ("from", "to", "kind"))
    if part == STEPS:
        return " ".join(str(item.get(name) or "-") for name in ("case", "track", "status", "claim", "to"))
    return str(item.get("id"))
