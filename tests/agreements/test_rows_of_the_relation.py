"""Rows of the list of requirements about expectations, notices and the relation: each from a hand to the page."""

import pytest

from agreements.helpers import (
    at_partner,
    day,
    document,
    kinds,
    liaison,
    may,
    meet,
    next_version,
    record,
    taken,
)
from safeconduct.errors import BadInput
from safeconduct.storage.database import search_everywhere
from safeconduct.web.pages.agreement_page import write_agreement
from safeconduct.web.pages.liaison_page import draw_course
from safeconduct.web.pages.render import Page
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.change_terms import record_wording, resolve_wording
from safeconduct.workflows.close_cooperation import close_cooperation
from safeconduct.workflows.commitments import commitments
from safeconduct.workflows.common import in_force
from safeconduct.workflows.follow_terms import follow_term
from safeconduct.workflows.judge_partner import judge_partner
from safeconduct.workflows.private_notes import write_note
from safeconduct.workflows.read_entries import follow_ups, silent_days
from safeconduct.workflows.recall_shares import recall_shares
from safeconduct.workflows.receive_envelope import receive_envelope
from safeconduct.workflows.serve_notice import acknowledge_notice, serve_notice
from workflows.two_nodes import PURPOSE

pytestmark = pytest.mark.slow


@pytest.mark.seed("S-16")
def test_an_expectation_is_told_acknowledged_and_judged_with_evidence_on_the_page(world):
    assert "never told to Cordon party" in document(world.evac)[1]
    follow_term(world.evac, "search", "told", "search after a warning")
    world.settle()
    follow_term(world.cordon, "search", "acknowledged", "heard")
    world.settle()
    follow_term(world.evac, "search", "not-met", "nobody searched", evidence="entry 3")
    view, page = document(world.evac)
    [course] = [one.course for one in view.expectations if one.id == "search"]
    assert "which is not consent" in course and "not met, as Evacuating party judges" in course
    assert "nobody searched" in page and "entry 3" in page
    assert kinds(world.evac)[-1] == "own:term"
    assert set(at_partner(world, "nobody searched").values()) == {0}


@pytest.mark.seed("S-87")
def test_what_bears_on_a_guarantee_stands_under_it(world):
    follow_term(world.evac, "guarantee", "bears-on", "two buses were sent back", evidence="entry 4")
    view, page = document(world.evac)
    [term] = [one for one in view.undertakings if one.id == "guarantee"]
    assert [(stage, text, shown) for _, _, stage, text, shown in term.later] == [
        ("bears-on", "two buses were sent back", "entry 4")
    ]
    assert "two buses were sent back" in page


@pytest.mark.seed("S-55")
def test_a_conditional_commitment_stands_after_the_firm_ones_with_its_condition(world):
    view, page = liaison(world.evac)
    agreed = [one for one in view.commitments if one.grade == "agreed"]
    assert [bool(one.condition) for one in agreed] == [False] * 4 + [True]
    assert "if it is possible to do so" in page


