"""Read a roll from a spreadsheet saved as CSV: all of it or nothing, with one error that names the cell.

The format is `spec/roll.md`. A cell that a spreadsheet would run as a formula is refused, for the same file is opened
in spreadsheets by others. Real rolls have holes (no first name, a birth date of 1 January, a number that is no
number): these are doubts, kept with the person, and keep nobody out.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from safeconduct.errors import BadInput
from safeconduct.register.people import CLASSES, DOCUMENT_TYPES, MAX_GROUP, RISK_CATEGORIES, Group, Person

COLUMNS = (
    "person_id",
    "group_id",
    "given_name",
    "family_name",
    "birth_date",
    "sex",
    "class",
    "at_risk",
    "document_type",
    "document_number",
    "travels_with_parents",
)

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DATE = re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]")
_DOCUMENT = re.compile(r"[A-Z0-9][A-Z0-9-]{4,23}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_FORMULA_SOMEWHERE = re.compile(r'(?:^|[,\n\r"])[=+\-@\t]')
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_CHOICES = {
    "sex": frozenset(("", "f", "m", "x")),
    "class": frozenset(CLASSES),
    "at_risk": frozenset(("", *RISK_CATEGORIES)),
    "document_type": frozenset(DOCUMENT_TYPES),
    "travels_with_parents": frozenset(("", "yes", "no")),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold."""

    max_bytes: int = 64 << 20  # 64 MiB, about 700,000 people
    max_rows: int = 1_000_000
    max_cell: int = 200  # characters
    max_group: int = MAX_GROUP  # people


@dataclass(frozen=True, slots=True)
class Roll:
    """A whole file, read: people in the order of the file, groups in the order of their first line."""

    people: tuple[Person, ...]
    groups: tuple[Group, ...]


def parse_roll(data: bytes, *, filename: str, limits: Limits | None = None) -> Roll:
    """Read a roll; raises before anything is returned, so that nothing is ever half imported.

    Args:
        data: the file's bytes, UTF-8 with or without a byte-order mark.
        filename: named in errors; never opened.
        limits: sizes refused above.

    Raises:
        BadInput: `roll-empty`, `roll-size`, `roll-encoding`, `roll-columns`, `roll-row`, `roll-cell`, `roll-formula`,
            `roll-duplicate`, `roll-group`; its `where` names file, row (the header is row 1) and column.
    """
    limits = limits or Limits()
    text = _decode(data, filename, limits)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = _rows(reader, filename)
    header = next(rows, None)
    if header is None:
        raise BadInput("roll-empty", where=filename, expected="a header and people", seen="an empty file")
    pick = _columns(header, filename)
    check_formulas = _FORMULA_SOMEWHERE.search(text) is not None
    people = _people(rows, len(header), pick, filename, limits, check_formulas=check_formulas)
    if not people:
        raise BadInput("roll-empty", where=f"{filename} row 2", expected="at least one person", seen="end of file")
    return Roll(people=tuple(people), groups=_groups(people, filename, limits))


def _decode(data: bytes, filename: str, limits: Limits) -> str:
    if not data.strip():
        raise BadInput("roll-empty", where=filename, expected="a header and people", seen="an empty file")
    if len(data) > limits.max_bytes:
        raise BadInput("roll-size", where=filename, expected=f"at most {limits.max_bytes} bytes", seen=len(data))
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        row, column = _place(body[: error.start])
        seen = body[error.start : error.start + 4]
        where = f"{filename} row {row}, byte {column}"
        raise BadInput("roll-encoding", where=where, expected="UTF-8 (save as 'CSV UTF-8')", seen=seen) from error
    found = _CONTROL.search(text)
    if found:
        row, column = _place(text[: found.start()].encode())
        where = f"{filename} row {row}, byte {column}"
        raise BadInput("roll-cell", where=where, expected="no control character", seen=found.group())
    return text


def _place(before: bytes) -> tuple[int, int]:
    """Row and byte of the place after `before`, both counted from 1."""
    return before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1


def _rows(reader: Iterator[list[str]], filename: str) -> Iterator[list[str]]:
    """The reader's rows, its own errors turned into ours."""
    for number in count(1):
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            expected = "cells in commas, quotes closed, no huge cell"
            raise BadInput("roll-row", where=f"{filename} row {number}", expected=expected, seen=str(error)) from error
        yield row


def _columns(header: list[str], filename: str) -> Callable[[list[str]], list[str]]:
    """A function that puts a row's cells in the order of COLUMNS; the file may order its columns as it likes."""
    where = f"{filename} row 1"
    names = [name.strip() for name in header]
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        raise BadInput("roll-columns", where=where, expected="columns separated by commas", seen=names[0])
    for name in COLUMNS:
        if name not in names:
            raise BadInput(
                "roll-columns", where=f"{where}, column {name}", expected="this column", seen=",".join(names)
            )
    for index, name in enumerate(names):
        if name not in COLUMNS:
            expected = "only the columns of spec/roll.md"
            raise BadInput("roll-columns", where=f"{where}, column {index + 1}", expected=expected, seen=name)
        if name in names[:index]:
            raise BadInput("roll-columns", where=f"{where}, column {name}", expected="each column once", seen=name)
    if tuple(names) == COLUMNS:
        return lambda row: row
    order = [names.index(name) for name in COLUMNS]
    return lambda row: [row[index] for index in order]


