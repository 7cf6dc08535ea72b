"""Did I receive everything: statements by ledger index, what they show, and what they cannot hide."""

import pytest

from exchange.operation import due, heal
from safeconduct.errors import BadInput, Refusal
from safeconduct.seal.canonical import decode_cbor, encode_cbor
from safeconduct.seal.signed import sign
from safeconduct.workflows.inventory import (
    DOMAIN,
    completeness,
    index_sent,
    open_statement,
    repair,
    send_again,
    state_inventory,
    take_statement,
    undelivered,
)
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_envelope import receive_envelope
from safeconduct.workflows.show_exchange import show_exchange
from workflows.two_nodes import World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.agree()
    yield made
    made.close()


def asks(one, other):
    """One takes in the other's statement; return what it then asks for."""
    with one.store.reading() as tx:
        delivered, after = undelivered(tx), tx.exchange.stated_upto()
    assert not isinstance(take_statement(one, state_inventory(other, after)), Refusal)
    return repair(one, delivered)


def lose(world, number=1):
    """Publish bundles that never arrive."""
    for _ in range(number):
        publish_bundle(world.evac)
    return due(world.evac)


def test_nothing_is_known_before_the_partner_has_stated_anything(world):
    found = completeness(world.cordon)
    assert found.asked_at is None and not found.complete
    assert "not known" in show_exchange(world.cordon).words[0]


def test_what_was_lost_is_missing_by_its_entry_is_asked_for_and_comes(world):
    lose(world, 2)
    asked, _ = asks(world.cordon, world.evac)
    assert len(asked) == 2
    found = completeness(world.cordon)
    with world.evac.store.reading() as tx:
        entries = [entry.index for entry in tx.ledger.find("out:bundle")]
    assert [index for index, _, _ in found.missing] == entries and found.upto == entries[0]
    assert "is missing here" in show_exchange(world.cordon).words[0]
    assert send_again(world.evac, [*asked, bytes(32)]) == 2
    for row in due(world.evac):
        assert receive_envelope(world.cordon, row.wire).status == "taken"
    assert completeness(world.cordon).complete
    assert show_exchange(world.cordon).words[0].startswith(f"Everything up to entry {found.size:,} of theirs is here")


def test_what_the_partner_does_not_state_to_have_is_sent_again(world):
    lose(world)
    with world.evac.store.reading() as tx:
        assert tx.exchange.outbox_counts()[0] == 0  # delivered, as far as the courier knows
    _, again = asks(world.evac, world.cordon)
    assert again == 1
    with world.evac.store.reading() as tx:
        assert tx.exchange.outbox_counts()[0] == 1
    assert heal(world)


def test_the_witnessed_head_bounds_what_can_be_denied(world):
    publish_bundle(world.evac)
    world.settle()
    asks(world.cordon, world.evac)
    found = completeness(world.cordon)
    assert found.witnessed == found.size
    publish_bundle(world.evac)
    asks(world.cordon, world.evac)
    later = completeness(world.cordon)
    assert later.witnessed == found.size < later.size


def code_of(read):
    """The code with which a reading fails, whether by a rule or by its form; empty if it does not."""
    try:
        found = read()
    except BadInput as error:
        return error.code
    return found.code if isinstance(found, Refusal) else ""


def forge(world, sender="evac", **changes):
    """A statement of a party, rightly signed, with something else in it."""
    node = getattr(world, sender)
    outer = decode_cbor(state_inventory(node), where="x")
    body = encode_cbor({**decode_cbor(outer["i"], where="x"), **changes})
    return encode_cbor({**outer, "i": body, "s": sign(DOMAIN, body, node.vault.status())})


def test_an_envelope_that_its_sender_denies_is_kept_as_evidence(world):
    publish_bundle(world.evac)
    world.settle()
    world.move(world.evac.clock.now() + 60)
    take_statement(world.cordon, forge(world, sent=[]))
    found = completeness(world.cordon)
    assert found.unstated and all(index >= 0 for _, index in found.unstated)
    assert any("do not state to have sent" in line for line in show_exchange(world.cordon).words)


