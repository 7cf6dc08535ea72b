"""Rows of the list of requirements about the end: hand-over of a site, closing, recall, who is left behind."""

import pytest

from agreements.helpers import (
    at_partner,
    day,
    liaison,
    may,
    meet,
    record,
    taken,
)
from safeconduct.errors import BadInput
from safeconduct.register.roll_import import parse_roll
from safeconduct.replay.people import generate
from safeconduct.workflows.change_terms import propose_change
from safeconduct.workflows.close_cooperation import close_cooperation
from safeconduct.workflows.hand_over_site import hand_over_zone, plan_zone, receive_zone
from safeconduct.workflows.recall_shares import answer_recall, report_recall
from safeconduct.workflows.record_departure import record_departure
from safeconduct.workflows.show_room import show_room
from workflows.two_nodes import PURPOSE
from workflows.warned_world import warn

pytestmark = pytest.mark.slow


@pytest.mark.seed("S-57")
def test_a_site_is_handed_over_zone_by_zone_against_the_partners_signed_receipt(world):
    assert plan_zone(world.evac, "airfield", "tower", due=day(2), purpose=PURPOSE) > 0
    assert receive_zone(world.cordon, "airfield", "tower", as_stated=True).code == "unknown-zone"
    made = hand_over_zone(world.evac, "airfield", "fuel farm", state="locked, keys inside", purpose=PURPOSE)
    assert hand_over_zone(world.evac, "airfield", "fuel farm", state="locked, keys inside", purpose=PURPOSE) == made
    assert taken(world) == [("site", "taken")] * 2
    again = hand_over_zone(world.evac, "airfield", "fuel farm", state="open", purpose=PURPOSE)
    assert again.code == "already-handed-over", "a zone is handed over once"
    assert receive_zone(world.evac, "airfield", "fuel farm", as_stated=True).code == "unknown-sender"
    theirs, page = liaison(world.cordon)
    assert [(z.zone, z.state, z.ours_to_receive) for z in theirs.zones] == [
        ("tower", "planned", False), ("fuel farm", "handed-over", True),
    ]  # fmt: skip
    assert "Received as stated" in page
    close_cooperation(world.evac, "the last aircraft has left")
    world.settle()
    receive_zone(world.cordon, "airfield", "fuel farm", as_stated=False, text="one key is missing")
    assert taken(world) == [("site", "taken")], "a receipt crosses after the end"
    assert receive_zone(world.cordon, "airfield", "fuel farm", as_stated=True).code == "already-handed-over"
    view, page = liaison(world.evac)
    assert [(z.zone, z.state, z.remark) for z in view.zones] == [
        ("tower", "planned", ""), ("fuel farm", "differs", "one key is missing"),
    ]  # fmt: skip
    assert "received, not as stated" in page
    assert hand_over_zone(world.evac, "airfield", "tower", state="empty", purpose=PURPOSE).code == "agreement-closed"


@pytest.mark.seed("S-58")
def test_closing_refuses_what_is_later_and_recalls_what_was_shared(world):
    release = warn(world)
    plan_zone(world.evac, "airfield", "tower", due=day(9), purpose=PURPOSE)
    made = close_cooperation(world.evac, "the last aircraft has left")
    assert (made.state, made.recalled.items, made.zones) == ("closed", 1, ("airfield, tower",))
    assert close_cooperation(world.evac, "the last aircraft has left").recalled.items == 0, "nothing is asked for twice"
    assert taken(world) == [("site", "taken"), ("state", "taken"), ("recall", "taken")]
    for node in (world.evac, world.cordon):
        assert may(node) == "agreement-closed"
        assert meet(world, "passage", node=node).code == "agreement-closed"
    assert propose_change(world.evac, {"deadline": "2021-09-09T00:00:00Z"}).code == "agreement-closed"
    assert "lapsed" in {one.state for one in show_room(world.evac).warnings}
    [asked] = liaison(world.cordon)[0].asked_of_us
    assert (asked.recalled.item.id, asked.state) == (release, "unanswered")
    assert answer_recall(world.cordon, "nothing-of-the-kind", "deleted").code == "not-recalled"
    with pytest.raises(BadInput, match="reason"):
        answer_recall(world.cordon, release, "kept")
    answer_recall(world.cordon, release, "kept", "an inquiry needs it")
    assert taken(world) == [("recall", "taken")]
    view, page = liaison(world.evac)
    assert [(one.state, one.recalled.answers[-1].reason) for one in view.recalled] == [("kept", "an inquiry needs it")]
    assert "proves nothing" in page
    answer_recall(world.cordon, release, "deleted")
    world.settle()
    [one] = liaison(world.evac)[0].recalled
    assert [a.answer for a in one.recalled.answers] == ["kept", "deleted"], "no answer is overwritten"


@pytest.mark.seed("S-39")
def test_people_who_were_named_and_are_not_out_are_listed_and_no_register_id_crosses(world):
    groups = world.enlist(24)
    people = [one.person_id for one in parse_roll(generate(24, 7), filename="roll.csv").people][:4]
    record(world, "people-named", list="L-3", to="cordon", people=people, purpose="entry")
    with world.evac.store.transaction() as tx:
        first = tx.roll.members(people[:1])[0].group
        tx.roll.set_state([first], "passed", day(1))
    record_departure(world.evac)
    with world.evac.store.reading() as tx:
        out = {m.person_id for m in tx.roll.members(people) if m.group_state == "departed"}
    assert groups and out
    made = close_cooperation(world.evac, "the last aircraft has left")
    assert made.left_behind == len(people) - len(out)
    view, page = liaison(world.evac)
    [named] = view.named
    assert set(named.left_behind) == set(people) - out
    assert f"{len(named.left_behind)} not out" in page
    assert [(one.recalled.item.id, one.recalled.item.kind) for one in view.recalled] == [("list:L-3", "names")]
    assert set(at_partner(world, *people).values()) == {0}
    assert "list L-3 of 4 people" in liaison(world.cordon)[1]
    refused = report_recall(world.evac, "list:L-9", "deleted", None, "liaison officer")
    assert refused.code == "not-recalled"
    report_recall(world.evac, "list:L-3", "kept", "they say that they need it", "liaison officer")
    [one] = liaison(world.evac)[0].recalled
    assert one.state == "reported", "our liaison's word is no answer of theirs"
    assert "reported by our liaison, unsigned" in liaison(world.evac)[1]
