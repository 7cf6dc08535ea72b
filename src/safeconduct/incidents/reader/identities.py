"""Identities of places, groups, bodies, outlets and events as a TOML document gives them, checked."""

import re
import tomllib
from dataclasses import dataclass

from safeconduct.errors import BadInput

TABLES = {"groups": "group", "bodies": "body", "outlets": "outlet", "places": "place", "events": "event"}
FIELDS = ("name", "aliases", "own", "sort", "at", "part_of")
LIMIT_NAMES = 50_000
LIMIT_LENGTH = 80  # characters of one name
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Identity:
    """One place, group, body, outlet or event with its names."""

    id: str
    kind: str  # "group", "place", "body", "outlet", "event"
    name: str
    aliases: tuple[str, ...] = ()
    own: tuple[str, ...] = ()  # what it calls itself
    sort: str = ""  # of places: "country", "province", "city", "district", "airport", "gate", "hotel" …
    latitude: float | None = None  # degrees, north positive
    longitude: float | None = None  # degrees, east positive
    part_of: str = ""  # id of what it lies in or belongs to

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, the plain one first."""
        return (self.name, *self.aliases, *self.own)


def read_identities(text: str, *, where: str) -> dict[str, Identity]:
    """Identities of a TOML document with the tables `groups`, `bodies`, `outlets`, `places` and `events`.

    Raises:
        BadInput: `bad-toml`, `unknown-field`, `bad-field`, `bad-id`, `too-many`.
    """
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput("bad-toml", where=where, expected="TOML 1.0", seen=str(error)) from None
    found: dict[str, Identity] = {}
    names = 0
    for table, rows in tables.items():
        if table not in TABLES or not isinstance(rows, dict):
            raise BadInput("unknown-field", where=where, expected="tables " + ", ".join(TABLES), seen=table)
        for key, row in rows.items():
            place = f"{where}, {table}.{key}"
            if key in found:
                raise BadInput("bad-id", where=place, expected="each id in one table only", seen=key)
            found[key] = _identity(key, TABLES[table], row, place)
            names += len(found[key].names)
            if names > LIMIT_NAMES:
                raise BadInput("too-many", where=where, expected=f"at most {LIMIT_NAMES} names", seen=names)
    return found


def _identity(key: str, kind: str, row: object, where: str) -> Identity:
    if not _ID.fullmatch(key):
        raise BadInput("bad-id", where=where, expected="small letters, digits and single hyphens", seen=key)
    if not isinstance(row, dict):
        raise BadInput("bad-field", where=where, expected="a table with at least `name`", seen=row)
    for name in row:
        if name not in FIELDS:
            raise BadInput("unknown-field", where=where, expected=", ".join(FIELDS), seen=name)
    latitude, longitude = _position(row.get("at"), f"{where}.at")
    return Identity(
        key,
        kind,
        _text(row.get("name"), f"{where}.name"),
        _texts(row.get("aliases", []), f"{where}.aliases"),
        _texts(row.get("own", []), f"{where}.own"),
        _text(row.get("sort", ""), f"{where}.sort", empty=True),
        latitude,
        longitude,
        _text(row.get("part_of", ""), f"{where}.part_of", empty=True),
    )


def _text(value: object, where: str, *, empty: bool = False) -> str:
    if isinstance(value, str) and len(value) <= LIMIT_LENGTH and (_WORD.search(value) or (empty and not value)):
        return value
    raise BadInput("bad-field", where=where, expected=f"words of at most {LIMIT_LENGTH} characters", seen=value)


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadInput("bad-field", where=where, expected="a list of names", seen=value)
    return tuple(_text(item, where) for item in value)


def _position(value: object, where: str) -> tuple[float | None, float | None]:
    if value is None:
        return None, None
    if isinstance(value, list) and len(value) == 2:
        numbers = [item for item in value if isinstance(item, int | float) and not isinstance(item, bool)]
        if len(numbers) == 2 and abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180:
            return float(numbers[0]), float(numbers[1])
    raise BadInput("bad-field", where=where, expected="[latitude, longitude] in degrees", seen=value)
