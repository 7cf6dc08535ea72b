"""What comes back on a release is never read for more than it says."""

import contextlib
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.alerts.answer import (
    HOUR,
    MOST_AN_HOUR,
    Acknowledgement,
    Action,
    Outcome,
    accept_acknowledgement,
    accept_outcome,
    acknowledged,
    assessments,
    flood,
    from_json,
    is_signed,
    to_json,
)
from safeconduct.alerts.answer_words import describe, own_words
from safeconduct.alerts.unanswered import Unanswered, lapsed_at, unanswered
from safeconduct.errors import BadInput, Refusal

AT = 1629880000
ACK = Acknowledgement("w-5f3a", "received", None, "cordon", AT, signed=True, corrects=False)
ACT = Action("w-5f3a", "search", "cordon", AT + 60, "outer-1", "searched the path")
OUT = Outcome("w-5f3a", "thwarted", "cordon", "partner", "thought", None, "some", "", AT + 90, None)


def _with(answer, **changes):
    return dataclasses.replace(answer, **changes)


@pytest.mark.seed("S-03", "S-07")
@pytest.mark.parametrize("answer", [ACK, ACT, OUT, _with(ACT, point=None)])
def test_answer_reads_back_as_it_was_written(answer):
    assert from_json(to_json(answer)) == answer


@pytest.mark.seed("S-03")
def test_acknowledgement_goes_forward_and_is_corrected_only_openly(release):
    understood = _with(ACK, stage="understood")
    accepted = _with(ACK, stage="accepted")
    declined = _with(ACK, stage="declined", reason="no people there")
    assert accept_acknowledgement(release, [], ACK) == ACK
    assert accept_acknowledgement(release, [ACK], understood) == understood
    assert accept_acknowledgement(release, [understood], ACK) == Refusal("already-answered", "w-5f3a")
    assert accept_acknowledgement(release, [accepted], declined) == Refusal("already-answered", "w-5f3a")
    corrected = _with(declined, corrects=True)
    assert accept_acknowledgement(release, [accepted], corrected) == corrected
    assert accept_acknowledgement(release, [_with(accepted, release_id="w-other")], ACK) == ACK
    reported = _with(accepted, signed=False)
    assert accept_acknowledgement(release, [reported], accepted) == accepted
    assert accept_acknowledgement(release, [accepted], reported) == Refusal("already-answered", "w-5f3a")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"release_id": "w-x"}, "unknown-release"),
        ({"by": "evac"}, "unknown-sender"),
        ({"at": 1640000000}, "expired-release"),
    ],
)
def test_acknowledgement_that_fits_no_release_is_refused(release, change, code):
    assert accept_acknowledgement(release, [], _with(ACK, **change)).code == code
    assert accept_acknowledgement(None, [], ACK).code == "unknown-release"


@pytest.mark.parametrize(
    "change", [{"stage": "declined"}, {"corrects": True}, {"stage": "approved"}, {"signed": 1}, {"type": "applause"}]
)
def test_bad_acknowledgement_is_refused(change):
    with pytest.raises(BadInput):
        from_json(json.dumps({**json.loads(to_json(ACK)), **change}).encode())


@pytest.mark.seed("S-03")
def test_acknowledged_is_never_shown_as_approved_nor_a_read_out_as_signed():
    assert describe(ACK) == "received by cordon (signed); not an approval"
    told = describe(_with(ACK, stage="declined", signed=False, reason="no time"))
    assert told == "declined by cordon (reported by our liaison, unsigned); not an approval: no time"


@pytest.mark.seed("S-07", "S-08")
def test_line_says_confidence_and_gives_no_number_where_none_was_given():
    assert describe(OUT) == "thought by cordon: thwarted, some"
    assert not any(sign.isdigit() for sign in describe(OUT))
    assert describe(_with(OUT, number=2, hedge="at least")) == "thought by cordon: thwarted, at least 2"
    assert describe(_with(OUT, number=0, hedge=None)) == "thought by cordon: thwarted, 0"
    assert describe(_with(OUT, hedge=None)) == "thought by cordon: thwarted"
    assert describe(ACT) == "cordon says it acted: search at outer-1"
    assert describe(_with(ACT, point=None)) == "cordon says it acted: search"


