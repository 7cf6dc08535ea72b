"""Write spec/vectors/{pass,revocation,bundle,device-log}.json: fixed keys, no clock, the same bytes on every run.

Each case has a name, its inputs (bytes in hex) and `expect`: the result, or the code of the failure. What is expected
is written here by hand, so that the code under test does not grade itself.
"""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from safeconduct.gate.device_log import GENESIS, SegmentWriter
from safeconduct.gate.event import Event
from safeconduct.gate.receipt import Receipt, sign_receipt
from safeconduct.passes import batch as batches
from safeconduct.passes import binding, bundle_format, issue, revocation, revocation_delta, spoken
from safeconduct.passes.pass_format import EPOCH, QUARTER, PassFields, encode_payload, to_text
from safeconduct.seal import canonical, signed
from safeconduct.seal.keys import SigningKey

Case = dict[str, Any]
VECTORS = Path(__file__).resolve().parent.parent / "spec" / "vectors"


def _key(name: str) -> SigningKey:
    return SigningKey.from_seed(sha256(name.encode()).digest())


ROOT, STATUS, BATCH, DEVICE, NODE, FORGER = map(_key, ("root", "status", "batch", "device", "node", "forger"))
AGREEMENT = "exercise-1"
START = EPOCH + 57_600 * QUARTER  # 2021-08-23T00:00Z
HOUR, DAY = 3_600, 86_400
NOW = START + 2 * HOUR
ENTRY = batches.BatchEntry(
    agreement_id=AGREEMENT,
    public_key=BATCH.public,
    classes=(0, 1),
    points=("gate-north", "cordon-1"),
    not_before=START,
    not_after=START + 6 * DAY,
    capacity=1_000,
    preset="std",
    word_list="bip39-en",
    pepper=bytes(range(16)),
)
IDENTITY = batches.identity(ENTRY)
FIELDS = PassFields(0, IDENTITY[:4], 7, START + HOUR, 16, 1, 5, 0, bytes(16))
WORDS = "abandon ability able about"
INDEX_SECRET = sha256(b"index").digest()
POINTS = (
    bundle_format.ControlPoint(
        "cordon-1", {"en": "Outer cordon 1", "prs": "حلقه‌ی بیرونی ۱"}, "outer", "cordon", (), "open"
    ),
    bundle_format.ControlPoint("cordon-2", {"en": "Outer cordon 2"}, "outer", "cordon", (), "hold"),
    bundle_format.ControlPoint("gate-east", {"en": "East gate"}, "gate", "evac", ("cordon-1",), "closed"),
    bundle_format.ControlPoint("gate-north", {"en": "North gate"}, "gate", "evac", ("cordon-1",), "open"),
)
CERTIFICATE = batches.StatusCertificate(AGREEMENT, STATUS.public, START, START + 7 * DAY)
LIST = revocation.build(IDENTITY, 1_000, (13, 14, 900), 1, START, START + 4 * DAY)
BUNDLE = bundle_format.TrustBundle(
    seq=3,
    previous_hash=bytes(32),
    issued=START,
    expires=START + 3 * DAY,
    ledger_index=41,
    agreement_id=AGREEMENT,
    points=POINTS,
    batches=(batches.sign_batch(ENTRY, ROOT),),
    revocations=(revocation.sign(LIST, STATUS),),
    advice="Ask for the words, quietly.",
    stale_hours=24,
    stale_policy="warn",
    rules_version=1,
)


def sealed_bundle(made: bundle_format.TrustBundle = BUNDLE) -> bytes:
    """Sign a bundle as the issuer would."""
    return bundle_format.sign_bundle(made, batches.sign_certificate(CERTIFICATE, ROOT), STATUS)


def _pass(key: SigningKey = BATCH, **changes: Any) -> bytes:
    return issue.sign_pass(replace(FIELDS, **changes), IDENTITY, key)


