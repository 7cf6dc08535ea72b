"""Answers as STIX 2.1 and back: a sighting only where something was confirmed, and no word that was written by hand."""

import copy
import json

import pytest

from safeconduct.alerts.answer import Acknowledgement, Action, from_json
from safeconduct.alerts.stix_answers import (
    ANSWER_EXTENSION_ID,
    HARM,
    About,
    answer_from_stix,
    answer_to_stix,
    bare,
    is_sighting,
)
from safeconduct.errors import BadInput

UUID = "0000000a-0000-4000-8000-000000000000"
ABOUT = About("00000002-0000-4000-8000-000000000000", "TLP:AMBER+STRICT")
AT = 1629878400 + 1234  # not on a slot
ACK = Acknowledgement("w-5f3a", "accepted", None, "cordon", AT, signed=True, corrects=False)
ACTION = Action("w-5f3a", "search", "cordon", AT, "outer-1", "Searched from the house of the baker on.")


def outcome(**changes):
    given = {
        "type": "outcome", "release_id": "w-5f3a", "result": "found", "assessor": "cordon",
        "assessor_kind": "partner", "confidence": "confirmed", "number": None, "hedge": None,
        "text": "The baker told us.", "at": AT, "evidence": "Seen by two patrols.",
    }  # fmt: skip
    return from_json(json.dumps({**given, **changes}).encode())


EACH = [
    ACK,
    Acknowledgement("w-5f3a", "declined", "not our road", "cordon", AT, signed=True, corrects=False),
    ACTION,
    outcome(),
    outcome(result="thwarted", confidence="believed", number=2, hedge="at least"),
    outcome(result="nothing", harm="A shop was damaged.", harm_number=1),
]


@pytest.mark.parametrize("answer", EACH)
def test_answer_survives_stix_but_for_its_exact_time_and_its_written_words(answer):
    read, about = answer_from_stix(json.loads(json.dumps(answer_to_stix(answer, about=ABOUT, uuid=UUID))))
    assert (read, about) == (bare(answer), ABOUT)
    assert read.at % 900 == 0 and AT - 900 < read.at <= AT


@pytest.mark.seed("S-08")
@pytest.mark.parametrize("result", ["searched", "found", "thwarted", "nothing", "not-acted"])
@pytest.mark.parametrize("confidence", ["thought", "believed", "confirmed"])
def test_only_a_find_that_was_confirmed_is_a_sighting(result, confidence):
    answer = outcome(result=result, confidence=confidence)
    last = answer_to_stix(answer, about=ABOUT, uuid=UUID)[3]
    assert is_sighting(answer) == (result in {"found", "thwarted"} and confidence == "confirmed")
    assert last["type"] == ("sighting" if is_sighting(answer) else "note")
    assert "count" not in last and "confidence" not in last
    words = last.get("content") or last["description"]
    assert words.startswith(f"{confidence} by cordon: {result}")


def test_no_word_that_was_written_by_hand_and_no_exact_time_is_in_any_object():
    for answer in EACH:
        text = json.dumps(answer_to_stix(answer, about=ABOUT, uuid=UUID))
        for written in ("baker", "patrols", "shop", str(AT)):
            assert written not in text
    assert HARM in json.dumps(answer_to_stix(EACH[-1], about=ABOUT, uuid=UUID))


def test_note_of_an_acknowledgement_says_that_it_approves_nothing():
    last = answer_to_stix(ACK, about=ABOUT, uuid=UUID)[3]
    assert last["content"] == "accepted by cordon (signed); not an approval."
    assert last["object_refs"] == [f"report--{ABOUT.report}"]
    assert "created_by_ref" not in last and "authors" not in last


@pytest.mark.parametrize(
    "answer",
    [
        Acknowledgement("w-5f3a", "accepted", None, "cordon", AT, signed=False, corrects=False),
        outcome(assessor="evac", assessor_kind="own"),
        outcome(assessor="two officials", assessor_kind="unnamed"),
    ],
)
def test_what_stays_on_its_node_has_no_form(answer):
    with pytest.raises(BadInput) as caught:
        answer_to_stix(answer, about=ABOUT, uuid=UUID)
    assert (caught.value.code, caught.value.where) == ("bad-stix", "answer")


@pytest.mark.parametrize(
    ("about", "uuid", "where"),
    [
        (ABOUT, "1", "uuid"),
        (About("report--1", ABOUT.handling), UUID, "about.report"),
        (About(ABOUT.report, "TLP:WHITE"), UUID, "about.handling"),
    ],
)
def test_identifier_or_marking_that_is_none_is_refused(about, uuid, where):
    with pytest.raises(BadInput) as caught:
        answer_to_stix(ACK, about=about, uuid=uuid)
    assert caught.value.where == where


def _extension(objects):
    return objects[3]["extensions"][ANSWER_EXTENSION_ID]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (list.pop, "objects"),
        (lambda o: o[3].update(type="report"), "answer.type"),
        (lambda o: o[3].update(id="note--1"), "answer.id"),
        (lambda o: o[3].pop("extensions"), "answer.extensions"),
        (lambda o: o[3]["extensions"].update({ANSWER_EXTENSION_ID: 5}), "answer.extension"),
        (lambda o: _extension(o).update(plate="123"), "answer"),
        (lambda o: _extension(o).pop("said_by"), "answer.by"),
        (lambda o: _extension(o).update(said_at=AT), "objects[3].extensions"),
        (lambda o: _extension(o).pop("extension_type"), "objects[3].extensions"),
        (lambda o: o[3].update(object_refs=[]), "answer.object_refs"),
        (lambda o: o[3].update(object_refs=["location--" + ABOUT.report]), "answer.object_refs"),
        (lambda o: o[3].update(content="stop the red car"), "objects[3].content"),
        (lambda o: o[3].update(x_note="a red car"), "objects[3]"),
        (lambda o: o[3].update(confidence=90), "objects[3]"),
        (lambda o: o[2].update(name="TLP:WHITE"), "objects[2].name"),
        (lambda o: o[2].update(name="TLP:RED"), "objects[2].id"),
        (lambda o: o[0].update(name="the baker"), "objects[0].name"),
    ],
)
def test_changed_answer_is_refused_by_place(change, where):
    changed = copy.deepcopy(answer_to_stix(ACK, about=ABOUT, uuid=UUID))
    change(changed)
    with pytest.raises(BadInput) as caught:
        answer_from_stix(changed)
    assert caught.value.where == where


def test_find_that_was_only_thought_cannot_be_made_a_sighting_by_hand():
    objects = answer_to_stix(outcome(confidence="thought"), about=ABOUT, uuid=UUID)
    note = objects[3]
    objects[3] = {
        **{name: note[name] for name in ("spec_version", "created", "modified", "object_marking_refs", "extensions")},
        "type": "sighting", "id": f"sighting--{UUID}", "sighting_of_ref": note["object_refs"][0],
        "description": note["content"],
    }  # fmt: skip
    with pytest.raises(BadInput) as caught:
        answer_from_stix(objects)
    assert caught.value.where == "objects[3].type"


def test_something_else_than_a_list_is_refused():
    with pytest.raises(BadInput) as caught:
        answer_from_stix({"type": "bundle"})
    assert caught.value.where == "objects"
