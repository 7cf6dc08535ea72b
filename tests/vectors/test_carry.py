"""The cases of spec/vectors/carry.json, and that the file is what its maker writes."""

import json
from pathlib import Path

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.frames import join_frames, to_frames
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.gate.used_list import open_used
from vectors.generators import load

maker = load("make_vectors_carry")
CASES = json.loads(maker.FILE.read_text(encoding="utf-8"))


def outcome(run):
    try:
        return run()
    except BadInput as error:
        return {"code": error.code}


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", named(CASES["frames"]))
def test_frames_are_put_together_as_stated(case):
    seen = outcome(lambda: {"data": join_frames(case["texts"]).hex()})
    assert seen == case["expect"]
    if case["cut"]:
        assert to_frames(bytes.fromhex(seen["data"])) == case["texts"]


@pytest.mark.parametrize("case", named(CASES["used"]))
def test_a_list_of_uses_is_opened_as_stated(case):
    def opened():
        told = open_used(bytes.fromhex(case["data"]), NodeKeys.enrolled(bytes.fromhex(case["key"])), 0)
        if isinstance(told, Refusal):
            return {"code": told.code}
        used = {batch.hex(): list(indexes) for batch, indexes in told.used.items()}
        return {"from": told.from_, "upto": told.upto, "used": used}

    assert outcome(opened) == case["expect"]


def test_the_file_is_what_its_maker_writes(tmp_path, monkeypatch):
    kept = maker.FILE.read_bytes()
    monkeypatch.setattr(maker, "FILE", Path(tmp_path) / "made.json")
    maker.main()
    assert maker.FILE.read_bytes() == kept
