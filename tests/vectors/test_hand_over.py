"""The cases of spec/vectors/hand-over.json."""

import json
from pathlib import Path

import pytest

from safeconduct.errors import BadInput
from safeconduct.register.hand_over import count_cases
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.hand_over_cases import compare, parse_hand_over

VECTORS = json.loads((Path(__file__).parents[2] / "spec/vectors/hand-over.json").read_text(encoding="utf-8"))
ROOTS = {VECTORS["party"]: VerifyKey.load(bytes.fromhex(VECTORS["root_public"]), where="root")}


def _answer(case):
    try:
        statement, signature = parse_hand_over(json.dumps(case["file"]).encode())
    except BadInput as error:
        return error.code
    lines = compare(statement, signature, ROOTS.get(statement.by), count_cases(map(tuple, case["roll"])))
    return [line.split(":")[0] for line in lines]


@pytest.mark.seed("S-37")
@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_hand_over_is_read_as_the_vector_says(case):
    assert _answer(case) == case["expect"]
