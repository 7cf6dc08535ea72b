"""Verifies COSE_Sign1 messages with two libraries of other people: `cwt` and `pycose`; run in the bench environment.

Usage: python bench/_cose_readers.py < cases.json

A case has `key` (public key), `aad` (external_aad) and `cose` (tagged COSE_Sign1), all in hexadecimal. `cwt` knows
alg −19. `pycose` knows no −19, so a case may bring `cose_8`: the same payload, signed by the same key under alg −8,
which tests and benchmarks make and nothing else. One JSON object is printed: for each library and case "verified",
"refused", or "cannot" with the reason.
"""

import json
import sys

import cwt
from pycose.keys import OKPKey
from pycose.messages import Sign1Message


def with_cwt(case):
    key = cwt.COSEKey.new({1: 1, 3: -19, -1: 6, -2: bytes.fromhex(case["key"])})
    try:
        cwt.COSE.new().decode(bytes.fromhex(case["cose"]), key, external_aad=bytes.fromhex(case["aad"]))
    except cwt.VerifyError:
        return "refused"
    return "verified"


def with_pycose(case):
    if "cose_8" not in case:
        return "cannot: pycose has no alg -19"
    message = Sign1Message.decode(bytes.fromhex(case["cose_8"]))
    message.external_aad = bytes.fromhex(case["aad"])
    message.key = OKPKey(crv="ED25519", x=bytes.fromhex(case["key"]))
    return "verified" if message.verify_signature() else "refused"


def main():
    cases = json.load(sys.stdin)
    readers = {"cwt": with_cwt, "pycose": with_pycose}
    json.dump({name: [read(case) for case in cases] for name, read in readers.items()}, sys.stdout)


if __name__ == "__main__":
    main()
