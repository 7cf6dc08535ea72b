"""Wordings beside each other, word by word."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.incidents.reader.alignment import Aligned, Row, align, align_all, altered

FIRST = "As long as those shared goals hold, the militia is worth talking to"
SECOND = "As long as that shared aim holds, the militia’s been worth talking to."


# -- two wordings --------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-106")
def test_what_was_altered_on_the_way_stands_beside_what_it_replaced():
    assert align(FIRST, SECOND) == (
        Aligned("same", "As long as", "As long as"),
        Aligned("replaced", "those", "that"),
        Aligned("same", "shared", "shared"),
        Aligned("replaced", "goals hold,", "aim holds,"),
        Aligned("same", "the", "the"),
        Aligned("replaced", "militia is", "militia’s been"),
        Aligned("same", "worth talking to", "worth talking to."),
    )


@pytest.mark.seed("S-106")
def test_the_words_that_carry_meaning_are_named():
    assert altered(FIRST, SECOND) == ("goals", "aim")


@pytest.mark.seed("S-106")
@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("We did not open the sluice", "We did open the sluice", ("not",)),
        ("We haven't seen the map", "We have seen the map", ("haven't",)),
        ("They may strike the pier", "They will strike the pier", ("may", "will")),
        ("At least 12 barges sank", "At least 21 barges sank", ("12", "21")),
        ("The barges sank, all of them", "All of the barges sank", ()),
        ("an on-going inquiry", "the ongoing inquiries", ()),
        ("It’s “over”", "it's over!", ()),
        ("", "a pier", ("pier",)),
    ],
)
def test_small_words_count_when_they_turn_the_sense(first, second, words):
    assert altered(first, second) == words


@pytest.mark.seed("S-108")
def test_odd_marks_and_misspelt_words_stay_as_they_stand():
    (same,) = align("hound 'down any smugler", "“hound down any smugler”")
    assert (same.kind, same.first, same.second) == ("same", "hound 'down any smugler", "“hound down any smugler”")
    assert [piece.kind for piece in align("a broad broad issue", "a broad issue")].count("only-first") == 1


def test_a_compound_is_the_same_in_each_of_its_spellings():
    assert [piece.kind for piece in align("a high-profile man", "a high profile man")] == ["same"]


def test_words_of_one_side_only_have_an_empty_partner():
    assert align("", "") == ()
    assert align("the pier", "") == (Aligned("only-first", "the pier", ""),)
    assert align("...", "the pier") == (Aligned("only-second", "", "the pier"),)


# -- several wordings ----------------------------------------------------------------------------------------------


@pytest.mark.seed("S-108")
def test_several_wordings_stand_in_columns_against_the_longest():
    rows = align_all(["hold the bridge", "We hold that bridge until dawn", "we will hold the bridge"])
    assert rows == (
        Row(("", "We", "we"), ("only-first", "same", "same")),
        Row(("", "", "will"), ("same", "same", "only-second")),
        Row(("hold", "hold", "hold"), ("same", "same", "same")),
        Row(("the", "that", "the"), ("replaced", "same", "replaced")),
        Row(("bridge", "bridge", "bridge"), ("same", "same", "same")),
        Row(("", "until dawn", ""), ("only-first", "same", "only-first")),
    )
    assert [row.same for row in rows] == [False, False, True, False, True, False]


def test_one_wording_is_one_row_and_none_is_none():
    assert align_all(["“Hold it!”"]) == (Row(("“Hold it!”",), ("same",)),)
    assert align_all([]) == align_all(["", "…"]) == ()


# -- anything at all -----------------------------------------------------------------------------------------------

TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(["pier", "Pier", "“pier”", "–", "…", "high-tide", "high", "tide", "'", "no", "x—y"]),
        max_size=15,
    ).map(" ".join),
)


def joined(pieces):
    return "".join("".join(pieces).split())


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT)
def test_the_pieces_of_each_side_are_its_words_in_order(first, second):
    pieces = align(first, second)
    for text, side in ((first, [p.first for p in pieces]), (second, [p.second for p in pieces])):
        assert joined(side) in {joined([text]), ""}
    assert all((piece.first == "") == (piece.kind == "only-second") for piece in pieces)
    assert all((piece.second == "") == (piece.kind == "only-first") for piece in pieces)
    assert all(one.kind != two.kind or one.kind != "same" for one, two in pairwise(pieces))


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXT, max_size=5))
def test_the_pieces_of_each_column_are_its_words_in_order(wordings):
    rows = align_all(wordings)
    for column, text in enumerate(wordings):
        assert joined([row.words[column] for row in rows]) in {joined([text]), ""}
    assert all(any(row.words) and len(row.words) == len(row.kinds) == len(wordings) for row in rows)


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_a_wording_differs_in_nothing_from_itself(text):
    assert altered(text, text) == ()
    assert all(piece.kind == "same" for piece in align(text, text.upper().lower() if text.isascii() else text))


@pytest.mark.parametrize("piece", ["word ", "x", "– "])
def test_a_megabyte_of_one_thing_is_aligned_in_time(piece):
    text = piece * (1_000_000 // len(piece))
    started = time.process_time()
    align(text, text[: len(text) // 2])
    align_all([text, text + "end", "an end"])
    assert time.process_time() - started < 60


def test_long_wordings_keep_their_common_words_though_they_are_cut_for_it():
    numbers = [str(n) for n in range(20_000)]
    other = [word for n, word in enumerate(numbers) if n % 50]
    pieces = align(" ".join(numbers), " ".join(other))
    assert sum(len(piece.first.split()) for piece in pieces if piece.kind == "same") == len(other)
    repeated = " ".join(["pier", "mill"] * 3_000)
    assert (
        sum(len(piece.first.split()) for piece in align(repeated, repeated + " night") if piece.kind == "same") > 5_000
    )
