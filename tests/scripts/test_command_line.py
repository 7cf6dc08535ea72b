"""The command line as a person meets it: init to the gate; bad input and a broken node are one line and status 2."""

import json
import sqlite3
from contextlib import closing

import click
import pytest
import typer

from safeconduct.cli.main import app
from safeconduct.replay.people import generate
from safeconduct.storage import connections
from safeconduct.workflows.publish_bundle import publish_bundle
from scripts.one_line import is_one_line
from workflows.two_nodes import SCENARIO

HEADER, *ROWS = generate(24, 7).decode().splitlines()


@pytest.fixture
def node(tmp_path, say):
    folder = tmp_path / "north"
    status, out, _ = say("init", folder, "--party", "north", "--name", "North office", "--exercise", "--json")
    assert status == 0
    assert len(json.loads(out)["token"]) == 48
    return folder


# -- the chain ---------------------------------------------------------------------------------------------------


def test_from_a_new_node_to_the_decision_at_a_gate(joined, say, tmp_path):
    evac = tmp_path / "evac"
    (tmp_path / "roll.csv").write_text("\n".join([HEADER, *ROWS]) + "\n")
    status, out, _ = say("register", "import", tmp_path / "roll.csv", "-n", evac, "--json")
    assert (status, json.loads(out)["people"]) == (0, 24)
    group = ROWS[0].split(",")[1]
    plan = f"group_id,point,not_before,minutes,words\n{group},{joined.gates[0]},2021-08-14T03:00:00Z,120,yes\n"
    (tmp_path / "plan.csv").write_text(plan)
    issue = ("pass", "issue", tmp_path / "plan.csv", "--purpose", "complete-evacuation", "-n", evac, "--json")
    status, out, _ = say(*issue)
    assert status == 0
    [made] = json.loads(out)["passes"]
    assert json.loads(say(*issue)[1])["passes"] == [made]
    joined.open()
    publish_bundle(joined.evac)
    with joined.evac.store.reading() as tx:
        (tmp_path / "bundle").write_bytes(tx.passes.bundle()[1])
    root = joined.evac.card.root_public
    joined.close()
    at = ("--point", joined.gates[0], "--at", "2021-08-14T03:30:00Z", "--json")
    device = ("--bundle", tmp_path / "bundle", "--root", root, "--agreement", "kabul-2021")
    for words, admit, reason in ((None, False, "binding-needed"), (made["words"], True, "ok")):
        told = ("--words", words) if words else ()
        status, out, _ = say("scan", made["text"], *device, *at, *told)
        assert (status, json.loads(out)["admit"], json.loads(out)["reason"]) == (0 if admit else 1, admit, reason)
        status, out, _ = say("pass", "verify", made["text"], "-n", evac, *at, *told)
        assert (status, json.loads(out)["admit"]) == (0 if admit else 1, admit)
    assert json.loads(say("pass", "inspect", made["text"], "--json")[1])["binding"] == "words"
    status, out, _ = say("pass", "revoke", group, "--reason", "reported lost", "-n", evac, "--json")
    assert (status, json.loads(out)) == (0, {"revoked": 1, "bundle": 2})
    assert say("pass", "verify", made["text"], "-n", evac, *at, "--words", made["words"])[0] == 1
    assert json.loads(say("node", "status", "-n", evac, "--json")[1])["agreement"] == "open"
    assert json.loads(say("ledger", "head", "-n", evac, "--json")[1])["size"] > 5


def test_claims_and_reports_are_entered_and_read_back(joined, say, tmp_path):
    evac = tmp_path / "evac"
    assert json.loads(say("incident", "add", SCENARIO / "claims.json", "-n", evac, "--json")[1])["claims"] > 40
    account = ("incident", "account", "gate-attack", "-n", evac, "--json")
    assert say(*account, "--known-at", "2021-08-27")[1] != say(*account)[1]
    for no_day in ("2021-08-32", "yesterday", "2021-08-26/2021-08-27", ""):
        is_one_line(say(*account, "--known-at", no_day), "known_at", "2021-08-27")
    assert json.loads(say("report", "add", SCENARIO / "report.json", "-n", evac, "--json")[1])["report"]
    assert json.loads(say("agreement", "show", "-n", evac, "--json")[1])["state"] == "open"


