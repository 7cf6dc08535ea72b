"""What guards do and see beside the colour: the rest of a group, typed entries, uses elsewhere, advice of their point."""

import pytest

from browser.served import NEEDS_CHROMIUM
from safeconduct.passes.pass_format import decode_payload, to_text
from scanner.phones import Phone, send, stored

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scanner-page"), NEEDS_CHROMIUM]


@pytest.fixture
def phone(chromium, address):
    """A phone that is not enrolled; its console stays silent."""
    made = Phone(chromium, address)
    yield made
    made.close()
    assert made.said == []


def of_many(node, kind="good", *, skip=0):
    """Text and fields of a pass for three people or more."""
    raws = [issued.raw for issued in node.passes[kind] if decode_payload(issued.raw[:32]).heads > 2]
    return to_text(raws[skip]), decode_payload(raws[skip][:32])


def let(phone, button, heads):
    phone.page.click(f"[data-do={button}]")
    phone.page.locator("#pad button").nth(heads - 1).click()
    phone.page.wait_for_selector("#answer[data-tone=go]")


def test_the_rest_of_a_group_follows_later_and_the_group_is_counted_once(node, address, phone):
    phone.enrol("rest-1", node.gate)
    text, fields = of_many(node)
    phone.type(text)
    let(phone, "fewer", 1)
    phone.next()
    phone.type(text)
    assert phone.answer == ("ask", "rest", "REST OF A GROUP")
    expect(phone.page.locator("#line")).to_contain_text(str(fields.heads - 1))
    let(phone, "rest", 1)
    expect(phone.page.locator("#count")).to_contain_text("1 person")
    phone.next()
    phone.page.reload()
    phone.on("scan")
    phone.type(text)
    assert phone.answer[1] == "rest", "what is left outlives a reload"
    let(phone, "rest", fields.heads - 2)
    phone.next()
    phone.type(text)
    assert phone.answer[1] == "used-here", "nobody is left"
    phone.next()
    send(phone)
    events = stored(node, "rest-1")[1]
    uses = [(kind, reason, heads) for kind, reason, heads, *_ in events if kind in ("admit", "override")]
    assert uses == [("admit", "rest", fields.heads)], "one use, of all who came"
    assert [kind for kind, *_ in events].count("taken-back") == 3


def test_taking_back_the_rest_leaves_those_who_came_first(node, address, phone):
    phone.enrol("rest-2", node.gate)
    text, fields = of_many(node, skip=1)
    phone.type(text)
    let(phone, "fewer", 1)
    phone.next()
    phone.type(text)
    let(phone, "rest", 1)
    phone.page.click("[data-do=undo]")
    phone.on("scan")
    phone.type(text)
    assert phone.answer[1] == "rest" and str(fields.heads - 1) in phone.page.inner_text("#line")
    phone.next()
    send(phone)
    uses = [(kind, reason, heads) for kind, reason, heads, *_ in stored(node, "rest-2")[1] if kind == "admit"]
    assert uses == [("admit", "ok", 1)]


TYPED = {
    "turned-away": (["guards of the other party", "a family with children"], {"#m-heads": "3", "#m-note": "at noon"}),
    "assault": (["our own guards"], {"#m-heads": "1", "#m-note": "with a stick"}),
    "crowd": (["people are pressed together"], {}),
    "escort": ([], {"#m-count": "2", "#m-heads": "41", "#m-note": "two buses"}),
    "bags": (["guards of the other party"], {"#m-count": "6", "#m-heads": "4"}),
    "help": (["guards of the other party"], {"#m-note": "water"}),
    "hold": (["held aside now"], {"#m-heads": "2"}),
    "route": (["blocked"], {"#m-note": "a lorry"}),
    "area": (["the other party"], {}),
    "child-alone": ([], {"#m-heads": "1", "#m-note": "told the room"}),
    "note": ([], {"#m-note": "Rain."}),
}


@pytest.mark.seed("S-15", "S-21", "S-22", "S-23", "S-24", "S-26", "S-27", "S-32")
def test_what_guards_record_is_typed(node, address, phone):
    phone.enrol("typed-1", node.gate)
    for kind, (chosen, filled) in TYPED.items():
        phone.page.click("[data-do=menu]")
        phone.page.click(f"[data-record={kind}]")
        for label in chosen:
            phone.page.get_by_label(label).check()
        for field, value in filled.items():
            phone.page.fill(field, value)
        if kind == "hold":
            expect(phone.page.locator("#m-note"), "a hold for screening has no place for a reason").to_be_hidden()
        phone.page.click("#record button.main")
        phone.on("scan")
    send(phone)
    assert [(k, r, h, n) for k, r, h, _, n in stored(node, "typed-1")[1]] == [
        ("turned-away", "by-other", 3, "at noon"), ("assault", "by-own", 1, "with a stick"), ("crowd", "crushing", 0, ""),
        ("note", "escort", 41, "vehicles=2\ntwo buses"), ("note", "bags", 4, "bags=6 by=other"),
        ("note", "help", 0, "by=other\nwater"), ("note", "hold", 2, "hold=begin"), ("note", "route", 0, "route=blocked\na lorry"),
        ("note", "area", 0, "holder=other"), ("note", "child-alone", 1, "told the room"), ("note", "", 0, "Rain."),
    ]  # fmt: skip
    room = phone.context.browser.new_page()
    room.goto(f"{address}/devices/enrol")
    noted = room.locator("#noted-title + div").inner_text()
    assert "escort" in noted and "41" in noted
    room.close()


def test_a_pass_used_at_another_phone_is_named_so_without_a_network(node, chromium, address):
    text = node.text("good", 9)
    first, second = Phone(chromium, address), Phone(chromium, address)
    first.enrol("lane-1", node.gate)
    second.enrol("lane-2", node.gate)
    first.type(text)
    assert first.answer[1] == "ok"
    first.next()
    send(first)
    send(second)
    second.ready_offline()
    second.context.set_offline(True)
    second.page.reload()
    second.on("scan")
    second.type(text)
    assert second.answer == ("stop", "used-elsewhere", "STOP")
    second.next()
    first.type(text)
    assert first.answer[1] == "used-here", "its own uses are not elsewhere"
    for phone in (first, second):
        phone.close()
        assert phone.said == []
