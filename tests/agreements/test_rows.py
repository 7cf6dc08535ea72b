"""Rows of the list of requirements about the agreement and its scope: each from a hand to the page."""

import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from agreements.helpers import (
    day,
    document,
    kinds,
    last_refused,
    may,
    meet,
    next_version,
)
from safeconduct.agreements.agreement import digest
from safeconduct.errors import BadInput
from safeconduct.web.pages.agreement_page import write_agreement
from safeconduct.web.pages.render import Page
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.change_terms import compare_versions, propose_change
from safeconduct.workflows.common import in_force
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.follow_terms import follow_term
from safeconduct.workflows.hand_over_site import hand_over_zone, plan_zone
from safeconduct.workflows.issue_passes import issue_passes
from safeconduct.workflows.private_notes import write_note
from safeconduct.workflows.record_departure import record_departure
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.sign_agreement import accept, propose
from workflows.two_nodes import HOUR, PROTECT, PURPOSE, START

pytestmark = pytest.mark.slow


@pytest.mark.seed("S-01")
def test_nothing_is_shared_met_or_passed_before_both_parties_have_signed(apart):
    groups = apart.enlist()
    for refused in (apart.issue(groups), meet(apart, "passage")):
        assert refused.code == "no-agreement"
    propose(apart.evac, apart.terms())
    apart.settle()
    assert apart.issue(groups).code == "no-agreement", "one signature opens nothing"
    view, page = document(apart.cordon)
    assert view.state == "proposed"
    assert "Sign version 1" in page
    accept(apart.cordon, 1)
    apart.settle()
    apart.issue(groups[:1])
    view, page = document(apart.evac)
    assert [one.text for one in view.clauses[f"purpose:{PURPOSE}"].newest] == ["2 passes for 1 groups"]
    assert view.clauses["time"].refused == 3, "what was refused for want of an agreement stands at its clause"
    assert "1 act rested on it" in page
    assert len({name for name, _ in view.parties}) == 2


@pytest.mark.seed("S-60")
def test_every_joint_act_cites_a_common_purpose_and_stands_at_it(world):
    assert meet(world, "passage", purpose=None).code == "purpose-missing"
    assert meet(world, "passage", purpose="friendship").code == "purpose-missing"
    assert hand_over_zone(world.evac, "airfield", "tower", state="empty", purpose=None).code == "purpose-missing"
    made = meet(world, "passage", purpose=PROTECT)
    view, _ = document(world.evac)
    [act] = view.clauses[f"purpose:{PROTECT}"].newest
    assert (act.text, act.ledger_index, act.refused) == ("meeting at airfield", made.ledger_index, "")
    assert view.clauses["purposes"].refused == 3


@pytest.mark.seed("S-62")
def test_a_breach_stops_meetings_and_hand_overs_too_until_both_renewed(world):
    change_state(world.cordon, "breach", "a convoy was held up")
    world.settle()
    assert meet(world, "passage").code == "agreement-suspended"
    assert plan_zone(world.evac, "airfield", "tower", due=day(9), purpose=PURPOSE).code == "agreement-suspended"
    assert "until both parties have renewed" in document(world.evac)[1]
    change_state(world.evac, "renewal")
    world.settle()
    assert meet(world, "passage").code == "agreement-suspended"
    change_state(world.cordon, "renewal")
    world.settle()
    assert meet(world, "passage").ledger_index > 0
    assert document(world.evac)[0].clauses["conditions"].refused == 3


@pytest.mark.seed("S-63")
def test_a_meeting_on_a_subject_that_is_not_in_scope_is_refused_and_logged(world):
    before = len(kinds(world.evac))
    assert meet(world, "passage", "trade").code == "out-of-scope"
    assert kinds(world.evac)[before:] == ["own:refused"], "nothing of the meeting is recorded"
    view, page = document(world.evac)
    [act] = [one for one in view.clauses["scope"].newest if one.refused]
    assert act.text == "meet: trade"
    assert f"/api/evidence/{act.ledger_index}" in page


