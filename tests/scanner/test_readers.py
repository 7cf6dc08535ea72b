"""The scanner page's readers are the twins of Python's: same vectors, same decisions, same bytes."""

import json
import random
import subprocess
import sys
import unicodedata

import pyrage
import pytest

from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.gate.device_log import Accepted, DeviceState, accept_segment, open_segment, parse_segment
from safeconduct.passes import base45
from safeconduct.passes.binding import normalise
from safeconduct.passes.bundle import open_bundle
from safeconduct.passes.shape import ID
from safeconduct.seal.keys import SigningKey, VerifyKey
from scanner.node import NEEDS_NODE, ROOT, ask, run_tests

FRESH = 1_629_676_800
SETTING = json.loads((ROOT / "spec" / "vectors" / "pass.json").read_text("utf-8"))["decide"]


@NEEDS_NODE
@pytest.mark.seed("S-11", "S-17")
def test_the_page_reads_the_same_vectors_as_the_node():
    code, said = run_tests("readers.test.mjs")
    assert code == 0, said[-4000:]
    skipped = [line for line in said.splitlines() if "# SKIP" in line]
    assert "# pass" in said and "# fail 0" in said
    if skipped:
        pytest.skip(f"{len(skipped)} of Node's tests had no cases: {skipped[0]}")


def mutated(rng, cases):
    """Scans near those of the vectors: another point, time, count, one byte or character changed, used before."""
    made = []
    base = [case for case in cases if "raw" in case]
    points = ["gate-north", "cordon-1", "cordon-2", "gate-east", "nowhere"]
    for number in range(400):
        case = dict(rng.choice(base))
        case.update(
            name=f"scan {number}", now=case["now"] + rng.choice([0, 0, -7200, 899, 3600, 15_000, 86_400, 300_000])
        )
        if rng.random() < 0.4:
            case["point"] = rng.choice(points)
        if rng.random() < 0.3:
            case["heads"] = rng.choice([1, 4, 5, 6, 255])
        if rng.random() < 0.2:
            case["used_here" if rng.random() < 0.5 else "used_elsewhere"] = [7]
        raw = bytearray(bytes.fromhex(case["raw"]))
        if rng.random() < 0.3 and raw:
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        case["raw"] = raw.hex()
        if rng.random() < 0.3:
            text = "SC1:" + base45.encode(bytes(raw))
            if rng.random() < 0.5:
                place = rng.randrange(len(text))
                text = text[:place] + rng.choice("A :é0z") + text[place + 1 :]
            case["text"] = text
            del case["raw"]
        made.append(case)
    return made


@NEEDS_NODE
@pytest.mark.parametrize("seed", [1, 2])
def test_the_page_decides_as_the_node_does_on_scans_that_nobody_wrote_down(seed):
    root = VerifyKey.load(bytes.fromhex(SETTING["root"]), where="root")
    bundles = {
        name: open_bundle(bytes.fromhex(data), root=root, agreement_id=SETTING["agreement"], now=FRESH)
        for name, data in SETTING["bundles"].items()
    }
    batch = bytes.fromhex(SETTING["batch"])
    cases, reasons = mutated(random.Random(seed), SETTING["cases"]), set()
    for case in cases:
        used = UsedHere(
            {(batch, i) for i in case.get("used_here", ())}, {(batch, i) for i in case.get("used_elsewhere", ())}
        )
        raw = bytes.fromhex(case["raw"]) if "raw" in case else case["text"]
        scan = Scan(raw, case["point"], case["now"], case.get("words"), case.get("heads"), case.get("document"))
        made = decide(bundles[case["bundle"]], used, scan)
        case["expect"] = {
            "reason": made.reason, "warnings": list(made.warnings), "heads": made.heads, "index": made.index,
            "pass_class": made.pass_class, "batch": made.batch.hex() if made.batch else "",
        }  # fmt: skip
        reasons.add(made.reason)
    assert len(reasons) >= 12, reasons
    assert ask("decide", **{**SETTING, "cases": cases}) == []


