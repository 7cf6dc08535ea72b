"""Movements as a person types them, by the page's forms, and as JSON."""

from dataclasses import replace

import pytest
from litestar.testing import TestClient

from safeconduct.web.api.app import create_app
from safeconduct.wiring import start_node
from workflows.two_nodes import PURPOSE, Phone

SOON, LATER = "2021-08-14T02:00:00Z", "2021-08-14T03:00:00Z"


@pytest.mark.seed("S-21")
def test_an_escort_is_filed_passed_and_ended_by_command(run, joined):
    outer, gate = joined.outer[0], joined.gates[0]
    assert run("movement", "list", as_json=False) == (0, "no escort is filed\n")
    status, made = run("movement", "escort", "convoy-7", "--by", "cordon", "--point", f"{outer}={SOON}", "--point", gate,
                       "--due", LATER, "--people", 9, "--vehicles", 2, "--source", "liaison officer")  # fmt: skip
    assert status == 0
    assert run("movement", "list", "--overdue", as_json=False)[1] == "nothing is overdue\n"
    assert run("movement", "passed", "convoy-9", outer, "--source", "radio")[1]["refused"] == "unknown-movement"
    assert run("movement", "passed", "convoy-7", outer, "--source", "radio")[0] == 0
    page = run("movement", "list", as_json=False)[1]
    assert "convoy-7: under-way; by cordon, 2 vehicles, 9 people" in page
    assert f"{outer}, due {SOON}: passed 2021-08-14T01:00:00Z (as radio reports)" in page
    assert f"{gate}: no record; nothing was heard from there" in page
    assert (
        run("movement", "end", "convoy-7", "arrived", "--source", "radio", "--because", "all well", as_json=False)[0]
        == 0
    )
    [one] = run("movement", "list")[1]["escorts"]
    assert (one["id"], one["state"], one["because"]) == (made["id"], "arrived", "all well")
    assert "arrived 2021-08-14T01:00:00Z: all well" in run("movement", "list", as_json=False)[1]
    status, said = run("movement", "escort", "x", "--by", "cordon", "--point", "nowhere", "--due", LATER, "--people", 1,
                       "--source", "us", as_json=False)  # fmt: skip
    assert (status, "escort.points: expected one of" in said) == (2, True)


@pytest.mark.seed("S-22", "S-32")
def test_a_route_is_planned_asked_for_answered_and_listed_by_command(run):
    assert run("movement", "routes", as_json=False)[1] == "no route is asked for or planned\n"
    assert run("movement", "way", as_json=False)[1] == "no route is planned\n"
    assert run("movement", "control", "the pass", "--grade", "A2", "--source", "one", "--party", "cordon")[0] == 0
    assert run("movement", "control", "the pass", "--grade", "b2", "--source", "two", "--party", "others")[0] == 0
    assert run("movement", "control", "the plain", "--grade", "F6", "--source", "two")[0] == 0
    assert run("movement", "plan-way", "r1", "--place", "the pass", "--place", "the plain", "--source", "us")[0] == 0
    page = run("movement", "way", "r1", as_json=False)[1]
    assert "the pass: disputed between cordon, others; consent of cordon and of others" in page
    assert "not known who holds: the plain" in page
    assert run("movement", "way", "r9", as_json=False)[0] == 2
    assert run("movement", "way", "--place", "the plain")[1]["ways"][0]["needed"] == []
    areas = run("movement", "areas", as_json=False)[1]
    assert "[two; B2]" in areas and "before, from 2021-08-14T01:00:00Z: held" not in areas
    assert (
        run("movement", "clearance", "r1", "asked", "--until", LATER, "--purpose", "fun")[1]["refused"]
        == "purpose-missing"
    )
    status, said = run("movement", "clearance", "r1", "asked", "--purpose", PURPOSE, as_json=False)
    assert (status, "clearance.until" in said) == (2, True)
    made = run("movement", "clearance", "r1", "asked", "--until", LATER, "--purpose", PURPOSE, "--text", "two buses")[1]
    assert made["ledger_index"] > 0
    told = ("--reported", "cordon", "--source", "liaison officer", "--at", "2021-08-14T01:30:00Z")
    assert run("movement", "clearance", "r1", "confirmed", "--until", SOON, *told)[0] == 0
    status, said = run("movement", "clearance", "r1", "closed", "--source", "us", as_json=False)
    assert (status, "with --reported only" in said) == (2, True)
    page = run("movement", "routes", as_json=False)[1]
    assert f"r1: confirmed until {SOON}" in page and "(unsigned, as liaison officer says)" in page
    assert f"asked by evac until {LATER} (signed): two buses" in page
    assert run("movement", "routes", "--over", as_json=False)[1] == "no clearance is over\n"
    assert run("movement", "clearance", "r1", "closed")[0] == 0
    assert run("movement", "routes")[1]["routes"][0]["state"] in {"closed", "confirmed"}


