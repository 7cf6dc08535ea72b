"""The scanner page in a real browser: what a guard sees, what is kept, what reaches the node, and what when it cannot."""

import json
import re

import pytest

from browser.served import NEEDS_CHROMIUM, ROOT
from safeconduct.wiring import close_node, open_node
from scanner.phones import Phone, send, stored

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scanner-page"), NEEDS_CHROMIUM]
FILE = ROOT / "spec" / "vectors"


@pytest.fixture
def phone(chromium, address):
    """A phone that is not enrolled; its console stays silent."""
    made = Phone(chromium, address)
    yield made
    made.close()
    assert made.said == []


@pytest.mark.seed("S-11", "S-17")
def test_a_phone_is_enrolled_by_one_code_scans_and_its_events_reach_the_node(node, address, phone):
    phone.enrol("gate-1", node.gate)
    seen = []
    for kind in ("good", "good", "later", "elsewhere"):
        phone.type(node.text(kind))
        seen.append(phone.answer)
        phone.next()
    phone.type("SC1:NOTHING")
    seen.append(phone.answer)
    phone.next()
    assert seen == [
        ("go", "ok", "PASS"), ("stop", "used-here", "STOP"), ("stop", "not-yet", "NOT YET"),
        ("stop", "wrong-point", "NOT HERE"), ("ask", "malformed", "SCAN AGAIN"),
    ]  # fmt: skip
    assert phone.unsent == 5
    send(phone)
    row, events = stored(node, "gate-1")
    assert (row.epoch, row.upto_seq) == (1, 5)
    assert [(kind, reason) for kind, reason, *_ in events] == [
        ("admit", "ok"), ("refuse", "used-here"), ("refuse", "not-yet"), ("refuse", "wrong-point"), ("refuse", "malformed"),
    ]  # fmt: skip


def test_words_are_asked_for_checked_and_limited(node, address, phone):
    phone.enrol("gate-2", node.gate)
    issued = node.passes["words"][0]
    phone.type(node.text("words"))
    assert phone.answer == ("ask", "binding-needed", "ASK")
    assert phone.unsent == 0, "a pass that waits for its words is no refusal yet"
    for _ in range(3):
        phone.page.fill("#words", "abandon ability able about")
        phone.page.click("#words-form button")
        phone.page.locator("#line", has_text="wrong").wait_for()
        phone.page.locator("#next").filter(has_not_text="One moment").wait_for()
    assert "1m" in phone.page.inner_text("#next") or "60s" in phone.page.inner_text("#next")
    expect(phone.page.locator("#words-form"), "no fourth guess at once").to_be_hidden()
    phone.next()
    phone.type(node.text("words", 1))
    phone.page.fill("#words", f"  {node.passes['words'][1].words.upper()} ")
    phone.page.click("#words-form button")
    phone.page.wait_for_selector("#answer[data-tone=go]")
    phone.next()
    send(phone)
    assert [kind for kind, *_ in stored(node, "gate-2")[1]] == ["refuse"] * 3 + ["admit"]
    assert issued.words not in json.dumps(phone.page.evaluate("Object.entries(localStorage)"))


def test_an_override_needs_a_held_button_and_a_reason_and_is_an_event_beside_the_refusal(node, address, phone):
    phone.enrol("gate-3", node.gate)
    phone.type(node.text("later", 1))
    phone.page.click("#hold")
    phone.page.wait_for_timeout(300)
    assert phone.page.get_attribute("body", "data-screen") == "answer", "a touch is not enough"
    box = phone.page.locator("#hold").bounding_box()
    phone.page.mouse.move(box["x"] + 20, box["y"] + 20)
    phone.page.mouse.down()
    phone.on("override")
    phone.page.mouse.up()
    phone.page.get_by_label("somebody needs a doctor at once").check()
    phone.page.fill("#o-note", "duty officer")
    phone.page.click("#override button.main")
    phone.page.wait_for_selector("#answer[data-tone=go]")
    phone.next()
    send(phone)
    events = stored(node, "gate-3")[1]
    assert [(kind, reason, note) for kind, reason, _, _, note in events] == [
        ("refuse", "not-yet", ""), ("override", "not-yet", "medical: duty officer"),
    ]  # fmt: skip


def pass_of_many(node):
    """Text of a pass for more than one person that no other test uses."""
    from safeconduct.passes.pass_format import decode_payload, to_text  # noqa: PLC0415

    raws = [issued.raw for issued in node.passes["good"][3:] if decode_payload(issued.raw[:32]).heads > 2]
    return to_text(raws[0]), decode_payload(raws[0][:32])


