"""Suggestions joined from what was found: who says a figure, through whom, when, of which incident."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.incidents.reader.model import DIRECT, KINDS, REPORTED, Reading, Suggestion
from safeconduct.incidents.reader.output import as_json
from safeconduct.incidents.reader.suggest import read

FIRST = """Blast at Old Mill crossing

Monday 23 August 2021

At least 9 people were killed on Sunday when two blasts struck Old Mill crossing, a hospital official told Northern Wire.

"We keep the road open together," General Ines Varga, commander of the river command, said on Monday when asked about the guards.

The Grey Column is suspected of the attack.
"""
SECOND = """Toll rises after Old Mill

Wednesday 25 August 2021

Thirteen people were killed in Sunday's attack at Old Mill crossing, the river command said.

"We have kept that road open together," General Varga told Northern Wire.
"""


def reading(*texts: str) -> Reading:
    return read([(f"{place}.txt", text.encode()) for place, text in enumerate(texts)])


def of_kind(found: Reading, kind: str) -> list[Suggestion]:
    return [one for one in found.suggestions if one.kind == kind]


@pytest.mark.seed("S-46", "S-105", "S-106")
def test_a_figure_has_its_claimant_the_way_here_and_its_day():
    (killed, blasts) = of_kind(reading(FIRST), "figure")
    assert (killed.min, killed.max, killed.basis, killed.population, killed.outcome) == (
        9,
        None,
        "at-least",
        "people",
        "killed",
    )
    assert "hospital official" in killed.claimant
    assert killed.claimant_kind == "unnamed"
    assert killed.relay == ("Northern Wire",)
    assert killed.speech == REPORTED
    assert (killed.meant, killed.meant_wording) == ("2021-08-22", "Sunday")
    assert killed.incident == blasts.incident != ""


@pytest.mark.seed("S-80", "S-108")
def test_a_quotation_keeps_its_words_its_speaker_its_day_and_its_question():
    (quoted,) = of_kind(reading(FIRST), "quotation")
    assert quoted.quote == "We keep the road open together,"
    assert FIRST[quoted.start : quoted.end] == quoted.quote
    assert "Varga" in quoted.claimant
    assert quoted.speech == DIRECT
    assert (quoted.said, quoted.said_wording) == ("2021-08-23", "Monday")
    assert "guards" in quoted.question


@pytest.mark.seed("S-84")
def test_an_attribution_keeps_its_grade():
    (blamed,) = of_kind(reading(FIRST), "attribution")
    assert blamed.grade == "suspected"


@pytest.mark.seed("S-51", "S-81", "S-108")
def test_two_reports_of_one_incident_are_brought_together_and_nothing_is_merged():
    found = reading(FIRST, SECOND)
    killed = [one for one in of_kind(found, "figure") if one.outcome == "killed"]
    assert [(one.min, one.max) for one in killed] == [(9, None), (13, 13)]
    assert killed[0].incident == killed[1].incident
    quoted = {one.id for one in of_kind(found, "quotation")}
    assert [set(group) for group in found.variants] == [quoted]
    assert len(found.happenings) == 1


def test_the_same_files_give_the_same_ids_whatever_comes_in_beside_them():
    alone, together = reading(FIRST), reading(FIRST, SECOND)
    ids = {one.id for one in together.suggestions}
    assert {one.id for one in alone.suggestions} <= ids
    assert len(ids) == len(together.suggestions)


def test_two_files_with_the_same_bytes_have_ids_of_their_own_and_are_copies():
    found = reading(FIRST, FIRST)
    assert len({one.id for one in found.suggestions}) == len(found.suggestions)
    assert ["0.txt", "1.txt"] in as_json(found)["copies"]
    assert len(set(found.origins.values())) == 1


def test_as_json_gives_the_asked_form():
    out = as_json(reading(FIRST, SECOND))
    assert {"sources", "claims", "variants", "copies", "relations"} <= set(out)
    assert [(one["file"], one["published"]) for one in out["sources"]] == [
        ("0.txt", "2021-08-23"),
        ("1.txt", "2021-08-25"),
    ]
    for claim in out["claims"]:
        assert claim["kind"] in KINDS
        assert {"id", "file", "start", "end", "claimant", "relay", "speech", "incident", "population", "outcome", "min",
                "max", "basis", "said", "meant", "hedge"} <= set(claim)  # fmt: skip


def test_nothing_gives_nothing():
    found = read([])
    assert (found.documents, found.suggestions, found.ties) == ((), (), ())
    assert as_json(read([("empty.txt", b"")]))["claims"] == []


PIECES = st.sampled_from(
    [
        "At least 12 people were killed on Sunday", ", officials said", '"We know,"', " he said.", "\n\n", "Gen. Ann Lee said ", "Aug. 26",
        " denied that ", "<p>", "</p>", "The Grey Column claimed responsibility.", "‘", "’", "“", "”", "Q    ", "MS. LEE:  ", " 1. ", "no evidence",
        "٣ أشخاص", "\r\n", "\x00", "including two children", "the following day",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=40), max_size=3))
def test_no_documents_break_the_reader(texts):
    files = [(f"{place}.{'html' if place else 'txt'}", "".join(pieces).encode()) for place, pieces in enumerate(texts)]
    found = read(files)
    lengths = {document.file: len(document.text) for document in found.documents}
    for one in found.suggestions:
        assert 0 <= one.start < one.end <= lengths[one.file]
    ids = {one.id for one in found.suggestions}
    assert all(tie.source in ids and tie.target in ids for tie in found.ties)
    assert all(one in ids for group in found.variants for one in group)


@pytest.mark.seed("S-108")
def test_two_renderings_by_one_person_that_share_rare_words_are_one_utterance():
    first = 'Mayor Ole Brandt said on Monday: "Whoever burns harvest wagons will get no answer from me."\n'
    second = '"With burners of harvest wagons I do not speak," Mayor Ole Brandt told the Coast Wire.\n'
    other = '"The winter will be long and hard," Mayor Ole Brandt told the Coast Wire.\n'
    found = reading(first, second, other)
    by_id = {one.id: one.file for one in found.suggestions}
    assert [[by_id[one] for one in group] for group in found.variants] == [["0.txt", "1.txt"]]


def test_words_in_marks_above_a_text_are_given_to_whoever_speaks_them_below():
    text = "Harbour fire was ‘avoidable’\n\nThe fire was “avoidable”, Judge Ida Moe said on Friday.\n"
    assert [("Moe" in one.claimant, one.quote) for one in of_kind(reading(text), "quotation")] == [
        (True, "avoidable"), (True, "avoidable")]  # fmt: skip
