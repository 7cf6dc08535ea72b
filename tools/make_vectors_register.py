"""Write spec/vectors/hand-over.json and spec/vectors/roll.json.

Signed hand-overs, and files that are refused or differ; rolls with the people and groups that they give, and rolls
that are refused. What a roll gives, and every refusal with its place, is written down here by hand.
"""

import json
from pathlib import Path
from typing import Any

from safeconduct.register.hand_over import HandOver, count_cases, plain, sign_hand_over
from safeconduct.seal.keys import SigningKey

OUT = Path(__file__).resolve().parents[1] / "spec/vectors"
SEED = bytes([7]) * 32
ROLL = [("P-1", "citizen"), ("P-2", "at-risk"), ("P-10", "citizen")]
OTHERS = {
    "one-dropped": ROLL[:2],
    "one-in-the-place-of-another": [("P-3", "citizen"), *ROLL[1:]],
    "another-class": [("P-1", "resident"), *ROLL[1:]],
}

HEADER = (
    "person_id,group_id,given_name,family_name,birth_date,sex,class,at_risk,document_type,document_number,"
    "travels_with_parents"
)
PERSON = {
    "person_id": "P-1",
    "group_id": "G-1",
    "given_name": "Given",
    "family_name": "Family",
    "birth_date": "1980-05-17",
    "sex": "f",
    "class": "citizen",
    "document_type": "passport",
    "document_number": "X1234567",
}
GROUP = {"id": "G-1", "heads": 1, "class": "citizen", "priority": 1}
DARI = {"given_name": "نیلوفر", "family_name": "د سبا کور"}
CELL_MARKS = 131_073  # one more than a CSV reader takes
FILE_BYTES = (64 << 20) + 1
OTHER_ORDER = """\
sex,person_id,class,group_id,document_number,document_type,at_risk,birth_date,family_name,given_name,\
travels_with_parents
f,P-1,citizen,G-1,X1234567,passport,,1980-05-17,Family,Given,
"""

Case = dict[str, Any]


def hand_over_vectors() -> Case:
    """Return what spec/vectors/hand-over.json holds."""
    root = SigningKey.from_seed(SEED)
    statement = HandOver("evac", "Office of the successor", "2021-09-01T00:00:00Z", count_cases(ROLL))
    good = {**plain(statement), "signature": sign_hand_over(statement, root).hex()}
    forged = good["signature"][:-2] + "00"
    changes: dict[str, tuple[dict[str, object], list[str] | str]] = {
        "complete": ({}, []),
        "another-office": ({"to": "Another office"}, ["signature"]),
        "another-time": ({"at": "2021-09-02T00:00:00Z"}, ["signature"]),
        "signature-damaged": ({"signature": forged}, ["signature"]),
        "party-unknown": ({"by": "north"}, ["signature"]),
        "sum-wrong": ({"cases": 4}, "bad-field"),
        "class-unknown": ({"classes": {"citizen": 2, "soldier": 1}}, "unknown-field"),
        "count-zero": ({"classes": {"citizen": 3, "resident": 0}}, "bad-field"),
        "digest-short": ({"digest": "00"}, "bad-field"),
        "version-2": ({"v": 2}, "bad-field"),
        "field-left-over": ({"names": "none"}, "unknown-field"),
    }
    cases = [
        {"name": name, "file": {**good, **change}, "roll": ROLL, "expect": expect}
        for name, (change, expect) in changes.items()
    ]
    cases.append(
        {"name": "field-missing", "file": dict(list(good.items())[1:]), "roll": ROLL, "expect": "missing-field"}
    )
    expected = {"one-dropped": ["citizen", "digest"], "one-in-the-place-of-another": ["digest"],
                "another-class": ["citizen", "resident"]}  # fmt: skip
    cases += [{"name": name, "file": good, "roll": roll, "expect": expected[name]} for name, roll in OTHERS.items()]
    return {"party": "evac", "root_public": root.public.hex(), "cases": cases}


def roll_vectors() -> Case:
    """Return what spec/vectors/roll.json holds."""
    return {"cases": [*_read(), *_priorities(), *_doubted(), *_refused_files(), *_refused_cells()]}


