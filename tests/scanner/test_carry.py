"""Events that leave a phone without a network: as codes that another phone or the room reads, with receipts the same way."""

from io import BytesIO

import pytest
from PIL import Image

from browser.served import CHROMIUM, NEEDS_CHROMIUM
from scanner.frames import film
from scanner.phones import Phone, send, stored

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scanner-page"), NEEDS_CHROMIUM]


def codes(phone, button):
    """Pictures of a phone's screen, one for each code that it shows."""
    phone.page.click("[data-do=menu]")
    phone.page.click(f"#menu [data-do={button}]")
    phone.on("codes")
    total = int(phone.page.inner_text("#codes-count").split("/")[1])
    if total > 1:
        phone.page.click("[data-do=codes-pause]")
        while not phone.page.inner_text("#codes-count").startswith("1 "):
            phone.page.click("[data-do=codes-on]")
    made = []
    for number in range(1, total + 1):
        assert phone.page.inner_text("#codes-count") == f"{number} / {total}"
        made.append(Image.open(BytesIO(phone.page.screenshot())).convert("RGB"))
        if total > 1:
            phone.page.click("[data-do=codes-on]")
    phone.page.click("#codes [data-do=menu]")
    phone.page.click("#menu [data-do=scan]")
    phone.on("scan")
    return made


def held_up(screen):
    """A camera's picture of a phone that somebody holds up."""
    picture = Image.new("RGB", (1280, 720), (96, 88, 80))
    picture.paste(screen.resize((round(screen.width * 700 / screen.height), 700)), (470, 10))
    return picture


def browser_that_films(playing, path, pictures):
    film(path, [(held_up(picture), 18) for picture in pictures])
    return playing.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={path}",
        ],
    )  # fmt: skip


def record(phone, many):
    for number in range(many):
        phone.type(f"SC1:EVENT{number}")
        phone.next()


def test_another_phone_reads_the_events_carries_them_to_the_node_and_brings_the_receipt_back(
    node, address, chromium, playing, tmp_path
):
    first = Phone(chromium, address)
    first.enrol("silent-1", node.gate)
    first.ready_offline()
    first.context.set_offline(True)
    record(first, 5)
    shown = codes(first, "show-unsent")
    assert len(shown) > 3 and first.unsent == 5, "showing them deletes nothing"

    browser = browser_that_films(playing, tmp_path / "screen.mjpeg", shown)
    second = Phone(browser, address)
    second.enrol("courier-1", node.gate)
    second.ready_offline()
    second.context.set_offline(True)
    second.page.locator("#foot-carried", has_text="5").wait_for(timeout=60_000)
    assert stored(node, "silent-1")[1] == [], "they were read from screen to camera, without any network"
    second.context.set_offline(False)
    send(second)
    assert [kind for kind, *_ in stored(node, "silent-1")[1]] == ["refuse"] * 5
    second.page.locator("#foot-carried").wait_for(state="hidden")
    receipts = codes(second, "show-receipts")
    browser.close()

    for number, screen in enumerate(receipts):
        held_up(screen).save(tmp_path / f"receipt-{number}.png")
        first.page.set_input_files("#photo", tmp_path / f"receipt-{number}.png")
        first.page.wait_for_timeout(1_000)
    first.page.locator("#foot-unsent", has_text="0 unsent").wait_for()
    expect(first.page.locator("#foot-net")).to_contain_text("offline")
    first.close()
    assert second.said == [] and first.said == []


def test_the_room_reads_the_codes_from_photographs_and_shows_the_receipt(node, address, chromium, tmp_path):
    phone = Phone(chromium, address)
    phone.enrol("silent-2", node.gate)
    record(phone, 2)
    phone.ready_offline()
    phone.context.set_offline(True)
    files = []
    for number, screen in enumerate(codes(phone, "show-unsent")):
        files.append(tmp_path / f"code-{number}.png")
        held_up(screen).save(files[-1])
    room = chromium.new_page()
    room.goto(f"{address}/devices/read")
    room.set_input_files("#photos", files)
    room.locator("#brought-title").wait_for(timeout=60_000)
    expect(room.locator("#brought-title + table")).to_contain_text("silent-2")
    assert stored(node, "silent-2")[0].upto_seq == 2
    pictures = room.locator(".receipts img")
    for number in range(pictures.count()):
        pictures.nth(number).screenshot(path=tmp_path / f"receipt-{number}.png")
        phone.page.set_input_files("#photo", tmp_path / f"receipt-{number}.png")
        phone.page.wait_for_timeout(1_000)
    phone.page.locator("#foot-unsent", has_text="0 unsent").wait_for()
    room.close()
    phone.close()


def test_the_room_reads_the_codes_by_its_own_camera(node, address, chromium, playing, tmp_path):
    phone = Phone(chromium, address)
    phone.enrol("silent-3", node.gate)
    record(phone, 1)
    browser = browser_that_films(playing, tmp_path / "screen.mjpeg", codes(phone, "show-unsent"))
    phone.close()
    room = browser.new_page()
    said = []
    room.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    room.goto(f"{address}/devices/read")
    room.click("#start")
    room.locator("#brought-title").wait_for(timeout=60_000)
    assert stored(node, "silent-3")[0].upto_seq == 1 and said == []
    browser.close()


def test_revocations_read_at_a_briefing_hold_without_a_network_and_outlive_a_reload(node, address, chromium, tmp_path):
    phone = Phone(chromium, address)
    phone.enrol("briefed-1", node.gate)
    phone.ready_offline()
    phone.context.set_offline(True)
    phone.type(node.text("good", 8))
    assert phone.answer[1] == "ok", "not revoked in the bundle that this phone has"
    phone.page.click("[data-do=undo]")
    phone.on("scan")
    pictures, file = node.revoke(8, tmp_path)
    for picture in pictures:
        phone.page.set_input_files("#photo", picture)
        phone.page.wait_for_timeout(600)
    phone.page.locator("#notice", has_text="Lists renewed").wait_for()
    phone.page.reload()
    phone.on("scan")
    phone.type(node.text("good", 8))
    assert phone.answer[1] == "revoked"
    phone.next()
    phone.page.click("[data-do=menu]")
    phone.page.locator("#facts", has_text="read at a briefing").wait_for()
    phone.page.set_input_files("#file", file)
    phone.page.locator("#notice", has_text="known here already").wait_for()
    phone.close()
    assert phone.said == []


def test_changes_since_the_list_of_this_phone_are_taken_in_as_a_file(node, address, chromium, tmp_path):
    phone = Phone(chromium, address)
    phone.enrol("briefed-2", node.gate)
    phone.ready_offline()
    phone.context.set_offline(True)
    _, file = node.revoke(7, tmp_path, delta=True)
    phone.page.click("[data-do=menu]")
    phone.page.set_input_files("#file", file)
    phone.page.locator("#notice", has_text="Lists renewed").wait_for()
    phone.on("scan")
    phone.type(node.text("good", 7))
    assert phone.answer[1] == "revoked"
    phone.close()
    assert phone.said == []
