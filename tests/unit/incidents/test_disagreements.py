"""Each way in which claims can disagree is found, with its sides; nothing is found where they agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.incidents.changes import changes
from safeconduct.incidents.disagreements import KINDS, disagreements
from safeconduct.incidents.origins import origin_groups
from unit.incidents.exports.harbour import CLAIMS, TIES, claim, figure, tie, told


def found(**parts):
    given_, sources, ties = told(**parts)
    return disagreements(given_, ties, sources)


def sides(kind, **parts):
    return [
        (one.subject, [(side.label, side.claims) for side in one.sides]) for one in found(**parts) if one.kind == kind
    ]


@pytest.mark.seed("S-49", "S-52")
def test_figures_that_cannot_both_be_right_stand_side_by_side():
    assert sides("conflict") == [("civilians killed", [("up to 25", ("c25",)), ("61", ("c61",))])]


@pytest.mark.seed("S-51", "S-94")
def test_a_figure_told_anew_shows_every_version():
    assert sides("changed") == [("civilians killed", [("at least 40", ("c40",)), ("61", ("c61",))])]


@pytest.mark.seed("S-95")
def test_what_is_withdrawn_names_what_took_it_back_and_what_rested_on_it():
    told_ = dict(sides("withdrawn"))
    assert told_["cause: blast"] == [("now said", ("sorry",)), ("retracted", ("gas",)), ("rested on it", ("safe",))]
    assert told_["guards injured"] == [("now said", ("guards4",)), ("corrected", ("guards9",))]
    assert {one.method for one in found() if one.kind == "withdrawn"} == {
        "own inquiry",
        "a second count at the hospital",
    }


@pytest.mark.seed("S-86", "S-96")
def test_a_challenge_has_its_method_and_a_denial_stands_alone():
    assert sides("disputed") == [
        ("cause: blast", [("said", ("gas",)), ("challenged by", ("mine",))]),
        ("warning: ferry office", [("denied", ("denied",))]),
    ]
    assert [one.method for one in found() if one.kind == "disputed"] == ["splinters and interviews", ""]


@pytest.mark.seed("S-100")
def test_explanations_stand_side_by_side():
    assert sides("competing") == [("cause: blast", [("gas tank", ("gas",)), ("mine", ("mine",))])]
    one = [c for c in CLAIMS if c["id"] != "mine"]
    assert sides("competing", claims=one, relations=[]) == []


@pytest.mark.seed("S-84", "S-85")
def test_grades_are_listed_weakest_first_and_never_merged():
    (only,) = sides("grades")
    assert only[1] == [("suspected: crew", ("who1",)), ("claimed by actor: crew", ("who2",))]


@pytest.mark.seed("S-75")
def test_start_dates_that_differ_are_told():
    assert sides("starts") == [("start of closure began", [("2031-03-01", ("began1",)), ("2031-03-02", ("began2",))])]


@pytest.mark.seed("S-88")
def test_no_evidence_is_a_kind_of_its_own_and_says_what_it_does_not_mean():
    (one,) = [one for one in found() if one.kind == "no-evidence"]
    assert one.sides[0].claims == ("nothing",) and "does not show that it did not happen" in one.note
    assert "nothing" not in [
        c for other in found() if other.kind != "no-evidence" for s in other.sides for c in s.claims
    ]


@pytest.mark.seed("S-78")
def test_who_is_kept_from_speaking_is_never_counted_as_nothing():
    (one,) = [one for one in found() if one.kind == "barred"]
    assert (one.subject, one.sides[0].label) == ("dockers", "barred from speaking")
    assert "it is not nothing" in one.note


@pytest.mark.seed("S-83")
def test_what_one_origin_reported_and_later_sources_leave_out_is_told():
    (one,) = [one for one in found() if one.kind == "once"]
    assert one.sides[0].claims == ("boat",) and one.note == "4 later sources do not mention it."
    again = claim("boat2", "2031-03-05", "a pilot", "A second boat burned.", attribute="events", population="boat",
                  outcome="burned", source="south")  # fmt: skip
    assert [x for x in found(claims=[*CLAIMS, again]) if x.kind == "once"] == []


@pytest.mark.seed("S-48")
def test_a_sentence_with_two_readings_is_told_with_the_reason():
    (one,) = [one for one in found() if one.kind == "ambiguous"]
    assert (one.sides[0].claims, one.note) == (("kids",), "it is not said whether they were hurt or dead")


def test_what_was_not_confirmed_is_told():
    assert sides("unconfirmed") == [("command: not confirmed", [("would not confirm", ("noword",))])]


def test_kinds_come_in_the_order_of_their_weight():
    order = [KINDS.index(one.kind) for one in found()]
    assert order == sorted(order) and len(set(order)) == len(KINDS)


def test_nothing_disagrees_before_anybody_disagrees():
    assert found(known_at="2031-03-02") == ()
    early = {one.kind for one in found(known_at="2031-03-03")}
    assert "withdrawn" not in early and "disputed" not in early and "changed" not in early


def test_one_account_of_one_voice_disagrees_on_nothing():
    only = figure("a", "2031-03-03", "harbour master", "exact", 3, "Three.")
    assert found(claims=[only], relations=[], cases=[], assessments=[]) == ()


# -- origins -------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-109")
def test_copies_and_one_office_are_one_origin():
    given_, sources, ties = told()
    killed = [c for c in given_.claims if str(c.key) == "casualties/civilians/killed" and c.is_figure]
    groups = [set(group) for group in origin_groups(killed, ties, sources)]
    assert {"c40", "c40copy", "c61"} in groups and {"c25"} in groups and {"cmany"} in groups


@given(
    st.lists(st.sampled_from(["harbour master", "ferry office", "two", "three"]), min_size=1, max_size=8),
    st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(["repeats", "variant", "updates"]))),
)
def test_there_are_as_many_groups_as_origins_are_counted(voices, pairs):
    claims = [
        figure(f"k{n}", "2031-03-03", who, "exact", 5, "Five.", line=n + 1, source=["north", "copy", "south"][n % 3],
               claimant_kind="unnamed" if who in ("two", "three") else "body")
        for n, who in enumerate(voices)
    ]  # fmt: skip
    ties = [
        tie(f"k{a}", kind, f"k{b}") for a, b, kind in sorted(pairs)
        if a != b and a < len(voices) and b < len(voices) and kind != "updates"
    ]  # fmt: skip
    given_, sources, relations = told(claims=claims, relations=ties, cases=[], assessments=[])
    (only,) = given_.figures
    assert len(origin_groups(given_.claims, relations, sources)) == only.origins
    assert sorted(c for group in origin_groups(given_.claims, relations, sources) for c in group) == sorted(
        c.id for c in given_.claims
    )


# -- changes -------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-94", "S-95")
def test_the_difference_of_two_days_names_new_claims_turned_claims_and_moved_figures():
    before, after = told("2031-03-05")[0], told("2031-03-10")[0]
    seen = changes(before, after)
    assert set(seen.new) == {"guards4", "mine", "q2", "nothing", "denied", "who2"}
    assert {(one.claim, one.before, one.after, one.by) for one in seen.turned} == {
        ("guards9", "stands", "corrected", ("guards4",)), ("gas", "stands", "disputed", ("mine",)),
    }  # fmt: skip
    assert [(one.label, one.before, one.after) for one in seen.moved] == [
        ("guards injured", "9, 1 origin", "4, 1 origin")
    ]
    assert seen.any and not changes(after, after).any


def test_relations_of_the_sample_are_all_used():
    assert {one["kind"] for one in TIES} == {
        "repeats",
        "updates",
        "corrects",
        "retracts",
        "rests-on",
        "disputes",
        "variant",
    }