def _people(
    rows: Iterator[list[str]],
    width: int,
    pick: Callable[[list[str]], list[str]],
    filename: str,
    limits: Limits,
    *,
    check_formulas: bool,
) -> list[Person]:
    people: list[Person] = []
    seen: set[str] = set()
    dates: dict[str, bool] = {"": True}
    match_id, match_document = _ID.fullmatch, _DOCUMENT.fullmatch
    sexes, classes, risks = _CHOICES["sex"], _CHOICES["class"], _CHOICES["at_risk"]
    types, parents = _CHOICES["document_type"], _CHOICES["travels_with_parents"]
    longest, add = limits.max_cell, people.append
    for number, row in enumerate(rows, start=2):
        if not row:
            continue  # spreadsheets end a file with blank lines
        if len(row) != width:
            expected = f"{width} cells"
            raise BadInput("roll-row", where=f"{filename} row {number}", expected=expected, seen=f"{len(row)} cells")
        cells = pick(row)
        pid, gid, given, family, born, sex, cls, risk, kind, document, with_parents = cells
        good_date = dates.get(born)
        if good_date is None:
            good_date = dates[born] = _is_date(born)
        # One test in the usual case; the cell to blame is looked for only when it fails.
        if not (
            good_date
            and pid not in seen
            and cls in classes
            and kind in types
            and sex in sexes
            and risk in risks
            and with_parents in parents
            and match_id(pid)
            and match_id(gid)
            and len(given) <= longest
            and len(family) <= longest
            and len(document) <= longest
        ) or (check_formulas and any(cell.startswith(_FORMULA_STARTS) for cell in cells)):
            raise _blame(cells, f"{filename} row {number}", seen, limits)
        if len(people) >= limits.max_rows:
            expected = f"at most {limits.max_rows} people"
            raise BadInput("roll-size", where=f"{filename} row {number}", expected=expected, seen=len(people) + 1)
        seen.add(pid)
        doubts: tuple[str, ...] = ()
        if not given or not family or born.endswith("-01-01") or not born or not match_document(document):
            doubts = _doubts(given, family, born, document)
        if kind == "facilitation-document":
            doubts = (*doubts, "facilitation-document")
        add(Person(pid, gid, given, family, born, sex, cls, risk, kind, document, with_parents, doubts))
    return people


def _is_date(text: str) -> bool:
    """Whether the text is a possible date as YYYY-MM-DD."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _doubts(given: str, family: str, born: str, document: str) -> tuple[str, ...]:
    """What a caseworker should look at again; nothing of it refuses the person."""
    doubts = []
    if not given:
        doubts.append("no-given-name")
    if not family:
        doubts.append("no-family-name")
    if not born:
        doubts.append("no-birth-date")
    elif born.endswith("-01-01"):
        doubts.append("born-1-january")
    if not _DOCUMENT.fullmatch(document):
        doubts.append("document-number")
    return tuple(doubts)


def _blame(cells: list[str], where: str, seen: set[str], limits: Limits) -> BadInput:
    """The error for the first cell of a row that breaks a rule, in the order of COLUMNS."""
    for name, cell in zip(COLUMNS, cells, strict=True):
        place = f"{where}, column {name}"
        if len(cell) > limits.max_cell:
            return BadInput("roll-cell", where=place, expected=f"at most {limits.max_cell} characters", seen=cell)
        if cell.startswith(_FORMULA_STARTS):
            return BadInput(
                "roll-formula", where=place, expected="a cell that starts with no = + - @ or tab", seen=cell
            )
        if name in ("person_id", "group_id") and not _ID.fullmatch(cell):
            expected = "1 to 64 letters, digits, dots, dashes or underscores"
            return BadInput("roll-cell", where=place, expected=expected, seen=cell)
        if name == "person_id" and cell in seen:
            return BadInput("roll-duplicate", where=place, expected="an id used once", seen=cell)
        if name == "birth_date" and cell and not _is_date(cell):
            return BadInput("roll-cell", where=place, expected="a date as YYYY-MM-DD, or nothing", seen=cell)
        if name in _CHOICES and cell not in _CHOICES[name]:
            expected = "one of " + ", ".join(sorted(choice or "(nothing)" for choice in _CHOICES[name]))
            return BadInput("roll-cell", where=place, expected=expected, seen=cell)
    raise AssertionError(where)  # pragma: no cover  (called for a row that breaks a rule)


def _groups(people: list[Person], filename: str, limits: Limits) -> tuple[Group, ...]:
    """Gather people by group id; one group may not hold more heads than a pass can name."""
    members: dict[str, list[Person]] = {}
    for person in people:
        found = members.get(person.group_id)
        if found is None:
            members[person.group_id] = [person]
        else:
            found.append(person)
    for group_id, group in members.items():
        if len(group) > limits.max_group:
            where = f"{filename}, group {group_id}"
            expected = f"at most {limits.max_group} people in a group"
            raise BadInput("roll-group", where=where, expected=expected, seen=len(group))
    return tuple(Group(group_id, tuple(group)) for group_id, group in members.items())
