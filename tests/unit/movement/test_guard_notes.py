"""Typed notes of guards: what fits their form is read, anything else is free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.movement.guard_notes import GuardRecord, Said, read_note


@pytest.mark.parametrize(
    ("what", "note", "values", "text"),
    [
        ("escort", "vehicles=2\ntwo buses\nand a car", {"vehicles": "2"}, "two buses\nand a car"),
        ("escort", "vehicles=0", {"vehicles": "0"}, ""),
        ("bags", "bags=999 by=other", {"bags": "999", "by": "other"}, ""),
        ("help", "by=unknown\nwater", {"by": "unknown"}, "water"),
        ("route", "route=blocked", {"route": "blocked"}, ""),
        ("area", "holder=unclear", {"holder": "unclear"}, ""),
    ],
)
def test_note_of_its_form_is_read(what, note, values, text):
    assert read_note(what, note) == Said(values, text)


@pytest.mark.parametrize(
    ("what", "note"),
    [
        ("escort", ""),
        ("escort", "two buses"),
        ("escort", "vehicles=1000"),
        ("escort", "vehicles=²"),
        ("escort", "vehicles="),
        ("escort", "vehicles=2 by=own"),
        ("bags", "by=own bags=2"),
        ("bags", "bags=2  by=own"),
        ("help", "by=nobody"),
        ("route", "route=open"),
        ("area", "holder=cordon"),
        ("child-alone", "told the room"),
        ("", "vehicles=2"),
    ],
)
def test_note_of_another_form_is_free_text(what, note):
    assert read_note(what, note) is None


@given(st.sampled_from(["escort", "bags", "help", "route", "area", "other"]), st.text(max_size=60))
def test_any_text_is_read_or_left_alone(what, note):
    said = read_note(what, note)
    assert said is None or note.startswith(next(iter(said.values)))


@pytest.mark.parametrize(("by", "party"), [("own", "cordon"), ("other", "evac"), ("unknown", "")])
def test_who_helped_is_told_from_the_side_of_the_guard_who_records(by, party):
    said = read_note("help", f"by={by}")
    assert GuardRecord("help", "d:1:1", "gate-a", 5, "cordon", "evac", 0, said).who("evac") == party
