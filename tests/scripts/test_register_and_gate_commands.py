"""The register's balance and hand-over, and what devices reported, by the command line alone."""

import json

import pytest

from safeconduct.gate.event import Event
from safeconduct.replay.people import generate
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from scripts.one_line import is_one_line
from workflows.two_nodes import HOUR, START, Phone

AT = START + 3 * HOUR
HEADER, *ROWS = generate(24, 7).decode().splitlines()


@pytest.fixture
def listed(joined, say, tmp_path):
    """The folder of a node with an agreement and a roll of 24 people."""
    (tmp_path / "roll.csv").write_text("\n".join([HEADER, *ROWS]) + "\n")
    assert say("register", "import", tmp_path / "roll.csv", "-n", tmp_path / "evac")[0] == 0
    return tmp_path / "evac"


@pytest.mark.seed("S-36", "S-37", "S-42")
def test_from_a_death_to_a_hand_over_that_the_successor_checks(joined, listed, say, tmp_path):
    person, group = ROWS[0].split(",")[:2]
    size = sum(row.split(",")[1] == group for row in ROWS)
    plan = f"group_id,point,not_before,minutes,words\n{group},{joined.gates[0]},2021-08-14T03:00:00Z,120,no\n"
    (tmp_path / "plan.csv").write_text(plan)
    issue = ("pass", "issue", tmp_path / "plan.csv", "--purpose", "complete-evacuation", "-n", listed, "--json")
    [old] = json.loads(say(*issue)[1])["passes"]
    leave = ("register", "leave", person, "--as", "dead", "--reason", "told by the family", "-n", listed, "--json")
    status, out, _ = say(*leave)
    assert (status, json.loads(out)) == (
        0, {"people": 1, "new": 1, "reissue": [{"group": group, "heads": size - 1}]}
    )  # fmt: skip
    assert json.loads(say(*leave)[1])["new"] == 0
    assert f"{group}: {size - 1} left" in say(*leave[:-1])[1]
    assert say("pass", "revoke", group, "--reason", "smaller", "-n", listed)[0] == 0
    [new] = json.loads(say(*issue)[1])["passes"]
    people = [json.loads(say("pass", "inspect", p["text"], "--json")[1])["people"] for p in (old, new)]
    assert people == [size, size - 1]
    assert json.loads(say(*leave)[1])["reissue"] == []

    status, out, _ = say("register", "balance", "-n", listed, "--json")
    made = json.loads(out)
    assert (status, made["holds"], made["heads"]) == (0, True, 23)
    assert sum(line["dead"] for line in made["classes"]) == 1
    assert "the roll balances" in say("register", "balance", "-n", listed)[1]

    file = tmp_path / "hand-over.json"
    hand = ("register", "hand-over", "--to", "Department of State", "--output", file, "-n", listed)
    status, out, _ = say(*hand, "--json")
    assert (status, json.loads(out)["cases"]) == (0, 23)
    text = say(*hand)[1]
    assert "evac hands 23 open cases over to Department of State, 2021-08-14T" in text
    assert json.loads(out)["digest"] in text
    status, out, _ = say("register", "check-hand-over", file, "-n", listed, "--json")
    assert (status, json.loads(out)["complete"]) == (0, True)
    assert "fit this roll" in say("register", "check-hand-over", file, "-n", listed)[1]
    status, out, _ = say("register", "check-hand-over", file, "-n", tmp_path / "cordon")
    assert status == 1
    assert "on this roll" in out


def test_a_roll_that_does_not_balance_ends_with_status_1(joined, listed, say):
    joined.open()
    with joined.evac.store.transaction() as tx:
        [group] = [g for g, *_ in tx.roll.groups([ROWS[0].split(",")[1]])]
        tx.roll.set_state([group], "departed", 1)  # nobody logged a departure
    joined.close()
    status, out, _ = say("register", "balance", "-n", listed)
    assert status == 1
    assert "the roll does not balance" in out
    assert "does not hold" in out


