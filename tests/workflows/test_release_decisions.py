"""What goes against a rule needs two people; where floor and ceiling conflict a named office decides on the warning."""

import json

import pytest

from safeconduct.errors import BadInput, Refusal, SafeconductError
from safeconduct.operators.approval import LIFETIME, Request
from safeconduct.workflows.approve_release import ask_override, confirm_override, decline_override
from safeconduct.workflows.common import refused_acts
from safeconduct.workflows.decide_duty_to_warn import decide_duty_to_warn
from safeconduct.workflows.draft_release import draft_release
from safeconduct.workflows.keep_policy import keep_policy
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.show_desk import all_requests, show_desk
from workflows.release_samples import FIRST, SECOND, enter, policy_of, ready
from workflows.two_nodes import PROTECT

REASON = "HERON says that it begins sooner"


@pytest.fixture
def late(world):
    """A report whose window begins half an hour from now: below the policy's hour."""
    ready(world)
    world.move(json.loads(world.scenario.report)["window_from"] - 1_800)
    return world


def ask(world, **changes):
    made = ask_override(world.evac, world.report, purpose=PROTECT, reason=REASON, by=FIRST, **changes)
    assert isinstance(made, Request), made
    return made


def own(world, kind):
    with world.evac.store.reading() as tx:
        return [json.loads(entry.envelope) for entry in tx.ledger.find(f"own:{kind}")]


def test_within_policy_one_office_with_the_role_releases_what_it_was_shown(world):
    ready(world)
    view = draft_release(world.evac, world.report)
    assert (view.code, view.rules, view.purpose, view.policy_version) == ("", (), PROTECT, 1)
    assert dict(view.theirs)["area"] == "cell 301320012013102, about 1,223 m across"
    struck = {f.name for f in view.fields if f.theirs is None}
    assert {"what", "site", "sources", "entered_by", "details", "harm_answer", "actor", "precision_m"} <= struck
    assert all(f.rule for f in view.fields)
    assert dict(view.inference)["releases that count"] == "none before this one"
    sent = release_warning(world.evac, world.report, purpose=PROTECT, by=FIRST, seen=view.digest)
    assert [(k, a.status) for k, a in world.settle()] == [("release", "taken")]
    again = draft_release(world.evac, world.report)
    assert again.releases == ((sent.release_id, "unanswered"),)
    assert [one.id for one in again.touching] == [sent.release_id]
    [act] = own(world, "release")
    assert (act["by"], act["about"], act["policy"], act["version"]) == (FIRST, sent.release_id, 1, 1)


def test_what_changed_since_it_was_shown_is_not_sent(world):
    ready(world)
    view = draft_release(world.evac, world.report)
    keep_policy(world.evac, policy_of(world, max_cell_level=14), by=FIRST)
    made = release_warning(world.evac, world.report, purpose=PROTECT, by=FIRST, seen=view.digest)
    assert made.code == "changed-since-seen"
    assert world.settle() == []


@pytest.mark.parametrize("by", ["liaison", "reader", SECOND, "nobody"])
def test_an_office_without_the_role_releases_nothing(world, by):
    ready(world)
    assert release_warning(world.evac, world.report, purpose=PROTECT, by=by).code == "role-needed"
    assert world.settle() == []
    with world.evac.store.reading() as tx:
        assert refused_acts(tx)[-1][2].code == "role-needed"


def test_too_late_is_refused_asked_for_confirmed_by_another_office_and_sent(late):
    assert release_warning(late.evac, late.report, purpose=PROTECT, by=FIRST).code == "too-late-to-help"
    view = draft_release(late.evac, late.report)
    assert (view.code, view.rules) == ("too-late-to-help", ("too-late-to-help",))
    assert view.theirs and view.lead == "30 minutes until the window begins"
    request = ask(late)
    assert ask(late).id == request.id  # asked twice is asked once
    [waiting] = show_desk(late.evac).requests
    assert (waiting.by_id, waiting.reason, waiting.state) == (FIRST, REASON, "open")
    assert show_desk(late.evac).reports[0].waiting
    assert confirm_override(late.evac, request.id, by=FIRST).code == "second-person-needed"
    assert confirm_override(late.evac, request.id, by="liaison").code == "role-needed"
    assert late.settle() == []
    sent = confirm_override(late.evac, request.id, by=SECOND, why="seen")
    assert not isinstance(sent, Refusal), sent
    assert "late" in sent.derivation.flags
    assert [(k, a.status) for k, a in late.settle()] == [("release", "taken")]
    [act] = own(late, "release")
    assert act["overrides"] == [{"by": FIRST, "rule": "too-late-to-help", "second": SECOND}]
    assert confirm_override(late.evac, request.id, by=SECOND).code == "approval-over"
    assert [one.state for one in all_requests(late.evac)] == ["confirmed"]


