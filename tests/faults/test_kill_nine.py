"""Killed with -9 in the middle, nodes or the whole replay: what was committed goes on, and the summary balances."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

SCENARIO = Path(__file__).parents[2] / "scenarios" / "kabul-2021"
PEOPLE = 300
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("replay")]


def start(folder):
    """Start a replay at full speed; its output goes to files beside the folder."""
    command = [sys.executable, "-m", "safeconduct.cli", "replay", "--people", str(PEOPLE), "--fast", "--json"]
    command += ["--scenario", str(SCENARIO), "--folder", str(folder)]
    with folder.with_suffix(".out").open("wb") as out, folder.with_suffix(".err").open("wb") as err:
        return subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, start_new_session=True)


def finish(process, folder):
    assert process.wait(timeout=180) == 0, folder.with_suffix(".err").read_text()
    return json.loads(folder.with_suffix(".out").read_text().strip().splitlines()[-1])


def node_pids(folder):
    """Processes, workers included, that serve a node below the folder, as /proc shows them."""
    roots = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and f"{folder}/".encode() in (line := (entry / "cmdline").read_bytes()):
                roots += [int(entry.name)] if b"\x00node\x00run\x00" in line else []
    found = []
    while roots:
        pid = roots.pop()
        found.append(pid)
        with suppress(OSError):
            roots += [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return found


def kill(pids):
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def days_done(folder):
    import sqlite3  # noqa: PLC0415

    with suppress(sqlite3.Error):
        db = sqlite3.connect(f"file:{folder / 'devices.db'}?mode=ro", uri=True, timeout=5)
        try:
            return db.execute("SELECT count(*) FROM fact WHERE key LIKE 'done/%'").fetchone()[0]
        finally:
            db.close()
    return 0


def wait_for_days(process, folder, days):
    until = time.monotonic() + 120
    while days_done(folder) < days:
        assert process.poll() is None, folder.with_suffix(".err").read_text()
        assert time.monotonic() < until
        time.sleep(0.02)


def assert_balances(summary):
    assert summary["people"] == PEOPLE
    assert summary["balances"] is True
    assert summary["bad_passes_admitted"] == 0
    assert summary["duplicates_found"] == summary["duplicates_planted"]
    assert summary["withheld_values_found_at_partner"] == 0
    assert summary["departed"] + summary["still_waiting"] == summary["people"]
    assert (summary["releases"], summary["acknowledged"], summary["outcomes"]) == (1, 1, 1)
    assert summary["heads_cosigned"] == 2
    assert summary["evidence_verified"] == 1


def test_both_nodes_killed_in_the_middle_are_started_again_and_the_summary_balances(tmp_path):
    folder = tmp_path / "replay"
    process = start(folder)
    try:
        for days in (2, 7):
            wait_for_days(process, folder, days)
            pids = node_pids(folder)
            assert len(pids) >= 2
            kill(pids)
        assert_balances(finish(process, folder))
    finally:
        kill([process.pid, *node_pids(folder)])


def test_a_replay_killed_as_a_whole_goes_on_from_what_was_committed(tmp_path):
    folder = tmp_path / "replay"
    process = start(folder)
    try:
        for days in (3, 11):
            wait_for_days(process, folder, days)
            kill([process.pid, *node_pids(folder)])
            process.wait(timeout=20)
            kill(node_pids(folder))
            assert days_done(folder) >= days
            process = start(folder)
        assert_balances(finish(process, folder))
    finally:
        kill([process.pid, *node_pids(folder)])
