import pytest

from safeconduct.errors import BadInput
from safeconduct.incidents.cases import Case, Step, check_case, state_at

STEPS = (
    Step("accountability", "open", "own node", "2021-08-30", "c1"),
    Step("harm", "reported", "a survivor", "2021-08-29/2021-08-30", "c1"),
    Step("harm", "under-review", "press secretary", "2021-08-30", "c2"),
    Step("harm", "acknowledged", "defence department", "2021-09-17", "c3"),
    Step("amends", "condolence", "commander", "2021-09-17", "c3"),
    Step("amends", "exploring", "commander", "2021-09-17", "c3"),
)
CASE = Case("case", "i1", "evac", STEPS)


@pytest.mark.seed("S-97")
def test_harm_goes_from_review_to_acknowledgement_on_its_day():
    assert state_at(CASE, "2021-08-29").harm is None
    assert state_at(CASE, "2021-09-16").harm == "under-review" and state_at(CASE, "2021-09-16").acknowledged_on is None
    assert state_at(CASE, "2021-09-17").acknowledged_on == "2021-09-17"


@pytest.mark.seed("S-98")
def test_exploring_payment_never_counts_as_paid():
    found = state_at(CASE, "2021-12-31")
    assert found.amends == ("condolence", "exploring") and not found.paid
    paid = Case("case", "i1", "evac", (*STEPS, Step("amends", "paid", "defence department", "2022-01-01", "c4")))
    assert state_at(paid, "2022-01-01").paid and not state_at(paid, "2021-12-31").paid


@pytest.mark.seed("S-102")
def test_case_stays_open_until_a_named_act_closes_it():
    assert state_at(CASE, "2021-12-31").open


@pytest.mark.seed("S-103")
def test_case_closed_by_another_partys_report_keeps_the_reporter_and_what_is_open():
    closing = Step(
        "accountability", "closed", "national security council", "2023-04-25", "c5", "broadcaster", "the name"
    )
    found = state_at(Case("case", "i1", "third-party", (STEPS[0], closing)), "2023-04-25")
    assert not found.open and found.closed_by == closing and found.closed_by.unconfirmed == "the name"


@pytest.mark.seed("S-101")
def test_case_against_the_own_side_is_checked_by_the_same_steps():
    for against in ("evac", "cordon"):
        case = Case("case", "i1", against, STEPS)
        assert check_case(case, ["i1"], ["c1", "c2", "c3"]) is case


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Step("harm", "forgiven", "x", "2021-08-30", "c1"), "bad-case"),
        (Step("revenge", "open", "x", "2021-08-30", "c1"), "bad-case"),
        (Step("harm", "reported", "", "2021-08-30", "c1"), "bad-case"),
        (Step("harm", "reported", "x", "2021-08-30", "c9"), "bad-case"),
        (Step("harm", "reported", "x", "August", "c1"), "bad-date"),
    ],
)
def test_broken_step_is_refused(step, code):
    with pytest.raises(BadInput) as caught:
        check_case(Case("case", "i1", "evac", (step,)), ["i1"], ["c1"])
    assert caught.value.code == code


def test_case_of_an_unknown_incident_is_refused():
    with pytest.raises(BadInput):
        check_case(CASE, ["i2"], ["c1", "c2", "c3"])