@NEEDS_NODE
def test_what_people_type_is_folded_as_the_node_folds_it():
    chars = [chr(p) for p in range(sys.maxunicode + 1) if unicodedata.category(chr(p)) not in ("Cs", "Cn", "Co")]
    rng = random.Random(3)
    texts = [f"a{char}b" for char in chars] + ["".join(rng.choices(chars, k=12)) for _ in range(2_000)]
    texts += ["Straße ΣΊΣΥΦΟΣ İstanbul", "  abandon,ABILITY\table—about ", "نُور  نور", "ﬁne ½ ² Ⅷ"]
    folded = ask("normalise", texts=texts)
    differ = [
        (text, seen, normalise(text)) for text, seen in zip(texts, folded, strict=True) if seen != normalise(text)
    ]
    assert differ == []


@NEEDS_NODE
def test_what_is_printable_is_so_on_both():
    chars = [chr(p) for p in range(sys.maxunicode + 1) if unicodedata.category(chr(p)) not in ("Cs", "Cn")]
    seen = ask("printable", texts=chars)
    assert [char for char, fits in zip(chars, seen, strict=True) if fits != ID.fits(char)] == []


@NEEDS_NODE
def test_a_segment_key_sealed_by_the_page_opens_for_the_party_and_nobody_else():
    party, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    secrets = [bytes([n]) * 32 for n in range(40)]
    sealed = ask("seal", recipient=str(party.to_public()), secrets=[secret.hex() for secret in secrets])
    assert [bytes(pyrage.decrypt(bytes.fromhex(one), [party])) for one in sealed] == secrets
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(bytes.fromhex(sealed[0]), [other])
    assert len(set(sealed)) == len(sealed)


@NEEDS_NODE
def test_a_recipient_with_one_wrong_letter_is_refused():
    party = str(pyrage.x25519.Identity.generate().to_public())
    wrong = party[:20] + ("q" if party[20] != "q" else "p") + party[21:]
    with pytest.raises(AssertionError, match="age recipient"):
        ask("seal", recipient=wrong, secrets=["00"])


@NEEDS_NODE
def test_a_segment_closed_by_the_page_is_accepted_and_opened_by_the_node():
    batch, key = bytes(range(32)), bytes(reversed(range(32)))
    told = [
        {"kind": "admit", "seq": 1, "batch": batch.hex(), "index": 7, "point": "gate-north", "at": FRESH, "heads": 5,
         "reason": "ok", "bundleSeq": 3, "logSize": 41},
        {"kind": "note", "seq": 2, "batch": None, "index": None, "point": "gate-north", "at": FRESH + 1, "bundleSeq": 3,
         "logSize": 41, "note": "زحام\nat the gate"},
        {"kind": "crowd", "seq": 3, "batch": None, "index": None, "point": "gate-north", "at": FRESH + 2, "bundleSeq": 3,
         "logSize": 41, "reason": "crush"},
    ]  # fmt: skip
    made = ask(
        "segment",
        device="phone-1",
        epoch=2,
        previous=bytes(32).hex(),
        key=key.hex(),
        keys={"evac": "abcd"},
        events=told,
    )
    segment = parse_segment(bytes.fromhex(made["segment"]))
    device = VerifyKey.load(bytes.fromhex(made["public"]), where="device")
    assert accept_segment(segment, device, None, {}.get) == Accepted(1, DeviceState(2, 3, segment.head))
    events, aside = open_segment(segment, key)
    assert aside == []
    assert [(e.kind, e.seq, e.batch, e.index, e.heads, e.reason, e.note) for e in events] == [
        ("admit", 1, batch, 7, 5, "ok", ""),
        ("note", 2, None, None, 0, "", "زحام\nat the gate"),
        ("crowd", 3, None, None, 0, "crush", ""),
    ]
    other = SigningKey.from_seed(bytes(32)).verify_key
    assert accept_segment(segment, other, None, {}.get).code == "bad-signature"


def test_files_of_others_are_the_locked_ones():
    done = subprocess.run(["sh", ROOT / "tools" / "vendor_scanner.sh", "--check"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_tables_are_what_the_tool_writes():
    from tools import make_scanner_tables as tool  # noqa: PLC0415

    scripts = tool.SCRIPTS
    assert (scripts / "ed25519-cases.js").read_text("utf-8") == tool.cases()
    if unicodedata.unidata_version == "14.0.0":
        assert (scripts / "unicode.js").read_text("utf-8") == tool.unicode_tables()
