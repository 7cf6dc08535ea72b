"""A report becomes a release, crosses, is acknowledged, acted upon and answered; what was withheld is nowhere there."""

import json

import pytest

from safeconduct.alerts.answer import Acknowledgement, Outcome, to_json
from safeconduct.errors import BadInput, Refusal
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.answer_release import answer_release, assessor_of
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.envelopes import send
from safeconduct.workflows.release_warning import release_warning, withheld_texts
from safeconduct.workflows.show_release import show_release
from safeconduct.workflows.show_room import show_room
from workflows.two_nodes import PROTECT


@pytest.fixture
def warned(world):
    """A world with a report entered, and a release of it at the partner."""
    report = json.loads(world.scenario.report)
    world.entered = report["entered_at"]
    world.move(world.entered + 600)
    world.report = enter_report(world.evac, world.scenario.report)
    sent = release_warning(world.evac, world.report, world.scenario.policy, purpose=PROTECT)
    assert not isinstance(sent, Refusal), sent
    world.sent, world.release = sent, sent.release_id
    assert [(k, a.status) for k, a in world.settle()] == [("release", "taken")]
    return world


def say(world, **fields):
    given = {"release_id": world.release, "at": world.cordon.clock.now(), **fields}
    return answer_release(world.cordon, json.dumps(given).encode())


def acknowledge(world, stage):
    return say(world, type="acknowledgement", stage=stage, reason=None, by="cordon", signed=True, corrects=False)


def act(world):
    return say(world, type="action", action="search", point=world.outer[0], text="searched along the road", by="cordon")


def outcome(world, result="nothing"):
    return say(
        world, type="outcome", result=result, assessor="cordon", assessor_kind="partner", confidence="thought",
        number=None, hedge=None, text="nothing was found", evidence=None,
    )  # fmt: skip


@pytest.mark.seed("S-03", "S-04", "S-05", "S-06", "S-07", "S-08")
def test_a_warning_crosses_is_acknowledged_acted_upon_and_its_outcome_comes_back(warned):
    for answer in (acknowledge(warned, "received"), acknowledge(warned, "accepted"), act(warned), outcome(warned)):
        assert isinstance(answer, int), answer
    kinds = [(k, a.status) for k, a in warned.settle()]
    assert kinds == [(k, "taken") for k in ("acknowledgement", "acknowledgement", "action", "outcome")]
    [ours] = show_room(warned.evac).warnings
    assert (ours.state, ours.direction) == ("closed", "sent")
    assert ours.acknowledged_at
    assert "search" in ours.action
    assert ours.outcome_confidence == "thought"
    view = show_release(warned.evac, warned.release)
    assert len(view.answers) == 4
    with warned.evac.store.reading() as tx:
        assert [r.kind for r in tx.alerts.answers()] == ["acknowledgement", "acknowledgement", "action", "outcome"]
        for row in tx.alerts.answers():
            assert tx.ledger.entry(row.ledger_index).kind == f"in:{row.kind}"


def test_no_withheld_value_is_in_any_byte_of_the_partners_files(warned):
    acknowledge(warned, "received")
    warned.settle()
    texts = withheld_texts(warned.evac, warned.release)
    assert "Exercise source MARIGOLD" in texts
    folder = warned.cordon_config.data_dir
    files = [*folder.glob("node.db*"), *folder.glob("head.db*")]
    assert "node.db-wal" in {f.name for f in files}  # the newest rows are there
    raw = b"\x00".join(f.read_bytes() for f in files).lower()
    assert warned.release.encode() in raw  # what did cross is found by the same search
    assert [t for t in texts if t.lower().encode() in raw] == []
    warned.close()  # all is in the main file now
    raw = (folder / "node.db").read_bytes().lower()
    assert [t for t in texts if t.lower().encode() in raw] == []
    assert not any(search_everywhere(folder / "node.db", texts).values())
    warned.open()


def test_the_owner_cannot_read_the_report_in_its_own_file_either(warned):
    folder = warned.evac_config.data_dir
    raw = b"".join(f.read_bytes() for f in folder.glob("node.db*"))
    assert b"MARIGOLD" not in raw


def test_the_same_answer_again_keeps_its_place(warned):
    first = acknowledge(warned, "received")
    size = warned.count(warned.cordon, "ledger")
    assert acknowledge(warned, "received") == first
    assert warned.count(warned.cordon, "ledger") == size


