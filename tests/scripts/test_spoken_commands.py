"""Spoken passes by the command line: words in one file, decisions on a line of standard input, and a kill in between."""

import csv
import io
import json
import os
import signal
import stat
import subprocess
import sys
import time

import pytest
from pypdf import PdfReader

from safeconduct.replay.people import generate
from scripts.one_line import is_one_line

AT = "2021-08-14T04:00:00Z"


def people(count):
    return generate(count, 7).decode()


def plan_of(roll, gate):
    groups = sorted({row.split(",")[1] for row in roll.splitlines()[1:]})
    rows = "".join(f"{group},{gate},2021-08-14T03:00:00Z,480\n" for group in groups)
    return groups, f"group_id,point,not_before,minutes\n{rows}"


@pytest.fixture
def planned(joined, say, tmp_path):
    """A node with a roll and a plan for its gate: the arguments that issue by it, and the groups."""
    roll = people(24)
    (tmp_path / "roll.csv").write_text(roll)
    assert say("register", "import", tmp_path / "roll.csv", "-n", tmp_path / "evac")[0] == 0
    groups, plan = plan_of(roll, joined.gates[0])
    (tmp_path / "plan.csv").write_text(plan)
    return command(tmp_path), groups


def command(folder):
    return (
        "pass", "issue-spoken", folder / "plan.csv", "--purpose", "complete-evacuation", "--out", folder / "words.csv",
        "-n", folder / "evac",
    )  # fmt: skip


def told(folder):
    return list(csv.DictReader((folder / "words.csv").open(encoding="utf-8")))


@pytest.mark.seed("S-11")
def test_words_are_told_once_into_one_file_and_a_line_of_them_is_decided(joined, planned, say, tmp_path, monkeypatch):
    issue, groups = planned
    status, out, err = say(*issue, "--json")
    made = json.loads(out)
    assert (status, made["issued"], made["standing"], made["voided"]) == (0, len(groups), 0, 0)
    assert "s each: about" in err
    rows = told(tmp_path)
    assert [row["group"] for row in rows] == groups
    assert all(len(row["words"].split()) == len(row["numbers"].split()) == 6 for row in rows)
    assert stat.S_IMODE((tmp_path / "words.csv").stat().st_mode) == 0o600
    node, gate = tmp_path / "evac", joined.gates[0]
    for line, admits in ((rows[0]["words"], True), (rows[1]["numbers"], True), ("zoo " * 6, False)):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n"))
        status, out, _ = say("pass", "verify", "-", "--point", gate, "--at", AT, "-n", node, "--json")
        assert (status, json.loads(out)["admit"]) == (0 if admits else 1, admits)
    bundle = tmp_path / "bundle"
    joined.open()
    with joined.evac.store.reading() as tx:
        bundle.write_bytes(tx.passes.bundle()[1])
    root = joined.evac.card.root_public
    joined.close()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{rows[2]['words']}\n"))
    scan = ("scan", "-", "--bundle", bundle, "--root", root, "--agreement", "kabul-2021", "--point", gate, "--at", AT)
    status, out, _ = say(*scan, "--json")
    assert (status, json.loads(out)["people"]) == (0, int(rows[2]["people"]))


@pytest.mark.parametrize("language", ["en", "ps", "ar"])
def test_words_are_printed_a_sheet_for_each_group_and_void_ones_are_left_out(planned, say, tmp_path, language):
    issue, groups = planned
    assert say(*issue)[0] == 0
    node = tmp_path / "evac"
    assert say("pass", "revoke", groups[0], "--reason", "lost", "-n", node)[0] == 0
    sheets = ("pass", "spoken-sheets", tmp_path / "words.csv", "-n", node, "--language", language)
    sheets += ("--time-zone", "Asia/Kabul", "-o", tmp_path / "sheets.pdf")
    made = json.loads(say(*sheets, "--json")[1])
    assert (made["groups"], made["void"]) == (len(groups) - 1, 1)
    pdf = (tmp_path / "sheets.pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") == len(groups) - 1
    zero = {"en": 0x30, "ps": 0x6F0, "ar": 0x660}[language]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for row in told(tmp_path)[1:]:
        for number in row["numbers"].split():
            assert number.translate({0x30 + d: zero + d for d in range(10)}) in text, "highest digit first"
    is_one_line(say(*[*sheets[:2], tmp_path / "roll.csv", *sheets[3:]]), "another file")
    is_one_line(say(*sheets, "--language", "tlh"), "one of")


