"""Typed entries as a person types them, and over HTTP."""

import json
from dataclasses import replace

import pytest
from litestar.testing import TestClient

from safeconduct.agreements.kinds import KINDS
from safeconduct.cli.main import app
from safeconduct.cli.speak import in_one_line
from safeconduct.web.api.app import create_app
from safeconduct.wiring import start_node
from workflows.entry_samples import AT, ISO, as_json, fields_of
from workflows.two_nodes import SCENARIO


@pytest.fixture
def entry(joined, tmp_path, capfd):
    """Run `safeconduct entry` at the evacuating party; return the status, and what was said (JSON if it worked)."""

    def run(*arguments, as_json=True):
        given = ["entry", *map(str, arguments), *([] if arguments[0] == "kinds" else ["-n", str(tmp_path / "evac")])]
        with pytest.raises(SystemExit) as ended:
            in_one_line(lambda: app(given + ["--json"] * as_json, prog_name="safeconduct"))
        seen = capfd.readouterr()
        status = int(ended.value.code or 0)
        return status, (json.loads(seen.out) if as_json and not status else seen.out or seen.err)

    return run


def typed(kind, refers_to):
    for name, value in fields_of(kind, refers_to=refers_to).items():
        for one in value if isinstance(value, list) else [value]:
            yield from ("--field", f"{name}={one}")


def test_every_kind_is_typed_in_and_comes_back_as_it_was_said(entry):
    common = ("--source", "duty log, page 3", "--at", ISO)
    _, first = entry("add", "area-control", "--field", "area=the hills", "--field", "party=nobody", *common)
    [refers_to] = [one["id"] for one in first["entries"]]
    for kind in KINDS:
        status, made = entry("add", kind, *typed(kind, refers_to), *common)
        assert status == 0, made
        assert entry("add", kind, *typed(kind, refers_to), *common)[1] == made
        listed = entry("list", "--kind", kind)[1]["entries"]
        want = next(e for e in listed if e["id"] == made["entries"][0]["id"])["entry"]
        told = json.loads(as_json(kind, fields_of(kind, refers_to=refers_to)))
        times = {name for name, rule in KINDS[kind].fields.items() if rule.type == "time"}
        assert want == {**told, "fields": {**told["fields"], **dict.fromkeys(times, AT)}}
    assert entry("list", "--since", "2021-08-21")[1]["entries"] == []


def test_each_kind_is_explained_with_the_fields_that_may_be_left_out(entry):
    told = {one["name"]: one for one in entry("kinds")[1]["kinds"]}
    assert set(told) == set(KINDS)
    assert told["bags-carried"]["either"] == ["count", "hedge"]
    page = entry("kinds", as_json=False)[1]
    assert "group          id (optional)" in page
    assert "asked or confirmed or closed" in page


def test_file_of_entries_is_recorded_and_listed_for_people(entry):
    made = entry("add", "--file", SCENARIO / "entries.json")[1]["entries"]
    assert len(made) > 15
    page = entry("list", "--kind", "bags-carried", as_json=False)[1]
    assert page.startswith("2021-08-30T19:00:00Z  bags-carried  by: cordon; ")
    assert 'line 7 ("carried bags")' in page


def test_what_is_due_is_told_and_gone_when_closed(entry):
    route = ("--field", "route=r1", "--field", "by=cordon", "--field", "until=2021-08-14T00:30:00Z", "--source", "call")
    asked = entry("add", "route-cleared", "--field", "state=asked", *route, "--at", "2021-08-14T00:00:00Z")[1]
    found = entry("due")[1]["due"]
    assert [(one["what"], one["entry"]) for one in found] == [("route-lapsed", asked["entries"][0]["id"])]
    assert "route r1: nobody confirmed the clearance" in entry("due", as_json=False)[1]
    entry("add", "route-cleared", "--field", "state=closed", *route)
    assert entry("due", as_json=False) == (0, "nothing is due\n")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["area-control", "--field", "area=x", "--field", "party=y"], "area-control.source"),
        (["area-control", "--field", "area=x", "--source", "log"], "area-control.party"),
        (["area-control", "--field", "area", "--source", "log"], "--field: expected name=value"),
        (["weather", "--source", "log"], "one of area-control"),
        (["area-control", "--field", "area=x", "--field", "party=y", "--source", "s", "--at", "noon"], "control.at"),
        (["disclosure", "--field", f"discloses={'0' * 32}", "--field", "by=a", "--field", "where=b", "--source", "s"],
         "the id of a recorded entry"),
        ([], "a kind, or --file"),
        (["area-control", "--file", "entries.json"], "a kind, or --file"),
    ],
)  # fmt: skip
def test_bad_entry_is_one_line_that_says_where(entry, arguments, part):
    status, said = entry("add", *arguments, as_json=False)
    assert (status, said.count("\n")) == (2, 1)
    assert said.startswith("safeconduct: ")
    assert part in said


def test_entries_over_http_are_recorded_listed_and_asked_for_by_operators_only(joined):
    good = as_json("area-control", {"area": "the hills", "party": "nobody"})
    running = start_node(joined.evac_config)
    with TestClient(create_app(running)) as client:
        made = client.post("/api/entries", content=b"[" + good + b"]")
        assert made.status_code == 200
        again = client.post("/api/entries", content=good)
        assert again.json() == made.json()
        told = client.get("/api/entries?kind=area-control&since=2021-08-20").json()
        assert [one["id"] for one in told["entries"]] == [made.json()["entries"][0]["id"]]
        assert (told["due"], told["days_without_contact"]) == ([], [])
        bad = client.post("/api/entries", content=good.replace(b"duty log, page 3", b""))
        assert (bad.status_code, bad.json()["error"]) == (400, "bad-field")
    running = start_node(replace(joined.evac_config, sign_in=True))
    with TestClient(create_app(running)) as client:
        assert client.get("/api/entries").status_code == 401
        assert client.post("/api/entries", content=good).status_code == 401
