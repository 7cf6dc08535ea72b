"""Two nodes with an agreement in force, and a warning that crossed between them."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from safeconduct.errors import Refusal
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.release_warning import release_warning
from workflows.two_nodes import PROTECT, World


@dataclass
class Warned:
    """The two nodes, and the release that the owner sent."""

    world: World
    report: str
    release: str
    wires: list[bytes]  # what was on its way to the partner, as the courier saw it

    def say(self, **fields: Any):
        """An answer of the partner, recorded on its own node."""
        given = {"release_id": self.release, "at": self.world.cordon.clock.now(), **fields}
        return answer_release(self.world.cordon, json.dumps(given).encode())

    def outcome(self, **fields: Any):
        given = {
            "type": "outcome", "result": "nothing", "assessor": "cordon", "assessor_kind": "partner",
            "confidence": "thought", "number": None, "hedge": None, "text": "nothing was found", "evidence": None,
        }  # fmt: skip
        return self.say(**{**given, **fields})


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.agree()
    yield made
    made.close()


@pytest.fixture
def warned(world):
    world.move(json.loads(world.scenario.report)["entered_at"] + 600)
    report = enter_report(world.evac, world.scenario.report)
    sent = release_warning(world.evac, report, world.scenario.policy, purpose=PROTECT)
    assert not isinstance(sent, Refusal), sent
    with world.evac.store.reading() as tx:
        wires = [row.wire for row in tx.outbox.due(500)]
    assert [(kind, answer.status) for kind, answer in world.settle()] == [("release", "taken")]
    return Warned(world, report, sent.release_id, wires)