def test_a_statement_that_contradicts_an_earlier_one_is_kept_beside_it(world):
    publish_bundle(world.evac)
    asks(world.cordon, world.evac)
    first = completeness(world.cordon)
    assert first.contradicted == 0
    index, kind, _ = first.missing[0]
    take_statement(world.cordon, forge(world, sent=[[index, kind, bytes(32)]]))
    assert completeness(world.cordon).contradicted == 1
    with world.cordon.store.reading() as tx:
        assert len(tx.records.all("inventory-differs")) == 1


def test_a_claim_to_have_taken_what_was_never_sent_is_shown(world):
    take_statement(world.cordon, forge(world, taken=[[0, "release", b"\x07" * 32]]))
    assert [digest for _, _, digest in completeness(world.cordon).never_sent] == [b"\x07" * 32]
    assert any("never sent from here" in line for line in show_exchange(world.cordon).words)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"v": 2}, "bad-inventory"), ({"sent": [[1, "x"]]}, "bad-inventory"), ({"sent": 5}, "bad-inventory"),
        ({"sent": [[2, "a", bytes(32)], [1, "b", bytes(32)]]}, "bad-inventory"),
        ({"sent": [[1 << 40, "a", bytes(32)]]}, "bad-inventory"), ({"taken": [[0, "a", b"short"]]}, "bad-inventory"),
        ({"extra": 1}, "bad-inventory"), ({"to": "evac"}, "not-for-us"), ({"from": "north"}, "unknown-sender"),
        ({"agreement": "another"}, "bad-status-key"), ({"at": 0}, "bad-status-key"),
        ({"refused": [[bytes(32)]]}, "bad-inventory"), ({"waiting": [b"x"]}, "bad-inventory"),
    ],
    ids=["version", "entry", "list", "falling", "beyond", "digest", "extra", "to", "from", "agreement", "time",
         "refused", "waiting"],
)  # fmt: skip
def test_a_statement_that_is_malformed_or_not_for_us_changes_nothing(world, changes, code):
    before = completeness(world.cordon)
    assert code_of(lambda: take_statement(world.cordon, forge(world, **changes))) == code
    assert completeness(world.cordon) == before


def test_a_statement_with_a_flipped_bit_is_refused(world):
    with world.cordon.store.reading() as tx:
        from safeconduct.workflows.common import roots  # noqa: PLC0415

        known = roots(tx)
    data = state_inventory(world.evac)
    for place in range(0, len(data), max(1, len(data) // 80)):
        bad = bytearray(data)
        bad[place] ^= 1
        assert code_of(lambda bad=bad: open_statement(bytes(bad), party="cordon", roots_known=known)), place


def test_a_long_history_comes_in_pages(world, monkeypatch):
    from safeconduct.workflows import inventory  # noqa: PLC0415

    monkeypatch.setattr(inventory, "PAGE", 2)
    lose(world, 5)
    pages, after = 0, -1
    while True:
        statement = take_statement(world.cordon, state_inventory(world.evac, after))
        pages += 1
        after = max(index for index, _, _ in (*statement.sent, *statement.taken))
        if not statement.more:
            break
    assert pages >= 3
    assert len(completeness(world.cordon).missing) == 2  # a page of them is asked for at a time
    monkeypatch.undo()
    assert len(completeness(world.cordon).missing) == 5


def test_places_of_envelopes_that_an_older_version_queued_are_found_in_the_ledger(world):
    lose(world, 3)
    with world.evac.store.transaction() as tx:
        before = tx.exchange.crossed("sent", -1, 100)
        tx.exchange.connection.exec_driver_sql("DELETE FROM sent_envelopes")
    index_sent(world.evac.store)
    with world.evac.store.reading() as tx:
        assert tx.exchange.crossed("sent", -1, 100) == before
        assert not tx.exchange.unnoted()
