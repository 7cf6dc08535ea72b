import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.register.roll_import import COLUMNS, Limits, parse_roll

HEADER = ",".join(COLUMNS)
GOOD = "P1,G1,Rasim,Talur,1990-05-04,m,visa-holder,,passport,P1234567,"


def roll(*rows: str, header: str = HEADER) -> bytes:
    return ("\n".join((header, *rows)) + "\n").encode()


def row(**changes: str) -> str:
    cells = dict(zip(COLUMNS, GOOD.split(","), strict=True)) | changes
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([cells[name] for name in COLUMNS])
    return out.getvalue()


def fails(data: bytes, code: str, *places: str, limits: Limits | None = None) -> BadInput:
    with pytest.raises(BadInput) as caught:
        parse_roll(data, filename="people.csv", limits=limits)
    assert caught.value.code == code, str(caught.value)
    assert caught.value.where.startswith("people.csv")
    for place in places:
        assert place in caught.value.where
    return caught.value


def test_good_file_gives_people_and_groups_in_its_order():
    read = parse_roll(roll(GOOD, row(person_id="P2"), row(person_id="P3", group_id="G2")), filename="people.csv")
    assert [person.person_id for person in read.people] == ["P1", "P2", "P3"]
    assert [(group.group_id, group.heads) for group in read.groups] == [("G1", 2), ("G2", 1)]
    assert read.people[0].family_name == "Talur" and read.people[0].doubts == ()


def test_columns_may_come_in_any_order():
    turned = tuple(reversed(COLUMNS))
    cells = dict(zip(COLUMNS, GOOD.split(","), strict=True))
    read = parse_roll(roll(",".join(cells[name] for name in turned), header=",".join(turned)), filename="x")
    assert read == parse_roll(roll(GOOD), filename="x")


def test_byte_order_mark_crlf_and_blank_lines_are_no_trouble():
    data = b"\xef\xbb\xbf" + roll(GOOD, "").replace(b"\n", b"\r\n")
    assert len(parse_roll(data, filename="x").people) == 1


def test_names_in_other_scripts_and_with_commas_survive():
    read = parse_roll(roll(row(given_name="نرگس", family_name='a, "b"')), filename="x")
    assert (read.people[0].given_name, read.people[0].family_name) == ("نرگس", 'a, "b"')


@pytest.mark.parametrize("missing", COLUMNS)
def test_missing_column_is_named(missing):
    header = ",".join(name for name in COLUMNS if name != missing)
    fails(roll(GOOD, header=header), "roll-columns", "row 1", f"column {missing}")


def test_unknown_repeated_and_semicolon_columns_are_refused():
    fails(roll(GOOD + ",x", header=HEADER + ",blood_group"), "roll-columns", "column 12")
    fails(roll(GOOD + ",x", header=HEADER + ",sex"), "roll-columns", "column sex")
    fails(roll(GOOD.replace(",", ";"), header=HEADER.replace(",", ";")), "roll-columns", "row 1")


@pytest.mark.parametrize(
    "bad", ["2021-02-30", "1990-5-4", "04.05.1990", "1990-00-10", "x", "19900504", "２０２１-01-02"]
)
def test_bad_date_is_named_with_row_and_column(bad):
    error = fails(roll(GOOD, row(person_id="P2", birth_date=bad)), "roll-cell", "row 3", "column birth_date")
    assert bad in error.seen and "YYYY-MM-DD" in error.expected


def test_duplicate_id_is_named_at_its_second_place():
    fails(roll(GOOD, row(person_id="P2"), GOOD), "roll-duplicate", "row 4", "column person_id")


@pytest.mark.parametrize(
    ("column", "bad"),
    [
        ("class", "vip"),
        ("class", ""),
        ("sex", "female"),
        ("at_risk", "rich"),
        ("document_type", "visa"),
        ("travels_with_parents", "maybe"),
        ("person_id", ""),
        ("person_id", "a b"),
        ("group_id", ""),
        ("group_id", "x" * 65),
        ("given_name", "x" * 201),
        ("document_number", "x" * 201),
        ("birth_date", "9" * 300),
    ],
)
def test_cell_against_the_rules_is_named(column, bad):
    fails(roll(GOOD, row(**{"person_id": "P2", column: bad})), "roll-cell", "row 3", f"column {column}")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
