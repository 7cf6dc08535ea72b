"""The cases of spec/vectors/ledger.json, and RFC 6962 proofs from outside."""

import base64
import json
from pathlib import Path

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.ledger import evidence
from safeconduct.ledger.merkle import root_of, verify_consistency, verify_inclusion
from safeconduct.ledger.note import parse_checkpoint, parse_vkey, verify_cosignature, verify_note
from safeconduct.ledger.witness import Accepted, WitnessState, decide, parse_request
from safeconduct.seal.keys import SigningKey

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = ROOT / ".." / "shared" / "vectors" / "merkle" / "testdata"
VECTORS = json.loads((ROOT / "spec" / "vectors" / "ledger.json").read_text(encoding="utf-8"))
WITNESS = SigningKey.from_seed(bytes.fromhex("5f" * 32))


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


def hashes(texts):
    return [bytes.fromhex(text) for text in texts]


def outcome(function, *arguments):
    """Result, or the code of the failure."""
    try:
        return function(*arguments)
    except BadInput as error:
        return error.code


@pytest.mark.parametrize("case", named(VECTORS["tree"]))
def test_tree_case_is_decided_as_written(case):
    if case["kind"] == "root":
        assert root_of(hashes(case["leaves"])).hex() == case["expect"]
    elif case["kind"] == "inclusion":
        leaf, root = hashes([case["leaf"], case["root"]])
        assert verify_inclusion(leaf, case["index"], case["size"], hashes(case["proof"]), root) is case["expect"]
    else:
        roots = hashes([case["old_root"], case["new_root"]])
        assert verify_consistency(case["old"], case["new"], *roots, hashes(case["proof"])) is case["expect"]


@pytest.mark.parametrize("case", named(VECTORS["note"]))
def test_note_case_is_decided_as_written(case):
    log, witness = parse_vkey(case["log"]), parse_vkey(case["witness"])
    assert outcome(verify_note, case["note"], log) == case["expect"]
    assert outcome(verify_cosignature, case["note"], witness) == case["expect_time"]


@pytest.mark.parametrize("case", named(VECTORS["witness"]))
def test_witness_answers_as_written(case):
    log, witness = parse_vkey(case["log"]), parse_vkey(case["witness"])
    state = None
    if case["state_note"]:
        head = parse_checkpoint(case["state_note"])
        state = WitnessState(head.size, head.root, head.note)
    request = outcome(parse_request, case["request"].encode())
    if isinstance(request, str):
        assert (request, 400) == (case["expect_code"], case["expect"])
        return
    answer = decide(state, request, {log.name: [log]}, name=witness.name, key=WITNESS, now=case["now"])
    assert answer.status == case["expect"]
    if case["expect"] == 200:
        assert isinstance(answer, Accepted)
        assert (answer.state.size, answer.state.root) == (request.checkpoint.size, request.checkpoint.root)
        return
    assert answer.refusal.code == case["expect_code"]
    if case["expect"] == 409:
        assert (answer.body, answer.content_type) == (f"{case['expect_size']}\n", "text/x.tlog.size")
    both = (case["state_note"], request.checkpoint.note)
    assert answer.evidence == (both if case["expect_code"] == "head-differs" else ())


@pytest.mark.parametrize("case", named(VECTORS["evidence"]))
def test_evidence_case_is_decided_as_written(case):
    seen = outcome(evidence.verify, case["file"].encode(), parse_vkey(case["log"]), parse_vkey(case["witness"]))
    if case["expect"] == "ok":
        assert seen.envelope.hex() == case["expect_envelope"]
        assert (seen.index, seen.cosigned_at) == (case["expect_index"], case["expect_time"])
    else:
        assert (seen.code if isinstance(seen, Refusal) else seen) == case["expect"]


def from_outside(folder):
    if not OUTSIDE.exists():
        pytest.skip("third-party cases are not here: merkle/testdata")
    files = sorted((OUTSIDE / folder).rglob("*.json"))
    return {str(file.relative_to(OUTSIDE)): json.loads(file.read_text(encoding="utf-8")) for file in files}


def unbase64(text):
    return base64.b64decode(text or "")


def proof_of(case):
    return [unbase64(node) for node in case["proof"] or []]


def test_all_inclusion_proofs_from_outside_are_judged_as_their_files_say():
    cases = from_outside("inclusion")
    wrong = {
        name
        for name, c in cases.items()
        if verify_inclusion(unbase64(c["leafHash"]), c["leafIdx"], c["treeSize"], proof_of(c), unbase64(c["root"]))
        is c["wantErr"]
    }
    assert len(cases) == 98
    assert wrong == set()


def test_all_consistency_proofs_from_outside_are_judged_as_their_files_say():
    cases = from_outside("consistency")
    wrong = {
        name
        for name, c in cases.items()
        if verify_consistency(c["size1"], c["size2"], unbase64(c["root1"]), unbase64(c["root2"]), proof_of(c))
        is c["wantErr"]
    }
    assert len(cases) == 98
    assert wrong == set()
