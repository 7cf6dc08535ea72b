"""spec/vectors/agreement.json: signed files and acts, each with its expected code."""

import json
from pathlib import Path

import pytest

from safeconduct.agreements.agreement import Agreement, digest
from safeconduct.agreements.scope import permit
from safeconduct.agreements.signing import decode_signed, fully_signed
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.keys import SigningKey

VECTORS = json.loads((Path(__file__).parents[2] / "spec/vectors/agreement.json").read_text())
PINNED = {name: SigningKey.from_seed(bytes.fromhex(seed)).public for name, seed in VECTORS["seeds"].items()}


def _read(file):
    try:
        result = fully_signed(decode_signed(json.dumps(file).encode()), pinned=PINNED)
    except BadInput as error:
        return error.code
    return result.code if isinstance(result, Refusal) else result


@pytest.mark.seed("S-01", "S-54")
@pytest.mark.parametrize("case", VECTORS["files"], ids=lambda case: case["name"])
def test_signed_file_reads_as_the_vector_says(case):
    result = _read(case["file"])
    if case["expect"] == "ok":
        assert isinstance(result, Agreement) and digest(result).hex() == VECTORS["digest"]
    else:
        assert result == case["expect"]


@pytest.mark.seed("S-63", "S-64")
@pytest.mark.parametrize("case", VECTORS["acts"], ids=lambda case: case["expect"])
def test_act_is_permitted_or_refused_as_the_vector_says(case):
    result = permit(_read(VECTORS["files"][0]["file"]), **case["act"])
    assert (result.code if isinstance(result, Refusal) else "ok") == case["expect"]