@pytest.mark.seed("S-41")
def test_a_formal_notice_is_delivered_acknowledged_and_cited_later(world):
    made = serve_notice(
        world.evac, "people with passes are under protection", condition="if they are attacked, we stop"
    )
    assert serve_notice(world.evac, "people with passes are under protection",
                        condition="if they are attacked, we stop") == made, "the same again is the same notice"  # fmt: skip
    assert [one.delivered for one in liaison(world.evac)[0].notices] == [False]
    assert taken(world) == [("notice", "taken")]
    [theirs] = liaison(world.cordon)[0].notices
    assert (theirs.ours, theirs.condition) == (False, "if they are attacked, we stop")
    assert ("notices", "a formal notice of 2021-08-14 waits for your acknowledgement") in liaison(world.cordon)[0].needs
    assert acknowledge_notice(world.evac, made.id).code == "unknown-sender", "nobody acknowledges an own notice"
    assert acknowledge_notice(world.cordon, "00" * 16).code == "unknown-notice"
    world.move(day(1))
    first = acknowledge_notice(world.cordon, made.id, "read")
    assert acknowledge_notice(world.cordon, made.id, "read again") == first
    assert taken(world) == [("notice", "taken")]
    change_state(world.evac, "breach", f"against notice {made.id}")
    second = serve_notice(world.evac, "passage has stopped", cites=(made.id,))
    assert taken(world) == [("state", "taken"), ("notice", "taken")], "a notice crosses while suspended"
    view, page = liaison(world.evac)
    [_, one] = view.notices
    assert (one.delivered, one.acknowledged, one.remark) == (True, "2021-08-15T00:00:00Z", "read")
    assert one.cited_by[0] == f"notice {second.id[:8]}" and one.cited_by[1].startswith("breach, entry ")
    assert "which is no consent" in page
    with world.cordon.store.reading() as tx:
        assert [tx.ledger.entry(n.ledger_index).kind for n in liaison(world.cordon)[0].notices] == ["in:notice"] * 2


@pytest.mark.seed("S-70")
def test_only_what_both_signed_opens_anything_whatever_speakers_hold_out(world):
    for grade in ("possible", "expected", "declined-to-say"):
        record(world, "prospect", speaker="foreign ministry", grade=grade, text=f"trade is {grade}")
        assert meet(world, "trade").code == "out-of-scope"
    with pytest.raises(BadInput, match="grade"):
        record(world, "prospect", speaker="foreign ministry", grade="agreed", text="trade is agreed")
    with world.evac.store.reading() as tx:
        found = commitments(tx, in_force(tx)[0])
    assert {one.grade for one in found} == {"possible", "expected", "declined-to-say", "agreed"}
    assert {one.source for one in found if one.grade == "agreed"} == {"version 1"}
    assert "Only what is agreed opens anything" in liaison(world.evac)[1]


@pytest.mark.seed("S-14")
def test_a_confidential_meeting_is_disclosed_later_and_stays_as_it_was_recorded(world):
    made = meet(world, "passage", place="abroad", confidential=True)
    before = liaison(world.evac)[0].meetings[0].line
    world.move(day(2))
    record(world, "disclosure", discloses=made.id, by="a newspaper", where="in print")
    view, page = liaison(world.evac)
    [one] = view.meetings
    assert one.line == before
    assert [(d.fields["by"], d.at) for d in one.disclosed] == [("a newspaper", "2021-08-16T00:00:00Z")]
    assert "confidential" in page and "became public" in page
    assert set(at_partner(world, "abroad, in", "a newspaper").values()) == {0}


@pytest.mark.seed("S-74")
def test_a_meeting_is_kept_with_its_permits_and_what_became_of_its_undertakings(world):
    made = meet(
        world, "passage", "control-points", undertakings=(("cordon", "open a second lane", day(3)),),
        follow_up="again on Friday",
    )  # fmt: skip
    assert meet(
        world, "passage", "control-points", undertakings=(("cordon", "open a second lane", day(3)),),
        follow_up="again on Friday",
    ) == made  # fmt: skip
    [one] = liaison(world.evac)[0].meetings
    assert one.permits == (("passage", PURPOSE), ("control-points", PURPOSE))
    [undertaken] = one.undertakings
    assert (undertaken.state, undertaken.late) == ("open", False)
    world.move(day(4))
    assert ("meetings", "1 undertaking of a meeting past the day") in liaison(world.evac)[0].needs
    record(world, "undertaking-followed", undertaking=undertaken.line.id, state="done", evidence="seen by our post")
    view, page = liaison(world.evac)
    assert [u.state for u in view.meetings[0].undertakings] == ["done"]
    assert "seen by our post" in page and "again on Friday" in page
    record(world, "meeting", place="a hotel", mode="in-person", level="heads", offices=["head"], confidential="no")
    assert [bool(m.permits) for m in liaison(world.evac)[0].meetings] == [False, True]
    assert "cites no permit" in liaison(world.evac)[1]
    with pytest.raises(BadInput, match="no time after now"):
        meet(world, "passage", at=day(9))
    with pytest.raises(BadInput, match="at least one subject"):
        meet(world)