def pass_vectors() -> dict[str, Any]:
    """All cases of spec/pass.md."""
    return {
        "base45": _base45_cases(),
        "parse": _parse_cases(),
        "signed": _signed_cases(),
        "index": _index_cases(),
        "binding": _binding_cases(),
        "decide": {
            "root": ROOT.public.hex(),
            "agreement": AGREEMENT,
            "bundles": {
                "usual": sealed_bundle().hex(),
                "strict": sealed_bundle(replace(BUNDLE, stale_policy="refuse")).hex(),
            },
            "batch": IDENTITY.hex(),
            "cases": _decide_cases(),
        },
    }


def _base45_cases() -> list[Case]:
    good = {"": "", "4142": "BB8", "48656c6c6f2121": "%69 VD92EX0", "626173652d3435": "UJCLQE7W581", "ffff": "FGW"}
    bad = ["A", "BB8B", "GGW", "::", "V5", "bb8", "BB8\n"]
    return [{"name": f"encodes {text!r}", "text": text, "expect": {"bytes": data}} for data, text in good.items()] + [
        {"name": f"refuses {text!r}", "text": text, "expect": {"code": "bad-text"}} for text in bad
    ]


def _parse_cases() -> list[Case]:
    full = replace(FIELDS, pass_class=15, index=0xFFFFFF, not_before=EPOCH + QUARTER * 0xFFFFFF, length=255)
    full = replace(full, points=0xFFFF, heads=255, binding_kind=3, binding=bytes(range(16)))
    small = PassFields(0, bytes(4), 0, EPOCH, 1, 1, 1, 0, bytes(16))
    cases = []
    for name, fields in (("usual", FIELDS), ("largest", full), ("smallest", small)):
        seen = {part: getattr(fields, part) for part in PassFields.__slots__}
        seen = {part: value.hex() if isinstance(value, bytes) else value for part, value in seen.items()}
        raw = encode_payload(fields) + bytes(64)
        cases.append({"name": name, "raw": raw.hex(), "text": to_text(raw), "expect": {"fields": seen}})
    good = encode_payload(FIELDS)
    spoilt = {
        "version 0": bytes([0x00]) + good[1:],
        "version 2": bytes([0x20]) + good[1:],
        "length 0": good[:11] + b"\0" + good[12:],
        "no control point": good[:12] + b"\0\0" + good[14:],
        "no heads": good[:14] + b"\0" + good[15:],
        "binding kind 4": good[:15] + b"\4" + good[16:],
        "binding without kind": good[:31] + b"\1",
    }
    for name, payload in spoilt.items():
        cases.append({"name": name, "raw": (payload + bytes(64)).hex(), "expect": {"code": "bad-pass"}})
    text = to_text(_pass())
    for name, wrong in {
        "lower case": text.lower(),
        "a space behind": text + " ",
        "one character short": text[:-1],
        "another prefix": "SC2:" + text[4:],
        "a group too large": text[:4] + "GGW" + text[7:],
    }.items():
        cases.append({"name": name, "text": wrong, "expect": {"code": "bad-text"}})
    return cases


def _signed_cases() -> list[Case]:
    raw = _pass()
    return [
        {
            "name": "usual",
            "public_key": BATCH.public.hex(),
            "batch_entry": batches.encode_batch(ENTRY).hex(),
            "expect": {
                "identity": IDENTITY.hex(),
                "signed_bytes": issue.signed_bytes(raw[:32], IDENTITY).hex(),
                "raw": raw.hex(),
                "text": to_text(raw),
                "external_aad": issue.external_aad(IDENTITY).hex(),
                "cose_sign1": issue.to_cose_sign1(raw, IDENTITY).hex(),
            },
        }
    ]


def _index_cases() -> list[Case]:
    return [
        {
            "name": f"the first of {capacity}",
            "capacity": capacity,
            "secret": INDEX_SECRET.hex(),
            "expect": {"indexes": issue.indexes(capacity, INDEX_SECRET, min(capacity, 10))},
        }
        for capacity in (1, 2, 5, 17, 1_000, 10_000, 1 << 24)
    ]


