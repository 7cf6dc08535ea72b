"""Nodes that were parted or killed: what was lost is found by ledger index and sent again, without a person."""

import threading
import time

import pytest

from exchange.operation import holds
from exchange.processes import Pair, until
from safeconduct.exchange.bundle_file import import_file  # noqa: F401  (loads what the nodes load, before clocks run)
from safeconduct.workflows.inventory import completeness

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("replay")]
WITHIN = 60.0  # seconds in which parted nodes must have converged


def agreed(operator):
    answer = operator.call("GET", "/api/agreement")
    return answer.json().get("state") if answer.status_code == 200 else None


def joined(base):
    pair = Pair(base, "push")
    pair.propose()
    until(lambda: agreed(pair.cordon), 60)
    pair.accept()
    until(lambda: agreed(pair.evac) == "open", 60)
    return pair


def settled(pair):
    """Stop both nodes and compare what they hold."""
    pair.stop()
    with pair.opened() as (evac, cordon):
        ours, theirs = holds(evac), holds(cordon)
        assert ours == theirs
        assert not ours["waiting"] and not ours["refused"]
        return ours, completeness(evac), completeness(cordon)


def test_two_nodes_parted_and_healed_converge_within_a_minute(tmp_path, record_property):
    pair = joined(tmp_path)
    try:
        pair.kill(pair.cordon_process)
        release = pair.warn_alone()
        for _ in range(5):
            pair.bundle()
        time.sleep(12)  # long enough for the pauses between tries to have grown
        pair.cordon_process.ensure()
        begun = time.monotonic()
        until(lambda: release in pair.cordon.call("GET", "/api/room").text, WITHIN)
        until(lambda: pair.evac.post("/api/exchange")["waiting"] == 0, WITHIN)
        took = time.monotonic() - begun
        record_property("seconds_to_converge", round(took, 2))
        print(f"converged in {took:.2f} s")
        assert took <= WITHIN
        ours, _, _ = settled(pair)
        assert len(ours["versions"]) == 1 and ours["newest bundle"][0] == 5
    finally:
        pair.stop()


def test_a_receiver_killed_again_and_again_under_load_loses_nothing(tmp_path):
    pair = joined(tmp_path)
    sent, done = [], threading.Event()

    def publish():
        while not done.is_set() and len(sent) < 60:
            sent.append(pair.bundle(advice=f"number {len(sent)}"))
            time.sleep(0.05)

    load = threading.Thread(target=publish)
    try:
        load.start()
        for _ in range(4):
            time.sleep(0.7)
            pair.kill(pair.cordon_process)
            pair.cordon_process.ensure()
        done.set()
        load.join(60)
        until(lambda: pair.evac.call("POST", "/api/exchange").json().get("waiting") == 0, WITHIN)
        pair.cordon.post("/api/exchange")
        pair.evac.post("/api/exchange")
        ours, there, here = settled(pair)
        assert ours["newest bundle"][0] == len(sent)
        assert there.complete and here.complete and not here.unstated
    finally:
        done.set()
        pair.stop()


def test_a_sender_killed_between_storing_and_sending_sends_after_its_restart(tmp_path):
    pair = joined(tmp_path)
    try:
        for _ in range(3):
            pair.bundle()
            pair.kill(pair.evac_process)
            pair.evac_process.ensure()
        until(lambda: pair.evac.call("POST", "/api/exchange").json().get("waiting") == 0, WITHIN)
        pair.cordon.post("/api/exchange")
        pair.evac.post("/api/exchange")
        ours, there, here = settled(pair)
        assert ours["newest bundle"][0] == 3 and there.complete and here.complete
    finally:
        pair.stop()
