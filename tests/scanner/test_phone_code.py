"""A traveller's phone and a guard's phone, both without a network: the second code opens a pass, another one does not."""

import re
from io import BytesIO

import pytest

from browser.served import CHROMIUM, NEEDS_CHROMIUM
from safeconduct.passes.holding import pass_link, read_key
from safeconduct.passes.pass_format import qr, to_text
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.bind_passes import issue_to_phones
from safeconduct.workflows.issue_passes import Leg, Strip
from safeconduct.workflows.publish_bundle import publish_bundle
from scanner.frames import film, frame
from scanner.gate_node import BEGIN
from scanner.phones import PHONE, Phone, send, stored
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scanner-phone-code"), NEEDS_CHROMIUM]


class Traveller:
    """One browser context with the travellers' own page open."""

    def __init__(self, browser, address, *, locale="en-GB", **options):
        self.address = address
        self.context = browser.new_context(locale=locale, **PHONE, **options)
        self.page, self.said = self.context.new_page(), []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda e: self.said.append(str(e)))
        self.open()

    def _said(self, message):
        if message.type in ("error", "warning") and "ERR_INTERNET_DISCONNECTED" not in message.text:
            self.said.append(message.text)

    def set_clock(self, seconds):
        """Put the phone's clock so far from the one that it began with."""
        if not hasattr(self, "began"):
            self.began = self.page.evaluate("Date.now()") / 1_000
            self.page.clock.install(time=self.began)  # setting it at once would begin in 1970
        self.page.clock.set_system_time(self.began + seconds)

    def add(self, text):
        """Type or paste the text or link of a pass."""
        self.page.fill("#add-text", text)
        self.page.click("#add-form button")

    def open(self, fragment=""):
        self.page.goto(f"{self.address}/scan/hold{fragment}")
        self.page.wait_for_selector("body[data-screen=home], body[data-screen=no-key]")

    def on(self, screen):
        self.page.wait_for_selector(f"body[data-screen={screen}]")

    @property
    def key(self):
        return self.page.locator("#key-text").input_value()

    def go_offline(self):
        self.page.wait_for_selector("body[data-offline-ready=yes]", timeout=60_000)
        self.context.set_offline(True)
        self.page.reload()
        self.on("home")

    def picture(self):
        """What the guard's camera sees of the phone."""
        return self.page.locator("#show-picture").screenshot()

    def second_code(self, point, place=0):
        """Show the second code for a control point; return its text and a picture of it."""
        if self.page.get_attribute("body", "data-screen") == "show":
            self.page.click("#show [data-home]")
            self.on("home")
        card = self.page.locator("#passes li").nth(place)
        card.locator("input").fill(point)
        card.get_by_role("button", name="Second code").click()
        self.on("show")
        self.page.locator("#show-title", has_text="Second code for").wait_for()
        return self.page.locator("#show-text").input_value(), self.picture()

    def close(self):
        self.context.close()


def bind(node, keys):
    """Issue a pass for the first gate to a group of its own for each key, and publish; return their texts."""
    here = open_node(node.config)
    try:
        with here.store.reading() as tx:
            taken = {row.group for row in tx.passes.of_groups([g for g, *_ in tx.roll.groups()])}
            free = [group for group, heads, *_ in tx.roll.groups() if group not in taken and heads]
        phones = {group: read_key(key) for group, key in zip(free, keys, strict=False)}
        strips = [Strip(group, (Leg(node.gate, BEGIN, 8 * HOUR),)) for group in phones]
        made = issue_to_phones(here, strips, phones, subject=PASSAGE, purpose=PURPOSE)
        publish_bundle(here)
        return [to_text(one.raw) for one in made]
    finally:
        close_node(here)


def photo(phone, picture, name="photo.png"):
    phone.page.set_input_files("#photo", {"name": name, "mimeType": "image/png", "buffer": picture})


def png(text):
    out = BytesIO()
    qr(text).save(out, kind="png", scale=6, border=4)
    return out.getvalue()


def answer(phone, picture):
    """Ask for the second code, photograph it, and wait for what the guard's phone says."""
    phone.page.click("#answer [data-do=proof]")
    phone.on("scan")
    photo(phone, picture)
    phone.on("answer")
    return phone.answer


