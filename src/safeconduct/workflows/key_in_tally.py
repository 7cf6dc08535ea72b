"""Tally sheets: numbered paper for a post without a phone, keyed in afterwards and marked as such for good.

A sheet has its number in the ledger before it is printed, so that one which never comes back is known. What is keyed in
is never counted among what devices scanned, and a number that was only a word on the paper stays that word.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from safeconduct.agreements.agreement import holder_at
from safeconduct.agreements.fields import iso, moment
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.workflows.common import in_force, require_agreement
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

SHEET, KEYED, UNUSED = "tally-sheet", "tally-keyed", "tally-unused"
OUTCOMES = ("admitted", "turned-away", "other")
ROWS = 20  # lines on a sheet
MOST_SHEETS = 200  # made at a time
MOST_HEADS = 10_000  # in one line
NOON = 43_200  # seconds: the holder of a day is the one at its middle
MARK = "keyed in from paper"  # shown wherever such a figure is shown
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"  # 23, without I, O and Z: a prime number, so that any one wrong digit shows
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_TAIL = re.compile(r"[0-9A-Z $%*+\-./:]{0,8}")


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One line of a sheet: a group as it came."""

    time: str  # HH:MM as written, local; empty: not written
    heads: int | None  # None: no number was written
    hedge: str  # the words that stood for one, such as "about a hundred"; empty: a number was written
    outcome: str  # of `OUTCOMES`
    tail: str  # the last letters of the pass, as far as written
    note: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One numbered sheet, and what became of it."""

    number: str
    point: str
    name: str  # of the control point
    day: str  # ISO date
    holder: str  # party that holds the point on that day; empty: nobody
    made_by: str
    made_at: str
    state: str  # "outstanding", "keyed-in", "not-used"
    by: str  # office that keyed it in or recorded it as not used
    at: str  # ISO time of that
    rows: tuple[TallyRow, ...]
    because: str  # why it was not used


@dataclass(frozen=True, slots=True)
class PaperLine:
    """What sheets of one control point and day add up to, for one outcome; vague quantities stand beside, unadded."""

    point: str
    day: str
    outcome: str
    groups: int
    people: int  # of the lines that have a number
    vague: tuple[str, ...]  # the words of the others
    sheets: int
    mark: str = MARK


def check_letter(number: int) -> str:
    """Return the letter at the end of a sheet's number: one wrong digit, or two that changed places, gives another."""
    total = sum(int(digit) * weight for weight, digit in enumerate(reversed(str(number)), 2))
    return _LETTERS[total % len(_LETTERS)]


def make_sheets(node: Node, point: str, day: str, count: int, *, by: str) -> tuple[Sheet, ...]:
    """Number sheets for a control point and a day; each number is in the ledger before it is on paper.

    Raises:
        BadInput: `unknown-point`, `bad-field`.
        SafeconductError: `no-agreement`.
    """
    if not 1 <= count <= MOST_SHEETS:
        raise BadInput("bad-field", where="count", expected=f"1 to {MOST_SHEETS}", seen=count)
    if _DAY.fullmatch(day) is None:
        raise BadInput("bad-field", where="day", expected="a date as 2021-08-26", seen=day)
    noon = moment(f"{day}T00:00:00Z", where="day") + NOON
    now = node.clock.now()
    with node.store.transaction() as tx:
        agreement = require_agreement(tx)
        if agreement.point(point) is None:
            raise BadInput("unknown-point", where="point", expected="a point of the agreement", seen=point)
        first = len({number for number, _, _ in tx.records.all(SHEET)}) + 1
        numbers = [f"T{place:04}-{check_letter(place)}" for place in range(first, first + count)]
        for number in numbers:
            body = {"at": now, "by": by, "day": day, "holder": holder_at(agreement, point, noon) or "", "point": point}
            tx.records.add(SHEET, number, encode_json(body), now)
            note = encode_json({**body, "number": number})
            tx.ledger.append(f"own:{SHEET}", note, node.random.bytes(32), now)
        names = {p.id: p.name for p in agreement.control_points}
        return tuple(found for number in numbers if (found := read_sheet(tx, number, names)) is not None)


def key_in(node: Node, number: str, rows: Sequence[TallyRow], *, by: str) -> Sheet | Refusal:
    """Record what a sheet says; a sheet without a line says that nobody came.

    Returns:
        The sheet; or `unknown-sheet`, `already-keyed-in` with who did it and when, `sheet-not-used`.

    Raises:
        BadInput: `bad-field`, naming the line.
    """
    if len(rows) > ROWS:
        raise BadInput("bad-field", where=f"sheet {number}", expected=f"at most {ROWS} lines", seen=len(rows))
    return _close(node, number, KEYED, {"rows": [asdict(row) for row in rows]}, by)


