"""Reports of a scenario, invented for it, and what its officer decides about the claims that are suggested from them.

A suggestion is named by its file, its kind and its place; the place is given by words that stand there and nowhere else
in the file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from safeconduct.agreements.fields import Fields, known, text_map, unique
from safeconduct.errors import BadInput
from safeconduct.incidents.claims import RELATIONS
from safeconduct.incidents.dates import check_day
from safeconduct.incidents.reader.model import KINDS
from safeconduct.seal.canonical import decode_json

DECISIONS = "reports/decisions.json"
ACCEPT, REJECT = ACTS = ("accept", "reject")
USUAL: Mapping[str, Mapping[str, Any]] = {"decisions": {"fields": {}, "reading": ""}, "relations": {"method": ""}}
Read = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Report:
    """One report: its path below the scenario's folder, who published it, on which ISO day, and its bytes."""

    file: str
    outlet: str
    day: str
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes, hex: under it a node holds it."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a suggestion stands: `start` counts characters of the file from 0."""

    file: str
    kind: str
    at: str
    start: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What the officer does with one suggestion: the fields that differ from what is suggested, and the reading."""

    place: Place
    act: str
    fields: Mapping[str, str]
    reading: str


@dataclass(frozen=True, slots=True)
class Link:
    """A relation that the officer records between two accepted claims, suggested or not."""

    kind: str
    source: Place
    target: Place
    method: str


@dataclass(frozen=True, slots=True)
class Reports:
    """All reports in the order of their days, the fields of their incident, and the decisions."""

    reports: tuple[Report, ...] = ()
    incident: Mapping[str, str] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    links: tuple[Link, ...] = ()

    def of_day(self, day: str) -> tuple[Report, ...]:
        """Reports that were published on an ISO day."""
        return tuple(report for report in self.reports if report.day == day)


def read_report(fields: Fields, read: Read) -> Report:
    """A row of `reports` in `scenario.toml`, with the file that it names."""
    name = fields.text("file", limit=200)
    if name.startswith("/") or ".." in name.split("/"):
        raise fields.bad("file", "a path below the scenario's folder")
    day = check_day(fields.text("day"), where=fields.path("day"))
    return Report(name, fields.text("outlet", limit=200), day, read(name))


def read_decisions(reports: tuple[Report, ...], read: Read) -> Reports:
    """The reports with what is decided about them; without reports there is nothing to decide.

    Raises:
        BadInput: `no-scenario` for a missing file, `bad-json`, the codes of `Fields`.
    """
    if not reports:
        return Reports()
    unique((report.file for report in reports), where="scenario.toml.reports")
    texts = {report.file: _text(report) for report in reports}
    fields = Fields(_filled(decode_json(read(DECISIONS), where=DECISIONS)), DECISIONS)
    made = Reports(
        reports=tuple(sorted(reports, key=lambda report: report.day)),
        incident=text_map(fields, "incident", most=10),
        decisions=fields.records("decisions", lambda one: _decision(one, texts), most=1_000),
        links=fields.records("relations", lambda one: _link(one, texts), most=1_000),
    )
    fields.done()
    accepted = {decision.place for decision in made.decisions if decision.act == ACCEPT}
    for link in made.links:
        if not {link.source, link.target} <= accepted:
            where = f"{DECISIONS}.relations"
            raise BadInput("bad-reference", where=where, expected="two accepted suggestions", seen=link.kind)
    return made


def _filled(raw: Any) -> Any:
    """What most decisions leave out is put in."""
    if not isinstance(raw, dict):
        return raw
    rows = {name: [{**USUAL[name], **row} if isinstance(row, dict) else row for row in items]
            for name in USUAL if isinstance(items := raw.get(name), list)}  # fmt: skip
    return {**raw, **rows}


def _text(report: Report) -> str:
    try:
        return report.data.decode()
    except UnicodeDecodeError as error:
        raise BadInput("bad-scenario", where=report.file, expected="UTF-8", seen=f"byte {error.start}") from error


def _decision(fields: Fields, texts: Mapping[str, str]) -> Decision:
    return Decision(
        place=_place(fields, texts),
        act=fields.choice("act", ACTS),
        fields=text_map(fields, "fields", most=20, limit=4_000, empty=True),
        reading=fields.text("reading", empty=True),
    )


def _link(fields: Fields, texts: Mapping[str, str]) -> Link:
    def end(name: str) -> Place:
        inner = Fields(fields.take(name), fields.path(name))
        place = _place(inner, texts)
        inner.done()
        return place

    return Link(fields.choice("kind", RELATIONS), end("from"), end("to"), fields.text("method", empty=True))


def _place(fields: Fields, texts: Mapping[str, str]) -> Place:
    file = fields.text("file", limit=200)
    known(file, texts, where=fields.path("file"))
    kind, words = fields.choice("kind", KINDS), fields.text("at", limit=200)
    if texts[file].count(words) != 1:
        raise fields.bad("at", f"words that stand once in {file}")
    return Place(file, kind, words, texts[file].index(words))
