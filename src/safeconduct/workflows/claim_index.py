"""Fill the tables that find claims (`claim_rows`) from the records themselves."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from safeconduct.incidents.cases import Case
from safeconduct.incidents.claims import Claim, Dossier, origins_of, voice_key
from safeconduct.incidents.dates import last_day
from safeconduct.incidents.reading import read_parts
from safeconduct.workflows.claim_rows import ClaimRow, TieRow
from safeconduct.workflows.ports import Store
from safeconduct.workflows.tables import Tx

PARTS = ("incidents", "sources", "claims", "relations", "cases", "assessments")
STEPS = "case-steps"
KINDS = (*PARTS, STEPS)
RELATIVE = "relative-claims"  # claims whose time is given against another claim or an incident
STAMP = "claims-stamp"  # another one after each recording
_DONE = "claims-found-by"
_VERSION = b"1"


def index_new(tx: Tx, whole: Dossier, cases: Iterable[Case], new: Mapping[str, Mapping[str, Any]]) -> None:
    """Index what is new of a dossier that holds it together with all that it refers to."""
    origins = origins_of(whole.sources)
    claims = {claim.id: claim for claim in whole.claims}
    tx.claims.add([_row(claims[name], origins) for name in new["claims"]])
    pairs = {tuple(name.split(" ")) for name in new["relations"]}
    tx.claims.tie(
        [
            TieRow(
                tie.source, tie.target, tie.kind,
                max(last_day(tie.said), claims[tie.source].known_from, claims[tie.target].known_from),
                max(tie.recorded, claims[tie.source].recorded, claims[tie.target].recorded),
            )
            for tie in whole.relations
            if (tie.source, tie.target, tie.kind) in pairs
        ]
    )  # fmt: skip
    parts = [
        (one.part_of, "incidents", one.id) for one in whole.incidents if one.part_of and one.id in new["incidents"]
    ]
    parts += [(case.incident, "cases", case.id) for case in cases if case.id in new["cases"]]
    for one in whole.assessments:
        if one.id in new["assessments"]:
            about = claims[one.about].incident if one.about in claims else one.about
            parts.append((about, "assessments", one.id))
    parts += [(claims[name].incident, RELATIVE, name) for name in new["claims"] if claims[name].relative_to]
    tx.claims.note_parts(parts)


def index_all(store: Store) -> None:
    """Index the records of a node that was written by an older version; on any other this does nothing."""
    with store.reading() as tx:
        if tx.records.get(_DONE) == _VERSION:
            return
    with store.transaction() as tx:
        if tx.records.get(_DONE) != _VERSION:
            held = held_records(tx)
            index_new(tx, *read_parts(document(held), documents=1_000), held)
            tx.records.set(_DONE, _VERSION)


def held_records(tx: Tx) -> dict[str, dict[str, Any]]:
    """Return all records of all incidents: kind to id to record."""
    return {kind: {i: json.loads(body) for i, body, _ in tx.records.all(kind)} for kind in KINDS}


def document(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return the document that `read_parts` reads: each case with its steps, in the order of their recording."""
    steps: dict[str, list[Any]] = {}
    for step in parts[STEPS].values():
        steps.setdefault(step["case"], []).append({name: value for name, value in step.items() if name != "case"})
    cases = [{**case, "steps": steps.get(case_id, [])} for case_id, case in parts["cases"].items()]
    return {part: list(parts[part].values()) for part in PARTS} | {"cases": cases}


def _row(claim: Claim, origins: Mapping[str, str]) -> ClaimRow:
    return ClaimRow(
        id=claim.id,
        incident=claim.incident,
        day=claim.known_from,
        recorded=claim.recorded,
        figure=str(claim.key) if claim.is_figure else "",
        basis=claim.basis,
        low=claim.min,
        high=claim.max,
        ambiguous=bool(claim.ambiguous),
        voice=voice_key(claim, origins),
        source=claim.source,
        attribution=claim.attribute == "attribution",
    )