def _binding_cases() -> list[Case]:
    cases: list[Case] = []
    for name, words, document in (
        ("words", WORDS, None),
        ("words typed otherwise", " ABANDON, Ábility able\tabout", None),
        ("words and document", WORDS, "P 12-34x"),
    ):
        secret = binding.secret_of(words, document)
        digest = binding.bind(secret, IDENTITY, 7, ENTRY.pepper, "std")
        cases.append(
            {
                "name": name,
                "words": words,
                "document": document,
                "index": 7,
                "batch": IDENTITY.hex(),
                "pepper": ENTRY.pepper.hex(),
                "preset": "std",
                "expect": {"secret": secret, "binding": digest.hex()},
            }
        )
    return cases


def _decide_cases() -> list[Case]:
    bound = binding.bind(binding.secret_of(WORDS), IDENTITY, 7, ENTRY.pepper, "std")
    both = binding.bind(binding.secret_of(WORDS, "P 1234"), IDENTITY, 7, ENTRY.pepper, "std")
    worded, papered = _pass(binding_kind=1, binding=bound), _pass(binding_kind=2, binding=both)
    phoned = _pass(binding_kind=3, binding=binding.bind_phone(DEVICE.public))
    late = _pass(not_before=START + 2 * DAY)
    foreign_key = bytes([raw ^ 1 for raw in _pass()[1:5]])
    good, plain = _pass(), ["no-binding"]
    two_days = {"now": START + 2 * DAY}
    return [
        _scan("good", good, "ok", warnings=plain),
        _scan("good, as text", to_text(good), "ok", warnings=plain),
        _scan("fewer people", good, "ok", heads=3, warnings=[*plain, "heads-fewer"]),
        _scan("first second", good, "ok", now=START + HOUR, warnings=plain),
        _scan("last second", good, "ok", now=START + 5 * HOUR - 1, warnings=plain),
        _scan("95 bytes", good[:95], "malformed"),
        _scan("no pass at all", "HELLO", "malformed"),
        _scan("bundle over", good, "bundle-expired", now=START + 3 * DAY),
        _scan("stale bundle warns", late, "ok", **two_days, warnings=["bundle-stale", *plain]),
        _scan("stale bundle refuses", late, "bundle-stale", **two_days, bundle="strict"),
        _scan("unknown point", good, "unknown-point", point="nowhere"),
        _scan("closed point", good, "point-closed", point="gate-east"),
        _scan("held point", good, "point-hold", point="cordon-2"),
        _scan("unknown key", good[:1] + foreign_key + good[5:], "unknown-key"),
        _scan("forged", _pass(key=FORGER), "bad-signature"),
        _scan("forged and revoked", _pass(key=FORGER, index=13), "bad-signature"),
        _scan("more heads written in", good[:14] + b"\x09" + good[15:], "bad-signature"),
        _scan("S not below L", good[:64] + b"\xff" * 32, "bad-signature"),
        _scan("R of small order", good[:32] + b"\1" + bytes(31) + good[64:], "bad-signature"),
        _scan("class not in batch", _pass(pass_class=2), "class-not-in-batch"),
        _scan("index beyond capacity", _pass(index=1_000), "out-of-batch"),
        _scan("begins before the batch", _pass(not_before=START - QUARTER), "out-of-batch"),
        _scan("ends after the batch", _pass(not_before=START + 6 * DAY - HOUR), "out-of-batch"),
        _scan("revoked", _pass(index=13), "revoked"),
        _scan("revoked before wrong point", _pass(index=13, points=2), "revoked"),
        _scan("wrong point", _pass(points=2), "wrong-point"),
        _scan("wrong point before not yet", _pass(points=2), "wrong-point", now=START),
        _scan("not yet", good, "not-yet", now=START + HOUR - 1),
        _scan("over", good, "expired", now=START + 5 * HOUR),
        _scan("over before used", good, "expired", now=START + 5 * HOUR, used_here=[7]),
        _scan("used here", good, "used-here", used_here=[7]),
        _scan("used elsewhere", good, "used-elsewhere", used_elsewhere=[7]),
        _scan("used here before elsewhere", good, "used-here", used_here=[7], used_elsewhere=[7]),
        _scan("another was used", good, "ok", used_here=[8], warnings=plain),
        _scan("too many people", good, "heads-differ", heads=6),
        _scan("too many before words", worded, "heads-differ", heads=6),
        _scan("words needed", worded, "binding-needed"),
        _scan("words right", worded, "ok", words=WORDS),
        _scan("words wrong", worded, "binding-failed", words="abandon ability able above"),
        _scan("document needed", papered, "binding-needed", words=WORDS),
        _scan("document right", papered, "ok", words=WORDS, document="p-1234"),
        _scan("document wrong", papered, "binding-failed", words=WORDS, document="P 1235"),
        _scan("phone key", phoned, "binding-needed", words=WORDS),
    ]