@pytest.mark.seed("S-08")
@pytest.mark.parametrize("change", [{"confidence": "confirmed"}, {"confidence": "believed"}, {"number": 3}])
def test_thought_outcome_becomes_no_more_without_evidence(release, change):
    raised = _with(OUT, at=AT + 500, **change)
    assert accept_outcome(release, [OUT], raised).code == "upgraded-silently"
    shown = _with(raised, evidence="two devices found")
    assert accept_outcome(release, [OUT], shown) == shown
    assert accept_outcome(release, [_with(OUT, assessor="somebody else")], raised) == raised


@pytest.mark.seed("S-08")
def test_lower_confidence_or_number_needs_no_evidence(release):
    before = _with(OUT, confidence="believed", number=3)
    after = _with(OUT, number=2)
    assert accept_outcome(release, [before], after) == after
    assert accept_outcome(release, [after], _with(after, number=3)).code == "upgraded-silently"


def test_outcome_that_fits_no_release_or_borrows_a_name_is_refused(release):
    assert accept_outcome(None, [], OUT).code == "unknown-release"
    assert accept_outcome(release, [], _with(OUT, release_id="w-x")).code == "unknown-release"
    assert accept_outcome(release, [], _with(OUT, assessor="evac")).code == "unknown-sender"
    assert accept_outcome(release, [], _with(OUT, assessor_kind="own")).code == "unknown-sender"


@pytest.mark.seed("S-09")
def test_unnamed_hedged_outcome_stands_beside_the_own_assessment():
    own = _with(OUT, assessor="evac", assessor_kind="own", confidence="believed", at=AT + 9)
    unnamed = _with(OUT, assessor="two officials, unnamed", assessor_kind="unnamed", hedge="may have averted some")
    seen = assessments([own, unnamed, OUT, _with(OUT, release_id="w-x")], "w-5f3a")
    assert (seen.own, seen.partner, seen.offices, seen.unnamed) == ((own,), (OUT,), (), (unnamed,))


@pytest.mark.seed("S-07")
def test_release_without_a_word_back_is_listed_longest_first(release):
    other = _with(release, id="w-2", first_issued=release.first_issued - 3600)
    gone = _with(release, id="w-3", revoked=True)
    now = release.issued + 1320
    waiting = unanswered([release, other, gone], [], now)
    assert waiting == (Unanswered("w-2", "acknowledgement", 4920), Unanswered("w-5f3a", "acknowledgement", 1320))
    assert unanswered([release], [ACK], now) == ()
    assert unanswered([release], [ACK], release.window_to + 5) == (Unanswered("w-5f3a", "outcome", 5),)
    assert unanswered([release], [ACK, OUT], release.window_to + 5) == ()
    remark = _with(OUT, assessor="two officials", assessor_kind="unnamed")
    assert unanswered([release], [ACK, remark], release.window_to + 5) == (Unanswered("w-5f3a", "outcome", 5),)
    assert unanswered([release], [remark], now) == (Unanswered("w-5f3a", "acknowledgement", 1320),)


@pytest.mark.seed("S-58")
def test_release_that_nobody_settled_lapses_when_the_cooperation_closes(release):
    accepted = _with(ACK, stage="accepted")
    gone = _with(release, id="w-3", revoked=True)
    assert lapsed_at([release, gone], [ACK, ACT], AT + 500) == ("w-5f3a",)
    assert lapsed_at([release], [accepted], AT + 500) == ()
    assert lapsed_at([release], [ACK], release.expires) == ()
    assert lapsed_at([release], [ACK, OUT], AT + 500) == ()
    assert lapsed_at([release], [_with(accepted, at=AT + 501)], AT + 500) == ("w-5f3a",)
    assert lapsed_at([release], [ACK, _with(OUT, assessor_kind="unnamed", assessor="x")], AT + 500) == ("w-5f3a",)


# -- which copy ---------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-03")
def test_an_answer_of_an_older_node_reads_as_of_the_first_version_and_of_no_copy():
    for answer in (ACK, ACT, OUT):
        plain = json.loads(to_json(answer))
        for name in ("version", "wire", "channel", "taken_by", "harm", "harm_number"):
            plain.pop(name, None)
        assert from_json(json.dumps(plain).encode()) == answer


def test_an_answer_to_version_one_does_not_answer_version_two(release):
    second = _with(release, version=2, issued=release.issued + 900)
    now = second.issued + 60
    accepted = _with(ACK, stage="accepted", version=1)
    assert not acknowledged(second, [accepted, ACT, OUT])
    assert unanswered([second], [accepted], now) == (Unanswered("w-5f3a", "correction", 60),)
    again = _with(ACK, version=2)
    assert accept_acknowledgement(second, [accepted], again) == again
    assert unanswered([second], [accepted, again], now) == ()


