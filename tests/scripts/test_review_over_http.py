"""Sources and their review over HTTP, by plain forms, and on the command line."""

import json
from hashlib import sha256

import pytest
from litestar.testing import TestClient

from safeconduct.config import NodeConfig
from safeconduct.web.api.app import create_app
from safeconduct.web.api.guards import COOKIE
from safeconduct.wiring import init_node, open_node, start_node
from safeconduct.workflows.add_source import add_sources
from safeconduct.workflows.review_view import list_suggestions
from scripts.one_line import is_one_line
from workflows.review_samples import FERRY, IN_FERRY, LATER, by_hand

REVIEW = "/incidents/review"
OUTLET = "Coast Gazette"


@pytest.fixture
def made(tmp_path):
    """A node with one report, closed; its folder, its settings and the ids of its suggestions by their words."""
    config = NodeConfig("evac", "Evacuating party", tmp_path / "node" / "data", exercise=True, sign_in=False)
    (tmp_path / "node").mkdir()
    init_node(tmp_path / "node", config, passphrase=None)
    node = open_node(config)
    add_sources(node, [("ferry.txt", FERRY.encode())], read=by_hand(IN_FERRY), outlet=OUTLET)
    ids = {one.words: one.id for one in list_suggestions(node)}
    node.store.close()
    return tmp_path / "node", config, ids


@pytest.fixture
def client(made):
    with TestClient(create_app(start_node(made[1]))) as found:
        found.follow_redirects = False
        yield found


def decide(client, name, act, **more):
    return client.post(f"{REVIEW}/decide", data={"id": name, "act": act, **more})


def test_accept_reject_and_take_back_by_forms_alone(client, made):
    ids = made[2]
    answer = decide(client, ids["Nine sailors"], "accept", kind="figure")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{REVIEW}?kind=figure&id={ids['Dozens of travellers']}")
    page = client.get(answer.headers["location"]).text
    assert "1 of 3 decided" in page and "Accepted and recorded." in page
    assert decide(client, ids["3 guards"], "reject").status_code == 303
    back = decide(client, ids["Nine sailors"], "undo")
    assert back.headers["location"] == f"{REVIEW}?id={ids['Nine sailors']}&note=open"
    assert "1 of 5 decided" in client.get(REVIEW).text
    account = client.get("/incidents/attack-ferry-landing-2024-05-01").text
    assert "9 sailors killed" in account and "retracted" in account


def test_what_is_refused_comes_back_with_the_fields_as_they_were_given(client, made):
    name = made[2]["Nine sailors"]
    answer = decide(client, name, "accept", min="nine", text="my words")
    assert answer.status_code == 400
    assert 'value="nine"' in answer.text and 'value="my words"' in answer.text and 'role="alert"' in answer.text
    assert decide(client, name, "sing").status_code == 400
    assert decide(client, "no-such", "accept").status_code == 409


def test_sources_are_added_by_file_and_by_pasted_text(client):
    files = [
        ("files", ("later.txt", LATER.encode(), "text/plain")),
        ("files", ("same.txt", FERRY.encode(), "text/plain")),
    ]
    answer = client.post(f"{REVIEW}/sources", files=files, data={"outlet": OUTLET})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{REVIEW}?note=added")
    page = client.get(REVIEW).text
    assert "later.txt" in page and "same.txt" not in page
    text = "Four people were killed at the north gate on 3 May 2024, the harbour office said."
    pasted = {"text": text, "name": "a call", "published": "2024-05-03"}
    answer = client.post(f"{REVIEW}/sources", files={"x": ("", b"")}, data=pasted)
    assert answer.headers["location"] == f"{REVIEW}?source={sha256(text.encode()).hexdigest()}&note=added"
    page = client.get(answer.headers["location"]).text
    assert "Four people" in page and "harbour office" in page and 'value="2024-05-03"' in page
    answer = client.post(f"{REVIEW}/sources", files={"x": ("", b"")}, data=pasted)
    assert "nothing changed" in client.get(answer.headers["location"]).text
    assert client.post(f"{REVIEW}/sources", files={"x": ("", b"")}, data={"text": " "}).status_code == 400


def test_a_day_and_an_outlet_are_corrected_by_a_form(client):
    digest = sha256(FERRY.encode()).hexdigest()
    answer = client.post(f"{REVIEW}/published", data={"digest": digest, "day": "2024-05-03", "outlet": "Port Daily"})
    assert answer.status_code == 303
    page = client.get(f"{REVIEW}?source={digest}").text
    assert 'value="2024-05-03"' in page and 'value="Port Daily"' in page
    assert client.post(f"{REVIEW}/published", data={"digest": digest, "day": "soon"}).status_code == 400