def not_used(node: Node, number: str, because: str, *, by: str) -> Sheet | Refusal:
    """Record that a sheet was destroyed, lost or left blank, so that it is no longer outstanding.

    Raises:
        BadInput: `bad-field` without a reason.
    """
    if not 0 < len(because.strip()) <= 200:
        raise BadInput("bad-field", where="because", expected="why, up to 200 characters", seen=because)
    return _close(node, number, UNUSED, {"because": because.strip()}, by)


def _close(node: Node, number: str, kind: str, said: Mapping[str, Any], by: str) -> Sheet | Refusal:
    number, now = number.strip().upper(), node.clock.now()
    with node.store.transaction() as tx:
        held = read_sheet(tx, number, {})
        if held is None:
            return Refusal("unknown-sheet", number)
        if held.state != "outstanding":
            code = "already-keyed-in" if held.state == "keyed-in" else "sheet-not-used"
            return Refusal(code, f"{number}, by {held.by} at {held.at}")
        body = encode_json({**said, "at": now, "by": by, "mark": MARK})
        tx.records.add(kind, number, body, now)
        note = encode_json({**said, "at": now, "by": by, "mark": MARK, "number": number})
        tx.ledger.append(f"own:{kind}", note, node.random.bytes(32), now)
        made = read_sheet(tx, number, _names(tx))
    assert made is not None  # noqa: S101  (it was there above, in the same transaction)
    return made


def read_sheet(tx: Tx, number: str, names: Mapping[str, str]) -> Sheet | None:
    """Return a sheet with what became of it."""
    stored = tx.records.latest(SHEET, number)
    if stored is None:
        return None
    made = decode_json(stored[0], where="tally sheet")
    keyed, unused = tx.records.latest(KEYED, number), tx.records.latest(UNUSED, number)
    state, said = "outstanding", {}
    for word, found in (("keyed-in", keyed), ("not-used", unused)):
        if found is not None:
            state, said = word, decode_json(found[0], where="tally sheet")
    return Sheet(
        number, made["point"], names.get(made["point"], made["point"]), made["day"], made["holder"], made["by"],
        iso(made["at"]), state, said.get("by", ""), iso(said["at"]) if said else "",
        tuple(TallyRow(**row) for row in said.get("rows", ())), said.get("because", ""),
    )  # fmt: skip


def list_sheets(node: Node) -> tuple[Sheet, ...]:
    """Return all sheets: those outstanding first, oldest day first."""
    with node.store.reading() as tx:
        names = _names(tx)
        numbers = [number for number, _, _ in tx.records.all(SHEET)]
        found = [sheet for number in numbers if (sheet := read_sheet(tx, number, names)) is not None]
    return tuple(sorted(found, key=lambda sheet: (sheet.state != "outstanding", sheet.day, sheet.number)))


def paper_lines(sheets: Sequence[Sheet]) -> tuple[PaperLine, ...]:
    """Add up what was keyed in from paper; what was vague is listed as it was written, and never added."""
    found: dict[tuple[str, str, str], list[tuple[str, TallyRow]]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            found.setdefault((sheet.day, sheet.point, row.outcome), []).append((sheet.number, row))
    return tuple(
        PaperLine(
            point, day, outcome, len(rows), sum(row.heads or 0 for _, row in rows),
            tuple(row.hedge for _, row in rows if row.hedge), len({number for number, _ in rows}),
        )
        for (day, point, outcome), rows in sorted(found.items())
    )  # fmt: skip


def row_of(given: Mapping[str, str], where: str) -> TallyRow | None:
    """Return one line as it was typed; None for an empty one.

    Args:
        given: time, heads, outcome, pass, note; `heads` is a number or the words that stood on the paper.
        where: which line, for an error.

    Raises:
        BadInput: `bad-field`, naming the field.
    """
    texts = {name: " ".join((given.get(name) or "").split()) for name in ("time", "heads", "outcome", "pass", "note")}
    if not any(value for name, value in texts.items() if name != "outcome"):
        return None
    heads, tail = texts["heads"], texts["pass"].upper()
    for name, fits, expected in (
        ("heads", 0 < len(heads) <= 60, "a number, or the words that were written"),
        ("time", not texts["time"] or _TIME.fullmatch(texts["time"]), "HH:MM, or nothing"),
        ("outcome", texts["outcome"] in OUTCOMES, f"one of {', '.join(OUTCOMES)}"),
        ("pass", _TAIL.fullmatch(tail), "up to 8 last letters of the pass"),
        ("note", len(texts["note"]) <= 200, "up to 200 characters"),
    ):
        if not fits:
            raise BadInput("bad-field", where=f"{where}, {name}", expected=expected, seen=texts[name])
    number = int(heads) if heads.isascii() and heads.isdigit() else None
    if number is not None and number > MOST_HEADS:
        raise BadInput("bad-field", where=f"{where}, heads", expected=f"at most {MOST_HEADS:,}", seen=heads)
    hedge = "" if number is not None else heads
    return TallyRow(texts["time"], number, hedge, texts["outcome"], tail, texts["note"])


def _names(tx: Tx) -> dict[str, str]:
    found = in_force(tx)
    return {point.id: point.name for point in found[0].control_points} if found else {}
