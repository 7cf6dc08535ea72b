"""Conflicts and batches over HTTP and by command: looked at, decided, rotated, withdrawn."""

import json

import pytest
from litestar.testing import TestClient

from safeconduct.web.api.app import create_app
from safeconduct.wiring import start_node
from workflows.test_conflicts import NOW, copied
from workflows.two_nodes import World

PAGE = {"accept": "text/html"}


@pytest.fixture
def node(tmp_path):
    """A node whose devices let one pass through twice; its folder is closed, as for the command."""
    world = World(tmp_path)
    world.agree()
    copied(world)
    world.move(NOW)
    world.close()
    return world


@pytest.fixture
def client(node):
    with TestClient(create_app(start_node(node.evac_config))) as client:
        client.follow_redirects = False
        yield client


def conflict_of(client):
    [one] = [one for one in client.get("/conflicts/data").json()["open"] if one["kind"] == "double"]
    return one["id"]


def test_a_conflict_is_decided_on_its_page_and_opened_again_there(client):
    about = conflict_of(client)
    page = client.get("/conflicts", headers=PAGE).text
    assert "for a decision" in page
    assert "surely before" in page
    form = {"conflict": about, "outcome": "different-people", "reason": "two families"}
    assert client.post("/conflicts", data=form).headers["location"].startswith("/conflicts?done=")
    page = client.get("/conflicts?done=decided", headers=PAGE).text
    assert "two families" in page
    assert "duty-officer" in page
    client.post("/conflicts", data={"conflict": about, "outcome": "reopened", "reason": "a third guard"})
    assert conflict_of(client) == about


@pytest.mark.parametrize(
    ("change", "status"), [({"reason": ""}, 400), ({"outcome": "nonsense"}, 400), ({"conflict": "none"}, 422)]
)
def test_what_cannot_be_decided_is_shown_again_with_the_reason_and_what_was_given(client, change, status):
    form = {"conflict": conflict_of(client), "outcome": "inquiry", "reason": "ask them", **change}
    answer = client.post("/conflicts", data=form, headers=PAGE)
    assert answer.status_code == status
    assert "Not done" in answer.text


def test_hostile_reasons_never_become_markup(client):
    form = {"conflict": conflict_of(client), "outcome": "inquiry", "reason": "<script>alert(1)</script>"}
    client.post("/conflicts", data=form)
    page = client.get("/conflicts", headers=PAGE).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_batch_is_rotated_and_withdrawn_on_its_page(client):
    assert "Nothing to do" in client.get("/batches", headers=PAGE).text
    assert client.post("/batches/rotate", data={}).status_code == 303
    page = client.get("/batches?done=rotated", headers=PAGE).text
    assert "followed by the next" in page
    assert client.post("/batches/withdraw", data={"batch": "1", "reason": ""}, headers=PAGE).status_code == 400
    assert client.post("/batches/withdraw", data={"batch": "1", "reason": "lost laptop"}).status_code == 303
    page = client.get("/batches?done=withdrawn", headers=PAGE).text
    assert "lost laptop" in page
    assert client.post("/batches/withdraw", data={"batch": "1", "reason": "again"}, headers=PAGE).status_code == 422


def test_conflicts_and_counts_by_command(node, say):
    where = ("-n", node.base / "evac")
    status, out, _ = say("conflict", "list", *where, "--json")
    [one] = [one for one in json.loads(out)["open"] if one["kind"] == "double"]
    assert status == 0
    status, out, _ = say("conflict", "show", one["id"], *where)
    assert "can be decided: same-people" in out
    before = json.loads(say("conflict", "count", *where, "--json")[1])["count"]["jointly"]
    status, out, _ = say(
        "conflict", "resolve", one["id"], "different-people", "--reason", "two families", *where, "--json"
    )
    assert (status, json.loads(out)["by"]) == (0, "keyboard")
    after = json.loads(say("conflict", "count", *where, "--json")[1])
    assert after["count"]["jointly"] > before
    assert "jointly" in say("conflict", "count", *where)[1]
    assert say("conflict", "show", "none", *where)[0] == 1
    assert say("conflict", "resolve", one["id"], "nonsense", "--reason", "two families", *where)[0] == 2
    assert say("conflict", "same", "x", "y", "--reason", "why", *where)[0] == 2
    assert "decided" in say("conflict", "list", *where)[1]


def test_batches_by_command(node, say, tmp_path):
    where = ("-n", node.base / "evac")
    status, out, _ = say(
        "batch", "rotate", "--capacity", "256", "--point", node.gates[0], "--days", "3", *where, "--json"
    )
    assert status == 0
    made = json.loads(out)["batch"]
    view = json.loads(say("batch", "list", *where, "--json")[1])
    assert (view["batches"][0]["identity"], view["batches"][0]["points"]) == (made, [node.gates[0]])
    assert made[:16] in say("batch", "list", *where)[1]
    status, out, _ = say("batch", "withdraw", made[:16], "--reason", "lost laptop", *where, "--json")
    assert (status, json.loads(out)["withdrawn"]) == (0, made)
    assert say("batch", "withdraw", "77", "--reason", "lost laptop", *where)[0] == 1
    assert say("batch", "rotate", "--days", "0", *where)[0] == 2
    status, _, _ = say("batch", "offer", tmp_path / "offer", *where)
    assert status == 0
    assert say("batch", "admit", tmp_path / "offer", *where)[0] == 1
