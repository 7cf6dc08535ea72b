"""Write spec/vectors/signatures.json and spec/vectors/ledger.json: fixed keys, no clock, the same bytes on every run.

Each case has a `kind`, its inputs (bytes in hex), and `expect`: the result, or the code of the failure.
"""

import base64
import json
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

import nacl.bindings

from safeconduct.ledger.entry import entry_leaf
from safeconduct.ledger.evidence import build
from safeconduct.ledger.merkle import Frontier, consistency_proof, inclusion_proof, leaf_hash
from safeconduct.ledger.note import COSIGNATURE, ED25519, cosign, parse_checkpoint, sign_checkpoint, vkey
from safeconduct.ledger.witness import encode_request
from safeconduct.seal.canonical import encode_cbor, encode_json
from safeconduct.seal.commitment import commit, prove
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.signed import sign

Case = dict[str, Any]
VECTORS = Path(__file__).resolve().parent.parent / "spec" / "vectors"
ORDER = 2**252 + 27742317777372353535851937790883648493  # L, RFC 8032 section 5.1
FIELD = 2**255 - 19  # p
TORSION = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")  # a point of order 8
IDENTITY = b"\1" + bytes(31)
LOG, OTHER = SigningKey.from_seed(sha256(b"log").digest()), SigningKey.from_seed(sha256(b"other").digest())
WITNESS = SigningKey.from_seed(sha256(b"witness").digest())
ORIGIN, WITNESS_NAME = "evac.example/log", "cordon.example/witness"
NOW = 1_629_936_000  # 2021-08-26T00:00Z


def signature_vectors() -> dict[str, list[Case]]:
    """All cases of spec/signatures.md."""
    return {
        "verify": _verify_cases(),
        "domain": _domain_cases(),
        "cbor": _cbor_cases(),
        "json": _json_cases(),
        "commitment": _commitment_cases(),
    }


def ledger_vectors() -> dict[str, list[Case]]:
    """All cases of spec/ledger.md."""
    return {"tree": _tree_cases(), "note": _note_cases(), "witness": _witness_cases(), "evidence": _evidence_cases()}


def _verify_cases() -> list[Case]:
    seed, message = sha256(b"seed").digest(), b"a message"
    key = SigningKey.from_seed(seed)
    good = key.sign(message)
    large_s = good[:32] + (int.from_bytes(good[32:], "little") + ORDER).to_bytes(32, "little")
    scalar = int.from_bytes(sha512(seed).digest()[:32], "little") & ((1 << 254) - 8) | 1 << 254
    k = int.from_bytes(sha512(IDENTITY + key.public + message).digest(), "little") % ORDER
    small_r = IDENTITY + (k * scalar % ORDER).to_bytes(32, "little")
    mixed = nacl.bindings.crypto_core_ed25519_add(key.public, TORSION)
    rows = [
        ("right", key.public, message, good, True),
        ("another message", key.public, b"another message", good, False),
        ("another key", OTHER.public, message, good, False),
        ("one bit of R", key.public, message, bytes([good[0] ^ 1]) + good[1:], False),
        ("one bit of S", key.public, message, good[:32] + bytes([good[32] ^ 1]) + good[33:], False),
        ("S + L", key.public, message, large_s, False),
        ("R of small order, equation holds", key.public, message, small_r, False),
        ("63 bytes", key.public, message, good[:63], False),
        ("65 bytes", key.public, message, good + b"\0", False),
        ("empty signature", key.public, message, b"", False),
        ("key of 31 bytes", key.public[:31], message, good, "bad-key"),
        ("key is the identity", IDENTITY, message, good, "bad-key"),
        ("key of order 8", TORSION, message, good, "bad-key"),
        ("key of mixed order", mixed, message, good, "bad-key"),
        ("key with y = p + 3", (FIELD + 3).to_bytes(32, "little"), message, good, "bad-key"),
        ("key not on the curve", (2).to_bytes(32, "little"), message, good, "bad-key"),
    ]
    return [
        {"name": name, "public_key": a.hex(), "message": m.hex(), "signature": s.hex(), "expect": expect}
        for name, a, m, s, expect in rows
    ]


def _domain_cases() -> list[Case]:
    signature = sign("safeconduct.example.1", b"payload", LOG)
    rows = [
        ("right", "safeconduct.example.1", b"payload", True),
        ("another thing", "safeconduct.other.1", b"payload", False),
        ("another version", "safeconduct.example.2", b"payload", False),
        ("another payload", "safeconduct.example.1", b"payload.", False),
        ("not of this project", "example.1", b"payload", "bad-domain"),
        ("no version", "safeconduct.example", b"payload", "bad-domain"),
        ("a zero byte inside", "safeconduct.example.1\0", b"payload", "bad-domain"),
    ]
    common = {"public_key": LOG.public.hex(), "signature": signature.hex()}
    return [{"name": n, "domain": d, "payload": p.hex(), **common, "expect": e} for n, d, p, e in rows]


