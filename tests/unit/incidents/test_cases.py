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
CLAIMS = dict.fromkeys(("c1", "c2", "c3", "c4", "c5"), "stands")


def at(day, *more, steps=STEPS, claims=CLAIMS):
    return state_at(Case("case", "i1", "evac", (*steps, *more)), day, claims)


@pytest.mark.seed("S-97")
def test_harm_goes_from_review_to_acknowledgement_on_its_day():
    assert at("2021-08-29").harm is None and at("2021-08-29").steps == ()
    assert at("2021-09-16").harm.status == "under-review" and at("2021-09-16").acknowledged is None
    assert at("2021-09-17").harm == at("2021-09-17").acknowledged == STEPS[3]


@pytest.mark.seed("S-97")
def test_a_further_report_takes_back_no_answer_and_a_denial_keeps_the_acknowledgement():
    again = Step("harm", "reported", "a medic", "2021-10-01", "c4")
    denied = Step("harm", "denied", "defence department", "2021-10-02", "c5")
    assert at("2021-12-31", again).harm.status == "acknowledged"
    found = at("2021-12-31", again, denied)
    assert found.harm == denied and found.acknowledged == STEPS[3]
    assert at("2021-12-31", steps=(STEPS[1],)).harm.status == "reported"


@pytest.mark.seed("S-98")
def test_exploring_payment_never_counts_as_paid():
    (one,) = at("2021-12-31").amends
    assert one.stages == ("condolence", "exploring") and not one.paid
    assert one.words == "condolence given; payment explored, which is no offer; nothing paid"
    paid = Step("amends", "paid", "defence department", "2022-01-01", "c4")
    assert not at("2021-12-31", paid).amends[0].paid
    (one,) = at("2022-01-01", paid).amends
    assert one.paid and "nothing paid" not in one.words


@pytest.mark.seed("S-98")
def test_amends_to_one_family_are_none_to_another():
    steps = (
        Step("amends", "offered", "defence department", "2021-10-01", "c4", to="family 1"),
        Step("amends", "offered", "defence department", "2021-10-01", "c4", to="family 2"),
        Step("amends", "paid", "defence department", "2021-11-01", "c5", to="family 1"),
    )
    assert [(a.to, a.paid) for a in at("2021-12-31", steps=steps).amends] == [("family 1", True), ("family 2", False)]


CLOSING = Step("accountability", "closed", "national security council", "2023-04-25", "c5", "broadcaster", "the name")


@pytest.mark.seed("S-102")
def test_case_stays_open_until_a_named_act_closes_it():
    assert at("2021-12-31").closed is None
    assert at("2023-04-24", CLOSING).closed is None
    assert at("2023-04-25", CLOSING).closed == CLOSING
    assert at("2023-05-01", CLOSING, Step("accountability", "open", "own node", "2023-05-01", "c4")).closed is None


@pytest.mark.seed("S-102")
@pytest.mark.parametrize("withdrawn", ["corrected", "retracted"])
def test_case_is_open_again_when_the_claim_that_closed_it_is_withdrawn(withdrawn):
    found = at("2023-04-25", CLOSING, claims={**CLAIMS, "c5": withdrawn})
    assert found.closed is None and CLOSING in found.steps
    assert at("2023-04-25", CLOSING, claims={**CLAIMS, "c5": "disputed"}).closed == CLOSING


@pytest.mark.seed("S-103")
def test_case_closed_by_another_partys_report_keeps_the_reporter_and_what_is_open():
    found = at("2023-04-25", CLOSING)
    assert (found.closed.reported_by, found.closed.unconfirmed) == ("broadcaster", "the name")


def test_step_is_not_known_before_its_claim_is():
    assert at("2021-12-31", claims={}).steps == ()
    assert {step.claim for step in at("2021-12-31", claims={"c1": "stands"}).steps} == {"c1"}


@pytest.mark.seed("S-101")
def test_case_against_the_own_side_is_checked_by_the_same_steps():
    for against in ("evac", "cordon"):
        case = Case("case", "i1", against, STEPS)
        assert check_case(case, ["i1"], dict.fromkeys(("c1", "c2", "c3"), "i1")) is case


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Step("harm", "forgiven", "x", "2021-08-30", "c1"), "bad-case"),
        (Step("revenge", "open", "x", "2021-08-30", "c1"), "bad-case"),
        (Step("harm", "reported", "", "2021-08-30", "c1"), "bad-case"),
        (Step("harm", "reported", "x", "2021-08-30", "c9"), "bad-case"),
        (Step("harm", "reported", "x", "2021-08-30", "c2"), "bad-case"),  # a claim of another incident
        (Step("harm", "reported", "x", "2021-08-30", "c1", to="family 1"), "bad-case"),
        (Step("harm", "reported", "x", "August", "c1"), "bad-date"),
    ],
)
def test_broken_step_is_refused(step, code):
    with pytest.raises(BadInput) as caught:
        check_case(Case("case", "i1", "evac", (step,)), ["i1"], {"c1": "i1", "c2": "i2"})
    assert caught.value.code == code


def test_case_of_an_unknown_incident_is_refused():
    with pytest.raises(BadInput):
        check_case(CASE, ["i2"], dict.fromkeys(("c1", "c2", "c3"), "i1"))
