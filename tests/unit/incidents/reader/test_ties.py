import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.incidents.claims import RELATIONS
from safeconduct.incidents.reader.model import Suggestion, Tie
from safeconduct.incidents.reader.ties import find_ties

FIGURE = Suggestion(
    "a", "a.txt", 0, 9, "figure", incident="i", population="civilians", outcome="killed", unit="people",
    min=12, max=12, basis="exact", said="2021-08-26",
)  # fmt: skip


def figure(name: str, low: int | None, high: int | None, basis: str = "exact", **more) -> Suggestion:
    return replace(FIGURE, id=name, file=f"{name}.txt", min=low, max=high, basis=basis, **more)


def remark(name: str, kind: str, **more) -> Suggestion:
    return Suggestion(name, more.pop("file", f"{name}.txt"), more.pop("start", 0), 9, kind, **{"incident": "i", **more})


def ties(*suggestions: Suggestion, **more) -> list[tuple[str, str, str]]:
    return [(tie.source, tie.kind, tie.target) for tie in find_ties(suggestions, **more)]


def test_the_same_value_in_another_source_repeats_the_first():
    later = figure("b", 12, 12, said="2021-08-27")
    assert ties(later, FIGURE) == [("b", "repeats", "a")]


def test_the_same_value_twice_in_one_source_by_one_voice_is_no_tie():
    assert ties(FIGURE, replace(FIGURE, id="b", start=50)) == []


@pytest.mark.seed("S-51")
def test_a_later_higher_figure_updates_at_least_and_both_stay():
    assert ties(figure("a", 12, None, "at-least"), figure("b", 13, 13, said="2021-08-30")) == [("b", "updates", "a")]


@pytest.mark.seed("S-94")
def test_the_same_voice_and_the_word_updated_make_an_update():
    first = figure("a", 1, 1, claimant="officials", said="2021-08-27")
    second = figure("b", 2, 2, claimant="officials", said="2021-08-28")
    assert ties(first, second) == [("b", "updates", "a")]
    other = figure("b", 2, 2, claimant="a minister", said="2021-08-27")
    assert ties(first, other) == [("b", "contradicts", "a")]
    assert ties(first, other, wordings={"b": "The toll rose to two."}) == [("b", "updates", "a")]


@pytest.mark.seed("S-94")
def test_further_down_in_one_document_without_days_is_later():
    first = figure("a", 1, 1, claimant="military officials", claimant_kind="unnamed", said="")
    second = replace(first, id="b", start=200, min=2, max=2, claimant="officials")
    assert ties(first, second) == [("b", "updates", "a")]
    assert ties(replace(first, start=300), second) == [("a", "updates", "b")]


def test_a_man_and_a_target_are_not_said_to_be_one():
    assert ties(figure("a", 1, 1), figure("b", 1, 1, said="2021-08-27")) == []


def test_an_admission_takes_back_the_denial_of_the_same_voice_only():
    own = remark("a", "denial", claimant="an army", said="2022-01-01")
    other = remark("c", "denial", claimant="medics", said="2022-01-01")
    later = remark("d", "admission", claimant="an army", said="2022-02-01")
    assert ties(own, other, later) == [("d", "corrects", "a")]


@pytest.mark.seed("S-49")
def test_values_that_cannot_both_be_right_contradict_and_others_do_not():
    high = figure("b", None, 100, "up-to", claimant="a mayor")
    assert ties(FIGURE, high) == []
    assert ties(figure("a", 170, 170, claimant="an army"), high) == [("b", "contradicts", "a")]


@pytest.mark.seed("S-50")
def test_a_number_refines_a_vague_word_and_a_vague_word_says_nothing_new():
    vague = figure("a", None, None, "dozens")
    number = figure("b", 60, None, "at-least", said="2021-08-27")
    assert ties(vague, number) == [("b", "refines", "a")]
    assert ties(figure("a", 60, None, "at-least"), figure("b", None, None, "dozens", said="2021-08-27")) == []


@pytest.mark.parametrize(
    "more",
    [
        {"incident": "j"},
        {"population": "children"},
        {"outcome": "injured"},
        {"unit": "attacks"},
        {"incident": ""},
        {"meant": "2021-09-03"},
        {"ambiguous": "read otherwise"},
        {"part_of": "x"},
    ],
)
def test_figures_of_other_things_are_not_tied(more):
    assert ties(replace(FIGURE, meant="2021-08-26"), figure("b", 99, 99, **{"meant": "2021-08-26", **more})) == []


