"""The relation to the other party as a person types it, and over HTTP by forms and as JSON."""

import json
from dataclasses import replace

import pytest
from litestar.testing import TestClient

from safeconduct.web.api.app import create_app
from safeconduct.wiring import start_node
from workflows.two_nodes import HOUR, PURPOSE, START

DUE = "2021-08-20T12:00:00Z"
MEETING = ("--place", "airfield", "--office", "ours: liaison", "--office", "theirs: liaison", "--purpose", PURPOSE,
           "--source", "liaison officer")  # fmt: skip


@pytest.mark.seed("S-74", "S-63")
def test_a_meeting_is_typed_in_and_one_out_of_scope_is_refused(run):
    status, made = run("liaison", "meeting", *MEETING, "--subject", "passage", "--undertaken", "cordon=a second lane",
                       "--due", DUE)  # fmt: skip
    assert status == 0
    assert run("liaison", "meeting", *MEETING, "--subject", "trade") == (
        1, {"refused": "out-of-scope", "message": "the subject is not in the agreement's scope: trade"},
    )  # fmt: skip
    status, said = run("liaison", "meeting", *MEETING, "--subject", "passage", "--undertaken", "a lane", as_json=False)
    assert (status, "PARTY=what it undertook" in said) == (2, True)
    view = run("liaison", "show")[1]
    assert [one["line"]["id"] for one in view["meetings"]] == [made["id"]]
    page = run("liaison", "show", as_json=False)[1]
    assert "cordon undertook: a second lane (open)" in page
    assert "to do: no reason is recorded for signing version 1" in page


@pytest.mark.seed("S-41", "S-57", "S-58", "S-33", "S-61")
def test_notice_zone_recall_judgement_and_note_each_have_a_command(run):
    made = run("liaison", "notice", "passage goes on", "--condition", "while it is safe")[1]
    assert run("liaison", "acknowledge", made["id"])[1]["refused"] == "unknown-sender"
    assert run("liaison", "plan-zone", "airfield", "tower", "--due", DUE, "--purpose", PURPOSE)[0] == 0
    given = ("airfield", "tower", "--state", "locked", "--purpose", PURPOSE)
    index = run("liaison", "hand-over-zone", *given)[1]["ledger_index"]
    assert run("liaison", "hand-over-zone", *given, as_json=False)[1] == f"logged as entry {index}\n"
    assert run("liaison", "receive-zone", "airfield", "tower")[1]["refused"] == "unknown-sender"
    assert run("liaison", "recall", "at the end")[1] == {"items": 0, "ledger_index": None}
    assert "nothing was shared" in run("liaison", "recall", "at the end", as_json=False)[1]
    assert run("liaison", "answer-recall", "x", "deleted")[1]["refused"] == "not-recalled"
    assert run("liaison", "report-recall", "x", "deleted", "--source", "us")[1]["refused"] == "not-recalled"
    assert run("liaison", "judge", "good", "--evidence", "entry 1", "--source", "us")[0] == 0
    assert run("liaison", "note", "they call late", "--source", "us")[0] == 0
    page = run("liaison", "show", as_json=False)[1]
    for part in ("passage goes on", "on its way", "airfield, tower: handed-over", "good [entry 1; us]"):
        assert part in page, part
    assert "they call late" in json.dumps(run("liaison", "show")[1]["private"])


@pytest.mark.seed("S-54", "S-56", "S-111")
def test_a_change_is_proposed_compared_and_exported_by_command(run, tmp_path):
    status, said = run("agreement", "change", "--wording", "within the next five days", as_json=False)
    assert (status, "--said" in said) == (2, True)
    made = run("agreement", "change", "--wording", "within the next five days", "--said", "2021-08-28")[1]
    assert (made["version"], made["deadline"]) == (2, "2021-09-02T23:59:59Z")
    [one] = run("agreement", "diff", 1, 2)[1]["differences"]
    assert (one["clause"], one["after"]) == ("deadline", "2021-09-02T23:59:59Z")
    assert run("agreement", "diff", 1, 1, as_json=False)[1] == "nothing differs\n"
    assert run("agreement", "diff", 1, 9, as_json=False)[0] == 2
    page = run("agreement", "show", as_json=False)[1]
    assert "proposed by Evacuating party: version 2" in page
    for form, start in (("html", b"<!doctype html>"), ("pdf", b"%PDF"), ("json", b'{"agreement"')):
        file = tmp_path / f"out.{form}"
        assert run("agreement", "export", file, "--form", form)[1]["bytes"] == file.stat().st_size
        assert file.read_bytes().lstrip().startswith(start)
    assert run("agreement", "export", tmp_path / "x", "--form", "odt", as_json=False)[0] == 2
    assert run("agreement", "export", tmp_path / "x", "--version", 7, as_json=False)[0] == 2


