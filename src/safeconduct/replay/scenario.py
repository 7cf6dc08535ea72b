"""A scenario: dates, control points, daily figures, terms of the agreement, and what is claimed of its incidents.

It is data in a folder: `scenario.toml`, `claims.json`, `report.json`, `policy.json`. Every figure has its file and
line, or says that it comes from elsewhere, or that it is assumed.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safeconduct.agreements.agreement import Agreement, Holding
from safeconduct.agreements.fields import Fields, known, moment, text_map, unique
from safeconduct.agreements.reading import from_json
from safeconduct.errors import BadInput
from safeconduct.incidents.cases import Case
from safeconduct.incidents.claims import Dossier
from safeconduct.incidents.dates import check_days
from safeconduct.incidents.reading import read_dossier
from safeconduct.movement.slots import Gate, OuterPoint
from safeconduct.movement.tally import Total
from safeconduct.replay.people import ERROR_COUNTS
from safeconduct.seal.canonical import decode_json

MOST = 10_000_000  # people
FILES = ("scenario.toml", "claims.json", "report.json", "policy.json")
# Stand-in root keys with which the terms are checked when no real ones are given: the base point and its double.
_STAND_INS = (
    "5866666666666666666666666666666666666666666666666666666666666666",
    "c9a3f86aae465f0e56513864510f3997561fa2c9e85ea21dc2292309f3cd6022",
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document: path below the folder of documents, line from 1, and the words to be found there."""

    file: str
    line: int
    seen: str


@dataclass(frozen=True, slots=True)
class Point:
    """A control point with its cap (heads in 15 minutes); `assumed`: the record does not name it."""

    id: str
    names: Mapping[str, str]
    ring: str
    upstream: tuple[str, ...]
    holders: tuple[Holding, ...]
    cap: int
    assumed: bool
    lat: int | None  # microdegrees
    lon: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """One identity with the names that the files use for it (S-28, S-110)."""

    id: str
    kind: str
    aliases: tuple[str, ...]
    point: str  # the nearest control point, or empty


@dataclass(frozen=True, slots=True)
class Day:
    """People out in the window of 24 hours that ends on `date`."""

    date: str
    out: int
    own: int | None
    others: int | None
    cumulative: int | None
    assumed: bool
    elsewhere: bool
    claims: tuple[str, ...]


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
    report: bytes
    policy: bytes
    terms: Mapping[str, Any]  # of the agreement, without root keys

    def gates(self) -> tuple[Gate, ...]:
        """Gates for the plan of slots."""
        return tuple(Gate(point.id, point.cap, point.upstream) for point in self.points if point.ring == "gate")

    def outer_points(self) -> tuple[OuterPoint, ...]:
        """Outer points for the plan of slots."""
        return tuple(OuterPoint(point.id, point.cap) for point in self.points if point.ring == "outer")

    def totals(self) -> tuple[Total, ...]:
        """The published series, for the checks of the tally; days without a figure of their own have none."""
        return tuple(
            Total(day.date, day.cumulative, None if day.assumed else day.out, "about", ", ".join(day.claims))
            for day in self.days
        )

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
    scenario = _scenario(_filled(raw), dossier, cases, data)
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


def _filled(raw: dict[str, Any]) -> dict[str, Any]:
    """TOML has no null: optional values that are left out are put in."""
    filled = dict(raw)
    _fill(filled, "points", {"lat": None, "lon": None})
    _fill(filled, "days", {"own": None, "others": None, "cumulative": None})
    points = filled.get("points")
    for point in points if isinstance(points, list) else ():
        if isinstance(point, dict):
            _fill(point, "holders", {"until": None})
    return filled


def _fill(table: dict[str, Any], name: str, defaults: Mapping[str, Any]) -> None:
    """Put the usual values into each row of a list of tables, where there is one."""
    rows = table.get(name)
    if isinstance(rows, list):
        table[name] = [{**defaults, **row} if isinstance(row, dict) else row for row in rows]


def _scenario(raw: dict[str, Any], dossier: Dossier, cases: tuple[Case, ...], data: Mapping[str, bytes]) -> Scenario:
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
        documents=_documents(fields),
        points=fields.records("points", _point, most=500),
        places=fields.records("places", _place, most=1_000),
        days=fields.records("days", _day, most=1_000),
        errors=_errors(fields),
        dossier=dossier,
        cases=cases,
        report=data["report.json"],
        policy=data["policy.json"],
        terms=terms,
    )
    fields.done()
    return scenario


def _documents(fields: Fields) -> dict[str, Citation]:
    value = fields.take("documents")
    if not isinstance(value, dict):
        raise fields.bad("documents", "a table")
    found = {}
    for name, item in value.items():
        one = Fields(item, fields.path(f"documents.{name}"))
        found[name] = Citation(one.text("file"), one.integer("line", 1, 10**6), one.text("seen", limit=100))
        one.done()
    return found


def _point(fields: Fields) -> Point:
    point = Point(
        id=fields.ident("id"),
        names=text_map(fields, "names", most=20, limit=100),
        ring=fields.choice("ring", ("outer", "gate")),
        upstream=fields.texts("upstream", most=50, limit=64),
        holders=fields.records("holders", _holding, most=50),
        cap=fields.integer("cap", 1, 10_000),
        assumed=fields.flag("assumed"),
        lat=fields.optional("lat", lambda name: fields.integer(name, -90_000_000, 90_000_000)),
        lon=fields.optional("lon", lambda name: fields.integer(name, -180_000_000, 180_000_000)),
    )
    if "en" not in point.names:
        raise BadInput("bad-field", where=fields.path("names"), expected="a name in English", seen=dict(point.names))
    return point


def _holding(fields: Fields) -> Holding:
    until = fields.optional("until", fields.moment_text)
    return Holding(fields.ident("party"), fields.moment_text("start"), until)


def _place(fields: Fields) -> Place:
    return Place(
        fields.ident("id"), fields.ident("kind"), fields.texts("aliases", most=50), fields.text("point", empty=True)
    )


def _day(fields: Fields) -> Day:
    def count(name: str) -> int:
        return fields.integer(name, 0, MOST)

    return Day(
        date=check_days(fields.text("date"), where=fields.path("date")),
        out=count("out"),
        own=fields.optional("own", count),
        others=fields.optional("others", count),
        cumulative=fields.optional("cumulative", count),
        assumed=fields.flag("assumed"),
        elsewhere=fields.flag("elsewhere"),
        claims=fields.texts("claims", most=50),
    )


def _errors(fields: Fields) -> dict[str, float]:
    errors = Fields(fields.take("errors"), fields.path("errors"))
    records = errors.integer("records", 1, 10**9)
    rates = {name: errors.integer(name, 0, records) / records for name in ERROR_COUNTS}
    errors.done()
    return rates


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
