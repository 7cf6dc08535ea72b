"""HTTP between two nodes, signed both ways: RFC 9421 with RFC 9530 digests, by the parties' status keys.

A request covers method, path, query, body and the certificate of the key; its answer covers status, body, certificate
and the request's own signature, so that no answer fits another request. Parsing and signature bases are those of the
library `http-message-signatures`; keys and signatures are judged by the one rule of `spec/signatures.md`.
"""

import base64
import binascii
import threading
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import HTTPSignatureAlgorithm
from http_message_signatures.exceptions import HTTPMessageSignaturesException, InvalidSignature

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.seal.keys import SigningKey, VerifyKey
from safeconduct.workflows.clock import SystemClock
from safeconduct.workflows.peer_keys import SKEW, own_certificate, peer_key
from safeconduct.workflows.ports import Node

REQUEST_TAG, ANSWER_TAG = "safeconduct-request", "safeconduct-answer"
CERTIFICATE = "safeconduct-certificate"
REQUEST_COVERS = ("@method", "@path", "@query", CERTIFICATE)
ANSWER_COVERS = ("@status", CERTIFICATE, '"signature";req')
_DIGEST = "content-digest"
_CLOCK = SystemClock()  # a signature's age is a matter of the network, also where an exercise's clock is set


class OneRule(HTTPSignatureAlgorithm):
    """Ed25519 by the one rule of every verifier in this package."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: Any = None, private_key: Any = None) -> None:
        self._public: VerifyKey = public_key
        self._private: SigningKey = private_key

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self._private.sign(message)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise unless the signature is right."""
        if not self._public.verify(signature, message):
            raise InvalidSignature("the signature is wrong")


class _Keys(HTTPSignatureKeyResolver):
    """The one key that a message is signed with, or may be."""

    def __init__(self, party: str, key: SigningKey | VerifyKey) -> None:
        self._party, self._key = party, key

    def resolve_public_key(self, key_id: str) -> Any:
        """Return the key if the id is the party's."""
        return self._key if key_id == self._party else None

    def resolve_private_key(self, key_id: str) -> Any:
        """Return the key, which is the party's own."""
        return self.resolve_public_key(key_id)


class _Verifier(HTTPMessageVerifier):
    max_clock_skew = timedelta(seconds=SKEW)


@dataclass(slots=True)
class Request:
    """A request as signatures see it: method in capitals, absolute address, headers."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(slots=True)
class Answer:
    """An answer as signatures see it."""

    status_code: int
    headers: dict[str, str]
    request: Request


@dataclass(slots=True)
class Nonces:
    """The nonces of requests that were taken within the window: none is taken twice.

    They are in memory. A request that was signed before this node started is refused too, so that a restart opens no
    window; its sender signs it anew and tries again.
    """

    started: int = field(default_factory=_CLOCK.now)
    most: int = 100_000  # of one sender within the window
    _seen: dict[str, dict[str, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, party: str, nonce: str, created: int) -> Refusal | None:
        """Remember a nonce; a refusal if it was seen, is too old, or comes with too many others."""
        now = _CLOCK.now()
        with self._lock:
            if created < self.started - 1:
                return Refusal("not-authenticated", "signed before this node was started")
            seen = self._seen.setdefault(party, {})
            if nonce in seen:
                return Refusal("not-authenticated", "a request that was taken before")
            if len(seen) >= self.most:
                for old in [n for n, at in seen.items() if at < now - 2 * SKEW]:
                    del seen[old]
                if len(seen) >= self.most:
                    return Refusal("not-authenticated", "too many requests within the window")
            seen[nonce] = created
        return None


def sign_request(node: Node, request: Any, body: bytes) -> None:
    """Sign a request in place with this node's status key.

    Raises:
        SafeconductError: `root-locked`, or `no-agreement` before any was proposed.
    """
    _sign(node, request, body, tag=REQUEST_TAG, covers=REQUEST_COVERS)


def sign_answer(node: Node, answer: Any, body: bytes) -> None:
    """Sign an answer in place with this node's status key; as `sign_request`."""
    _sign(node, answer, body, tag=ANSWER_TAG, covers=ANSWER_COVERS)


def check_request(node: Node, request: Any, body: bytes, nonces: Nonces) -> str | Refusal:
    """Return the party that signed a request, or why nobody did.

    Steps: 1. the headers name a party and its certificate; 2. its root certified the key; 3. the signature is right,
    of this kind, not older than the window, and covers what it must; 4. the body is the one that it covers; 5. the
    nonce is new.
    """
    found = _check(node, request, body, tag=REQUEST_TAG, covers=REQUEST_COVERS)
    if isinstance(found, Refusal):
        return found
    party, nonce, created = found
    refusal = nonces.take(party, nonce, created)  # 5
    return refusal or party


