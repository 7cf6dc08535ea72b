"""Draw sample pages and photograph them with Chromium: `python tools/shots.py [FOLDER] [NAME…]`."""

import sys
from pathlib import Path

from playwright.sync_api import Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "unit" / "web")]

import room_samples as samples  # noqa: E402  (found by the path above)

from safeconduct.web.pages import render  # noqa: E402

SIZES = {"laptop": (1366, 768), "phone": (390, 844)}
CSP = "default-src 'self'"
HOST = "http://room.test"  # never asked: every request is answered here


def pages() -> dict[str, str]:
    """Return each sample page by name."""
    around = render.Page.of(samples.busy())
    return {
        "room": render.render_room(samples.busy()),
        "partner": render.render_room(samples.partner()),
        "empty": render.render_room(samples.empty()),
        "crowded": render.render_room(samples.crowded()),
        "rtl": render.render_room(samples.right_to_left(), lang="fa"),
        "account": render.render_account(samples.incident("2021-09-17"), around),
        "account-early": render.render_account(samples.incident("2021-08-27"), around),
        "agreement": render.render_agreement(samples.agreement(), around),
        "release": render.render_release(samples.release(), around),
        "pass": render.render_decision_page(samples.PASS, around),
        "no": render.render_decision_page(samples.NO, around),
        "ask": render.render_decision_page(samples.ASK, around),
        "signin": render.render_sign_in(around, error="name or password do not fit"),
        "error": render.render_error(
            around,
            status=404,
            code="unknown-release",
            message="no such release",
            next_step="Look at the list of warnings.",
        ),
    }


def main(folder: Path, wanted: list[str]) -> None:
    """Write NAME-SIZE.png and NAME-SIZE-dark.png of each wanted page, and report what the browser complained of."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = pages()

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST).split("?")[0]
        if path.startswith("/static/"):
            route.fulfill(path=render.STATIC / path.removeprefix("/static/"))
        elif path == "/version":
            route.fulfill(body="9123", content_type="application/json")
        elif path == "/decide":
            route.fulfill(body=render.render_decision(samples.PASS), content_type="text/html")
        else:
            body = drawn.get(path.strip("/"), "")
            route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": CSP})

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name in wanted or drawn:
            for size, (width, height) in SIZES.items():
                for scheme in ("light", "dark"):
                    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                    page = context.new_page()
                    page.on("console", lambda message: print("console:", message.text))
                    page.on("pageerror", lambda error: print("error:", error))
                    page.route("**/*", answer)
                    page.goto(f"{HOST}/{name}")
                    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    if overflow > 0:
                        print(f"{name} {size}: {overflow} px wider than the screen")
                    stem = f"{name}-{size}" + ("-dark" if scheme == "dark" else "")
                    if scheme == "light":
                        page.screenshot(path=folder / f"{stem}-full.png", full_page=True)
                    page.screenshot(path=folder / f"{stem}.png")
                    context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "/tmp/shots"), sys.argv[2:])  # noqa: S108  (pictures of samples)
