"""Write spec/vectors/holding.json: fixed keys, no clock, the same bytes on every run.

The bytes of keys and codes are laid out here from the page of the format, so that the code under test does not grade
itself; the expected reasons are written by hand.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from make_vectors_pass import (
    AGREEMENT,
    DEVICE,
    FORGER,
    IDENTITY,
    NOW,
    ROOT,
    WORDS,
    Case,
    _key,
    _pass,
    sealed_bundle,
)
from safeconduct.passes import base45
from safeconduct.passes.pass_format import EPOCH
from safeconduct.seal.keys import SigningKey

FILE = Path(__file__).resolve().parent.parent / "spec" / "vectors" / "holding.json"
PHONE, OTHER = DEVICE, _key("another phone")
SMALL = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")  # of order 8
GATE = "gate-north"
MINUTE = 60


def _bound(key: SigningKey, /, **changes: Any) -> bytes:
    """A pass bound to a phone's key, good at both control points."""
    digest = sha256(b"safeconduct.bind.1\x03" + key.public).digest()[:16]
    return _pass(binding_kind=3, binding=digest, points=3, **changes)


RAW = _bound(PHONE)


def _sck(public: bytes, check: bytes | None = None) -> str:
    digest = sha256(b"safeconduct.phone-key.1\0" + public).digest()[:4] if check is None else check
    return "SCK1:" + base45.encode(public + digest)


