"""Passes, revocations, tally sheets and the travellers' page over HTTP, by plain forms and without a script."""

import re
from io import BytesIO

import pytest
import zxingcpp
from litestar.testing import TestClient
from PIL import Image
from pypdf import PdfReader

from safeconduct.config import NodeConfig
from safeconduct.web.api import paper_routes, traveller_routes
from safeconduct.web.api.app import create_app
from safeconduct.web.pages.paper_words import LANGUAGES
from safeconduct.web.pages.tell_words import TELL
from safeconduct.wiring import init_node, start_node
from safeconduct.workflows.key_in_tally import list_sheets
from safeconduct.workflows.traveller_report import read_alleged
from workflows.two_nodes import PURPOSE


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def legs(world):
    first, last = world.outer[0], world.gates[0]
    return {
        f"at-{first}": "yes", f"from-{first}": "2021-08-14T03:00", f"hours-{first}": "2", "purpose": PURPOSE,
        f"at-{last}": "yes", f"from-{last}": "2021-08-14T03:00", f"hours-{last}": "4", f"words-{last}": "yes",
    }  # fmt: skip


def test_passes_are_issued_step_by_step_with_progress_and_then_printed(room, monkeypatch):
    monkeypatch.setattr(paper_routes, "STEP_GROUPS", 4)
    groups = len(room.groups)
    page = room.client.post("/passes/issue", data=legs(room))
    assert f"4 of {groups} groups have their passes" in plain(page.text)
    assert f'<progress max="{groups}" value="4">' in page.text
    while "Go on with the next" in page.text:
        hidden = dict(
            re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text.split("Go on with")[0])
        )
        page = room.client.post("/passes/issue", data=hidden)
    assert f"All {groups} groups have their passes" in plain(page.text)
    assert "Nobody is without these passes" in plain(room.client.post("/passes/issue", data=legs(room)).text)
    form = {"groups": room.groups[0], "language": "ps", "zone": "Asia/Kabul"}
    strips = room.client.post("/passes/print", data={**form, "what": "strips"})
    assert strips.headers["content-type"] == "application/pdf"
    assert "07:30 – 09:30" in PdfReader(BytesIO(strips.content)).pages[0].extract_text()
    for what, title in (("cards", "Cards of group"), ("words", "Words of group")):
        made = room.client.post("/passes/print", data={**form, "what": what})
        assert title in PdfReader(BytesIO(made.content)).pages[0].extract_text()
    picture = room.client.post("/passes/print", data={**form, "what": "image", "place": "2"})
    assert zxingcpp.read_barcodes(Image.open(BytesIO(picture.content)))[0].text.startswith("SC1:")
    assert "expected 1 to 2" in plain(
        room.client.post("/passes/print", data={**form, "what": "image", "place": "3"}).text
    )


def test_named_groups_are_issued_at_once_and_anew_when_the_paper_is_lost(room):
    two = ", ".join(room.groups[:2])
    page = room.client.post("/passes/issue", data={**legs(room), "groups": two})
    assert "All 2 groups have their passes" in plain(page.text) and "4 passes just now" in plain(page.text)
    again = {"groups": room.groups[0], "reason": "paper lost", "purpose": PURPOSE}
    assert "Issued anew" in plain(room.client.post("/passes/reissue", data=again).text)
    counts = plain(room.client.get("/passes").text)
    assert "Passes issued 6 of them revoked 2" in counts and "Newest list for phones: 1." in counts
    codes = room.client.get("/passes/revocations").text
    assert "One code holds all" in codes and "data:image/png" in codes
    assert PdfReader(BytesIO(room.client.get("/passes/revocations.pdf").content)).pages
    assert room.client.get("/passes/revocations.file").content.startswith(b"safeconduct-revocations-1\n")


@pytest.mark.parametrize(
    ("address", "data", "said"),
    [
        ("/passes/issue", {}, "at least one that is ticked"),
        ("/passes/issue", {"at-{gate}": "yes", "from-{gate}": "later", "hours-{gate}": "2"}, "from, at"),
        ("/passes/issue", {"at-{gate}": "yes", "from-{gate}": "2021-08-14T03:00", "hours-{gate}": "0"}, "1 to 168"),
        ("/passes/print", {"groups": "nobody"}, "a group of the roll"),
        ("/passes/print", {"groups": "{group}"}, "a pass that can still be used"),
        ("/passes/print", {"groups": "{group}", "language": "xx"}, "language"),
        ("/passes/reissue", {"groups": "{group}", "reason": "", "purpose": PURPOSE}, "why, for the record"),
        (
            "/passes/reissue",
            {"groups": "{group}", "reason": "lost", "purpose": PURPOSE},
            "a pass that can still be used",
        ),
        ("/tally", {"point": "nowhere", "day": "2021-08-14"}, "a point of the agreement"),
        ("/tally", {"point": "{gate}", "day": "soon"}, "a date as"),
    ],
)
def test_a_form_that_cannot_be_done_says_why_and_keeps_what_was_typed(room, address, data, said):
    filled = {k.format(gate=room.gates[0]): v.format(gate=room.gates[0], group=room.groups[0]) for k, v in data.items()}
    page = room.client.post(address, data=filled)
    assert page.status_code in (400, 422)
    assert "Not done." in page.text and said in plain(page.text)


def test_before_a_list_is_published_the_page_says_what_to_do(room):
    assert "No list was published yet" in room.client.get("/passes/revocations").text
    assert room.client.get("/passes/revocations.pdf").status_code == 404