def _scan(name: str, raw: bytes | str, reason: str, warnings: list[str] | None = None, **scan: Any) -> Case:
    given: Case = {"raw": raw.hex()} if isinstance(raw, bytes) else {"text": raw}
    given |= {"bundle": "usual", "point": "gate-north", "now": NOW} | scan
    return {"name": name} | given | {"expect": {"reason": reason, "warnings": warnings or []}}


def revocation_vectors() -> dict[str, list[Case]]:
    """All cases of spec/revocation.md."""
    return {"lists": _list_cases(), "deltas": _delta_cases()}


def _list_cases() -> list[Case]:
    many = issue.indexes(10_000, INDEX_SECRET, 100)
    sets: dict[str, tuple[int, list[int]]] = {
        "none": (1_000, []),
        "three": (1_000, [13, 14, 900]),
        "first and last": (1_000, [0, 999]),
        "exactly half": (10, [0, 2, 4, 6, 8]),
        "more than half": (10, [0, 1, 2, 3, 4, 6, 8]),
        "all": (10, list(range(10))),
        "100 of 10,000": (10_000, sorted(many)),
    }
    cases: list[Case] = []
    for name, (capacity, revoked) in sets.items():
        made = revocation.build(IDENTITY, capacity, revoked, 1, START, START + DAY)
        cases.append({"name": name, "list": revocation.encode(made).hex(), "expect": {"revoked": revoked}})
    sealed = revocation.sign(LIST, STATUS)
    cases[1] |= {"list": sealed.list_bytes.hex(), "signature": sealed.signature.hex(), "key": STATUS.public.hex()}
    fields = canonical.decode_cbor(revocation.encode(LIST), where="list")
    count, parameter, gaps = fields["revoked"]
    for name, change in {
        "one gap missing": {"revoked": [count + 1, parameter, gaps]},
        "one gap too many": {"revoked": [count - 1, parameter, gaps + b"\0"]},
        "a byte too many": {"revoked": [count, parameter, gaps + b"\0"]},
        "no bytes": {"revoked": [count, parameter, b""]},
        "no bytes, parameter 0": {"revoked": [1, 0, b""]},
        "only ones": {"revoked": [count, parameter, b"\xff" * len(gaps)]},
        "bytes without index": {"revoked": [0, 0, b"\0"]},
        "a one in the filling": {"revoked": [1, 0, b"\x01"]},
        "index beyond capacity": {"capacity": 900},
        "more than half, not turned round": {"revoked": [501, 0, b"\0" * 63]},
        "expires when issued": {"expires": START},
        "version 2": {"v": 2},
    }.items():
        spoilt = canonical.encode_cbor(fields | change)
        cases.append({"name": name, "list": spoilt.hex(), "expect": {"code": "bad-revocation"}})
    cases.append(
        {"name": "a byte behind", "list": (revocation.encode(LIST) + b"\0").hex(), "expect": {"code": "bad-cbor"}}
    )
    return cases