def _signed_bytes(raw: bytes, point: str, now: int) -> bytes:
    minute = ((now - EPOCH) // MINUTE).to_bytes(3, "big")
    return b"safeconduct.hold.1\0" + sha256(raw).digest() + minute + point.encode()


def _sch(
    key: SigningKey = PHONE, raw: bytes = RAW, point: str = GATE, now: int = NOW, shown: bytes | None = None
) -> str:
    """The code that a phone with `key` shows; `shown` puts another public key into it."""
    minute = ((now - EPOCH) // MINUTE).to_bytes(3, "big")
    signature = key.sign(_signed_bytes(raw, point, now))
    return "SCH1:" + base45.encode((shown or key.public) + minute + signature)


def vectors() -> dict[str, Any]:
    """All cases of spec/holding.md."""
    return {
        "keys": _key_cases(),
        "signed": _signed_cases(),
        "proofs": _proof_cases(),
        "decide": {
            "root": ROOT.public.hex(),
            "agreement": AGREEMENT,
            "bundles": {"usual": sealed_bundle().hex()},
            "batch": IDENTITY.hex(),
            "cases": _decide_cases(),
        },
    }


def _key_cases() -> list[Case]:
    good = _sck(PHONE.public)
    slip = good[:20] + ("B" if good[20] != "B" else "C") + good[21:]
    bad = [
        ("one letter wrong", slip, "bad-key"),
        ("two letters changed about", good[:11] + good[12] + good[11] + good[13:], "bad-key"),
        ("check of zeros", _sck(PHONE.public, bytes(4)), "bad-key"),
        ("a key of small order", _sck(SMALL), "bad-key"),
        ("a key that is no point", _sck(b"\2" + bytes(31)), "bad-key"),
        ("lower case", good.lower(), "bad-text"),
        ("a space behind", good + " ", "bad-text"),
        ("one letter missing", good[:-1], "bad-text"),
        ("another prefix", "SCK2:" + good[5:], "bad-text"),
        ("a group too large", good[:5] + "GGW" + good[8:], "bad-text"),
        ("nothing", "", "bad-text"),
    ]
    cases: list[Case] = [
        {"name": name, "text": _sck(key.public), "expect": {"key": key.public.hex()}}
        for name, key in (("usual", PHONE), ("another", OTHER))
    ]
    return cases + [{"name": name, "text": text, "expect": {"code": code}} for name, text, code in bad]


def _signed_cases() -> list[Case]:
    return [
        {
            "name": name,
            "seed": sha256(b"device").hexdigest(),
            "pass": RAW.hex(),
            "point": point,
            "now": now,
            "expect": {
                "minute": (now - EPOCH) // MINUTE,
                "signed_bytes": _signed_bytes(RAW, point, now).hex(),
                "text": _sch(point=point, now=now),
            },
        }
        for name, point, now in (
            ("usual", GATE, NOW),
            ("last second of the minute", GATE, NOW + 59),
            ("first minute of all", GATE, EPOCH),
            ("a control point named in another script", "دروازه-۱", NOW),
        )
    ]


def _proof_cases() -> list[Case]:
    good = _sch()
    read = {"key": PHONE.public.hex(), "minute": (NOW - EPOCH) // MINUTE}
    bad = [
        ("one letter missing", good[:-1], "bad-text"),
        ("a letter too many", good + "0", "bad-text"),
        ("another prefix", "SC1:" + good[4:], "bad-text"),
        ("lower case", good.lower(), "bad-text"),
        ("last group too large", good[:-2] + "V5", "bad-text"),
        ("a key of small order", _sch(shown=SMALL), "bad-key"),
        ("a key that is no point", _sch(shown=b"\2" + bytes(31)), "bad-key"),
    ]
    cases: list[Case] = [{"name": "usual", "text": good, "expect": read}]
    return cases + [{"name": name, "text": text, "expect": {"code": code}} for name, text, code in bad]


def _decide_cases() -> list[Case]:
    later = NOW + 20 * MINUTE
    forged = _bound(OTHER, key=FORGER)
    return [
        _scan("no code", "binding-needed"),
        _scan("an empty code", "binding-needed", proof=""),
        _scan("words are no code", "binding-needed", words=WORDS),
        _scan("right", "ok", proof=_sch()),
        _scan("right, at the other point", "ok", point="cordon-1", proof=_sch(point="cordon-1")),
        _scan("right, the words are not asked for", "ok", proof=_sch(), words="nothing"),
        _scan("a clock five minutes behind", "ok", proof=_sch(now=NOW - 5 * MINUTE)),
        _scan("a clock five minutes ahead", "ok", proof=_sch(now=NOW + 5 * MINUTE)),
        _scan("the last second", "ok", proof=_sch(now=NOW - 5 * MINUTE), now=NOW + 59),
        _scan("a second too late", "binding-failed", proof=_sch(now=NOW - 5 * MINUTE), now=NOW + 60),
        _scan("six minutes behind", "binding-failed", proof=_sch(now=NOW - 6 * MINUTE)),
        _scan("six minutes ahead", "binding-failed", proof=_sch(now=NOW + 6 * MINUTE)),
        _scan("for another control point", "binding-failed", proof=_sch(point="cordon-1")),
        _scan("for another pass", "binding-failed", proof=_sch(raw=_bound(PHONE, index=8))),
        _scan("by another phone", "binding-failed", proof=_sch(OTHER)),
        _scan("by another phone, with the right key shown", "binding-failed", proof=_sch(OTHER, shown=PHONE.public)),
        _scan("the pass instead of the code", "binding-failed", proof="SC1:" + base45.encode(RAW)),
        _scan("the key instead of the code", "binding-failed", proof=_sck(PHONE.public)),
        _scan("a damaged code", "binding-failed", proof=_sch()[:-1]),
        _scan("a weak key", "binding-failed", proof=_sch(shown=SMALL)),
        _scan("used before the code is asked for", "used-here", used_here=[7]),
        _scan("over before the code is asked for", "expired", now=NOW + 86_400 // 2, proof=_sch(now=NOW + 86_400 // 2)),
        _scan("fewer people", "ok", proof=_sch(), heads=3, warnings=["heads-fewer"]),
        _scan("a code for a pass without binding", "ok", raw=_pass(), proof=_sch(), warnings=["no-binding"]),
        _scan("a forged pass with its forger's phone", "bad-signature", raw=forged, proof=_sch(OTHER, raw=forged)),
        _scan("a later minute at a later time", "ok", now=later, proof=_sch(now=later)),
    ]


def _scan(name: str, reason: str, *, raw: bytes = RAW, warnings: list[str] | None = None, **scan: Any) -> Case:
    given: Case = {"raw": raw.hex(), "bundle": "usual", "point": GATE, "now": NOW} | scan
    return {"name": name} | given | {"expect": {"reason": reason, "warnings": warnings or []}}


def main() -> None:
    """Write the file."""
    text = json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"
    FILE.write_text(text, encoding="utf-8")
    print(f"{FILE.name}: {len(text)} characters")


if __name__ == "__main__":
    main()