@pytest.mark.parametrize("answer", [acknowledge, lambda w, _: act(w), lambda w, _: outcome(w)])
def test_an_answer_to_an_unknown_release_is_refused_and_logged(warned, answer):
    warned.release = "00000000-0000-4000-8000-000000000000"
    made = answer(warned, "received")
    assert made.code == "unknown-release"
    with warned.cordon.store.reading() as tx:
        assert refused_acts(tx)[-1][2].code == "unknown-release"


def test_another_report_under_a_known_id_is_refused(warned):
    other = json.loads(warned.scenario.report) | {"details": "something else"}
    with pytest.raises(BadInput) as caught:
        enter_report(warned.evac, json.dumps(other).encode())
    assert caught.value.code == "duplicate-id"
    assert enter_report(warned.evac, warned.scenario.report) == warned.report


def test_the_same_report_under_the_same_policy_again_sends_nothing_new(warned):
    """As `release_warning` promises: a retry returns what was sent."""
    again = release_warning(warned.evac, warned.report, warned.scenario.policy, purpose=PROTECT)
    assert not isinstance(again, Refusal), again
    assert again.release_id == warned.release
    assert warned.settle() == []


def test_a_release_without_a_common_purpose_is_refused_and_nothing_crosses(warned):
    for purpose in (None, "recognition"):
        made = release_warning(warned.evac, warned.report, warned.scenario.policy, purpose=purpose)
        assert made.code == "purpose-missing"
    assert warned.settle() == []


# -- how early it was --------------------------------------------------------------------------------------------


def window_from(world):
    return world.sent.derivation.release.window_from


@pytest.mark.seed("S-06")
def test_the_room_says_how_long_before_its_window_a_warning_was_sent_and_received(warned):
    [ours] = show_room(warned.evac).warnings
    assert ours.lead.startswith("sent ")
    assert ours.lead.endswith(" before its window; no receipt from the partner")
    warned.move(window_from(warned) - 8 * 60)
    acknowledge(warned, "received")
    warned.settle()
    late = "reached the partner 8 minutes before its window: too late to act"
    assert show_room(warned.evac).warnings[0].lead.endswith(late)
    assert show_release(warned.evac, warned.release).lead.endswith(late)
    [theirs] = show_room(warned.cordon).warnings
    assert theirs.lead.startswith("reached us ")
    assert theirs.lead.endswith(" before its window")


@pytest.mark.seed("S-06")
def test_a_warning_that_arrives_in_its_window_is_too_late_for_both(world):
    report = json.loads(world.scenario.report)
    world.move(report["entered_at"] + 600)
    enter_report(world.evac, world.scenario.report)
    made = release_warning(world.evac, report["id"], world.scenario.policy, purpose=PROTECT)
    world.move(made.derivation.release.window_from + 60)
    world.settle()
    [theirs] = show_room(world.cordon).warnings
    assert theirs.lead == "reached us 1 minute after its window began: too late to act"


# -- suspended and closed ----------------------------------------------------------------------------------------


@pytest.mark.seed("S-62")
def test_a_warning_sent_before_a_breach_arrives_and_one_after_it_is_refused(world):
    report = json.loads(world.scenario.report)
    world.move(report["entered_at"] + 600)
    enter_report(world.evac, world.scenario.report)
    world.release = release_warning(world.evac, report["id"], world.scenario.policy, purpose=PROTECT).release_id
    world.move(report["entered_at"] + 900)
    change_state(world.cordon, "breach", "the road was closed")
    assert [(k, a.status) for k, a in world.settle()] == [("release", "taken"), ("state", "taken")]
    again = release_warning(world.evac, report["id"], world.scenario.policy, purpose=PROTECT)
    assert again.code == "agreement-suspended"
    assert isinstance(acknowledge(world, "received"), int)
    assert [(k, a.status) for k, a in world.settle()] == [("acknowledgement", "taken")]


@pytest.mark.seed("S-58")
def test_what_is_not_settled_at_the_closing_lapses_on_both_sides(warned):
    acknowledge(warned, "received")
    warned.settle()
    change_state(warned.evac, "last-departure")
    warned.settle()
    for node in (warned.evac, warned.cordon):
        assert [w.state for w in show_room(node).warnings] == ["lapsed"]
    assert show_release(warned.evac, warned.release).state == "lapsed"
    warned.move(warned.evac.clock.now() + 60)
    acknowledge(warned, "accepted")
    warned.settle()
    assert [w.state for w in show_room(warned.evac).warnings] == ["lapsed"]


