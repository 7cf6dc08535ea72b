"""The peers' tokens, by their own libraries: run by the bench environment's Python as `-m bench._token_peers`.

All carry what a pass carries: an id of 8 bytes, a head count, a gate, a beginning and an end; all are signed with
Ed25519 by OpenSSL, and every key is loaded once. pretix sig1 and the HC1 chain are formats rather than libraries: here
they are read with the parts that their own readers use (protobuf; base45, zlib and cbor2), which spares them what their
readers do beside it.

First it prints one JSON object: for each token what a QR code of it holds. Then it answers each line `[name, calls]` by
the processor seconds of that many verifications.
"""

import base64
import json
import struct
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import Any

import base45
import cbor2
import cwt
import jwt
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from jwcrypto.jwk import JWK
from pycose.algorithms import EdDSA
from pycose.headers import Algorithm
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import CoseMessage, Sign1Message
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

ID, HEADS, GATE = bytes(range(0xA0, 0xA8)), 5, "G07"
START, END = 1_630_000_000, 4_102_444_800
SECRET = Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32)
PUBLIC = SECRET.public_key()
X, D = PUBLIC.public_bytes_raw(), SECRET.private_bytes_raw()
ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


def text64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Token:
    """One peer's token: what its QR code holds, and one verification with reading."""

    content: str | bytes
    verify: Callable[[], Any] | None = None

    def measures(self) -> dict[str, int]:
        """Length, whether in bytes or characters, and the version at level M in the densest mode that holds it."""
        alphanumeric = isinstance(self.content, str) and set(self.content) <= ALPHANUMERIC
        code = segno.make(
            self.content, error="m", micro=False, boost_error=False, mode="alphanumeric" if alphanumeric else "byte"
        )
        return {"length": len(self.content), "binary": isinstance(self.content, bytes), "qr": int(code.version)}


def bare() -> Token:
    """OpenSSL's verify of the 128 bytes that are signed for a pass, for scale; it has no code."""
    message = bytes(128)
    signature = SECRET.sign(message)
    return Token(signature + bytes(32), lambda: PUBLIC.verify(signature, message))


def pyjwt() -> Token:
    token = jwt.encode(claims(), SECRET, algorithm="EdDSA")
    return Token(token, lambda: jwt.decode(token, PUBLIC, algorithms=["EdDSA"]))


def claims() -> dict[str, Any]:
    """The content as JSON claims."""
    return {"jti": text64(ID), "n": HEADS, "g": GATE, "nbf": START, "exp": END}


def sd_jwt(*, hidden: bool) -> Token:
    public = JWK(kty="OKP", crv="Ed25519", x=text64(X))
    secret = JWK(kty="OKP", crv="Ed25519", x=text64(X), d=text64(D))
    body: dict[Any, Any] = claims()
    if hidden:
        body = {SDObj(name) if name in {"jti", "n", "g"} else name: value for name, value in body.items()}
    token = SDJWTIssuer(body, secret, sign_alg="EdDSA").sd_jwt_issuance

    def verify() -> Any:
        return SDJWTVerifier(token, lambda *_: public).get_verified_payload()

    if verify()["n"] != HEADS:
        raise SystemExit("sd-jwt gives another head count")
    return Token(token, verify)


def cwt_keys() -> tuple[Any, Any]:
    """cwt's secret and public key, with a key id of one byte."""
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": text64(X), "alg": "EdDSA", "kid": "1"}
    return cwt.COSEKey.from_jwk({**jwk, "d": text64(D)}), cwt.COSEKey.from_jwk(jwk)


def cwt_token() -> Token:
    secret, public = cwt_keys()
    token = cwt.encode({4: END, 5: START, 7: ID, -65537: HEADS, -65538: GATE}, secret)
    return Token(token, lambda: cwt.decode(token, public))


def claim_169(identity: dict[int, Any]) -> Token:
    """CWT with the identity data of claim 169, deflated and in base45, as its specification has it in QR codes."""
    secret, public = cwt_keys()
    signed = cwt.encode({1: "XX", 4: END, 5: START, 6: START, 169: identity, -65537: HEADS, -65538: GATE}, secret)
    text = base45.b45encode(zlib.compress(signed, 9)).decode()
    return Token(text, lambda: cwt.decode(zlib.decompress(base45.b45decode(text)), public))


