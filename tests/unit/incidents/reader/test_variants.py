"""Wordings of one utterance: which are found, which are kept apart."""

import time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.incidents.reader.variants import find_variants, same_utterance, surname

from .wording_pairs import LATER_ONE, LATER_TWO, ONE, TWO


def quotations(*wordings):
    return [(f"{n}.txt", 0, len(text), text, speaker) for n, (text, speaker) in enumerate(wordings)]


def judged(pairs):
    return [same_utterance(one, two, first_speaker=a, second_speaker=b) for one, two, a, b in pairs]


# -- how good ------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-108")
@pytest.mark.parametrize(("one", "two"), [(ONE, TWO), (LATER_ONE, LATER_TWO)], ids=["set-by", "later"])
def test_pairs_are_told_apart_with_few_errors(one, two):
    right, wrong = sum(judged(one)), sum(judged(two))
    recall, precision = right / len(one), right / (right + wrong)
    assert recall >= 0.90 and precision >= 0.95, f"recall {recall:.3f}, precision {precision:.3f}"


@pytest.mark.seed("S-108")
def test_all_pairs_in_one_heap_come_out_as_they_were():
    wanted, heap = set(), []
    for pairs, same in ((ONE, True), (TWO, False), (LATER_ONE, True), (LATER_TWO, False)):
        for one, two, a, b in pairs:
            wanted |= {(len(heap), len(heap) + 1)} if same else set()
            heap += [(one, a), (two, b)]
    got = {pair for group in find_variants(quotations(*heap)) for pair in combinations(group, 2)}
    recall, precision = len(got & wanted) / len(wanted), len(got & wanted) / len(got)
    assert recall >= 0.90 and precision >= 0.95, f"recall {recall:.3f}, precision {precision:.3f}"


# -- what is one utterance -----------------------------------------------------------------------------------------


@pytest.mark.seed("S-108")
def test_three_wordings_of_one_utterance_are_one_group():
    whole = "We want the bridge back. So we share an aim. As long as they hold that shared aim, the river militia has been worth talking to. They have kept raiders off our flank."
    short = "As long as those shared goals hold, the river militia is worth talking to"
    other = "Snow closed the pass and our radios died."
    part = "As long as they hold that shared aim, the river militia has been worth talking to."
    group = find_variants(quotations((part, "Orlan"), (other, "Pell"), (short, "Gen. Vera Orlan"), (whole, "he")))
    assert group == ((0, 2, 3),)


@pytest.mark.seed("S-108")
def test_a_stray_mark_and_a_typing_error_do_not_part_two_wordings():
    assert same_utterance(
        "We shall hound 'down every last smuggler on this lkae", "We shall hound down every last smuggler on this lake."
    )


def test_speakers_with_other_names_are_never_joined_even_through_a_third():
    words = "The tram depot belongs to the people who sleep in it."
    groups = find_variants(quotations((words, "Orlan"), (words, ""), (words, "Mayor Kovalik")))
    assert len(groups) == 1 and groups[0] in {(0, 1), (1, 2)}


def test_fragments_of_one_utterance_join_through_the_whole_of_it():
    groups = find_variants(
        quotations(
            ("the incubators went cold within the hour", "Amsel"),
            ("The governor's helicopter took the last fuel, and the incubators went cold within the hour.", "Amsel"),
            ("helicopter took the last fuel", "Amsel"),
        )
    )
    assert groups == ((0, 1, 2),)


def test_figures_that_differ_make_two_utterances_however_alike_the_words():
    assert not same_utterance("We flew 310 people off the plateau today", "We flew 410 people off the plateau today")
    assert same_utterance("We flew three hundred people off the plateau", "we flew 300 people off the plateau")


def test_spoken_numbers_are_read_with_their_tens():
    assert same_utterance("Twenty-one barges crossed the frozen lake", "21 barges crossed the frozen lake")
    assert not same_utterance("Two thousand barges crossed the frozen lake", "2 barges crossed the frozen lake")


@pytest.mark.parametrize(
    ("speaker", "name"),
    [
        ("Gen. Vera Q. Orlan Jr.", "orlan"),
        ("MS. GROOT", "groot"),
        ("Jarrold, the ministry's spokesman", "jarrold"),
        ("he", ""),
        ("officials", ""),
        ("The Interior Ministry", ""),
        ("THE PRESIDENT", ""),
        ("Q", ""),
        ("", ""),
        ("7", ""),
        ("Officer of Harbours", "harbours"),
    ],
)
def test_surnames_are_those_of_people(speaker, name):
    assert surname(speaker) == name


def test_a_fragment_is_matched_for_a_body_as_for_a_person():
    assert same_utterance("regrettable", "a regrettable error", first_speaker="The Ministry", second_speaker="Ministry")
    assert not same_utterance("regrettable", "a regrettable error", first_speaker="Ministry", second_speaker="Court")
    assert not same_utterance("regrettable", "a regrettable error", first_speaker="He", second_speaker="He")


# -- anything at all -----------------------------------------------------------------------------------------------

TEXT = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            [
                "not",
                "two",
                "2",
                "hundred",
                "mill",
                "mill's",
                "gonna",
                "won't",
                "it's",
                "pier",
                "night",
                "–",
                "…",
                "the",
                "a",
            ]
        ),
        max_size=20,
    ).map(" ".join),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(TEXT, st.sampled_from(["", "Orlan", "Col. Harv", "he", "Ministry"])), max_size=12))
def test_groups_hold_positions_once_and_one_surname(wordings):
    groups = find_variants(quotations(*wordings))
    places = [place for group in groups for place in group]
    assert len(places) == len(set(places)) and all(len(group) > 1 for group in groups)
    for group in groups:
        assert len({surname(wordings[place][1]) for place in group} - {""}) <= 1


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT)
def test_the_order_of_two_wordings_does_not_matter(one, two):
    assert same_utterance(one, two) == same_utterance(two, one)


@pytest.mark.parametrize("piece", ["word ", "alpha beta ", "x", "’", "twenty-", "hundred "])
def test_a_megabyte_of_one_thing_is_compared_in_time(piece):
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    find_variants(quotations((text, ""), (text + "end", ""), ("alpha beta gamma delta", "")))
    assert time.process_time() - started < 30


def test_a_thousand_wordings_of_one_utterance_and_a_thousand_others_take_seconds():
    many = [
        (f"The bridge number {n} will stay open until the last bus has crossed river {n * 7}.", "Orlan")
        for n in range(1_000)
    ]
    many += [("Every boat without lights drifts past the burning pier tonight.", "")] * 1_000
    started = time.process_time()
    groups = find_variants(quotations(*many))
    assert time.process_time() - started < 30
    assert max(map(len, groups)) == 1_000
