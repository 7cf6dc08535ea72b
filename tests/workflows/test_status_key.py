"""The online key is changed: what it signs is believed from then on, and what the old one signed until its end."""

from dataclasses import replace

import pytest

from safeconduct.errors import Refusal, SafeconductError
from safeconduct.gate.node_keys import NodeKeys
from safeconduct.gate.receipt import open_receipt
from safeconduct.passes.batch import SignedCertificate, open_certificate
from safeconduct.passes.ceremony import answer_request
from safeconduct.seal.canonical import decode_cbor
from safeconduct.seal.keys import SigningKey, VerifyKey
from safeconduct.seal.signed import sign
from safeconduct.wiring import open_node
from safeconduct.workflows.certify_key import certify_key
from safeconduct.workflows.envelopes import certify_status
from safeconduct.workflows.fetch_bundle import fetch_payload
from safeconduct.workflows.fetch_key import DOMAIN, fetch_key
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.root_ceremony import accept_answer, request_root
from workflows.test_root_apart import TWO, Apart
from workflows.two_nodes import HOUR, START, Phone, World

AT = START + 3 * HOUR
DAY = 86_400


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.agree()
    made.move(AT)
    yield made
    made.close()


def told(node, phone, at):
    """The certificate that a phone fetches, under its own party's root."""
    data = fetch_key(node, phone.name, at, sign(DOMAIN, fetch_payload(phone.name, at), phone.key))
    certificate, signature = decode_cbor(data, where="test")
    root = VerifyKey.load(bytes.fromhex(phone.told.issuer_roots[phone.told.party]), where="root")
    return open_certificate(SignedCertificate(certificate, signature), root)


def receipt(phone, keys, raw, at):
    made, event = phone.scan(raw, at)
    data = receive_from_device(phone.node, phone.segment([event]))
    assert made.reason == "ok" and isinstance(data, bytes)
    return data, open_receipt(data, keys, at)


def test_receipts_and_bundles_follow_the_new_key_and_the_old_ones_count_until_their_end(world):
    issued = [p for p in world.issue(world.enlist()) if p.point == world.gates[0]]
    publish_bundle(world.evac)
    phone = Phone(world.evac, "lane-1", world.gates[0])
    phone.load(AT)
    keys = NodeKeys.enrolled(bytes.fromhex(phone.told.receipt_key)).take(told(world.evac, phone, AT))
    old, first = receipt(phone, keys, issued[0].raw, AT)
    assert first.upto_seq == 1

    before = world.evac.vault.status()
    _, until = certify_key(world.evac, new_key=True)
    assert world.evac.vault.status().public != before.public and until == AT + 7 * DAY
    publish_bundle(world.evac)
    _, second = receipt(phone, keys, issued[1].raw, AT + 60)
    assert second == Refusal("bad-signature", "receipt"), "a phone that did not hear of the new key"
    phone.load(AT)
    followed = keys.take(phone.bundle.certificate)
    assert followed == keys.take(told(world.evac, phone, AT)), "the bundle and the node say the same"
    _, third = receipt(phone, followed, issued[2].raw, AT + 120)
    assert third.upto_seq == 3
    assert open_receipt(old, followed, AT + DAY) == first
    assert open_receipt(old, followed, AT + 8 * DAY).code == "bad-status-key"


def test_the_partner_takes_what_the_new_key_signed_and_its_phones_ask_their_own_node(world):
    phone = Phone(world.cordon, "outer-1", world.outer[0])
    certify_key(world.evac, new_key=True)
    assert told(world.cordon, phone, AT).public_key == world.cordon.vault.status().public
    publish_bundle(world.evac)
    certify_key(world.cordon, new_key=True)
    assert [answer.status for kind, answer in world.settle() if kind == "bundle"] == ["taken"]
    assert told(world.cordon, phone, AT).public_key == world.cordon.vault.status().public
    stranger = replace(phone.told, party="evac")
    phone.told = stranger
    assert told(world.cordon, phone, AT).code == "bad-status-key", "another party's root did not sign it"


def test_nobody_but_a_device_of_this_party_is_told(world):
    phone = Phone(world.evac, "lane-1", world.gates[0])
    good = sign(DOMAIN, fetch_payload("lane-1", AT), phone.key)
    assert isinstance(fetch_key(world.evac, "lane-1", AT, good), bytes)
    assert fetch_key(world.evac, "lane-1", AT + HOUR, good).code == "bad-signature"
    assert fetch_key(world.evac, "lane-1", AT + 1, good).code == "bad-signature"
    world.settle()
    assert fetch_key(world.cordon, "lane-1", AT, good).code == "unknown-device"


def test_a_crash_between_the_certificate_and_the_key_is_made_good(world):
    publish_bundle(world.evac)
    with world.evac.store.transaction() as tx:
        certify_status(world.evac, tx, "kabul-2021", new_key=True)
    before = world.evac.vault.status().public  # here the node stopped
    world.reopen()
    assert world.evac.vault.status().public == before
    assert publish_bundle(world.evac) == 2
    assert world.evac.vault.status().public != before


def test_a_running_node_signs_with_the_key_that_a_command_changed(world):
    other = open_node(world.evac_config)
    try:
        certify_key(other, new_key=True)
    finally:
        other.store.close()
    assert world.evac.vault.status().public == other.vault.status().public
    assert publish_bundle(world.evac) == 1


def test_a_rotation_that_was_not_stored_changes_nothing(world):
    before = world.evac.vault.status().public

    def cut_off():
        with world.evac.store.transaction() as tx:
            certify_status(world.evac, tx, "kabul-2021", new_key=True)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_off()
    publish_bundle(world.evac)
    assert world.evac.vault.status().public == before
    following = world.evac.vault.next_status().public
    certify_key(world.evac, new_key=True)
    assert world.evac.vault.status().public == following, "the key that was made then is used now"
    assert world.evac.vault.next_status().public != following


@pytest.fixture
def apart(tmp_path):
    (tmp_path / "usual").mkdir()
    made = Apart(tmp_path)
    made.agree()
    yield made
    made.close()


def test_with_the_root_apart_the_new_key_comes_with_the_answer(apart):
    before = apart.evac.vault.status().public
    late = request_root(apart.evac)
    request = request_root(apart.evac, new_key=True)
    assert apart.evac.vault.status().public == before, "asking changes nothing"
    assert publish_bundle(apart.evac) == 1
    answer = answer_request(request, apart.root, by=TWO, at=START)
    assert not isinstance(accept_answer(apart.evac, answer), Refusal)
    assert apart.evac.vault.status().public != before
    assert publish_bundle(apart.evac) == 2
    accept_answer(apart.evac, answer_request(late, apart.root, by=TWO, at=START))
    assert publish_bundle(apart.evac) == 3, "an answer for the key that was given up is kept and not used"


def test_a_key_that_only_another_agreement_certified_has_to_be_certified_again(apart):
    with apart.evac.store.transaction() as tx:
        stored = tx.records.get("certificate:kabul-2021")
    apart.ask(new_key=True)
    with apart.evac.store.transaction() as tx:
        tx.records.set("certificate:kabul-2021", stored)  # as of another agreement, which nobody renewed
    with pytest.raises(SafeconductError, match="certify it for this agreement too"):
        publish_bundle(apart.evac)


def test_a_stranger_is_no_root(world):
    phone = Phone(world.evac, "lane-1", world.gates[0])
    roots = {"evac": SigningKey.from_seed(bytes(32)).public.hex()}
    phone.told = replace(phone.told, issuer_roots=roots)
    assert told(world.evac, phone, AT).code == "bad-status-key"
