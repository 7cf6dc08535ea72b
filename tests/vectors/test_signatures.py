"""The cases of spec/vectors/signatures.json, and hostile ones from outside."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from safeconduct.errors import BadInput
from safeconduct.seal.canonical import decode_cbor, decode_json, encode_cbor, encode_json
from safeconduct.seal.commitment import FieldProof, commit, verify_field
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.signed import check

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = ROOT / ".." / "shared" / "vectors"
VECTORS = json.loads((ROOT / "spec" / "vectors" / "signatures.json").read_text(encoding="utf-8"))


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


def outside(path):
    """Third-party cases, or a visible skip."""
    file = OUTSIDE / path
    if not file.exists():
        pytest.skip(f"third-party cases are not here: {path}")
    return file


def verdict(public_key, message, signature):
    """True, False, or the code of the failure."""
    try:
        key = VerifyKey.load(bytes.fromhex(public_key), where="case")
    except BadInput as error:
        return error.code
    return key.verify(bytes.fromhex(signature), bytes.fromhex(message))


@pytest.mark.parametrize("case", named(VECTORS["verify"]))
def test_signature_is_judged_by_the_one_rule(case):
    assert verdict(case["public_key"], case["message"], case["signature"]) == case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["domain"]))
def test_signature_holds_in_its_own_domain_only(case):
    key = VerifyKey.load(bytes.fromhex(case["public_key"]), where="case")
    try:
        seen = check(case["domain"], bytes.fromhex(case["payload"]), bytes.fromhex(case["signature"]), key)
    except BadInput as error:
        seen = error.code
    assert seen == case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["cbor"]))
def test_cbor_has_one_form(case):
    data = bytes.fromhex(case["data"])
    if case["expect"] != "ok":
        with pytest.raises(BadInput) as caught:
            decode_cbor(data, where="case")
        assert caught.value.code == case["expect"]
        return
    value = decode_cbor(data, where="case")
    assert encode_cbor(value) == data
    if "decimal" in case:
        assert str(value) == case["decimal"]
    if "value" in case:
        assert value == case["value"]


@pytest.mark.parametrize("case", named(VECTORS["json"]))
def test_json_has_one_form(case):
    data = bytes.fromhex(case["data"])
    if case["expect"] != "ok":
        with pytest.raises(BadInput) as caught:
            decode_json(data, where="case")
        assert caught.value.code == case["expect"]
        return
    assert decode_json(data, where="case") == case["value"]
    assert encode_json(case["value"]) == data


@pytest.mark.parametrize("case", named(VECTORS["commitment"]))
def test_field_opens_its_own_commitment_only(case):
    path = tuple(bytes.fromhex(node) for node in case["path"])
    salt = bytes.fromhex(case["salt"])
    proof = FieldProof(case["name_of_field"], case["value"], salt, case["index"], case["size"], path)
    assert verify_field(bytes.fromhex(case["root"]), proof) is case["expect"]
    if "fields" in case:
        salts = {name: bytes.fromhex(text) for name, text in case["salts"].items()}
        assert commit(case["fields"], salts).hex() == case["root"]


def test_vector_files_are_what_the_generator_writes():
    spec = importlib.util.spec_from_file_location("make_vectors_ledger", ROOT / "tools" / "make_vectors_ledger.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert json.loads(json.dumps(tool.signature_vectors())) == VECTORS
    written = (ROOT / "spec" / "vectors" / "ledger.json").read_text(encoding="utf-8")
    assert json.loads(json.dumps(tool.ledger_vectors())) == json.loads(written)


def test_all_edge_cases_from_outside_are_judged_as_by_the_independent_oracle():
    cases = json.loads(outside("ed25519-edge/cases.json").read_text(encoding="utf-8"))
    wrong = [
        (number, case["class"])
        for number, case in enumerate(cases)
        if (verdict(case["public_key"], case["message"], case["signature"]) is True) is not case["accept"]
    ]
    assert len(cases) == 466
    assert wrong == []


def test_all_of_wycheproof_is_judged_as_wycheproof_says():
    groups = json.loads(outside("wycheproof/testvectors_v1/ed25519_test.json").read_text(encoding="utf-8"))[
        "testGroups"
    ]
    seen = {
        test["tcId"]: (verdict(group["publicKey"]["pk"], test["msg"], test["sig"]) is True, test["result"] == "valid")
        for group in groups
        for test in group["tests"]
    }
    assert len(seen) == 151
    assert {number: pair for number, pair in seen.items() if pair[0] is not pair[1]} == {}


@pytest.mark.parametrize("name", ["eddsa-examples/eddsa-sig-01.json", "eddsa-examples/eddsa-01.json"])
def test_foreign_cose_signature_over_ed25519_verifies(name):
    case = json.loads(outside(f"cose/{name}").read_text(encoding="utf-8"))
    signers = case["input"]["sign"]["signers"] if "sign" in case["input"] else [case["input"]["sign0"]]
    inner = case["intermediates"].get("signers", [case["intermediates"]])
    key = VerifyKey.load(bytes.fromhex(signers[0]["key"]["x_hex"]), where=name)
    signed = bytes.fromhex(inner[0]["ToBeSign_hex"])
    structure = decode_cbor(signed, where=name)
    assert structure[0] == ("Signature" if "sign" in case["input"] else "Signature1")
    assert encode_cbor(structure) == signed
    signature = bytes.fromhex(re.findall(r"h'([0-9A-Fa-f]{128})'", case["output"]["cbor_diag"])[-1])
    assert key.verify(signature, signed)
    assert not key.verify(signature, signed + b"\0")
