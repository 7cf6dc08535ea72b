"""A film as the camera of a real browser: codes on paper, held as people hold them."""

import pytest

from browser.served import CHROMIUM, NEEDS_CHROMIUM
from scanner.frames import film, frame
from scanner.phones import Phone

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scanner-page"), NEEDS_CHROMIUM]
CONDITIONS = ("angle", "small", "blurred", "low light", "cracked")


@pytest.fixture(scope="module")
def filmed(playing, node, tmp_path_factory):
    """A browser whose camera shows one pass after the other, each in another condition."""
    path = tmp_path_factory.mktemp("film") / "passes.mjpeg"
    film(path, [(frame(node.text("good", 4 + n), condition, n), 40) for n, condition in enumerate(CONDITIONS)])
    browser = playing.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={path}",
        ],
    )  # fmt: skip
    yield browser
    browser.close()


def test_passes_held_at_an_angle_far_away_blurred_cracked_and_in_low_light_are_decided_on(filmed, node, address):
    phone = Phone(filmed, address)
    phone.enrol("camera-1", node.gate)
    admitted = 0
    for _ in range(40):
        phone.on("answer")
        tone, reason, _ = phone.answer
        assert (tone, reason) in (("go", "ok"), ("stop", "used-here"))
        admitted += reason == "ok"
        if admitted == len(CONDITIONS):
            break
        phone.page.click("[data-do=next]")
    assert admitted == len(CONDITIONS)
    took = phone.page.evaluate("performance.getEntriesByName('frame-to-colour').map((entry) => entry.duration)")
    assert len(took) >= len(CONDITIONS) and max(took) < 5_000
    phone.close()
    assert phone.said == []


def test_a_code_that_stays_in_view_is_read_once(filmed, node, address):
    phone = Phone(filmed, address)
    phone.enrol("camera-2", node.gate)
    phone.on("answer")
    phone.page.wait_for_timeout(2_500)
    before = phone.unsent
    phone.page.wait_for_timeout(1_500)
    assert phone.unsent == before, "nothing is read while an answer stands"
    phone.close()


def test_an_enrolment_code_is_read_by_the_page_itself(playing, node, address, tmp_path):
    import segno  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    room = playing.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = room.new_page()
    page.goto(f"{address}/devices/enrol")
    page.select_option("#point", node.gate)
    page.fill("#device", "camera-3")
    page.get_by_role("button", name="Make a code").click()
    code = page.locator("#code-text").input_value()
    segno.make(f"{address}/scan/#enrol={code}", error="m").save(tmp_path / "code.png", scale=10, border=6)
    picture = Image.new("RGB", (1280, 720), "gray")
    picture.paste(Image.open(tmp_path / "code.png").convert("RGB").resize((520, 520)), (380, 100))
    film(tmp_path / "code.mjpeg", [(picture, 60)])
    browser = playing.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={tmp_path / 'code.mjpeg'}",
        ],
    )  # fmt: skip
    phone = Phone(browser, address)
    phone.page.goto(f"{address}/scan/")
    phone.on("enrol")
    phone.page.click("[data-do=enrol-camera]")
    phone.on("waiting")
    page.get_by_role("link", name="The phone shows six digits").click()
    assert page.locator(".waiting .digits").first.inner_text() == phone.page.inner_text("#number")
    browser.close()
    room.close()
