"""An answer to a release as STIX 2.1 objects, and back: a note on the report, or a sighting of it.

STIX 2.1: note 4.13, sighting 5.2. A sighting tells every reader "this was seen", and platforms count them. So only an
outcome that its assessor confirmed, and in which something was found or an attack was thwarted, is a sighting; what
was thought or believed, what was not found and what nobody acted on is a note in plain words. A sighting has no
`count` (no number where none was given, and a number of finds is no number of sightings), nothing has STIX's numeric
`confidence`, and no object has an author beyond the party's neutral id in the words.

Times are cut to slots, and what somebody wrote about an action or an outcome is left out (`bare`): such words are for
the owner of the warning, and platforms pass on what they get. The signed envelope has both; this form is for readers
without our software.
"""

import json
from dataclasses import dataclass, fields, replace
from typing import Any

from safeconduct.agreements.fields import Fields
from safeconduct.alerts.answer import Acknowledgement, Action, Answer, Outcome, from_json, is_signed, to_json
from safeconduct.alerts.answer_words import describe
from safeconduct.alerts.policy import SHORTEST_SLOT
from safeconduct.alerts.stix import (
    AUTHOR_ID,
    BORN,
    SPEC,
    TLP_IDS,
    UUID_4,
    author,
    check_same,
    property_extension,
    stamp,
    tlp_marking,
    uuid_of,
)
from safeconduct.errors import BadInput
from safeconduct.seal.canonical import encode_json

ANSWER_EXTENSION_ID = "extension-definition--1f8e9a5d-52c7-4b0e-8d57-6f0b3c2ad4e1"
SEEN = ("found", "thwarted")
_NAMES = {"by": "said_by", "at": "said_at"}  # names of STIX have three letters at least
_FIELDS: dict[str, tuple[str, ...]] = {
    one.__name__.lower(): tuple(field.name for field in fields(one)) for one in (Acknowledgement, Action, Outcome)
}
HARM = "harm was reported; the words are in the signed envelope"


@dataclass(frozen=True, slots=True)
class About:
    """What an answer is about: the UUID of the release's `report` object, and the release's TLP marking."""

    report: str
    handling: str


def answer_to_stix(answer: Answer, *, about: About, uuid: str) -> list[dict[str, Any]]:
    """Identity of this software, extension definition, TLP marking, and the note or sighting with a fresh `uuid`.

    Raises:
        BadInput: `bad-stix`, if an id is no UUID of version 4, or the answer is not a party's own signed word to the
            other: what stays on its node has no form that crosses.
    """
    for where, value in (("uuid", uuid), ("about.report", about.report)):
        if not UUID_4.fullmatch(value):
            raise BadInput("bad-stix", where=where, expected="a UUID, version 4", seen=value)
    if about.handling not in TLP_IDS:
        raise BadInput("bad-stix", where="about.handling", expected="a TLP 2.0 marking", seen=about.handling)
    if not _crosses(answer):
        raise BadInput("bad-stix", where="answer", expected="a party's own signed word", seen=describe(answer))
    cut = bare(answer)
    at = stamp(cut.at)
    plain = {_NAMES.get(name, name): value for name, value in json.loads(to_json(cut)).items()}
    common = {
        "spec_version": SPEC,
        "created": at,
        "modified": at,
        "object_marking_refs": [TLP_IDS[about.handling]],
        "extensions": {ANSWER_EXTENSION_ID: property_extension(plain)},
    }
    report, words = f"report--{about.report}", f"{describe(cut)}."
    if is_sighting(cut):
        one = {
            "type": "sighting",
            "id": f"sighting--{uuid}",
            **common,
            "sighting_of_ref": report,
            "description": words,
        }
    else:
        one = {
            "type": "note",
            "id": f"note--{uuid}",
            **common,
            "abstract": f"{plain['type'].capitalize()} of a warning",
            "content": words,
            "object_refs": [report],
        }
    return [author(), _extension(), tlp_marking(about.handling), one]


def answer_from_stix(objects: Any) -> tuple[Answer, About]:
    """The answer that these objects say, with what it is about; its time is cut to the slot.

    Steps: 1. a list of four objects; 2. the last is a note or a sighting with our extension; 3. its answer is well
    formed; 4. that answer makes these very objects.

    Raises:
        BadInput: `bad-stix`, `missing-field`, `unknown-field` or `bad-field`, naming the place.
    """
    if not isinstance(objects, list) or len(objects) != 4:  # 1
        seen = len(objects) if isinstance(objects, list) else objects
        raise BadInput("bad-stix", where="objects", expected="a list of four objects", seen=seen)
    last = Fields(objects[3], "answer")  # 2
    kind = last.choice("type", ("note", "sighting"))
    uuid = uuid_of(last, "id", kind)
    extensions = Fields(last.take("extensions"), "answer.extensions")
    plain = extensions.take(ANSWER_EXTENSION_ID)
    if not isinstance(plain, dict):
        raise BadInput("bad-stix", where="answer.extension", expected="an object", seen=plain)
    answer = from_json(encode_json(_given(plain)))  # 3
    about = About(_report_of(last, kind), _handling_of(objects[2]))
    for place, (expected, seen) in enumerate(zip(answer_to_stix(answer, about=about, uuid=uuid), objects, strict=True)):
        check_same(expected, seen, f"objects[{place}]")  # 4
    return answer, about


def bare(answer: Answer) -> Answer:
    """The answer as this form has it: its time cut to the slot, and nothing that somebody wrote by hand.

    The reason of an acknowledgement and the hedge of an outcome stay: without them the rest would say another thing.
    """
    at = answer.at // SHORTEST_SLOT * SHORTEST_SLOT
    if isinstance(answer, Acknowledgement):
        return replace(answer, at=at)
    if isinstance(answer, Action):
        return replace(answer, at=at, text="")
    return replace(answer, at=at, text="", evidence=None, harm=None if answer.harm is None else HARM)


def is_sighting(answer: Answer) -> bool:
    """Whether the answer says, confirmed, that something was there."""
    return isinstance(answer, Outcome) and answer.result in SEEN and answer.confidence == "confirmed"


def _crosses(answer: Answer) -> bool:
    own = not isinstance(answer, Outcome) or answer.assessor_kind == "partner"
    return own and is_signed(answer)


def _given(plain: dict[str, Any]) -> dict[str, Any]:
    """Fields of an answer by their own names; those that STIX leaves out are null."""
    own = {name: field for field, name in _NAMES.items()}
    named = {own.get(name, name): value for name, value in plain.items() if name != "extension_type"}
    return {**dict.fromkeys(_FIELDS.get(str(named.get("type")), ())), **named}


def _report_of(last: Fields, kind: str) -> str:
    if kind == "sighting":
        return uuid_of(last, "sighting_of_ref", "report")
    refs = last.items("object_refs", most=1)
    return uuid_of(Fields({"object_refs": refs[0] if refs else None}, "answer"), "object_refs", "report")


def _handling_of(marking: Any) -> str:
    found = Fields(marking, "objects[2]").text("name", limit=40)
    if found not in TLP_IDS:
        raise BadInput("bad-stix", where="objects[2].name", expected="a TLP 2.0 marking", seen=found)
    return found


def _extension() -> dict[str, Any]:
    return {
        "type": "extension-definition",
        "spec_version": SPEC,
        "id": ANSWER_EXTENSION_ID,
        "created": BORN,
        "modified": BORN,
        "created_by_ref": AUTHOR_ID,
        "name": "safeconduct answer",
        "description": "What a partner says of a warning: acknowledgement, action or outcome, and no more.",
        "schema": "spec/releases.md of safeconduct, section Answers",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }
