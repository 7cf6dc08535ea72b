"""What is fuzzed: every reader of bytes from outside, with the project's vectors as seeds.

A target is a function of bytes that raises nothing but our own errors; anything else it raises is a fault.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.gate import device_log, frames, receipt, used_list
from safeconduct.gate import event as events
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.passes import batch, bundle, bundle_format, holding, pass_format, revocation, revocation_delta, spoken
from safeconduct.seal import canonical
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.envelopes import unwrap

VECTORS = Path(__file__).resolve().parents[2] / "spec" / "vectors"
NOW = 1_629_676_800


def load(name):
    """Vectors by name."""
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))


@dataclass(frozen=True)
class Target:
    """One reader, and the bytes that it is known to read or to refuse."""

    name: str
    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]

    def __call__(self, data):
        """Read; our own refusal is the expected answer, every other exception a fault."""
        try:
            return self.read(data)
        except SafeconductError as error:
            if not error.code or not str(error):
                raise RuntimeError("an error of ours that does not say what it is") from error
            return error


def _hex(*values):
    return tuple(bytes.fromhex(value) for value in dict.fromkeys(values))


def _texts(cases):
    return tuple(case["text"].encode("latin-1") for case in cases)


def _pass_text(data):
    text = data.decode("latin-1")
    pass_format.decode_payload(pass_format.from_text(text)[:32])


def _phone_proof(data):
    proof = holding.read_proof(data.decode("latin-1"))
    holding.holds(proof, bytes(96), "gate-north", NOW)


def _scan(loaded, data):
    for raw in (data, data.decode("latin-1")):
        made = decide(loaded, UsedHere(), Scan(raw, "gate-north", NOW, heads=3))
        assert made.admit == (made.reason == "ok")


def _segment(device, data):
    segment = device_log.parse_segment(data)
    answer = device_log.accept_segment(segment, device, None, {}.get)
    assert not isinstance(answer, device_log.Duplicate), "nothing is stored"
    device_log.open_segment(segment, bytes(32))


def _delta(base, data):
    revocation_delta.apply(base, revocation_delta.decode_delta(data))


def _frames(data):
    frames.join_frames(data.decode("latin-1").split("\n"))


def _opened(reader, keys, data):
    told = reader(data, keys, NOW)
    assert isinstance(told, Refusal) or told is not None


def _key(text):
    return VerifyKey.load(bytes.fromhex(text), where="vectors")


def targets():
    """Every target by name."""
    passes, bundles, lists = load("pass"), load("bundle"), load("revocation")
    logs, told, envelopes, carried = load("device-log"), load("spoken-pass"), load("envelope"), load("carry")
    held = load("holding")
    setting = passes["decide"]
    root = _key(setting["root"])
    usual = bytes.fromhex(setting["bundles"]["usual"])
    opened = bundle.open_bundle(usual, root=root, agreement_id=setting["agreement"], now=NOW)
    assert not isinstance(opened, Refusal)
    signed_bundles = _hex(*(case["data"] for case in bundles["open"]))
    parts = [bundle_format.parse_envelope(signed_bundles[0])]
    inner = bundle_format.decode(parts[0].bundle_bytes)
    bundle_root = _key(bundles["root"])
    known = {"root": bundle_root, "agreement_id": bundles["agreement"], "now": NOW}
    device, node = _key(logs["device_key"]), NodeKeys.enrolled(bytes.fromhex(logs["receipt"]["key"]))
    roots = {party: VerifyKey.load(bytes.fromhex(key), where=party) for party, key in envelopes["roots"].items()}
    raws = _hex(*(case["raw"] for case in setting["cases"] if "raw" in case))
    texts = [case["text"] for case in passes["base45"] if "text" in case] + [
        case["text"] for case in passes["parse"] if case.get("text")
    ]
    event = events.encode_event(events.Event("note", 1, None, None, "gate", NOW, 0, "", 1, 1, "x"))
    base = revocation.decode(bytes.fromhex(lists["deltas"][0]["base"]))
    made = [
        Target("pass-text", _pass_text, tuple(text.encode("latin-1", "replace") for text in texts)),
        Target("phone-key", lambda data: holding.read_key(data.decode("latin-1")), _texts(held["keys"])),
        Target("phone-proof", _phone_proof, _texts(held["proofs"])),
        Target("scan", partial(_scan, opened), raws),
        Target("signed-bundle", lambda data: bundle.open_bundle(data, **known), signed_bundles),
        Target("bundle", bundle_format.decode, (parts[0].bundle_bytes,)),
        Target("batch", batch.decode_batch, tuple(one.entry_bytes for one in inner.batches)),
        Target("certificate", batch.decode_certificate, (parts[0].certificate.certificate_bytes,)),
        Target("revocation", revocation.decode, _hex(*(case["list"] for case in lists["lists"]))),
        Target("delta", partial(_delta, base), _hex(*(case["delta"] for case in lists["deltas"]))),
        Target("segment", partial(_segment, device), _hex(*(case["data"] for case in logs["accept"]))),
        Target("event", lambda data: events.decode_event(data, 1), (event,)),
        Target("receipt", lambda data: _opened(receipt.open_receipt, node, data), _hex(logs["receipt"]["data"])),
        Target("spoken", spoken.decode, _hex(told["table"])),
        Target("envelope", lambda data: unwrap(data, party=envelopes["reader"], roots=roots), _hex(*(case["wire"] for case in envelopes["cases"]))),
        Target("frames", _frames, tuple("\n".join(case["texts"]).encode() for case in carried["frames"])),
        Target("used", lambda data: _opened(used_list.open_used, node, data), _hex(*(case["data"] for case in carried["used"]))),
        Target("cbor", lambda data: canonical.decode_cbor(data, where="fuzz"), signed_bundles[:1]),
        Target("json", lambda data: canonical.decode_json(data, where="fuzz"), (b'{"a":[1,"b",null,true]}',)),
    ]  # fmt: skip
    return MappingProxyType({target.name: target for target in made})