def _cbor_cases() -> list[Case]:
    deep = b"\x81" * 33 + b"\x00"
    good = [0, 23, 24, -1, 2**64 - 1, -(2**64), True, None, "é", [1, [2]], {"b": 1, "a": [], "aa": 2}]
    bad = [
        ("empty", b""),
        ("trailing byte", b"\x01\x02"),
        ("long form of 1", b"\x18\x01"),
        ("unsorted keys", bytes.fromhex("a2616201616101")),
        ("shorter key first, as RFC 7049 had it", bytes.fromhex("a220011903e802")),
        ("duplicate key", bytes.fromhex("a2616101616102")),
        ("float", bytes.fromhex("f93c00")),
        ("undefined", b"\xf7"),
        ("simple value 32", b"\xf8\x20"),
        ("tag 0", bytes.fromhex("c06161")),
        ("tag 4, a decimal with a huge exponent", bytes.fromhex("c4821a7fffffff01")),
        ("tag 2, a big integer", bytes.fromhex("c249010000000000000000")),
        ("self-described", bytes.fromhex("d9d9f701")),
        ("indefinite array", bytes.fromhex("9f01ff")),
        ("indefinite text", bytes.fromhex("7f6161ff")),
        ("text that is no UTF-8", bytes.fromhex("61ff")),
        ("array as key", bytes.fromhex("a1810101")),
        ("33 levels", deep),
        ("a length beyond the end", bytes.fromhex("5bffffffffffffffff")),
    ]
    # Integers beyond 2^53 stand as decimal text: JSON readers round them.
    cases: list[Case] = [
        {"name": repr(v), "data": encode_cbor(v).hex(), "expect": "ok"}
        | ({"decimal": str(v)} if type(v) is int else {"value": v})
        for v in good
    ]
    mixed = encode_cbor({1000: 1, -1: 2, "b": 4, b"a": 3})
    cases.append({"name": "keys of three kinds in bytewise order", "data": mixed.hex(), "expect": "ok"})
    return cases + [{"name": name, "data": data.hex(), "expect": "bad-cbor"} for name, data in bad]


def _json_cases() -> list[Case]:
    good: list[Any] = [{"b": 1, "a": [True, None]}, '\u20ac"\\\n\x01', {"\ufb33": 1, "\U0001f600": 2}, 2**53 - 1]
    bad = [
        ("float", b"1.0"),
        ("exponent", b"1e3"),
        ("NaN", b"NaN"),
        ("beyond 2^53", b"9007199254740992"),
        ("duplicate key", b'{"a":1,"a":2}'),
        ("byte-order mark", b"\xef\xbb\xbf{}"),
        ("not UTF-8", b'"\xff"'),
        ("lone surrogate", b'"\\ud800"'),
        ("33 levels", b"[" * 33 + b"]" * 33),
        ("trailing text", b"{} {}"),
        ("empty", b""),
    ]
    cases: list[Case] = [{"name": ascii(v), "data": encode_json(v).hex(), "expect": "ok", "value": v} for v in good]
    return cases + [{"name": name, "data": data.hex(), "expect": "bad-json"} for name, data in bad]


def _commitment_cases() -> list[Case]:
    fields = {"area": "0312", "heads": 7, "window": [NOW, NOW + 3600]}
    salts = {name: sha256(name.encode()).digest() for name in fields}
    root, proof = commit(fields, salts), prove(fields, salts, "heads")
    base = {
        "root": root.hex(),
        "name_of_field": "heads",
        "value": 7,
        "salt": proof.salt.hex(),
        "index": proof.index,
        "size": proof.size,
        "path": [node.hex() for node in proof.path],
    }
    other = (
        {"salt": bytes(32).hex()},
        {"value": 8},
        {"index": 2},
        {"path": base["path"][::-1]},
        {"root": bytes(32).hex()},
    )
    bad = [{"name": f"another {next(iter(change))}", **base, **change, "expect": False} for change in other]
    whole = {"fields": fields, "salts": {name: salt.hex() for name, salt in salts.items()}}
    return [{"name": "right", **base, **whole, "expect": True}, *bad]


