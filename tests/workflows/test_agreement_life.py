"""The agreement after it was signed: suspended, renewed, closed, its phase; its terms told, acknowledged, judged."""

import pytest

from safeconduct.agreements.agreement import digest
from safeconduct.agreements.scope import StateEvent, state_event_json
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import encode_json
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.common import in_force, permitted, refused_acts, require_agreement
from safeconduct.workflows.envelopes import send
from safeconduct.workflows.follow_terms import follow_term
from safeconduct.workflows.list_crossings import list_crossings
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.show_agreement import show_agreement
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.sign_agreement import accept, propose
from workflows.two_nodes import HOUR, PROTECT, START, Phone

WHY = "a convoy with passes was held up for a day"


def states(world):
    return show_room(world.evac).agreement_state, show_room(world.cordon).agreement_state


def may_share(node):
    with node.store.transaction() as tx:
        made = permitted(node, tx, act="share", subject="threat-warning", purpose=PROTECT)
    return made.code if isinstance(made, Refusal) else "permitted"


def taken(world):
    return [(kind, answer.status) for kind, answer in world.settle()]


# -- suspended, renewed, closed ----------------------------------------------------------------------------------


@pytest.mark.seed("S-62")
def test_a_breach_suspends_both_parties_until_both_have_renewed(world):
    groups = world.enlist()
    made = change_state(world.cordon, "breach", WHY)
    assert made.state == "suspended"
    assert taken(world) == [("state", "taken")]
    assert states(world) == ("suspended", "suspended")
    assert world.issue(groups).code == "agreement-suspended"
    assert may_share(world.cordon) == "agreement-suspended"
    with world.evac.store.reading() as tx:
        assert [refusal.code for _, _, refusal in refused_acts(tx)] == ["agreement-suspended"]
    assert change_state(world.cordon, "renewal").state == "suspended"
    world.settle()
    assert states(world) == ("suspended", "suspended")
    assert change_state(world.evac, "renewal", "we go on").state == "open"
    world.settle()
    assert states(world) == ("open", "open")
    assert not isinstance(world.issue(groups), Refusal)
    for node in (world.evac, world.cordon):
        assert [e.kind for e in show_agreement(node).events] == ["breach", "renewal", "renewal"]


@pytest.mark.seed("S-62")
def test_one_party_alone_cannot_renew_even_twice(world):
    change_state(world.evac, "lapse", "the purposes are no longer common")
    first = change_state(world.evac, "renewal")
    assert change_state(world.evac, "renewal", "once more") == first
    assert first.state == "suspended"


def test_a_new_breach_needs_both_to_renew_again(world):
    for _ in range(2):
        assert change_state(world.evac, "breach", WHY).state == "suspended"
        world.settle()
        change_state(world.cordon, "renewal")
        world.settle()
        assert change_state(world.evac, "renewal").state == "open"
        world.settle()
    assert [e.kind for e in show_agreement(world.cordon).events] == ["breach", "renewal", "renewal"] * 2


def test_the_same_breach_again_changes_nothing(world):
    first = change_state(world.evac, "breach", WHY)
    size = world.count(world.evac, "ledger")
    world.reopen()
    assert change_state(world.evac, "breach", WHY) == first
    assert world.count(world.evac, "ledger") == size
    with world.evac.store.reading() as tx:
        assert tx.ledger.entry(first.ledger_index).kind == "out:state"


def test_there_is_nothing_to_renew_in_an_open_agreement_and_a_breach_says_why(world):
    assert change_state(world.evac, "renewal").code == "not-suspended"
    with world.evac.store.reading() as tx:
        assert refused_acts(tx)[-1][2].code == "not-suspended"
    with pytest.raises(BadInput) as caught:
        change_state(world.evac, "breach", "")
    assert caught.value.where == "event.text"
    assert states(world) == ("open", "open")


@pytest.mark.parametrize(
    ("by", "days", "code"),
    [("evac", 0, "unknown-sender"), ("cordon", 400, "bad-field")],
    ids=["for-another", "far-off"],
)
def test_an_event_in_anothers_name_or_from_a_far_day_suspends_nothing(world, by, days, code):
    event = StateEvent("breach", by, world.cordon.clock.now() + days * 86_400, WHY)
    with world.cordon.store.transaction() as tx:
        send(
            world.cordon, tx, to="evac", kind="state", agreement=require_agreement(tx).id, body=state_event_json(event)
        )
    assert [answer.code for _, answer in world.settle()] == [code]
    assert show_room(world.evac).agreement_state == "open"


