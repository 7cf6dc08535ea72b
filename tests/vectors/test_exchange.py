"""The cases of spec/vectors/inventory.json and bundle-file.json."""

import importlib.util
import json
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.exchange.bundle_file import _Reader
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows import carry_bundle
from safeconduct.workflows.inventory import open_statement

ROOT = Path(__file__).resolve().parents[2]


def load(name):
    return json.loads((ROOT / "spec" / "vectors" / f"{name}.json").read_text(encoding="utf-8"))


def roots_of(vectors):
    return {party: VerifyKey.load(bytes.fromhex(key), where=party) for party, key in vectors["roots"].items()}


INVENTORY, FILE = load("inventory"), load("bundle-file")


@pytest.mark.parametrize("case", INVENTORY["cases"], ids=lambda case: case["name"])
def test_a_statement_is_read_as_stated(case):
    try:
        found = open_statement(
            bytes.fromhex(case["statement"]), party=INVENTORY["reader"], roots_known=roots_of(INVENTORY)
        )
    except BadInput as error:
        found = error
    if case["expect"] is not None:
        assert found.code == case["expect"]
    else:
        assert (found.sender, found.to, found.size) == ("evac", "cordon", 9)


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: case["name"])
@pytest.mark.parametrize("piece", [1, 7, 1 << 20])
def test_a_plain_file_is_read_as_stated_in_pieces_of_any_size(case, piece, monkeypatch):
    monkeypatch.setattr(carry_bundle, "roots", lambda _tx: roots_of(FILE))

    @contextmanager
    def reading():
        yield None

    node = SimpleNamespace(party=FILE["reader"], store=SimpleNamespace(reading=reading))
    wires, data = [], bytes.fromhex(case["plain"])
    reader = _Reader(wires.append)
    try:
        for start in range(0, len(data), piece):
            reader.write(data[start : start + piece])
        found = carry_bundle.check_file(node, *reader.finish())
    except BadInput as error:
        found = error
    if case["expect"] is None:
        assert found is None
        assert case["name"] != "good" or [wire.hex() for wire in wires] == FILE["envelopes"]
    else:
        assert isinstance(found, Refusal | BadInput) and found.code == case["expect"]


def test_vector_files_are_what_the_generator_writes():
    spec = importlib.util.spec_from_file_location("make_exchange", ROOT / "tools" / "make_vectors_exchange.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert json.loads(json.dumps(tool.inventory())) == INVENTORY
    assert json.loads(json.dumps(tool.bundle_file())) == FILE