@pytest.mark.seed("S-44", "S-97", "S-98", "S-101", "S-102", "S-103")
def test_an_account_prints_its_cases_and_what_does_not_fit(joined, say, tmp_path):
    evac = tmp_path / "evac"
    assert say("incident", "add", SCENARIO / "claims.json", "-n", evac)[0] == 0
    told = {
        name: say("incident", "account", name, "-n", evac)[1] for name in ("airlift", "strike-29-august", "gate-attack")
    }
    assert "does not fit: 2021-08-25 people out since 14 August: total about 82,300 is 4,600 above" in told["airlift"]
    assert "case against Evacuating party: open" in told["strike-29-august"]
    assert "payment explored, which is no offer; nothing paid" in told["strike-29-august"]
    assert "2021-09-17  harm acknowledged by defence department [d-rev: stands]" in told["strike-29-august"]
    assert "closed by national security council, reported by broadcaster; unconfirmed: " in told["gate-attack"]
    seen = json.loads(say("incident", "account", "strike-29-august", "-n", evac, "--json")[1])
    [case] = seen["cases"]
    assert (case["acknowledged_on"], case["amends"][0]["paid"], case["open"]) == ("2021-09-17", False, True)
    early = ("incident", "account", "strike-29-august", "-n", evac, "--known-at", "2021-09-16")
    assert "acknowledged" not in say(*early)[1]


@pytest.mark.seed("S-62", "S-58", "S-16", "S-55", "S-75", "S-02")
def test_an_agreement_is_suspended_renewed_followed_and_closed_by_commands(joined, say, tmp_path):
    evac, cordon = ("-n", tmp_path / "evac"), ("-n", tmp_path / "cordon")

    def settle():
        joined.open()
        joined.settle()
        joined.close()

    def shown(where):
        return json.loads(say("agreement", "show", *where, "--json")[1])

    assert json.loads(say("agreement", "renew", *evac, "--json")[1])["refused"] == "not-suspended"
    made = json.loads(say("agreement", "breach", "--text", "a convoy was held up", *evac, "--json")[1])
    assert made["state"] == "suspended"
    settle()
    (tmp_path / "plan.csv").write_text("group_id,point,not_before,minutes,words\n")
    issue = ("pass", "issue", tmp_path / "plan.csv", "--purpose", "complete-evacuation", *evac, "--json")
    status, out, _ = say(*issue)
    assert (status, json.loads(out)["refused"]) == (1, "agreement-suspended")
    assert json.loads(say("node", "status", *cordon, "--json")[1])["agreement"] == "suspended"
    assert "is suspended" in say("agreement", "renew", *cordon)[1]
    settle()
    assert "is open" in say("agreement", "renew", *evac)[1]
    settle()
    told = ("agreement", "term", "search", "told", "--text", "search after a warning", *evac, "--json")
    assert say(*told) == say(*told)
    crossed = json.loads(say("ledger", "crossings", "--since", "2021-08-14", "--partner", "cordon", *evac, "--json")[1])
    kinds = [(one["kind"], one["direction"]) for one in crossed["crossings"]]
    agreed = [("agreement", "out"), ("agreement", "in")]
    assert kinds == [*agreed, ("state", "out"), ("state", "in"), ("state", "out"), ("term", "out")]
    assert "to   cordon  term  entry" in say("ledger", "crossings", "--since", "2021-08-14", *evac)[1]
    assert "nothing has crossed" in say("ledger", "crossings", "--since", "2021-09-14", *evac)[1]
    text = say("agreement", "show", *evac)[1]
    for part in (
        "told to Cordon party",
        "never told to Evacuating party",
        "on condition: if it is possible",
        "disagree",
    ):
        assert part in text
    assert json.loads(say("agreement", "close", *evac, "--json")[1])["state"] == "closed"
    settle()
    assert [shown(where)["state"] for where in (evac, cordon)] == ["closed", "closed"]
    assert [e["kind"] for e in shown(cordon)["events"]] == ["breach", "renewal", "renewal", "last-departure"]


