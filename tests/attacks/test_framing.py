"""An issuer framing a recipient: no text can later be put in place of the one that the recipient acknowledged.

The attacker here is the owner of the warning. The judge has the two ledgers' entries and the parties' root keys, and
uses SHA-256, CBOR and Ed25519 of other libraries than the program.
"""

import hashlib
import json

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from safeconduct.workflows.envelopes import send

ACCEPTED = {
    "type": "acknowledgement",
    "stage": "accepted",
    "reason": None,
    "by": "cordon",
    "signed": True,
    "corrects": False,
}


@pytest.fixture
def acknowledged(warned):
    assert isinstance(warned.say(**ACCEPTED), int)
    assert [(kind, one.status) for kind, one in warned.world.settle()] == [("acknowledgement", "taken")]
    return warned


def logged(node, kind):
    """Envelopes of a kind in a party's ledger: (leaf, wire)."""
    with node.store.reading() as tx:
        return [(hashlib.sha256(one.nonce + one.envelope).digest(), one.envelope) for one in tx.ledger.find(kind)]


def signed_by(root_public, wire):
    """The envelope, if the root certified the key that signed it: as spec/envelope.md and spec/signatures.md say."""
    outer = cbor2.loads(wire)
    root = Ed25519PublicKey.from_public_bytes(bytes.fromhex(root_public))
    certificate = cbor2.loads(outer["c"])
    [key] = [value for value in certificate.values() if isinstance(value, bytes) and len(value) == 32]
    root.verify(outer["cs"], DOMAIN_OF_CERTIFICATE + b"\0" + outer["c"])
    Ed25519PublicKey.from_public_bytes(key).verify(outer["s"], b"safeconduct.envelope.1\0" + outer["e"])
    return cbor2.loads(outer["e"])


DOMAIN_OF_CERTIFICATE = b"safeconduct.status.1"


def test_the_acknowledgement_is_signed_over_the_digest_of_the_very_bytes_that_crossed(acknowledged):
    world = acknowledged.world
    [wire] = acknowledged.wires  # what the courier carried
    [(_, answer)] = logged(world.evac, "in:acknowledgement")
    envelope = signed_by(world.cordon.card.root_public, answer)
    said = json.loads(envelope["body"])
    assert envelope["from"] == "cordon" and said["wire"] == hashlib.sha256(wire).hexdigest()
    with pytest.raises(InvalidSignature):
        signed_by(world.evac.card.root_public, answer)


def test_another_text_under_the_same_release_is_not_the_one_that_was_acknowledged(acknowledged):
    """The owner signs a harsher copy afterwards: the digest that the recipient signed is of another one."""
    world = acknowledged.world
    [wire] = acknowledged.wires
    inner = cbor2.loads(cbor2.loads(wire)["e"])
    harsher = inner["body"].replace(b'"likelihood":5', b'"likelihood":7')
    assert harsher != inner["body"]
    with world.evac.store.transaction() as tx:
        send(world.evac, tx, to="cordon", kind="release", agreement="kabul-2021", body=harsher)
        [row] = tx.outbox.due(500)
    [(_, answer)] = logged(world.evac, "in:acknowledgement")
    said = json.loads(signed_by(world.cordon.card.root_public, answer)["body"])
    assert said["wire"] != hashlib.sha256(row.wire).hexdigest()
    assert [(kind, one.status) for kind, one in world.settle()] == [("release", "refused")], (
        "and it does not arrive either"
    )


def test_both_ledgers_hold_the_same_bytes_and_each_head_is_cosigned_by_the_other(acknowledged):
    world = acknowledged.world
    [(_, sent)], [(_, got)] = logged(world.evac, "out:release"), logged(world.cordon, "in:release")
    assert sent == got == acknowledged.wires[0]
    [(_, said)], [(_, heard)] = logged(world.cordon, "out:acknowledgement"), logged(world.evac, "in:acknowledgement")
    assert said == heard
    assert world.cosign(world.evac, world.cordon) and world.cosign(world.cordon, world.evac)


def test_the_owner_cannot_make_an_acknowledgement_of_its_own(warned):
    """It has the recipient's words, and not its key."""
    world = warned.world
    forged = {**ACCEPTED, "release_id": warned.release, "at": world.evac.clock.now(), "version": 1,
              "wire": hashlib.sha256(warned.wires[0]).hexdigest()}  # fmt: skip
    with world.evac.store.transaction() as tx:
        send(
            world.evac,
            tx,
            to="cordon",
            kind="acknowledgement",
            agreement="kabul-2021",
            body=json.dumps(forged).encode(),
        )
        [row] = tx.outbox.due(500)
    with pytest.raises(InvalidSignature):
        signed_by(world.cordon.card.root_public, row.wire)
