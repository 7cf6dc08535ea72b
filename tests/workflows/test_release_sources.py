"""Sources that ended lower what is stated later on their word, on the pages and in the lists; the words stay."""

import json

import pytest

from safeconduct.alerts.answer import Outcome, to_json
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.draft_release import draft_release
from safeconduct.workflows.record_entries import record_entries
from safeconduct.workflows.show_desk import show_desk
from safeconduct.workflows.show_release import show_release
from workflows.release_samples import enter, ready, release

HERON = [{"name": "Source HERON", "reliability": "B", "credibility": 2}]


def end(world, at):
    entry = {
        "kind": "source-ended", "fields": {"source_name": "source heron", "because": "left with the last flight"},
        "source": "liaison log", "at": at,
    }  # fmt: skip
    record_entries(world.evac, json.dumps(entry).encode())


@pytest.mark.seed("S-113")
def test_a_report_entered_after_its_source_ended_is_read_one_step_lower_and_says_why(world):
    ready(world)
    at = world.entered
    enter(world, "before", sources=HERON, confidence="high", entered_at=at - 60)
    enter(world, "after", sources=HERON, confidence="high", entered_at=at)
    enter(world, "unstated", sources=HERON, entered_at=at)
    end(world, at)
    seen = {one.id: one.confidence for one in show_desk(world.evac).reports}
    assert (seen["before"].written, seen["before"].read, seen["before"].because) == ("high", "high", "")
    assert (seen["after"].written, seen["after"].read) == ("high", "moderate")
    assert seen["after"].because == "source heron had ended: left with the last flight"
    assert (seen["unstated"].read, bool(seen["unstated"].because)) == ("", True)
    view = draft_release(world.evac, "after")
    assert (view.confidence.read, view.likelihood) == ("moderate", "likely")
    stated = next(f for f in view.fields if f.name == "confidence")
    assert (stated.ours, stated.theirs) == ("high", None)  # the report's own word stands, and does not cross


@pytest.mark.seed("S-113")
def test_an_assessment_that_names_an_ended_source_is_read_one_step_lower(world):
    release(ready(world))
    at = world.evac.clock.now()
    end(world, at - 60)
    said = Outcome(
        world.release, "thwarted", "evac", "own", "confirmed", None, None, "as Source HERON told us", at, None
    )
    assert isinstance(answer_release(world.evac, to_json(said)), int)
    [own] = show_release(world.evac, world.release).assessments
    [line] = own.lines
    assert line.startswith("confirmed by Evacuating party: thwarted")
    assert "read as believed, since source heron had ended: left with the last flight" in line
