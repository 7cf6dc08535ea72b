"""What befalls claims: states with their day and cause, copies, what rests on a withdrawn claim, ranges day by day."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.incidents.bonds import bonds
from safeconduct.incidents.claims import FigureKey
from safeconduct.incidents.figures import CONSERVATIVE, FULL, RULES, Conflict, conflicts, count_origins, figure_of
from safeconduct.incidents.reach import Range, Reach, range_of, ranges
from safeconduct.incidents.states import MOST_CAUSES, Tie, fates, gone_since, shaken, state_of

KINDS = ["updates", "corrects", "retracts", "repeats", "variant", "disputes", "rests-on", "qualifies"]
ties = st.lists(
    st.builds(Tie, st.integers(0, 6), st.integers(0, 6), st.sampled_from(KINDS), st.sampled_from("abcd")), max_size=12
).map(lambda found: [tie for tie in found if tie.source != tie.target])


def by_fixpoint(found):
    """The states as the format says them, slowly: round by round until nothing changes."""
    made = {"corrects": "corrected", "retracts": "retracted", "updates": "updated", "disputes": "disputed"}
    states = {name: {} for name in ("retracted", "corrected", "updated", "disputed")}
    for tie in found:
        if tie.kind in made:
            states[made[tie.kind]].setdefault(tie.target, set()).add(tie.source)
    changed = True
    while changed:
        changed = False
        for tie in found:
            for state in states.values():
                more = state.get(tie.target, set()) - state.get(tie.source, set()) - {tie.source}
                if tie.kind in ("repeats", "variant") and more:
                    state.setdefault(tie.source, set()).update(more)
                    changed = True
    return states


@given(ties)
def test_states_are_those_of_the_slow_reading_of_the_rule(found):
    assert {
        state: {claim: set(causes) for claim, causes in claims.items()} for state, claims in fates(found).items()
    } == by_fixpoint(found)


@given(ties, st.sampled_from("abcd"))
def test_day_of_a_state_is_the_first_on_which_its_ties_hold(found, day):
    late = gone_since(fates(found))
    early = gone_since(fates([tie for tie in found if tie.day <= day]))
    assert early == {claim: since for claim, since in late.items() if since <= day}


def test_strongest_state_is_shown():
    found = fates([Tie(2, 1, "disputes", "a"), Tie(3, 1, "corrects", "b"), Tie(4, 5, "repeats", "c")])
    assert (state_of(found, 1), state_of(found, 5)) == ("corrected", "")


def test_long_chains_of_copies_and_of_what_rests_on_another_take_time_in_proportion():
    size = 50_000
    copies = [Tie(n + 1, n, "repeats", "a") for n in range(size)] + [Tie(-1, 0, "retracts", "b")]
    rests = [Tie(n + 1, n, "rests-on", "a") for n in range(size)]
    begun = process_time()
    found = fates(copies)
    assert len(found["retracted"]) == size + 1 and len(shaken(rests, [0])) == size
    assert process_time() - begun < 5


def test_causes_of_one_state_are_told_up_to_a_number():
    found = fates([*(Tie(n, 0, "disputes", "a") for n in range(1, 500)), Tie(-1, 0, "repeats", "b")])
    assert len(found["disputed"][0]) == 499 and len(found["disputed"][-1]) == MOST_CAUSES
    rests = [Tie(1000, n, "rests-on", "a") for n in range(500)]
    assert len(shaken(rests, range(500))[1000]) == MOST_CAUSES


# -- ranges, conflicts, origins ------------------------------------------------------------------------------------

reaches = st.lists(
    st.builds(
        lambda since, until, low, high: Reach(since, until if until > since else "", low, low, high),
        st.sampled_from("bcde"), st.sampled_from("cdef"), st.none() | st.integers(0, 9), st.none() | st.integers(0, 9),
    ),
    max_size=8,
)  # fmt: skip


@given(reaches)
def test_range_of_each_day_is_that_of_what_stands_on_it(given_reaches):
    expected = []
    for day in "abcdefg":
        known = [reach for reach in given_reaches if reach.since <= day]
        stands = [reach for reach in known if not reach.until or reach.until > day]
        lows, highs = ([n for n in numbers if n is not None] for numbers in ((r.low for r in stands),
                                                                              (r.high for r in stands)))  # fmt: skip
        if known:
            here = range_of(min(lows, default=None), max(lows, default=None), max(highs, default=None))
            expected.append((day, here.low, here.high))
    assert list(ranges(given_reaches, "gfedcba")) == expected


def test_lower_bound_above_every_number_opens_the_range():
    assert range_of(5, 9, 7) == Range(5, 9, open_above=True) and range_of(5, 9, None) == Range(5, None, open_above=True)
    assert range_of(None, None, 7) == Range(None, 7, open_above=False)


class Said:
    """A claim of an exact number."""

    def __init__(self, name, number, ambiguous=""):
        self.id, self.min, self.max = name, number, number
        self.basis, self.unit, self.ambiguous = "exact", "people", ambiguous


def test_conflicts_are_told_up_to_a_number_and_without_comparing_every_pair():
    claims = [Said(f"c{n}", n % 7) for n in range(20_000)]
    begun = process_time()
    assert len(conflicts(claims, bonds([]))) == 1_000
    assert conflicts([Said(f"c{n}", 3) for n in range(20_000)], bonds([])) == ()
    assert process_time() - begun < 5


def test_tied_pairs_and_ambiguous_sentences_are_no_conflict():
    claims = [Said("a", 1), Said("b", 2), Said("c", 3, "either side?")]
    assert conflicts(claims, bonds([])) == (Conflict("a", "b"),)
    assert conflicts(claims, bonds([Tie("b", "a", "updates", "d")])) == ()
    assert conflicts(claims, bonds([Tie("b", "a", "disputes", "d")])) == (Conflict("a", "b"),)


@pytest.mark.seed("S-109")
def test_origins_are_joined_through_copies_of_copies():
    claims = [Said(name, 1) for name in "abcd"]
    tied = bonds([Tie("b", "x", "repeats", "d"), Tie("x", "a", "variant", "d"), Tie("d", "c", "disputes", "d")])
    assert count_origins(claims, tied, lambda claim: claim.id) == 3
    assert count_origins(claims, tied, lambda _: "one office") == 1
    assert count_origins([], tied, lambda _: "", others=["one", "two", "one"]) == 2


def test_both_rules_of_a_range_have_a_name_and_a_text():
    claims = [Said("old", 60), Said("new", 170)]
    ties = [Tie("new", "old", "corrects", "b")]
    key = FigureKey("casualties", "civilians", "killed")
    found = figure_of(key, claims, fates(ties), bonds(ties), lambda claim: claim.id)
    assert {rule: found.range_by(rule) for rule in RULES} == {
        CONSERVATIVE: Range(170, 170, open_above=False), FULL: Range(60, 170, open_above=False)
    }  # fmt: skip
    assert all(name and text.endswith(".") for name, text in RULES.values())