def test_again_voids_the_former_and_without_it_lost_words_stay_lost(joined, planned, say, tmp_path):
    issue, groups = planned
    assert say(*issue)[0] == 0
    first = told(tmp_path)
    assert say(*issue)[1].startswith("0 spoken passes issued")
    assert told(tmp_path) == first, "the same command takes over what is in the file"
    (tmp_path / "words.csv").unlink()
    status, out, _ = say(*issue)
    assert (status, told(tmp_path)) == (0, [])
    assert f"{len(groups)} stand from before" in out
    made = json.loads(say(*issue, "--again", "--json")[1])
    assert (made["issued"], made["voided"]) == (len(groups), len(groups))
    assert not {row["words"] for row in first} & {row["words"] for row in told(tmp_path)}


def test_a_wrong_call_is_one_line_and_leaves_another_file_alone(planned, say, tmp_path):
    issue, _ = planned
    (tmp_path / "words.csv").write_text("somebody's notes\n")
    is_one_line(say(*issue), "another file")
    assert (tmp_path / "words.csv").read_text() == "somebody's notes\n"
    (tmp_path / "words.csv").unlink()
    here = list(issue)
    here[here.index("--out") + 1] = tmp_path / "nowhere" / "words.csv"
    is_one_line(say(*here), "nowhere")
    here = list(issue)
    here[here.index("--purpose") + 1] = "revenge"
    status, out, _ = say(*here)
    assert (status, out.startswith("refused:")) == (1, True)


@pytest.mark.slow
def test_killed_in_the_middle_the_same_command_goes_on_and_every_word_in_the_file_opens(joined, say, tmp_path):
    roll = people(600)
    (tmp_path / "roll.csv").write_text(roll)
    assert say("register", "import", tmp_path / "roll.csv", "-n", tmp_path / "evac")[0] == 0
    groups, plan = plan_of(roll, joined.gates[0])
    (tmp_path / "plan.csv").write_text(plan)
    run = [sys.executable, "-m", "safeconduct.cli", *map(str, command(tmp_path)), "--json"]
    kills = 0
    while True:
        before = (tmp_path / "words.csv").stat().st_size if (tmp_path / "words.csv").exists() else 0
        process = subprocess.Popen(
            run, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": "src"}
        )
        until = time.monotonic() + 120
        while kills < 2 and process.poll() is None and time.monotonic() < until:
            size = (tmp_path / "words.csv").stat().st_size if (tmp_path / "words.csv").exists() else 0
            if size > before + 3_000:
                process.send_signal(signal.SIGKILL)
                kills += 1
                break
            time.sleep(0.005)
        out, _ = process.communicate(timeout=120)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
    made, rows = json.loads(out), told(tmp_path)
    assert kills == 2
    assert 0 < made["issued"] < len(groups)
    assert (made["untold"], sorted(row["group"] for row in rows)) == (0, groups)
    joined.open()
    from safeconduct.workflows.try_pass import try_pass  # noqa: PLC0415

    at = 1_628_913_600  # 2021-08-14T04:00Z
    shown = joined.evac.parallel(lambda row: try_pass(joined.evac, row["words"], joined.gates[0], at=at), rows)
    assert all(view.admit for view in shown)
    assert joined.count(joined.evac, "passes") == len(groups)
    joined.close()
