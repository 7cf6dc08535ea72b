"""Two nodes with a warning that has crossed, and the short ways to answer it."""

import json

from safeconduct.alerts.answer import Acknowledgement, Outcome, to_json
from safeconduct.errors import Refusal
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.release_copies import newest_copy
from safeconduct.workflows.release_warning import release_warning
from workflows.two_nodes import PROTECT

HOUR = 3_600


def warn(world, **changes):
    """Enter the scenario's report (or one like it), release it and bring it over; return the release's id."""
    report = {**json.loads(world.scenario.report), **changes}
    world.move(report["entered_at"] + 600)
    held = enter_report(world.evac, json.dumps(report).encode())
    sent = release_warning(world.evac, held, world.scenario.policy, purpose=PROTECT)
    assert not isinstance(sent, Refusal), sent
    world.release = sent.release_id
    world.made = sent.derivation.release
    assert ("release", "taken") in [(kind, taken.status) for kind, taken in world.settle()]
    return sent.release_id


def acknowledge(world, stage, *, node=None, **changes):
    node = node or world.cordon
    answer = Acknowledgement(
        world.release, stage, changes.pop("reason", None), node.party, node.clock.now(), signed=True, corrects=False
    )
    return answer_release(node, json.dumps({**json.loads(to_json(answer)), **changes}).encode())


def outcome(world, *, result="nothing", confidence="thought", **changes):
    at = world.cordon.clock.now()
    given = {"number": None, "hedge": None, "text": "", "evidence": None, **changes}
    answer = Outcome(world.release, result, "cordon", "partner", confidence, at=at, **given)
    return answer_release(world.cordon, to_json(answer))


def copy_at(node, release_id):
    with node.store.reading() as tx:
        return newest_copy(tx, release_id)
