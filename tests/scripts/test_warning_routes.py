"""From report to release over HTTP, by plain forms: what each office may do, what is shown, what is recorded."""

import re

import pytest
from litestar.testing import TestClient

from safeconduct.config import NodeConfig
from safeconduct.web.api.app import create_app
from safeconduct.web.api.guards import ACTS_AS
from safeconduct.wiring import Running, init_node, start_node
from safeconduct.workflows.keep_operators import add_operator, remove_operator
from workflows.release_samples import FIRST, SECOND, enter, ready, release, report_of
from workflows.test_release_entry import GOOD
from workflows.two_nodes import HOUR, PROTECT, World


@pytest.fixture
def room(tmp_path):
    """The evacuating party's room, with a policy, a report and a client that keeps cookies."""
    world = World(tmp_path)
    world.agree()
    ready(world)
    with TestClient(create_app(Running(world.evac, world.evac_config, None))) as client:
        client.follow_redirects = True
        world.client = client
        yield world
    world.cordon.store.close()


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def act_as(world, office):
    made = world.client.post("/acting/choose", data={"office": office, "then": "/approvals"})
    assert made.status_code == 200 and made.url.path == "/approvals"
    return made


def decide(world, report, **data):
    return world.client.post(f"/reports/{report}/decide", data={"purpose": PROTECT, **data})


@pytest.mark.seed("S-04", "S-05")
def test_a_report_is_entered_looked_at_beside_its_release_and_released(room):
    form = room.client.get("/reports/new").text
    number = re.search(r'name="id" value="([^"]+)"', form)[1]
    entered = room.client.post("/reports", data={**GOOD, "id": number})
    assert entered.url.path == f"/reports/{number}/release"
    words = plain(entered.text)
    assert "The report is stored" in words and "May be released" in words
    assert "Source HERON (B2)" in words and "stays here: never leaves its node" in words
    assert "Exactly what Cordon party gets" in words
    seen = re.search(r'name="seen" value="([^"]+)"', entered.text)[1]
    sent = decide(room, number, act="release", seen=seen)
    assert sent.url.path.startswith("/releases/") and "on its way" in plain(sent.text)
    assert "1: warning" in plain(sent.text)
    desk = plain(room.client.get("/warnings").text)
    assert "no word back" in desk and "What we shared" in desk
    assert [kind for kind, _ in room.settle()] == ["release"]


def test_a_form_with_errors_comes_back_as_it_was_with_each_error_beside_its_field(room):
    made = room.client.post("/reports", data={**GOOD, "id": "x-1", "what": "kept words", "window_from": "tomorrow"})
    assert made.status_code == 422
    assert "kept words" in made.text and 'value="tomorrow"' in made.text
    assert re.search(
        r'id="f-window_from"[^>]*aria-invalid="true" aria-describedby="e-window_from" autofocus', made.text
    )
    assert "saw 'tomorrow'" in plain(made.text).replace("&#39;", "'")


def test_two_people_are_needed_against_a_rule_and_every_act_names_its_office(room):
    now = room.evac.clock.now()
    enter(room, "late", window_from=now + 1_800, window_to=now + 2 * HOUR)
    shown = room.client.get("/reports/late/release").text
    assert "Needs two people" in shown and 'value="release"' not in shown
    assert decide(room, "late", act="release").status_code == 422
    empty = decide(room, "late", act="warn", reason=" ")
    assert empty.status_code == 422 and "Nothing was sent or changed" in empty.text
    assert "waits for a second person" in plain(decide(room, "late", act="warn", reason="it is soon").text).lower()
    own = room.client.get("/approvals").text
    assert "You asked for this yourself" in own and 'value="confirm"' not in own
    request = re.search(r'id="request-([^"]+)"', own)[1]
    assert room.client.post(f"/approvals/{request}", data={"act": "confirm"}).status_code == 422
    assert "It needs the role" in plain(act_as(room, "liaison").text).replace("it needs", "It needs")
    act_as(room, SECOND)
    assert room.client.post(f"/approvals/{request}", data={"act": "decline", "why": ""}).status_code == 422
    done = room.client.post(f"/approvals/{request}", data={"act": "confirm", "why": "agreed"})
    assert done.url.path.startswith("/releases/")
    words = plain(done.text)
    assert "duty officer released" in words and "it is soon" in words
    assert [kind for kind, _ in room.settle()] == ["release"]


