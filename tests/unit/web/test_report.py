"""What is taken along: a page that needs nothing else, a PDF that a second reader can read, one clear error otherwise."""

import base64
import csv
import hashlib
import json
import re
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from safeconduct.errors import BadInput
from safeconduct.web.pages import pdf_parts, render
from safeconduct.web.pages.report import FORMS, stretch_of, write_report
from safeconduct.wiring import close_node
from safeconduct.workflows.record_incident import record_incident
from safeconduct.workflows.room_view import OrderView, PartView
from unit.incidents.exports.harbour import CLAIMS
from unit.web.account_node import harbour_node, read
from unit.web.test_account_page import parsed, words

ROOT = Path(__file__).resolve().parents[3]
PAGE = render.Page(exercise=True, party_name="Evacuating party")


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    node = harbour_node(tmp_path_factory.mktemp("harbour"))
    yield read(node)
    close_node(node)


def pdf_text(body):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages).split())


@pytest.mark.parametrize("form", FORMS)
def test_each_form_has_a_name_with_the_day_and_its_media_type(found, form):
    made = write_report(found, form, PAGE)
    assert (made.name, made.media_type) == (f"harbour-2031-04-20.{FORMS[form][1]}", FORMS[form][0])
    assert made.body


def test_another_form_is_one_clear_error(found):
    with pytest.raises(BadInput, match="jsonld, csv, html, pdf"):
        write_report(found, "docx", PAGE)


def test_the_tables_are_the_same_account(found):
    rows = list(csv.DictReader(StringIO(write_report(found, "csv", PAGE).body.decode(), newline="")))
    graph = json.loads(write_report(found, "jsonld", PAGE).body)["@graph"]
    assert {row["claim"] for row in rows} == {one["identifier"] for one in graph if one["@type"] == "Claim"}
    assert write_report(found, "csv", PAGE, with_mark=True).body.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(("form", "whole"), [("jsonld", True), ("csv", True), ("html", False), ("pdf", False)])
def test_only_the_tables_read_every_claim_of_a_very_long_account(form, whole):
    assert (stretch_of(form) is None) == whole


# -- the page ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(found):
    return write_report(found, "html", PAGE).body.decode()


def test_the_page_asks_for_nothing_beyond_itself(page):
    for tag, attrs in parsed(page).attributes:
        assert tag not in ("script", "link", "img", "iframe", "form", "input", "button", "base")
        for name in ("href", "src", "action", "srcset", "data", "poster"):
            assert attrs.get(name, "#").startswith("#"), (tag, attrs)
    assert "url(" not in page and "@import" not in page


def test_the_page_allows_its_own_style_and_nothing_else(page):
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.replace("&#39;", "'") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


@pytest.mark.seed("S-46", "S-88", "S-95")
def test_the_page_has_every_claim_the_rule_and_the_disagreements(page):
    ids = parsed(page).ids
    assert {f"line-{one['id']}" for one in CLAIMS} <= set(ids) and len(ids) == len(set(ids))
    text = words(page)
    assert "As known on 20 Apr 2031" in text and "Left out: what was corrected" in text
    assert "That does not show that it did not happen." in text and "EXERCISE" in text
    assert page.count('<svg class="plot wide"') == 3


def test_what_is_not_for_the_public_is_said_on_the_first_sheet(page, pdf):
    assert "Not for the public: 2 records" in words(page) and "Not for the public: 2 records" in pdf_text(pdf)


# -- the PDF -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf(found):
    return write_report(found, "pdf", PAGE).body


@pytest.mark.seed("S-46", "S-78", "S-88", "S-95")
def test_the_pdf_reads_like_the_page(pdf):
    text = pdf_text(pdf)
    for words_ in (
        "EXERCISE: nobody here is real",
        "23 claims from 5 sources, 11 independent origins",
        "up to 25 … 61 (many)",
        "Withdrawn, with what rested on it",
        "That does not show that it did not happen.",
        "barred from speaking",
        "1: will; 2: shall",
        "No evidence either way:",
        "splinters and interviews",
    ):
        assert words_ in text, words_
    assert all(one["text"].split(".")[0] in text for one in CLAIMS)


def test_the_same_account_gives_the_same_bytes(found, pdf):
    assert write_report(found, "pdf", PAGE).body == pdf


