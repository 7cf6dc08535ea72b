"""Small things from hand to database and back; what is due because of them; and that none of them crosses."""

import json

import pytest

from safeconduct.agreements.entries import from_json, make_entry
from safeconduct.agreements.kinds import KINDS
from safeconduct.errors import BadInput
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.read_entries import follow_ups, list_entries, silent_days
from safeconduct.workflows.record_entries import record_entries
from safeconduct.workflows.show_room import show_room
from workflows.entry_samples import AT, as_json, fields_of
from workflows.two_nodes import HOUR, SCENARIO, START

DAY = 24 * HOUR


def record(world, kind, at=None, **fields):
    given = as_json(kind, fields, at=world.evac.clock.now() if at is None else at)
    return record_entries(world.evac, given)[0]


def due(world):
    with world.evac.store.reading() as tx:
        return {one.what: one.line for one in follow_ups(world.evac, tx) if one.what != "contact-untried"}


def needs(world):
    return [line for line in show_room(world.evac).needs_you if "control point" not in line]


@pytest.mark.seed(
    "S-14", "S-21", "S-22", "S-23", "S-31", "S-32", "S-33", "S-41", "S-57", "S-59", "S-61", "S-65", "S-66", "S-67",
    "S-68", "S-69", "S-70", "S-71", "S-72", "S-73", "S-74", "S-76", "S-77", "S-78", "S-113",
)  # fmt: skip
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_entry_of_every_kind_is_stored_logged_and_read_back_after_the_node_was_opened_again(apart, kind):
    first = record(apart, "area-control", area="the hills", party="nobody").id
    data = as_json(kind, fields_of(kind, refers_to=first))
    (made,) = record_entries(apart.evac, data)
    size = apart.count(apart.evac, "ledger")
    apart.reopen()
    assert record_entries(apart.evac, data) == (made,), "the same again is answered as before"
    assert apart.count(apart.evac, "ledger") == size
    with apart.evac.store.reading() as tx:
        (view,) = (one for one in list_entries(tx, kind) if one.id == made.id)
        logged = tx.ledger.entry(made.ledger_index)
    assert view.entry == from_json(data) == from_json(logged.envelope)
    assert (view.ledger_index, logged.kind) == (made.ledger_index, "own:entry")


def test_no_entry_whatever_its_kind_is_anywhere_at_the_partner(world):
    first = record(world, "area-control", area="the hills", party="nobody").id
    for kind in KINDS:
        record_entries(world.evac, as_json(kind, fields_of(kind, refers_to=first), source=f"{kind} overheard"))
    world.settle()
    world.reopen()
    world.settle()
    texts = [f"{kind} overheard" for kind in KINDS]
    ours = search_everywhere(world.evac_config.data_dir / "node.db", texts)
    assert min(ours.values()) >= 2, "record and ledger: the search finds what is there"
    theirs = search_everywhere(world.cordon_config.data_dir / "node.db", [*texts, "duty log", "said quietly"])
    assert set(theirs.values()) == {0}
    raw = b"".join(file.read_bytes() for file in world.cordon_config.data_dir.glob("*.db*"))
    assert b"overheard" not in raw


def test_entry_without_a_source_and_one_that_refers_to_nothing_change_nothing(apart):
    size = apart.count(apart.evac, "ledger")
    good = json.loads(as_json("area-control", {"area": "the hills", "party": "nobody"}))
    with pytest.raises(BadInput, match=r"area-control\.source"):
        record_entries(apart.evac, json.dumps([good, {**good, "source": ""}]).encode())
    nowhere = {"discloses": "0" * 32, "by": "a newspaper", "where": "in print"}
    with pytest.raises(BadInput, match=r"disclosure.discloses: expected the id of a recorded entry"):
        record_entries(apart.evac, json.dumps([good, json.loads(as_json("disclosure", nowhere))]).encode())
    assert apart.count(apart.evac, "ledger") == size
    with apart.evac.store.reading() as tx:
        assert list_entries(tx) == ()


@pytest.mark.seed("S-14")
def test_disclosed_meeting_stays_as_it_was_recorded(apart):
    talks = {"place": "abroad", "mode": "in-person", "level": "heads", "offices": ["the head"], "confidential": "yes"}
    meeting = record(apart, "meeting", at=AT, **talks)
    record(apart, "disclosure", at=AT + DAY, discloses=meeting.id, by="a newspaper", where="in print")
    with apart.evac.store.reading() as tx:
        first, second = list_entries(tx)
    assert (first.id, first.entry) == (meeting.id, make_entry("meeting", talks, "duty log, page 3", AT))
    assert second.entry.fields["discloses"] == meeting.id


