"""spec/vectors/clearance.json: notices about the clearance of a route, and how a route stands after them."""

import json

import pytest

from safeconduct.errors import Refusal
from safeconduct.movement.clearance import Typed, Word, clearances, may_follow, read_text, write_text
from vectors.generators import ROOT, load

VECTORS = json.loads((ROOT / "spec/vectors/clearance.json").read_text(encoding="utf-8"))


def stand(said, now):
    words = [
        Word(one["step"], "r1", one["by"], one["at"], one["until"], "", f"w{place}", place, signed=True)
        for place, one in enumerate(said)
    ]
    return next(iter(clearances(words, now)), None)


@pytest.mark.parametrize("case", VECTORS["read"], ids=lambda case: case["name"])
def test_text_is_read_and_written_as_in_the_vector(case):
    typed = Typed(case["step"], case["route"], case["until"], case["words"])
    assert read_text(case["text"]) == typed
    assert write_text(typed) == case["text"]


@pytest.mark.parametrize("case", VECTORS["ordinary"], ids=lambda case: case["name"])
def test_text_of_another_form_is_an_ordinary_notice(case):
    assert read_text(case["text"]) is None


@pytest.mark.seed("S-22")
@pytest.mark.parametrize("case", VECTORS["stands"], ids=lambda case: case["name"])
def test_route_stands_as_in_the_vector(case):
    assert stand(case["said"], case["now"]).state == case["state"]


@pytest.mark.parametrize("case", VECTORS["may"], ids=lambda case: case["name"])
def test_step_is_taken_or_refused_as_the_vector_says(case):
    step = case["next"]
    held = stand(case["said"], case["now"])
    made = may_follow(held, Typed(step["step"], "r1", step["until"]), step["by"], case["now"])
    assert (made.code if isinstance(made, Refusal) else "ok") == case["expect"]


def test_the_file_is_what_the_tool_writes():
    assert json.loads(json.dumps(load("make_vectors_clearance").clearance_vectors())) == VECTORS
