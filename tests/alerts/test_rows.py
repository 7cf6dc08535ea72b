"""Rows of the list of requirements on warnings: each from a form or command, through database and ledger, to a page."""

import re

import pytest

from safeconduct.alerts import release as releases
from safeconduct.alerts.answer import Acknowledgement, Outcome, from_json, to_json
from safeconduct.alerts.quadtree import bounds
from safeconduct.passes.bundle_format import decode, parse_envelope
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows.answer_release import answer_release, assessor_of
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.show_release import show_release
from workflows.two_nodes import Phone
from workflows.warned_world import HOUR, warn


@pytest.fixture
def warned(world):
    warn(world)
    return world


def press(room, path, **fields):
    """Post a form as a browser does; the page that it leads to."""
    answer = room.post(path, data=fields)
    assert answer.status_code == 200, answer.text[:2000]
    return words(answer.text)


def words(page):
    """What a page says, without its marks."""
    main = page[page.index("<main") :]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def page(room, path):
    answer = room.get(path)
    assert answer.status_code == 200, (path, answer.text[:500])
    return words(answer.text)


def kinds(node, way):
    with node.store.reading() as tx:
        return [kind for _, kind, direction, _ in tx.outbox.crossings() if direction == way]


def answers(node, release):
    with node.store.reading() as tx:
        return [from_json(row.body) for row in tx.alerts.answers(release)]


def place_gate(world, gate):
    south, west, north, east = bounds(world.made.area)
    lat, lon = (south + north) / 2e6, (west + east) / 2e6
    press(world.evac_room, "/threat/place", kind="control-point", id=gate, name="The gate", lat=lat, lon=lon)


def line_of(text, start):
    return next(line for line in text.splitlines() if start in line)


@pytest.mark.seed("S-03")
def test_s03_a_warning_is_received_with_its_place_and_window_and_the_receipt_is_signed(warned):
    shown = page(warned.cordon_room, "/inbox")
    assert "1 warning needs you" in shown and "Waits for your answer" in shown
    path = f"/inbox/{warned.release}"
    assert "1.2 km across" in page(warned.cordon_room, path)
    assert "Your answer is recorded" in press(warned.cordon_room, f"{path}/acknowledge", stage="received", version=1)
    warned.settle()
    [receipt] = answers(warned.evac, warned.release)
    assert isinstance(receipt, Acknowledgement) and receipt.signed and len(receipt.wire) == 64
    assert "acknowledgement" in kinds(warned.evac, "in")
    assert "received by Cordon party (signed); not an approval" in page(warned.evac_room, f"/releases/{warned.release}")


@pytest.mark.seed("S-06")
def test_s06_a_receipt_minutes_before_the_window_is_shown_as_too_late(warned):
    warned.move(warned.made.window_from - 8 * 60)
    assert "begins in 8 min" in page(warned.cordon_room, f"/inbox/{warned.release}")
    press(warned.cordon_room, f"/inbox/{warned.release}/acknowledge", stage="received", version=1)
    warned.settle()
    said = page(warned.evac_room, f"/releases/{warned.release}")
    assert "reached the partner 8 minutes before its window: too late to act" in said


@pytest.mark.seed("S-07")
def test_s07_the_partner_reports_a_search_and_silence_is_listed(warned):
    assert "1 warning without a word back" in page(warned.evac_room, "/")
    path = f"/inbox/{warned.release}"
    press(warned.cordon_room, f"{path}/acknowledge", stage="accepted", version=1)
    press(warned.cordon_room, f"{path}/assign", point=warned.outer[0], note="night shift")
    press(warned.cordon_room, f"{path}/action", action="search", point=warned.outer[0], text="the road")
    press(warned.cordon_room, f"{path}/outcome", result="searched", confidence="believed", text="", number="")
    warned.settle()
    assert kinds(warned.evac, "in")[:4] == ["outcome", "action", "action", "acknowledgement"]
    said = page(warned.evac_room, f"/releases/{warned.release}")
    assert "Cordon party says it acted: search" in said and "gave it to" in said
    assert "without a word back" not in page(warned.evac_room, "/")


@pytest.mark.seed("S-08")
def test_s08_what_was_thought_is_nowhere_confirmed_and_no_number_appears(warned):
    path = f"/inbox/{warned.release}/outcome"
    press(warned.cordon_room, path, result="thwarted", confidence="thought", hedge="some", number="", text="")
    warned.settle()
    [said] = answers(warned.evac, warned.release)
    assert isinstance(said, Outcome) and said.number is None
    assert "thought by Cordon party: thwarted, some" in page(warned.evac_room, f"/releases/{warned.release}")
    for text in (page(warned.evac_room, "/"), page(warned.evac_room, f"/releases/{warned.release}")):
        assert "confirmed by" not in text
    warned.move(warned.cordon.clock.now() + 60)
    raised = warned.cordon_room.post(path, data={"result": "thwarted", "confidence": "confirmed", "number": "2"})
    assert raised.status_code == 422
    assert "a higher confidence needs the evidence that raised it" in words(raised.text)
    assert 'value="2"' in raised.text  # nothing that was typed is lost
    assert len(answers(warned.cordon, warned.release)) == 1


