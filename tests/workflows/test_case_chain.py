"""Cases and what does not fit: recorded step by step, read as known at a day, on the page and by the command."""

import json

import pytest

from safeconduct.errors import BadInput
from safeconduct.web.pages.render import Page, render_account
from safeconduct.workflows.read_account import read_account, read_accounts
from safeconduct.workflows.record_incident import record_incident
from workflows.two_nodes import SCENARIO

CLAIMS = (SCENARIO / "claims.json").read_bytes()
PAGE = Page(exercise=True)
SOURCE = {
    "id": "log", "kind": "log", "publisher": "a log", "published": "2021-08-26", "file": "log.txt", "origin": "log",
}  # fmt: skip
INCIDENT = {"id": "beating", "title": "A beating", "kind": "harm", "date": "2021-08-20", "place": "an outer point"}


def claim(name, said, **more):
    return {
        "id": name, "incident": "beating", "attribute": "harm", "population": "civilians", "outcome": "beaten",
        "said": said, "claimant": "an office", "source": "log", "line": 1, "text": f"What {name} says.", **more,
    }  # fmt: skip


def step(claim_id, said, track, status, **more):
    return {"track": track, "status": status, "by": "an office", "said": said, "claim": claim_id, **more}


OPENED = step("told", "2021-08-20", "accountability", "open")
REPORTED = step("told", "2021-08-20", "harm", "reported")
CLOSED = step("act", "2021-08-25", "accountability", "closed", reported_by="a paper", unconfirmed="who did it")


def record(node, *, claims=(), relations=(), steps=None, against="cordon"):
    cases = [] if steps is None else [{"id": "case", "incident": "beating", "against": against, "steps": steps}]
    parts = {"incidents": [INCIDENT], "sources": [SOURCE], "claims": claims, "relations": relations, "cases": cases}
    return record_incident(node, json.dumps(parts).encode())


def read(node, incident="beating", known_at=None):
    with node.store.reading() as tx:
        return read_account(tx, incident, known_at=known_at)


@pytest.fixture
def recorded(world):
    record_incident(world.evac, CLAIMS)
    return world.evac


# -- the scenario --------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-97", "S-98", "S-101", "S-102")
def test_the_strikes_case_goes_from_a_report_to_an_acknowledgement_and_nothing_is_paid(recorded):
    assert read(recorded, "strike-29-august", "2021-08-29").cases == ()
    (early,) = read(recorded, "strike-29-august", "2021-09-16").cases
    assert (early.harm.status, early.acknowledged_on, early.amends) == ("under-review", None, ())
    (late,) = read(recorded, "strike-29-august").cases
    assert (late.against, late.open, late.harm.status) == ("Evacuating party", True, "acknowledged")
    assert (late.acknowledged_on, late.harm.claim, late.harm.by) == ("2021-09-17", "d-rev", "defence department")
    (amends,) = late.amends
    assert (amends.stages, amends.paid) == (("condolence", "exploring"), False)
    assert [(s.claim, s.status) for s in late.steps[:3]] == [(s.claim, s.status) for s in early.steps]


@pytest.mark.seed("S-101", "S-102", "S-103")
def test_the_attacks_cases_stand_against_both_sides_and_one_is_closed_on_anothers_word(recorded):
    before = {case.id: case for case in read(recorded, "gate-attack", "2023-04-24").cases}
    assert all(case.open for case in before.values()) and len(before) == 2
    cases = {case.id: case for case in read(recorded, "gate-attack").cases}
    attack, shots = cases["case-gate-attack"], cases["case-shots"]
    assert (attack.against, attack.open, attack.closed.date) == ("a third party", False, "2023-04-25")
    assert (attack.closed.by, attack.closed.reported_by) == ("national security council", "broadcaster")
    assert "date of the act" in attack.closed.unconfirmed
    assert (shots.against, shots.open, shots.harm.status) == ("Evacuating party", True, "denied")
    html = render_account(read(recorded, "gate-attack"), PAGE)
    assert "on 25 Apr 2023 by <bdi>national security council</bdi>, reported by <bdi>broadcaster</bdi>" in html