def test_a_second_person_who_declines_sends_nothing_and_gives_a_reason(late):
    request = ask(late)
    with pytest.raises(BadInput):
        decline_override(late.evac, request.id, by=SECOND, why=" ")
    assert decline_override(late.evac, request.id, by=FIRST, why="no").code == "second-person-needed"
    assert decline_override(late.evac, request.id, by=SECOND, why="it would empty the road").verdict == "declined"
    assert late.settle() == []
    assert own(late, "override-declined")[0]["by"] == SECOND
    assert [one.what for one in draft_release(late.evac, late.report).decisions][-1].startswith("declined")


def test_a_request_expires(late):
    request = ask(late)
    assert request.expires == request.at + LIFETIME
    late.move(request.expires)
    assert confirm_override(late.evac, request.id, by=SECOND).code == "approval-over"
    assert show_desk(late.evac).requests == ()
    assert [one.state for one in all_requests(late.evac)] == ["expired"]


def test_what_changed_while_it_waited_has_to_be_asked_anew(late):
    request = ask(late)
    keep_policy(late.evac, policy_of(late, max_cell_level=14), by=FIRST)
    assert confirm_override(late.evac, request.id, by=SECOND).code == "changed-since-seen"
    keep_policy(late.evac, policy_of(late, max_cell_level=14, min_candidates=9), by=FIRST)
    assert confirm_override(late.evac, request.id, by=SECOND).code == "too-few-candidates"
    assert late.settle() == []


def test_nothing_is_asked_for_where_nothing_stands_against_it_or_nobody_can_decide_against_it(world):
    ready(world)
    made = ask_override(world.evac, world.report, purpose=PROTECT, reason=REASON, by=FIRST)
    assert made.code == "no-override-needed"
    enter(world, "second", harm_answer=None)
    assert ask_override(world.evac, "second", purpose=PROTECT, reason=REASON, by=FIRST).code == "harm-not-considered"
    view = draft_release(world.evac, "second")
    assert (view.code, view.rules, view.theirs) == ("harm-not-considered", (), ())
    assert "who could be harmed" in view.next_step
    assert ask_override(world.evac, "second", purpose=PROTECT, reason=REASON, by="reader").code == "role-needed"
    assert ask_override(world.evac, "second", purpose="recognition", reason=REASON).code == "purpose-missing"
    with pytest.raises(SafeconductError):
        confirm_override(world.evac, "nothing", by=SECOND)


def test_two_rules_at_once_are_one_request(world):
    ready(world, embargo_until=json.loads(world.scenario.report)["window_to"])
    world.move(json.loads(world.scenario.report)["window_from"] - 60)
    assert ask(world).rules == ("too-late-to-help", "embargoed")
    assert len(draft_release(world.evac, world.report).against) == 2


@pytest.mark.parametrize("decision", ["warn", "do-not-warn"])
def test_a_duty_to_warn_decision_is_recorded_with_its_office_and_reason(late, decision):
    made = decide_duty_to_warn(late.evac, late.report, decision, purpose=PROTECT, reason=REASON, by=FIRST)
    [entry] = own(late, "duty-to-warn")
    assert (entry["by"], entry["decision"], entry["about"]) == (FIRST, decision, late.report)
    [told] = show_desk(late.evac).reports
    assert told.decision.endswith(": duty officer")
    last = draft_release(late.evac, late.report).decisions[-1]
    assert last.reason == REASON
    assert late.settle() == []
    if decision == "warn":
        assert not isinstance(confirm_override(late.evac, made.id, by=SECOND), Refusal)
        assert [k for k, _ in late.settle()] == ["release"]
    else:
        assert isinstance(made, int) and show_desk(late.evac).requests == ()


def test_a_decision_needs_the_role_a_reason_and_something_to_decide(late):
    def decide(decision, reason=REASON, by=FIRST):
        return decide_duty_to_warn(late.evac, late.report, decision, purpose=PROTECT, reason=reason, by=by)

    assert decide("warn", by="liaison").code == "role-needed"
    for reason in ("", "x" * 2_001):
        with pytest.raises(BadInput):
            decide("warn", reason=reason)
    assert isinstance(decide("do-not-warn"), int)
    late.move(json.loads(late.scenario.report)["window_to"])
    assert decide("warn").code == "expired-release"
    assert own(late, "duty-to-warn")[0]["decision"] == "do-not-warn"


def test_no_reason_is_readable_in_the_file(late):
    ask(late)
    decide_duty_to_warn(late.evac, late.report, "do-not-warn", purpose=PROTECT, reason=REASON, by=FIRST)
    raw = b"".join(f.read_bytes() for f in late.evac_config.data_dir.glob("node.db*"))
    assert b"HERON" not in raw


def test_without_a_policy_or_an_agreement_the_draft_says_so(world, apart):
    world.move(1629957000)
    enter(world)
    view = draft_release(world.evac, "report-exercise-1")
    assert (view.code, view.fields, bool(view.own)) == ("no-policy", (), True)
