"""Codes, phones that claim them, devices that come back, admissions taken back, files of events: without a browser."""

import json
import re

import pytest
from litestar.testing import TestClient

from safeconduct.alerts.guard_lines import HOLD, MORE
from safeconduct.alerts.standing import GUARD_ADVICE, LEVELS
from safeconduct.alerts.words import ADVICE
from safeconduct.cli import main
from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.event import Event
from safeconduct.seal.canonical import encode_cbor
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.signed import sign
from safeconduct.web.api.app import create_app
from safeconduct.web.scanner.files import HERE, PAGES, scanner_files
from safeconduct.wiring import start_node
from safeconduct.workflows.bring_events import MAGIC, bring_events
from safeconduct.workflows.invite_device import (
    DOMAIN,
    LIFE,
    claim_invitation,
    decide_invitation,
    invitations,
    invite_device,
    number_of,
)
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.show_devices import show_devices
from workflows.two_nodes import HOUR, START, Phone, World


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.agree()
    yield made
    made.close()


class Claimer:
    """The phone's half of an enrolment."""

    def __init__(self, seed):
        self.key = SigningKey.from_seed(bytes([seed]) * 32)

    def claim(self, node, code, key=None):
        secret = bytes.fromhex(code.split("-")[0])
        shown = key or self.key.public
        return claim_invitation(node, secret, shown, sign(DOMAIN, secret + shown, self.key))


def invited(world, device="phone-1", **options):
    made = invite_device(world.evac, device, world.gates[0], by="duty officer", **options)
    assert not isinstance(made, Refusal)
    return made


def test_a_code_leads_to_an_enrolled_device_once_the_room_approves(world):
    code, made = invited(world)
    phone = Claimer(1)
    assert decide_invitation(world.evac, made.id, approve=True, by="x").code == "invitation-unclaimed"
    assert phone.claim(world.evac, code) == {"state": "claimed"}
    waiting = show_devices(world.evac).waiting
    assert [one.number for one in waiting] == [number_of(bytes.fromhex(code.split("-")[0]), phone.key.public)]
    assert decide_invitation(world.evac, made.id, approve=True, by="head of room").state == "approved"
    told = phone.claim(world.evac, code)
    assert told["settings"]["device"] == "phone-1" and told["settings"]["epoch"] == 1
    assert [d.id for d in show_devices(world.evac).devices] == ["phone-1"]
    with world.evac.store.reading() as tx:
        assert [one.by for one in invitations(tx)] == ["head of room"]
        assert code[:32] not in "".join(body.decode() for _, body, _ in tx.records.all("device-invitation"))


def test_what_no_phone_may_do_with_a_code_is_refused(world):
    code, made = invited(world)
    phone, other = Claimer(1), Claimer(2)
    assert phone.claim(world.evac, "00" * 16 + "-" + "00" * 16).code == "unknown-invitation"
    assert other.claim(world.evac, code, key=phone.key.public).code == "bad-signature"
    assert phone.claim(world.evac, code) == {"state": "claimed"}
    assert other.claim(world.evac, code).code == "invitation-used"
    decide_invitation(world.evac, made.id, approve=False, by="duty officer")
    assert phone.claim(world.evac, code).code == "invitation-over"
    assert decide_invitation(world.evac, "nothing", approve=True, by="x").code == "unknown-invitation"


def test_a_code_is_over_after_half_an_hour(world):
    code, made = invited(world)
    phone = Claimer(1)
    phone.claim(world.evac, code)
    world.move(made.made + LIFE)
    assert phone.claim(world.evac, code).code == "invitation-over"
    assert decide_invitation(world.evac, made.id, approve=True, by="x").code == "invitation-over"
    assert show_devices(world.evac).waiting == ()


@pytest.mark.parametrize(
    ("device", "point", "anew", "code"),
    [("", "gate", False, "bad-device"), ("a b", "gate", False, "bad-device"), ("تلفن", "gate", False, "bad-device"),
     ("phone-1", "nowhere", False, "unknown-point"), ("phone-1", "gate", True, "duplicate-id")],
)  # fmt: skip
def test_a_code_for_nothing_that_can_be_is_not_made(world, device, point, anew, code):
    with pytest.raises(BadInput) as refused:
        invite_device(world.evac, device, world.gates[0] if point == "gate" else point, by="x", anew=anew)
    assert refused.value.code == code


def test_a_code_for_a_point_of_the_other_party_is_refused(world):
    assert invite_device(world.evac, "phone-1", world.outer[0], by="x").code == "not-holder"


