"""The partner's commands: inbox, threat, and the ways to a partner that installs nothing."""

import json

import pytest

from scripts.one_line import is_one_line
from workflows.two_nodes import World
from workflows.warned_world import warn


@pytest.fixture
def warned(tmp_path):
    """A world with a warning that has crossed, closed, so that the commands can open its folders."""
    world = World(tmp_path)
    world.agree()
    warn(world)
    world.close()
    return world


@pytest.fixture
def at(say, warned):
    """Run a command on one party's node; return what it says, as data."""

    def run(party, *arguments):
        status, out, err = say(*arguments, "--node", warned.base / party, "--json")
        assert err == "", err
        return status, json.loads(out)

    return run


@pytest.mark.seed("S-03", "S-07")
def test_a_warning_is_listed_answered_given_to_a_point_and_reported_on(at, say, warned):
    status, inbox = at("cordon", "inbox", "list")
    assert (status, inbox["items"][0]["need"]) == (0, "answer")
    assert at("cordon", "inbox", "answer", warned.release, "accepted")[0] == 0
    status, again = at("cordon", "inbox", "answer", warned.release, "received")
    assert (status, again["refused"]) == (1, "already-answered")
    assert at("cordon", "inbox", "assign", warned.release, warned.outer[0])[0] == 0
    assert at("cordon", "inbox", "assign", warned.release, warned.gates[0])[1]["refused"] == "not-holder"
    assert at("cordon", "inbox", "did", warned.release, "search", "--point", warned.outer[0])[0] == 0
    assert at("cordon", "inbox", "outcome", warned.release, "nothing", "--harm", "one was bruised")[0] == 0
    shown = at("cordon", "inbox", "show", warned.release)[1]
    assert len(shown["answers"]) == 4 and len(shown["points"]) == 1
    text = say("inbox", "show", warned.release, "--node", warned.base / "cordon")[1]
    assert "harm was reported" in text and "bruised" not in text
    assert warned.release in say("inbox", "list", "--node", warned.base / "cordon")[1]
    assert "no warning has come in" in say("inbox", "list", "--node", warned.base / "evac")[1]


def test_what_is_wrong_is_one_line(say, warned):
    node = ("--node", warned.base / "cordon")
    is_one_line(say("inbox", "answer", warned.release, "declined", *node), "answer.reason")
    is_one_line(say("inbox", "show", "w-none", *node), "w-none")
    ours = ("--node", warned.base / "evac")
    is_one_line(say("release", "link", warned.release, "--hours", "99", *ours), "1 to 72")
    is_one_line(say("release", "heard", "111 1111", "--channel", "radio", "--stage", "received", *ours), "seven digits")
    is_one_line(say("release", "heard", warned.release, "--channel", "radio", *ours), "--stage or --result")
    is_one_line(say("threat", "place", "x", "X", "--at", "north", *ours), "latitude,longitude")
    is_one_line(say("threat", "place", "x", "X", "--near", "abbey", *ours), "control point=metres")


def test_a_link_is_made_listed_and_closed(at, warned):
    made = at("evac", "release", "link", warned.release, "--hours", "3")[1]
    assert made["link"].startswith("http://127.0.0.1:8400/l/")
    assert made["id"] not in made["link"]
    listed = at("evac", "release", "link", warned.release, "--list")[1]["links"]
    assert [one["state"] for one in listed] == ["open"]
    assert made["link"].rsplit("/", 1)[1] not in json.dumps(listed)
    assert at("evac", "release", "link", warned.release, "--revoke", made["id"])[0] == 0
    assert at("evac", "release", "link", warned.release, "--list")[1]["links"][0]["state"] == "revoked"
    assert at("evac", "release", "link", warned.release, "--revoke", "00")[1]["refused"] == "unknown-link"
    assert at("cordon", "release", "link", warned.release)[1]["refused"] == "unknown-release"


def test_a_warning_is_read_out_printed_and_its_answer_written_down(at, warned, tmp_path):
    told = at("evac", "release", "read-out", warned.release)[1]
    assert len(told["sentences"]) > 8
    printed = at("evac", "release", "sheet", warned.release, tmp_path / "sheet.pdf")[1]
    assert printed["number"] == told["number"]
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    how = ("--channel", "radio")
    assert at("evac", "release", "heard", told["number"], *how, "--stage", "accepted")[1]["release"] == warned.release
    assert at("evac", "release", "heard", told["number"], *how, "--result", "nothing", "--text", "all quiet")[0] == 0
    status, twice = at(
        "evac", "release", "heard", told["number"], *how, "--result", "nothing", "--confidence", "confirmed"
    )
    assert (status, twice["refused"]) == (1, "upgraded-silently")


@pytest.mark.seed("S-27", "S-29", "S-89")
def test_the_threat_level_crowds_and_places_by_command(at, say, warned):
    made = at("evac", "threat", "set", "high", "--advice", "small-groups", "--reasons", "two agree", "--publish")[1]
    assert (made["level"], made["bundle"]) == ("high", 1)
    until = "2021-08-26T20:00:00Z"
    at("evac", "threat", "set", "raised", "--advice", "look-around", "--reasons", "one fell away", "--until", until)
    assert [one["state"] for one in at("evac", "threat", "history")[1]["levels"]] == ["in force", "replaced"]
    gate = warned.gates[0]
    assert at("evac", "threat", "crowd", gate, "dense", "--by", "gate officer")[0] == 0
    assert at("evac", "threat", "crowd", "nowhere", "dense")[1]["refused"] == "unknown-point"
    lat, lon = (value / 1e6 for value in (34_558_600, 69_221_400))
    assert at("evac", "threat", "place", gate, "The gate", "--kind", "control-point", "--at", f"{lat},{lon}")[0] == 0
    at("evac", "threat", "place", "hotel", "Hotel", "--near", f"{gate}=300", "--user", "aid office")
    assert at("evac", "threat", "place", "y", "Y", "--near", "nowhere=3")[1]["refused"] == "unknown-point"
    assert at("evac", "threat", "told", "hotel", warned.release)[0] == 0
    assert at("evac", "threat", "told", "hotel", "w-none")[1]["refused"] == "unknown-release"
    assert at("evac", "threat", "publish")[1]["seq"] == 2
    text = say("threat", "show", "--node", warned.base / "evac")[1]
    for part in (
        "threat level: raised",
        "crowd dense",
        "Hotel, used by aid office",
        "told 2021",
        "guards read: [*] until",
    ):
        assert part in text, part
    assert "no level was set" in say("threat", "history", "--node", warned.base / "cordon")[1]
