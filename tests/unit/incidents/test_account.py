from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.incidents.account import account, by_day
from safeconduct.incidents.claims import Claim, Incident, Relation, Source
from safeconduct.incidents.figures import Range, compatible, hedge, words

INCIDENT = Incident("i1", "An attack", "attack", "2021-08-26", "a gate")
SOURCES = tuple(
    Source(name, "press-report", name, "2021-08-26", f"{name}.txt", origin)
    for name, origin in (("a", "a"), ("b", "b"), ("copy", "a"))
)
BASE = Claim(
    id="",
    incident="i1",
    attribute="casualties",
    population="civilians",
    outcome="killed",
    min=None,
    max=None,
    unit="people",
    basis="statement",
    claimant="reports",
    claimant_kind="unnamed",
    claimant_count=None,
    relay=(),
    speech="assertion",
    question="",
    said="2021-08-26",
    said_basis="stated",
    meant="",
    text="…",
    seen="",
    ambiguous="",
    source="a",
    line=1,
    recorded="2021-08-26T21:00:00Z",
)


def claim(name: str, basis: str, number: int | None = None, **changes) -> Claim:
    low = number if basis in ("exact", "about", "at-least", "more-than") else None
    high = number if basis in ("exact", "about", "up-to") else None
    return replace(BASE, id=name, basis=basis, min=low, max=high, **changes)


def tie(source: str, kind: str, target: str, said: str = "2021-08-26") -> Relation:
    return Relation(source, target, kind, "", said)


def at(claims, ties=(), known_at="2021-12-31", **more):
    return account(INCIDENT, SOURCES, claims, ties, known_at=known_at, **more)


def figure(claims, ties=(), known_at="2021-12-31"):
    (found,) = at(claims, ties, known_at).figures
    return found


SIXTY, HUNDRED = claim("c60", "at-least", 60), claim("c100", "up-to", 100, source="b")
DOZENS, ALL = claim("cd", "dozens", said="2021-08-31"), claim("c170", "exact", 170, said="2022-02-04", source="b")


@pytest.mark.seed("S-49")
def test_lower_and_upper_bounds_stand_side_by_side():
    found = figure([SIXTY, HUNDRED])
    assert found.conservative == Range(60, 100, open_above=False) and found.conflicts == ()
    assert words(found) == "at least 60 … up to 100, 2 origins"


@pytest.mark.seed("S-52")
def test_later_figure_leaves_every_earlier_one_listed():
    found = figure([SIXTY, HUNDRED, DOZENS, ALL], known_at="2022-12-31")
    assert found.latest == "c170" and [c.id for c in found.claims] == ["c100", "c60", "cd", "c170"]
    assert found.conservative == Range(60, 170, open_above=False)
    assert [(conflict.first, conflict.second) for conflict in found.conflicts] == [("c100", "c170")]


@pytest.mark.seed("S-50")
def test_vague_word_adds_no_number_to_any_range():
    found = figure([DOZENS])
    assert found.conservative == Range(None, None, open_above=False) and found.vague == ("dozens",)
    assert words(found) == "dozens, 1 origin" and hedge(DOZENS) == "dozens"


@pytest.mark.seed("S-50")
def test_vague_word_fits_or_excludes_an_exact_figure():
    assert compatible(DOZENS, ALL) and compatible(DOZENS, HUNDRED) and compatible(DOZENS, claim("x", "exact", 24))
    assert not compatible(DOZENS, claim("x", "exact", 13))


@pytest.mark.seed("S-51")
def test_twelve_at_least_and_then_thirteen_is_an_update_and_no_conflict():
    early = claim("c12", "at-least", 12)
    exact = claim("e12", "exact", 12)
    late = claim("c13", "exact", 13, said="2021-08-27")
    found = figure([early, exact, late], [tie("c13", "updates", "c12"), tie("c13", "updates", "e12")])
    assert found.conflicts == () and found.standing == ("c13",) and found.superseded == ("c12", "e12")
    assert found.conservative == Range(13, 13, open_above=False) and found.full == Range(12, 13, open_above=False)
    assert figure([early, late]).conflicts == ()
    assert len(figure([exact, late]).conflicts) == 1


@pytest.mark.seed("S-94")
def test_every_version_of_an_updated_figure_is_shown_with_its_day():
    first, second = claim("v1", "exact", 1), claim("v2", "exact", 2, said="2021-08-28")
    found = at([first, second], [tie("v2", "updates", "v1", "2021-08-28")])
    assert [(line.date, line.status) for line in found.timeline] == [
        ("2021-08-26", "updated"),
        ("2021-08-28", "stands"),
    ]
    assert at([first, second], [tie("v2", "updates", "v1", "2021-08-28")], "2021-08-27").timeline[0].status == "stands"


@pytest.mark.seed("S-95")
def test_reversal_keeps_the_justification_and_marks_all_that_rested_on_it():
    just = claim("j", "statement", attribute="justification", speech="justification")
    rested, further = claim("r", "exact", 2), claim("f", "statement", outcome="success")
    reversal = claim("x", "statement", said="2021-09-17", speech="admission")
    ties = [tie("r", "rests-on", "j"), tie("f", "rests-on", "r"), tie("x", "retracts", "j", "2021-09-17")]
    before, after = (at([just, rested, further, reversal], ties, day) for day in ("2021-09-16", "2021-09-17"))
    assert {line.status for line in before.timeline} == {"stands"} and not any(
        line.shaken_by for line in before.timeline
    )
    assert after.line("j").status == "retracted" and after.line("j").by == ("x",)
    assert after.line("r").shaken_by == after.line("f").shaken_by == ("j",)
    assert after.line("x").shaken_by == () and before.line("x") is None


