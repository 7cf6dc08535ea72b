"""The room changes its online key while phones are in use: what they send is received, and no guard notices."""

import pytest

from browser.served import NEEDS_CHROMIUM
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.certify_key import certify_key
from safeconduct.workflows.publish_bundle import publish_bundle
from scanner.phones import Phone, send, stored

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scanner-page"), NEEDS_CHROMIUM]


def change_key(node, *, publish):
    here = open_node(node.config)
    try:
        certify_key(here, new_key=True)
        return publish_bundle(here) if publish else 0
    finally:
        close_node(here)


def known_keys(phone):
    """Keys of the node that the phone stored, the current one first."""
    return phone.page.evaluate(
        """async () => {
          const { Store } = await import("./js/store.js");
          const store = await Store.open();
          return ((await store.get("node-keys")) || []).map((one) => one.id);
        }"""
    )


def test_a_phone_that_was_enrolled_under_the_old_key_sends_its_events_under_the_new_one(node, address, chromium):
    phone, other = Phone(chromium, address), Phone(chromium, address)
    phone.enrol("lane-1", node.gate)
    other.enrol("lane-2", node.gate)
    phone.type(node.text("good", 0))
    assert phone.answer[1] == "ok"
    phone.next()
    send(phone)
    [old] = known_keys(phone)
    seq = change_key(node, publish=True)
    phone.type(node.text("good", 1))
    assert phone.answer[1] == "ok" and phone.unsent >= 1
    phone.next()
    send(phone)
    assert phone.unsent == 0 and [kind for kind, *_ in stored(node, "lane-1")[1]][:2] == ["admit", "admit"]
    new, kept = known_keys(phone)
    assert kept == old != new
    send(other)
    other.type(node.text("good", 1))
    assert other.answer[1] == "used-elsewhere", "a list that the new key signed is taken"
    other.next()
    phone.page.reload()
    phone.on("scan")
    send(phone)
    assert known_keys(phone) == [new, old], "it knows both after it was loaded again"
    version = phone.page.evaluate(
        """async () => {
          const { Store } = await import("./js/store.js");
          return (await Store.open()).get("highestSeq");
        }"""
    )
    assert version == seq and phone.said == [] and other.said == []
    other.close()
    phone.close()


def test_a_phone_follows_before_anything_is_published_and_while_it_was_away(node, address, chromium):
    phone = Phone(chromium, address)
    phone.enrol("lane-3", node.gate)
    phone.ready_offline()
    phone.context.set_offline(True)
    phone.type(node.text("good", 2))
    phone.next()
    change_key(node, publish=False)
    change_key(node, publish=False)
    phone.context.set_offline(False)
    send(phone)
    assert phone.unsent == 0 and [kind for kind, *_ in stored(node, "lane-3")[1]] == ["admit"]
    assert len(known_keys(phone)) == 2, "the key between the two was never told to it"
    assert phone.said == []
    phone.close()