def _delta_cases() -> list[Case]:
    new = revocation.build(IDENTITY, 1_000, (14, 17, 900), 2, START + HOUR, START + 4 * DAY)
    change = revocation_delta.delta(LIST, new)
    lying = replace(change, added=(18,))
    other = revocation.build(IDENTITY, 1_000, (), 1, START, START + 4 * DAY)
    usual = {"base": revocation.encode(LIST).hex(), "delta": revocation_delta.encode_delta(change).hex()}
    return [
        {"name": "one added, one removed"} | usual | {"expect": {"result": revocation.encode(new).hex()}},
        {"name": "on another list"}
        | usual
        | {"base": revocation.encode(other).hex(), "expect": {"code": "wrong-base"}},
        {"name": "result not as stated"}
        | usual
        | {"delta": revocation_delta.encode_delta(lying).hex(), "expect": {"code": "wrong-base"}},
    ]


def bundle_vectors() -> dict[str, Any]:
    """All cases of spec/bundle.md."""
    return {"root": ROOT.public.hex(), "agreement": AGREEMENT, "open": _open_cases()}


def _open_cases() -> list[Case]:
    items = canonical.decode_cbor(sealed_bundle(), where="bundle")

    def with_item(place: int, item: bytes) -> bytes:
        return canonical.encode_cbor([*items[:place], item, *items[place + 1 :]])

    def resigned(**changes: Any) -> bytes:
        """Bundle that a status key signs without looking."""
        inner = bundle_format.encode(replace(BUNDLE, **changes))
        return canonical.encode_cbor([*items[:3], inner, signed.sign(bundle_format.BUNDLE_DOMAIN, inner, STATUS)])

    other = replace(ENTRY, agreement_id="other")
    weak = replace(ENTRY, public_key=bytes(32))
    weak_list = revocation.sign(replace(LIST, batch=batches.identity(weak)), STATUS)
    ended = revocation.sign(replace(LIST, expires=NOW), STATUS)
    forged_batch = batches.sign_batch(ENTRY, STATUS)
    forged_certificate = batches.sign_certificate(CERTIFICATE, FORGER)
    resized = revocation.sign(replace(LIST, capacity=1_001), STATUS)
    long_life = {"issued": START, "expires": START + 7 * DAY + 1}
    told = spoken.SpokenTable(
        AGREEMENT, bytes(16), b"", "std", "bip39-en", 0, (IDENTITY,), ((START, DAY),), (("gate-north",),), b""
    )

    def with_spoken(**changes: Any) -> bytes:
        """Bundle with a table of dummies."""
        return resigned(spoken=spoken.encode(spoken.build(replace(told, **changes), [], bytes(32))))

    cases: list[tuple[str, bytes, str | None, Case]] = [
        ("usual", sealed_bundle(), None, {}),
        ("the same again", sealed_bundle(), None, {"highest_seq": 3}),
        ("a clock that is behind", sealed_bundle(), None, {"now": START - 10 * DAY}),
        ("cut", sealed_bundle()[:-1], "bad-cbor", {}),
        ("another version", canonical.encode_cbor([2, *items[1:]]), "bad-bundle", {}),
        ("certified by another root", with_item(2, forged_certificate.signature), "bad-status-key", {}),
        ("changed", with_item(3, bundle_format.encode(replace(BUNDLE, seq=9))), "bad-signature", {}),
        ("of another agreement", sealed_bundle(), "out-of-agreement", {"agreement": "other"}),
        ("outlives its certificate", resigned(**long_life), "bad-status-key", {}),
        ("issued before its certificate", resigned(issued=START - 1), "bad-status-key", {}),
        ("older", sealed_bundle(), "bundle-older", {"highest_seq": 4}),
        ("over", sealed_bundle(), "bundle-expired", {"now": START + 3 * DAY}),
        ("batch signed by the status key", resigned(batches=(forged_batch,)), "bad-signature", {}),
        ("batch of another agreement", resigned(batches=(batches.sign_batch(other, ROOT),)), "out-of-agreement", {}),
        ("batch twice", resigned(batches=BUNDLE.batches * 2), "bad-bundle", {}),
        (
            "batch with a weak key",
            resigned(batches=(batches.sign_batch(weak, ROOT),), revocations=(weak_list,)),
            "bad-key",
            {},
        ),
        ("no revocation list", resigned(revocations=()), "revocations-missing", {}),
        ("list by another key", resigned(revocations=(revocation.sign(LIST, FORGER),)), "bad-signature", {}),
        ("list of another size", resigned(revocations=(resized,)), "bad-bundle", {}),
        ("list twice", resigned(revocations=BUNDLE.revocations * 2), "bad-bundle", {}),
        ("list over", resigned(revocations=(ended,)), "bundle-expired", {}),
        ("with spoken passes", with_spoken(), None, {}),
        ("spoken passes of another agreement", with_spoken(agreement_id="other"), "out-of-agreement", {}),
        ("spoken passes of another batch", with_spoken(batches=(IDENTITY, bytes(32))), "bad-bundle", {}),
        ("spoken passes that are none", resigned(spoken=canonical.encode_cbor({"v": 1})), "bad-spoken", {}),
        ("spoken passes cut", resigned(spoken=b"\xa1"), "bad-cbor", {}),
    ]
    return [
        {"name": name, "data": data.hex(), "now": NOW, "highest_seq": 0, "agreement": AGREEMENT}
        | given
        | {"expect": {"code": code} if code else {"seq": 3, "batches": [IDENTITY.hex()], "revoked": [13, 14, 900]}}
        for name, data, code, given in cases
    ]


