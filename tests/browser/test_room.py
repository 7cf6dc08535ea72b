"""The pages of a real node after a small replay, in a real browser: by keyboard, by picture, on a phone."""

import os
import re
import signal
import subprocess
import sys
import time
from io import BytesIO

import pytest

from browser.served import NEEDS_CHROMIUM, ROOT
from safeconduct.passes.pass_format import qr

expect = pytest.importorskip("playwright.sync_api").expect
PATIENCE = 240  # seconds for the replay

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    NEEDS_CHROMIUM,
]


@pytest.fixture(scope="session")
def replay(tmp_path_factory):
    """A replay under way: its link, and a function that waits for its end."""
    folder = tmp_path_factory.mktemp("browser")
    out, err = folder / "out", folder / "err"
    command = [sys.executable, "-m", "safeconduct.cli", "replay", "--people", "1000", "--serve"]
    with out.open("wb") as stdout, err.open("wb") as stderr:
        running = subprocess.Popen(
            [*command, "--folder", str(folder / "nodes")],
            cwd=ROOT,
            stdout=stdout,
            stderr=stderr,
            env={**os.environ, "PYTHONPATH": "src"},
        )
    until = time.monotonic() + PATIENCE

    def wait_for(found):
        while not found():
            assert running.poll() is None and time.monotonic() < until, err.read_text()[-2000:]
            time.sleep(0.1)
        return found()

    try:
        link = wait_for(lambda: re.search(r"(http://127\.0\.0\.1:\d+)\S*", err.read_text()))
        yield link, lambda: wait_for(lambda: out.read_text().strip().endswith("}"))
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


@pytest.fixture(scope="session")
def early(replay, chromium):
    """The room, opened by its link in the first second, and how many samples it had then; it is never loaded again."""
    page = chromium.new_page()
    page.goto(replay[0][0])
    return page, page.locator(".sample").count()


@pytest.fixture(scope="session")
def address(replay, early):
    """Where the room is, once the replay is over."""
    link, wait_for_end = replay
    wait_for_end()
    return link[1]


def all_addresses(page, address):
    page.goto(address)
    links = page.eval_on_selector_all("main a[href^='/']", "all => all.map(a => a.getAttribute('href').split('#')[0])")
    incidents = {link.split("?")[0] for link in links if link.startswith("/incidents/")}
    assert incidents and any(link.startswith("/releases/") for link in links)
    found = {"/", "/?follow=1", "/agreement", *(link for link in links if link)}
    return sorted(found | {f"{link}?known_at=2021-08-27" for link in incidents})


def picture_of(text):
    picture = BytesIO()
    qr(text).save(picture, kind="png", scale=6, border=4)
    return picture.getvalue()


def answer_of(page):
    page.locator("#answer:not([aria-busy]) [data-answer]").wait_for()
    return page.locator("#answer").inner_text()


def test_a_room_opened_at_the_start_gets_its_samples_as_they_come_to_be(address, early):
    page, at_first = early
    assert at_first < 4
    page.locator(".sample").nth(3).wait_for()
    page.get_by_role("button", name="revoked", exact=True).click()
    assert "this pass was revoked" in answer_of(page)
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1
    expect(page.locator("#pass-point option")).to_have_count(8)


def test_every_page_is_watermarked_and_names_the_agreement(address, open_page):
    page = open_page()
    for place in all_addresses(page, address):
        page.goto(address + place)
        assert "EXERCISE" in page.locator(".watermark").inner_text(), place
        assert page.locator(".exercise-band").is_visible(), place
        assert page.locator(".brand-title").inner_text().strip(), place


def test_on_a_laptop_every_page_says_whole_what_is_agreed_and_whose_room_it_is(address, open_page):
    page = open_page(1366, 768)
    for place in all_addresses(page, address):
        page.goto(address + place)
        assert page.locator(".brand-party").is_visible(), place
        assert page.evaluate("(one => one.scrollWidth <= one.clientWidth)(document.querySelector('.brand'))"), place


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(address, open_page, scheme):
    page = open_page(390, 844, color_scheme=scheme, has_touch=True)
    for place in all_addresses(page, address):
        page.goto(address + place)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place


def test_the_first_screen_works_by_keyboard_alone(address, open_page):
    page = open_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("abbey")
    expect(page.locator("#points tr[data-row]:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator(".sample button").first.focus()
    page.keyboard.press("Enter")
    assert "PASS" in answer_of(page)
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/agreement")


@pytest.mark.seed("S-11")
@pytest.mark.parametrize(
    ("label", "word", "reason"),
    [
        ("good", "PASS", "let through"),
        ("copied", "NO", "used"),
        ("forged", "NO", "signature"),
        ("revoked", "NO", "revoked"),
    ],
)
def test_a_sample_shows_what_a_gate_would_show(address, open_page, label, word, reason):
    page = open_page()
    page.goto(address)
    page.locator(".sample button", has_text=label).click()
    said = answer_of(page)
    assert said.startswith(word) and reason in said
    page.locator("#answer").evaluate("e => e.replaceChildren()")
    page.locator("#decide .primary").click()  # the main form asks the same again, in the sample's own time
    assert answer_of(page) == said


def test_a_sample_works_without_a_script(address, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.locator(".sample button", has_text="good").click()
    assert page.locator(".answer .word").inner_text() == "PASS"
    expect(page.locator(".watermark")).to_have_count(1)
    context.close()


def test_a_picture_is_read_and_decided_on(address, open_page):
    page = open_page()
    page.goto(address)
    page.locator(".sample button", has_text="good").click()  # from here on the box asks in that sample's time
    assert "PASS" in answer_of(page)
    for label, word in (("revoked", "NO"), ("good", "PASS")):
        text = page.locator(".sample", has_text=label).locator("[name=text]").input_value()
        page.locator("#answer").evaluate("e => e.replaceChildren()")
        page.locator("#pass-file").set_input_files(
            {"name": "pass.png", "mimeType": "image/png", "buffer": picture_of(text)}
        )
        assert answer_of(page).startswith(word)


def test_the_account_of_a_day_differs_from_the_newest(address, open_page):
    page = open_page()
    page.goto(address + "/incidents/gate-attack?known_at=2021-08-27")
    before = page.locator("#account .sentences").first.inner_text()
    page.goto(address + "/incidents/gate-attack")
    assert page.locator("#account .sentences").first.inner_text() != before


def test_both_rooms_lead_to_each_other(address, open_page):
    page = open_page()
    page.goto(address)
    ours = page.locator(".rooms .who").first.inner_text()
    page.get_by_role("link", name=re.compile("their own room", re.IGNORECASE)).click()
    assert page.locator(".rooms .who").first.inner_text() != ours
    expect(page.locator(".watermark")).to_contain_text("EXERCISE")