@pytest.mark.seed("S-44", "S-45")
def test_totals_that_do_not_add_up_are_shown_from_the_day_on_which_they_are_known(recorded):
    def days(known_at):
        found = read(recorded, "airlift", known_at).misfits
        return [misfit.meant[8:] for misfit in found if misfit.subject == "people out since 14 August"]

    assert [days(f"2021-08-{day}") for day in (21, 22, 24, 25, 30)] == [
        [],
        ["22"],
        ["22", "23"],
        ["22", "23", "25"],
        ["22", "23", "25", "27"],
    ]
    late = [misfit for misfit in read(recorded, "airlift").misfits if misfit.subject == "people out since end of July"]
    assert [misfit.meant for misfit in late] == ["2021-08-23"]
    found = read(recorded, "airlift")
    one = next(misfit for misfit in found.misfits if misfit.meant == "2021-08-25")
    assert one.subject == "people out since 14 August" and "4,600 above 77,700" in one.text
    lines = {line.claim for line in found.timeline}
    assert all(claim in lines for misfit in found.misfits for claim in misfit.claims)
    assert "4,600 above 77,700" in render_account(found, PAGE)


@pytest.mark.seed("S-42")
def test_no_subset_of_the_record_outnumbers_its_whole(recorded):
    with recorded.store.reading() as tx:
        accounts = {view.id: view for view in read_accounts(tx)}
    assert [name for name, view in accounts.items() if view.misfits] == ["airlift"]
    assert [len(accounts[name].cases) for name in ("gate-attack", "strike-29-august", "airlift")] == [2, 1, 0]


# -- small dossiers ------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-42")
def test_children_above_civilians_are_shown_until_the_lower_figure_is_corrected(world):
    killed = {"attribute": "casualties", "outcome": "killed", "basis": "exact"}
    claims = [
        claim("seven", "2021-08-20", **killed | {"population": "children", "min": 7, "max": 7}),
        claim("five", "2021-08-21", **killed | {"min": 5, "max": 5}),
        claim("ten", "2021-08-23", **killed | {"min": 10, "max": 10}),
    ]
    record(world.evac, claims=claims, relations=[{"from": "ten", "to": "five", "kind": "corrects"}])
    assert read(world.evac, known_at="2021-08-20").misfits == ()
    (misfit,) = read(world.evac, known_at="2021-08-22").misfits
    assert (misfit.text, misfit.claims) == ("children killed (7) above civilians killed (5)", ("seven", "five"))
    assert read(world.evac).misfits == ()


@pytest.mark.seed("S-45")
def test_a_lower_bound_that_a_later_total_drops_below_is_shown(world):
    total = {"attribute": "count", "population": "people", "outcome": "out-since-14-august"}
    claims = [
        claim("more", "2021-08-24", **total, meant="2021-08-24", basis="at-least", min=60_000),
        claim("less", "2021-08-25", **total, meant="2021-08-25", basis="about", min=58_700, max=58_700),
    ]
    record(world.evac, claims=claims)
    assert read(world.evac, known_at="2021-08-24").misfits == ()
    (misfit,) = read(world.evac).misfits
    assert misfit.text == "total falls from at least 60,000 to about 58,700"


@pytest.mark.seed("S-101")
@pytest.mark.parametrize(("against", "name"), [("evac", "Evacuating party"), ("cordon", "Cordon party")])
def test_a_case_against_either_side_reads_the_same(world, against, name):
    record(world.evac, claims=[claim("told", "2021-08-20")], steps=[OPENED, REPORTED], against=against)
    (case,) = read(world.evac).cases
    assert (case.against, case.open, case.harm.status, len(case.steps)) == (name, True, "reported", 2)


