"""A scenario: dates, control points, daily figures, terms of the agreement, and what is claimed of its incidents.

It is data in a folder: `scenario.toml` and the JSON files of `FILES`. Every figure has its file and line, or says
that it comes from elsewhere, or that it is assumed. Invented reports may lie there too, to be read during the replay.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.entries import Entry, all_from_json
from safeconduct.agreements.fields import Fields, known, moment, unique
from safeconduct.agreements.reading import from_json
from safeconduct.errors import BadInput
from safeconduct.incidents.cases import Case
from safeconduct.incidents.claims import Dossier
from safeconduct.incidents.reading import read_dossier
from safeconduct.movement.slots import Gate, OuterPoint
from safeconduct.replay.reports import Read, Reports, read_decisions, read_report
from safeconduct.replay.scenario_parts import (
    MOST,
    Citation,
    Day,
    Place,
    Point,
    filled,
    read_day,
    read_documents,
    read_errors,
    read_place,
    read_point,
)
from safeconduct.seal.canonical import decode_json

FILES = ("scenario.toml", "claims.json", "report.json", "policy.json", "entries.json")
# Stand-in root keys with which the terms are checked when no real ones are given: the base point and its double.
_STAND_INS = (
    "5866666666666666666666666666666666666666666666666666666666666666",
    "c9a3f86aae465f0e56513864510f3997561fa2c9e85ea21dc2292309f3cd6022",
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """All of it, checked; `report` and `policy` are kept as bytes, for only a workflow may read a full report."""

    id: str
    title: str
    exercise: bool
    time_zone: str
    start: int  # unix seconds, as all times here
    now: int
    deadline: int
    last_departure: int
    people: int
    seed: int
    notes: tuple[str, ...]
    documents: Mapping[str, Citation]
    points: tuple[Point, ...]
    places: tuple[Place, ...]
    days: tuple[Day, ...]
    errors: Mapping[str, float]
    dossier: Dossier
    cases: tuple[Case, ...]
    entries: tuple[Entry, ...]
    reports: Reports
    report: bytes
    policy: bytes
    terms: Mapping[str, Any]  # of the agreement, without root keys

    def gates(self) -> tuple[Gate, ...]:
        """Gates for the plan of slots."""
        return tuple(Gate(point.id, point.cap, point.upstream) for point in self.points if point.ring == "gate")

    def outer_points(self) -> tuple[OuterPoint, ...]:
        """Outer points for the plan of slots."""
        return tuple(OuterPoint(point.id, point.cap) for point in self.points if point.ring == "outer")

    def resolve(self, name: str) -> Place | None:
        """The place or group that a document means by `name`, None if it is nobody's name."""
        wanted = name.casefold()
        return next((p for p in self.places if wanted == p.id or wanted in (a.casefold() for a in p.aliases)), None)