def test_another_site_cannot_decide(client, made):
    answer = client.post(
        f"{REVIEW}/decide", data={"id": made[2]["3 guards"], "act": "reject"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "0 of 5 decided" in client.get(REVIEW).text


def test_without_a_token_nothing_is_shown_and_with_one_its_operator_is_noted(tmp_path):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data", exercise=False, sign_in=True)
    token = init_node(tmp_path, config, passphrase="a phrase for the test")
    running = start_node(config)
    add_sources(running.node, [("ferry.txt", FERRY.encode())], read=by_hand(IN_FERRY))
    name = list_suggestions(running.node)[0].id
    with TestClient(create_app(running)) as client:
        client.follow_redirects = False
        assert client.get(REVIEW).status_code == 401
        assert decide(client, name, "reject").status_code == 401
        client.cookies.set(COOKIE, token)
        assert decide(client, name, "reject").status_code == 303
        assert "rejected by <bdi>first</bdi>" in client.get(f"{REVIEW}?id={name}").text


def test_the_room_leads_to_the_review(client):
    assert f'href="{REVIEW}"' in client.get("/").text


# -- commands --------------------------------------------------------------------------------------------------------


def test_read_needs_no_node_and_prints_what_could_be_claimed(say, tmp_path):
    folder = tmp_path / "reports"
    (folder / "sub" / ".hidden").mkdir(parents=True)
    (folder / "sub" / "ferry.txt").write_text(FERRY)
    (folder / "a.html").write_text(
        "<p>On 3 May 2024 at least 4 people were killed at the gate, the harbour office said.</p>"
    )
    (folder / ".note.txt").write_text("Ten people were killed.")
    (folder / "sub" / ".hidden" / "x.txt").write_text("Ten people were killed.")
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    status, out, _ = say("incident", "read", folder, "--published", "a.html=2024-05-04", "--json")
    found = json.loads(out)
    assert status == 0
    assert [source["file"] for source in found["sources"]] == ["a.html", "sub/ferry.txt"]
    assert found["sources"][0]["published"] == "2024-05-04"
    assert any(claim["min"] == 9 and claim["outcome"] == "killed" for claim in found["claims"])
    status, out, _ = say("incident", "read", folder)
    assert status == 0 and "sub/ferry.txt  [2024-05-02]" in out and "2 files, " in out


def test_a_file_that_cannot_be_read_is_said_and_the_rest_goes_on(say, tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(FERRY)
    (tmp_path / "big.txt").write_text("x" * 3_000_000)
    monkeypatch.setattr("safeconduct.cli.incident_read.LIMIT_MB", 2)
    status, out, err = say("incident", "read", tmp_path, "--json")
    assert status == 0 and len(json.loads(out)["sources"]) == 1
    assert err.count("\n") == 1 and "big.txt: larger than 2 MB" in err
    (tmp_path / "a.txt").unlink()
    status, out, err = say("incident", "read", tmp_path)
    assert (status, out) == (2, "") and "no file in it could be read" in err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["nowhere"], "no such folder"),
        ([".", "--published", "ferry.txt"], "FILE=YYYY-MM-DD"),
        ([".", "--published", "ferry.txt=May"], "a day as"),
        ([".", "--published", "other.txt=2024-05-02"], "a file below the folder"),
        ([".", "--gazetteer", "ferry.txt"], "ferry.txt"),
    ],
)
def test_read_refuses_in_one_line(say, tmp_path, monkeypatch, arguments, part):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ferry.txt").write_text(FERRY)
    is_one_line(say("incident", "read", *arguments), part)


def test_a_source_is_added_reviewed_and_taken_back_on_the_command_line(say, made, tmp_path):
    folder, _, ids = made
    report = tmp_path / "later.txt"
    report.write_text(LATER)
    status, out, _ = say("incident", "source", report, "--outlet", OUTLET, "--node", folder, "--json")
    added = json.loads(out)
    assert status == 0 and len(added["new"]) == 1 and added["review"].endswith("/incidents/review")
    status, out, _ = say("incident", "source", report, "--node", folder)
    assert "held already, nothing changed" in out and "suggestions wait: http://" in out
    status, out, _ = say("incident", "suggestions", "--kind", "figure", "--node", folder, "--json")
    figures = json.loads(out)["suggestions"]
    assert any(one["fields"]["min"] == "11" for one in figures)
    name = next(one["id"] for one in figures if one["fields"]["min"] == "11")
    given = ["--field", "incident_title=Blast", "--field", "incident_kind=attack", "--field", "incident=new"]
    status, out, _ = say("incident", "accept", name, *given, "--reading", "one day", "--node", folder, "--json")
    assert status == 0 and json.loads(out)["decided"][0]["claim"] == f"c-{name}"
    status, out, _ = say("incident", "undo", name, "--node", folder)
    assert (status, out) == (0, f"{name} is open, claim c-{name}\n")
    status, out, _ = say("incident", "reject", name, "--by", "night desk", "--node", folder)
    assert (status, out) == (0, f"{name} is rejected\n")
    is_one_line(say("incident", "accept", name, "--node", folder), "is rejected by night desk")
    status, out, _ = say("incident", "suggestions", "--all", "--node", folder)
    assert "[rejected by night desk]" in out and len(ids) > 0
