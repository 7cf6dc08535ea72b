"""The partner's pages in a real browser: by keyboard, on a phone, without script, behind a link."""

import re

import pytest

from browser.served import NEEDS_CHROMIUM, free_port, served
from workflows.two_nodes import World
from workflows.warned_world import warn

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser"), NEEDS_CHROMIUM]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    """Two served nodes with one warning that has crossed: (owner's address, partner's address, release, a point)."""
    world = World(tmp_path_factory.mktemp("inbox"))
    world.agree()
    release = warn(world)
    world.close()
    ports = {}
    for party in ("evac", "cordon"):
        ports[party] = free_port()
        settings = world.base / party / "node.toml"
        settings.write_text(settings.read_text().replace("port = 8400", f"port = {ports[party]}"))
    with served(world.base / "evac", ports["evac"]) as ours, served(world.base / "cordon", ports["cordon"]) as theirs:
        yield ours, theirs, release, world.outer[0]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def press_until(page, key, found, most=60):
    """Press a key until the focused element is the one; so somebody without a mouse gets there."""
    for _ in range(most):
        page.keyboard.press(key)
        if (
            page.evaluate("document.activeElement.innerText || document.activeElement.value || ''")
            .strip()
            .startswith(found)
        ):
            return
    raise AssertionError(f"{found} was not reached by {key}")


def test_a_warning_is_answered_on_a_phone_without_script_and_by_keyboard(rooms, open_page):
    _, theirs, release, point = rooms
    page = open_page(**PHONE, java_script_enabled=True)
    page.goto(f"{theirs}/inbox")
    assert fits(page)
    press_until(page, "Tab", "Waits for your answer")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/inbox/{release}")
    assert fits(page)
    press_until(page, "Tab", "Understood")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=acknowledgement")
    assert page.get_by_role("status").inner_text().strip() == "Your answer is recorded and on its way."
    plain = open_page(**PHONE, java_script_enabled=False)
    plain.goto(f"{theirs}/inbox/{release}")
    assert plain.get_by_role("button", name=re.compile("Understood")).is_disabled()
    plain.get_by_role("button", name=re.compile("Accepted")).click()
    plain.wait_for_url("**done=acknowledgement")
    plain.get_by_label("Control point that you hold").select_option(point)
    plain.get_by_role("button", name="Give it to this point").click()
    plain.wait_for_url("**done=assigned")
    expect(plain.locator("#assign")).to_contain_text("given to")
    assert fits(plain)


def test_four_answers_are_large_enough_for_a_thumb(rooms, open_page):
    _, theirs, release, _ = rooms
    page = open_page(**PHONE)
    page.goto(f"{theirs}/inbox/{release}")
    boxes = [page.locator(".big-answer").nth(place).bounding_box() for place in range(4)]
    expect(page.locator(".big-answer")).to_have_count(4)
    assert all(box["height"] >= 64 and box["width"] >= 140 for box in boxes)


def test_what_was_typed_survives_a_refusal(rooms, chromium):
    _, theirs, release, _ = rooms
    context = chromium.new_context(java_script_enabled=False)  # a refused form is an error on the console
    page = context.new_page()
    page.goto(f"{theirs}/inbox/{release}")
    page.locator("#f-result").select_option("found")
    page.locator("#f-text").fill("two parcels by the wall")
    page.get_by_text("Somebody was harmed").click()
    page.locator("#f-harm_number").fill("2")
    page.get_by_role("button", name="Report what came of it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("#f-text").input_value() == "two parcels by the wall"
    assert page.locator("#f-result").input_value() == "found"
    context.close()


def test_a_link_is_made_once_and_lets_a_phone_answer_and_nothing_else(rooms, open_page):
    ours, _, release, _ = rooms
    room = open_page()
    room.goto(f"{ours}/releases/{release}/reach")
    room.get_by_role("button", name="Make a link").click()
    link = room.get_by_label("the link").input_value()
    phone = open_page(**PHONE, java_script_enabled=False)
    phone.goto(link)
    assert fits(phone)
    expect(phone.locator("nav a")).to_have_count(0)
    phone.get_by_role("button", name=re.compile("Received")).click()
    assert "Your answer has arrived" in phone.get_by_role("status").inner_text()
    room.goto(f"{ours}/releases/{release}")
    expect(room.locator("main")).to_contain_text("reported by our liaison, unsigned, by a link")
    room.goto(f"{ours}/releases/{release}/reach")
    assert link not in room.content()
    room.get_by_role("button", name="Close it").click()
    room.wait_for_url("**done=revoked")
    assert room.request.get(link).status == 404


def test_on_a_phone_boxes_are_as_large_beside_long_words_as_beside_short_ones(rooms, open_page):
    page = open_page(**PHONE)
    page.goto(f"{rooms[0]}/threat")
    boxes = [one.bounding_box() for one in page.locator(".ticked input").all()]
    assert len(boxes) > 3 and {(one["width"], one["height"]) for one in boxes} == {(24, 24)}


def test_the_threat_page_sets_a_level_and_holds_a_gate_without_script(rooms, open_page):
    ours = rooms[0]
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto(f"{ours}/threat")
    assert fits(page)
    page.get_by_label(re.compile("^ *high")).check()
    page.get_by_label("let people wait apart and call them forward in small groups").check()
    page.get_by_label("Reasons, for this room only").fill("two reports agree")
    page.get_by_role("button", name="Set the level").click()
    page.wait_for_url("**done=level")
    expect(page.locator("#level")).to_contain_text("high until")
    page.get_by_role("button", name="Send it to the gates now").click()
    page.wait_for_url("**done=published")
    expect(page.locator("#lines")).to_contain_text("The newest bundle says the same")
    assert fits(page)


@pytest.mark.parametrize("path", ["/inbox", "/inbox/{release}", "/threat"])
def test_pages_mirror_for_a_language_that_runs_right_to_left(rooms, open_page, path):
    page = open_page(**PHONE)
    page.goto(rooms[1] + path.format(release=rooms[2]))
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert fits(page)