@pytest.mark.seed("S-11", "S-17")
def test_two_phones_without_a_network_and_only_the_right_code_opens(node, chromium, address):
    traveller, guard = Traveller(chromium, address), Phone(chromium, address)
    texts = bind(node, [traveller.key] * 2)
    for text in texts:
        traveller.page.set_input_files("#add-photo", {"name": "pass.png", "mimeType": "image/png", "buffer": png(text)})
        traveller.page.locator("#passes li").nth(texts.index(text)).wait_for()
    traveller.go_offline()
    expect(traveller.page.locator("#passes li[data-state=ours]"), "key and passes outlive a reload").to_have_count(2)
    guard.enrol("phone-gate", node.gate)
    guard.ready_offline()
    guard.context.set_offline(True)
    guard.type(texts[0])
    assert guard.answer == ("ask", "binding-needed", "ASK")
    expect(guard.page.locator("#next"), "the guard can tell the control point").to_contain_text(node.gate)
    expect(guard.page.locator("#words-form")).to_be_hidden()
    _, other_point = traveller.second_code(node.other_gate)
    assert answer(guard, other_point) == ("ask", "binding-failed", "ASK")
    _, other_pass = traveller.second_code(node.gate, place=1)
    assert answer(guard, other_pass) == ("ask", "binding-failed", "ASK")
    traveller.set_clock(20 * 60)
    early_text, early = traveller.second_code(node.gate)
    assert answer(guard, early) == ("ask", "binding-failed", "ASK")
    traveller.set_clock(0)
    text, right = traveller.second_code(node.gate)
    assert text != early_text
    assert answer(guard, right) == ("go", "ok", "PASS")
    guard.next()
    guard.type(texts[0])
    assert guard.answer[1] == "used-here"
    guard.next()
    guard.context.set_offline(False)
    send(guard)
    events = [(kind, reason) for kind, reason, *_ in stored(node, "phone-gate")[1]]
    assert events == [*[("refuse", "binding-failed")] * 3, ("admit", "ok"), ("refuse", "used-here")]
    for one in (traveller, guard):
        one.close()
        assert one.said == []


def test_the_code_is_drawn_anew_each_minute(node, chromium, address):
    traveller = Traveller(chromium, address)
    traveller.add(bind(node, [traveller.key])[0])
    traveller.page.locator("#passes li").wait_for()
    before, _ = traveller.second_code(node.gate)
    traveller.set_clock(61)
    traveller.page.wait_for_function("(old) => document.getElementById('show-text').value !== old", arg=before)
    expect(traveller.page.locator("#show-clock")).to_contain_text("clock")
    traveller.close()
    assert traveller.said == []


def test_a_link_brings_the_pass_and_its_control_point_and_does_not_stay_in_the_address(node, chromium, address):
    traveller = Traveller(chromium, address)
    (text,) = bind(node, [traveller.key])
    traveller.page.goto(pass_link(f"{address}/scan/hold", text, node.gate))
    traveller.page.locator("#passes li[data-state=ours]").wait_for()
    assert traveller.page.url == f"{address}/scan/hold"
    assert traveller.page.locator("#passes input").input_value() == node.gate
    traveller.page.reload()
    traveller.page.locator("#passes li").get_by_role("button", name="Second code").click()
    traveller.page.locator("#show-title", has_text=re.compile(f"Second code for .{node.gate}")).wait_for()
    traveller.close()
    assert traveller.said == []


def test_the_page_says_what_it_cannot_show(node, chromium, address):
    traveller, other = Traveller(chromium, address), Traveller(chromium, address)
    (theirs,) = bind(node, [other.key])
    traveller.add("SC1:NOTHING")
    traveller.page.locator("#add-fault", has_text="not a pass").wait_for()
    for text, state in ((theirs, "another"), (node.text("good"), "plain"), (node.text("words"), "plain")):
        traveller.add(text)
        card = traveller.page.locator("#passes li", has_text="pass").last
        traveller.page.locator(f"#passes li[data-state={state}]").last.wait_for()
        expect(card.get_by_role("button", name="Second code")).to_have_count(0)
    traveller.page.locator("#passes li").nth(2).wait_for()
    expect(traveller.page.locator("#passes li")).to_have_count(3)
    traveller.page.locator("#passes li").first.get_by_role("button", name="Show the pass").click()
    traveller.on("show")
    expect(traveller.page.locator("#show-code")).to_be_hidden()
    traveller.page.click("#show [data-home]")
    traveller.page.locator("#passes li").first.get_by_role("button", name="Remove").click()
    traveller.page.locator("#passes li").nth(2).wait_for(state="detached")
    (ours,) = bind(node, [traveller.key])
    traveller.add(ours)
    traveller.page.locator("#passes li[data-state=ours]").get_by_role("button", name="Second code").click()
    traveller.page.locator("#notice", has_text="control point first").wait_for()
    assert traveller.page.evaluate("document.activeElement.id") == "point-2"
    for one in (traveller, other):
        one.close()
        assert one.said == []


def test_the_key_cannot_be_read_out_and_everything_can_be_deleted(node, chromium, address):
    traveller = Traveller(chromium, address)
    kept = """async () => {
        const open = indexedDB.open("safeconduct-hold");
        const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
        const asked = database.transaction("kept").objectStore("kept").get("key");
        const key = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
        database.close();
        if (!key) return null;
        const out = await crypto.subtle.exportKey("pkcs8", key.handle).then(() => "readable", (error) => error.name);
        return [key.keeper, key.handle.extractable, out, Object.keys(key).sort().join()];
    }"""
    assert traveller.page.evaluate(kept) == ["browser", False, "InvalidAccessError", "handle,keeper,public"]
    before = traveller.key
    traveller.add(bind(node, [before])[0])
    traveller.page.locator("#passes li").wait_for()
    traveller.page.click("#forget")
    traveller.page.click("#forget-no")
    expect(traveller.page.locator("#forget-ask")).to_be_hidden()
    traveller.page.click("#forget")
    traveller.page.click("#forget-yes")
    traveller.page.wait_for_function(
        "(old) => ![old, ''].includes(document.getElementById('key-text').value)", arg=before
    )
    expect(traveller.page.locator("#passes li")).to_have_count(0)
    assert traveller.page.inner_text("#key-kept")
    traveller.close()
    assert traveller.said == []