def test_a_device_that_lost_its_storage_comes_back_with_the_next_epoch_and_the_partner_learns_it(world):
    groups = world.enlist()
    world.issue(groups)
    publish_bundle(world.evac)
    first = Phone(world.evac, "phone-1", world.gates[0])
    first.load(START + HOUR)
    _, event = first.scan(b"no pass", START + HOUR)
    assert isinstance(receive_from_device(world.evac, first.segment([event])), bytes)
    with pytest.raises(BadInput):
        invite_device(world.evac, "phone-1", world.gates[0], by="x")
    code, made = invited(world, anew=True)
    phone = Claimer(5)
    phone.claim(world.evac, code)
    decide_invitation(world.evac, made.id, approve=True, by="x")
    told = phone.claim(world.evac, code)["settings"]
    assert (told["epoch"], told["lost"]) == (2, {"epoch": 1, "upto": 1})
    gap = show_devices(world.evac).devices[0].gaps[0]
    assert (gap.epoch, gap.upto) == (1, 1)
    world.settle()
    for node in (world.evac, world.cordon):
        with node.store.reading() as tx:
            row = tx.devices.get("phone-1")
            assert (row.public, row.epoch, row.upto_seq) == (phone.key.public, 2, 0)
    late = first.segment([first.event(first.scan(b"x", START)[0], START)])
    assert receive_from_device(world.evac, late).code == "bad-signature", "the old key is no longer the device's"


def passed(world):
    """A phone at the gate with an admission of a group: (phone, decision, admission's event)."""
    issued = [p for p in world.issue(world.enlist()) if p.point == world.gates[0]]
    world.move(START + 3 * HOUR)
    publish_bundle(world.evac)
    phone = Phone(world.evac, "phone-1", world.gates[0])
    phone.load(START + 3 * HOUR)
    made, event = phone.scan(issued[0].raw, START + 3 * HOUR)
    assert made.admit
    return phone, made, event, issued[0].group


def note(phone, made, at, seq, **changes):
    phone.seq += 1
    fields = {"kind": "note", "seq": phone.seq, "batch": made.batch, "index": made.index, "point": phone.point, "at": at,
              "heads": made.heads, "reason": "undo", "bundle_seq": 1, "log_size": 0, "note": str(seq)}  # fmt: skip
    return Event(**{**fields, **changes})


def state_of(node, group):
    with node.store.reading() as tx:
        return tx.roll.groups([group])[0][3]


@pytest.mark.parametrize("together", [True, False])
def test_an_admission_taken_back_counts_no_more_and_the_group_waits_again(world, together):
    phone, made, event, group = passed(world)
    back = note(phone, made, START + 3 * HOUR + 60, event.seq)
    runs = [[event, back]] if together else [[event], [back]]
    for run in runs:
        assert isinstance(receive_from_device(world.evac, phone.segment(run)), bytes)
    with world.evac.store.reading() as tx:
        assert tx.devices.uses_of([(made.batch, made.index)]) == []
        assert [tx.devices.event("phone-1", 1, seq).kind for seq in (1, 2)] == ["taken-back", "note"]
    assert state_of(world.evac, group) == "waiting"


@pytest.mark.parametrize("wrong", ["late", "another pass", "no number", "nothing there"])
def test_what_does_not_fit_takes_nothing_back(world, wrong):
    phone, made, event, group = passed(world)
    at = START + 3 * HOUR + (601 if wrong == "late" else 60)
    changes = {"another pass": {"index": made.index + 1}, "no number": {"note": "one"}, "nothing there": {"note": "9"}}
    back = note(phone, made, at, event.seq, **changes.get(wrong, {}))
    assert isinstance(receive_from_device(world.evac, phone.segment([event, back])), bytes)
    with world.evac.store.reading() as tx:
        assert len(tx.devices.uses_of([(made.batch, made.index)])) == 1
    assert state_of(world.evac, group) == "passed"


def test_a_file_of_events_is_taken_in_segment_by_segment(world):
    phone, _, event, _ = passed(world)
    data = MAGIC + encode_cbor([phone.segment([event])])
    brought, receipts = bring_events(world.evac, data)
    assert [(one.device, one.first, one.last, one.refusal) for one in brought] == [("phone-1", 1, 1, None)]
    assert len(receipts) == 1
    again, _ = bring_events(world.evac, data)
    assert again[0].refusal is None, "what comes twice counts once"
    for bad in (b"", b"PK\x03\x04", MAGIC + b"\x81", MAGIC + encode_cbor([1]), MAGIC + encode_cbor([b"no segment"])):
        with pytest.raises(BadInput):
            bring_events(world.evac, bad)


