"""The account of an incident in a real browser: by keyboard alone, on a phone, without a script, and taken along."""

from pathlib import Path

import pytest

from browser.served import NEEDS_CHROMIUM, free_port, served
from safeconduct.wiring import close_node
from unit.web.account_node import harbour_node

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser-account"),
    NEEDS_CHROMIUM,
]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A node that holds the incident, served by the command."""
    folder, port = tmp_path_factory.mktemp("account"), free_port()
    close_node(harbour_node(folder, port=port))
    with served(folder, port) as node:
        yield f"{node}/incidents/harbour"


def top_of(page, selector):
    return page.locator(selector).first.bounding_box()["y"]


def test_the_four_answers_stand_on_the_first_screen_of_a_laptop(address, open_page):
    page = open_page()
    page.goto(address)
    for heading in ("#known-title", "#gone-title", "#changed-title", "#who-title"):
        assert top_of(page, heading) < 700, heading


@pytest.mark.parametrize("asked", ["", "?rule=full&since=2031-03-05", "?known_at=2031-03-03", "?kind=denial"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone_and_what_is_known_comes_first(address, open_page, asked, scheme):
    page = open_page(390, 844, color_scheme=scheme, has_touch=True)
    page.goto(address + asked)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert top_of(page, "#known-title") < 844 or "since" in asked
    tops = [top_of(page, heading) for heading in ("#known-title", "#gone-title", "#changed-title", "#who-title")]
    assert tops == sorted(tops)


def test_links_and_buttons_are_large_enough_for_a_finger(address, open_page):
    page = open_page(390, 844, has_touch=True)
    page.goto(address)
    for button in page.locator("main button:visible, main select:visible, main .button:visible").all():
        assert button.bounding_box()["height"] >= 40


def tab_to(page, found, most=120):
    """Press Tab until the focus stands where it should."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({found!r})"):
            return
    raise AssertionError(f"{found} was not reached in {most} steps")


@pytest.mark.seed("S-46")
def test_by_keyboard_alone_from_a_figure_to_the_exact_words(address, open_page):
    page = open_page()
    page.goto(address)
    tab_to(page, ".rule a")
    page.keyboard.press("Enter")
    page.wait_for_url("**rule=full")
    expect(page.locator(".sentences")).to_contain_text("4 … 9")
    tab_to(page, "#odds-conflict .card a")
    page.keyboard.press("Enter")
    page.wait_for_url("**#line-c25")
    tab_to(page, "#source-c25 summary")
    page.keyboard.press("Enter")
    assert page.locator("#source-c25").evaluate("e => e.open")
    expect(page.locator("#source-c25")).to_contain_text("reports/north.txt, line 7")


def test_the_slider_keeps_the_rule_and_needs_no_reload(address, open_page):
    page = open_page()
    page.goto(address + "?rule=full")
    page.locator("#slider-day").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url("**known_at=2031-03-03")
    assert "rule=full" in page.url
    page.locator(".todo", has_text="Later claims are not shown").wait_for()
    assert page.evaluate("document.activeElement.id") == "slider-day"
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1


def test_the_page_can_be_searched_as_one_types(address, open_page):
    page = open_page()
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("splinters")
    expect(page.locator("#timeline li[data-row]:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    assert page.locator("#timeline li[data-row]:visible").count() > 20


def test_without_a_script_every_choice_is_a_link_or_a_form(address, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("#known-at").fill("2031-03-10")
    page.locator("#known button").click()
    assert "known_at=2031-03-10" in page.url
    page.get_by_role("link", name="full range").click()
    assert "known_at=2031-03-10" in page.url and "rule=full" in page.url
    page.locator("select[name=kind]").select_option("denial")
    page.locator(".choose button").click()
    expect(page.locator("#timeline li[data-row]")).to_have_count(1)
    assert "rule=full" in page.url and "known_at=2031-03-10" in page.url
    page.get_by_role("link", name="newest first").click()
    assert "order=newest" in page.url and "kind=denial" in page.url
    page.get_by_role("link", name="What was new since 5 Mar 2031?").click()
    expect(page.locator("#new")).to_be_visible()
    context.close()


def test_two_clocks_by_form_without_a_script(address, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator("#clocks summary").click()
    page.locator("#recorded-at").fill("2031-01-01")
    page.locator("#known button").click()
    expect(page.locator("main")).to_contain_text("had been written down here by 1 Jan 2031")
    expect(page.locator("#timeline li")).to_have_count(0)
    context.close()


@pytest.mark.parametrize(("word", "ending"), [("Page", "html"), ("PDF", "pdf"), ("Table", "csv"), ("Linked", "jsonld")])
def test_each_export_is_a_file_of_this_very_account(address, open_page, word, ending, tmp_path):
    page = open_page()
    page.goto(address + "?known_at=2031-03-05")
    with page.expect_download() as coming:
        page.locator(".exports a", has_text=word).click()
    assert coming.value.suggested_filename == f"harbour-2031-03-05.{ending}"
    data = Path(coming.value.path()).read_bytes()
    assert len(data) > 2_000 and b"the first account was wrong" not in data


def test_the_page_taken_along_opens_offline_without_a_complaint(address, chromium, tmp_path):
    fetcher = chromium.new_context()
    answer = fetcher.request.get(address + "/export/html")
    assert answer.headers["content-security-policy"] == "sandbox"
    (tmp_path / "account.html").write_bytes(answer.body())
    fetcher.close()
    context = chromium.new_context(offline=True, viewport={"width": 390, "height": 844})
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text))
    page.goto((tmp_path / "account.html").as_uri())
    assert asked == [(tmp_path / "account.html").as_uri()] and said == []
    assert page.locator(".plot.narrow").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.gist')).display") == "grid"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_on_paper_the_controls_are_gone_and_every_fold_is_open(address, open_page):
    page = open_page(794, 1123)
    page.goto(address)
    page.emulate_media(media="print")
    assert not page.locator(".exports").is_visible() and not page.locator(".choose").is_visible()
    expect(page.locator("#source-q1 blockquote")).to_be_visible()
    assert len(page.pdf()) > 10_000


def test_what_was_written_down_since_the_last_look_is_offered(address, open_page):
    page = open_page()
    page.goto(address)
    assert not page.locator("#looked").is_visible()
    page.evaluate("localStorage.setItem('looked:harbour', '2031-04-01T00:00:00Z')")
    page.goto(address)
    page.locator("#looked").click()
    page.wait_for_url("**recorded_since=2031-04-01T00**")
    expect(page.locator("#new")).to_contain_text("23 new claims")