def test_taking_back_and_fewer_heads_are_counted_as_they_happened(node, address, phone):
    phone.enrol("gate-4", node.gate)
    text, fields = pass_of_many(node)
    phone.type(text)
    expect(phone.page.locator("#count")).to_contain_text(f"{fields.heads} people")
    phone.page.click("[data-do=fewer]")
    phone.page.locator("#pad button", has_text="2").first.click()
    phone.page.wait_for_selector("#answer[data-tone=go]")
    expect(phone.page.locator("#count")).to_contain_text("2 people")
    phone.next()
    phone.type(node.text("good", 1))
    phone.page.click("[data-do=undo]")
    phone.on("scan")
    phone.type(node.text("good", 1))
    assert phone.answer[1] == "ok", "what was taken back can be used again"
    phone.next()
    send(phone)
    events = stored(node, "gate-4")[1]
    assert [(kind, reason, heads) for kind, reason, heads, index, _ in events if index == fields.index] == [
        ("taken-back", "ok", fields.heads), ("note", "undo", fields.heads), ("admit", "ok", 2),
    ]  # fmt: skip
    assert [kind for kind, *_ in events].count("taken-back") == 2


def test_it_works_in_flight_mode_after_a_reload(node, address, phone):
    phone.enrol("gate-6", node.gate)
    phone.ready_offline()
    phone.context.set_offline(True)
    phone.page.reload()
    phone.on("scan")
    phone.type(node.text("good", 2))
    assert phone.answer == ("go", "ok", "PASS")
    expect(phone.page.locator("#foot-net")).to_contain_text("offline")
    phone.page.reload()
    phone.on("scan")
    phone.page.locator("#foot-unsent", has_text="1 unsent").wait_for()
    phone.type(node.text("good", 2))
    assert phone.answer[1] == "used-here", "what was stored before the colour showed outlives a reload"
    phone.next()
    phone.type(node.text("words", 2))
    phone.page.fill("#words", node.passes["words"][2].words)
    phone.page.click("#words-form button")
    phone.page.wait_for_selector("#answer[data-tone=go]")
    phone.next()
    phone.context.set_offline(False)
    send(phone)
    assert len(stored(node, "gate-6")[1]) == 3


def test_one_pass_at_two_phones_without_network_is_a_conflict_at_the_node(node, chromium, address):
    text = node.text("good", -1)
    phones = [Phone(chromium, address), Phone(chromium, address, locale="ar")]
    for number, phone in enumerate(phones):
        phone.context.add_init_script("localStorage.setItem('language', 'en')")
        phone.enrol(f"twin-{number}", node.gate)
        phone.ready_offline()
        phone.context.set_offline(True)
        phone.type(text)
        assert phone.answer[1] == "ok"
        phone.next()
    for phone in phones:
        phone.context.set_offline(False)
        send(phone)
        phone.close()
    here = open_node(node.config)
    with here.store.reading() as tx:
        found = [json.loads(body) for _, _, body, _, _ in tx.devices.conflicts()]
    close_node(here)
    assert [sorted(use["device"] for use in one["uses"]) for one in found] == [["twin-0", "twin-1"]]


def test_a_phone_whose_storage_was_evicted_comes_back_with_a_new_epoch_and_the_gap_is_shown(node, chromium, address):
    phone = Phone(chromium, address)
    phone.enrol("lost-1", node.gate)
    phone.type("SC1:ONE")
    phone.next()
    send(phone)
    phone.ready_offline()
    phone.context.set_offline(True)
    phone.type("SC1:TWO")
    phone.next()
    phone.page.goto("about:blank")  # before it is online again: the page sends as soon as it can
    phone.context.set_offline(False)
    session = phone.context.new_cdp_session(phone.page)
    session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    phone.page.goto(f"{address}/scan/")
    phone.on("enrol")
    phone.enrol("lost-1", node.gate, anew=True)
    phone.page.click("[data-do=menu]")
    phone.page.locator("#facts", has_text=re.compile("after event \u2068?1\u2069? of part \u2068?1")).wait_for()
    phone.page.click("#menu [data-do=scan]")
    phone.type("SC1:THREE")
    phone.next()
    send(phone)
    phone.close()
    row, events = stored(node, "lost-1")
    assert (row.epoch, row.upto_seq, len(events)) == (2, 1, 2)
    room = chromium.new_page()
    room.goto(f"{address}/devices/enrol")
    expect(room.locator("tr", has_text="lost-1")).to_contain_text("part 1 ended at event 1")
    room.close()


def test_a_file_of_unsent_events_is_taken_in_by_the_room(node, chromium, address, tmp_path):
    phone = Phone(chromium, address)
    phone.enrol("carried-1", node.gate)
    phone.type("SC1:ONE")
    phone.next()
    phone.page.click("[data-do=menu]")
    with phone.page.expect_download() as coming:
        phone.page.click("[data-do=export]")
    coming.value.save_as(tmp_path / "events")
    assert phone.unsent == 1, "only a receipt lets the phone forget"
    room = chromium.new_page()
    room.goto(f"{address}/devices/enrol")
    room.set_input_files("#file", tmp_path / "events")
    room.get_by_role("button", name="Take in").click()
    expect(room.locator("#brought-title + table")).to_contain_text("carried-1")
    room.close()
    assert stored(node, "carried-1")[0].upto_seq == 1
    phone.page.click("#menu [data-do=fetch]")
    phone.page.locator("#foot-unsent", has_text="0 unsent").wait_for()
    phone.close()


