"""Claims by incident, day and figure; see `workflows.claim_rows` for what is asked and why."""

# ruff: noqa: S608  (the texts that are put together are constants of this file; every value is bound)

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, insert, select, update

from safeconduct.agreements.fields import TIME_LIMIT, moment
from safeconduct.storage.asking import ASK, CHUNK
from safeconduct.storage.claim_days import DAY, add_to_days, remake_days
from safeconduct.storage.schema import claim_ties, claims, incident_parts, terms
from safeconduct.workflows.claim_rows import ClaimRow, DayReach, Loose, Saying, TieRow, Window

_LOWS = ("exact", "about", "at-least", "more-than")
_HIGHS = ("exact", "about", "up-to")
_SEEN = "incident = ? AND day <= ? AND recorded <= ?"
_LOOSE = f"{_SEEN} AND tied = 0 AND figure IS NOT NULL"
_SEEN_DAYS = "incident = ? AND day <= ? AND ? > 0"  # days hold all that is recorded, so any time is late enough
_AFTER = "~"  # sorts behind every character of a line


class ClaimTables:
    """See `workflows.claim_rows.Claims`."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection
        self._ids: dict[str, int] = {}
        self._texts: dict[int, str] = {}

    # -- writing -------------------------------------------------------------------------------------------------

    def add(self, rows: Sequence[ClaimRow]) -> None:
        """Add claims; their ids must be new."""
        self._learn({text for row in rows for text in (row.incident, row.figure, row.voice, row.source) if text})
        for start in range(0, len(rows), CHUNK):
            values = [self._values(row) for row in rows[start : start + CHUNK]]
            self._c.execute(insert(claims), values)
            figures = [value for value in values if value["figure"] is not None]
            if figures:
                add_to_days(self._c, figures)

    def _values(self, row: ClaimRow) -> dict[str, Any]:
        number = row.low if row.low is not None else row.high
        return {
            "id": row.id, "incident": self._ids[row.incident], "day": _number(row.day),
            "recorded": moment(row.recorded), "line": f"{row.day} {row.id} {'' if number is None else number}",
            "figure": self._ids[row.figure] if row.figure else None, "basis": row.basis, "low": row.low,
            "high": row.high, "ambiguous": int(row.ambiguous),
            "rank": f"{'' if number is None else f'{number:010}'} {row.day} {row.id}",
            "voice": self._ids[row.voice],
            "source": self._ids[row.source],
            "attribution": int(row.attribution), "tied": 0,
        }  # fmt: skip

    def tie(self, rows: Sequence[TieRow]) -> None:
        """Add relations between claims that are held."""
        ends = sorted({name for row in rows for name in (row.source, row.target)})
        known: dict[str, tuple[int, int]] = {}
        for start in range(0, len(ends), ASK):
            query = select(claims.c.id, claims.c.seq, claims.c.incident).where(
                claims.c.id.in_(ends[start : start + ASK])
            )
            known.update((name, (seq, incident)) for name, seq, incident in self._c.execute(query))
        made, bound = [], set()
        for row in rows:
            (source, here), (target, there) = known[row.source], known[row.target]
            if here == there:  # what ties claims of different incidents changes neither account
                bound |= {source, target}
                made.append({"incident": here, "source": source, "target": target, "kind": row.kind,
                             "day": _number(row.day), "recorded": moment(row.recorded)})  # fmt: skip
        if made:
            self._c.execute(insert(claim_ties), made)
            self._bind(sorted(bound))

    def _bind(self, numbers: Sequence[int]) -> None:
        """Make loose claims tied ones, and reckon their days again without them."""
        days: set[tuple[Any, ...]] = set()
        for start in range(0, len(numbers), ASK):
            loose = (claims.c.seq.in_(numbers[start : start + ASK]), claims.c.tied == 0)
            days.update(tuple(row) for row in self._c.execute(select(*DAY).where(*loose)) if row.figure is not None)
            self._c.execute(update(claims).where(*loose).values(tied=1))
        if days:
            remake_days(self._c, sorted(days))

    def note_parts(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Remember (incident, kind, id) of records that belong to an incident."""
        made = [{"incident": incident, "kind": kind, "record_id": record_id} for incident, kind, record_id in rows]
        if made:
            self._c.execute(insert(incident_parts).prefix_with("OR IGNORE"), made)

    def _learn(self, texts: Iterable[str]) -> None:
        """Give each text a number, the same one for ever."""
        wanted = sorted(text for text in texts if text not in self._ids)
        for start in range(0, len(wanted), ASK):
            part = wanted[start : start + ASK]
            self._c.execute(insert(terms).prefix_with("OR IGNORE"), [{"text": text} for text in part])
            self._ids.update((text, number) for number, text in self._c.execute(
                select(terms.c.id, terms.c.text).where(terms.c.text.in_(part))))  # fmt: skip

    # -- reading -------------------------------------------------------------------------------------------------

    def parts(self, incident: str, kind: str) -> Sequence[str]:
        """Return ids of the records of a kind that belong to an incident, in the order of recording."""
        where = (incident_parts.c.incident == incident, incident_parts.c.kind == kind)
        query = select(incident_parts.c.record_id).where(*where).order_by(incident_parts.c.seq)
        return [record_id for (record_id,) in self._c.execute(query)]

    def count(self, window: Window) -> int:
        """Return how many claims there are."""
        return int(self._ask(f"SELECT count(*) FROM claims WHERE {_SEEN}", window)[0][0])

    def days(self, window: Window) -> Sequence[str]:
        """Return the days from which claims are known, oldest first: one step through the index for each."""
        first = f"SELECT min(line) FROM claims WHERE {_SEEN}"
        steps = (
            f"WITH RECURSIVE step(line) AS ({first} UNION ALL SELECT ({first} AND line > substr(step.line, 1, 10)"
            f" || '{_AFTER}') FROM step WHERE step.line IS NOT NULL)"
            " SELECT substr(line, 1, 10) FROM step WHERE line IS NOT NULL"
        )
        return [day for (day,) in self._ask(steps, window, *self._bound(window))]

    def newest(self, window: Window, limit: int, *, skip: int = 0) -> Sequence[str]:
        """Return ids of the newest claims, oldest of them first."""
        query = f"SELECT id FROM claims WHERE {_SEEN} ORDER BY line DESC LIMIT ? OFFSET ?"
        return [name for (name,) in reversed(self._ask(query, window, limit, skip))]

    def oldest(self, window: Window, limit: int, *, skip: int = 0) -> Sequence[str]:
        """Return ids of the oldest claims, oldest first."""
        query = f"SELECT id FROM claims WHERE {_SEEN} ORDER BY line LIMIT ? OFFSET ?"
        return [name for (name,) in self._ask(query, window, limit, skip)]

    def attributions(self, window: Window, limit: int) -> tuple[int, Sequence[str]]:
        """Return how many attributions there are, and ids of the newest of them."""
        where = f"FROM claims WHERE {_SEEN} AND attribution = 1"
        found = self._ask(f"SELECT id {where} ORDER BY line DESC LIMIT ?", window, limit)
        count = self._ask(f"SELECT count(*) {where}", window)[0][0] if len(found) == limit else len(found)
        return int(count), [name for (name,) in found]

    def visible(self, window: Window, ids: Iterable[str]) -> set[str]:
        """Return those of the claims that are in the window; searched by id, not by incident."""
        query = f"SELECT claims.id FROM json_each(?) CROSS JOIN claims ON claims.id = value WHERE {_SEEN}"
        return {name for (name,) in self._rows(query, (json.dumps(sorted(set(ids))), *self._bound(window)))}

    def tie_ids(self, incident: str) -> Sequence[tuple[str, str, str]]:
        """Return (id of the source, id of the target, kind) of all relations within an incident, oldest first."""
        query = (
            "SELECT one.id, other.id, kind FROM claim_ties JOIN claims AS one ON one.seq = claim_ties.source"
            " JOIN claims AS other ON other.seq = claim_ties.target WHERE claim_ties.incident = ?"
            " ORDER BY claim_ties.seq"
        )
        number = self._numbers([incident]).get(incident, -1)
        return [(source, target, kind) for source, target, kind in self._rows(query, (number,))]

    def sources(self, window: Window) -> Sequence[str]:
        """Return ids of the sources that carried claims."""
        rows = self._ask(f"SELECT DISTINCT source FROM claims WHERE {_SEEN}", window)
        self._name({source for (source,) in rows})
        return sorted(self._texts[source] for (source,) in rows)

    def tied(self, window: Window) -> tuple[Mapping[int, str], Sequence[Saying]]:
        """Return number and id of the claims that take part in relations, and what those that are figures say."""
        columns = "seq, id, day, figure, basis, low, high, ambiguous, voice"
        rows = self._ask(f"SELECT {columns} FROM claims INDEXED BY claims_tied WHERE {_SEEN} AND tied = 1", window)
        self._name({row[3] for row in rows})
        return {row[0]: row[1] for row in rows}, [
            Saying(name, _day(day), self._texts[figure], basis, low, high, "?" if ambiguous else "", voice)
            for _, name, day, figure, basis, low, high, ambiguous, voice in rows
            if figure is not None
        ]

    def ties(self, window: Window) -> Sequence[tuple[int, int, str, str]]:
        """Return (number of the source, number of the target, kind, day) of the relations that hold."""
        query = f"SELECT source, target, kind, day FROM claim_ties WHERE {_SEEN}"
        return [(source, target, kind, _day(day)) for source, target, kind, day in self._ask(query, window)]

    def loose(self, window: Window) -> Sequence[Loose]:
        """Return the ends of the loose claims."""
        if window.recorded_at:  # the days are of all that is recorded
            ends = "count(*), min(rank), max(rank), min(line), max(line)"
            where = f"claims INDEXED BY claims_sort WHERE {_LOOSE}"
        else:
            ends = "sum(number), min(lowest), max(highest), min(oldest), max(newest)"
            where = f"claim_days WHERE {_SEEN_DAYS}"
        group = "figure, basis, ambiguous"
        rows = self._ask(f"SELECT {group}, {ends} FROM {where} GROUP BY {group}", window)
        self._name({row[0] for row in rows})
        found = []
        for figure, basis, ambiguous, count, *ends in rows:
            lines = [_by_rank(end) for end in ends[:2]] + [_by_line(end) for end in ends[2:]]
            says = (self._texts[figure], basis, bool(ambiguous))
            found.append(Loose(count, tuple(_saying(*says, *line) for line in dict.fromkeys(lines))))
        return found

    def loose_days(self, window: Window) -> Sequence[DayReach]:
        """Return the reach of the loose claims, day by day."""
        if window.recorded_at:
            where = f"min(low), max(low), max(high) FROM claims INDEXED BY claims_day WHERE {_LOOSE}"
        else:
            where = f"min(low), max(top_low), max(high) FROM claim_days WHERE {_SEEN_DAYS}"
        rows = self._ask(f"SELECT figure, day, {where} GROUP BY figure, day", window)
        self._name({row[0] for row in rows})
        return [DayReach(self._texts[figure], _day(day), *ends) for figure, day, *ends in rows]

    def loose_voices(self, window: Window) -> Sequence[tuple[str, int]]:
        """Return each (figure, voice) of the loose claims once."""
        query = f"SELECT DISTINCT figure, voice FROM claims INDEXED BY claims_voice WHERE {_LOOSE}"
        rows = self._ask(query, window)
        self._name({figure for figure, _ in rows})
        return [(self._texts[figure], voice) for figure, voice in rows]

    def at(self, window: Window, wanted: Sequence[tuple[str, str, int]]) -> Sequence[str]:
        """Return for each (figure, day, number) the id of a loose claim that gives the number on that day."""
        numbers = self._numbers({figure for figure, _, _ in wanted})
        one = (  # the day is in the window; said twice, the index would be searched for the wrong one of the two
            "SELECT id FROM claims INDEXED BY claims_day WHERE incident = ? AND recorded <= ? AND tied = 0"
            " AND figure = ? AND day = ?"
        )
        query = f"{one} AND low = ? UNION ALL {one} AND low IS NULL AND high = ? LIMIT 1"
        found: list[str] = []
        incident, _, recorded = self._bound(window)
        for figure, day, number in wanted:
            bound = (incident, recorded, numbers[figure], _number(day), number)
            found += [name for (name,) in self._rows(query, (*bound, *bound))]
        return found

    def of_figures(self, window: Window, figures: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return ids of all loose claims of each of the figures."""
        query = f"SELECT id FROM claims INDEXED BY claims_day WHERE {_LOOSE} AND figure = ?"
        return {
            figure: [name for (name,) in self._ask(query, window, number)]
            for figure, number in self._numbers(figures).items()
        }

    def _ask(self, query: str, window: Window, *more: Any) -> Sequence[Any]:
        return self._rows(query, (*self._bound(window), *more))

    def _rows(self, query: str, bound: tuple[Any, ...]) -> Sequence[Any]:
        """Return rows as plain tuples: wrapping each of tens of thousands would take as long as finding them."""
        cursor = self._c.connection.cursor()
        try:
            cursor.execute(query, bound)
            return cursor.fetchall()
        finally:
            cursor.close()

    def _bound(self, window: Window) -> tuple[int, int, int]:
        """Return the values that `_SEEN` is bound to."""
        number = self._numbers([window.incident]).get(window.incident, -1)
        recorded = moment(window.recorded_at, where="recorded_at") if window.recorded_at else TIME_LIMIT
        return number, _number(window.known_at), recorded

    def _numbers(self, texts: Iterable[str]) -> dict[str, int]:
        asked = [text for text in texts if text not in self._ids]
        for start in range(0, len(asked), ASK):
            query = select(terms.c.id, terms.c.text).where(terms.c.text.in_(asked[start : start + ASK]))
            self._ids.update((text, number) for number, text in self._c.execute(query))
        return {text: self._ids[text] for text in texts if text in self._ids}

    def _name(self, numbers: Iterable[int | None]) -> None:
        """Learn the texts of numbers."""
        asked = [number for number in numbers if number is not None and number not in self._texts]
        for start in range(0, len(asked), ASK):
            query = select(terms.c.id, terms.c.text).where(terms.c.id.in_(asked[start : start + ASK]))
            self._texts.update((number, text) for number, text in self._c.execute(query))


def _number(day: str) -> int:
    """Return an ISO day as the number that the tables hold: 20210826."""
    return int(day.replace("-", ""))


@lru_cache(maxsize=4_096)
def _day(number: int) -> str:
    text = f"{number:08}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _by_rank(text: str) -> tuple[str, str, int | None]:
    number, day, name = text.split(" ")
    return day, name, int(number) if number else None


def _by_line(text: str) -> tuple[str, str, int | None]:
    day, name, number = text.split(" ")
    return day, name, int(number) if number else None


def _saying(figure: str, basis: str, ambiguous: bool, day: str, name: str, number: int | None) -> Saying:  # noqa: FBT001
    low, high = number if basis in _LOWS else None, number if basis in _HIGHS else None
    return Saying(name, day, figure, basis, low, high, "?" if ambiguous else "", -1)