def test_who_departed_cannot_leave_and_a_wrong_call_is_one_line(joined, listed, say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "junk").write_bytes(b"\xff\x00{")
    person, group = ROWS[0].split(",")[:2]
    leave = ("register", "leave", person, "--reason", "x", "-n", listed)
    is_one_line(say(*leave, "--as", "gone"), "withdrawn or dead", "gone")
    is_one_line(say("register", "leave", "nobody", "--as", "dead", "--reason", "x", "-n", listed), "nobody")
    is_one_line(say("register", "check-hand-over", "junk", "-n", listed), "hand-over")
    is_one_line(say("register", "hand-over", "--to", " ", "--output", "out.json", "-n", listed), "hand-over.to")
    is_one_line(say("register", "hand-over", "--to", "x", "--output", "no/out.json", "-n", listed), "no/out.json")
    joined.open()
    with joined.evac.store.transaction() as tx:
        tx.roll.set_state([group], "departed", 1)
    joined.close()
    status, out, _ = say(*leave, "--as", "dead", "--json")
    assert (status, json.loads(out)["refused"]) == (1, "already-departed")


@pytest.mark.parametrize(
    ("command", "nothing"),
    [
        ("tally", "nobody was admitted yet"),
        ("conflicts", "no pass was used twice"),
        ("skipped", "every group at a gate was seen"),
        ("harm", "no beating or turning away was logged"),
    ],
)
def test_before_anything_is_reported_the_gate_commands_say_so(joined, say, tmp_path, command, nothing):
    status, out, _ = say("gate", command, "-n", tmp_path / "evac")
    assert status == 0
    assert nothing in out


@pytest.mark.seed("S-18", "S-20", "S-24")
def test_what_devices_reported_is_read_by_four_commands(joined, say, tmp_path):
    evac = tmp_path / "evac"
    joined.open()
    gate, outer = report(joined)
    joined.close()

    def told(command):
        status, out, _ = say("gate", command, "-n", evac, "--json")
        assert status == 0
        return json.loads(out), say("gate", command, "-n", evac)[1]

    tally, text = told("tally")
    assert {(x["point"], x["day"]) for x in tally["admitted"]} == {(gate, "2021-08-14")}
    assert gate in text
    conflicts, text = told("conflicts")
    assert [u["device"] for u in conflicts["conflicts"][0]["uses"]] == ["phone-1", "phone-2"]
    assert "used 2 times; which was first is not certain" in text
    skipped, text = told("skipped")
    assert [m["point"] for m in skipped["skipped"][0]["missing"]] == [outer]
    assert f"no record from {outer}, held by cordon, last heard never" in text
    harm, text = told("harm")
    assert [(x["kind"], x["times"]) for x in harm["harm"]] == [("assault", 1), ("turned-away", 2)]
    assert f"evac, {gate}: beatings: 1, 1 people" in text
    assert "no follow-up yet" in text


def report(world):
    """Let one pass in at two phones of a gate, and log one beating and two turnings away there."""
    groups = world.enlist()
    passes = {(p.group, p.point): p.raw for p in world.issue(groups)}
    publish_bundle(world.evac)
    gate = world.gates[0]
    phones = [Phone(world.evac, f"phone-{n}", gate) for n in (1, 2)]
    for phone in phones:
        phone.load(AT)
    world.move(START + 20 * HOUR)
    for number, phone in enumerate(phones):
        events = [phone.scan(passes[groups[0], gate], AT + 300 * number)[1]]
        if not number:
            events += [
                Event(kind, seq, None, None, gate, AT, 1, "", 1, 1)
                for seq, kind in enumerate(("assault", "turned-away", "turned-away"), start=2)
            ]
        receive_from_device(world.evac, phone.segment(events))
    return gate, world.outer[0]


@pytest.mark.seed("S-36")
def test_who_passed_a_gate_departs_by_the_command_once(joined, listed, say):
    group = ROWS[0].split(",")[1]
    size = sum(row.split(",")[1] == group for row in ROWS)
    joined.open()
    with joined.evac.store.transaction() as tx:
        tx.roll.set_state([group], "passed", AT)
    joined.close()
    told = [json.loads(say("register", "depart", "-n", listed, "--json")[1]) for _ in range(2)]
    assert told == [{"departed": size}, {"departed": 0}]
    assert json.loads(say("register", "balance", "-n", listed, "--json")[1])["holds"]