@pytest.mark.seed("S-58")
def test_what_was_accepted_before_the_closing_stands(warned):
    acknowledge(warned, "accepted")
    warned.settle()
    warned.move(warned.evac.clock.now() + 60)
    change_state(warned.evac, "last-departure")
    assert [w.state for w in show_room(warned.evac).warnings] == ["accepted"]


# -- who says what came of it ------------------------------------------------------------------------------------


def assess(world, node, *, office=None, unnamed=None, confidence="thought", **changes):
    who, kind = assessor_of(node, world.release, office=office, unnamed=unnamed)
    given = {"number": None, "hedge": None, "text": "", "evidence": None, **changes}
    answer = Outcome(world.release, "thwarted", who, kind, confidence, at=node.clock.now(), **given)
    return answer_release(node, to_json(answer))


@pytest.mark.seed("S-09")
def test_what_unnamed_officials_and_an_office_say_stands_beside_our_own_and_crosses_to_nobody(warned):
    acknowledge(warned, "received")
    warned.settle()
    assess(warned, warned.evac, confidence="believed")
    assess(warned, warned.evac, unnamed="two officials", hedge="may have averted some")
    assess(warned, warned.evac, office="the other ministry")
    assert warned.settle() == []
    [ours] = show_room(warned.evac).warnings
    assert (ours.state, ours.outcome) == ("received", None)
    assert {one.whose: one.lines for one in ours.beside} == {
        "our own view": ("believed by Evacuating party: thwarted",),
        "a named office": ("thought by the other ministry: thwarted",),
        "somebody unnamed": ("thought by two officials (unnamed): thwarted, may have averted some",),
    }
    outcome(warned)
    warned.settle()
    view = show_release(warned.evac, warned.release)
    assert [one.whose for one in view.assessments] == [
        "our own view", "the partner's view", "a named office", "somebody unnamed",
    ]  # fmt: skip
    assert all(len(one.lines) == 1 for one in view.assessments)
    [theirs] = show_room(warned.cordon).warnings
    assert theirs.beside == ()
    with warned.evac.store.reading() as tx:
        assert len(tx.ledger.find("own:outcome")) == 3


def test_an_outside_remark_is_no_word_of_the_partner(warned):
    assess(warned, warned.evac, unnamed="two officials")
    assert show_room(warned.evac).unanswered == 1
    acknowledge(warned, "received")
    warned.settle()
    assert show_room(warned.evac).unanswered == 0


def test_nobody_signs_or_assesses_for_the_other_party(warned):
    at = warned.evac.clock.now()
    forged = Acknowledgement(warned.release, "accepted", None, "cordon", at, signed=True, corrects=False)
    assert answer_release(warned.evac, to_json(forged)).code == "unknown-sender"
    theirs = Outcome(warned.release, "nothing", "cordon", "partner", "thought", None, None, "", at, None)
    assert answer_release(warned.evac, to_json(theirs)).code == "unknown-sender"
    ours = Outcome(warned.release, "nothing", "evac", "own", "thought", None, None, "", at, None)
    assert answer_release(warned.cordon, to_json(ours)).code == "unknown-sender"
    with pytest.raises(BadInput):
        assessor_of(warned.evac, warned.release, office="a ministry", unnamed="two officials")


def test_the_partner_cannot_put_an_assessment_into_our_mouth(warned):
    ours = Outcome(warned.release, "nothing", "evac", "own", "thought", None, None, "", 1, None)
    with warned.cordon.store.transaction() as tx:
        send(warned.cordon, tx, to="evac", kind="outcome", agreement="kabul-2021", body=to_json(ours))
    assert [answer.code for _, answer in warned.settle()] == ["unknown-sender"]
    assert show_room(warned.evac).warnings[0].beside == ()


def test_what_a_liaison_reports_stays_here_unsigned_and_gives_way_to_the_signed_answer(warned):
    at = warned.evac.clock.now()
    told = Acknowledgement(warned.release, "accepted", None, "cordon", at, signed=False, corrects=False)
    assert isinstance(answer_release(warned.evac, to_json(told)), int)
    assert warned.settle() == []
    [ours] = show_room(warned.evac).warnings
    assert (ours.state, ours.unsigned) == ("accepted", True)
    acknowledge(warned, "accepted")
    assert [(k, a.status) for k, a in warned.settle()] == [("acknowledgement", "taken")]
    assert not show_room(warned.evac).warnings[0].unsigned
