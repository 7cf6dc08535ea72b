"""Six words at a phone: said, typed or told as numbers; wrong ones cost a wait that outlives a reload."""

import json

import pytest

from browser.served import NEEDS_CHROMIUM, ROOT
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.issue_passes import Leg, Strip
from safeconduct.workflows.issue_spoken import issue_spoken
from safeconduct.workflows.publish_bundle import publish_bundle
from scanner.gate_node import BEGIN, GateNode
from scanner.phones import Phone, send, stored
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scanner-spoken"), NEEDS_CHROMIUM]
WRONG = "abandon ability able about above absent"


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """A gate's node whose bundle knows words of eight groups, one of them for another gate."""
    made = GateNode(tmp_path_factory.mktemp("spoken"))
    here = open_node(made.config)
    with here.store.reading() as tx:
        groups = [(group, heads) for group, heads, _, _ in tx.roll.groups()]
        taken = {row.group for row in tx.passes.of_groups([group for group, _ in groups])}
    free = sorted((g for g in groups if g[0] not in taken), key=lambda g: (-g[1], g[0]))[:8]
    gates = [made.gate] * 7 + [made.other_gate]
    strips = [Strip(group, (Leg(gate, BEGIN, 8 * HOUR),)) for (group, _), gate in zip(free, gates, strict=True)]
    made.spoken = []
    issue_spoken(here, strips, subject=PASSAGE, purpose=PURPOSE, show=made.spoken.extend)
    publish_bundle(here)
    close_node(here)
    return made


@pytest.fixture
def phone(chromium, address):
    made = Phone(chromium, address)
    yield made
    made.close()
    assert made.said == []


def open_words(phone, screen="#scan"):
    """Press the button and wait for the screen: keys pressed before would go nowhere."""
    phone.page.click(f"{screen} [data-do=say]")
    phone.on("say")


def say(phone, words, *, again=False):
    """Type words as somebody hears them, one after the other, and wait for the answer."""
    open_words(phone, "#answer" if again else "#scan")
    for word in words:
        phone.page.locator("#say-word").press_sequentially(f"{word} ")
    phone.page.click("#say-check")
    phone.on("answer")


@pytest.mark.seed("S-11")
def test_six_words_open_the_gate_once_and_their_event_says_that_nothing_was_carried(node, address, phone):
    phone.enrol("words-1", node.gate)
    phone.ready_offline()
    phone.context.set_offline(True)
    phone.page.reload()
    phone.on("scan")
    one = node.spoken[0]
    say(phone, one.words)
    assert phone.answer == ("go", "ok", "PASS")
    expect(phone.page.locator("#count")).to_contain_text(str(one.heads))
    phone.next()
    say(phone, [word.upper() for word in one.words])
    assert phone.answer[:2] == ("stop", "used-here")
    phone.next()
    say(phone, node.spoken[7].words)
    assert phone.answer[:2] == ("stop", "wrong-point")
    phone.next()
    phone.context.set_offline(False)
    send(phone)
    assert [(kind, reason, note) for kind, reason, _, _, note in stored(node, "words-1")[1]] == [
        ("admit", "ok", "spoken"), ("refuse", "used-here", "spoken"), ("refuse", "wrong-point", "spoken"),
    ]  # fmt: skip


def test_numbers_and_beginnings_of_words_do_as_well(node, address, phone):
    phone.enrol("words-2", node.gate)
    open_words(phone)
    persian = "".join(node.spoken[1].numbers).translate({0x30 + d: 0x6F0 + d for d in range(10)})
    phone.page.locator("#say-word").press_sequentially(persian)
    assert phone.page.locator("#say-slots .told").all_inner_texts() == list(node.spoken[1].words)
    phone.page.click("#say-check")
    phone.on("answer")
    assert phone.answer[1] == "ok"
    phone.next()
    open_words(phone)
    for word in node.spoken[2].words:
        phone.page.locator("#say-word").press_sequentially(word[:4])
        phone.page.get_by_role("button", name=word, exact=True).click()
    phone.page.click("#say-check")
    phone.on("answer")
    assert phone.answer[1] == "ok"
    phone.next()
    open_words(phone)
    phone.page.fill("#say-word", " ".join(node.spoken[3].words))
    phone.page.press("#say-word", "Enter")
    phone.page.click("#say-check")
    phone.on("answer")
    assert phone.answer[1] == "ok"