def test_the_page_is_served_whole_under_its_own_policy_and_nothing_else_lies_there(world):
    world.evac.store.close()
    with TestClient(create_app(start_node(world.evac_config))) as client:
        page = client.get("/scan/")
        assert "'wasm-unsafe-eval'" in page.headers["content-security-policy"]
        assert page.headers["permissions-policy"].startswith("camera=(self)")
        assert "wasm" not in client.get("/").headers["content-security-policy"]
        assert client.get("/scan", follow_redirects=False).headers["location"] == "/scan/"
        for name in re.findall(r'(?:src|href)="([^"#]+)"', page.text):
            assert client.get(f"/scan/{name}").status_code == 200, name
        one = client.get("/scan/js/app.js")
        assert client.get("/scan/js/app.js", headers={"if-none-match": one.headers["etag"]}).status_code == 304
        for name in ("../__init__.py", "files.py", "package.json", "vendor/vendor.lock", "js/"):
            assert client.get(f"/scan/{name}").status_code == 404, name
        assert client.get("/scan/time").json() == {"now": START + HOUR, "exercise": True}
        for body in ("{}", '{"secret": "00", "key": "", "proof": ""}', '{"secret": 1}', "x" * 5_000):
            assert client.post("/scan/enrol", content=body).status_code in (400, 413)
    world.open()


def test_the_service_worker_keeps_every_file_and_only_those_of_this_page():
    worker = scanner_files()["sw.js"].body.decode()
    kept = set(json.loads(re.search(r"const FILES = (.+);\n", worker).group(1)))
    assert kept == (set(scanner_files()) - {"", "sw.js", *PAGES}) | {"./"}
    for file in HERE.rglob("*.js"):
        if "vendor" not in file.parts:
            for name in re.findall(r'from "(\.[^"]+)"', file.read_text("utf-8")):
                assert (file.parent / name).resolve().is_file(), f"{file.name}: {name}"


def test_every_language_says_everything():
    said = {file.stem: set(re.findall(r'^\s*"?([\w.-]+)"?: "|, "([\w.-]+)": "', file.read_text("utf-8"), re.MULTILINE))
            for file in (HERE / "lang").glob("*.js")}  # fmt: skip
    keys = {name: {one or other for one, other in found} for name, found in said.items()}
    assert set(keys) == {"en", "prs", "ps", "ar", "uk"} and len(keys["en"]) > 150
    plural = re.compile(r"\.(zero|one|two|few|many|other)$")
    for name, found in keys.items():
        assert {plural.sub("", key) for key in found} == {plural.sub("", key) for key in keys["en"]}, name


def test_every_text_of_a_guard_line_has_its_translation():
    text = (HERE / "js" / "guard-lines.js").read_text("utf-8")
    phrases = dict(re.findall(r'^  "([^"]+)": "([a-z-]+)",$', text, re.MULTILINE))
    assert set(phrases) == {*GUARD_ADVICE.values(), *ADVICE.values(), HOLD, MORE}
    english = (HERE / "lang" / "en.js").read_text("utf-8")
    names = {*phrases.values(), "warning", "until", *(f"level-{level}" for level in LEVELS)}
    assert {name for name in names if f'"g.{name}": "' not in english} == set()


def told(capsys, *words):
    """What a command says in JSON."""
    with pytest.raises(SystemExit) as ended:
        main.app([*words, "--json"])
    return ended.value.code, json.loads(capsys.readouterr().out)


def test_a_phone_is_enrolled_from_the_command_line(world, capsys):
    folder = str(world.base / "evac")
    world.close()
    try:
        code, made = told(capsys, "device", "invite", "phone-9", world.gates[0], "--node", folder)
        assert code == 0
        code, early = told(capsys, "device", "approve", made["id"], "--node", folder)
        assert (code, early["refused"]) == (1, "invitation-unclaimed")
        world.open()
        assert Claimer(9).claim(world.evac, made["code"]) == {"state": "claimed"}
        world.close()
        _, view = told(capsys, "device", "list", "--node", folder)
        assert [one["number"] for one in view["waiting"]] == [
            number_of(bytes.fromhex(made["code"][:32]), Claimer(9).key.public)
        ]
        assert told(capsys, "device", "approve", made["id"], "--node", folder)[1]["state"] == "approved"
        _, other = told(capsys, "device", "invite", "phone-8", world.gates[0], "--node", folder)
        assert told(capsys, "device", "reject", other["id"], "--node", folder)[1]["state"] == "refused"
        empty = world.base / "none.events"
        empty.write_bytes(MAGIC + encode_cbor([]))
        assert told(capsys, "device", "bring", str(empty), "--node", folder) == (0, {"segments": []})
    finally:
        world.open()