@pytest.mark.seed("S-23", "S-24")
def test_help_and_harm_have_their_commands_and_say_when_there_is_nothing(run):
    assert run("movement", "assistance", as_json=False)[1] == "no small help is recorded\n"
    fields = ("--field", "by=cordon", "--field", "point=abbey", "--field", "hedge=some", "--field", "group=G7")
    assert run("entry", "add", "bags-carried", *fields, "--source", "us")[0] == 0
    page = run("movement", "assistance", as_json=False)[1]
    assert "abbey, held by evac: bags carried by cordon: 1 times, 0 bags, “some” (filed by hand)" in page
    assert "group G7: 0 carried (abbey 0), 0 at gates, “some” (filed by hand)" in page
    assert run("gate", "harm")[1] == {"harm": [], "by_whom": []}
    assert run("gate", "harm", as_json=False)[1] == "no beating or turning away was logged\n"


FORMS = [
    ("escort", {"movement": "convoy-7", "by": "cordon", "point_1": "OUTER", "time_1": "2021-08-14T02:00", "point_2": "GATE",
                "time_2": "", "due": "2021-08-14T03:00", "people": "9", "vehicles": "2", "hedge": ""}, "escorts"),
    ("passed", {"movement": "convoy-7", "point": "OUTER", "source": "radio", "at": ""}, "escorts"),
    ("ended", {"movement": "convoy-7", "how": "called-off", "because": "the road is cut"}, "escorts"),
    ("clearance", {"about": "asked", "step": "asked", "route": "r1", "until": "2021-08-14T03:00", "purpose": PURPOSE,
                   "text": "two buses"}, "routes"),
    ("clearance", {"about": "told", "step": "confirmed", "route": "r1", "by": "cordon", "until": "2021-08-14T02:30",
                   "source": "liaison officer", "text": ""}, "routes"),
    ("way", {"route": "r1", "places": "the pass\r\nOUTER"}, "routes"),
    ("help", {"kind": "bags", "by": "cordon", "point": "GATE", "count": "4", "group": "G7", "text": "", "at": ""}, "help"),
    ("help", {"kind": "help", "by": "cordon", "point": "", "count": "", "text": "opened a door"}, "help"),
    ("control", {"area": "the pass", "parties": "cordon\r\nothers", "source": "aid workers", "reliability": "B",
                 "credibility": "3", "at": ""}, "areas"),
]  # fmt: skip


@pytest.mark.seed("S-21", "S-22", "S-23", "S-32")
def test_every_form_of_the_page_records_and_leads_back_to_its_place(client, joined):
    assert "No escort is under way" in client.get("/movements").text
    places = {"OUTER": joined.outer[0], "GATE": joined.gates[0]}
    for act, data, place in FORMS:
        given = {name: places.get(value, value.replace("OUTER", joined.outer[0])) for name, value in data.items()}
        answer = client.post(f"/movements/{act}", data=given, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) == (303, f"/movements?note={act}#{place}"), (
            answer.text
        )
    page = client.get("/movements?note=escort").text
    assert "The escort is filed" in page
    for part in (
        "convoy-7",
        "the road is cut",
        "two buses",
        "aid workers",
        "grade B3",
        "disputed",
        "G7",
        "liaison officer",
    ):
        assert part in page, part
    view = client.get("/api/movements").json()
    assert [one["state"] for one in view["escorts"]["escorts"]] == ["called-off"]
    assert {one["route"]: one["state"] for one in view["routes"]} == {"r1": "confirmed"}
    assert view["routes"][0]["way"]["needed"] == ["cordon", "others"]
    assert [one["bags"] for one in view["help"]["lines"] if one["kind"] == "bags"] == [4]
    assert view["needs"] == []
    assert client.get("/").text.count("/movements") >= 1