def pycose() -> Token:
    signer = Sign1Message(phdr={Algorithm: EdDSA}, payload=cbor2.dumps({4: END, 5: START, 7: ID, -1: HEADS, -2: GATE}))
    signer.key = OKPKey(crv=Ed25519, x=X, d=D)
    token = signer.encode()
    public = OKPKey(crv=Ed25519, x=X)

    def verify() -> Any:
        message = CoseMessage.decode(token)
        message.key = public
        if not message.verify_signature():
            raise SystemExit("pycose refuses its own token")
        return cbor2.loads(message.payload)

    return Token(token, verify)


def hc1(certificate: dict[str, Any]) -> Token:
    """The chain of the EU's certificates: CBOR, COSE_Sign1, zlib, base45."""
    protected = cbor2.dumps({1: -8, 4: bytes(8)})
    payload = cbor2.dumps({1: "XX", 4: END, 6: START, -260: {1: certificate}})
    signature = SECRET.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    cose = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
    text = "HC1:" + base45.b45encode(zlib.compress(cose, 9)).decode()

    def verify() -> Any:
        head, _, body, made = cbor2.loads(zlib.decompress(base45.b45decode(text[4:]))).value
        PUBLIC.verify(made, cbor2.dumps(["Signature1", head, b"", body]))
        return cbor2.loads(body)

    return Token(text, verify)


def pretix_sig1() -> Token:
    """pretix's signed ticket: version, two lengths, protobuf, signature; base64, backwards. It has no head count."""
    ticket = _ticket_class()
    payload = ticket(seed="k7x2m9q4hd", item=1207, valid_from=START, valid_until=END).SerializeToString()
    packed = struct.pack(">BHH", 1, len(payload), 64) + payload + SECRET.sign(payload)
    text = base64.b64encode(packed).decode()[::-1]

    def verify() -> Any:
        data = base64.b64decode(text[::-1])
        _, body, tail = struct.unpack(">BHH", data[:5])
        PUBLIC.verify(data[5 + body : 5 + body + tail], data[5 : 5 + body])
        return ticket.FromString(data[5 : 5 + body])

    return Token(text, verify)


def _ticket_class() -> Any:
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="ticket.proto", syntax="proto3")
    message = file.message_type.add(name="Ticket")
    for number, name in enumerate(("seed", "item", "variation", "subevent", "valid_from", "valid_until"), 1):
        kind = field.TYPE_STRING if name == "seed" else field.TYPE_INT64
        message.field.add(name=name, number=number, type=kind, label=field.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Ticket"))


def tokens() -> dict[str, Token]:
    """Every peer's; the last two carry what their own documents put in, for size alone."""
    vaccination = {
        "ci": "URN:UVCI:01:XX:0123456789ABCDEF0123456789#A", "co": "XX", "dn": 2, "dt": "2021-06-01",
        "is": "Ministry of Health", "ma": "ORG-100030215", "mp": "EU/1/20/1528", "sd": 2, "tg": "840539006",
        "vp": "1119349007",
    }  # fmt: skip
    person = {1: ID.hex(), 2: "1.1", 3: "eng", 4: "Person One", 8: "19900101", 9: 1, 13: "XX"}
    holder = {"fn": "Person", "fnt": "PERSON", "gn": "One", "gnt": "ONE"}
    return {
        "openssl": bare(),
        "pyjwt": pyjwt(),
        "sd_jwt": sd_jwt(hidden=False),
        "sd_jwt_hidden": sd_jwt(hidden=True),
        "cwt": cwt_token(),
        "cwt_claim_169": claim_169({1: ID.hex()}),
        "pycose": pycose(),
        "hc1": hc1({"id": ID, "n": HEADS, "g": GATE, "nbf": START}),
        "pretix_sig1": pretix_sig1(),
        "hc1_in_use": hc1({"dob": "1990-01-01", "nam": holder, "v": [vaccination], "ver": "1.3.0"}),
        "cwt_claim_169_in_use": claim_169(person),
    }  # fmt: skip


def main() -> None:
    """Serve until standard input ends."""
    all_tokens = tokens()
    print(json.dumps({name: token.measures() for name, token in all_tokens.items()}), flush=True)
    for line in sys.stdin:
        name, calls = json.loads(line)
        verify = all_tokens[name].verify
        begun = process_time()
        for _ in range(calls):
            verify()
        print(process_time() - begun, flush=True)


if __name__ == "__main__":
    main()