@pytest.mark.parametrize("column", ["given_name", "family_name", "document_number", "person_id"])
def test_formula_cell_is_refused(sign, column):
    fails(roll(row(**{column: sign + "HYPERLINK(1)"})), "roll-formula", "row 2", f"column {column}")


def test_quoted_formula_and_formula_in_the_first_cell_are_refused():
    fails(roll(GOOD.replace("Rasim", '"=1+1"')), "roll-formula", "column given_name")
    fails(roll(GOOD, "=" + GOOD), "roll-formula", "row 3", "column person_id")


def test_dash_inside_a_cell_is_no_formula():
    assert parse_roll(roll(row(given_name="Anna-Lena")), filename="x").people[0].given_name == "Anna-Lena"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"  ", b"\xef\xbb\xbf", HEADER.encode(), (HEADER + "\n\n\n").encode()])
def test_empty_file_is_refused(data):
    with pytest.raises(BadInput) as caught:
        parse_roll(data, filename="people.csv")
    assert caught.value.code in ("roll-empty", "roll-columns")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1256", "latin-1"])
def test_other_encodings_are_named_with_the_row(encoding):
    text = roll(row(given_name="é" if encoding == "latin-1" else "نرگس")).decode()
    error = fails(text.encode(encoding), "roll-encoding", "row")
    assert "byte" in error.where


def test_cell_of_ten_megabytes_is_refused_before_anything_is_kept():
    fails(roll(GOOD, row(person_id="P2", given_name="x" * 10_000_000)), "roll-row", "row 3")


def test_control_characters_and_direction_overrides_are_refused():
    fails(roll(GOOD, row(person_id="P2", given_name="a\x00b")), "roll-cell", "row 3")
    fails(roll(GOOD, row(person_id="P2", given_name="a\u202eb")), "roll-cell", "row 3")


def test_utf_16_without_a_mark_is_no_roll():
    fails(roll(GOOD).decode().encode("utf-16-le"), "roll-cell", "row 1")


def test_wrong_number_of_cells_and_open_quotes_are_named():
    fails(roll(GOOD, GOOD + ",more"), "roll-row", "row 3")
    fails(roll(GOOD, "P2,G2"), "roll-row", "row 3")
    fails(roll(GOOD, '"P2'), "roll-row", "row 3")


def test_too_many_bytes_rows_and_heads_are_refused():
    fails(roll(GOOD), "roll-size", limits=Limits(max_bytes=100))
    fails(roll(GOOD, row(person_id="P2")), "roll-size", "row 3", limits=Limits(max_rows=1))
    many = [row(person_id=f"P{number}") for number in range(256)]
    fails(roll(*many), "roll-group", "group G1")
    assert parse_roll(roll(*many[:255]), filename="x").groups[0].heads == 255


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"given_name": ""}, "no-given-name"),
        ({"family_name": ""}, "no-family-name"),
        ({"birth_date": ""}, "no-birth-date"),
        ({"birth_date": "1990-01-01"}, "born-1-january"),
        ({"document_number": "?"}, "document-number"),
        ({"document_type": "facilitation-document"}, "facilitation-document"),
    ],
)
def test_holes_of_real_rolls_are_doubts_and_keep_nobody_out(changes, doubt):
    assert parse_roll(roll(row(**changes)), filename="x").people[0].doubts == (doubt,)


def read_or_refused(data: bytes) -> tuple[int, str]:
    """How many people, and the code of the refusal."""
    try:
        people = parse_roll(data, filename="x").people
    except BadInput as error:
        return 0, error.code
    assert len({person.person_id for person in people}) == len(people)
    return len(people), "roll-read"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    for given_data in (data, roll(GOOD) + data):
        people, code = read_or_refused(given_data)
        assert code.startswith("roll-") and (people > 0) == (code == "roll-read")


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=11, max_size=11), max_size=4))
def test_any_cells_are_read_or_refused(rows):
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, GOOD.split(","), *rows])
    people, code = read_or_refused(out.getvalue().encode())
    assert code.startswith("roll-") and (people > 0) == (code == "roll-read")