@pytest.mark.seed("S-75", "S-72")
def test_founding_dates_may_disagree_and_earlier_dealings_are_linked_with_their_own_dates(world):
    view, page = document(world.evac)
    assert view.founding_disagrees
    assert len({source for _, _, source in view.founding}) == 2
    assert "The sources give different dates" in page
    record(world, "earlier-dealing", text="an agreement on withdrawal", began="2020-02-29T00:00:00Z")
    record(world, "earlier-dealing", text="contacts between offices", when="for several years")
    shown, page = liaison(world.evac)
    assert len(shown.earlier) == 2
    assert {(d.fields["began"], d.fields["when"]) for d in shown.dealings} == {
        ("2020-02-29T00:00:00Z", None), (None, "for several years"),
    }  # fmt: skip
    assert "29 Feb 2020" in page and "for several years" in page


@pytest.mark.seed("S-56")
def test_a_deadline_in_words_is_resolved_against_its_day_and_keeps_its_wording(world):
    resolved = resolve_wording("within the next five days", "2021-08-26")
    assert (resolved.first, resolved.last) == ("2021-08-26", "2021-08-31")
    record_wording(world.evac, "the deadline of version 1", resolved, "a briefing")
    view, page = document(world.evac)
    assert view.wordings == (
        ("the deadline of version 1", "within the next five days", "2021-08-26", "2021-08-26", "2021-08-31"),
    )
    assert "within the next five days" in page
    with pytest.raises(BadInput, match="words that mean one day"):
        resolve_wording("soon", "2021-08-26")
    with pytest.raises(BadInput, match="said"):
        resolve_wording("tomorrow", "yesterday")


@pytest.mark.seed("S-76", "S-71")
def test_days_without_contact_show_and_channels_outlive_the_closing(world):
    world.move(day(5))
    record(world, "contact-check", at=day(1, 3), contact="cordon-liaison", answered="yes")
    record(world, "liaison-log", at=day(2, 3), office="liaison officer", contact="yes", text="buses for tomorrow")
    record(world, "liaison-log", at=day(3, 3), office="liaison officer", contact="no", text="no answer all day")
    meet(world, "passage", at=day(4, 3))
    with world.evac.store.reading() as tx:
        assert silent_days(world.evac, tx) == ("2021-08-14", "2021-08-17")
    view, page = liaison(world.evac)
    assert [heard for _, heard in view.days] == [False, True, True, False, True]
    assert "2 days of 5 without contact" in page
    by_id = {one.id: one for one in view.channels}
    assert (by_id["cordon-liaison"].answered, by_id["cordon-liaison"].silent) == ("2021-08-15T03:00:00Z", True)
    assert by_id["diplomatic-channel"].tried is None and not by_id["evac-liaison"].silent
    close_cooperation(world.evac, "the last aircraft has left")
    world.move(day(9))
    record(world, "contact-check", contact="diplomatic-channel", answered="yes")
    view, page = liaison(world.evac)
    after = {one.id: one for one in view.channels}
    assert after["diplomatic-channel"].answered and not after["diplomatic-channel"].silent
    assert ("channels", "cordon-liaison (Cordon party) is silent") in view.needs
    assert "Channels outlive the agreement" in page


