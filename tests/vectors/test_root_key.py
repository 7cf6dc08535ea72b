"""The cases of spec/vectors/root-key.json and allied-batch.json."""

import json
from pathlib import Path

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.allied import open_offer
from safeconduct.passes.ceremony import open_answer, open_made
from safeconduct.seal.key_file import unlock
from safeconduct.seal.keys import VerifyKey
from safeconduct.seal.words import fingerprint_words
from vectors.generators import load

FOLDER = Path(__file__).resolve().parents[2] / "spec" / "vectors"
KEY, ALLIED = (json.loads((FOLDER / f"{name}.json").read_text("utf-8")) for name in ("root-key", "allied-batch"))
ROOT = VerifyKey.load(bytes.fromhex(KEY["root"]), where="root")


def cases(listed):
    return [pytest.param(case, id=case["name"]) for case in listed]


def told(act, shown):
    try:
        made = act()
    except BadInput as error:
        return {"code": error.code}
    return {"code": made.code} if isinstance(made, Refusal) else shown(made)


@pytest.mark.parametrize("case", cases(KEY["key_file"]))
def test_a_key_file_opens_or_fails_as_stated(case):
    data = bytes.fromhex(case["data"])
    assert told(lambda: unlock(data, case["passphrase"]), lambda key: {"public": key.public.hex()}) == case["expect"]


@pytest.mark.parametrize("case", cases(KEY["made"]))
def test_a_root_card_is_read_as_stated(case):
    shown = told(lambda: open_made(bytes.fromhex(case["data"])), lambda m: {"public": m.public.hex(), "by": list(m.by)})
    assert shown == case["expect"]


@pytest.mark.parametrize("case", cases(KEY["answer"]))
def test_an_answer_is_judged_as_stated(case):
    data, request = bytes.fromhex(case["data"]), bytes.fromhex(KEY["request"])
    shown = told(lambda: open_answer(data, request, ROOT), lambda a: {"by": list(a.by), "items": len(a.signatures)})
    assert shown == case["expect"]


def test_fingerprints_are_as_stated():
    assert [fingerprint_words(bytes.fromhex(case["data"])) for case in KEY["words"]] == [
        c["expect"] for c in KEY["words"]
    ]


@pytest.mark.parametrize("case", cases(ALLIED["open"]))
def test_an_offer_is_judged_as_stated(case):
    root = VerifyKey.load(bytes.fromhex(ALLIED["root"]), where="root")
    shown = told(
        lambda: open_offer(bytes.fromhex(case["data"]), root=root, agreement_id=ALLIED["agreement"]),
        lambda o: {"party": o.party, "batch": o.batches[0].identity.hex(), "seq": o.batches[0].seq,
                   "revoked": sorted(o.batches[0].revoked)},
    )  # fmt: skip
    assert shown == case["expect"]


def test_the_tool_writes_these_very_cases():
    tool = load("make_vectors_root")
    assert (tool.root_key(), tool.allied_batch()) == (KEY, ALLIED)