@pytest.mark.seed("S-96")
def test_challenge_disputes_without_withdrawing():
    found = at([SIXTY, HUNDRED], [tie("c100", "disputes", "c60")])
    assert found.line("c60").status == "disputed" and found.figures[0].disputed
    assert "c60" in found.figures[0].standing


@pytest.mark.seed("S-109")
def test_copies_repetitions_and_one_office_speaking_twice_count_once():
    one = claim("o1", "exact", 13)
    assert figure([one, claim("o2", "exact", 13, source="copy")]).origins == 1
    assert figure([one, claim("o2", "exact", 13, source="b")]).origins == 2
    assert figure([one, claim("o2", "exact", 13, source="b")], [tie("o2", "repeats", "o1")]).origins == 1
    office = {"claimant": "press secretary", "claimant_kind": "named-office"}
    assert figure([claim("p1", "exact", 13, **office), claim("p2", "exact", 13, source="b", **office)]).origins == 1


def test_copies_share_the_fate_of_what_they_copy():
    copy, copy_2 = claim("k1", "at-least", 60, source="b"), claim("k2", "at-least", 60, source="b")
    ties = [tie("k2", "repeats", "k1"), tie("k1", "repeats", "c60"), tie("n", "retracts", "c60")]
    found = figure([SIXTY, copy, copy_2, claim("n", "exact", 5)], ties)
    assert found.withdrawn == ("c60", "k1", "k2") and found.conservative == Range(5, 5, open_above=False)


@pytest.mark.seed("S-84", "S-85")
def test_grades_of_attribution_stay_apart_from_each_other_and_from_the_actors_own_claim():
    grades = [
        claim(name, "statement", attribute="attribution", population="group-k", outcome=name)
        for name in ("suspected", "attributed")
    ]
    own = claim(
        "own",
        "statement",
        attribute="attribution",
        population="group-k",
        outcome="claimed-by-actor",
        claimant="the group",
    )
    assert [(grade.grade, grade.claimant) for grade in at([own, *grades]).attribution] == [
        ("suspected", "reports"),
        ("attributed", "reports"),
        ("claimed-by-actor", "the group"),
    ]


@pytest.mark.seed("S-48")
def test_ambiguous_sentence_is_marked_and_makes_no_conflict():
    odd = claim("odd", "exact", 500, ambiguous="the word killed is missing")
    found = figure([SIXTY, HUNDRED, odd])
    assert found.ambiguous == ("odd",) and found.conflicts == ()


def test_second_clock_hides_what_was_not_yet_written_down():
    late = replace(HUNDRED, recorded="2021-09-05T00:00:00Z")
    assert len(at([SIXTY, late], recorded_at="2021-09-01T00:00:00Z").claims) == 1
    assert len(at([SIXTY, late], recorded_at="2021-09-05T00:00:00Z").claims) == 2


def test_interval_is_known_from_its_last_day():
    vague = claim("i", "exact", 5, said="2021-08-26/2021-08-29")
    assert at([vague], known_at="2021-08-28").claims == () and len(at([vague], known_at="2021-08-29").claims) == 1


def test_claims_of_other_incidents_are_left_out():
    assert at([replace(SIXTY, incident="i2")]).claims == ()


def test_range_by_day_follows_what_was_known():
    days = ["2021-08-25", "2021-08-26", "2022-02-04"]
    assert by_day(INCIDENT, SOURCES, [SIXTY, HUNDRED, ALL], [], days=days) == {
        "casualties/civilians/killed": (("2021-08-26", 60, 100), ("2022-02-04", 60, 170))
    }


def test_lower_bound_above_every_other_figure_opens_the_range():
    assert figure([SIXTY]).conservative == Range(60, None, open_above=True)
    assert figure([claim("x", "at-least", 200), ALL], known_at="2022-12-31").conservative == Range(
        170, 200, open_above=True
    )


figures = st.builds(
    lambda place, basis, number, month: claim(f"h{place}", basis, number, said=f"2021-{month:02}-01"),
    st.integers(0, 10**6),
    st.sampled_from(["exact", "at-least", "up-to", "about", "more-than", "dozens", "many"]),
    st.integers(0, 300),
    st.integers(1, 12),
)


@given(st.lists(figures, max_size=12, unique_by=lambda c: c.id), st.data())
def test_account_of_an_earlier_day_is_part_of_the_later_one(claims, data):
    names = [c.id for c in claims]
    ties = []
    if len(names) > 1:
        pairs = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1])
        kinds = st.sampled_from(["updates", "corrects", "repeats", "disputes", "rests-on", "variant"])
        drawn = data.draw(st.lists(st.tuples(pairs, kinds), max_size=8))
        ties = [tie(source, kind, target, "2021-01-01") for (source, target), kind in drawn]
    accounts = [at(claims, ties, f"2021-{month:02}-28") for month in range(1, 13)]
    for before, after in pairwise(accounts):
        assert set(before.claims) <= set(after.claims)
    for found in accounts[-1].figures:
        parts = [*found.standing, *found.superseded, *found.withdrawn]
        assert sorted(parts) == sorted(c.id for c in found.claims) and len(set(parts)) == len(parts)
        assert found.origins <= len(found.standing)
        low, high = found.conservative.low, found.conservative.high
        assert low is None or high is None or low <= high or not found.standing
        assert words(found)