@pytest.mark.seed("S-33")
def test_the_partners_performance_is_a_course_of_grades_with_evidence_and_reservations(world):
    world.move(day(6))
    judge_partner(world.evac, "poor", evidence="entry 2", reservation=None, source="liaison officer", at=day(1))
    judge_partner(world.evac, "good", evidence="a full day without a refusal", reservation="not perfectly",
                  source="liaison officer", at=day(5))  # fmt: skip
    judge_partner(world.evac, "fair", evidence="entry 3", reservation=None, source="duty officer", at=day(3))
    view, page = liaison(world.evac)
    assert [(one.grade, one.rank) for one in view.performance] == [("poor", 0), ("fair", 2), ("good", 3)]
    drawn = str(draw_course(view.performance))
    heights = [float(part.split('"')[0]) for part in drawn.split('cy="')[1:]]
    assert heights == sorted(heights, reverse=True), "better is higher"
    assert drawn.count("head gone") == 1
    assert "not perfectly" in page and "average" in page
    with pytest.raises(BadInput, match="an entry of this ledger"):
        judge_partner(world.evac, "good", evidence="entry 99999", reservation=None, source="x")
    assert may(world.evac) == "permitted", "a grade opens and closes nothing"
    assert set(at_partner(world, "not perfectly", "performance-note").values()) == {0}


@pytest.mark.seed("S-31")
def test_what_is_relied_on_is_reviewed_after_any_incident_whatever_its_date(world):
    outside = {"relies_on": "screening outside", "from": "cordon", "fallback": "another gate", "review": day(30)}
    record(world, "dependency", **outside)

    def due():
        with world.evac.store.reading() as tx:
            return [one.line for one in follow_ups(world.evac, tx) if one.what == "dependency-due"]

    assert due() == []
    world.move(day(12))
    with world.evac.store.transaction() as tx:
        tx.records.add("incidents", "attack-1", b'{"title":"attack"}', world.evac.clock.now())
    assert due() == ["an incident was recorded; what is relied on is due for review: screening outside"]
    assert ("questions", "1 review due: open questions and what you rely on") in liaison(world.evac)[0].needs
    world.move(day(13))
    record(world, "dependency", **outside)
    assert due() == [], "it was looked at after the incident"
    assert "and after every incident" in liaison(world.evac)[1]


@pytest.mark.seed("S-66", "S-77")
def test_statements_are_held_side_by_side_and_a_clarification_stands_by_what_it_qualifies(world):
    one = record(world, "public-statement", at=day(0), speaker="defence ministry", occasion="briefing",
                 text="the coordination goes on")  # fmt: skip
    other = record(world, "public-statement", at=day(0, 2), speaker="Cordon party", occasion="press conference",
                   text="there is coordination at the airfield")  # fmt: skip
    record(world, "public-statement", at=day(0, 3), speaker="chancellery", occasion="statement",
           text="they are no friend", about=one.id)  # fmt: skip
    view, _ = liaison(world.evac)
    pairs = {(a.line.fields["speaker"], b.line.fields["speaker"]) for a, b in view.to_compare}
    assert ("defence ministry", "Cordon party") in pairs
    assert ("defence ministry", "chancellery") not in pairs, "a clarification is linked already"
    record(world, "statement-compared", one=one.id, other=other.id, finding="consistent", because="both name it")
    view, page = liaison(world.evac)
    assert ("defence ministry", "Cordon party") not in {
        (a.line.fields["speaker"], b.line.fields["speaker"]) for a, b in view.to_compare
    }
    [first] = [s for s in view.statements if s.line.id == one.id]
    assert [c.fields["text"] for c in first.clarified] == ["they are no friend"]
    assert first.compared == (("consistent", "Cordon party", "both name it"),)
    assert "clarified" in page and "consistent with" in page


@pytest.mark.seed("S-67")
def test_the_relation_has_as_many_names_as_speakers_and_may_have_none(world):
    record(world, "relation-label", at=day(0), speaker="general staff", label="businesslike")
    record(world, "relation-label", at=day(0, 1), speaker="foreign ministry", label=None)
    view, page = liaison(world.evac)
    assert [(one.fields["speaker"], one.fields["label"]) for one in view.labels] == [
        ("foreign ministry", None), ("general staff", "businesslike"),
    ]  # fmt: skip
    assert "gives it no name" in page and "businesslike" in page


