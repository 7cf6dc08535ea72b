"""The cases of spec/vectors/revocation-codes.json, read by Python and by the scanner page."""

import json

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import revocation, revocation_text
from safeconduct.seal.keys import VerifyKey
from scanner.node import NEEDS_NODE, run_tests
from vectors.generators import load

maker = load("make_vectors_revocation_codes")
VECTORS = json.loads(maker.FILE.read_text(encoding="utf-8"))
ROOT = VerifyKey.load(bytes.fromhex(VECTORS["root"]), where="root")


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", named(VECTORS["codes"]))
def test_codes_are_read_as_stated(case):
    if "code" in case["expect"]:
        with pytest.raises(BadInput) as refused:
            revocation_text.join([revocation_text.read_part(text) for text in case["codes"]])
        assert refused.value.code == case["expect"]["code"]
        return
    answer = revocation_text.join([revocation_text.read_part(text) for text in case["codes"]])
    if isinstance(answer, Refusal):
        assert answer.code == "parts-missing"
        total = revocation_text.read_part(case["codes"][0]).total
        assert answer.detail == f"{', '.join(map(str, case['expect']['missing']))} of {total}"
        return
    assert {"message": answer.hex()} == case["expect"]
    assert all(text in case["codes"] for text in revocation_text.to_parts(answer))


@pytest.mark.parametrize("case", named(VECTORS["messages"]))
def test_a_message_is_opened_as_stated(case):
    try:
        answer = revocation_text.open_message(
            bytes.fromhex(case["message"]), root=ROOT, agreement_id=VECTORS["agreement"], now=case["now"]
        )
    except BadInput as error:
        answer = error
    if isinstance(answer, BadInput | Refusal):
        assert {"code": answer.code} == case["expect"]
        return
    lists = [
        {"batch": one.batch.hex(), "revoked": sorted(revocation.revoked_indexes(one)), "seq": one.seq}
        for one in answer.lists
    ]
    assert {"lists": lists, "deltas": len(answer.deltas)} == case["expect"]


@NEEDS_NODE
def test_the_page_reads_the_same_codes_and_messages():
    code, said = run_tests("revocation-codes.test.mjs")
    assert code == 0, said[-4000:]
    assert "# pass" in said and "# fail 0" in said


def test_the_file_is_what_its_maker_writes():
    assert json.loads(json.dumps(maker.vectors())) == VECTORS
