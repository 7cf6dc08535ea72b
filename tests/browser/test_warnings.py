"""From report to release in a real browser: by keyboard, without script, on a phone, and by two people."""

import json

import pytest

from browser.served import NEEDS_CHROMIUM, free_port, served
from safeconduct.workflows.record_entries import record_entries
from workflows.release_samples import FIRST, enter, ready, release
from workflows.two_nodes import HOUR, World

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser"), NEEDS_CHROMIUM]
HOSTILE = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\"> مردی نزدیک دروازه"
PAGES = (
    "/warnings",
    "/reports/new",
    "/approvals",
    "/policies",
    "/acting",
    "/reports/late/release",
    "/reports/hostile/release",
)


@pytest.fixture
def address(tmp_path):
    """A room with a release, a report that needs two people, one with hostile words, and one source that ended."""
    world = World(tmp_path)
    world.agree()
    ready(world)
    release(world)
    now = world.evac.clock.now()
    enter(world, "late", window_from=now + 1_800, window_to=now + 2 * HOUR, what="A parcel near the queue.")
    enter(world, "hostile", what=HOSTILE, details=HOSTILE, site=HOSTILE[:100])
    entry = {"kind": "source-ended", "fields": {"source_name": "Exercise source MARIGOLD", "because": "it left"},
             "source": "log", "at": now}  # fmt: skip
    record_entries(world.evac, json.dumps(entry).encode())
    world.close()
    port = free_port()
    config = tmp_path / "evac" / "node.toml"
    config.write_text(config.read_text().replace("port = 8400", f"port = {port}"))
    with served(tmp_path / "evac", port) as found:
        yield found, world.release


def test_a_report_is_entered_and_released_by_keyboard_alone(address, open_page):
    base, _ = address
    page = open_page()
    page.goto(base)
    page.keyboard.press("g")
    with page.expect_navigation(url="**/warnings"):
        page.keyboard.press("w")
    page.goto(f"{base}/reports/new")
    assert page.evaluate("document.activeElement.name") == "what"
    keys = [
        ("what", "An attack on the road is talked of."), ("threatened_class", "people-on"), ("actor", "armed-group-k"),
        ("site", "the road"), ("position", "34.5586, 69.2214"), ("precision_m", "500"),
        ("window_from", "2021-08-27 13:00"), ("window_to", "2021-08-27 15:00"), ("embargo_until", ""),
        ("source_1", "Source HERON"), ("reliability_1", "B"), ("credibility_1", "2"),
    ]  # fmt: skip
    _type(page, keys)
    for name, typed in (("likelihood", "likely"), ("confidence", "moderate"), ("advised_action", "send people")):
        page.focus(f"[name={name}]")
        page.keyboard.type(typed)
    page.focus("[name=harm_answer]")
    page.keyboard.type("People who are sent another way.")
    page.focus("text=Store the report")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("May be released")
    page.focus("button[value=release]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/releases/" in page.url and "on its way" in page.locator("[role=status]").inner_text()


def _type(page, keys):
    """Fill in the form from field to field with the Tab key."""
    for name, typed in keys:
        assert page.evaluate("document.activeElement.name") == name
        if page.evaluate("document.activeElement.tagName") == "INPUT":
            page.keyboard.press("Control+a")
        if typed:
            page.keyboard.type(typed)
        page.keyboard.press("Tab")


def test_two_people_release_against_a_rule_without_script(address, open_page):
    base, _ = address
    first, second = (open_page(java_script_enabled=False) for _ in range(2))
    first.goto(f"{base}/reports/late/release")
    first.fill("#why-warn", "It begins in half an hour.")
    first.click("button[value=warn]")
    expect(first.locator("#decision")).to_contain_text("waits for a second person")
    first.goto(f"{base}/approvals")
    expect(first.locator("button[value=confirm]")).to_have_count(0)
    second.goto(f"{base}/acting?then=/approvals")
    second.check("input[value=second-approver]")
    second.click("text=Act as this office")
    expect(second.locator(".acting")).to_contain_text("second approver")
    second.click("button[value=confirm]")
    expect(second.locator("[role=status]")).to_contain_text("Confirmed and released")
    first.goto(f"{base}/approvals")
    expect(first.locator("main")).to_contain_text("confirmed")


def test_a_withdrawal_stays_on_top_and_errors_lose_nothing_without_script(address, open_page):
    base, sent = address
    page = open_page(java_script_enabled=False)
    page.goto(f"{base}/releases/{sent}")
    page.fill("#why-withdraw", "It was a rumour.")
    page.click("text=Withdraw the warning")
    page.goto(f"{base}/warnings")
    assert "the withdrawal is not acknowledged" in page.locator("main section").first.inner_text()


def test_what_was_typed_wrong_comes_back_with_its_error(address, chromium):
    """The answer has the status 422, of which Chromium's console complains; that is not the page's fault."""
    base, _ = address
    page = chromium.new_page()
    page.goto(f"{base}/reports/new")
    page.fill("#f-what", "Words that stay.")
    page.fill("#f-window_from", "tomorrow")
    page.click("text=Store the report")
    assert page.input_value("#f-what") == "Words that stay." and page.input_value("#f-window_from") == "tomorrow"
    expect(page.locator("#e-window_from")).to_contain_text("tomorrow")
    assert page.evaluate("document.activeElement.name") == "threatened_class"
    page.close()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_no_page_is_wider_than_its_screen_and_hostile_words_stay_words(address, open_page, width, height):
    base, sent = address
    page = open_page(width, height)
    for path in (*PAGES, f"/releases/{sent}", f"/reports/new?like=hostile&corrects={sent}"):
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.title() != "taken" and page.locator("h1").count() == 1, path
    page.goto(f"{base}/reports/hostile/release")
    expect(page.locator("main")).to_contain_text("<script>")


def test_likelihood_and_confidence_never_share_a_line_or_a_sentence(address, open_page):
    base, _ = address
    page = open_page()
    for path in ("/warnings", "/reports/new", "/reports/hostile/release"):
        page.goto(base + path)
        blocks = page.evaluate(
            "[...document.querySelectorAll('p, li:not(:has(dl)), dd, dt, label, option')].map(e => e.innerText)"
        )
        for text in blocks:
            said = text.lower()
            assert not ("confidence" in said and any(w in said for w in ("likely", "chance", "certain"))) or (
                "says nothing of how likely" in said
            ), text


def test_the_office_in_use_is_named_and_first(address, open_page):
    base, _ = address
    page = open_page()
    page.goto(f"{base}/acting")
    assert page.locator("[name=office]:checked").get_attribute("value") == FIRST
