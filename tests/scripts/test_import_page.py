"""The page of imported drafts: a file in, a draft to complete, the file as it came, and who may do it."""

import re
from dataclasses import replace

import pytest
from litestar.testing import TestClient

from safeconduct.web.api.app import create_app
from safeconduct.wiring import close_node, open_node, start_node
from safeconduct.workflows.keep_operators import add_operator
from unit.exchange.test_cap_read import ALERT, TEXT, encode

PAGE = "/reports/drafts"


@pytest.fixture
def client(joined):
    with TestClient(create_app(start_node(joined.evac_config))) as found:
        yield found


def give(client, data, name="alert.cap", **options):
    return client.post(PAGE, files={"file": (name, data)}, headers={"accept": "text/html"}, **options)


def test_empty_page_says_what_to_do_next(client):
    page = client.get(PAGE).text
    assert "No draft waits" in page and "CAP 1.2 (XML), STIX 2.1 or a MISP event (JSON)" in page


def test_file_becomes_a_draft_that_the_entry_form_is_filled_with_and_leaves_when_it_is_used(client):
    page = give(client, TEXT)
    assert page.status_code == 200 and "The file is read and kept as it came" in page.text
    for part in (
        "Crowd at risk",
        "Road office",
        "known to 500 m",
        "2021-08-26 13:00 to 2021-08-26 18:30",
        "what people should do",
    ):
        assert part in page.text, part
    [href] = set(re.findall(r'href="(/reports/new\?draft=[^"]+)"', page.text))
    form = client.get(href).text
    assert 'value="34.250000, 69.210000"' in form and "Filled in from an import" in form
    inputs = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    sent = {
        **inputs, "what": "Crowd at risk", "threatened_class": "people-waiting", "actor": "cell-9", "likelihood": "5",
        "advised_action": "spread-out", "handling": "TLP:AMBER", "harm_answer": "Nobody beyond a delay.",
        "details": "", "reliability_1": "F", "credibility_1": "6", "confidence": "",
    }  # fmt: skip
    made = client.post("/reports", data=sent, follow_redirects=False)
    assert made.status_code == 303, made.text
    assert "No draft waits" in client.get(PAGE).text


def test_same_file_again_says_so_and_adds_nothing(client):
    give(client, TEXT)
    page = give(client, TEXT, "again.cap").text
    assert "This file was read before" in page and page.count("Complete it") == 1


def test_file_as_it_came_is_saved_and_never_opened(client):
    page = give(client, TEXT, 'odd "näme".cap').text
    [href] = re.findall(r'href="(/reports/drafts/[^"]+/original)"', page)
    answer = client.get(href)
    assert answer.content == TEXT.encode() and answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''odd%20%22n%C3%A4me%22.cap"


def test_draft_is_set_aside(client):
    page = give(client, TEXT).text
    [action] = re.findall(r'action="(/reports/drafts/[^"]+/set-aside)"', page)
    assert "No draft waits" in client.post(action).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (TEXT.replace("<scope>Public</scope>", ""), "alert.scope: expected &lt;scope&gt; here"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>', "no document type"),
        ("hello", "expected CAP 1.2 (XML), STIX 2.1"),
        ("", "a file: CAP 1.2"),
    ],
)
def test_wrong_file_is_said_on_the_page_and_stores_nothing(client, data, said):
    page = give(client, data)
    assert page.status_code == 422 and said in page.text and "nothing was stored" in page.text
    assert "Complete it" not in client.get(PAGE).text


def test_markup_in_a_file_is_shown_and_never_becomes_markup(client):
    info = replace(ALERT.infos[0], headline="<script>alert(1)</script>", instruction="x" * 500)
    page = give(client, encode(replace(ALERT, infos=(info,)))).text
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page and "all of it" in page


def test_cancelled_alert_points_at_what_it_is_about(client):
    give(client, TEXT)
    named = f"{ALERT.sender},{ALERT.identifier},{ALERT.sent}"
    page = give(client, encode(replace(ALERT, identifier="a-2", msg_type="Cancel", references=(named,)))).text
    assert "cancelled by its sender" in page and "replaced by a later message" in page


def test_only_who_may_enter_reports_brings_files(joined):
    config = replace(joined.evac_config, sign_in=True)
    node = open_node(config)
    token = add_operator(node, "reader-1", "Reading office", ["reader"])
    close_node(node)
    with TestClient(create_app(start_node(config))) as client:
        assert client.get(PAGE).status_code == 401
        assert client.post(PAGE, files={"file": ("a.cap", TEXT)}).status_code == 401
        answer = client.post(PAGE, files={"file": ("a.cap", TEXT)}, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code in (403, 422) and "Complete it" not in answer.text
