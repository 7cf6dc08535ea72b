"""Entering a report by its form: every field, every error beside its field, and nothing entered twice."""

import json

import pytest

from safeconduct.alerts.report import from_json
from safeconduct.workflows.draft_release import draft_release
from safeconduct.workflows.release_warning import stored_report
from safeconduct.workflows.report_form import blank, choices, enter_form, form_of, report_as_texts
from safeconduct.workflows.show_desk import show_desk
from workflows.release_samples import FIRST, ready, report_of

GOOD = {
    "what": "A parcel may be left near the queue.", "threatened_class": "people-waiting", "site": "Lane by the canal",
    "position": "34.5586, 69.2214", "precision_m": "1,500", "window_from": "2021-08-26 13:00",
    "window_to": "2021-08-26T16:00:30Z", "actor": "armed-group-k-2", "source_1": "Source HERON", "reliability_1": "B",
    "credibility_1": "2", "likelihood": "5", "confidence": "moderate", "advised_action": "spread-out",
    "handling": "TLP:AMBER", "embargo_until": "", "harm_answer": "People could be pushed\r\ninto the road.",
    "details": "",
}  # fmt: skip


def give(world, **changes):
    return enter_form(world.evac, {**blank(world.evac), **GOOD, **changes}, by=FIRST)


def test_a_form_makes_the_report_that_it_says(world):
    ready(world)
    report_id, errors = give(world)
    assert errors == {}
    with world.evac.store.reading() as tx:
        made = stored_report(world.evac, tx, report_id)
        [entry] = [json.loads(e.envelope) for e in tx.ledger.find("own:report")][1:]
    assert (made.lat, made.lon, made.precision_m, made.confidence) == (34_558_600, 69_221_400, 1_500, "moderate")
    assert (made.window_from, made.window_to, made.embargo_until) == (1629982800, 1629993630, None)
    assert (made.entered_by, made.entered_at) == ("duty officer", world.evac.clock.now())
    assert made.harm_answer == "People could be pushed\ninto the road."
    assert entry["by"] == FIRST
    assert draft_release(world.evac, report_id).code == ""


@pytest.mark.parametrize(
    ("field", "typed", "seen"),
    [
        ("what", "", "some words"), ("site", " ", "some words"), ("actor", "", "some words"),
        ("threatened_class", "the man in the car", "one of the list"), ("advised_action", "shoot", "one of the list"),
        ("handling", "", "one of the list"), ("likelihood", "8", "one of the list"),
        ("confidence", "sure", "one of the list"), ("precision_m", "near", "metres"), ("precision_m", "0", "metres"),
        ("position", "34.5586", "latitude and longitude"), ("position", "94.1, 69.2", "latitude and longitude"),
        ("position", "north, east", "latitude and longitude"), ("window_from", "tomorrow", "2021-08-26 13:00"),
        ("window_from", "2021-02-30 13:00", "2021-08-26 13:00"), ("window_to", "2021-08-26 12:00", "a time after"),
        ("embargo_until", "never", "2021-08-26 13:00"), ("source_1", "", "at least one source"),
        ("reliability_1", "", "both grades"), ("credibility_1", "9", "both grades"),
        ("what", "hidden \u202e words", "text of 1 to"),
    ],
)  # fmt: skip
def test_each_error_stands_beside_its_field_with_what_was_seen(world, field, typed, seen):
    ready(world)
    report_id, errors = give(world, **{field: typed})
    where = "source_1" if field in ("reliability_1", "credibility_1") else field
    assert report_id == "" and list(errors) == [where]
    assert seen in errors[where]
    assert len(show_desk(world.evac).reports) == 1


def test_several_errors_are_told_at_once(world):
    _, errors = give(world, what="", position="", window_from="", source_1="")
    assert set(errors) == {"what", "position", "window_from", "source_1"}


def test_an_office_without_the_role_enters_nothing(world):
    given = {**blank(world.evac), **GOOD}
    report_id, errors = enter_form(world.evac, given, by="reader")
    assert report_id == "" and "no role" in errors["refused"]


def test_a_form_that_is_posted_twice_is_entered_once_and_another_under_its_id_not_at_all(world):
    given = {**blank(world.evac), **GOOD}
    first, _ = enter_form(world.evac, given, by=FIRST)
    world.move(world.evac.clock.now() + 60)
    assert enter_form(world.evac, given, by=FIRST) == (first, {})
    assert len(show_desk(world.evac).reports) == 1
    _, errors = enter_form(world.evac, {**given, "what": "Something else."}, by=FIRST)
    assert "an id that is not in use" in errors["id"]


def test_a_report_comes_back_as_its_form_and_is_the_same_report_again(world):
    ready(world, embargo_until=1629972000)
    given = form_of(world.evac, world.report)
    assert given["id"] != world.report
    assert given["window_from"] == "2021-08-26 11:47"
    report_id, errors = enter_form(world.evac, given, by=FIRST)
    assert errors == {}
    with world.evac.store.reading() as tx:
        old, new = (stored_report(world.evac, tx, one) for one in (world.report, report_id))
    same = [name for name in old.__slots__ if getattr(old, name) != getattr(new, name)]
    assert same == ["id", "entered_by", "entered_at"]
    assert report_as_texts(json.dumps(report_of(world)).encode())["position"] == "34.558600, 69.221400"


def test_the_lists_of_the_form_have_every_grade_and_the_actors_of_the_policies(world):
    ready(world)
    found = choices(world.evac)
    assert len(found.likelihood) == 7 and found.confidence == ("low", "moderate", "high")
    assert not any("confidence" in words for _, words in found.likelihood)
    assert "armed-group-k" in found.actors
    assert [key for key, _ in found.reliability] == list("ABCDEF")
    assert from_json(json.dumps(report_of(world)).encode()).id
