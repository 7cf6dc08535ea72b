"""Two nodes as two processes on loopback, as people run them, with whatever way their envelopes travel."""

import json
import os
import signal
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from safeconduct.config import CONFIG_NAME, load_config
from safeconduct.replay import processes
from safeconduct.replay.client import Operator
from safeconduct.replay.processes import prepare
from safeconduct.replay.scenario import agreement_document, load
from safeconduct.wiring import close_node, open_node

SCENARIO = Path(__file__).parents[2] / "scenarios" / "kabul-2021"
PARTIES = (("evac", "Evacuating party"), ("cordon", "Cordon party"))
START = 1628902800
processes.START_SECONDS = 90.0  # several tests at once on a small machine


class Pair:
    """Both operators, and what they do."""

    def __init__(self, base, transport):
        self.base = base
        self.evac_process, self.cordon_process = prepare(base, PARTIES)
        for process in self.processes:
            file = process.folder / CONFIG_NAME
            text = file.read_text().replace('transport = "push"', f'transport = "{transport}"')
            file.write_text(text)
            process.config = load_config(process.folder)
            assert process.config.transport == transport
        for process in self.processes:
            process.ensure()
        self.evac, self.cordon = Operator(self.evac_process), Operator(self.cordon_process)
        self.scenario = load(SCENARIO)
        cards = [one.get("/api/card") for one in (self.evac, self.cordon)]
        for one, card in zip((self.evac, self.cordon), cards[::-1], strict=True):
            one.move_clock(START)
            one.post("/api/parties", card)
        self.roots = {card["party"]: card["root_public"] for card in cards}

    @property
    def processes(self):
        return self.evac_process, self.cordon_process

    def propose(self):
        self.evac.post("/api/agreement/propose", raw=agreement_document(self.scenario, self.roots))

    def accept(self):
        self.cordon.post("/api/agreement/accept/1")

    def warn(self):
        self.cordon.move_clock(json.loads(self.scenario.report)["entered_at"] + 600)
        return self.warn_alone()

    def warn_alone(self):
        """Release a warning while the other node may be away."""
        report = json.loads(self.scenario.report)
        self.evac.move_clock(report["entered_at"] + 600)
        self.evac.post("/api/reports", raw=self.scenario.report)
        made = self.evac.post("/api/releases", {"report": report["id"], "policy": json.loads(self.scenario.policy),
                                               "purpose": "protect-people"})  # fmt: skip
        self.release = made["release"]
        return self.release

    def acknowledge(self, stage="received"):
        now = json.loads(self.scenario.report)["entered_at"] + 660
        self.cordon.move_clock(now)
        self.cordon.post("/api/answers", {"type": "acknowledgement", "release_id": self.release, "stage": stage,
                                          "reason": None, "by": "cordon", "at": now, "signed": True, "corrects": False})  # fmt: skip

    def bundle(self, **options):
        return self.evac.post("/api/bundle", {"advice": "", **options})

    def kill(self, process):
        """Kill -9 a node and its workers."""
        with suppress(ProcessLookupError):
            os.killpg(process.process.pid, signal.SIGKILL)
        process.process.wait(10)
        process.process = None

    def stop(self):
        for process in self.processes:
            process.stop()

    @contextmanager
    def opened(self):
        """Both nodes' stores, in this process; the nodes must be stopped."""
        nodes = [open_node(process.config) for process in self.processes]
        try:
            yield nodes
        finally:
            for node in nodes:
                close_node(node)


def until(condition, seconds):
    """Wait until something holds; return the seconds that it took."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - begun
