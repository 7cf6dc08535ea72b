"""The records that a decision makes: the incident when it is new, the source as it stands, a withdrawal."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput
from safeconduct.incidents.dates import check_days
from safeconduct.workflows.add_source import origin_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.source_rows import SourceRow
from safeconduct.workflows.suggested_claim import NEW, Origin, incident_id, one_line, slug
from safeconduct.workflows.tables import Tx

METHOD = "review of the source"  # how a claim that is taken back came to be withdrawn


def incident_record(tx: Tx, fields: Mapping[str, str]) -> tuple[str, list[dict[str, str]]]:
    """Return the id of the incident, and its record when it is new."""
    chosen = fields["incident"]
    if chosen not in ("", NEW):
        if tx.records.latest("incidents", chosen) is None:
            raise BadInput("bad-reference", where="incident", expected="a recorded incident, or new", seen=chosen)
        return chosen, []
    for name, expected in (("incident_title", "an incident: a recorded one, or a title for a new one"),
                           ("incident_kind", "what kind of incident it is: attack, strike, airlift …"),
                           ("incident_date", "the day or days of the incident")):  # fmt: skip
        if not fields[name]:
            raise BadInput("missing-field", where=name.replace("_", " "), expected=expected, seen="")
    date = check_days(fields["incident_date"], where="incident date")
    place = fields["incident_place"] or "not known"
    title = fields["incident_title"][:200]
    base = incident_id(fields["incident_kind"], "" if place == "not known" else place, date)
    kind = slug(fields["incident_kind"], 60) or "incident"
    for number in range(1, 1_000):  # another one of that kind, place and day is told apart by its title
        name = base if number == 1 else f"{base}.{number}"
        held = tx.records.latest("incidents", name)
        if held is None:
            break
        if json.loads(held[0])["title"] == title:
            return name, []
    return name, [{"id": name, "title": title, "kind": kind, "date": date, "place": place}]


def source_records(tx: Tx, origin: Origin, row: SourceRow) -> list[dict[str, Any]]:
    """Return the record of a source, after that of the source from which its text was taken."""
    if not origin.published:
        raise BadInput("missing-field", where=f"source {row.name}",
                       expected="the day on which it was published; give it above its text", seen="")  # fmt: skip
    first = tx.sources.row(origin.origin) if origin.origin != origin.digest else None
    before: list[dict[str, Any]] = []
    if first is not None:
        above = replace(origin_of(tx, first), origin=first.digest)
        before = [_source(tx, above, "")] if above.published else []
    derived = before[0]["id"] if before else ""
    return [*before, _source(tx, origin, derived)]


def _source(tx: Tx, origin: Origin, derived: str) -> dict[str, Any]:
    """Return the record of one source; as it is held, unless its day or its outlet was corrected since."""
    base, publisher = f"s-{origin.digest[:12]}", one_line(origin.publisher, 200)
    for number in range(1, 1_000):
        name = base if number == 1 else f"{base}.{number}"
        held = tx.records.latest("sources", name)
        if held is None:
            break
        record: dict[str, Any] = json.loads(held[0])
        if (record["published"], record["publisher"]) == (origin.published, publisher):
            return record
    own = origin.origin in ("", origin.digest)
    elsewhere = f"s-{origin.origin[:12]}" if derived else f"outlet-{slug(origin.origin)}".rstrip("-")
    return {
        "id": name, "kind": origin.kind, "publisher": publisher,
        "published": origin.published, "file": origin.name, "origin": base if own else elsewhere,
        "retrieved": origin.retrieved, "sha256": origin.digest, "derived_from": derived,
    }  # fmt: skip


def withdrawal(node: Node, tx: Tx, claim_id: str) -> dict[str, Any]:
    """Return the document by which this party withdraws a claim that it had accepted.

    It is dated like the claim, so that no account shows the claim as standing on the days between; when it was really
    said stands in its words and in its time of recording.
    """
    held = tx.records.latest("claims", claim_id)
    assert held is not None  # noqa: S101  (an acceptance is stored with its claim)
    claim = json.loads(held[0])
    today = iso(node.clock.now())[:10]
    name = f"room-{slug(node.party) or 'party'}-{today}"
    source = {"id": name, "kind": "elsewhere", "publisher": node.name, "published": today, "file": "", "origin": name}
    said = {
        "id": f"{claim_id}.back", "incident": claim["incident"], "attribute": "record", "population": "reading",
        "outcome": "taken-back", "claimant": node.name, "claimant_kind": "body", "said": claim["said"],
        "said_basis": "order-only", "source": name, "line": 0,
        "text": f"On {today} {node.name} took back what it had accepted from the source as a claim.",
    }  # fmt: skip
    relation = {"from": said["id"], "to": claim_id, "kind": "retracts", "method": METHOD}
    return {"sources": [source], "claims": [said], "relations": [relation]}


def free_id(tx: Tx, base: str) -> str:
    """Return an id that no claim has: after a decision was taken back, the next claim is one of its own."""
    number, name = 1, base
    while tx.records.latest("claims", name) is not None:
        number += 1
        name = f"{base}.{number}"
    return name