def test_a_reader_changes_nothing_and_an_unknown_office_cannot_be_chosen(room):
    act_as(room, "reader")
    assert room.client.get("/warnings").status_code == 200
    for path in ("/reports", "/reports/x/decide", "/approvals/x", "/releases/x/withdraw", "/api/reports"):
        assert room.client.post(path, data={"act": "release"}).status_code == 403, path
    assert room.client.post("/acting/choose", data={"office": "king"}).status_code == 400
    assert act_as(room, FIRST).status_code == 200


@pytest.mark.seed("S-02", "S-07")
def test_withdrawal_and_the_sharing_log_over_http(room):
    release(room)
    page = room.client.get(f"/releases/{room.release}").text
    assert "Withdraw it" in page
    refused = room.client.post(f"/releases/{room.release}/withdraw", data={"reason": ""})
    assert refused.status_code == 422
    gone = room.client.post(f"/releases/{room.release}/withdraw", data={"reason": "a rumour"})
    assert "withdrawal not acknowledged" in plain(gone.text) and 'id="withdraw"' not in gone.text
    assert "the withdrawal is not acknowledged" in plain(room.client.get("/warnings").text)
    log = room.client.get("/api/shares", params={"since": "2021-08-14", "to": "cordon"}).json()["shares"]
    assert [(one["kind"], one["version"]) for one in log] == [("warning", 1), ("withdrawal", 2)]
    assert room.client.get("/warnings", params={"since": "soon"}).status_code == 200
    assert "Nothing was shared since" in plain(room.client.get("/warnings", params={"since": "2021-09-01"}).text)


def test_a_correction_starts_from_the_report_and_is_shown_before_it_is_sent(room):
    release(room)
    form = room.client.get("/reports/new", params={"like": room.report, "corrects": room.release}).text
    given = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert given["position"] == "34.558600, 69.221400" and given["corrects"] == room.release
    old = report_of(room)
    data = {**given, **{name: str(old[name]) for name in ("what", "threatened_class", "advised_action", "handling")}}
    data |= {"likelihood": "6", "harm_answer": old["harm_answer"], "confidence": "", "details": ""}
    data |= {"reliability_1": "B", "credibility_1": "3", "reliability_2": "C", "credibility_2": "2"}
    shown = room.client.post("/reports", data=data)
    assert shown.url.params["corrects"] == room.release and "as a correction of" in plain(shown.text)
    report = shown.url.path.split("/")[2]
    made = decide(room, report, act="correct", corrects=room.release, reason="more likely now")
    words = plain(made.text)
    assert "2: correction" in words and "likelihood likely very likely" in words
    assert "correction not acknowledged" in words


def test_policies_and_empty_desks_say_what_to_do_next(room, tmp_path):
    words = plain(room.client.get("/policies").text)
    assert "Cordon party , for protect-people version 1" in words
    empty = NodeConfig("north", "North", tmp_path / "north" / "data", exercise=True, sign_in=False)
    (tmp_path / "north").mkdir()
    init_node(tmp_path / "north", empty, passphrase=None)
    with TestClient(create_app(start_node(empty))) as client:
        desk = plain(client.get("/warnings").text)
        assert "There is no agreement in force" in desk and "No report has been entered" in desk
        assert "No policy is kept" in plain(client.get("/policies").text)
        assert "Nothing waits for a second person" in plain(client.get("/approvals").text)


def test_outside_an_exercise_who_acts_is_who_signed_in_and_nobody_chooses(tmp_path):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data")
    init_node(tmp_path, config, passphrase="a phrase for the test")
    running = start_node(config)
    token = add_operator(running.node, "night-desk", "night desk", ["reader"])
    with TestClient(create_app(running)) as client:
        client.headers["authorization"] = f"Bearer {token}"
        client.cookies.set(ACTS_AS, "duty-officer")
        assert client.get("/acting").status_code == 403
        assert "night desk" in client.get("/approvals").text
        assert client.post("/reports", data=GOOD).status_code == 403
        remove_operator(running.node, "night-desk")
        assert client.get("/warnings").status_code == 401
