"""Passes as `pass inspect` writes them, verified by two COSE libraries of other people."""

import json
import subprocess
from pathlib import Path

import pytest

from safeconduct.passes.cose import inspect_pass
from safeconduct.seal.keys import SigningKey
from unit.passes.passes_world import BATCH, ENTRY, OTHER, a_pass

ROOT = Path(__file__).parents[2]
STRANGERS = ROOT / ".venv-bench" / "bin" / "python"
WITH_8 = bytes.fromhex("a10127")  # {1: -8}: EdDSA, deprecated by RFC 9864; for a library that does not know -19


def case(key: SigningKey, raw: bytes) -> dict[str, str]:
    found = inspect_pass(raw, [ENTRY])
    payload = raw[:32]
    to_sign = b"\x84\x6aSignature1\x43" + WITH_8 + b"\x58\x33" + found.aad + b"\x58\x20" + payload
    old = b"\xd2\x84\x43" + WITH_8 + b"\xa0\x58\x20" + payload + b"\x58\x40" + key.sign(to_sign)
    return {"key": ENTRY.public_key.hex(), "aad": found.aad.hex(), "cose": found.cose.hex(), "cose_8": old.hex()}


def read_by_strangers(cases):
    if not STRANGERS.exists():
        pytest.skip("no .venv-bench: tools/setup.sh bench makes it")
    missing = subprocess.run([STRANGERS, "-c", "import cwt, pycose"], capture_output=True, check=False)
    if missing.returncode:
        pytest.skip("cwt and pycose are not in .venv-bench: tools/setup.sh bench installs them")
    script = ROOT / "bench" / "_cose_readers.py"
    made = subprocess.run([STRANGERS, script], input=json.dumps(cases), capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr[-1000:]
    return json.loads(made.stdout)


def test_two_other_libraries_verify_a_pass_and_refuse_a_changed_one():
    good = case(BATCH, a_pass())
    elsewhere = {**good, "aad": good["aad"][:-2] + "00"}
    by_another = {**good, "key": OTHER.public.hex()}
    changed = {name: good[name][:-2] + f"{int(good[name][-2:], 16) ^ 1:02x}" for name in ("cose", "cose_8")}
    seen = read_by_strangers([good, elsewhere, by_another, {**good, **changed}])
    assert seen == {name: ["verified", "refused", "refused", "refused"] for name in ("cwt", "pycose")}
