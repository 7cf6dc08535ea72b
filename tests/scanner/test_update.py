"""A new version of the page waits until the guard says so; an older phone works by the page's own means."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from browser.served import NEEDS_CHROMIUM
from safeconduct.web.scanner.files import HEADERS, scanner_files
from scanner.phones import Phone, send, stored

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scanner-page"), NEEDS_CHROMIUM]


@pytest.fixture
def versions():
    """A server of the page whose version can be changed: (address, {"version": …})."""
    state = {"version": "1"}

    class Files(BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.removeprefix("/scan/")
            found = scanner_files().get(name)
            self.send_response(200 if found else 404)
            for header, value in HEADERS.items():
                self.send_header(header, value)
            self.send_header("Content-Type", found.media_type if found else "text/plain")
            self.end_headers()
            body = found.body if found else b""
            if name == "sw.js":
                rest = body.partition(b"\n")[2]
                body = f'const VERSION = "{state["version"]}";\n'.encode() + rest
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", state
    server.shutdown()


def caches(page):
    return page.evaluate("caches.keys()")


def test_a_new_version_asks_first_and_takes_over_when_told(versions, chromium):
    address, state = versions
    phone = Phone(chromium, address)
    phone.page.goto(f"{address}/scan/")
    phone.ready_offline()
    assert caches(phone.page) == ["safeconduct-scanner-1"]
    state["version"] = "2"
    phone.page.reload()
    update = phone.page.locator("#update")
    update.wait_for()
    assert sorted(caches(phone.page)) == ["safeconduct-scanner-1", "safeconduct-scanner-2"]
    phone.page.click("[data-do=later]")
    phone.page.wait_for_timeout(6_000)
    assert update.is_hidden(), "once told later, it asks no more before the next start"
    phone.page.reload()
    update.wait_for()
    with phone.page.expect_navigation():
        phone.page.click("[data-do=update]")
    phone.on("enrol")
    phone.ready_offline()
    assert caches(phone.page) == ["safeconduct-scanner-2"]
    phone.close()


def test_a_phone_without_the_browsers_ed25519_decides_signs_and_sends_all_the_same(node, address, chromium):
    phone = Phone(chromium, address)
    phone.context.add_init_script(
        """for (const name of ["importKey", "generateKey"]) {
            const native = SubtleCrypto.prototype[name];
            SubtleCrypto.prototype[name] = function (...given) {
                if (given.includes("Ed25519")) return Promise.reject(new DOMException("", "NotSupportedError"));
                return native.apply(this, given);
            };
        }"""
    )
    phone.enrol("old-1", node.gate)
    phone.type(node.text("good"))
    assert phone.answer == ("go", "ok", "PASS")
    phone.next()
    phone.page.click("[data-do=menu]")
    phone.page.locator("#facts", has_text="older phone").wait_for()
    facts = phone.page.inner_text("#facts")
    assert "older phone" in facts and "this page's own" in facts
    phone.page.click("#menu [data-do=scan]")
    send(phone)
    assert [kind for kind, *_ in stored(node, "old-1")[1]] == ["admit"]
    phone.close()
    assert phone.said == []


def test_a_second_window_does_not_write_into_the_same_log(node, address, chromium):
    phone = Phone(chromium, address)
    phone.enrol("window-1", node.gate)
    second = phone.new_page()
    second.goto(f"{address}/scan/")
    second.locator("#notice", has_text="open in another window").wait_for()
    assert second.get_attribute("body", "data-screen") == "loading"
    phone.close()
