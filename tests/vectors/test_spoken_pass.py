"""The cases of spec/vectors/spoken-pass.json."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from safeconduct.errors import BadInput
from safeconduct.passes import fuse, spoken
from vectors.generators import load

FILE = Path(__file__).resolve().parents[2] / "spec" / "vectors" / "spoken-pass.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
TABLE = spoken.decode(bytes.fromhex(VECTORS["table"]))


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", named(VECTORS["words"]))
def test_words_are_drawn_as_stated(case):
    assert list(spoken.draw_words(bytes.fromhex(case["random"]))) == case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["master"]))
def test_a_master_is_computed_as_stated(case):
    assert spoken.master_of(case["words"], bytes.fromhex(case["salt"]), case["preset"]).hex() == case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["spots"]))
def test_slots_are_found_as_stated(case):
    assert list(fuse.spots(bytes.fromhex(case["spots"]), fuse.layout_for(case["keys"]))) == case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["look_up"]))
def test_a_table_answers_as_stated(case):
    found = spoken.look_up(TABLE, spoken.master_of(case["words"], TABLE.salt, TABLE.preset))
    assert (None if found is None else asdict(found)) == case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["tables"]))
def test_a_malformed_table_is_refused_as_stated(case):
    with pytest.raises(BadInput) as refused:
        spoken.decode(bytes.fromhex(case["data"]))
    assert refused.value.code == case["expect"]["code"]


def test_the_script_writes_these_very_cases():
    assert load("make_vectors_spoken").vectors() == VECTORS