@pytest.mark.seed("S-09")
def test_an_outside_remark_on_a_release_is_kept_beside_our_own_by_commands(joined, say, tmp_path):
    evac = ("-n", tmp_path / "evac")
    joined.open()
    joined.move(json.loads(joined.scenario.report)["entered_at"] + 600)
    joined.close()
    say("report", "add", SCENARIO / "report.json", *evac)
    report = json.loads(joined.scenario.report)["id"]
    derive = ("release", "derive", report, "--policy", SCENARIO / "policy.json", "--purpose", "protect-people")
    release = json.loads(say(*derive, *evac, "--json")[1])["release"]
    unnamed = ("--unnamed", "two officials", "--hedge", "may have averted some")
    assert say("release", "outcome", release, "thwarted", *unnamed, *evac)[0] == 0
    assert say("release", "outcome", release, "nothing", "--confidence", "believed", *evac)[0] == 0
    assert say("release", "acknowledge", release, "received", "--reported", *evac)[0] == 0
    shown = json.loads(say("release", "show", release, *evac, "--json")[1])
    assert {one["whose"]: one["lines"] for one in shown["assessments"]} == {
        "our own view": ["believed by Evacuating party: nothing"],
        "somebody unnamed": ["thought by two officials (unnamed): thwarted, may have averted some"],
    }
    assert "reached the partner" in shown["lead"]
    assert "reported by our liaison, unsigned" in say("release", "show", release, *evac)[1]


def commands():
    """Every command with its path."""

    def walk(command, path):
        if isinstance(command, click.Group) or hasattr(command, "commands"):
            for name, inner in command.commands.items():
                yield from walk(inner, (*path, name))
        else:
            yield pytest.param(command, id=" ".join(path))

    return list(walk(typer.main.get_command(app), ()))


@pytest.mark.parametrize("command", [c for c in commands() if c.id != "node run"])
def test_every_command_has_json_and_says_what_it_does(command):
    assert "--json" in {name for option in command.params for name in option.opts}
    assert command.help


# -- bad rolls ---------------------------------------------------------------------------------------------------


def with_cell(row, column, value):
    cells = ROWS[row].split(",")
    cells[HEADER.split(",").index(column)] = value
    lines = [*ROWS]
    lines[row] = ",".join(cells)
    return "\n".join([HEADER, *lines, ""]).encode()


@pytest.mark.seed("S-34", "S-42")
@pytest.mark.parametrize(
    ("data", "parts"),
    [
        ("\n".join([HEADER.replace("birth_date,", ""), *ROWS]).encode(), ("row 1", "column birth_date")),
        (with_cell(3, "birth_date", "1999-02-30"), ("row 5", "column birth_date", "1999-02-30")),
        (with_cell(3, "birth_date", "12/08/1999"), ("row 5", "column birth_date")),
        (with_cell(9, "person_id", ROWS[0].split(",")[0]), ("row 11", "column person_id", ROWS[0].split(",")[0])),
        (with_cell(2, "given_name", "Zoë").decode().encode("latin-1"), ("row 4", "UTF-8")),
        ("\n".join([HEADER, *ROWS]).encode("utf-16"), ("row 1", "UTF-8")),
        (with_cell(4, "family_name", "x" * (10 << 20)), ("row 6",)),
        (with_cell(4, "family_name", '=HYPERLINK("x")'), ("row 6", "column family_name")),
        (with_cell(4, "family_name", "@SUM(1)"), ("row 6", "column family_name")),
        (with_cell(4, "family_name", "a\x00b"), ("row 6",)),
        (b"", ("roll.csv",)),
    ],
    ids=["column", "date", "date-form", "duplicate", "latin-1", "utf-16", "10-MB", "formula", "at-sign", "nul", "empty"],
)  # fmt: skip
def test_a_bad_roll_is_one_line_with_file_row_and_column_and_nothing_is_imported(node, say, tmp_path, data, parts):
    (tmp_path / "roll.csv").write_bytes(data)
    is_one_line(say("register", "import", tmp_path / "roll.csv", "-n", node), "roll.csv", *parts)
    state = json.loads(say("node", "status", "-n", node, "--json")[1])
    assert (state["people"], state["ledger"]) == (0, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ("register", "import", "missing.csv"),
        ("agreement", "propose", "junk"),
        ("agreement", "accept", "7"),
        ("agreement", "show"),
        ("node", "trust", "junk"),
        ("node", "trust", "list.json"),
        ("node", "trust", "card.json"),
        ("node", "certify"),
        ("report", "add", "junk"),
        ("incident", "add", "junk"),
        ("incident", "account", "nothing"),
        ("release", "show", "nothing"),
        ("release", "derive", "nothing", "--policy", "junk", "--purpose", "x"),
        ("release", "acknowledge", "nothing", "received"),
        ("ledger", "evidence", "99", "out.txt"),
        ("ledger", "crossings", "--since", "yesterday"),
        ("ledger", "crossings", "--since", "2021-08-14", "--partner", "stranger"),
        ("agreement", "breach", "--text", "what happened"),
        ("agreement", "term", "search", "told", "--text", "x"),
        ("agreement", "term", "search", "told", "--text", "x", "--at", "noon"),
        ("pass", "issue", "junk", "--purpose", "x"),
        ("pass", "verify", "SC1:AAAA", "--point", "gate"),
    ],
    ids=" ".join,
)
def test_bad_input_to_any_command_is_one_line(node, say, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "junk").write_bytes(b"\xff\x00{")
    (tmp_path / "list.json").write_text("[1]")
    fields = ("party", "name", "root_public", "log_vkey", "witness_vkey", "age_recipient")
    (tmp_path / "card.json").write_text(json.dumps(dict.fromkeys(fields, "x")))
    is_one_line(say(*arguments, "-n", node))