def test_a_word_that_is_in_no_list_is_not_taken(node, address, phone):
    phone.enrol("words-3", node.gate)
    open_words(phone)
    phone.page.locator("#say-word").press_sequentially("abacus ")
    assert phone.page.is_visible("#say-unknown")
    expect(phone.page.locator("#say-slots .told")).to_have_count(0)
    assert phone.page.is_disabled("#say-check")
    phone.page.fill("#say-word", "")
    phone.page.locator("#say-word").press_sequentially("zoo zone ")
    phone.page.click("#say-delete")
    assert phone.page.locator("#say-slots .told").all_inner_texts() == ["zoo"]


def test_after_three_wrong_answers_the_wait_is_shown_and_a_reload_does_not_end_it(node, address, phone):
    phone.enrol("words-4", node.gate)
    for number in range(3):
        say(phone, WRONG.split(), again=number > 0)
        assert phone.answer == ("ask", "binding-failed", "ASK")
        expect(phone.page.locator("#words-form")).to_be_hidden()
    assert phone.page.locator("#answer [data-do=say]").is_hidden(), "no fourth guess at once"
    assert "1m" in phone.page.inner_text("#next") or "60s" in phone.page.inner_text("#next")
    phone.page.reload()
    phone.on("scan")
    open_words(phone)
    expect(phone.page.locator("#say-wait")).to_contain_text("again in")
    assert phone.page.is_hidden("#say-word")
    assert phone.page.is_disabled("#say-check")
    phone.page.click("#say [data-do=scan]")
    phone.type(node.text("words"))
    assert phone.page.is_visible("#words-form"), "passes that are carried are counted apart"
    phone.next()
    phone.page.clock.install()
    phone.page.clock.fast_forward(61_000)
    say(phone, node.spoken[4].words)
    assert phone.answer[1] == "ok"
    phone.next()
    send(phone)
    assert [kind for kind, *_ in stored(node, "words-4")[1]] == ["refuse"] * 3 + ["admit"]


def test_words_used_at_two_phones_without_network_are_a_conflict_at_the_node(node, chromium, address):
    phones = [Phone(chromium, address), Phone(chromium, address)]
    for number, phone in enumerate(phones):
        phone.enrol(f"words-twin-{number}", node.gate)
        phone.ready_offline()
        phone.context.set_offline(True)
        say(phone, node.spoken[5].words)
        assert phone.answer[1] == "ok"
        phone.next()
    for phone in phones:
        phone.context.set_offline(False)
        send(phone)
        phone.close()
    here = open_node(node.config)
    with here.store.reading() as tx:
        found = [(batch[:4].hex(), index) for batch, index, *_ in tx.devices.conflicts()]
    close_node(here)
    assert node.spoken[5].serial in {f"{key_id}-{index}" for key_id, index in found}


def test_the_vectors_of_spoken_passes_come_out_as_stated_in_the_browser(chromium, address):
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/scan/vectors.mjs", lambda route: route.fulfill(
        path=ROOT / "tests" / "scanner" / "vectors.mjs", content_type="text/javascript"))  # fmt: skip
    page.goto(f"{address}/scan/")
    run = """async (told) => {
        globalThis.SCANNER = location.origin + "/scan/";
        const vectors = await import("/scan/vectors.mjs");
        const { argon2id } = await import("/scan/js/workers.js");
        return vectors.spokenPasses(await vectors.readers(), told, argon2id);
    }"""
    told = json.loads((ROOT / "spec" / "vectors" / "spoken-pass.json").read_text("utf-8"))
    assert page.evaluate(run, told) == []
    context.close()


def test_the_pages_words_are_the_nodes():
    from tools import make_scanner_words as tool  # noqa: PLC0415

    assert tool.FILE.read_text("utf-8") == tool.words()
    assert (ROOT / "src/safeconduct/web/scanner/say.css").exists()