def test_a_sheet_is_printed_keyed_in_by_form_and_marked(room):
    made = room.client.post(
        "/tally", data={"point": room.outer[0], "day": "2021-08-14", "count": "2", "language": "uk"}
    )
    assert len(PdfReader(BytesIO(made.content)).pages) == 2
    one, two = (sheet.number for sheet in list_sheets(room.evac))
    assert "2 sheets are outstanding" in plain(room.client.get("/tally").text)
    lines = {"time-1": "08:10", "heads-1": "12", "outcome-1": "admitted", "heads-3": "about 20", "outcome-3": "other"}
    page = plain(room.client.post(f"/tally/{one}", data=lines).text)
    assert "keyed in from paper by duty-officer" in page and "about 20" in page
    again = room.client.post(f"/tally/{one}", data=lines)
    assert again.status_code == 422 and "was keyed in already" in again.text
    empty = room.client.post(f"/tally/{two}", data={})
    assert empty.status_code == 400 and "the tick for nobody" in empty.text
    assert "Nobody came." in room.client.post(f"/tally/{two}", data={"nobody": "yes"}).text
    listed = plain(room.client.get("/tally").text)
    assert "No sheet is outstanding" in listed and "never part of what devices scanned" in listed
    assert room.client.get("/tally/T9999-A").status_code == 404


def test_a_traveller_tells_without_an_account_and_gets_a_receipt_once(room):
    form = {
        "lang": "ps",
        "what": "turned-away",
        "point": room.outer[0],
        "day": "2021-08-13",
        "hour": "9",
        "by": "holder",
        "people": "۶",
    }
    page = room.client.post("/tell", data=form)
    assert TELL["ps"]["done"] in page.text and 'dir="rtl"' in page.text
    receipt = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page.text)[0]
    [view] = read_alleged(room.evac)[0]
    assert (view.people, view.exact, view.what) == (6, True, "turned-away")
    told = plain(room.client.get("/alleged").text)
    assert "Alleged: turned away" in told and "never added up" in told
    added = room.client.post("/tell/more", data={"lang": "uk", "receipt": receipt, "text": "ще", "act": "add"})
    assert TELL["uk"]["added"] in added.text
    gone = room.client.post("/tell/more", data={"receipt": receipt, "act": "withdraw"})
    assert TELL["en"]["withdrawn"] in gone.text
    again = room.client.post("/tell/more", data={"receipt": receipt, "act": "withdraw"})
    assert again.status_code == 422 and TELL["en"]["fault-withdrawn"] in again.text
    assert "1 report was withdrawn" in plain(room.client.get("/alleged").text)


def test_what_a_traveller_typed_wrongly_is_asked_for_again_and_not_lost(room):
    page = room.client.post("/tell", data={"what": "beaten", "day": "no day", "text": "they shouted"})
    assert page.status_code == 400
    assert TELL["en"]["fault"] in page.text and "they shouted" in page.text
    unknown = room.client.post("/tell/more", data={"receipt": "0000", "text": "x", "act": "add"})
    assert unknown.status_code == 422 and TELL["en"]["fault-receipt"] in unknown.text
    nothing = room.client.post("/tell/more", data={"receipt": "0000", "text": "", "act": "add"})
    assert nothing.status_code == 400
    assert read_alleged(room.evac) == ((), 0)


def test_whoever_posts_too_often_is_asked_to_wait(room):
    for _ in range(traveller_routes.MOST_EACH):
        assert room.client.post("/tell", data={"what": "other"}).status_code == 200
    late = room.client.post("/tell", data={"what": "other", "text": "kept"})
    assert late.status_code == 429 and TELL["en"]["slow"] in late.text and "kept" in late.text
    assert len(read_alleged(room.evac)[0]) == traveller_routes.MOST_EACH


def test_the_pace_forgets_after_its_window_and_counts_all_together(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(traveller_routes.time, "monotonic", lambda: now[0])
    pace = traveller_routes.Slow()
    assert [pace.late("a") for _ in range(11)] == [False] * 10 + [True]
    assert not pace.late("b")
    now[0] = 601.0
    assert not pace.late("a")
    monkeypatch.setattr(traveller_routes, "MOST_ALL", 2)
    assert not pace.late("b")
    assert pace.late("c")


def test_the_language_is_the_one_asked_for_or_the_first_that_the_browser_takes(room):
    for lang in LANGUAGES:
        assert TELL[lang]["title"] in room.client.get(f"/tell?lang={lang}").text
    for accepted, lang in (("fa-AF,fa;q=0.9", "prs"), ("de,uk;q=0.5", "uk"), ("", "en"), ("xx", "en")):
        assert TELL[lang]["title"] in room.client.get("/tell", headers={"Accept-Language": accepted}).text


def test_the_pages_say_what_to_do_before_there_is_an_agreement(tmp_path):
    config = NodeConfig("evac", "Evac", tmp_path / "data", exercise=True, sign_in=False)
    init_node(tmp_path, config, passphrase=None)
    with TestClient(create_app(start_node(config))) as client:
        for address in ("/passes", "/tally"):
            assert "There is no agreement in force yet" in plain(client.get(address).text)
        assert "No traveller has reported anything" in plain(client.get("/alleged").text)
        assert "No list was published yet" in plain(client.get("/passes/revocations").text)


def test_only_the_travellers_page_is_open_to_everybody(tmp_path):
    config = NodeConfig("evac", "Evac", tmp_path / "data", exercise=True)
    init_node(tmp_path, config, passphrase=None)
    with TestClient(create_app(start_node(config))) as client:
        assert client.get("/tell").status_code == 200
        for address in (
            "/passes",
            "/passes/revocations",
            "/passes/revocations.file",
            "/tally",
            "/tally/T0001-C",
            "/alleged",
        ):
            assert client.get(address).status_code == 401
        for address in ("/passes/issue", "/passes/print", "/passes/reissue", "/tally", "/tally/T0001-C"):
            assert client.post(address, data={}).status_code == 401
