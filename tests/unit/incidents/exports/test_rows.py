"""The table is read back by the csv module, and nothing in it runs in a spreadsheet."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.incidents.exports.rows import COLUMNS, FORMULA_STARTS, csv_bytes, harmless
from unit.incidents.exports.harbour import CLAIMS, told


def rows(**more):
    data = csv_bytes(*told(), **more)
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.seed("S-46", "S-80", "S-105")
def test_every_claim_is_one_row_with_who_said_it_where_and_when():
    found = {row["claim"]: row for row in rows()}
    assert found.keys() == {one["id"] for one in CLAIMS}
    nurses = found["cmany"]
    assert (nurses["claimant"], nurses["claimant_kind"], nurses["claimant_count"]) == ("two nurses", "unnamed", "2")
    assert (nurses["relay"], nurses["file"], nurses["line"]) == ("south wire", "reports/south.txt", "9")
    assert found["q1"]["question"] == "whether anybody had been warned"


@pytest.mark.seed("S-50", "S-78")
def test_a_number_that_nobody_gave_is_an_empty_cell_and_never_zero():
    found = {row["claim"]: row for row in rows()}
    assert (found["cmany"]["min"], found["cmany"]["max"], found["cmany"]["basis"]) == ("", "", "many")
    assert (found["silent"]["min"], found["silent"]["outcome"]) == ("", "barred-from-speaking")
    assert (found["c25"]["min"], found["c25"]["max"]) == ("", "25")


@pytest.mark.seed("S-95", "S-96")
def test_what_was_withdrawn_says_by_what_and_what_rested_on_it():
    found = {row["claim"]: row for row in rows()}
    assert (found["gas"]["status"], found["gas"]["by"]) == ("retracted", "sorry")
    assert found["safe"]["rests_on_withdrawn"] == "gas"
    assert found["mine"]["relations"] == "disputes gas (splinters and interviews)"


@pytest.mark.seed("S-108")
def test_a_quotation_stays_verbatim_through_the_table():
    quotes = {row["claim"]: row["quote"] for row in rows()}
    assert quotes["q1"] == next(one["quote"] for one in CLAIMS if one["id"] == "q1")


def test_lines_end_and_cells_are_quoted_by_the_standard():
    text = csv_bytes(*told()).decode()
    assert text.startswith(",".join(COLUMNS) + "\r\n") and text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_the_byte_order_mark_stands_only_where_it_is_asked_for():
    assert csv_bytes(*told(), with_mark=True).startswith(b"\xef\xbb\xbfincident,")
    assert csv_bytes(*told()).startswith(b"incident,")


def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe():
    assert {row["claimant"] for row in rows() if row["claim"].startswith("guards")} == {"'=coast guard"}


@given(st.text())
def test_no_cell_starts_a_formula_and_each_gives_its_text_back(text):
    cell = harmless(text)
    assert not cell.startswith(FORMULA_STARTS)
    guarded = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS)
    assert (cell[1:] if guarded else cell) == text


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_comes_back_from_the_table(words):
    claim = {**CLAIMS[0], "text": words or "x", "relay": []}
    try:
        given_, sources, _ = told(claims=[claim], relations=[], cases=[], assessments=[])
    except BadInput:
        return  # the record itself refuses control characters
    (row,) = csv.DictReader(StringIO(csv_bytes(given_, sources, ()).decode(), newline=""), strict=True)
    assert row["text"] in (given_.claims[0].text, harmless(given_.claims[0].text))