def check_answer(node: Node, answer: Any, body: bytes, party: str | None = None) -> str | Refusal:
    """Return the party that signed an answer to this very request, or why nobody did."""
    found = _check(node, answer, body, tag=ANSWER_TAG, covers=ANSWER_COVERS)
    if isinstance(found, Refusal):
        return found
    return found[0] if party in {None, found[0]} else Refusal("not-authenticated", f"answered by {found[0]}")


class PartyKey(httpx.Auth):
    """Signs each request of an `httpx.Client`, and takes no answer that the partner did not sign."""

    requires_request_body = True
    requires_response_body = True

    def __init__(self, node: Node, *, answered: Callable[[str], None] = lambda _: None) -> None:
        self._node, self._answered = node, answered

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign, send, check.

        Raises:
            SafeconductError: `partner-not-authenticated`: somebody else answers there, or the partner has no certified
                key.
        """
        request.headers["Accept-Encoding"] = "identity"  # the digest covers the bytes as they are sent
        sign_request(self._node, request, request.content)
        answer = yield request
        answer.request = request
        found = check_answer(self._node, answer, answer.content)
        if isinstance(found, Refusal):
            said = _said(answer)
            raise SafeconductError("partner-not-authenticated", f"the answer is not signed by the partner: {said}")
        self._answered(found)


def _said(answer: httpx.Response) -> str:
    if answer.headers.get("content-type", "").startswith("application/problem+json") and len(answer.content) < 4_096:
        try:
            return f"status {answer.status_code}, {answer.json().get('detail', '')}"[:300]
        except ValueError:
            pass
    return f"status {answer.status_code}"


def _sign(node: Node, message: Any, body: bytes, *, tag: str, covers: tuple[str, ...]) -> None:
    certificate = own_certificate(node)
    if certificate is None:
        raise SafeconductError("no-agreement", "no agreement was proposed yet, so there is no key to speak with")
    for name in [n for n in message.headers if n.lower() in {_DIGEST, "signature", "signature-input"}]:
        del message.headers[name]
    message.headers[CERTIFICATE] = f":{base64.b64encode(certificate.data).decode()}:"
    signer = HTTPMessageSigner(signature_algorithm=OneRule, key_resolver=_Keys(node.party, node.vault.status()))
    nonce = base64.b64encode(node.random.bytes(18)).decode()
    signer.sign(message, key_id=node.party, nonce=nonce, label="sc", tag=tag, covered_component_ids=covers, body=body)


def _check(
    node: Node, message: Any, body: bytes, *, tag: str, covers: tuple[str, ...]
) -> tuple[str, str, int] | Refusal:
    headers: Mapping[str, str] = {name.lower(): value for name, value in message.headers.items()}
    certificate = _bytes_of(headers.get(CERTIFICATE, ""))  # 1
    if certificate is None or "signature-input" not in headers:
        return Refusal("not-authenticated", "no signature")
    with node.store.reading() as tx:
        named = [party for party in _parties(node, headers["signature-input"]) if party != node.party]
        keys = {party: peer_key(node, tx, party, certificate) for party in named[:1]}  # 2
    if not keys:
        return Refusal("not-authenticated", "no keyid")
    [(party, key)] = keys.items()
    if isinstance(key, Refusal):
        return key
    verifier = _Verifier(signature_algorithm=OneRule, key_resolver=_Keys(party, key))
    try:  # 3, 4
        required = (*covers, _DIGEST)
        [good] = verifier.verify(
            message, max_age=timedelta(seconds=SKEW), expect_tag=tag, require_components=required, body=body
        )
    except (HTTPMessageSignaturesException, ValueError) as error:
        return Refusal("not-authenticated", str(error)[:200])
    nonce, created = good.nonce, good.parameters["created"]
    if not nonce or not isinstance(created, int) or len(nonce) > 100:
        return Refusal("not-authenticated", "no nonce")
    return party, nonce, created


def _parties(node: Node, signature_input: str) -> list[str]:
    """Return the party ids that a Signature-Input names, without believing any of them."""
    with node.store.reading() as tx:
        known = [party for party, _, _ in tx.records.all("party")]
    return [party for party in dict.fromkeys(known) if f'keyid="{party}"' in signature_input]


def _bytes_of(value: str) -> bytes | None:
    """Return the bytes of a structured field's byte sequence."""
    if len(value) > 12_000 or len(value) < 2 or value[0] != ":" or value[-1] != ":":
        return None
    try:
        return base64.b64decode(value[1:-1], validate=True)
    except (binascii.Error, ValueError):
        return None
