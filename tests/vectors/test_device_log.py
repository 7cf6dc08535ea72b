"""The cases of spec/vectors/device-log.json."""

import json
from pathlib import Path

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate import device_log as log
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.gate.receipt import open_receipt
from safeconduct.passes.batch import SignedCertificate, open_certificate
from safeconduct.seal.keys import VerifyKey

FILE = Path(__file__).resolve().parents[2] / "spec" / "vectors" / "device-log.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
DEVICE = VerifyKey.load(bytes.fromhex(VECTORS["device_key"]), where="device")


def answer_to(case):
    stored = dict(enumerate(map(bytes.fromhex, case["stored"]), 1))
    known = log.DeviceState(1, len(stored), stored[len(stored)]) if stored else None
    try:
        segment = log.parse_segment(bytes.fromhex(case["data"]))
    except BadInput as error:
        return {"code": error.code}
    match log.accept_segment(segment, DEVICE, known, stored.get):
        case log.Accepted(first_new, state):
            return {"accepted": [first_new, state.upto_seq]}
        case log.Duplicate(upto):
            return {"duplicate": upto}
        case log.Fork(seq, ours, theirs):
            return {"fork": [seq, ours.hex(), theirs.hex()]}
        case Refusal(code):
            return {"code": code}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in VECTORS["accept"]])
def test_a_segment_is_answered_as_stated(case):
    expect = dict(case["expect"])
    events = expect.pop("events", None)
    assert answer_to(case) == expect
    if events:
        segment = log.parse_segment(bytes.fromhex(case["data"]))
        opened, quarantined = log.open_segment(segment, bytes.fromhex(VECTORS["segment_key"]))
        assert ([event.seq for event in opened], quarantined) == (events, [])


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in VECTORS["keys"]])
def test_a_device_follows_its_nodes_key_as_stated(case):
    root = VerifyKey.load(bytes.fromhex(case["root"]), where="root")
    keys, answer = NodeKeys.enrolled(bytes.fromhex(case["enrolled"])), None
    for data, signature in case["certificates"]:
        opened = open_certificate(SignedCertificate(bytes.fromhex(data), bytes.fromhex(signature)), root)
        if isinstance(opened, Refusal):
            answer = opened
        else:
            keys = keys.take(opened)
    answer = answer or open_receipt(bytes.fromhex(case["receipt"]), keys, case["now"])
    seen = {"code": answer.code} if isinstance(answer, Refusal) else {"upto_seq": answer.upto_seq}
    assert seen == case["expect"]


def test_a_receipt_is_opened_as_stated():
    case = VECTORS["receipt"]
    receipt = open_receipt(bytes.fromhex(case["data"]), NodeKeys.enrolled(bytes.fromhex(case["key"])), 0)
    assert {name: getattr(receipt, name) for name in case["expect"]} == case["expect"]
