"""The cases of spec/vectors/holding.json."""

import json

import pytest

from safeconduct.errors import BadInput
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.passes import holding
from safeconduct.passes.bundle import open_bundle
from safeconduct.seal.keys import SigningKey, VerifyKey
from vectors.generators import ROOT, load

VECTORS = json.loads((ROOT / "spec" / "vectors" / "holding.json").read_text(encoding="utf-8"))
SETTING = VECTORS["decide"]
ISSUER = VerifyKey.load(bytes.fromhex(SETTING["root"]), where="root")
BUNDLES = {
    name: open_bundle(bytes.fromhex(data), root=ISSUER, agreement_id=SETTING["agreement"], now=1_629_676_800)
    for name, data in SETTING["bundles"].items()
}


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", named(VECTORS["keys"]))
def test_a_phones_key_is_read_as_stated(case):
    if "code" in case["expect"]:
        with pytest.raises(BadInput) as refused:
            holding.read_key(case["text"])
        assert refused.value.code == case["expect"]["code"]
    else:
        key = bytes.fromhex(case["expect"]["key"])
        assert (holding.read_key(case["text"]), holding.key_text(key)) == (key, case["text"])


@pytest.mark.parametrize("case", named(VECTORS["signed"]))
def test_a_code_is_signed_as_stated(case):
    key, raw, expect = SigningKey.from_seed(bytes.fromhex(case["seed"])), bytes.fromhex(case["pass"]), case["expect"]
    signed = holding.DOMAIN.encode() + b"\0" + holding.signed_part(raw, case["point"], expect["minute"])
    assert signed.hex() == expect["signed_bytes"]
    assert holding.make_proof(key, raw, case["point"], case["now"]) == expect["text"]


@pytest.mark.parametrize("case", named(VECTORS["proofs"]))
def test_a_code_is_read_as_stated(case):
    if "code" in case["expect"]:
        with pytest.raises(BadInput) as refused:
            holding.read_proof(case["text"])
        assert refused.value.code == case["expect"]["code"]
    else:
        found = holding.read_proof(case["text"])
        assert {"key": found.key.raw.hex(), "minute": found.minute} == case["expect"]


@pytest.mark.seed("S-11", "S-17")
@pytest.mark.parametrize("case", named(SETTING["cases"]))
def test_a_pass_bound_to_a_phone_is_decided_as_stated(case):
    batch = bytes.fromhex(SETTING["batch"])
    used = UsedHere({(batch, index) for index in case.get("used_here", ())})
    scan = Scan(
        bytes.fromhex(case["raw"]), case["point"], case["now"], case.get("words"), case.get("heads"),
        proof=case.get("proof"),
    )  # fmt: skip
    made = decide(BUNDLES[case["bundle"]], used, scan)
    assert {"reason": made.reason, "warnings": list(made.warnings)} == case["expect"]
    assert made.admit == (made.reason == "ok")


def test_the_script_writes_these_very_cases():
    assert load("make_vectors_holding").vectors() == VECTORS
