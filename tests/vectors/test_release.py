"""spec/vectors/releases.json: cells, derivations and STIX bundles, each with its expected result or code."""

import json
from pathlib import Path

import pytest

from safeconduct.alerts import policy as policies
from safeconduct.alerts import report as reports
from safeconduct.alerts.derive import derive
from safeconduct.alerts.earlier import Earlier
from safeconduct.alerts.override import Override
from safeconduct.alerts.quadtree import bounds, cell, parse_cell
from safeconduct.alerts.release import plain_fields
from safeconduct.alerts.stix import decode_stix
from safeconduct.errors import BadInput, Refusal

VECTORS = json.loads((Path(__file__).parents[2] / "spec/vectors/releases.json").read_text())
SALTS = {name: bytes.fromhex(salt) for name, salt in VECTORS["salts"].items()}


@pytest.mark.parametrize("case", VECTORS["cells"], ids=lambda case: case["cell"])
def test_place_lies_in_the_cell_of_the_vector(case):
    assert cell(*case["place"]) == parse_cell(case["cell"], where="area") == case["cell"]
    assert list(bounds(case["cell"])) == case["bounds"]


@pytest.mark.parametrize("text", VECTORS["no_cells"])
def test_text_of_the_vector_is_no_cell(text):
    with pytest.raises(BadInput) as caught:
        parse_cell(text, where="area")
    assert caught.value.code == "bad-cell"


@pytest.mark.seed("S-04", "S-05", "S-06")
@pytest.mark.parametrize("case", VECTORS["derivations"], ids=lambda case: case["name"])
def test_derivation_gives_the_release_or_code_of_the_vector(case):
    report = reports.from_json(json.dumps(case["report"]).encode())
    policy = policies.from_json(json.dumps(case["policy"]).encode())
    given = {**case["given"]}
    given["overrides"] = [Override(**one) for one in given.get("overrides", ())]
    given["earlier"] = Earlier(**{reason: frozenset(cells) for reason, cells in given.get("earlier", {}).items()})
    result = derive(report, policy, salts=SALTS, **given)
    if case["expect"] == "ok":
        assert plain_fields(result.release) == case["release"] is not None
    else:
        assert isinstance(result, Refusal) and result.code == case["expect"] and case["release"] is None


@pytest.mark.parametrize("case", VECTORS["stix"], ids=lambda case: case["name"])
def test_bundle_reads_as_the_vector_says(case):
    data = case["bundle"].encode()
    if case["expect"] == "ok":
        assert plain_fields(decode_stix(data)) == VECTORS["derivations"][0]["release"]
        return
    with pytest.raises(BadInput) as caught:
        decode_stix(data)
    assert caught.value.code == case["expect"]