def segment_vectors() -> dict[str, Any]:
    """All cases of spec/device-log.md."""
    receipt = Receipt("phone-1", 1, 3, sha256(b"head").digest(), NOW, 17, 20, (bytes(32),))
    return {
        "device_key": DEVICE.public.hex(),
        "segment_key": _SEGMENT_KEY.hex(),
        "accept": _segment_cases(),
        "receipt": {
            "key": NODE.public.hex(),
            "data": sign_receipt(receipt, NODE).hex(),
            "expect": {"device": "phone-1", "epoch": 1, "upto_seq": 3, "ledger_index": 17},
        },
        "keys": _key_cases(receipt),
    }


def _key_cases(receipt: Receipt) -> list[Case]:
    """Which receipts a device takes after certificates that it saw, in their order; it was enrolled under NODE."""

    def certified(key: SigningKey, begin: int, days: int = 7, root: SigningKey = ROOT) -> list[str]:
        made = batches.StatusCertificate(AGREEMENT, key.public, begin, begin + days * DAY)
        one = batches.sign_certificate(made, root)
        return [one.certificate_bytes.hex(), one.signature.hex()]

    def made(key: SigningKey, issued: int = NOW) -> str:
        return sign_receipt(replace(receipt, issued=issued), key).hex()

    old, new = certified(NODE, START), certified(STATUS, START + 5 * DAY)
    later = START + 6 * DAY
    cases: list[tuple[str, list[list[str]], str, int, str]] = [
        ("by the key of the enrolment", [], made(NODE), NOW, ""),
        ("by a key that nobody certified", [], made(STATUS), NOW, "bad-signature"),
        ("by the new key, before its certificate came", [old], made(STATUS, later), later, "bad-signature"),
        ("by the new key", [old, new], made(STATUS, later), later, ""),
        ("by the new key, the certificates the other way round", [new, old], made(STATUS, later), later, ""),
        ("by the new key, dated before its days", [old, new], made(STATUS, START), later, "bad-status-key"),
        ("by the new key, dated at its end", [new], made(STATUS, START + 12 * DAY), later, "bad-status-key"),
        ("by the current key, the device's clock ten years ahead", [old, new], made(STATUS, later), 2 * later, ""),
        ("an old receipt by the old key", [old, new], made(NODE), later, ""),
        ("an old receipt by the old key, after its end", [old, new], made(NODE), START + 7 * DAY, "bad-status-key"),
        (
            "a receipt by the old key, dated after its end",
            [old, new],
            made(NODE, START + 7 * DAY),
            later,
            "bad-status-key",
        ),
        ("the old key was never certified here", [new], made(NODE), START + 11 * DAY, ""),
        ("likewise, seven days after the other was", [new], made(NODE), START + 12 * DAY, "bad-status-key"),
        (
            "the same key certified twice",
            [old, certified(NODE, START + 6 * DAY)],
            made(NODE, START + 8 * DAY),
            later,
            "",
        ),
        (
            "the same key, after its second end",
            [old, certified(NODE, later)],
            made(NODE, later + 7 * DAY),
            later,
            "bad-status-key",
        ),
        ("a certificate by another root", [certified(FORGER, START, root=FORGER)], made(FORGER), NOW, "bad-status-key"),
    ]
    return [
        {"name": name, "root": ROOT.public.hex(), "enrolled": NODE.public.hex(), "certificates": certificates}
        | {"receipt": data, "now": now, "expect": {"code": code} if code else {"upto_seq": 3}}
        for name, certificates, data, now, code in cases
    ]