@pytest.mark.seed("S-64")
def test_scope_widens_only_by_a_version_that_both_signed(world):
    with world.evac.store.reading() as tx:
        scope = list(in_force(tx)[0].scope)
    meet(world, "passage")
    assert meet(world, "medical-supplies").code == "out-of-scope", "a meeting on one subject opens no other"
    propose_change(world.evac, {"scope": [*scope, "medical-supplies"]})
    world.settle()
    assert meet(world, "medical-supplies").code == "out-of-scope"
    accept(world.cordon, 2)
    world.settle()
    assert meet(world, "medical-supplies").ledger_index > 0
    assert meet(world, "medical-supplies-abroad").code == "out-of-scope"


@pytest.mark.seed("S-54")
def test_the_deadline_moves_when_both_have_signed_and_the_versions_stand_side_by_side(world):
    later = "2021-09-02T19:29:00Z"
    made = propose_change(world.evac, {"deadline": later})
    assert (made.version, made.deadline) == (2, later)
    world.settle()
    view, page = document(world.cordon)
    [proposal] = view.proposals
    assert view.deadline == "2021-08-31T19:29:00Z", "a proposal changes nothing"
    assert proposal.can_accept and [(d.clause, d.after) for d in proposal.differences] == [("deadline", later)]
    assert "Sign version 2" in page
    assert not document(world.evac)[0].proposals[0].can_accept, "nobody accepts an own proposal"
    accept(world.cordon, 2, proposal.digest)
    world.settle()
    for node in (world.evac, world.cordon):
        view, page = document(node, beside=(1, 2))
        assert (view.version, view.deadline, view.proposals) == (2, later, ())
        assert [(d.before, d.after) for d in view.differences] == [("2021-08-31T19:29:00Z", later)]
    assert "31 Aug 2021 19:29" in page and "2 Sep 2021 19:29" in page
    with pytest.raises(BadInput, match="version: expected one of"), world.evac.store.reading() as tx:
        compare_versions(tx, 1, 7)
    with pytest.raises(BadInput, match="something that differs"):
        propose_change(world.evac, {"deadline": later})


@pytest.mark.seed("S-54")
def test_two_proposals_of_one_version_never_end_in_two_different_agreements(world):
    propose_change(world.evac, {"deadline": "2021-09-02T19:29:00Z"})
    propose_change(world.cordon, {"deadline": "2021-09-05T19:29:00Z"})
    world.settle()
    answers = [accept(world.evac, 2), accept(world.cordon, 2)]
    refused = [one for one in answers if hasattr(one, "code")]
    assert [one.code for one in refused] == ["not-next-version"]
    world.settle()
    signed = [document(node)[0].digest for node in (world.evac, world.cordon)]
    assert signed[0] == signed[1]
    assert document(world.evac)[0].version == 2
    assert accept(world.evac, 2).version == 2


@pytest.mark.seed("S-53")
def test_the_agreement_counts_down_and_says_when_the_last_will_be_out(world):
    groups = world.enlist(24)
    world.issue(groups)
    view, _ = document(world.evac)
    assert (view.time_left, view.forecast) == ("17 d 18 h left", None)
    with world.evac.store.transaction() as tx:
        tx.roll.set_state(groups[:3], "passed", day(1))
    world.move(day(1))
    out = record_departure(world.evac)
    assert out > 0
    view, page = document(world.evac)
    assert view.forecast.makes_deadline
    assert f"at {out:,} a day" in page
    world.move(day(17, 20))
    assert document(world.evac)[0].time_left.endswith("ago")


@pytest.mark.seed("S-38")
def test_a_phase_says_who_does_what_and_a_later_one_takes_both_signatures(world):
    assert may(world.evac) == "permitted"
    diplomatic = {
        "id": "diplomatic", "name": "Diplomatic", "start": "2021-08-20T00:00:00Z", "acts": ["meet", "hand-over"],
        "roles": [{"act": "meet", "party": "evac", "office": "the diplomatic mission"}],
    }  # fmt: skip
    with world.evac.store.reading() as tx:
        first = json.loads(in_force(tx)[1].body)["phases"]
    next_version(world, phases=[*first, diplomatic])
    assert may(world.evac) == "permitted", "the later phase has not begun"
    world.move(day(7))
    view, page = document(world.cordon)
    assert (view.phase, [p.in_force for p in view.phases]) == ("Diplomatic", [False, True])
    assert "the diplomatic mission" in page
    assert may(world.evac) == "out-of-phase"
    assert meet(world, "passage").ledger_index > 0
    assert meet(world, "passage", node=world.cordon).code == "out-of-phase", "it is not theirs to call"
    assert propose(world.evac, world.terms(title="As before")).code == "not-next-version", (
        "no way back without another version"
    )
    assert last_refused(world.cordon) == "out-of-phase"


