"""The cases of spec/vectors/bundle.json."""

import json
from pathlib import Path

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.bundle import open_bundle
from safeconduct.seal.keys import VerifyKey

FILE = Path(__file__).resolve().parents[2] / "spec" / "vectors" / "bundle.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
ROOT = VerifyKey.load(bytes.fromhex(VECTORS["root"]), where="root")


def answer_to(case):
    try:
        opened = open_bundle(
            bytes.fromhex(case["data"]),
            root=ROOT,
            agreement_id=case["agreement"],
            now=case["now"],
            highest_seq=case["highest_seq"],
        )
    except BadInput as error:
        return {"code": error.code}
    if isinstance(opened, Refusal):
        return {"code": opened.code}
    revoked = sorted(index for batch in opened.batches.values() for index in batch.revoked)
    return {"seq": opened.seq, "batches": [identity.hex() for identity in opened.batches], "revoked": revoked}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in VECTORS["open"]])
def test_a_bundle_is_opened_as_stated(case):
    assert answer_to(case) == case["expect"]
