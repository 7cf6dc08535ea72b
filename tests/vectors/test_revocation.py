"""The cases of spec/vectors/revocation.json."""

import json
from pathlib import Path

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes import revocation, revocation_delta
from safeconduct.seal.keys import VerifyKey

FILE = Path(__file__).resolve().parents[2] / "spec" / "vectors" / "revocation.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", named(VECTORS["lists"]))
def test_a_list_is_read_as_stated(case):
    data = bytes.fromhex(case["list"])
    if "code" in case["expect"]:
        with pytest.raises(BadInput) as refused:
            revocation.decode(data)
        assert refused.value.code == case["expect"]["code"]
        return
    found = revocation.decode(data)
    assert sorted(revocation.revoked_indexes(found)) == case["expect"]["revoked"]
    built = revocation.build(
        found.batch, found.capacity, case["expect"]["revoked"], found.seq, found.issued, found.expires
    )
    assert revocation.encode(built) == data
    if "key" in case:
        sealed = revocation.SignedRevocation(data, bytes.fromhex(case["signature"]))
        assert revocation.open_signed(sealed, VerifyKey.load(bytes.fromhex(case["key"]), where="case")) == found


@pytest.mark.parametrize("case", named(VECTORS["deltas"]))
def test_a_delta_is_applied_as_stated(case):
    base = revocation.decode(bytes.fromhex(case["base"]))
    answer = revocation_delta.apply(base, revocation_delta.decode_delta(bytes.fromhex(case["delta"])))
    if isinstance(answer, Refusal):
        assert {"code": answer.code} == case["expect"]
    else:
        assert {"result": revocation.encode(answer).hex()} == case["expect"]