@pytest.mark.parametrize("text", ["", "SC1:", "SC1:%%%", "x" * 5_000, "SC1:" + "0" * 144])
def test_a_text_that_is_no_pass_is_one_line(say, text):
    is_one_line(say("pass", "inspect", text))


# -- a node that cannot be used ----------------------------------------------------------------------------------


def test_a_folder_without_a_node_is_one_line(say, tmp_path):
    is_one_line(say("node", "status", "-n", tmp_path), "no node here")


def test_a_missing_database_is_one_line(node, say):
    (node / "data" / "node.db").unlink()
    is_one_line(say("node", "status", "-n", node), "missing")
    assert not (node / "data" / "node.db").exists()


def test_missing_keys_are_one_line(node, say):
    (node / "data" / "keys" / "online.key").unlink()
    is_one_line(say("node", "status", "-n", node), "keys are missing")


def test_damaged_keys_are_one_line(node, say):
    (node / "data" / "keys" / "online.key").write_bytes(b"\x00damaged")
    is_one_line(say("node", "status", "-n", node))


def test_a_file_that_is_no_database_is_one_line(node, say):
    (node / "data" / "node.db").write_bytes(b"this is no database " * 100)
    is_one_line(say("node", "status", "-n", node), "node.db")


@pytest.mark.parametrize("lock", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_a_locked_database_is_one_line_and_works_again_afterwards(node, say, monkeypatch, tmp_path, lock):
    monkeypatch.setattr(connections, "BUSY_MS", 50)
    (tmp_path / "roll.csv").write_text("\n".join([HEADER, *ROWS]) + "\n")
    command = ("register", "import", tmp_path / "roll.csv", "-n", node, "--json")
    with closing(sqlite3.connect(node / "data" / "node.db", isolation_level=None)) as other:
        other.execute(lock)
        is_one_line(say(*command), "another program holds it")
        other.execute("ROLLBACK")
    assert say(*command)[0] == 0


def test_a_database_that_another_program_keeps_to_itself_is_one_line(node, say, monkeypatch):
    monkeypatch.setattr(connections, "BUSY_MS", 50)
    with closing(sqlite3.connect(node / "data" / "node.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("PRAGMA user_version=1")
        is_one_line(say("node", "status", "-n", node), "another program holds it")
        other.execute("ROLLBACK")


def test_a_newer_schema_is_one_line(node, say):
    with closing(sqlite3.connect(node / "data" / "node.db")) as db:
        db.execute("PRAGMA user_version=99")
    is_one_line(say("node", "status", "-n", node), "newer safeconduct", "99")
    status, _, err = say("node", "run", "-n", node)
    assert (status, err.count("\n")) == (2, 1)


def test_a_copy_that_was_rolled_back_is_one_line(node, say, tmp_path):
    older = (node / "data" / "node.db").read_bytes()
    (tmp_path / "roll.csv").write_text("\n".join([HEADER, *ROWS]) + "\n")
    assert say("register", "import", tmp_path / "roll.csv", "-n", node)[0] == 0
    for name in ("node.db-wal", "node.db-shm"):
        (node / "data" / name).unlink(missing_ok=True)
    (node / "data" / "node.db").write_bytes(older)
    is_one_line(say("node", "status", "-n", node), "an older copy was restored")


def test_a_second_init_in_the_same_folder_is_one_line(node, say):
    is_one_line(say("init", node, "--party", "north", "--name", "North", "--exercise"), "without a node")