@pytest.mark.seed("S-102", "S-103")
def test_a_step_is_added_to_a_case_later_and_nothing_that_is_recorded_changes(world):
    record(world.evac, claims=[claim("told", "2021-08-20")], steps=[OPENED, REPORTED])
    before = read(world.evac)
    added = record(world.evac, claims=[claim("act", "2021-08-25")], steps=[CLOSED])
    assert (added.claims, added.others) == (1, 1)
    (case,) = read(world.evac).cases
    assert not case.open and [step.claim for step in case.steps] == ["told", "told", "act"]
    assert (case.closed.reported_by, case.closed.unconfirmed) == ("a paper", "who did it")
    assert read(world.evac, known_at="2021-08-20").cases == before.cases
    size = world.count(world.evac, "ledger")
    assert record(world.evac, steps=[OPENED, REPORTED, CLOSED]).others == 0
    assert world.count(world.evac, "ledger") == size
    world.reopen()
    assert read(world.evac).cases == (case,)


@pytest.mark.seed("S-102")
def test_a_case_is_open_again_when_the_report_of_its_end_is_retracted(world):
    record(world.evac, claims=[claim("told", "2021-08-20"), claim("act", "2021-08-25")], steps=[OPENED, CLOSED])
    tie = {"from": "not-so", "to": "act", "kind": "retracts"}
    record(world.evac, claims=[claim("not-so", "2021-08-28")], relations=[tie])
    assert not read(world.evac, known_at="2021-08-27").cases[0].open
    (case,) = read(world.evac).cases
    assert case.open and case.steps[-1].claim_status == "retracted"
    assert "retracted" in render_account(read(world.evac), PAGE)


@pytest.mark.seed("S-98")
def test_amends_are_kept_for_each_family(world):
    steps = [
        step("act", "2021-08-25", "amends", "offered", to="family 1"),
        step("act", "2021-08-25", "amends", "paid", to="family 1"),
        step("act", "2021-08-25", "amends", "exploring", to="family 2"),
    ]
    record(world.evac, claims=[claim("act", "2021-08-25")], steps=steps)
    (case,) = read(world.evac).cases
    assert [(a.to, a.paid) for a in case.amends] == [("family 1", True), ("family 2", False)]


def test_a_step_is_not_shown_before_the_claim_it_rests_on_is_known(world):
    record(world.evac, claims=[claim("told", "2021-08-30")], steps=[OPENED])
    assert read(world.evac, known_at="2021-08-29").cases == ()
    assert len(read(world.evac).cases) == 1


def test_a_step_after_the_last_claim_moves_the_newest_day(world):
    record(world.evac, claims=[claim("told", "2021-08-20")], steps=[{**OPENED, "said": "2021-09-01"}])
    assert read(world.evac).last_day == "2021-09-01" and len(read(world.evac).cases) == 1


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([{**REPORTED, "by": "another office"}], "duplicate-id"),  # a step that is held cannot be rewritten
        ([step("elsewhere", "2021-08-20", "harm", "denied")], "bad-case"),
        ([step("told", "2021-08-20", "harm", "forgiven")], "bad-case"),
        ([{**CLOSED, "colour": "red"}], "unknown-field"),
        ([{**CLOSED, "case": "another"}], "bad-field"),
        ([7], "bad-field"),
        (7, "bad-field"),
    ],
)
def test_a_bad_step_is_refused_and_nothing_beside_it_is_stored(world, steps, code):
    record(world.evac, claims=[claim("told", "2021-08-20")], steps=[OPENED, REPORTED])
    size = world.count(world.evac, "ledger")
    with pytest.raises(BadInput) as caught:
        record(world.evac, claims=[claim("more", "2021-08-21")], steps=steps)
    assert caught.value.code == code and "\n" not in str(caught.value)
    assert world.count(world.evac, "ledger") == size
    assert [line.claim for line in read(world.evac).timeline] == ["told"]
