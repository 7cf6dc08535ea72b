"""The cases of spec/vectors/roll.json."""

import json
import re

import pytest

from safeconduct.errors import BadInput
from safeconduct.register.roll_import import COLUMNS, Limits, parse_roll
from vectors.generators import ROOT, load

VECTORS = json.loads((ROOT / "spec/vectors/roll.json").read_text(encoding="utf-8"))
SPEC = (ROOT / "spec/roll.md").read_text(encoding="utf-8")


def _data(case):
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    return case["text"].replace("{fill}", "x" * case.get("fill", 0)).encode()


def _person(person):
    cells = dict(zip(COLUMNS, person[: len(COLUMNS)], strict=True))
    return {name: cell for name, cell in cells.items() if cell} | {"doubts": list(person.doubts)}


def _group(group):
    return {"id": group.group_id, "heads": group.heads, "class": group.group_class, "priority": group.priority}


def _place(where):
    """Row, column, byte or group that an error's place names after the file."""
    named = dict(re.findall(r"(row|column|byte|group) ([\w-]+)", where.removeprefix("roll.csv")))
    return {name: int(value) if name in ("row", "byte") else value for name, value in named.items()}


def _answer(case):
    limits = Limits(max_rows=case["most_people"]) if "most_people" in case else None
    try:
        roll = parse_roll(_data(case), filename="roll.csv", limits=limits)
    except BadInput as error:
        return {"code": error.code, **_place(error.where)}
    return {"people": [_person(p) for p in roll.people], "groups": [_group(g) for g in roll.groups]}


@pytest.mark.seed("S-34", "S-35")
@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_roll_is_read_or_refused_as_the_vector_says(case):
    answer = _answer(case)
    if "groups" in case["expect"] and "people" not in case["expect"]:
        answer.pop("people")  # a long roll states its groups only
    assert answer == case["expect"]


def test_every_code_of_the_page_has_a_case_and_every_case_a_code_of_the_page():
    codes = set(re.findall(r"^\| `(roll-[a-z]+)` \|", SPEC, re.MULTILINE))
    assert codes == {case["expect"]["code"] for case in VECTORS["cases"] if "code" in case["expect"]}
    assert len(codes) == 9


def test_vector_files_are_what_the_generator_writes():
    tool = load("make_vectors_register")
    assert json.loads(json.dumps(tool.roll_vectors())) == VECTORS
    written = (ROOT / "spec/vectors/hand-over.json").read_text(encoding="utf-8")
    assert json.loads(json.dumps(tool.hand_over_vectors())) == json.loads(written)