@pytest.mark.seed("S-62")
def test_device_logs_and_answers_still_come_in_while_suspended(world):
    raw = world.issue(world.enlist()[:1])[0].raw
    publish_bundle(world.evac)
    world.settle()
    phone = Phone(world.cordon, "phone-1", world.outer[0])
    world.settle()
    at = START + 3 * HOUR
    phone.load(at)
    _, event = phone.scan(raw, at)
    change_state(world.evac, "breach", WHY)
    world.move(at + HOUR)
    assert not isinstance(receive_from_device(world.cordon, phone.segment([event])), Refusal)
    assert follow_term(world.evac, "screen", "told", "screen without force") > 0
    assert taken(world) == [("state", "taken"), ("term", "taken"), ("segment", "taken")]
    assert sum(p.admitted for p in show_room(world.evac).points) > 0


@pytest.mark.seed("S-58")
def test_the_last_departure_closes_for_good(world):
    groups = world.enlist()
    made = change_state(world.evac, "last-departure", "the last aircraft has left")
    assert made.state == "closed"
    assert taken(world) == [("state", "taken")]
    assert states(world) == ("closed", "closed")
    assert world.issue(groups).code == "agreement-closed"
    assert may_share(world.cordon) == "agreement-closed"
    assert change_state(world.cordon, "renewal").code == "agreement-closed"
    assert change_state(world.cordon, "breach", WHY).code == "agreement-closed"
    assert change_state(world.evac, "last-departure", "the last aircraft has left") == made
    assert show_agreement(world.cordon).events[-1].text == "the last aircraft has left"


def test_the_agreement_is_found_in_its_state_after_a_restart(world):
    change_state(world.cordon, "lapse", WHY)
    world.settle()
    world.reopen()
    assert states(world) == ("suspended", "suspended")


# -- versions and phases -----------------------------------------------------------------------------------------


def second_version(world, **changes):
    with world.evac.store.reading() as tx:
        before = digest(in_force(tx)[0]).hex()
    return world.terms(version=2, previous=changes.pop("previous", before), **changes)


@pytest.mark.seed("S-38")
def test_a_later_phase_is_in_force_only_when_both_signed_it_and_there_is_no_way_back_without_another(world):
    day = "2021-08-14T00:00:00Z"
    phases = [{"id": "diplomatic", "name": "Diplomatic", "start": day, "acts": ["passage"]}]
    assert show_agreement(world.evac).phase == "Evacuation"
    propose(world.evac, second_version(world, phases=phases))
    world.settle()
    assert may_share(world.evac) == "permitted"
    accept(world.cordon, 2)
    world.settle()
    for node in (world.evac, world.cordon):
        assert show_agreement(node).phase == "Diplomatic"
        assert may_share(node) == "out-of-phase"
    propose(world.evac, world.terms())
    accept(world.cordon, 1)
    assert taken(world) == []
    assert propose(world.evac, world.terms(version=2, previous="00" * 32)).code == "not-next-version"
    assert may_share(world.evac) == "out-of-phase"


@pytest.mark.seed("S-38")
def test_a_version_that_does_not_name_the_one_in_force_never_comes_into_force(world):
    propose(world.evac, second_version(world, previous="ab" * 32, phases=[]))
    world.settle()
    assert accept(world.cordon, 2).code == "not-next-version"
    with world.cordon.store.reading() as tx:
        assert in_force(tx)[0].version == 1


def test_proposing_other_terms_under_the_version_in_force_leaves_it_in_force(world):
    made = propose(world.evac, world.terms(title="Something else"))
    assert made.code == "not-next-version"
    assert states(world) == ("open", "open")


# -- expectations and undertakings -------------------------------------------------------------------------------


def course(node, term):
    view = show_agreement(node)
    return next(one for one in (*view.undertakings, *view.expectations) if one.id == term)


@pytest.mark.seed("S-16")
def test_an_expectation_is_told_acknowledged_and_judged_and_the_judgement_stays_at_home(world):
    assert course(world.evac, "search").never_told
    assert follow_term(world.cordon, "search", "acknowledged", "yes").code == "not-told"
    follow_term(world.evac, "search", "told", "search the named area and say what came of it")
    assert taken(world) == [("term", "taken")]
    world.move(START + 2 * HOUR)
    follow_term(world.cordon, "search", "acknowledged", "we heard it")
    follow_term(world.evac, "search", "not-met", "no search was made", evidence="entry 12")
    assert taken(world) == [("term", "taken")]
    seen = course(world.evac, "search")
    assert seen.course == (
        "told to Cordon party by Evacuating party on 14 Aug 2021 01:00 UTC; "
        "acknowledged on 14 Aug 2021 02:00 UTC, which is not consent; not met, as Evacuating party judges"
    )
    [(_, who, stage, text, evidence)] = seen.later
    assert (who, stage, text, evidence) == ("Evacuating party", "not-met", "no search was made", "entry 12")
    assert not seen.never_told
    theirs = course(world.cordon, "search")
    assert theirs.course.endswith("which is not consent; not assessed")
    assert theirs.later == ()
    with world.evac.store.reading() as tx:
        assert len(tx.ledger.find("own:term")) == 1