@pytest.mark.seed("S-68")
def test_signing_without_a_recorded_reason_is_named_until_the_reason_is_there(world):
    view, page = liaison(world.evac)
    assert view.unreasoned == ("version 1",)
    assert "Why did we sign version 1?" in page
    reason = {"reason": "to keep the way open", "lowers": "attack on the way", "makes": "reliance on them"}
    record(world, "decision-reason", decision="version 1", office="head of service", **reason)
    view, page = liaison(world.evac)
    assert view.unreasoned == ()
    assert "reliance on them" in page
    next_version(world, deadline="2021-09-02T19:29:00Z")
    assert liaison(world.evac)[0].unreasoned == ("version 2",)


@pytest.mark.seed("S-69")
def test_an_open_question_asks_on_its_day_until_it_is_answered(world):
    question = {"question": "will it hold?", "settled_by": "a month without breach", "review": day(2)}
    record(world, "open-question", **question)
    assert "a month without breach" in liaison(world.evac)[1]
    assert not [one for one in liaison(world.evac)[0].needs if one[0] == "questions"]
    world.move(day(2))
    assert ("questions", "1 review due: open questions and what you rely on") in liaison(world.evac)[0].needs
    record(world, "open-question", **question, answer="it held")
    assert not [one for one in liaison(world.evac)[0].needs if one[0] == "questions"]


@pytest.mark.seed("S-61")
def test_own_interests_and_notes_are_found_nowhere_at_the_partner_nor_in_what_is_exported(world):
    texts = ["quartz interest", "quartz note", "quartz stance"]
    record(world, "own-interest", of="cordon", text=texts[0])
    write_note(world.evac, texts[1], source="liaison officer")
    record(world, "trust-stance", about="cordon", speaker="general staff", stance=texts[2])
    meet(world, "passage", follow_up="quartz follow-up")
    judge_partner(world.evac, "mixed", evidence="quartz evidence", reservation=None, source="liaison officer")
    recall_shares(world.evac, "at the end")
    serve_notice(world.evac, "the deadline stays")
    found = at_partner(world, *texts, "quartz")
    assert set(found.values()) == {0}, found
    ours = search_everywhere(world.evac_config.data_dir / "node.db", ["quartz"])
    assert ours["quartz"] > 5, "the search finds what is there"
    raw = b"".join(file.read_bytes() for file in world.cordon_config.data_dir.glob("*.db*"))
    assert b"quartz" not in raw
    around = Page(exercise=True)
    assert all(b"quartz" not in write_agreement(world.evac, form, around).body for form in ("json", "html"))
    assert all(text in liaison(world.evac)[1] for text in texts)


@pytest.mark.seed("S-65")
def test_no_stance_changes_any_answer_and_what_the_partner_says_rests_on_its_signature(world):
    asked = [("share", "threat-warning", PURPOSE), ("share", "trade", PURPOSE), ("meet", "passage", None)]

    def answers():
        return [may(world.evac, act, subject, purpose) for act, subject, purpose in asked]

    before = answers()
    for stance in ("trusted in all things", "not trusted at all"):
        record(world, "trust-stance", about="cordon", speaker="general staff", stance=stance)
        record(world, "performance-note", about="cordon", grade="poor", evidence="many", reservation=None)
        record(world, "relation-label", speaker="general staff", label="friend")
        assert answers() == before
    serve_notice(world.cordon, "the way is open")
    with world.cordon.store.reading() as tx:
        [row] = tx.outbox.due(10)
    forged = row.wire.replace(b"the way is open", b"the way is shut")
    assert forged != row.wire
    assert receive_envelope(world.evac, forged).code == "bad-signature"
    assert liaison(world.evac)[0].notices == ()
    assert receive_envelope(world.evac, row.wire).status == "taken"