@pytest.mark.seed("S-111")
def test_every_document_names_the_parties_neutrally_and_says_that_nothing_is_recognised(world):
    around = Page(exercise=True, party_name="Evacuating party")
    stated = "Nothing in this agreement changes the legal status of either party"
    assert stated in document(world.evac)[1]
    html = write_agreement(world.evac, "html", around).body.decode()
    assert stated in html and "Cordon party" in html
    assert stated in json.loads(write_agreement(world.evac, "json", around).body)["agreement"]
    assert write_agreement(world.evac, "pdf", around).body.startswith(b"%PDF")
    assert {name for name, _ in document(world.cordon)[0].parties} == {"Evacuating party", "Cordon party"}
    with pytest.raises(BadInput, match="html, pdf, json"):
        write_agreement(world.evac, "docx", around)


@pytest.mark.seed("S-01", "S-111")
def test_the_exported_data_is_verified_by_a_stranger_and_holds_nothing_private(world):
    write_note(world.evac, "their liaison calls late", source="liaison officer")
    follow_term(world.evac, "search", "told", "search after a warning")
    follow_term(world.evac, "search", "not-met", "nobody searched", evidence="entry 3")
    around = Page(exercise=True, party_name="Evacuating party")
    file = json.loads(write_agreement(world.evac, "json", around).body)
    text = file["agreement"].encode()
    parties = {one["id"]: one["root_public"] for one in json.loads(text)["parties"]}
    assert set(file["signatures"]) == set(parties)
    for party, raw in file["signatures"].items():
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(parties[party]))
        key.verify(bytes.fromhex(raw), b"safeconduct.agreement.1\x00" + text)
    with world.evac.store.reading() as tx:
        assert sha256(text).digest() == digest(in_force(tx)[0])
    for form in ("json", "html"):
        body = write_agreement(world.evac, form, around).body
        assert b"calls late" not in body and b"nobody searched" not in body


@pytest.mark.seed("S-01", "S-60", "S-62", "S-63")
@pytest.mark.parametrize(
    ("prepare", "purpose", "code"),
    [
        ("", None, "purpose-missing"),
        ("suspend", PURPOSE, "agreement-suspended"),
        ("close", PURPOSE, "agreement-closed"),
        ("end", PURPOSE, "agreement-closed"),
        ("phase", PURPOSE, "out-of-phase"),
        ("scope", PURPOSE, "out-of-scope"),
    ],
)
def test_every_act_that_shares_passes_or_meets_is_refused_and_logged(world, prepare, purpose, code):
    groups = world.enlist()
    strips = world.strips(groups)
    report = enter_report(world.evac, world.scenario.report)
    if prepare == "suspend":
        change_state(world.evac, "breach", "a convoy was held up")
    elif prepare == "close":
        change_state(world.evac, "last-departure")
    elif prepare == "end":
        world.move(day(18))
    elif prepare == "phase":
        phases = [{"id": "wait", "name": "Wait", "start": "2021-08-14T00:00:00Z", "acts": ["notify"]}]
        next_version(world, phases=phases)
    elif prepare == "scope":
        next_version(world, scope=["harm-report"])
    world.settle()
    acts = {
        "share": lambda: release_warning(world.evac, report, world.scenario.policy, purpose=purpose),
        "passage": lambda: issue_passes(world.evac, strips, subject="passage", purpose=purpose or ""),
        "meet": lambda: meet(world, "passage", purpose=purpose),
        "plan": lambda: plan_zone(world.evac, "airfield", "tower", due=day(9), purpose=purpose),
        "hand-over": lambda: hand_over_zone(world.evac, "airfield", "tower", state="empty", purpose=purpose),
    }
    for name, act in acts.items():
        before = len(kinds(world.evac))
        assert act().code == code, name
        assert kinds(world.evac)[before:] == ["own:refused"], f"{name}: logged, and nothing else happened"
        assert last_refused(world.evac) == code
    assert world.evac.clock.now() >= START + HOUR
