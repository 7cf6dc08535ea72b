"""Bags that guards carried are recorded of the group that was let through, and summed for it in the room."""

import pytest

from browser.served import NEEDS_CHROMIUM
from safeconduct.passes.pass_format import decode_payload
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.count_help import count_help
from scanner.phones import Phone, send, stored

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scanner-page"), NEEDS_CHROMIUM]


def carry(phone, bags, *, whose=None):
    phone.page.click("[data-do=menu]")
    phone.page.click("[data-record=bags]")
    phone.page.get_by_label("guards of the other party").check()
    if whose:
        phone.page.get_by_label(whose).check()
    else:
        expect(phone.page.locator("[name=group]"), "nobody was let through yet").to_have_count(0)
    phone.page.fill("#m-count", str(bags))
    phone.page.click("#record button.main")
    phone.on("scan")


@pytest.mark.seed("S-23")
def test_bags_are_recorded_of_the_group_that_was_let_through_and_the_pass_is_used_once(node, chromium, address):
    phone = Phone(chromium, address)
    phone.enrol("bags-1", node.gate)
    carry(phone, 1)
    phone.type(node.text("good", 8))
    assert phone.answer[1] == "ok"
    phone.next()
    carry(phone, 6, whose="of the group let through last")
    carry(phone, 2, whose="of somebody else")
    send(phone)
    events = stored(node, "bags-1")[1]
    assert [(k, r, n) for k, r, _, _, n in events if r == "bags"] == [
        ("note", "bags", "bags=1 by=other"), ("note", "bags", "bags=6 by=other"), ("note", "bags", "bags=2 by=other"),
    ]  # fmt: skip
    here = open_node(node.config)
    try:
        view = count_help(here)
        with here.store.reading() as tx:
            used_twice = {index for _, index, _, _, _ in tx.devices.conflicts()}
    finally:
        close_node(here)
    [group] = [one for one in view.groups if one.group == node.groups["good"][8]]
    assert (group.points, group.carried, group.at_gate) == (((node.gate, 6),), 6, 6)
    assert decode_payload(node.passes["good"][8].raw[:32]).index not in used_twice, "naming a pass is no use of it"
    phone.close()
    assert phone.said == []
