"""The cases of spec/vectors/spoken-pass.json."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from safeconduct.errors import BadInput
from safeconduct.gate.decide import UsedHere
from safeconduct.gate.decide_spoken import SpokenScan, decide_spoken
from safeconduct.passes import fuse, spoken
from safeconduct.passes.binding import spell
from safeconduct.passes.bundle import open_bundle
from safeconduct.seal.keys import VerifyKey
from vectors.generators import load

FILE = Path(__file__).resolve().parents[2] / "spec" / "vectors" / "spoken-pass.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
TABLE = spoken.decode(bytes.fromhex(VECTORS["table"]))
SETTING = VECTORS["decide"]
ROOT = VerifyKey.load(bytes.fromhex(SETTING["root"]), where="root")
FRESH = 1_629_676_800  # 2021-08-23T00:00Z, when the bundles are issued
BUNDLES = {
    name: open_bundle(bytes.fromhex(data), root=ROOT, agreement_id=SETTING["agreement"], now=FRESH)
    for name, data in SETTING["bundles"].items()
}


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", named(VECTORS["spell"]))
def test_numbers_stand_for_words_as_stated(case):
    assert spell(case["text"]) == case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["words"]))
def test_words_are_drawn_as_stated(case):
    assert list(spoken.draw_words(bytes.fromhex(case["random"]))) == case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["master"]))
def test_a_master_is_computed_as_stated(case):
    assert spoken.master_of(case["words"], bytes.fromhex(case["salt"]), case["preset"]).hex() == case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["layouts"]))
def test_a_table_is_laid_out_as_stated(case):
    layout = fuse.layout_for(case["keys"])
    assert {"segment": layout.segment, "starts": layout.starts, "slots": layout.slots} == case["expect"]


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


@pytest.mark.parametrize("case", named(SETTING["cases"]))
def test_a_gate_decides_on_words_as_stated(case):
    batch = bytes.fromhex(SETTING["batch"])
    used = UsedHere(
        {(batch, i) for i in case.get("used_here", ())}, {(batch, i) for i in case.get("used_elsewhere", ())}
    )
    made = decide_spoken(
        BUNDLES[case["bundle"]], used, SpokenScan(case["words"], case["point"], case["now"], case.get("heads"))
    )
    assert {"reason": made.reason, "warnings": list(made.warnings)} == case["expect"]
    assert made.admit == (made.reason == "ok")


def test_the_script_writes_these_very_cases():
    assert load("make_vectors_spoken").vectors() == VECTORS