def test_the_camera_of_the_travellers_phone_takes_a_pass_from_paper(playing, node, address, tmp_path):
    first = node.text("good", 5)
    film(tmp_path / "pass.mjpeg", [(frame(first, "plain", 1), 60)])
    browser = playing.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={tmp_path / 'pass.mjpeg'}",
        ],
    )  # fmt: skip
    traveller = Traveller(browser, address)
    traveller.page.click("#add-camera")
    traveller.page.locator("#passes li").wait_for()
    assert traveller.page.get_attribute("body", "data-screen") == "home"
    assert traveller.page.evaluate("document.getElementById('video').srcObject === null"), "the camera is let go"
    traveller.page.get_by_role("button", name="Show the pass").click()
    traveller.on("show")
    traveller.page.locator("#show-title", has_text="My pass").wait_for()
    assert traveller.page.locator("#show-text").input_value() == first
    browser.close()
    assert traveller.said == []


def test_a_browser_without_ed25519_is_told_so_and_keeps_no_key(chromium, address):
    context = chromium.new_context(**PHONE)
    context.add_init_script(
        "crypto.subtle.generateKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))"
    )
    page = context.new_page()
    page.goto(f"{address}/scan/hold")
    page.wait_for_selector("body[data-screen=no-key]")
    expect(page.locator("#no-key")).to_contain_text("cannot keep such a key")
    expect(page.locator("#key-text")).to_be_hidden()
    context.close()


def test_the_guard_may_read_the_codes_in_the_wrong_order_or_type_the_second(node, chromium, address):
    traveller, guard = Traveller(chromium, address), Phone(chromium, address)
    (text,) = bind(node, [traveller.key])
    traveller.add(text)
    traveller.page.locator("#passes li").wait_for()
    guard.enrol("phone-order", node.gate)
    code, picture = traveller.second_code(node.gate)
    photo(guard, picture)
    guard.page.locator("#aim", has_text="Scan the pass first").wait_for()
    guard.type(text)
    guard.page.click("#answer [data-do=proof]")
    guard.on("scan")
    photo(guard, png(text))
    guard.page.locator("#aim", has_text="That is the pass again").wait_for()
    guard.page.click("[data-do=proof-back]")
    assert guard.answer == ("ask", "binding-needed", "ASK")
    guard.page.click("#answer [data-do=proof]")
    guard.page.click("[data-do=type]")
    assert guard.page.inner_text("#type-label") == "Text under the second code"
    guard.page.fill("#text", code)
    guard.page.locator("#typed button.main").click()
    guard.page.wait_for_selector("#answer[data-tone=go]")
    guard.next()
    guard.page.click("[data-do=type]")
    assert guard.page.inner_text("#type-label") == "Text of the pass"
    for one in (traveller, guard):
        one.close()
        assert one.said == []


def test_another_pass_instead_of_the_second_code_is_decided_on_by_itself(node, chromium, address):
    traveller, guard = Traveller(chromium, address), Phone(chromium, address)
    (text,) = bind(node, [traveller.key])
    guard.enrol("phone-other", node.gate)
    guard.type(text)
    guard.page.click("#answer [data-do=proof]")
    guard.on("scan")
    photo(guard, png(node.text("good", 3)))
    guard.on("answer")
    assert guard.answer[1] == "ok"
    guard.next()
    assert guard.page.locator("[data-do=proof-back]").is_hidden()
    for one in (traveller, guard):
        one.close()
        assert one.said == []


@pytest.mark.parametrize("tag", ["en", "prs", "ps", "ar", "uk"])
def test_the_page_speaks_each_language_and_fits_a_phone(tag, node, chromium, address):
    context = chromium.new_context(**PHONE)
    context.add_init_script(f"localStorage.setItem('language', '{tag}')")
    page = context.new_page()
    page.goto(f"{address}/scan/hold")
    page.wait_for_selector("body[data-screen=home]")
    told = page.evaluate(
        """async (tag) => {
        const { LANGUAGES } = await import("/scan/js/i18n.js");
        const own = LANGUAGES[tag].strings;
        const keys = Object.keys(LANGUAGES.en.strings).filter((key) => /^h\\.|-phone/.test(key));
        return { missing: keys.filter((key) => !own[key]), keys: keys.length, dir: document.documentElement.dir,
                 same: keys.filter((key) => tag !== "en" && own[key] === LANGUAGES.en.strings[key]),
                 wide: document.documentElement.scrollWidth, title: document.querySelector("#home h1").textContent,
                 own: own["h.title"] };
    }""",
        tag,
    )
    assert told["missing"] == [] and told["same"] == [] and told["keys"] > 30
    assert told["dir"] == ("rtl" if tag in {"prs", "ps", "ar"} else "ltr")
    assert told["wide"] <= PHONE["viewport"]["width"] and told["title"] == told["own"]
    context.close()