@pytest.mark.seed("S-09")
def test_s09_a_hedged_remark_by_unnamed_officials_stands_beside_the_owners_own_view(warned):
    for unnamed, confidence, hedge in ((None, "believed", None), ("two officials", "thought", "may have averted some")):
        who, kind = assessor_of(warned.evac, warned.release, office=None, unnamed=unnamed)
        at = warned.evac.clock.now()
        said = Outcome(warned.release, "thwarted", who, kind, confidence, None, hedge, "", at, None)
        assert isinstance(answer_release(warned.evac, to_json(said)), int)
    assert warned.settle() == []  # neither crosses
    shown = {one.whose: one.lines for one in show_release(warned.evac, warned.release).assessments}
    assert shown == {
        "our own view": ("believed by Evacuating party: thwarted",),
        "somebody unnamed": ("thought by two officials (unnamed): thwarted, may have averted some",),
    }
    said = page(warned.evac_room, f"/releases/{warned.release}")
    assert "may have averted some" in said and "believed by Evacuating party" in said


@pytest.mark.seed("S-26")
def test_s26_a_point_is_on_hold_and_its_guards_learn_neither_source_nor_reason(warned):
    publish_bundle(warned.evac)
    assert "Sent to the gates" in press(warned.evac_room, "/threat/hold", point=warned.outer[0], state="hold")
    warned.settle()
    phone = Phone(warned.cordon, "phone-1", warned.outer[0])
    phone.load(warned.cordon.clock.now())
    assert phone.bundle.points[warned.outer[0]].state == "hold"
    assert phone.bundle.advice == ""
    with warned.cordon.store.reading() as tx:
        body = parse_envelope(tx.passes.bundle()[1]).bundle_bytes
    for word in (warned.release, "MARIGOLD", "warning"):
        assert word.encode() not in body
    assert "Open it again" in page(warned.evac_room, "/threat")


@pytest.mark.seed("S-27")
def test_s27_a_crowd_reported_at_a_gate_with_an_active_warning_advises_a_hold(warned):
    gate = warned.gates[0]
    publish_bundle(warned.evac)
    place_gate(warned, gate)
    warned.move(warned.made.window_from)
    assert "hold advised" not in page(warned.evac_room, "/threat")
    shown = press(warned.evac_room, "/threat/crowd", point=gate, level="dense")
    assert "hold advised" in shown and "people stand close" in shown and "duty officer" in shown
    assert "hold advised at" in page(warned.evac_room, "/")
    with warned.evac.store.reading() as tx:
        assert len(tx.ledger.find("own:crowd")) == 1
    press(warned.evac_room, "/threat/publish")
    with warned.evac.store.reading() as tx:
        advice = decode(parse_envelope(tx.passes.bundle()[1]).bundle_bytes).advice
    assert line_of(advice, f"[{gate}]").endswith("hold advised: let no more people come forward until word comes")


@pytest.mark.seed("S-29")
def test_s29_those_who_use_a_hotel_near_the_gate_are_listed_until_they_were_told(warned):
    gate = warned.gates[0]
    place_gate(warned, gate)
    fields = {"kind": "assembly", "id": "hotel", "name": "Hotel by the canal", "gate": gate, "metres": 320}
    shown = press(warned.evac_room, "/threat/place", **fields, users="aid office\nconsular desk")
    assert "Hotel by the canal" in shown and "320 m from" in shown and "consular desk" in shown
    assert "Its users were told" in shown
    shown = press(warned.evac_room, "/threat/told", place="hotel", release=warned.release)
    assert "Recorded: its users were told" in shown and "told 0" in shown
    with warned.evac.store.reading() as tx:
        assert [len(tx.ledger.find(f"own:{kind}")) for kind in ("place", "place-told")] == [2, 1]
    warned.settle()
    assert search_everywhere(warned.cordon_config.data_dir / "node.db", ["canal"]) == {"canal": 0}


@pytest.mark.seed("S-89")
def test_s89_the_threat_level_stands_in_the_room_and_at_the_gates_until_it_ends(warned):
    fields = {"level": "high", "advice-small-groups": "1", "hours": 6, "reasons": "Two reports of HERON agree."}
    shown = press(warned.evac_room, "/threat/level", **fields)
    assert "An attack here is likely" in shown and "by duty officer" in shown and "HERON agree" in shown
    assert "threat level high" in page(warned.evac_room, "/")
    press(warned.evac_room, "/threat/publish")
    warned.settle()
    phone = Phone(warned.cordon, "phone-1", warned.outer[0])
    phone.load(warned.cordon.clock.now())
    assert "threat level high: let people wait apart and call them forward in small groups" in phone.bundle.advice
    assert not {"HERON", "duty officer"} & set(phone.bundle.advice.split())
    assert search_everywhere(warned.cordon_config.data_dir / "node.db", ["HERON"]) == {"HERON": 0}
    warned.move(warned.evac.clock.now() + 6 * HOUR)
    assert "none set" in page(warned.evac_room, "/")
    assert "over" in page(warned.evac_room, "/threat")