@pytest.mark.seed("S-45")
def test_a_growing_total_is_updated_not_contradicted():
    first = figure("a", 82000, 82000, outcome="evacuated", claimant="an office")
    second = figure("b", 105000, 105000, outcome="evacuated", claimant="a minister", said="2021-08-27")
    assert ties(first, second) == [("b", "updates", "a")]
    assert ties(first, replace(second, said="2021-08-26")) == [("b", "contradicts", "a")]
    assert ties(first, replace(second, meant="2021-08-25")) == []


@pytest.mark.seed("S-95")
def test_an_admission_corrects_the_earlier_justification_of_the_same_incident():
    earlier = remark("a", "justification", said="2021-08-30")
    later = remark("b", "admission", said="2021-09-17")
    assert ties(earlier, later) == [("b", "corrects", "a")]
    assert ties(replace(earlier, incident="j"), later) == []
    assert ties(replace(earlier, said="2021-10-01"), later) == []


@pytest.mark.seed("S-96")
def test_a_challenge_disputes_the_justification_by_its_method():
    earlier = remark("a", "justification", said="2021-08-30", claimant="officials")
    later = remark("b", "challenge", said="2021-09-10")
    assert find_ties([earlier, later], methods={"b": "video analysis"}) == (
        Tie("b", "a", "disputes", "video analysis"),
    )


def test_a_challenge_disputes_the_figures_that_it_names_and_no_others():
    later = remark("b", "challenge", population="interviews", start=100)
    inside = figure("c", 170, 170, "exact", population="children")
    inside = replace(inside, file=later.file, start=101, end=108)
    (tie,) = find_ties([inside, FIGURE, replace(later, end=120)])
    assert ties(FIGURE, later) == []
    assert (tie.target, tie.kind, tie.method) == ("c", "disputes", "interviews")


@pytest.mark.seed("S-86")
def test_a_denial_denies_what_others_said_on_the_same_topic():
    shot = remark("a", "allegation", population="shooting", claimant="witnesses", said="2022-02-01")
    beat = remark("c", "allegation", population="mistreatment", claimant="witnesses", said="2022-02-01")
    later = remark("d", "denial", population="shooting", claimant="an army", said="2022-02-03")
    assert ties(shot, beat, later) == [("d", "denies", "a")]
    assert ties(replace(shot, claimant="an army"), later) == []


@pytest.mark.seed("S-108")
def test_wordings_of_one_utterance_are_tied_to_the_first():
    quotes = [remark(name, "quotation", said=f"2021-08-2{number}") for number, name in enumerate("abc")]
    assert ties(*quotes, variants=[("c", "a", "b", "unknown")]) == [("b", "variant", "a"), ("c", "variant", "a")]


def test_the_day_of_publication_stands_in_for_the_day_of_saying():
    early, late = figure("z", 5, None, "at-least", said=""), figure("b", 9, 9, said="")
    days = {"z.txt": "2021-01-01", "b.txt": "2021-02-01"}
    assert ties(early, late, published=days) == [("b", "updates", "z")]


NUMBERS = st.none() | st.integers(0, 50)
ANY = st.builds(
    lambda name, kind, low, high, basis, day, who, incident: replace(
        FIGURE,
        id=name,
        file=f"{name}.txt",
        kind=kind,
        min=low,
        max=high,
        basis=basis,
        said=day,
        claimant=who,
        incident=incident,
    ),
    st.text("abcdef", min_size=3, max_size=6),
    st.sampled_from(["figure", "denial", "challenge", "admission", "justification", "allegation"]),
    NUMBERS,
    NUMBERS,
    st.sampled_from(["exact", "at-least", "dozens", "about", "more-than", "between", "fewer-than"]),
    st.sampled_from(["", "2021-08-26", "2021-08-26/2021-08-28", "2021-09-01"]),
    st.sampled_from(["", "x", "y"]),
    st.sampled_from(["i", "j", ""]),
)


@given(st.lists(ANY, max_size=30, unique_by=lambda one: one.id))
def test_ties_are_known_kinds_between_two_given_suggestions_of_one_incident(suggestions):
    by_id = {one.id: one for one in suggestions}
    found = find_ties(suggestions)
    assert len({(tie.source, tie.target, tie.kind) for tie in found}) == len(found)
    for tie in found:
        assert tie.kind in RELATIONS
        assert tie.source != tie.target
        assert by_id[tie.source].incident == by_id[tie.target].incident != ""


def test_ten_thousand_suggestions_of_one_incident_take_seconds():
    kinds = ("figure", "denial", "allegation", "challenge", "justification", "admission")
    many = [
        replace(
            FIGURE,
            id=f"s{n}",
            file=f"{n % 500}.txt",
            start=n,
            min=n % 90,
            max=n % 90,
            kind=kinds[n % 6],
            claimant=str(n % 7),
        )
        for n in range(10_000)
    ]
    begin = time.process_time()
    assert find_ties(many)
    assert time.process_time() - begin < 20
