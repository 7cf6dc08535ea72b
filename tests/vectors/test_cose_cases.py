"""The COSE working group's cases: Ed25519 by this project's rule, what it does not speak is refused, no message is a pass."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from safeconduct.errors import BadInput
from safeconduct.passes.pass_format import decode_payload
from safeconduct.seal.keys import VerifyKey

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "cose"
FILES = sorted(FOLDER.glob("*/*.json"))
TAGS = {18: "Signature1", 98: "Signature"}
ES256, EDDSA = -7, -8
NEEDS = pytest.mark.skipif(not FILES, reason="third-party cases are not here: cose")


def ed25519(key, signature, message):
    try:
        return VerifyKey.load(bytes.fromhex(key["x_hex"]), where="case").verify(signature, message)
    except BadInput:
        return False  # Ed448: a key of another size


def es256(key, signature, message):
    """Not spoken by this project: the oracle is OpenSSL, so that the structure that is signed is checked on all cases."""
    x, y = (int.from_bytes(urlsafe_b64decode(key[name] + "==")) for name in ("x", "y"))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    r, s = (int.from_bytes(signature[half : half + 32]) for half in (0, 32))
    try:
        public.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def protected(data):
    """Bytes that are signed of a protected header: of an empty map none (RFC 8152, 4.4)."""
    return b"" if data == b"\xa0" else data


def verdict(case):
    """Whether the message of a case holds; `expected` structure first, so that a failure says where it lies."""
    message = cbor2.loads(bytes.fromhex(case["output"]["cbor"]))
    context = "Signature1"
    if isinstance(message, cbor2.CBORTag):
        if message.tag not in TAGS:
            return False
        context, message = TAGS[message.tag], message.value
    body, bare, payload, last = message
    given = case["input"]["sign0"] if context == "Signature1" else case["input"]["sign"]["signers"][0]
    external = bytes.fromhex(given.get("external", ""))
    if context == "Signature1":
        structure, headers, signature = [context, protected(body), external, payload], (body, bare), last
    else:
        inner, bare, signature = last[0]
        structure, headers = [context, protected(body), protected(inner), external, payload], (inner, bare)
    said = {**headers[1], **(cbor2.loads(headers[0]) if headers[0] else {})}
    check = {ES256: es256, EDDSA: ed25519}.get(said.get(1))
    return check is not None and check(given["key"], signature, cbor2.dumps(structure, canonical=True))


@NEEDS
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_cose_case_gives_its_stated_result(file):
    case = json.loads(file.read_text("utf-8"))
    ed448 = "448" in case["title"]
    assert verdict(case) is (not case.get("fail") and not ed448), "Ed448 is not spoken, and refused"


@NEEDS
def test_no_cose_message_is_taken_for_a_pass():
    assert len(FILES) == 13
    for file in FILES:
        data = bytes.fromhex(json.loads(file.read_text("utf-8"))["output"]["cbor"])
        for raw in (data, data[:96].ljust(96, b"\0")):
            with pytest.raises(BadInput) as refused:
                decode_payload(raw[:32] if len(raw) == 96 else raw)
            assert refused.value.code == "bad-pass"
