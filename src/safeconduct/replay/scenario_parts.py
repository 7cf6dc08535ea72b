"""The parts of `scenario.toml`, each a record with its reader: documents, control points, places, days, errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safeconduct.agreements.agreement import Holding
from safeconduct.agreements.fields import Fields, text_map
from safeconduct.errors import BadInput
from safeconduct.incidents.dates import check_days
from safeconduct.replay.people import ERROR_COUNTS

MOST = 10_000_000  # people


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


def filled(raw: dict[str, Any]) -> dict[str, Any]:
    """TOML has no null: optional values that are left out are put in; a scenario may have no reports."""
    whole = {"reports": [], **raw}
    _fill(whole, "points", {"lat": None, "lon": None})
    _fill(whole, "days", {"own": None, "others": None, "cumulative": None})
    points = whole.get("points")
    for point in points if isinstance(points, list) else ():
        if isinstance(point, dict):
            _fill(point, "holders", {"until": None})
    return whole


def _fill(table: dict[str, Any], name: str, defaults: Mapping[str, Any]) -> None:
    """Put the usual values into each row of a list of tables, where there is one."""
    rows = table.get(name)
    if isinstance(rows, list):
        table[name] = [{**defaults, **row} if isinstance(row, dict) else row for row in rows]


def read_documents(fields: Fields) -> dict[str, Citation]:
    """Documents by name, each with the words that stand there."""
    value = fields.take("documents")
    if not isinstance(value, dict):
        raise fields.bad("documents", "a table")
    found = {}
    for name, item in value.items():
        one = Fields(item, fields.path(f"documents.{name}"))
        found[name] = Citation(one.text("file"), one.integer("line", 1, 10**6), one.text("seen", limit=100))
        one.done()
    return found


def read_point(fields: Fields) -> Point:
    """A control point with its names, holders and cap."""
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


def read_place(fields: Fields) -> Place:
    """A place or group with its aliases."""
    return Place(
        fields.ident("id"), fields.ident("kind"), fields.texts("aliases", most=50), fields.text("point", empty=True)
    )


def read_day(fields: Fields) -> Day:
    """A day with its figures and the claims that give them."""

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


def read_errors(fields: Fields) -> dict[str, float]:
    """How often each error stands in a record, as a share."""
    errors = Fields(fields.take("errors"), fields.path("errors"))
    records = errors.integer("records", 1, 10**9)
    rates = {name: errors.integer(name, 0, records) / records for name in ERROR_COUNTS}
    errors.done()
    return rates