_SEGMENT_KEY = sha256(b"segment key").digest()


def _event(seq: int, heads: int = 5) -> Event:
    return Event("admit", seq, IDENTITY, seq, "gate-north", NOW + seq, heads, "ok", 3, 41)


def _segment(first: int, last: int, previous: bytes = GENESIS, heads: int = 5, key: SigningKey = DEVICE) -> bytes:
    writer = SegmentWriter("phone-1", 1, first, previous, key, _SEGMENT_KEY)
    for seq in range(first, last + 1):
        writer.append(_event(seq, heads))
    return writer.close({"cordon": b"sealed to the holder", "evac": b"sealed to the issuer"})


def _chain(data: bytes) -> list[str]:
    head, hashes = GENESIS, []
    for ciphertext in canonical.decode_cbor(data, where="segment")["ciphertexts"]:
        head = sha256(head + ciphertext).digest()
        hashes.append(head.hex())
    return hashes


def _segment_cases() -> list[Case]:
    first = _segment(1, 3)
    hashes, other = _chain(first), _chain(_segment(1, 3, heads=9))
    seam = bytes.fromhex(hashes[-1])
    fields = canonical.decode_cbor(first, where="segment")
    changed = canonical.encode_cbor(fields | {"ciphertexts": [*fields["ciphertexts"][:2], b"another"]})
    cases: list[tuple[str, bytes, list[str], Case]] = [
        ("first", first, [], {"accepted": [1, 3], "events": [1, 2, 3]}),
        ("next", _segment(4, 5, seam), hashes, {"accepted": [4, 5]}),
        ("overlapping", _segment(1, 5), hashes, {"accepted": [4, 5]}),
        ("again", first, hashes, {"duplicate": 3}),
        ("after a gap", _segment(5, 6, seam), hashes, {"code": "gap"}),
        ("by a clone", _segment(1, 4, heads=9), hashes, {"fork": [1, hashes[0], other[0]]}),
        ("by a clone, next", _segment(4, 5, bytes.fromhex(other[-1])), hashes, {"fork": [3, hashes[2], other[2]]}),
        ("by another key", _segment(1, 3, key=FORGER), [], {"code": "bad-signature"}),
        ("another ciphertext", changed, [], {"code": "broken-chain"}),
        ("zeros before event 2", _segment(2, 3), [], {"code": "bad-segment"}),
        ("cut", first[:-1], [], {"code": "bad-cbor"}),
    ]
    return [
        {"name": name, "data": data.hex(), "stored": stored, "expect": expect} for name, data, stored, expect in cases
    ]


def main() -> None:
    """Write the four files."""
    for name, cases in (
        ("pass", pass_vectors()),
        ("revocation", revocation_vectors()),
        ("bundle", bundle_vectors()),
        ("device-log", segment_vectors()),
    ):
        text = json.dumps(cases, indent=1, ensure_ascii=False) + "\n"
        (VECTORS / f"{name}.json").write_text(text, encoding="utf-8")
        print(f"{name}.json: {len(text)} characters")


if __name__ == "__main__":
    main()
