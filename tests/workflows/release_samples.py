"""A report like the scenario's, and small steps that tests of releases share."""

import json

from safeconduct.alerts.answer import Acknowledgement, to_json
from safeconduct.errors import Refusal
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.keep_policy import keep_policy
from safeconduct.workflows.release_warning import release_warning
from workflows.two_nodes import PROTECT

FIRST, SECOND = "duty-officer", "second-approver"  # offices of the exercise


def report_of(world, **changes):
    return {**json.loads(world.scenario.report), **changes}


def policy_of(world, **changes):
    return json.dumps({**json.loads(world.scenario.policy), **changes}).encode()


def enter(world, report_id="report-exercise-1", **changes):
    return enter_report(world.evac, json.dumps(report_of(world, id=report_id, **changes)).encode(), by=FIRST)


def ready(world, **changes):
    """A policy kept and a report entered, ten minutes ago."""
    world.entered = report_of(world)["entered_at"]
    world.move(world.entered + 600)
    kept = keep_policy(world.evac, world.scenario.policy, by=FIRST)
    assert not isinstance(kept, Refusal), kept
    world.report = enter(world, **changes)
    return world


def release(world, report=None):
    sent = release_warning(world.evac, report or world.report, purpose=PROTECT, by=FIRST)
    assert not isinstance(sent, Refusal), sent
    world.release = sent.release_id
    return sent


def acknowledge(world, stage="received", version=None, **changes):
    """The recipient's own acknowledgement of the version that it holds."""
    at = world.cordon.clock.now()
    answer = Acknowledgement(world.release, stage, None, "cordon", at, signed=True, corrects=False, version=version)
    return answer_release(world.cordon, to_json(answer))
