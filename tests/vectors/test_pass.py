"""The cases of spec/vectors/pass.json."""

import json
from pathlib import Path

import pytest

from safeconduct.errors import BadInput
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.passes import base45, binding, issue
from safeconduct.passes.batch import decode_batch, identity
from safeconduct.passes.bundle import open_bundle
from safeconduct.passes.pass_format import decode_payload, encode_payload, from_text, to_text
from safeconduct.seal.keys import VerifyKey

FILE = Path(__file__).resolve().parents[2] / "spec" / "vectors" / "pass.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
SETTING = VECTORS["decide"]
ROOT = VerifyKey.load(bytes.fromhex(SETTING["root"]), where="root")
FRESH = 1_629_676_800  # 2021-08-23T00:00Z, when the bundles are issued
BUNDLES = {
    name: open_bundle(bytes.fromhex(data), root=ROOT, agreement_id=SETTING["agreement"], now=FRESH)
    for name, data in SETTING["bundles"].items()
}


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", named(VECTORS["base45"]))
def test_base45_is_read_as_stated(case):
    if "code" in case["expect"]:
        with pytest.raises(BadInput) as refused:
            base45.decode(case["text"])
        assert refused.value.code == case["expect"]["code"]
    else:
        data = bytes.fromhex(case["expect"]["bytes"])
        assert (base45.decode(case["text"]), base45.encode(data)) == (data, case["text"])


def read(case):
    raw = bytes.fromhex(case["raw"]) if "raw" in case else from_text(case["text"])
    return decode_payload(raw[:32])


@pytest.mark.parametrize("case", named(VECTORS["parse"]))
def test_a_pass_is_parsed_as_stated(case):
    if "code" in case["expect"]:
        with pytest.raises(BadInput) as refused:
            read(case)
        assert refused.value.code == case["expect"]["code"]
        return
    fields = read(case)
    for name, value in case["expect"]["fields"].items():
        seen = getattr(fields, name)
        assert (seen.hex() if isinstance(seen, bytes) else seen) == value
    raw = bytes.fromhex(case["raw"])
    assert (from_text(case["text"]), to_text(raw), encode_payload(fields)) == (raw, case["text"], raw[:32])


@pytest.mark.parametrize("case", named(VECTORS["signed"]))
def test_a_signed_pass_is_as_stated(case):
    entry = decode_batch(bytes.fromhex(case["batch_entry"]))
    expect = {name: bytes.fromhex(value) for name, value in case["expect"].items() if name != "text"}
    raw = expect["raw"]
    assert identity(entry) == expect["identity"]
    assert issue.signed_bytes(raw[:32], expect["identity"]) == expect["signed_bytes"]
    assert VerifyKey.load(bytes.fromhex(case["public_key"]), where="case").verify(raw[32:], expect["signed_bytes"])
    assert issue.external_aad(expect["identity"]) == expect["external_aad"]
    assert issue.to_cose_sign1(raw, expect["identity"]) == expect["cose_sign1"]
    assert to_text(raw) == case["expect"]["text"]


@pytest.mark.parametrize("case", named(VECTORS["index"]))
def test_indexes_are_as_stated(case):
    secret = bytes.fromhex(case["secret"])
    expected = case["expect"]["indexes"]
    assert [issue.index_at(position, case["capacity"], secret) for position in range(len(expected))] == expected


@pytest.mark.parametrize("case", named(VECTORS["binding"]))
def test_a_binding_is_as_stated(case):
    secret = binding.secret_of(case["words"], case["document"])
    assert secret == case["expect"]["secret"]
    batch, pepper = bytes.fromhex(case["batch"]), bytes.fromhex(case["pepper"])
    assert binding.bind(secret, batch, case["index"], pepper, case["preset"]).hex() == case["expect"]["binding"]


@pytest.mark.seed("S-11", "S-17")
@pytest.mark.parametrize("case", named(SETTING["cases"]))
def test_a_scan_is_decided_as_stated(case):
    batch = bytes.fromhex(SETTING["batch"])
    used = UsedHere(
        {(batch, index) for index in case.get("used_here", ())},
        {(batch, index) for index in case.get("used_elsewhere", ())},
    )
    scan = Scan(
        raw=bytes.fromhex(case["raw"]) if "raw" in case else case["text"],
        point=case["point"],
        now=case["now"],
        words=case.get("words"),
        heads=case.get("heads"),
        document=case.get("document"),
    )
    decision = decide(BUNDLES[case["bundle"]], used, scan)
    expect = case["expect"]
    assert (decision.reason, list(decision.warnings)) == (expect["reason"], expect["warnings"])
    assert decision.admit == (expect["reason"] == "ok")
