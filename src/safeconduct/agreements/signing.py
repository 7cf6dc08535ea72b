"""Signing an agreement, and what makes it one: both signatures, by the root keys that this node knows.

An agreement carries both root keys, so its signatures alone prove only that it is consistent in itself. Whoever knows
the roots (compared face to face or by voice, `pinned`) learns who signed; a new version is held against the one in
force, so that a key can never be changed by the same message that is signed with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement, digest, to_json
from safeconduct.agreements.fields import Fields
from safeconduct.agreements.reading import LIMIT_BYTES, from_json
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_json, encode_json
from safeconduct.seal.keys import SigningKey, VerifyKey
from safeconduct.seal.signed import check
from safeconduct.seal.signed import sign as sign_bytes

DOMAIN = "safeconduct.agreement.1"


@dataclass(frozen=True, slots=True)
class Signature:
    """One party's signature (64 bytes) over the canonical bytes."""

    party: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """Canonical bytes of an agreement and the signatures it has so far, by party."""

    agreement_bytes: bytes
    signatures: Mapping[str, bytes]


def sign(agreement: Agreement, key: SigningKey) -> Signature | Refusal:
    """Signature of the party whose root key this is; refused if it is neither party's."""
    for party in agreement.parties:
        if party.root_public == key.public.hex():
            return Signature(party.id, sign_bytes(DOMAIN, to_json(agreement), key))
    return Refusal("wrong-root", "the key belongs to neither party")


def add_signature(signed: Signed, signature: Signature) -> Signed:
    """The same agreement with one more signature; a party's later signature replaces its earlier one."""
    return Signed(signed.agreement_bytes, {**signed.signatures, signature.party: signature.signature})


def propose(agreement: Agreement, signature: Signature) -> Signed:
    """An agreement signed by one party: it opens nothing until the other signs too."""
    return Signed(to_json(agreement), {signature.party: signature.signature})


def fully_signed(signed: Signed, *, pinned: Mapping[str, bytes] | None = None) -> Agreement | Refusal:
    """The agreement in force, or why it is none.

    Args:
        signed: bytes and signatures.
        pinned: root public keys (32 bytes) by party identifier, as this node knows them; None on a node's first
            agreement only, whose keys people must compare by other means.

    Steps: 1. the bytes are an agreement; 2. they are its canonical bytes; 3. both roots are the pinned ones;
    4. exactly the two parties signed; 5. each signature is right.

    Raises:
        BadInput: as `from_json` (step 1), and `not-canonical` (step 2).
    """
    agreement = from_json(signed.agreement_bytes)  # 1
    if to_json(agreement) != signed.agreement_bytes:  # 2
        raise BadInput("not-canonical", where="agreement", expected="canonical JSON", seen=signed.agreement_bytes)
    for party in agreement.parties:  # 3
        if pinned is not None and pinned.get(party.id) != bytes.fromhex(party.root_public):
            return Refusal("wrong-root", party.id)
    if set(signed.signatures) != set(agreement.party_ids):  # 4
        missing = sorted(set(agreement.party_ids) - set(signed.signatures))
        return Refusal("not-both-signed", "missing: " + ", ".join(missing) if missing else "a stranger's signature")
    for party in agreement.parties:  # 5
        key = VerifyKey.load(bytes.fromhex(party.root_public), where=f"agreement.parties.{party.id}")
        if not check(DOMAIN, signed.agreement_bytes, signed.signatures[party.id], key):
            return Refusal("not-both-signed", f"the signature of {party.id} is wrong")
    return agreement


def next_version(current: Agreement, signed: Signed) -> Agreement | Refusal:
    """The version after `current`, if both signed it: the only way in which a term changes.

    Refused unless it names the same agreement and the same parties with the same root keys, has the next number, and
    carries the digest of `current`.

    Raises:
        BadInput: as `fully_signed`.
    """
    pinned = {party.id: bytes.fromhex(party.root_public) for party in current.parties}
    new = fully_signed(signed, pinned=pinned)
    if isinstance(new, Refusal):
        return new
    follows = (new.id, new.version, new.previous) == (current.id, current.version + 1, digest(current).hex())
    if not follows:
        return Refusal("not-next-version", f"version {current.version + 1} of {current.id} must name the one in force")
    return new


def encode_signed(signed: Signed) -> bytes:
    """Canonical JSON `{"agreement": text, "signatures": {party: hex}}`, for a file or an envelope."""
    signatures = {party: raw.hex() for party, raw in signed.signatures.items()}
    return encode_json({"agreement": signed.agreement_bytes.decode(), "signatures": signatures})


def decode_signed(data: bytes) -> Signed:
    """Inverse of `encode_signed`; checks form only, `fully_signed` judges.

    Raises:
        BadInput: `bad-json`, `missing-field`, `unknown-field`, `bad-field`.
    """
    fields = Fields(decode_json(data, where="signed agreement", limit=2 * LIMIT_BYTES + 4096), "signed agreement")
    text = fields.take("agreement")
    if not isinstance(text, str):
        raise fields.bad("agreement", "the agreement's text")
    signatures = fields.take("signatures")
    fields.done()
    inner = Fields(signatures, "signed agreement.signatures")
    return Signed(text.encode(), {party: bytes.fromhex(inner.hex_text(party, 64)) for party in signatures})