def test_the_pdf_carries_its_fonts_and_no_link_out(pdf):
    fonts = set()
    for sheet in PdfReader(BytesIO(pdf)).pages:
        assert "/Annots" not in sheet
        fonts |= {
            f["/BaseFont"]
            for f in (v.get_object() for v in sheet["/Resources"]["/Font"].values())
            if "/FontDescriptor" in f
        }
    assert any("NotoSans-Bold" in name for name in fonts) and any("NotoSans-Regular" in name for name in fonts)


def test_greek_and_cyrillic_are_set_and_what_cannot_be_set_is_named(found):
    claims = found.detail.claims
    odd = replace(claims[0], text="Маріуполь и Αθήνα", quote="کابل در آتش", voice="<b>office & co</b>")
    text = pdf_text(
        write_report(replace(found, detail=replace(found.detail, claims=(odd, *claims[1:]))), "pdf", PAGE).body
    )
    assert "Маріуполь и Αθήνα" in text and "<b>office & co</b>" in text
    assert "[Arabic script, 4 characters]" in text and "stand as the script's name" in text
    assert "stand as the script's name" not in pdf_text(write_report(found, "pdf", PAGE).body)


def test_text_is_never_markup_in_a_pdf():
    assert pdf_parts.safe("<para>&</para>") == "&lt;para&gt;&amp;&lt;/para&gt;"


def test_a_real_account_carries_no_watermark(found):
    assert "EXERCISE" not in pdf_text(write_report(found, "pdf", replace(PAGE, exercise=False)).body)


@pytest.mark.seed("S-81", "S-83", "S-92")
def test_parts_and_what_is_dated_only_against_something_else_are_told(found):
    part = PartView(
        "harbour-boat", "A second boat", "reported", "2031-03-03", "2031-03-03", 4, "no word of it in 4 later sources"
    )
    order = OrderView("mine", "before", "gas", "the day before that", ("gas is of 3 March",))
    whole = replace(found, incident=replace(found.incident, parts=(part,), orders=(order,)))
    page = words(write_report(whole, "html", PAGE).body.decode())
    pdf = pdf_text(write_report(whole, "pdf", PAGE).body)
    assert "reported only A second boat , 3 Mar 2031 no word of it in 4 later sources" in page
    assert "reported only: A second boat, 3 Mar 2031; no word of it in 4 later sources" in pdf
    assert "mine before gas : the day before that gas is of 3 March" in page
    assert "mine before gas: the day before that; gas is of 3 March" in pdf


# -- the incidents of the scenario ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    node = harbour_node(tmp_path_factory.mktemp("scenario"))
    record_incident(node, (ROOT / "scenarios" / "kabul-2021" / "claims.json").read_bytes())
    yield node
    close_node(node)


@pytest.mark.parametrize("rule", ["conservative", "full"])
@pytest.mark.parametrize("name", ["gate-attack", "strike-29-august", "airlift", "strike-27-august"])
def test_each_incident_of_the_scenario_is_written_in_every_form(scenario, name, rule):
    account = read(scenario, name, rule=rule)
    rows = list(csv.DictReader(StringIO(write_report(account, "csv", PAGE).body.decode(), newline=""), strict=True))
    graph = json.loads(write_report(account, "jsonld", PAGE).body)["@graph"]
    html, pdf = write_report(account, "html", PAGE).body.decode(), pdf_text(write_report(account, "pdf", PAGE).body)
    ids = {one["@id"] for one in graph}
    assert len(ids) == len(graph) and len(rows) == account.detail.total == len(account.detail.claims)
    assert all(
        part["@id"] in ids for one in graph if isinstance(one.get("isBasedOn"), list) for part in one["isBasedOn"]
    )
    assert {f"line-{row['claim']}" for row in rows} <= set(parsed(html).ids)
    for misfit in account.incident.misfits:
        assert misfit.claims[0] in pdf and "What does not fit" in pdf
    assert [case.id for case in account.incident.cases if f"Against {case.against}:" not in pdf] == []


@pytest.mark.seed("S-95", "S-98")
def test_the_withdrawn_justification_stands_beside_what_withdrew_it_and_talk_of_payment_is_none(scenario):
    pdf = pdf_text(write_report(read(scenario, "strike-29-august"), "pdf", PAGE).body)
    assert "Withdrawn, with what rested on it" in pdf and "The strike was a tragic mistake." in pdf
    assert "payment explored, which is no offer; nothing paid" in pdf
    assert "how: analysis of videos, and interviews on the spot" in pdf