def load(folder: Path) -> Scenario:
    """The scenario of a folder.

    Raises:
        BadInput: `no-scenario` for a missing file, `bad-toml`, `bad-scenario`, the codes of `Fields`, of the dossier
            and of the agreement; its `where` begins with the file's name.
    """
    data = {name: _read(folder, name) for name in FILES}
    for name in ("report.json", "policy.json"):
        decode_json(data[name], where=name)
    dossier, cases = read_dossier(data["claims.json"], where="claims.json")
    try:
        raw = tomllib.loads(data["scenario.toml"].decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput("bad-toml", where="scenario.toml", expected="TOML in UTF-8", seen=str(error)) from error
    scenario = _scenario(filled(raw), dossier, cases, data, lambda name: _read(folder, name))
    _check(scenario)
    return scenario


def agreement_document(scenario: Scenario, roots: Mapping[str, str]) -> bytes:
    """The agreement as JSON for `agreements.reading.from_json`.

    Args:
        scenario: whose terms.
        roots: party id to its root key, 64 hexadecimal digits.
    """
    parties = [{**party, "root_public": roots[party["id"]]} for party in scenario.terms["parties"]]
    points = [
        {
            "id": point.id,
            "name": point.names["en"],
            "ring": point.ring,
            "upstream": list(point.upstream),
            "holders": [{"party": h.party, "start": h.start, "until": h.until} for h in point.holders],
        }
        for point in scenario.points
    ]
    undertakings = [{"condition": None, **term} for term in scenario.terms["undertakings"]]
    document = {
        "previous": None,
        "end": None,
        **scenario.terms,
        "parties": parties,
        "control_points": points,
        "undertakings": undertakings,
    }
    return json.dumps(document, ensure_ascii=False).encode()


def agreement(scenario: Scenario, roots: Mapping[str, str]) -> Agreement:
    """The agreement of the scenario between parties with these root keys."""
    return from_json(agreement_document(scenario, roots))


def day_counts(scenario: Scenario, people: int) -> tuple[tuple[str, int], ...]:
    """How many of `people` leave on each day: the record's proportions, whole people, the sum exact."""
    total = sum(day.out for day in scenario.days)
    shares = [people * day.out // total for day in scenario.days]
    rest = [(people * day.out % total, -place) for place, day in enumerate(scenario.days)]
    for _, place in sorted(rest, reverse=True)[: people - sum(shares)]:
        shares[-place] += 1
    return tuple((day.date, share) for day, share in zip(scenario.days, shares, strict=True))


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        where = str(folder / name)
        raise BadInput("no-scenario", where=where, expected="a file", seen=error.strerror or "") from error


def _scenario(
    raw: dict[str, Any], dossier: Dossier, cases: tuple[Case, ...], data: Mapping[str, bytes], read: Read
) -> Scenario:
    fields = Fields(raw, "scenario.toml")
    terms = fields.take("agreement")
    if not isinstance(terms, dict):
        raise fields.bad("agreement", "a table")
    scenario = Scenario(
        id=fields.ident("id"),
        title=fields.text("title", limit=200),
        exercise=fields.flag("exercise"),
        time_zone=fields.text("time_zone", limit=60),
        start=moment(fields.text("start"), where="scenario.toml.start"),
        now=moment(fields.text("now"), where="scenario.toml.now"),
        deadline=moment(str(terms.get("deadline")), where="scenario.toml.agreement.deadline"),
        last_departure=moment(fields.text("last_departure"), where="scenario.toml.last_departure"),
        people=fields.integer("people", 1, MOST),
        seed=fields.integer("seed", 0, 2**31),
        notes=fields.texts("notes", most=50),
        documents=read_documents(fields),
        points=fields.records("points", read_point, most=500),
        places=fields.records("places", read_place, most=1_000),
        days=fields.records("days", read_day, most=1_000),
        errors=read_errors(fields),
        dossier=dossier,
        cases=cases,
        entries=all_from_json(data["entries.json"], where="entries.json"),
        reports=read_decisions(fields.records("reports", lambda row: read_report(row, read), most=100), read),
        report=data["report.json"],
        policy=data["policy.json"],
        terms=terms,
    )
    fields.done()
    return scenario


def _check(scenario: Scenario) -> None:
    """References between the parts, sums of the days, and the agreement's own rules."""
    points = {point.id for point in scenario.points}
    claims = {claim.id: claim for claim in scenario.dossier.claims}
    unique((point.id for point in scenario.points), where="scenario.toml.points")
    unique((place.id for place in scenario.places), where="scenario.toml.places")
    unique((day.date for day in scenario.days), where="scenario.toml.days")
    for place in scenario.places:
        if place.point:
            known(place.point, points, where=f"scenario.toml.places.{place.id}.point")
    for day in scenario.days:
        where = f"scenario.toml.days.{day.date}"
        for name in day.claims:
            known(name, claims, where=f"{where}.claims")
        if day.own is not None and day.others is not None and day.own + day.others != day.out:
            raise BadInput("bad-scenario", where=where, expected=f"out = {day.own} + {day.others}", seen=day.out)
        if not (day.assumed or day.elsewhere or day.claims):
            raise BadInput("bad-scenario", where=where, expected="claims, or assumed, or elsewhere", seen="neither")
    days = [day.date for day in scenario.days]
    if days != sorted(days) or sum(day.out for day in scenario.days) == 0:
        raise BadInput("bad-scenario", where="scenario.toml.days", expected="days in order, with people", seen=days)
    if not scenario.start <= scenario.now < scenario.deadline:
        raise BadInput("bad-scenario", where="scenario.toml.now", expected="start ≤ now < deadline", seen=scenario.now)
    try:
        ids = [party["id"] for party in scenario.terms["parties"]]
        roots = dict(zip(ids, _STAND_INS, strict=False))
        agreement(scenario, roots)
    except (KeyError, TypeError) as error:
        where = "scenario.toml.agreement"
        raise BadInput("bad-scenario", where=where, expected="two parties and their terms", seen=str(error)) from error