def _row(**cells: str) -> str:
    """One line of a roll: the usual person with other cells, as they stand in the file."""
    person = {**PERSON, **cells}
    return ",".join(person.get(name, "") for name in HEADER.split(","))


def _file(*rows: str, end: str = "\n") -> str:
    return "".join(f"{row}{end}" for row in (HEADER, *rows))


def _person(*doubts: str, **cells: str) -> Case:
    """The usual person with other cells, as it is read."""
    return {name: cell for name, cell in {**PERSON, **cells}.items() if cell} | {"doubts": list(doubts)}


def _good(name: str, text: str, people: list[Case], groups: list[Case]) -> Case:
    return {"name": name, "text": text, "expect": {"people": people, "groups": groups}}


def _no(name: str, code: str, text: str, **place: int | str) -> Case:
    return {"name": name, "text": text, "expect": {"code": code, **place}}


def _read() -> list[Case]:
    """Files that are read, whatever wrote them."""
    two = [_person(), _person(person_id="P-2")]
    pair = {**GROUP, "heads": 2}
    rows = (_row(), _row(person_id="P-2"))
    comma = _row(given_name='"Given, of the ""North"""', family_name='"first line\nsecond line"')
    read = _person(given_name='Given, of the "North"', family_name="first line\nsecond line")
    mixed = _file(_row(person_id="P-3", group_id="G-2"), _row(), _row(person_id="P-2", group_id="G-2"))
    return [
        _good("one-person", _file(_row()), [_person()], [GROUP]),
        _good("no-line-end-after-the-last-row", _file(_row())[:-1], [_person()], [GROUP]),
        _good("byte-order-mark", "\ufeff" + _file(_row()), [_person()], [GROUP]),
        _good("crlf", _file(*rows, end="\r\n"), two, [pair]),
        _good("cr-alone", _file(*rows, end="\r"), two, [pair]),
        _good("blank-lines", _file(rows[0], "", "", rows[1], "", ""), two, [pair]),
        _good("quotes-commas-and-line-ends", _file(comma), [read], [GROUP]),
        _good("quoted-header", '"person_id"' + _file(_row())[9:], [_person()], [GROUP]),
        _good("spaces-around-a-columns-name", " person_id " + _file(_row())[9:], [_person()], [GROUP]),
        _good("another-order-of-columns", OTHER_ORDER, [_person()], [GROUP]),
        _good("other-scripts", _file(_row(**DARI)), [_person(**DARI)], [GROUP]),
        _good("spaces-are-kept", _file(_row(given_name=" Given ")), [_person(given_name=" Given ")], [GROUP]),
        _good("tab-and-dash-inside-a-cell", _file(_row(given_name="A\tB-")), [_person(given_name="A\tB-")], [GROUP]),
        _good("cell-of-200-characters", _file(_row(given_name="ن" * 200)), [_person(given_name="ن" * 200)], [GROUP]),
        _good("groups-in-the-order-of-their-first-row", mixed,
              [_person(person_id="P-3", group_id="G-2"), _person(), _person(person_id="P-2", group_id="G-2")],
              [{**pair, "id": "G-2"}, GROUP]),
        {
            "name": "group-of-255",
            "text": _file(*(_row(person_id=f"P-{n}") for n in range(255))),
            "expect": {"groups": [{**GROUP, "heads": 255}]},
        },
    ]  # fmt: skip


def _priorities() -> list[Case]:
    """Class and rank of a group of one, and of a family."""
    ranks = [
        ("citizen", "", 1), ("citizen", "other", 1), ("resident", "", 2), ("resident", "judge", 2),
        ("visa-holder", "", 3), ("visa-holder", "journalist", 2), ("local-staff", "", 4), ("local-staff", "soldier", 2),
        ("at-risk", "", 5), ("at-risk", "rights-defender", 3), ("third-country", "", 6),
        ("third-country", "aid-worker", 4),
    ]  # fmt: skip
    made = [
        _good(
            f"{kind}-{risk or 'no-risk'}",
            _file(_row(**{"class": kind, "at_risk": risk})),
            [_person(**{"class": kind, "at_risk": risk})],
            [{**GROUP, "class": kind, "priority": rank}],
        )
        for kind, risk, rank in ranks
    ]
    family = [
        {"person_id": "P-1", "class": "third-country"},
        {"person_id": "P-2", "class": "local-staff", "at_risk": "teacher"},
        {"person_id": "P-3", "class": "visa-holder"},
    ]
    rows, people = [_row(**one) for one in family], [_person(**one) for one in family]
    group = {"id": "G-1", "heads": 3, "class": "visa-holder", "priority": 2}
    return [*made, _good("family-has-the-rank-of-its-most-urgent-person", _file(*rows), people, [group])]


