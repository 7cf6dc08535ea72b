"""Reads the filters of a TAXII request into a `Query`, and makes the token that leads to the next page.

What is malformed is refused; a field that the standard does not know is passed over, as it allows.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from safeconduct.errors import BadInput
from safeconduct.workflows.taxii_objects import microseconds
from safeconduct.workflows.taxii_rows import ALWAYS, MOST, PAGE, SPECS, Query

MOST_VALUES = 200  # of one field
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_TOKEN = re.compile(r"([0-9a-f]{8})([0-9a-f]{1,16})", re.ASCII)
EVERYWHERE = frozenset({"id", "type", "version"})
_FILTERS = ("match[id]", "match[type]", "match[version]", "match[spec_version]", "added_after")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's filters: the query, the mark of its filters, and whether it chose versions."""

    query: Query
    mark: str  # a page's token holds for the same filters only
    chose_versions: bool  # whether versions were named


def read_query(
    pairs: Iterable[tuple[str, str]], *, fields: frozenset[str] = EVERYWHERE, all_versions: bool = False
) -> Asked:
    """Read a request's filters.

    Args:
        pairs: (name, value) of the address's query part, decoded.
        fields: which of `match[id]`, `match[type]` and `match[version]` the endpoint has.
        all_versions: whether all versions are meant where none is named.

    Raises:
        BadInput: `bad-filter`, with the field's name.
    """
    given = _once(pairs)
    mark = sha256("\n".join([f"{name}={given.get(name, '')}" for name in _FILTERS]).encode()).hexdigest()[:8]
    query = Query(limit=_limit(given), after=_after(given, mark),
                  ids=_values(given, "match[id]") if "id" in fields else (),
                  types=_values(given, "match[type]") if "type" in fields else ())  # fmt: skip
    chosen = _values(given, "match[version]") if "version" in fields else ()
    query = _with_versions(query, chosen or (("all",) if all_versions else ()))
    if wanted := _values(given, "match[spec_version]"):
        specs = tuple(spec for name, spec in SPECS.items() if name in wanted)
        query = replace(query, specs=specs, nothing=not specs)
    return Asked(query, mark, chose_versions=bool(chosen))


def next_token(asked: Asked, added: int) -> str:
    """Return the token of the page behind the one that ends with what was added at `added` (microseconds)."""
    return f"{asked.mark}{added:x}"


def _after(given: Mapping[str, str], mark: str) -> int:
    """Return the `date_added` behind which a page begins."""
    after = ALWAYS
    if "added_after" in given:
        found = microseconds(given["added_after"])
        if found is None:
            raise _bad("added_after", "a time as 2021-08-26T13:50:00.000000Z", given["added_after"])
        after = found
    return max(after, _place(given["next"], mark)) if "next" in given else after


def _place(token: str, mark: str) -> int:
    found = _TOKEN.fullmatch(token)
    if not found or found[1] != mark:
        raise _bad("next", "the value of an earlier answer, with the same filters", token)
    return int(found[2], 16)


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given and (name in _FILTERS or name in ("limit", "next")):
            raise _bad(name, "one such field", "two")
        given[name] = value
    return given


def _limit(given: dict[str, str]) -> int:
    text = given.get("limit")
    if text is None:
        return PAGE
    if not _NUMBER.fullmatch(text) or int(text) == 0:
        raise _bad("limit", "a whole number above zero", text)
    return min(int(text), MOST)


def _values(given: dict[str, str], name: str) -> tuple[str, ...]:
    """Return the values of a field, which are joined by commas; each may stand there once."""
    if name not in given:
        return ()
    values = given[name].split(",")
    if "" in values or len(values) > MOST_VALUES or len(set(values)) != len(values):
        raise _bad(name, f"up to {MOST_VALUES} different values, joined by commas", given[name])
    return tuple(values)


def _with_versions(query: Query, values: tuple[str, ...]) -> Query:
    if not values:
        return query
    if "all" in values:
        if len(values) > 1:
            raise _bad("match[version]", "`all` alone", ",".join(values))
        return replace(query, all_versions=True)
    exact = []
    for value in values:
        if value in ("first", "last"):
            continue
        found = microseconds(value)
        if found is None:
            raise _bad("match[version]", "first, last, all or a time as 2021-08-26T13:50:00.000Z", value)
        exact.append(found)
    return replace(query, first="first" in values, last="last" in values, versions=tuple(exact))


def _bad(where: str, expected: str, seen: object) -> BadInput:
    return BadInput("bad-filter", where=where, expected=expected, seen=seen)
