"""The page of movements in a real browser: on a phone, without a script, by its forms alone."""

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
    world.close()
    port = free_port()
    config = tmp_path / "evac" / "node.toml"
    config.write_text(config.read_text().replace("port = 8400", f"port = {port}"))
    with served(tmp_path / "evac", port) as found:
        yield found


@pytest.mark.seed("S-21")
def test_an_escort_is_filed_on_a_phone_without_a_script_and_its_lateness_reaches_the_room(address, open_page):
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(f"{address}/movements")
    expect(page.locator("#needs-title")).to_contain_text("Nothing is overdue")
    page.get_by_text("File an escort", exact=True).click()
    form = page.locator('form[action="/movements/escort"]')
    form.get_by_label("its name").fill("convoy-7")
    form.get_by_label("people").fill("9")
    form.locator("#e-p1").select_option(index=1)
    form.locator("#e-t1").fill("2021-08-14T00:30")
    form.get_by_label("to arrive (UTC)").fill("2021-08-14T03:00")
    form.get_by_role("button", name="File it").click()
    assert page.url.endswith("#escorts")
    expect(page.locator("#needs-title + ol")).to_contain_text("convoy-7")
    expect(page.locator(".legs .late")).to_have_count(1)
    page.goto(address)
    page.get_by_role("link", name="escort convoy-7 should have passed").click()
    assert page.url == f"{address}/movements#escorts"
    page.get_by_role("button", name="It has arrived").click()
    expect(page.locator("#needs-title")).to_contain_text("Nothing is overdue")


def test_the_page_is_no_wider_than_a_phone_and_every_field_has_its_words(address, open_page):
    page = open_page(**PHONE)
    page.goto(f"{address}/movements")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert unnamed_fields(page) == []
    assert small_targets(page, "main summary") == []
    twice = page.evaluate(
        """[...document.querySelectorAll("[id]")].map((one) => one.id).filter((id, at, all) => all.indexOf(id) !== at)"""
    )
    assert twice == []
