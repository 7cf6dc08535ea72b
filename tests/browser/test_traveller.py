"""The travellers' page in a real browser: on a phone, without a script, from the right, by keyboard."""

import re

import pytest

from browser.layout import small_targets, unnamed_fields
from browser.served import NEEDS_CHROMIUM, free_port, served
from workflows.two_nodes import World

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser"), NEEDS_CHROMIUM]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def address(tmp_path):
    world = World(tmp_path)
    world.agree()
    world.issue(world.enlist()[:2], words=True)
    world.close()
    port = free_port()
    config = tmp_path / "evac" / "node.toml"
    config.write_text(config.read_text().replace("port = 8400", f"port = {port}"))
    with served(tmp_path / "evac", port) as found:
        yield found


def test_a_traveller_tells_on_a_phone_without_a_script_and_withdraws(address, open_page):
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(f"{address}/tell?lang=prs")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.get_by_label("مرا برگرداندند").check()
    page.locator("#point").select_option(index=1)
    page.locator("#people").fill("خانواده‌ام")
    page.locator("form.tell-form button.primary").first.click()
    receipt = page.locator(".receipt .code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", receipt)
    page.goto(f"{address}/alleged")
    expect(page.locator("main")).to_contain_text("خانواده‌ام")
    page.goto(f"{address}/tell?lang=en")
    page.locator("summary").click()
    page.locator("#receipt").fill(receipt)
    page.get_by_role("button", name="Withdraw the report").click()
    expect(page.locator("[role=status]")).to_contain_text("counted no more")


@pytest.mark.parametrize("path", ["/tell?lang=ps", "/passes", "/tally", "/alleged", "/passes/revocations"])
def test_no_page_is_wider_than_a_phone_and_every_field_has_its_words(address, open_page, path):
    page = open_page(**PHONE)
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert unnamed_fields(page) == []
    assert small_targets(page, "main .choice") == []


def test_the_form_is_filled_by_keyboard_alone(address, open_page):
    page = open_page()
    page.goto(f"{address}/tell?lang=en")
    page.locator("input[name=what]").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("I was beaten").is_checked()
    page.locator("form.tell-form button.primary").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".receipt .code")
