"""Figures as reports write them: bounds, population, outcome; and the numbers that are none."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.incidents.claims import NUMERIC, VAGUE
from safeconduct.incidents.reader.counts import find_counts
from safeconduct.incidents.reader.model import Block, Count, Document, Sentence
from timing import seconds


def counts(text: str) -> tuple[Count, ...]:
    """The figures of one sentence."""
    document = Document(
        "a.txt", "", text, text, None, (Block(0, len(text), "paragraph"),), (Sentence(0, len(text), 0),)
    )
    return find_counts(document)


def figures(text: str) -> list[tuple[int | None, int | None, str, str, str]]:
    return [(c.min, c.max, c.basis, c.population, c.outcome) for c in counts(text) if not c.duration]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 40 villagers died.", (40, None, "at-least", "villagers", "killed")),
        ("The flood left no fewer than 1,200 families homeless.", (1200, None, "at-least", "families", "displaced")),
        ("More than 3,000 refugees were flown out.", (3000, None, "more-than", "refugees", "evacuated")),
        ("On 3 May 2024 at least 40 nurses died.", (40, None, "at-least", "nurses", "killed")),
        ("Up to 90 sailors may have drowned or been killed.", (None, 90, "up-to", "service-members", "killed")),
        ("As many as two dozen guards were wounded.", (None, 24, "up-to", "guards", "injured")),
        ("Fewer than 50 patients remain there.", (None, 50, "fewer-than", "patients", "remaining")),
        ("Some 200 men were detained.", (200, 200, "about", "people", "detained")),
        ("Nearly 5.2 million people were displaced.", (5_200_000, 5_200_000, "about", "people", "displaced")),
        ("Between 50 and 60 children are missing.", (50, 60, "between", "children", "missing")),
        ("Five to six thousand Syrians arrived.", (5000, 6000, "between", "syrians", "arrived")),
        ("At least 13 and as many as 46 civilians were killed.", (13, 46, "between", "civilians", "killed")),
        ("A hundred and sixty-nine hostages were freed.", (169, 169, "exact", "hostages", "released")),
        ("Another 140-plus were wounded.", (140, None, "at-least", "people", "injured")),
        ("12 or more nurses were turned away.", (12, None, "at-least", "nurses", "turned-away")),
        ("Dozens of teachers were beaten.", (None, None, "dozens", "teachers", "beaten")),
        ("Tens of thousands of Yemenis are at risk.", (None, None, "thousands", "yemenis", "at-risk")),
        ("Numerous Canadians were turned back.", (None, None, "numerous", "canadians", "turned-away")),
        ("A few hundred fighters were captured.", (None, None, "hundreds", "fighters", "detained")),
        ("2 lakh pilgrims were evacuated.", (200_000, 200_000, "exact", "pilgrims", "evacuated")),
        ("Multiple rockets were fired.", (None, None, "several", "rockets", "happened")),
        ("They may have foiled some attacks.", (None, None, "some", "attacks", "thwarted")),
        ("The toll rose to 77 deaths.", (77, 77, "exact", "people", "killed")),
        ("The 13 that we lost were young.", (13, 13, "exact", "people", "killed")),
        ("The ferry carried 310 passengers.", (310, 310, "exact", "passengers", "evacuated")),
        ("They got more than 80 interpreters out.", (80, None, "more-than", "allies", "evacuated")),
        ("Eleven crew members gave their lives.", (11, 11, "exact", "people", "killed")),
        ("Seven members of his family were killed.", (7, 7, "exact", "family-members", "killed")),
        ("The strike killed a 60-year-old civilian.", (1, 1, "exact", "civilians", "killed")),
        ("The blast claimed the lives of 31 Georgians.", (31, 31, "exact", "georgians", "killed")),
    ],
)
def test_a_figure_is_read_with_its_bound_its_people_and_what_became_of_them(text, expected):
    assert figures(text) == [expected]


@pytest.mark.seed("S-42", "S-43")
def test_a_part_is_tied_to_its_total_and_shares_its_outcome():
    total, part = counts("The raid killed 20 residents, including six children.")
    assert (part.part_of, part.outcome, part.min) == (0, "killed", 6)
    assert total.part_of == -1
    total, part = counts("The ship carried about 900 people, including 130 on Monday.")
    assert (part.population, part.unit, part.outcome, part.part_of) == ("people", "people", "evacuated", 0)


@pytest.mark.seed("S-48")
def test_one_verb_for_several_groups_of_which_the_last_are_others_is_flagged_and_not_guessed():
    first, second, others = counts("At least 9 nurses and 4 drivers and about 30 others were hurt in two blasts.")[:3]
    assert {row.outcome for row in (first, second, others)} == {"injured"}
    assert first.ambiguous
    assert second.ambiguous
    assert not others.ambiguous
    plain = counts("Nine nurses were killed and about 30 others were hurt.")
    assert not any(row.ambiguous for row in plain)


@pytest.mark.seed("S-50")
def test_a_vague_word_never_gets_a_number():
    for text in (
        "Dozens of Kurds died.",
        "Many Kurds died.",
        "Hundreds of thousands of Kurds fled.",
        "Scores of Kurds died.",
    ):
        (row,) = counts(text)
        assert (row.min, row.max) == (None, None)


def test_two_verbs_share_out_their_figures():
    assert [(c.max, c.outcome) for c in counts("Twelve soldiers were killed and 15 were wounded after two blasts.")] == [
        (12, "killed"), (15, "injured"), (2, "happened")]  # fmt: skip
    assert [(c.max, c.outcome) for c in counts("The blast killed 8 guards and 30 Sudanese and wounded 41 others.")] == [
        (8, "killed"), (30, "killed"), (41, "injured")]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "The war lasted 20 years.",
        "The 20-year war ended on 31 August 2021.",
        "It cost $300 million and 12 percent of the budget.",
        "The blast at 6:07 p.m. was heard 12 miles away.",
        "The driver, 43, lives in Room 12 of Building 5.",
        "A C-130 and an F-16 landed; see Resolution 2593.",
        "One of the two sides asked two questions.",
        "There is no one another man could ask.",
        "How many? So many. As many as we can.",
        "He was 9 years old and born in 1999.",
        "A lot of people say so.",
    ],
)
def test_what_counts_nobody_is_no_figure(text):
    assert [c for c in counts(text) if c.unit == "people" and not c.duration] == []


def test_a_span_of_time_is_kept_apart():
    (row,) = counts("They waited for more than three days.")
    assert (row.duration, row.unit, row.min, row.basis) == (True, "days", 3, "more-than")


def test_a_hedge_is_kept():
    assert counts("Reports indicate that 12 guards were killed.")[0].hedge == "reports indicate"


def test_every_basis_is_one_that_a_claim_may_have():
    texts = (
        "Up to 3 men died.",
        "Dozens of men died.",
        "A few men died.",
        "Fewer than 3 men died.",
        "3 to 9 men died.",
    )
    assert {figures(text)[0][2] for text in texts} <= {*NUMERIC, *VAGUE}


WORDS = st.sampled_from(
    [
        "at",
        "least",
        "12",
        "up",
        "to",
        "more",
        "than",
        "a",
        "dozen",
        "hundreds",
        "of",
        "some",
        "people",
        "soldiers",
        "were",
        "killed",
        "and",
        "wounded",
        ",",
        ".",
        ";",
        "(",
        ")",
        "—",
        "“",
        "”",
        "including",
        "another",
        "other",
        "others",
        "13,400",
        "1.5",
        "million",
        "between",
        "to",
        "-",
        "%",
        "$",
        "C-17",
        "the",
        "Aug.",
        "26",
        "one",
        "two",
        "families",
        "members",
        "999999999999999",
        "½",
        "²",
    ]
)


@given(st.lists(WORDS, max_size=60))
def test_no_sentence_breaks_the_reader(words):
    text = " ".join(words)
    for row in counts(text):
        assert 0 <= row.start <= row.number_start < row.number_end <= row.end <= len(text)
        assert row.min is None or row.max is None or row.min <= row.max
        assert -1 <= row.part_of < len(words)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text):
    for row in counts(text):
        assert text[row.start : row.end]


@pytest.mark.parametrize("piece", ["12 people and ", "a ", "at least ", "killed ", "1,", "- ", "(", "other "])
def test_a_long_sentence_takes_time_in_proportion(piece):
    short, long = (seconds(partial(counts, piece * (size // len(piece)))) for size in (10_000, 40_000))
    assert long < 10 * short + 0.2