@pytest.mark.parametrize(
    ("act", "data", "status", "said"),
    [
        ("escort", {"movement": "m", "by": "cordon", "due": ""}, 400, "when the escort is to arrive"),
        ("escort", {"movement": "m", "by": "cordon", "due": "2021-08-14T03:00", "time_1": "2021-08-14T02:00"}, 400,
         "the control point of that time"),
        ("escort", {"movement": "m 1", "by": "cordon", "due": "2021-08-14T03:00", "people": "1"}, 400, "escort.movement"),
        ("escort", {"movement": "m", "by": "cordon", "due": "2021-08-14T03:00", "people": "many"}, 400, "a whole number"),
        ("passed", {"movement": "m", "point": "abbey"}, 422, "no escort of this name is filed"),
        ("ended", {"movement": "m", "how": "arrived"}, 422, "no escort of this name is filed"),
        ("clearance", {"step": "confirmed", "route": "r1", "until": "2021-08-14T03:00", "purpose": PURPOSE}, 422,
         "no clearance of this route waits for that"),
        ("clearance", {"step": "asked", "route": "r1", "until": "2021-08-13T03:00", "purpose": PURPOSE}, 422,
         "a time that is still to come"),
        ("clearance", {"step": "opened", "route": "r1"}, 400, "clearance.step"),
        ("way", {"route": "r1", "places": ""}, 400, "at least one area or point"),
        ("control", {"area": "x", "parties": "", "source": "us"}, 400, "a grade such as B2"),
        ("help", {"kind": "song"}, 400, "kind: expected one of"),
        ("help", {"kind": "bags", "by": "cordon", "point": "abbey"}, 400, "at least one of count, hedge"),
        ("dance", {"x": "y"}, 400, "act: expected one of"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_said_and_what_was_typed_is_kept(client, act, data, status, said):
    before = client.get("/api/movements").json()
    answer = client.post(f"/movements/{act}", data={**data, **({"about": "asked"} if act == "clearance" else {})})
    assert answer.status_code == status, answer.text
    assert said in answer.text and answer.text.count("Nothing was recorded") == 1
    if act == "escort" and "movement" in data:
        assert f'value="{data["movement"]}"' in answer.text
    answer = client.post(f"/api/movements/{act}", json=data)
    assert answer.status_code == status
    assert answer.json().get("refused") or answer.json()["error"]
    assert client.get("/api/movements").json() == before


def test_the_same_acts_are_there_as_json_and_closed_without_signing_in(joined):
    with TestClient(create_app(start_node(joined.evac_config))) as client:
        made = client.post("/api/movements/escort", json={
            "movement": "m", "by": "cordon", "due": LATER, "people": "9", "points": [f"{joined.outer[0]}={SOON}"],
        }).json()  # fmt: skip
        [one] = client.get("/api/movements").json()["escorts"]["escorts"]
        assert (one["id"], one["legs"][0]["due"]) == (made["id"], SOON)
        assert client.post("/api/movements/escort", content=b"[]").status_code == 400
        assert (
            client.post("/api/movements/control", json={"area": "x", "parties": ["a", "b"], "grade": "B2"}).status_code
            == 200
        )
    with TestClient(create_app(start_node(replace(joined.evac_config, sign_in=True)))) as client:
        for path in ("/movements", "/api/movements"):
            assert client.get(path).status_code == 401
        assert client.post("/movements/help", data={"kind": "help"}).status_code == 401
        assert client.post("/api/movements/help", json={}).status_code == 401


def test_a_node_without_an_agreement_offers_what_it_can(run, tmp_path):
    from safeconduct.config import NodeConfig  # noqa: PLC0415
    from safeconduct.wiring import init_node  # noqa: PLC0415

    folder = tmp_path / "alone"
    folder.mkdir()
    config = NodeConfig("alone", "Third party", folder / "data", exercise=True, sign_in=False)
    init_node(folder, config, passphrase=None)
    with TestClient(create_app(start_node(config))) as client:
        page = client.get("/movements").text
        assert "Nothing is recorded of any area" in page and "<summary>Ask the other party" not in page
        answer = client.post("/movements/clearance", data={"step": "asked", "route": "r", "until": "2031-01-01T00:00",
                                                           "purpose": "x", "about": "asked"})  # fmt: skip
        assert answer.status_code == 422 and "no agreement in force" in answer.text
    assert run("movement", "areas", party="alone", as_json=False)[1] == "nothing is recorded of any area\n"


@pytest.mark.seed("S-24")
def test_harm_by_whom_is_told_by_command_and_on_both_pages(joined, run):
    from safeconduct.gate.event import Event  # noqa: PLC0415
    from safeconduct.workflows.publish_bundle import publish_bundle  # noqa: PLC0415
    from safeconduct.workflows.receive_segment import receive_from_device  # noqa: PLC0415

    joined.open()
    publish_bundle(joined.evac)
    phone = Phone(joined.evac, "gate-phone-1", joined.gates[0])
    now = joined.evac.clock.now()
    events = [
        Event("assault", n, None, None, phone.point, now, 1, by, 1, 0) for n, by in ((1, "by-other"), (2, "by-own"))
    ]
    receive_from_device(joined.evac, phone.segment(events))
    joined.close()
    told = run("gate", "harm")[1]
    assert [(one["by"], one["times"], one["people"]) for one in told["by_whom"]] == [("cordon", 1, 1), ("evac", 1, 1)]
    page = run("gate", "harm", as_json=False)[1]
    assert "beatings by guards of cordon, at points held by evac: 1, 1 people" in page
    with TestClient(create_app(start_node(joined.evac_config))) as client:
        assert "by guards of <bdi>cordon</bdi>: 1, by guards of <bdi>evac</bdi>: 1" in client.get("/alleged").text
        assert "Harm, by whom" in client.get("/movements").text
