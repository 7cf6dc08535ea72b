"""Offices, policies and releases at the command line: what needs two, what is listed, what is refused."""

import json

import pytest

from safeconduct.config import NodeConfig
from safeconduct.wiring import init_node
from workflows.release_samples import enter, policy_of, ready, report_of
from workflows.two_nodes import HOUR, PROTECT, World


@pytest.fixture
def desk(tmp_path, say):
    """Run commands at the evacuating party, with a kept policy and two reports; return (status, what was said)."""
    world = World(tmp_path)
    world.agree()
    ready(world)
    now = world.evac.clock.now()
    enter(world, "late", window_from=now + 1_800, window_to=now + 2 * HOUR, confidence="high")
    (tmp_path / "other.json").write_bytes(policy_of(world, min_candidates=4))
    longer = report_of(world, id="longer", window_to=report_of(world)["window_to"] + HOUR)
    (tmp_path / "longer.json").write_text(json.dumps(longer))
    world.close()

    def run(*arguments):
        status, out, err = say(*arguments, "-n", tmp_path / "evac", "--json")
        return status, (json.loads(out) if out else err)

    run.folder, run.say = tmp_path, say
    return run


@pytest.mark.seed("S-02", "S-04", "S-07")
def test_a_release_is_drafted_sent_corrected_withdrawn_and_listed(desk):
    status, seen = desk("release", "draft", "report-exercise-1")
    assert status == 0 and seen["code"] == "" and ["likelihood", "likely"] in seen["theirs"]
    _, sent = desk("release", "derive", "report-exercise-1", "--purpose", PROTECT, "--by", "duty-officer")
    release = sent["release"]
    _, waits = desk("release", "unanswered")
    assert [one["missing"] for one in waits["unanswered"]] == ["acknowledgement"]
    assert desk("report", "add", desk.folder / "longer.json")[1] == {"report": "longer"}
    why = ("--reason", "the window is longer")
    assert desk("release", "correct", release, "longer", "--purpose", PROTECT, *why)[1]["version"] == 2
    assert desk("release", "withdraw", release, "--reason", "a rumour")[0] == 0
    assert desk("release", "withdraw", release, "--reason", "again")[1]["refused"] == "already-withdrawn"
    _, shares = desk("release", "list", "--since", "2021-08-14", "--to", "cordon")
    kinds = [(one["kind"], one["version"], one["by"]) for one in shares["shares"]]
    assert kinds == [
        ("warning", 1, "duty officer"), ("correction", 2, "this machine's keyboard"),
        ("withdrawal", 3, "this machine's keyboard"),
    ]  # fmt: skip
    _, versions = desk("release", "versions", release)
    assert [name for name, _, _ in versions["versions"][1]["changes"]] == ["window", "valid until"]
    assert [one["id"] for one in desk("report", "list")[1]["reports"]] == ["longer", "late", "report-exercise-1"]
    said = desk.say("release", "list", "-n", desk.folder / "evac")[1]
    assert said.count("not acknowledged") == 3


def test_two_offices_at_the_keyboard_send_what_one_cannot(desk):
    ask = ("release", "ask", "late", "--purpose", PROTECT, "--reason", "it is soon", "--by", "duty-officer")
    assert desk("release", "derive", "late", "--purpose", PROTECT)[1]["refused"] == "too-late-to-help"
    request = desk(*ask)[1]["request"]
    assert desk("release", "confirm", request, "--by", "duty-officer")[1]["refused"] == "second-person-needed"
    assert desk("release", "confirm", request, "--by", "somebody")[0] == 2
    assert desk("release", "decline", request, "--by", "second-approver", "--reason", "no")[1]["state"] == "declined"
    made = desk("release", "duty-to-warn", "late", "warn", "--purpose", PROTECT, "--reason", "it is soon")[1]
    assert desk("release", "requests")[1]["requests"][0]["state"] == "open"
    assert desk("release", "confirm", made["request"], "--by", "second-approver")[0] == 0
    decision = ("release", "duty-to-warn", "late", "do-not-warn", "--purpose", PROTECT, "--reason", "over")
    assert "ledger_index" in desk(*decision)[1]
    assert desk("release", "duty-to-warn", "late", "perhaps", "--purpose", PROTECT, "--reason", "x")[0] == 2


def test_policies_and_offices_are_kept_listed_compared_and_removed(desk):
    assert desk("policy", "set", desk.folder / "other.json", "--by", "liaison")[1]["refused"] == "role-needed"
    assert desk("policy", "set", desk.folder / "other.json", "--by", "duty-officer")[1]["version"] == 2
    assert [one["version"] for one in desk("policy", "list")[1]["policies"]] == [1, 2]
    assert desk("policy", "show", PROTECT)[1]["clauses"]["may cross"].startswith("who is threatened")
    assert {one["clause"] for one in desk("policy", "diff", PROTECT)[1]["changes"]} == {"source", "actor"}
    assert desk("policy", "show", PROTECT, "--version", "7")[0] == desk("policy", "show", "other")[0] == 2
    added = desk("operator", "add", "night-desk", "--name", "night desk", "--role", "liaison", "--role", "reader")[1]
    assert len(added["token"]) == 48
    listed = {one["id"]: one for one in desk("operator", "list")[1]["operators"]}
    assert listed["night-desk"]["roles"] == ["liaison", "reader"] and listed["night-desk"]["token"] is True
    assert added["token"] not in json.dumps(listed)
    assert desk("operator", "remove", "night-desk")[0] == 0
    assert (
        desk("operator", "remove", "night-desk")[0]
        == desk("operator", "add", "x", "--name", "x", "--role", "y")[0]
        == 2
    )
    assert "second-approver" in desk.say("operator", "roles", "--json")[1]


def test_outside_an_exercise_an_office_proves_itself_and_the_last_one_stays(tmp_path, say, monkeypatch):
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data")
    token = init_node(tmp_path, config, passphrase="a phrase for the test")
    (tmp_path / "policy.json").write_text("{}")
    typed = iter(["wrong", token])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(typed))
    wrong = say("policy", "set", tmp_path / "policy.json", "--by", "first", "-n", tmp_path)
    assert wrong[0] == 2 and "not the token of first" in wrong[2]
    right = say("policy", "set", tmp_path / "policy.json", "--by", "first", "-n", tmp_path)
    assert right[0] == 2 and "policy." in right[2]
    assert say("operator", "remove", "first", "-n", tmp_path)[0] == 2