def _doubted() -> list[Case]:
    """Holes of real rolls."""
    cells: dict[tuple[str, ...], dict[str, str]] = {
        ("no-given-name",): {"given_name": ""},
        ("no-family-name",): {"family_name": ""},
        ("no-birth-date",): {"birth_date": ""},
        ("born-1-january",): {"birth_date": "1980-01-01"},
        ("document-number",): {"document_number": "x1234567"},
        ("facilitation-document",): {"document_type": "facilitation-document"},
    }
    every = {"given_name": "", "family_name": "", "birth_date": "", "document_number": "1234",
             "document_type": "facilitation-document"}  # fmt: skip
    cells["no-given-name", "no-family-name", "no-birth-date", "document-number", "facilitation-document"] = every
    made = [
        _good("doubt-" + (doubts[0] if len(doubts) == 1 else "all-at-once"), _file(_row(**change)),
              [_person(*doubts, **change)], [GROUP])
        for doubts, change in cells.items()
    ]  # fmt: skip
    parents = [_row(travels_with_parents="no", sex=""), _row(person_id="P-2", travels_with_parents="yes", sex="x")]
    people = [_person(travels_with_parents="no", sex=""), _person(person_id="P-2", travels_with_parents="yes", sex="x")]
    return [*made, _good("with-and-without-parents", _file(*parents), people, [{**GROUP, "heads": 2}])]


def _refused_files() -> list[Case]:
    """Files against the rules on size, encoding, columns and rows."""
    row, latin = _row(), _file(_row(given_name="René")).encode("latin-1")
    crowd = [_row(person_id=f"P-{n}") for n in range(256)]
    return [
        _no("no-byte", "roll-empty", ""),
        _no("spaces-and-line-ends-only", "roll-empty", " \r\n\n"),
        _no("byte-order-mark-only", "roll-empty", "\ufeff"),
        _no("header-only", "roll-empty", _file(), row=2),
        _no("header-and-blank-lines", "roll-empty", _file("", ""), row=2),
        {**_no("bytes-above-64-mib", "roll-size", "{fill}"), "fill": FILE_BYTES},
        {**_no("people-above-the-limit", "roll-size", _file(row, _row(person_id="P-2"), _row(person_id="P-3")), row=4),
         "most_people": 2},
        _no_hex("latin-1", "roll-encoding", latin, row=2, byte=12),
        _no_hex("latin-1-after-a-byte-order-mark", "roll-encoding", b"\xef\xbb\xbf" + latin, row=2, byte=12),
        _no_hex("utf-16", "roll-encoding", b"\xff\xfe" + HEADER.encode("utf-16-le"), row=1, byte=1),
        _no_hex("overlong-utf-8", "roll-encoding", _file().encode() + b"\xc0\xaf", row=2, byte=1),
        _no("column-missing", "roll-columns", _file(row).replace("sex,", "", 1), row=1, column="sex"),
        _no("column-unknown", "roll-columns", _file(row).replace("parents\n", "parents,note\n"), row=1, column="12"),
        _no("column-twice", "roll-columns", _file(row).replace("parents\n", "parents,sex\n"), row=1, column="sex"),
        _no("semicolons", "roll-columns", _file(row).replace(",", ";"), row=1),
        _no("tabs", "roll-columns", _file(row).replace(",", "\t"), row=1),
        _no("blank-line-before-the-header", "roll-columns", "\n" + _file(row), row=1, column="person_id"),
        _no("cell-too-few", "roll-row", _file(row[:-1]), row=2),
        _no("cell-too-many", "roll-row", _file(row, row + ","), row=3),
        _no("line-of-one-space", "roll-row", _file(row, " "), row=3),
        _no("open-quote", "roll-row", _file(row, '"P-2' + row[3:], _row(person_id="P-3")), row=3),
        _no("text-after-a-closing-quote", "roll-row", _file('"P"-1' + row[3:]), row=2),
        {**_no("cell-beyond-a-csv-reader", "roll-row", _file(_row(given_name="{fill}")), row=2), "fill": CELL_MARKS},
        _no("control-character", "roll-cell", _file(_row(given_name="Gi\0ven")), row=2, byte=11),
        _no("control-character-in-the-header", "roll-cell", "\x1b" + _file(row), row=1, byte=1),
        _no("direction-override", "roll-cell", _file(_row(given_name="\u202enevig")), row=2, byte=9),
        _no("direction-isolate", "roll-cell", _file(row) + "\u2066", row=3, byte=1),
        _no("group-of-256", "roll-group", _file(*crowd), group="G-1"),
        _no("all-rows-are-read-before-groups", "roll-cell", _file(*crowd, _row(person_id="P-x", sex="?")), row=258,
            column="sex"),
    ]  # fmt: skip


