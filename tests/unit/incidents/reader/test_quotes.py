"""Quotation marks of several houses: which stretches they enclose, whatever else the paragraph holds."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.incidents.reader.masked_sentences import sentences
from safeconduct.incidents.reader.model import Block, Document
from safeconduct.incidents.reader.quotes import MASK, find_stretches, masked


def page(text):
    """A document with one block a line."""
    blocks, position = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(position, position + len(line), "paragraph"))
        position += len(line) + 1
    return Document("page.txt", "", text, text, None, tuple(blocks), ())


def inside(text):
    return [text[one.start : one.end] for one in find_stretches(page(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The bridge is open,” the guard said.", ["The bridge is open,"]),
        ('"The bridge is open," the guard said.', ["The bridge is open,"]),
        ("'The bridge is open,' the guard said.", ["The bridge is open,"]),
        ("‘The bridge is open,’ the guard said.", ["The bridge is open,"]),
        ("«The bridge is open», the guard said.", ["The bridge is open"]),
        ("„The bridge is open“, the guard said.", ["The bridge is open"]),
        ("``The bridge is open,'' the guard said.", ["The bridge is open,"]),
        ("The guard called it “quiet”.", ["quiet"]),
    ],
)
def test_marks_of_each_kind_enclose_their_words(text, expected):
    assert inside(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The guard's dog ate the soldiers' bread.", []),
        ("'It's the drivers' own choice,' she said.", ["It's the drivers' own choice,"]),
        ("'We don't know the town's limits,' he said.", ["We don't know the town's limits,"]),
        ("In the '90s they'd call 'em rock 'n' roll years.", []),
        ("He called them 'heroes' and the plan 'mad'.", ["heroes", "mad"]),
        ("‘They’re the pilots’ friends,’ he said.", ["They’re the pilots’ friends,"]),
    ],
)
def test_apostrophes_neither_open_nor_close(text, expected):
    assert inside(text) == expected


def test_inch_marks_are_no_quotation_marks():
    assert inside('A 12" pipe burst. "It was old," the engineer said.') == ["It was old,"]


@pytest.mark.seed("S-108")
def test_a_stray_mark_stays_inside_the_quotation():
    assert inside("'They will chase 'every one of the raiders,' she said.") == [
        "They will chase 'every one of the raiders,"
    ]


def test_a_mark_that_closed_too_early_is_passed_over():
    text = '"We moved a second group at noon." I can say that all are safe," the mayor said.'
    assert inside(text) == ['We moved a second group at noon." I can say that all are safe,']


def test_nested_marks_belong_to_the_outer_quotation():
    assert inside("“He told me ‘stay down’ and ran,” the driver said.") == ["He told me ‘stay down’ and ran,"]
    assert inside("\"He told me 'stay down' and ran,\" the driver said.") == ["He told me 'stay down' and ran,"]


def test_a_quotation_goes_on_where_the_next_paragraph_opens_again():
    first, second = find_stretches(page("“We waited all night.\n“Then the buses came,” she said."))
    assert (first.closed, first.goes_on, second.closed) == (False, True, True)


def test_a_quotation_that_is_never_closed_ends_with_its_paragraph():
    (one,) = find_stretches(page('The clerk said: "Nobody came back\nThe office closed at noon.'))
    assert (one.closed, one.goes_on) == (False, False)
    assert one.end == len('The clerk said: "Nobody came back')


def test_a_nickname_is_marked_and_stays_in_the_name():
    document = page("Colonel Ada 'Bolt' Marsh spoke.")
    stretches = find_stretches(document)
    assert [one.nickname for one in stretches] == [True]
    assert masked(document, stretches) == "Colonel Ada  Bolt  Marsh spoke."


def test_navigation_is_left_out():
    document = Document("p", "", '"Menu"', '"Menu"', None, (Block(0, 6, "aside"),), ())
    assert find_stretches(document) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Gen. Ada Marsh met Lt. Col. Roe of the U.S. Army. They left.", 2),
        ("“Are you leaving?” Marsh asked. Nobody spoke.", 2),
        ("“We are leaving.” Marsh shut the gate.", 2),
        ("“We are leaving. All of us,” Marsh said.", 1),
        ("“Enough!” Ada Marsh, head of the office, said on Monday. “Go home.”", 2),
        ("It ended at 5 p.m. The guards went home.", 2),
    ],
)
def test_a_sentence_ends_outside_quotations_and_not_after_an_abbreviation(text, count):
    document = page(text)
    hidden = masked(document, find_stretches(document))
    assert len(list(sentences(text, hidden, 0, len(text)))) == count


marks = st.text(alphabet="abC1 .,?!:\n\"'“”‘’„«»`()—", max_size=300)


@given(marks)
def test_stretches_are_ordered_apart_and_inside_their_block(text):
    document = page(text)
    found = find_stretches(document)
    for one in found:
        block = document.blocks[one.block]
        assert block.start <= one.left < one.start < one.end <= one.right <= block.end
    assert all(a.right <= b.left for a, b in pairwise(found))
    hidden = masked(document, found)
    assert len(hidden) == len(text)
    assert MASK not in text


@given(marks)
def test_sentences_cover_a_block_without_overlap(text):
    document = page(text)
    hidden = masked(document, find_stretches(document))
    for block in document.blocks:
        spans = list(sentences(text, hidden, block.start, block.end))
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        gaps = set(range(block.start, block.end)) - {at for low, high in spans for at in range(low, high)}
        assert all(text[at].isspace() for at in gaps)


@pytest.mark.parametrize("piece", ["'a ", "“a ", "”", "' ", '"', "a'", "“a” ", "'a' ", "a. "])
def test_a_very_long_run_of_marks_is_read_in_linear_time(piece):
    began = time.process_time()
    document = page(piece * (400_000 // len(piece)))
    hidden = masked(document, find_stretches(document))
    list(sentences(document.plain, hidden, 0, len(document.plain)))
    assert time.process_time() - began < 10