# -- what a form refuses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "fields", "says"),
    [
        ("acknowledge", {"stage": "approved", "version": "1"}, "one of accepted, declined, received, understood"),
        ("acknowledge", {"stage": "declined", "version": "1", "reason": " "}, "expected a reason"),
        ("acknowledge", {"stage": "accepted", "version": "x"}, "a whole number, or nothing"),
        ("assign", {"point": ""}, "an identifier"),
        ("action", {"action": "bombing"}, "one of assigned, closure"),
        ("outcome", {"result": "found", "confidence": "sure"}, "one of believed, confirmed, thought"),
        ("outcome", {"result": "found", "confidence": "thought", "harm_number": "2"}, "what the number counts"),
    ],
)
def test_a_form_that_is_wrong_says_where_and_keeps_what_was_typed(warned, path, fields, says):
    answer = warned.cordon_room.post(f"/inbox/{warned.release}/{path}", data=fields)
    assert answer.status_code == 400
    shown = words(answer.text)
    assert says in shown and "Nothing was recorded" in shown
    assert answers(warned.cordon, warned.release) == []


def test_a_withdrawal_is_on_top_and_says_what_to_do(warned):
    gone = releases.withdraw(warned.made, now=warned.evac.clock.now(), slot_seconds=3_600)
    with warned.cordon.store.transaction() as tx:
        row = tx.alerts.release(warned.release)
        tx.alerts.add_release(
            type(row)(row.id, row.direction, releases.to_json(gone), None, b"[]", row.issued, row.ledger_index)
        )
    assert "Withdrawn. Say that you have seen it." in page(warned.cordon_room, "/inbox")
    shown = page(warned.cordon_room, f"/inbox/{warned.release}")
    assert "This warning was withdrawn" in shown and "Give it to a control point" not in shown


def test_a_link_opens_on_a_phone_without_sign_in_and_every_other_link_reads_alike(warned):
    made = warned.evac_room.post(f"/releases/{warned.release}/link", data={"hours": "2"})
    token = re.search(r"/l/([\w-]{32})", made.text)[1]
    shown = warned.evac_room.get(f"/l/{token}")
    assert shown.status_code == 200
    assert shown.headers["x-robots-tag"] == "noindex, nofollow"
    assert shown.headers["referrer-policy"] == "no-referrer" and "no-store" in shown.headers["cache-control"]
    assert "Safe passage" not in shown.text and 'href="/inbox"' not in shown.text  # neither the agreement nor the rooms
    press(warned.evac_room, f"/l/{token}/answer", stage="accepted", version="1")
    assert "reported by our liaison, unsigned, by a link" in page(warned.evac_room, f"/releases/{warned.release}")
    closed = re.search(
        r'name="link" value="([0-9a-f]{64})"', warned.evac_room.get(f"/releases/{warned.release}/reach").text
    )
    press(warned.evac_room, f"/releases/{warned.release}/link/revoke", link=closed[1])
    gone, guessed = warned.evac_room.get(f"/l/{token}"), warned.evac_room.get(f"/l/{'A' * 32}")
    assert (gone.status_code, guessed.status_code) == (404, 404)
    assert gone.text == guessed.text
    late = warned.evac_room.post(f"/l/{token}/answer", data={"stage": "declined", "version": "1", "reason": "x"})
    assert late.status_code == 404


def test_the_sheet_is_one_page_with_its_number(warned):
    number = re.search(r"\b\d{3} \d{4}\b", page(warned.evac_room, f"/releases/{warned.release}/sheet"))[0]
    made = warned.evac_room.get(f"/releases/{warned.release}/sheet.pdf")
    assert made.headers["content-type"] == "application/pdf"
    assert made.content.count(b"/Type /Page\n") == 1
    assert number.replace(" ", "-") in made.headers["content-disposition"]
    said = warned.evac_room.get(f"/releases/{warned.release}/read-out").text
    assert "This is Evacuating party" in said and not re.search(r"\d", said)
    heard = press(warned.evac_room, f"/releases/{warned.release}/heard", channel="paper", quoted=number, stage="accepted",
                  action="search", result="nothing", confidence="thought", text="by the wall")  # fmt: skip
    assert "reported by our liaison, unsigned" in heard
    assert len(answers(warned.evac, warned.release)) == 3