def _no_hex(name: str, code: str, data: bytes, **place: int | str) -> Case:
    return {"name": name, "hex": data.hex(), "expect": {"code": code, **place}}


def _refused_cells() -> list[Case]:
    """One bad cell each, and which of several is named."""
    cells: dict[str, tuple[str, str]] = {
        "person-id-empty": ("person_id", ""),
        "person-id-of-65-characters": ("person_id", "P" * 65),
        "person-id-with-a-slash": ("person_id", "P/1"),
        "person-id-begins-with-a-dot": ("person_id", ".P"),
        "person-id-in-other-digits": ("person_id", "P-۱"),
        "group-id-empty": ("group_id", ""),
        "group-id-with-a-space": ("group_id", "G 1"),
        "given-name-of-201-characters": ("given_name", "ن" * 201),
        "family-name-of-201-characters": ("family_name", "n" * 201),
        "document-number-of-201-characters": ("document_number", "1" * 201),
        "day-that-does-not-exist": ("birth_date", "1981-02-29"),
        "day-in-another-form": ("birth_date", "17.05.1980"),
        "year-before-1000": ("birth_date", "0999-05-17"),
        "sex-in-capitals": ("sex", "F"),
        "class-empty": ("class", ""),
        "class-unknown": ("class", "staff"),
        "at-risk-unknown": ("at_risk", "yes"),
        "document-type-empty": ("document_type", ""),
        "document-type-unknown": ("document_type", "visa"),
        "with-parents-unknown": ("travels_with_parents", "maybe"),
    }
    made = [
        _no(name, "roll-cell", _file(_row(**{column: cell})), row=2, column=column)
        for name, (column, cell) in cells.items()
    ]
    signs = {"equals": "=", "plus": "+", "minus": "-", "at": "@", "tab": "\t"}
    made += [
        _no(f"formula-{name}", "roll-formula", _file(_row(family_name=f"{sign}1")), row=2, column="family_name")
        for name, sign in signs.items()
    ]
    other, twice = _row(person_id="P-2"), _row(group_id="G-2")
    return [
        *made,
        _no("formula-in-quotes", "roll-formula", _file(_row(given_name='"=1,2"')), row=2, column="given_name"),
        _no("formula-as-id", "roll-formula", _file(_row(person_id="=P")), row=2, column="person_id"),
        _no("id-that-was-there-before", "roll-duplicate", _file(_row(), other, twice), row=4, column="person_id"),
        _no("blank-lines-count-as-rows", "roll-cell", _file("", "", _row(sex="?")), row=4, column="sex"),
        _no("line-ends-in-quotes-count-as-none", "roll-cell",
            _file(_row(given_name='"a\nb"'), _row(person_id="P-2", sex="?")), row=3, column="sex"),
        _no("earlier-row-first", "roll-cell", _file(_row(sex="?"), _row(person_id="=")), row=2, column="sex"),
        _no("earlier-column-of-the-table-first", "roll-cell",
            OTHER_ORDER.replace("f,P-1,citizen", "?,P-1,staff").replace("1980-05", "1980-13"), row=2,
            column="birth_date"),
    ]  # fmt: skip


def main() -> None:
    """Write both files."""
    for name, made in (("hand-over", hand_over_vectors()), ("roll", roll_vectors())):
        (OUT / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