def test_a_withdrawal_is_listed_until_it_is_acknowledged_even_when_its_time_is_over(release):
    gone = _with(release, version=2, revoked=True, issued=release.issued + 900)
    late = _with(ACK, version=2, at=gone.expires + 1)
    assert unanswered([gone], [ACK, OUT], gone.issued + 5) == (Unanswered("w-5f3a", "withdrawal", 5),)
    assert accept_acknowledgement(gone, [ACK], late) == late
    assert unanswered([gone], [ACK, late], gone.issued + 5) == ()


def test_an_acknowledgement_of_a_version_that_nobody_sent_is_refused(release):
    assert accept_acknowledgement(release, [], _with(ACK, version=2)).code == "unknown-release"


@pytest.mark.seed("S-03")
def test_an_acknowledgement_of_another_copy_is_refused(release):
    bound = _with(ACK, version=1, wire="ab" * 32)
    assert accept_acknowledgement(release, [], bound, wire="ab" * 32) == bound
    assert accept_acknowledgement(release, [], bound) == bound
    assert accept_acknowledgement(release, [], ACK, wire="ab" * 32) == ACK
    assert accept_acknowledgement(release, [], bound, wire="cd" * 32).code == "another-copy"


# -- how it came --------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-07")
def test_what_came_by_another_channel_is_never_shown_as_signed():
    how = {"channel": "telephone", "taken_by": "duty officer"}
    told = [_with(ACK, signed=False, **how), _with(ACT, **how), _with(OUT, **how)]
    for answer in told:
        assert not is_signed(answer)
        assert "(reported by our liaison, unsigned, by telephone)" in describe(answer)
        assert "duty officer" not in describe(answer)
        assert from_json(to_json(answer)) == answer
    assert all(is_signed(answer) for answer in (ACK, ACT, OUT))
    with pytest.raises(BadInput) as caught:
        from_json(to_json(_with(ACK, **how)))
    assert caught.value.where == "answer.channel"


def test_a_warning_given_to_a_point_reads_so():
    assert describe(_with(ACT, action="assigned")) == "cordon gave it to outer-1"
    assert describe(_with(ACT, action="assigned", point=None)) == "cordon gave it to no point"


# -- harm ---------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-08")
def test_harm_is_reported_as_given_with_a_number_only_where_one_was_given(release):
    harmed = _with(OUT, harm="two were hurt in the search")
    assert describe(harmed) == "thought by cordon: thwarted, some; harm was reported"
    assert "hurt" not in describe(harmed)
    counted = _with(harmed, harm_number=2, at=AT + 500)
    assert describe(counted).endswith("; harm was reported: 2")
    assert accept_outcome(release, [harmed], counted).code == "upgraded-silently"
    shown = _with(counted, evidence="the hospital's list")
    assert accept_outcome(release, [harmed], shown) == shown
    with pytest.raises(BadInput) as caught:
        from_json(to_json(_with(OUT, harm_number=2)))
    assert caught.value.where == "answer.harm"


def test_words_written_by_hand_stand_apart_from_the_line():
    assert own_words(ACK) == own_words(OUT) == ""
    assert own_words(ACT) == "searched the path"
    full = _with(OUT, text="by the wall", harm="one was struck", evidence="a doctor's note")
    assert own_words(full) == "by the wall; harm: one was struck; shown by: a doctor's note"
    assert own_words(_with(OUT, text="by the wall")) == "by the wall"


def test_many_answers_within_an_hour_are_a_flood_and_old_ones_are_none():
    assert not flood([AT] * (MOST_AN_HOUR - 1), AT)
    assert flood([AT] * MOST_AN_HOUR, AT)
    assert not flood([AT] * MOST_AN_HOUR, AT + HOUR)


@given(data=st.data())
def test_any_field_of_an_answer_replaced_is_read_or_refused(data):
    plain = json.loads(to_json(data.draw(st.sampled_from([ACK, ACT, OUT]))))
    name = data.draw(st.sampled_from(sorted(plain)))
    plain[name] = data.draw(st.none() | st.booleans() | st.integers() | st.text(max_size=10))
    read = None
    with contextlib.suppress(BadInput):
        read = from_json(json.dumps(plain).encode())
    assert read is None or json.loads(to_json(read)) == plain
