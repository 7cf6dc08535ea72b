"""The agreement and the liaison page in a real browser: by plain forms, without script, on a phone, with hostile text."""

import json

import pytest

from browser.served import NEEDS_CHROMIUM, free_port, served
from safeconduct.config import load_config
from safeconduct.wiring import close_node, open_node
from safeconduct.workflows.change_terms import propose_change
from safeconduct.workflows.hand_over_site import hand_over_zone
from safeconduct.workflows.record_entries import record_entries
from safeconduct.workflows.serve_notice import serve_notice
from safeconduct.workflows.show_agreement import show_agreement
from safeconduct.workflows.show_liaison import show_liaison
from workflows.two_nodes import PURPOSE, START, World

expect = pytest.importorskip("playwright.sync_api").expect
HOSTILE = "<img src=x onerror=\"document.title='taken'\"> راه باز است"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
    NEEDS_CHROMIUM,
]


@pytest.fixture
def folder(tmp_path):
    """A node with a proposal, a notice and a zone that the other party sent, and statements to compare."""
    world = World(tmp_path)
    world.agree()
    propose_change(world.cordon, {"deadline": "2021-09-02T19:29:00Z"})
    serve_notice(world.cordon, HOSTILE)
    hand_over_zone(world.cordon, "outer post", "hut", state="empty", purpose=PURPOSE)
    for speaker in ("defence ministry", "Cordon party"):
        fields = {"speaker": speaker, "occasion": "briefing", "text": f"{HOSTILE} of {speaker}"}
        given = {"kind": "public-statement", "fields": fields, "source": "log", "at": START}
        record_entries(world.evac, json.dumps(given).encode())
    world.settle()
    world.close()
    return tmp_path / "evac"


@pytest.fixture
def address(folder):
    port = free_port()
    settings = folder / "node.toml"
    lines = [f"port = {port}" if line.startswith("port = ") else line for line in settings.read_text().splitlines()]
    settings.write_text("\n".join(lines) + "\n")
    with served(folder, port) as found:
        yield found


def read(folder, show):
    node = open_node(load_config(folder))
    try:
        return show(node)
    finally:
        close_node(node)


@pytest.mark.seed("S-54", "S-68")
def test_a_proposal_is_read_side_by_side_and_signed_without_a_script(address, folder, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/agreement")
    assert page.locator(".proposal td").all_inner_texts() == ["31 Aug 2021 19:29", "2 Sep 2021 19:29"]
    for label, words in (("why we sign", "to get everybody out"), ("risk that it lowers", "a rush"),
                         ("risk that it makes", "two days more")):  # fmt: skip
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Sign version 2").click()
    assert "With both signatures it is in force" in page.get_by_role("status").inner_text()
    assert page.locator(".big").nth(1).inner_text().startswith("2 Sep 2021 19:29")
    page.get_by_text("What changed since version 1").click()
    expect(page.locator("#versions table")).to_contain_text("deadline")
    assert read(folder, show_agreement).version == 2


@pytest.mark.seed("S-74", "S-41", "S-57", "S-71", "S-77")
def test_a_night_of_liaison_is_recorded_by_plain_forms(address, folder, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/liaison")
    expect(page.locator(".needs-box h2")).to_contain_text("3 things for you to do")
    page.get_by_placeholder("remark, may be empty").fill("read at the gate")
    page.get_by_role("button", name="Acknowledge").click()
    page.get_by_role("button", name="Received, not as stated").click()
    page.locator("li.channel", has_text="outer cordon").get_by_role("button", name="It answered").click()
    page.locator("#statements").get_by_label("because").fill("they name the same thing")
    page.locator("#statements .card").get_by_role("button", name="Record").click()
    form = page.locator('form[action="/liaison/meeting"]')
    form.get_by_label("place", exact=True).fill("airfield")
    form.get_by_label("level", exact=True).fill("liaison officers")
    form.get_by_label("who took part").fill("ours: liaison officer\ntheirs: liaison officer")
    form.get_by_label("passage", exact=True).check()
    form.get_by_role("button").click()
    assert page.get_by_role("status").inner_text().startswith("The meeting is recorded")
    assert page.url.endswith("#meetings")
    view = read(folder, show_liaison)
    assert view.notices[0].remark == "read at the gate"
    assert [z.state for z in view.zones] == ["differs"]
    assert [c.answered is not None for c in view.channels if c.id == "cordon-liaison"] == [True]
    assert [s.compared[0][0] for s in view.statements] == ["consistent"] * 2
    assert view.meetings[0].permits == (("passage", PURPOSE),)
    assert [place for place, _ in view.needs] == ["before"]


def test_hostile_and_right_to_left_text_stays_text_and_nothing_runs_over_on_a_phone(address, open_page):
    for width, height in ((390, 844), (1366, 768)):
        page = open_page(width, height)
        for path in ("/liaison", "/agreement"):
            page.goto(address + path)
            assert page.title() != "taken"
            assert page.evaluate("document.documentElement.scrollWidth") == width, path
            expect(page.locator("img")).to_have_count(0)
        page.goto(f"{address}/liaison")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        labels = page.locator("main input:not([type=hidden]), main select, main textarea")
        for place in range(labels.count()):
            assert labels.nth(place).evaluate("e => e.labels.length > 0"), labels.nth(place).evaluate(
                "e => e.outerHTML"
            )


def test_what_is_refused_is_said_at_the_top_of_the_page(address, chromium):
    page = chromium.new_page(java_script_enabled=False)  # its console says that the answer was a refusal
    page.goto(f"{address}/liaison")
    page.get_by_text("Plan a zone, or hand one over").click()
    form = page.locator('form[action="/liaison/hand-over"]')
    form.get_by_label("site").fill("outer post")
    form.get_by_label("zone").fill("hut")
    form.get_by_label("its state").fill("empty")
    form.get_by_role("button").click()
    assert "handed over already" in page.get_by_role("alert").inner_text()
    page.close()