@pytest.mark.seed("S-87")
def test_what_happens_later_is_set_beside_a_guarantee(world):
    assert course(world.evac, "guarantee").course == "undertaken by Cordon party when it signed; not assessed"
    world.move(START + 2 * HOUR)
    happened = START + HOUR + 600
    index = follow_term(
        world.evac, "guarantee", "bears-on", "two buses were sent back", evidence="entry 40", at=happened
    )
    world.move(START + 3 * HOUR)
    again = follow_term(
        world.evac, "guarantee", "bears-on", "two buses were sent back", evidence="entry 40", at=happened
    )
    assert again == index
    [(at, who, stage, text, evidence)] = course(world.evac, "guarantee").later
    assert (at, who, stage) == ("2021-08-14T01:10:00Z", "Evacuating party", "bears-on")
    assert (text, evidence) == ("two buses were sent back", "entry 40")
    assert taken(world) == []


@pytest.mark.seed("S-55", "S-75")
def test_the_agreement_shows_conditions_apart_and_founding_dates_that_disagree(world):
    view = show_agreement(world.evac)
    conditions = {t.id: t.condition for t in view.undertakings}
    assert conditions["leave"] == "if it is possible to do so"
    assert {term for term, condition in conditions.items() if condition} == {"leave"}
    assert [date for date, _, _ in view.founding] == ["2021-08-14", "2021-08-15"]
    assert all(source for _, _, source in view.founding)
    assert view.founding_disagrees


def test_a_judgement_without_evidence_or_ahead_of_time_is_bad_input(world):
    with pytest.raises(BadInput) as caught:
        follow_term(world.evac, "search", "met", "they did")
    assert caught.value.code == "evidence-missing"
    with pytest.raises(BadInput) as caught:
        follow_term(world.evac, "search", "told", "soon", at=START + 2 * HOUR)
    assert caught.value.where == "event.at"
    with pytest.raises(BadInput) as caught:
        follow_term(world.evac, "nothing", "told", "text")
    assert caught.value.where == "event.term"


def test_the_same_telling_again_keeps_its_place_and_the_wrong_party_cannot_tell(world):
    first = follow_term(world.evac, "screen", "told", "without force")
    world.move(START + 2 * HOUR)
    assert follow_term(world.evac, "screen", "told", "without force") == first
    assert follow_term(world.cordon, "screen", "told", "to ourselves").code == "unknown-sender"


@pytest.mark.parametrize(
    ("by", "stage", "code"),
    [("evac", "told", "unknown-sender"), ("cordon", "met", "unknown-kind"), ("cordon", "told", "unknown-sender")],
    ids=["for-another", "judgement", "tells-itself"],
)
def test_what_a_partner_may_not_say_is_refused_and_kept_apart(world, by, stage, code):
    given = {"term": "screen", "stage": stage, "by": by, "at": START, "text": "so it was", "evidence": "a note"}
    with world.cordon.store.transaction() as tx:
        body = encode_json(given)
        send(world.cordon, tx, to="evac", kind="term", agreement=require_agreement(tx).id, body=body)
    assert [answer.code for _, answer in world.settle()] == [code]
    assert course(world.evac, "screen").never_told


# -- what crossed ------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-02")
def test_what_crossed_since_a_day_is_listed_with_its_place_in_the_ledger(world):
    early = list_crossings(world.evac, 0)
    assert [(one.kind, one.direction, one.partner) for one in early] == [
        ("agreement", "out", "cordon"),
        ("agreement", "in", "cordon"),
    ]
    day = START + 5 * 86_400
    world.move(day)
    follow_term(world.evac, "screen", "told", "without force")
    world.settle()
    follow_term(world.cordon, "screen", "acknowledged", "heard")
    world.settle()
    since = list_crossings(world.evac, day, "cordon")
    assert [(one.kind, one.direction) for one in since] == [("term", "out"), ("term", "in")]
    with world.evac.store.reading() as tx:
        assert [tx.ledger.entry(one.ledger_index).kind for one in since] == ["out:term", "in:term"]
    assert list_crossings(world.evac, day + 1) == []
    assert [one.partner for one in list_crossings(world.cordon, day)] == ["evac", "evac"]
    with pytest.raises(BadInput) as caught:
        list_crossings(world.evac, 0, "stranger")
    assert caught.value.code == "unknown-party"
