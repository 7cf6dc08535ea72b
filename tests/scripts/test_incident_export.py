"""The command that writes an account to a file."""

import csv
import json

import pytest

from safeconduct.wiring import close_node
from scripts.one_line import is_one_line
from unit.incidents.exports.harbour import CLAIMS
from unit.web.account_node import harbour_node


@pytest.fixture
def folder(tmp_path):
    close_node(harbour_node(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("form", "start"), [("jsonld", b"{"), ("csv", b"incident,"), ("html", b"<!doctype"), ("pdf", b"%PDF")]
)
def test_an_account_is_written_in_each_form(say, folder, form, start):
    out = folder / f"account.{form}"
    status, told, _ = say("incident", "export", "harbour", "--as", form, "--out", out, "-n", folder, "--json")
    assert (status, json.loads(told)) == (
        0, {"file": str(out), "as": form, "bytes": out.stat().st_size, "claims": len(CLAIMS)}
    )  # fmt: skip
    assert out.read_bytes().startswith(start)


def test_what_was_known_and_recorded_bounds_what_is_written(say, folder):
    out = folder / "early.csv"
    command = ("incident", "export", "harbour", "--as", "csv", "--out", out, "-n", folder, "--bom")
    assert say(*command, "--known-at", "2031-03-03")[0] == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert rows and {row["known_from"] for row in rows} == {"2031-03-03"}
    assert say(*command, "--recorded-at", "2031-01-01")[0] == 0
    with out.open(newline="", encoding="utf-8-sig") as file:
        assert list(csv.DictReader(file)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("--as", "docx"), ("docx", "jsonld, csv, html, pdf")),
        (("--rule", "mean"), ("mean", "conservative")),
        (("--known-at", "soon"), ("soon",)),
        (("--recorded-at", "2031"), ("2031",)),
        (("--out", "/nowhere/at/all"), ("/nowhere/at/all",)),
    ],
)
def test_what_cannot_be_written_is_one_line(say, folder, change, words):
    command = ["incident", "export", "harbour", "--as", "csv", "--out", folder / "x", "-n", folder]
    is_one_line(say(*command, *change), *words)


def test_an_unknown_incident_is_one_line(say, folder):
    is_one_line(say("incident", "export", "nothing", "--as", "csv", "--out", folder / "x", "-n", folder), "nothing")