def test_a_photo_of_a_pass_is_read(node, chromium, address, tmp_path):
    from safeconduct.passes.pass_format import qr  # noqa: PLC0415

    qr(node.text("elsewhere", 1)).save(tmp_path / "pass.png", scale=6, border=6)
    phone = Phone(chromium, address)
    phone.enrol("photo-1", node.gate)
    phone.page.set_input_files("#photo", tmp_path / "pass.png")
    phone.on("answer")
    assert phone.answer[1] == "wrong-point"
    phone.close()


def test_a_second_phone_cannot_use_the_code_of_the_first(node, chromium, address):
    first, second = Phone(chromium, address), Phone(chromium, address)
    first.enrol("only-1", node.gate)
    second.page.goto(f"{address}/scan/#enrol={first.code}")
    second.page.locator("#notice", has_text="used by another phone").wait_for()
    first.close()
    second.close()


def test_an_enrolment_whose_settings_were_changed_on_the_way_is_not_believed(node, chromium, address):
    phone = Phone(chromium, address, service_workers="block")

    def tampered(route):
        answer = route.fetch()
        told = answer.json()
        if "settings" in told:
            told["settings"]["issuer_roots"] = {"evac": "00" * 32}
        route.fulfill(response=answer, json=told)

    phone.page.route("**/scan/enrol", tampered)
    phone.context.set_default_timeout(8_000)
    with pytest.raises(Exception, match="Timeout"):
        phone.enrol("tampered-1", node.gate)
    expect(phone.page.locator("#notice")).to_contain_text("not what the code stands for")
    assert phone.page.get_attribute("body", "data-screen") == "enrol"
    phone.close()


@pytest.mark.parametrize(
    "name", ["signatures", "pass", "bundle", "revocation", "device-log", "carry", "guard-lines", "holding"]
)
def test_the_vectors_come_out_as_stated_in_the_browser(name, chromium, address):
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.route("**/scan/vectors.mjs", lambda route: route.fulfill(
        path=ROOT / "tests" / "scanner" / "vectors.mjs", content_type="text/javascript"))  # fmt: skip
    page.goto(f"{address}/scan/")
    run = """async ([name, told]) => {
        globalThis.SCANNER = location.origin + "/scan/";
        const vectors = await import("/scan/vectors.mjs");
        const mods = await vectors.readers();
        const { argon2id } = await import("/scan/js/workers.js");
        if (name === "signatures") {
            return [...await vectors.signatures(mods, told, true), ...await vectors.signatures(mods, told, false)];
        }
        const runs = {
            pass: vectors.passes, bundle: vectors.bundles, revocation: vectors.revocations, "device-log": vectors.segments,
            carry: vectors.carried, "guard-lines": vectors.guardLines, holding: vectors.holding,
        };
        return runs[name](mods, told, argon2id);
    }"""
    assert page.evaluate(run, [name, json.loads((FILE / f"{name}.json").read_text("utf-8"))]) == []
    context.close()


@pytest.mark.parametrize("webcrypto", [True, False])
def test_hostile_signatures_are_judged_alike_in_the_browser(webcrypto, chromium, address):
    folder = ROOT / ".." / "shared" / "vectors"
    edge, wycheproof = folder / "ed25519-edge" / "cases.json", folder / "wycheproof/testvectors_v1/ed25519_test.json"
    if not edge.exists() or not wycheproof.exists():
        pytest.skip("third-party cases are not here: ed25519-edge, wycheproof")
    rows = [[c["public_key"], c["message"], c["signature"], c["accept"]] for c in json.loads(edge.read_text("utf-8"))]
    rows += [
        [group["publicKey"]["pk"], test["msg"], test["sig"], test["result"] == "valid"]
        for group in json.loads(wycheproof.read_text("utf-8"))["testGroups"] for test in group["tests"]
    ]  # fmt: skip
    assert len(rows) == 466 + 151
    one = json.loads((folder / "cose/eddsa-examples/eddsa-sig-01.json").read_text("utf-8"))
    told = [one["input"]["sign0"]["key"]["x_hex"], one["intermediates"]["ToBeSign_hex"], one["output"]["cbor"][-128:]]
    rows += [[*told, True], [told[0], told[1] + "00", told[2], False]]
    page = chromium.new_page()
    page.goto(f"{address}/scan/")
    run = """async ([rows, webcrypto]) => {
        const { VerifyKey } = await import("/scan/js/ed25519.js");
        const { fromHex } = await import("/scan/js/bytes.js");
        const wrong = [];
        for (const [place, [key, message, signature, accept]] of rows.entries()) {
            let seen = false;
            try {
                const loaded = await VerifyKey.load(fromHex(key), "case", { webcrypto });
                if ((loaded.handle !== null) !== webcrypto) return "the other path";
                seen = await loaded.verify(fromHex(signature), fromHex(message));
            } catch (error) { if (error.code !== "bad-key") throw error; }
            if (seen !== accept) wrong.push(place);
        }
        return wrong;
    }"""
    assert page.evaluate(run, [rows, webcrypto]) == []
    page.close()
