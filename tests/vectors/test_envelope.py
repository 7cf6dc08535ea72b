"""The cases of spec/vectors/envelope.json, and that the page lists the kinds that there are."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from safeconduct.errors import BadInput
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.envelopes import KINDS, unwrap
from safeconduct.workflows.receive_envelope import HANDLERS

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "spec" / "vectors" / "envelope.json").read_text(encoding="utf-8"))
ROOTS = {party: VerifyKey.load(bytes.fromhex(key), where=party) for party, key in VECTORS["roots"].items()}


def answer(case):
    try:
        return unwrap(bytes.fromhex(case["wire"]), party=VECTORS["reader"], roots=ROOTS)
    except BadInput as error:
        return error


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_an_envelope_is_read_as_stated(case):
    found = answer(case)
    if case["expect"] is not None:
        assert found.code == case["expect"]
    else:
        assert (found.sender, found.to, found.kind) == ("evac", "cordon", "release")


def test_what_is_read_is_what_was_sent():
    [good] = [answer(case) for case in VECTORS["cases"] if case["name"] == "good"]
    sent = VECTORS["envelope"]
    assert (good.agreement, good.at, good.body.hex(), good.id.hex()) == (
        sent["agreement"], sent["at"], sent["body"], sent["id"]
    )  # fmt: skip


def test_every_kind_has_its_handler_and_its_line_in_the_page():
    text = (ROOT / "spec" / "envelope.md").read_text(encoding="utf-8")
    table = text.split("| Kind | Body")[1].split("\n\n")[0]
    first = [row.split("|")[1] for row in table.splitlines()[2:]]
    listed = {kind for cell in first for kind in re.findall(r"`([a-z]+)`", cell)}
    assert listed == KINDS == set(HANDLERS)


def test_vector_file_is_what_the_generator_writes():
    spec = importlib.util.spec_from_file_location("make_envelope", ROOT / "tools" / "make_vectors_envelope.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert json.loads(json.dumps(tool.vectors())) == VECTORS
