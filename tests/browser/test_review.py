"""The review of sources in a real browser: by keyboard, by plain forms, on a phone, with hostile text."""

import pytest

from browser.served import NEEDS_CHROMIUM, free_port, served
from safeconduct.config import NodeConfig
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows.add_source import add_sources
from workflows.review_samples import FERRY, IN_FERRY, IN_LATER, LATER, by_hand

expect = pytest.importorskip("playwright.sync_api").expect
HOSTILE = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\"> 3 guards were hurt."
RIGHT_TO_LEFT = "سخنگوی بندر گفت که دروازه بسته است.\n\n3 guards were hurt on 2 May 2024.\n"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    NEEDS_CHROMIUM,
]


@pytest.fixture
def address(tmp_path):
    """The review page of a node of its own, with four reports."""
    port = free_port()
    config = NodeConfig("evac", "Evacuating party", tmp_path / "data", exercise=True, sign_in=False, port=port)
    init_node(tmp_path, config, passphrase=None)
    node = open_node(config)
    files = [("ferry.txt", FERRY), ("hostile.txt", HOSTILE), ("right.txt", RIGHT_TO_LEFT), ("later.txt", LATER)]
    read = by_hand(IN_FERRY, IN_LATER, ties=(("Eleven sailors", "Nine sailors", "updates"),))
    add_sources(node, [(name, text.encode()) for name, text in files], read=read, outlet="Coast Gazette")
    close_node(node)
    with served(tmp_path, port) as found:
        yield f"{found}/incidents/review"


@pytest.fixture
def page(open_page):
    """A page of a laptop, whose console complains of nothing."""
    return open_page()


def press(page, key):
    """Press a key that leads to another page, and wait for it."""
    with page.expect_navigation():
        page.keyboard.press(key)


def progress(page):
    return page.locator(".progress strong").inner_text()


def words(page):
    return page.locator("blockquote").inner_text()


def test_a_report_is_reviewed_by_keyboard_alone(address, page):
    page.goto(address)
    assert (words(page), progress(page)) == ("Nine sailors", "0 of 8 decided")
    press(page, "a")
    assert (words(page), progress(page)) == ("We will search every boat,", "1 of 8 decided")
    press(page, "r")
    assert (words(page), progress(page)) == ("Dozens of travellers", "2 of 8 decided")
    press(page, "u")  # what was decided just before
    assert (words(page), progress(page)) == ("We will search every boat,", "1 of 8 decided")
    press(page, "j")
    assert words(page) == "Dozens of travellers"
    page.keyboard.press("a")  # it can be read two ways: nothing is sent before one is chosen
    assert page.evaluate("document.activeElement.name") == "reading" and progress(page) == "1 of 8 decided"
    press(page, "k")
    press(page, "ArrowRight")
    assert words(page) == "Dozens of travellers"
    page.locator("[name=reading]").first.check()
    press(page, "a")
    assert progress(page) == "2 of 8 decided"


def test_amending_starts_in_the_first_field_and_enter_saves(address, page):
    page.goto(address)
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "basis"
    page.locator("#f-text").fill("something else")
    page.keyboard.press("Escape")
    assert page.locator("#f-text").input_value() == "9 sailors killed"
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.locator("#f-population").fill("boatmen")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("amended")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("accept")
    page.keyboard.press("a")  # a dialog is open: the key decides nothing
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    press(page, "a")  # and after g it leads to another page
    assert page.url.endswith("/agreement")


def test_all_of_it_works_without_a_script(address, chromium):
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    page.locator("#accept").click()
    assert progress(page) == "1 of 8 decided"
    page.locator("#reject").click()
    page.locator(".last [data-undo]").click()
    assert progress(page) == "1 of 8 decided"
    page.goto(address + "?source=" + page.locator("[name=source] option").last.get_attribute("value"))
    assert words(page) == "Eleven sailors"
    page.locator("#accept").click()
    relation = page.locator("#relations li")
    assert relation.count() == 1 and "updates" in relation.inner_text()
    relation.get_by_role("button", name="Record").click()
    expect(page.locator("#relations")).to_have_count(0)
    page.goto(address.replace("/review", "/attack-ferry-landing-2024-05-01"))
    expect(page.locator("main")).to_contain_text("11 sailors killed")


def test_hostile_text_stays_text_and_right_to_left_text_stands_right(address, page):
    page.goto(address)
    for name in ("hostile.txt", "right.txt"):
        option = page.locator("select[name=source] option", has_text=name).get_attribute("value")
        page.goto(f"{address}?source={option}")
        assert "taken" not in page.title()
        if name == "hostile.txt":
            expect(page.locator("#source")).to_contain_text("<script>document.title")
            expect(page.locator("#source img")).to_have_count(0)
    first = page.locator("#source .block").first
    assert first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    box, pane = first.evaluate(
        "e => {const r = document.createRange(); r.selectNodeContents(e); const b = r.getBoundingClientRect(), p = e.getBoundingClientRect(); return [b.right, p.right]}"
    )
    assert abs(box - pane) < 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone_and_the_form_comes_first(address, chromium, scheme):
    page = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme=scheme).new_page()
    page.goto(address)
    for query in ("", "?kind=quotation", "?kind=denial", "#add"):
        page.goto(address + query)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, query
    tops = page.evaluate("['decision', 'source'].map(id => document.getElementById(id).getBoundingClientRect().top)")
    assert tops[0] < tops[1]
    page.evaluate("scrollTo(0, 0)")
    accept = page.locator("#accept").bounding_box()
    assert accept["y"] + accept["height"] <= 844  # the decision is under the thumb


def test_a_pasted_report_is_read_and_offered_at_once(address, page):
    page.goto(address)
    page.locator("#add summary").click()
    page.locator("#add-text").fill(
        "On 3 May 2024 at least 40 people were killed at the north gate, the harbour office said."
    )
    page.locator("#add-name").fill("call of the harbour office")
    with page.expect_navigation():
        page.locator("#add .primary").click()
    assert "40 people" in words(page)
    assert page.locator("#f-min").input_value() == "40"
    expect(page.locator("#current")).to_be_visible()