def _tree(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    return {(level, index): node for level, index, node in Frontier().append(leaves)}


def _root(nodes: dict[tuple[int, int], bytes], size: int) -> bytes:
    return Frontier.from_nodes(size, lambda level, index: nodes[level, index]).root()


def _tree_cases() -> list[Case]:
    leaves = [leaf_hash(bytes([n])) for n in range(13)]
    nodes = _tree(leaves)
    cases: list[Case] = [
        {"kind": "root", "name": f"size {n}", "leaves": [x.hex() for x in leaves[:n]], "expect": _root(nodes, n).hex()}
        for n in range(9)
    ]
    for index, size in ((0, 1), (0, 13), (7, 8), (7, 13), (12, 13)):
        proof = [x.hex() for x in inclusion_proof(index, size, lambda level, i: nodes[level, i])]
        row = {"kind": "inclusion", "leaf": leaves[index].hex(), "index": index, "size": size, "proof": proof}
        row |= {"root": _root(nodes, size).hex()}
        cases.append(row | {"name": f"leaf {index} of {size}", "expect": True})
        cases.append(row | {"name": f"leaf {index} of {size}, one place on", "index": index + 1, "expect": False})
        cases.append(
            row | {"name": f"leaf {index} of {size}, a line more", "proof": [*proof, "00" * 32], "expect": False}
        )
    for old, new in ((1, 1), (1, 13), (6, 8), (8, 13), (12, 13)):
        proof = [x.hex() for x in consistency_proof(old, new, lambda level, i: nodes[level, i])]
        roots = {"old_root": _root(nodes, old).hex(), "new_root": _root(nodes, new).hex()}
        row = {"kind": "consistency", "old": old, "new": new, "proof": proof, **roots}
        cases.append(row | {"name": f"{old} to {new}", "expect": True})
        cases.append(row | {"name": f"{old} to {new}, rewritten", "old_root": "00" * 32, "expect": False})
    cases.append(row | {"name": "from size 0", "old": 0, "proof": [], "expect": False})
    return cases


def _note_cases() -> list[Case]:
    root = sha256(b"root").digest()
    note = sign_checkpoint(ORIGIN, 5, root, LOG)
    body = parse_checkpoint(note).body
    line = cosign(body, WITNESS_NAME, WITNESS, NOW)
    later = cosign(body, WITNESS_NAME, WITNESS, NOW + 60)
    forged = later[:-10] + ("A" if later[-10] != "A" else "B") + later[-9:]
    unsigned, signature = note.split("\n\n")
    rows: list[tuple[str, str, bool | str, int | str | None]] = [
        ("log and witness", note + line, True, NOW),
        ("two cosignatures, the later counts", note + line + later, True, NOW + 60),
        ("not cosigned", note, True, None),
        ("unknown signatures are ignored", note + line.replace(WITNESS_NAME, "else.example/w"), True, None),
        ("one forged cosignature refuses them all", note + line + forged, True, None),
        ("a head of another size", (note + line).replace("\n5\n", "\n6\n"), False, None),
        ("extension line", (note + line).replace("\n\n", "\nextension\n\n"), "bad-note", "bad-note"),
        ("size with a leading zero", note.replace("\n5\n", "\n05\n"), "bad-note", "bad-note"),
        ("size of 2^63", note.replace("\n5\n", f"\n{2**63}\n"), "bad-note", "bad-note"),
        ("no signature", unsigned + "\n", "bad-note", "bad-note"),
        ("no final newline", note[:-1], "bad-note", "bad-note"),
        ("carriage returns", note.replace("\n", "\r\n"), "bad-note", "bad-note"),
        ("hyphen for the dash", note.replace("—", "-"), "bad-note", "bad-note"),
        ("base64 without padding", unsigned.rstrip("=") + "\n\n" + signature, "bad-note", "bad-note"),
    ]
    keys = {"log": vkey(ORIGIN, ED25519, LOG.public), "witness": vkey(WITNESS_NAME, COSIGNATURE, WITNESS.public)}
    return [{"name": n, "note": text, **keys, "expect": by_log, "expect_time": at} for n, text, by_log, at in rows]


def _witness_cases() -> list[Case]:
    """One witness from its first request on; `state` is what it holds before the request."""
    leaves = [leaf_hash(bytes([n])) for n in range(8)]
    nodes, forked = _tree(leaves), _tree([*leaves[:4], *leaves[:4]])
    notes = {n: sign_checkpoint(ORIGIN, n, _root(nodes, n), LOG) for n in (0, 3, 5, 8)}
    fork = sign_checkpoint(ORIGIN, 5, _root(forked, 5), LOG)
    proof = consistency_proof(3, 5, lambda level, i: nodes[level, i])
    at3, at5 = (3, notes[3]), (5, notes[5])
    rows: list[tuple[str, tuple[int, str] | None, bytes, int, str]] = [
        ("first sight", None, encode_request(0, [], notes[3]), 200, ""),
        ("an empty log", None, encode_request(0, [], notes[0]), 200, ""),
        ("grown", at3, encode_request(3, proof, notes[5]), 200, ""),
        ("the same head again", at5, encode_request(5, [], notes[5]), 200, ""),
        (
            "unknown origin",
            at3,
            encode_request(3, proof, sign_checkpoint("else.example/l", 5, nodes[0, 0], LOG)),
            404,
            "unknown-log",
        ),
        (
            "another key",
            at3,
            encode_request(3, proof, sign_checkpoint(ORIGIN, 5, _root(nodes, 5), OTHER)),
            403,
            "bad-note",
        ),
        ("old above new", at5, encode_request(8, [], notes[5]), 400, "old-above-new"),
        ("old size too small", at5, encode_request(3, [], notes[8]), 409, "head-behind"),
        ("rolled back", at5, encode_request(3, [], notes[3]), 409, "head-behind"),
        ("same size, another root", at5, encode_request(5, [], fork), 409, "head-differs"),
        ("same size, another root, another old size", at5, encode_request(3, proof, fork), 409, "head-differs"),
        ("fork", at3, encode_request(3, proof, fork), 422, "bad-proof"),
        ("no proof", at3, encode_request(3, [], notes[5]), 422, "bad-proof"),
        ("a proof from nothing", None, encode_request(0, proof, notes[5]), 422, "bad-proof"),
        ("the same head with a proof", at5, encode_request(5, proof, notes[5]), 422, "bad-proof"),
        ("not a request", None, b"old 3\n" + notes[5].encode(), 400, "bad-request"),
        ("64 proof lines", None, encode_request(0, [bytes(32)] * 64, notes[5]), 400, "bad-request"),
        ("short proof line", None, encode_request(0, [bytes(31)], notes[5]), 400, "bad-request"),
        ("old size with a sign", None, b"old +3\n\n" + notes[5].encode(), 400, "bad-request"),
    ]
    log = vkey(ORIGIN, ED25519, LOG.public)
    common = {"log": log, "witness": vkey(WITNESS_NAME, COSIGNATURE, WITNESS.public), "now": NOW}
    return [
        {"name": name, "state_note": state[1] if state else None, "request": request.decode(), **common}
        | {"expect": status, "expect_code": code, "expect_size": state[0] if status == 409 and state else None}
        for name, state, request, status, code in rows
    ]


def _evidence_cases() -> list[Case]:
    envelopes = [f"envelope {n}".encode() for n in range(6)]
    nonces = [sha256(envelope).digest() for envelope in envelopes]
    nodes = _tree([entry_leaf(*pair) for pair in zip(nonces, envelopes, strict=True)])
    note = sign_checkpoint(ORIGIN, 6, _root(nodes, 6), LOG)
    cosigned = note + cosign(parse_checkpoint(note).body, WITNESS_NAME, WITNESS, NOW)
    proof = inclusion_proof(4, 6, lambda level, i: nodes[level, i])
    good = build(4, nonces[4], envelopes[4], proof, cosigned).decode()
    extra = next(line for line in good.split("\n") if line.startswith("extra "))
    changed = "extra " + base64.b64encode(nonces[4] + b"envelope 5").decode()
    stranger = sign_checkpoint("else.example/log", 6, _root(nodes, 6), LOG)
    rows = [
        ("right", good, "ok"),
        ("envelope changed", good.replace(extra, changed), "not-included"),
        ("index moved", good.replace("index 4", "index 5"), "not-included"),
        ("index outside", good.replace("index 4", "index 6"), "not-included"),
        ("not cosigned", build(4, nonces[4], envelopes[4], proof, note).decode(), "not-cosigned"),
        ("head changed", good.replace("\n6\n", "\n7\n"), "bad-note"),
        ("another origin", build(4, nonces[4], envelopes[4], proof, stranger).decode(), "bad-note"),
        ("another header", good.replace("@v1", "@v2"), "bad-evidence"),
        ("no extra line", good.replace(extra + "\n", ""), "bad-evidence"),
        ("no index line", good.replace("index 4\n", ""), "bad-evidence"),
        ("extra too short", good.replace(extra, "extra AAAA"), "bad-evidence"),
        ("no note", good.split("\n\n")[0], "bad-evidence"),
        ("note cut", good[:-1], "bad-note"),
    ]
    keys = {"log": vkey(ORIGIN, ED25519, LOG.public), "witness": vkey(WITNESS_NAME, COSIGNATURE, WITNESS.public)}
    result = {"expect_envelope": envelopes[4].hex(), "expect_index": 4, "expect_time": NOW}
    return [{"name": n, "file": f, **keys, "expect": e, **(result if e == "ok" else {})} for n, f, e in rows]


def main() -> None:
    """Write both files."""
    for name, vectors in (("signatures", signature_vectors()), ("ledger", ledger_vectors())):
        path = VECTORS / f"{name}.json"
        path.write_text(json.dumps(vectors, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
        print(f"{path.name}: {sum(map(len, vectors.values()))} cases")


if __name__ == "__main__":
    main()
