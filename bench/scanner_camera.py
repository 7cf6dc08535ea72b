"""The scanner page before a camera: 200 generated frames, and the time from a frame to the colour."""

import base64
import os
import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench.harness import figure

NAMES = ("camera_success", "frame_to_colour_ms")
FRAMES, TRIES, ANSWERS = 200, 12, 80
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def run() -> list[dict[str, Any]]:
    """Share of frames that are read within 12 looks (0.4 s at 30 frames a second), and p95 of frame to colour."""
    if CHROMIUM is None:
        print("scanner_camera: skipped, no Chromium here")
        return []
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (only where there is a browser)

    from scanner.frames import CONDITIONS, film, frame, jpeg  # noqa: PLC0415
    from scanner.gate_node import GateNode  # noqa: PLC0415
    from scanner.phones import Phone  # noqa: PLC0415

    base = Path(tempfile.mkdtemp())
    node = GateNode(base)
    texts = [node.text("good", number) for number in range(12)]
    path = base / "film.mjpeg"
    film(path, [(frame(texts[n % 4], CONDITIONS[n % 4], n), 24) for n in range(8)])
    args = [
        "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]  # fmt: skip
    with node.serve() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=args)
        try:
            read, missed, looks = _read(browser, address, texts, CONDITIONS, frame, jpeg)
            took = _answers(Phone(browser, address), node.gate)
        finally:
            browser.close()
    print(f"camera_success: missed {missed or 'none'}; looks at most {max(looks)}, median {median(looks)}")
    print(f"frame_to_colour_ms: median {median(took):.1f}, most {max(took):.1f}, {len(took)} answers")
    p95 = sorted(took)[int(0.95 * len(took))]
    return [
        figure("camera_success", read / FRAMES, "of 200 frames", limit=1),
        figure("frame_to_colour_ms", p95, "ms, p95", limit=100),
    ]


def _read(browser, address, texts, conditions, frame, jpeg):
    """Let the page look at every frame as at frames of its camera; (read, missed by condition, looks of those read)."""
    page = browser.new_context(service_workers="block").new_page()
    page.goto(f"{address}/scan/scan.css")
    script = """async ([data, tries]) => {
        const { look } = await import("/scan/js/camera.js");
        const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
        return look(await createImageBitmap(new Blob([bytes], { type: "image/jpeg" })), tries);
    }"""
    read, missed, looks = 0, {}, []
    for number in range(FRAMES):
        text, condition = texts[number % len(texts)], conditions[number % len(conditions)]
        data = base64.b64encode(jpeg(frame(text, condition, 1_000 + number))).decode()
        seen = page.evaluate(script, [data, TRIES])
        if seen["text"] == text:
            read += 1
            looks.append(seen["frames"])
        else:
            missed[condition] = missed.get(condition, 0) + 1
    page.close()
    return read, missed, looks


def _answers(phone, gate):
    """Scan what the camera shows until there are enough answers; milliseconds from frame to colour of each."""
    phone.enrol("bench-1", gate)
    for _ in range(ANSWERS):
        phone.on("answer")
        phone.page.wait_for_timeout(50)
        phone.page.click("[data-do=next]")
    took = [
        phone.page.evaluate("(name) => performance.getEntriesByName(name).map((entry) => entry.duration)", name)[5:]
        for name in ("frame-to-code", "frame-to-stored", "frame-to-colour")
    ]
    phone.close()
    steps = ", ".join(f"{word} {median(one):.1f}" for word, one in zip(("read", "stored", "shown"), took, strict=True))
    print(f"frame_to_colour_ms: medians from the frame on: {steps}")
    return took[2]