def test_entries_are_listed_by_kind_and_from_a_day_on(apart):
    record(apart, "area-control", at=AT + DAY, area="the hills", party="nobody")
    record(apart, "area-control", at=AT, area="the plain", party="nobody")
    record(apart, "small-assistance", at=AT, by="cordon", text="opened a door")
    with apart.evac.store.reading() as tx:
        assert [one.entry.fields["area"] for one in list_entries(tx, "area-control")] == ["the plain", "the hills"]
        assert [one.entry.at for one in list_entries(tx, since="2021-08-21")] == [AT + DAY]
        with pytest.raises(BadInput, match="since"):
            list_entries(tx, since="yesterday")
        with pytest.raises(BadInput, match="kind"):
            list_entries(tx, "weather")


@pytest.mark.seed("S-21", "S-22", "S-31", "S-69")
def test_what_is_due_shows_in_the_list_and_the_room_until_it_is_closed(world):
    at = START + 2 * HOUR
    route = {"route": "r1", "by": "cordon", "until": at}
    escort = {"movement": "m1", "by": "cordon", "points": ["outer-1"], "due": at, "count": 9}
    question = {"question": "will it hold?", "settled_by": "a month without breach", "review": at}
    outside = {"relies_on": "screening outside", "from": "cordon", "fallback": "another gate", "review": at}
    record(world, "route-cleared", state="confirmed", **route)
    record(world, "escort", **escort)
    record(world, "open-question", **question)
    record(world, "dependency", **outside)
    assert due(world) == {}
    assert needs(world) == []
    world.move(at)
    assert due(world) == {
        "route-lapsed": "route r1: its clearance is over",
        "escort-overdue": "escort m1 should have arrived",
        "question-due": "a question is due for review: will it hold?",
        "dependency-due": "what is relied on is due for review: screening outside",
    }
    assert needs(world) == list(due(world).values())
    record(world, "route-cleared", state="closed", **route)
    record(world, "escort", **escort, arrived=at)
    record(world, "open-question", **question, answer="it held")
    record(world, "dependency", **{**outside, "review": at + DAY})
    assert due(world) == {}
    assert needs(world) == []


@pytest.mark.seed("S-71")
def test_channel_that_fell_silent_shows_in_the_room_and_after_the_end_in_the_list_only(world):
    def lines():
        with world.evac.store.reading() as tx:
            return {one.line.split()[0].rstrip(":"): one for one in follow_ups(world.evac, tx)}

    assert lines() == {}
    world.move(START + 26 * HOUR)
    assert {name: one.what for name, one in lines().items()} == {"cordon-liaison": "contact-untried"}, (
        "theirs, not ours"
    )
    assert needs(world) == []
    record(world, "contact-check", contact="cordon-liaison", answered="no")
    assert needs(world) == ["cordon-liaison has not answered for 26 hours"]
    record(world, "contact-check", contact="cordon-liaison", answered="yes")
    assert needs(world) == []
    world.move(START + 52 * HOUR)
    assert needs(world) == ["cordon-liaison has not answered for 26 hours"]
    world.move(START + 60 * DAY)
    assert show_room(world.evac).agreement_state == "closed"
    assert needs(world) == []
    assert lines()["cordon-liaison"].line == "cordon-liaison has not answered for 58 days"
    record(world, "contact-check", contact="cordon-liaison", answered="yes")
    assert "cordon-liaison" not in lines()


@pytest.mark.seed("S-76")
def test_days_without_contact_are_those_that_are_over_and_saw_neither_meeting_nor_answer(world):
    def days():
        with world.evac.store.reading() as tx:
            return silent_days(world.evac, tx)

    assert days() == (), "the first day is not over"
    world.move(START + 3 * DAY + HOUR)
    record(world, "contact-check", at=START + DAY + HOUR, contact="cordon-liaison", answered="yes")
    record(world, "contact-check", at=START + 2 * DAY + HOUR, contact="cordon-liaison", answered="no")
    assert days() == ("2021-08-14", "2021-08-16")
    world.move(START + 400 * DAY)
    assert days()[-1] == "2021-08-31", "nothing is counted after the end"


def test_without_an_agreement_no_channel_is_due(apart):
    apart.move(START + 60 * DAY)
    assert due(apart) == {}
    with apart.evac.store.reading() as tx:
        assert silent_days(apart.evac, tx) == ()


def test_entries_of_the_scenario_are_recorded_once(world):
    data = (SCENARIO / "entries.json").read_bytes()
    made = record_entries(world.evac, data)
    size = world.count(world.evac, "ledger")
    assert record_entries(world.evac, data) == made
    assert world.count(world.evac, "ledger") == size
    assert len({one.id for one in made}) == len(world.scenario.entries)