@pytest.mark.seed("S-58")
def test_closing_by_command_says_what_is_left_open(run):
    run("liaison", "plan-zone", "airfield", "tower", "--due", DUE, "--purpose", PURPOSE)
    page = run("agreement", "close", "--text", "the last aircraft has left", as_json=False)[1]
    assert "the agreement is closed" in page
    assert "no receipt yet: airfield, tower" in page
    assert run("agreement", "close", "--text", "another word")[1]["refused"] == "agreement-closed"


@pytest.mark.seed("S-74", "S-76", "S-77")
def test_every_form_of_the_page_records_and_leads_back_to_its_place(client):
    meeting = {"place": "airfield", "mode": "in-person", "level": "officers", "offices": "ours\r\ntheirs",
               "subjects": ["passage", "control-points"], "purpose": PURPOSE, "at": "", "confidential": "yes",
               "undertaking": "a lane", "undertaking_by": "cordon", "due": "2021-08-20T12:00",
               "place_on_page": "meetings"}  # fmt: skip
    answer = client.post("/liaison/meeting", data=meeting, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/liaison?note=meeting#meetings")
    forms = [
        ("entry", {"kind": "liaison-log", "office": "us", "contact": "yes", "text": "buses"}),
        ("entry", {"kind": "contact-check", "contact": "cordon-liaison", "answered": "yes"}),
        ("entry", {"kind": "open-question", "question": "q", "settled_by": "time", "review": "2021-08-20T12:00"}),
        ("entry", {"kind": "people-named", "list": "L1", "to": "cordon", "people": "P1\nP2", "purpose": "entry"}),
        ("judge", {"grade": "good", "evidence": "entry 1"}),
        ("note", {"text": "a quiet word"}),
        ("notice", {"text": "passage goes on", "condition": "", "cites": ""}),
        ("plan", {"site": "airfield", "zone": "tower", "due": "2021-08-20T12:00", "purpose": PURPOSE}),
        ("hand-over", {"site": "airfield", "zone": "tower", "state": "locked", "purpose": PURPOSE}),
        ("recall", {"why": "at the end"}),
        ("recall-report", {"item": "list:L1", "answer": "kept", "reason": "they need it", "source": "us"}),
    ]
    for act, data in forms:
        answer = client.post(f"/liaison/{act}", data={**data, "place_on_page": "log"}, follow_redirects=False)
        assert answer.status_code == 303, (act, answer.text[-400:])
    page = client.get("/liaison?note=meeting").text
    assert "The meeting is recorded" in page
    for part in ("a quiet word", "passage goes on", "tower", "list L1 of 2 people", "unsigned", "buses"):
        assert part in page, part
    view = client.get("/api/liaison").json()
    assert view["meetings"][0]["permits"] == [["passage", PURPOSE], ["control-points", PURPOSE]]
    assert view["log"][0]["source"], "without a source it is the office that acts"


@pytest.mark.parametrize(
    ("act", "data", "status", "said"),
    [
        ("meeting", {"place": "x", "mode": "in-person", "level": "y", "offices": "z", "subjects": "trade",
                     "purpose": PURPOSE}, 422, "not in the agreement&#39;s scope: trade"),
        ("meeting", {"place": "", "level": "y", "mode": "in-person", "offices": "z", "subjects": "passage"}, 400,
         "meeting.place"),
        ("entry", {"kind": "protected-told"}, 400, "kind: expected one of"),
        ("plan", {"site": "a", "zone": "b", "purpose": PURPOSE}, 400, "when the zone will be handed over"),
        ("plan", {"site": "a", "zone": "b", "due": "tomorrow"}, 400, "due: expected a time"),
        ("acknowledge", {"notice": "00" * 16}, 422, "no such notice was served"),
        ("receipt", {"site": "a", "zone": "b", "as_stated": "yes"}, 422, "no hand-over of this zone"),
        ("recall-answer", {"item": "x", "answer": "deleted"}, 422, "nothing of this id was recalled"),
        ("dance", {"x": "y"}, 400, "act: expected one of"),
        ("note", {"text": ["a", "b"]}, 400, "text: expected one value"),
    ],
    ids=["scope", "empty", "kind", "no-time", "bad-time", "notice", "receipt", "recall", "act", "twice"],
)  # fmt: skip
def test_what_cannot_be_recorded_is_said_on_the_page_and_as_json(client, act, data, status, said):
    before = client.get("/api/liaison").json()
    answer = client.post(f"/liaison/{act}", data=data)
    assert answer.status_code == status
    assert said in answer.text and "Nothing was recorded" in answer.text
    answer = client.post(f"/api/liaison/{act}", json=data)
    assert answer.status_code == status
    assert answer.json().get("refused") or answer.json()["error"]
    assert client.get("/api/liaison").json() == before


def test_the_same_acts_are_there_as_json(client):
    made = client.post("/api/liaison/notice", json={"text": "passage goes on"}).json()
    assert client.get("/api/liaison").json()["notices"][0]["id"] == made["id"]
    assert client.post("/api/liaison/plan", json={"site": "a", "zone": "b", "due": DUE, "purpose": PURPOSE}).json() == {
        "ledger_index": made["ledger_index"] + 1
    }
    assert client.post("/api/liaison/notice", content=b"[]").status_code == 400
    assert client.post("/api/agreement/change", json={"changes": {"parties": []}}).status_code == 400
    changed = client.post("/api/agreement/change", json={"changes": {"deadline": "2021-09-02T19:29:00Z"}})
    assert changed.json()["version"] == 2
    closed = client.post("/api/agreement/close", json={"text": "over"}).json()
    assert (closed["state"], closed["zones"]) == ("closed", ["a, b"])
    assert client.post("/api/agreement/close", json={"text": "again"}).status_code == 422


@pytest.mark.seed("S-54", "S-68", "S-62")
def test_a_proposal_is_signed_on_the_page_with_its_reason(joined):
    with TestClient(create_app(start_node(joined.evac_config))) as client:
        form = {"deadline": "2021-09-02T19:29", "scope": "passage\r\nmeeting", "wording": "", "said": ""}
        assert client.post("/agreement/propose", data=form, follow_redirects=False).status_code == 303
        assert "something that differs" in client.post("/agreement/propose", data={"deadline": ""}).text
        client.post("/api/exercise/clock", json={"now": START + 2 * HOUR})  # of two proposals the later one counts
        words = {"wording": "within the next five days", "said": "2021-08-28"}
        assert client.post("/agreement/propose", data=words, follow_redirects=False).status_code == 303
        assert "within the next five days" in client.get("/agreement").text
    joined.open()
    joined.settle()
    joined.close()
    with TestClient(create_app(start_node(joined.cordon_config))) as client:
        page = client.get("/agreement").text
        assert "A proposal waits" in page and "2 Sep 2021 23:59" in page
        answer = client.post("/agreement/accept", data={"version": "2", "reason": ""})
        assert (answer.status_code, "decision-reason.lowers" in answer.text) == (400, True)
        assert client.post("/agreement/accept", data={"version": "two"}).status_code == 400
        reason = {"reason": "to get everybody out", "lowers": "a rush", "makes": "two days more"}
        given = {"version": "2", "proposal": "ab", **reason}
        assert client.post("/agreement/accept", data=given).status_code == 422
        done = client.post("/agreement/accept", data={"version": "2", **reason}, follow_redirects=False)
        assert done.status_code == 303
        assert client.get("/api/agreement").json()["version"] == 2
        assert client.get("/api/liaison").json()["unreasoned"] == ["version 1"]
        assert "version 1" in client.get("/agreement?version=1").text
        assert "What differs" not in client.get("/agreement?version=2&beside=1").text
        assert client.get("/agreement?version=9", headers={"accept": "text/html"}).status_code == 400
        told = {"term": "screen", "stage": "bears-on", "text": "two were beaten", "evidence": "entry 3"}
        assert client.post("/agreement/term", data=told, follow_redirects=False).status_code == 303
        breach = client.post("/agreement/state", data={"kind": "breach", "text": "a convoy was held up"},
                             follow_redirects=False)  # fmt: skip
        assert breach.status_code == 303
        assert "suspended" in client.get("/agreement").text
        assert client.post("/agreement/state", data={"kind": "last-departure"}).status_code == 400
        closed = {"kind": "last-departure", "sure": "yes", "text": "over"}
        assert client.post("/agreement/state", data=closed, follow_redirects=False).status_code == 303
        assert "Close for good" not in client.get("/agreement").text


def test_the_forms_are_closed_without_signing_in_and_exports_are_files(joined):
    with TestClient(create_app(start_node(replace(joined.evac_config, sign_in=True)))) as client:
        for path in ("/liaison", "/agreement/export/json"):
            assert client.get(path).status_code == 401
        assert client.post("/liaison/note", data={"text": "x"}).status_code == 401
        assert client.post("/agreement/propose", data={}).status_code == 401
    with TestClient(create_app(start_node(joined.evac_config))) as client:
        for form in ("html", "pdf", "json"):
            answer = client.get(f"/agreement/export/{form}")
            assert answer.status_code == 200
            assert answer.headers["content-disposition"] == f'attachment; filename="kabul-2021-version-1.{form}"'
        assert client.get("/agreement/export/odt").status_code == 400


def test_a_node_without_an_agreement_says_what_to_do_first(run, joined, tmp_path):
    from safeconduct.config import NodeConfig  # noqa: PLC0415
    from safeconduct.wiring import init_node  # noqa: PLC0415

    folder = tmp_path / "alone"
    folder.mkdir()
    config = NodeConfig("alone", "Third party", folder / "data", exercise=True, sign_in=False)
    init_node(folder, config, passphrase=None)
    with TestClient(create_app(start_node(config))) as client:
        assert "no agreement in force yet" in client.get("/liaison").text
        assert "No agreement yet" in client.get("/agreement").text
        assert client.get("/agreement/export/json").status_code == 409
        assert client.post("/liaison/notice", data={"text": "x"}).status_code == 409
    assert "no agreement" in run("liaison", "show", party="alone", as_json=False)[1]
