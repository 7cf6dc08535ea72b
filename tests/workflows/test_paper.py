"""Passes anew, revocations for phones without a network, tally sheets, and what travellers themselves say."""

import json

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.passes.revocation import revoked_indexes
from safeconduct.passes.revocation_delta import apply
from safeconduct.passes.revocation_text import from_file, join, open_message, read_part, to_file
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows.key_in_tally import (
    MARK,
    check_letter,
    key_in,
    list_sheets,
    make_sheets,
    not_used,
    paper_lines,
    row_of,
)
from safeconduct.workflows.print_strips import Papers, print_strips, zone_of
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.read_gates import read_harm, read_tally
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.reissue_passes import reissue_passes
from safeconduct.workflows.revocation_sheet import revocation_sheet
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.take_testimony import new_custodian, reveal_identity
from safeconduct.workflows.traveller_report import (
    Told,
    add_to_report,
    alleged_lines,
    read_alleged,
    take_report,
    withdraw_report,
)
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE, START, Phone, index_of

AT = START + 3 * HOUR
DAY = "2021-08-14"


@pytest.fixture
def issued(world):
    world.groups = world.enlist()
    world.passes = {(p.group, p.point): p for p in world.issue(world.groups[:3])}
    publish_bundle(world.evac)
    world.settle()
    return world


def anew(world, *groups, **changes):
    options = {"reason": "paper lost", "subject": PASSAGE, "purpose": PURPOSE} | changes
    return reissue_passes(world.evac, list(groups), **options)


# -- passes anew -------------------------------------------------------------------------------------------------


def test_the_former_pass_is_refused_and_the_new_one_admitted_once_the_next_bundle_is_there(issued):
    group, point = issued.groups[0], issued.outer[0]
    phone = Phone(issued.cordon, "outer-phone-1", point)
    issued.settle()
    phone.load(AT)
    old = issued.passes[group, point].raw
    new = {p.point: p.raw for p in anew(issued, group)}
    assert phone.scan(old, AT)[0].admit  # a phone without the next bundle cannot know
    publish_bundle(issued.evac)
    issued.settle()
    other = Phone(issued.cordon, "outer-phone-2", point)
    issued.settle()
    other.load(AT)
    assert other.scan(old, AT)[0].reason == "revoked"
    made, _ = other.scan(new[point], AT)
    assert (made.admit, made.reason) == (True, "ok")


def test_a_pass_that_somebody_was_let_in_on_is_not_replaced(issued):
    group = issued.groups[0]
    phone = Phone(issued.evac, "gate-phone-1", issued.gates[0])
    phone.load(AT)
    _, event = phone.scan(issued.passes[group, issued.gates[0]].raw, AT)
    receive_from_device(issued.evac, phone.segment([event]))
    assert {p.point for p in anew(issued, group)} == {issued.outer[0]}


def test_what_is_over_or_asked_for_without_a_reason_is_not_issued_anew(issued):
    group = issued.groups[0]
    issued.move(START + 5 * HOUR)  # the outer window is over
    assert {p.point for p in anew(issued, group)} == {issued.gates[0]}
    for code, change in (("bad-field", {"reason": " "}), ("unknown-group", {})):
        with pytest.raises(BadInput) as caught:
            anew(issued, group if code == "bad-field" else "nobody", **change)
        assert caught.value.code == code
    assert isinstance(anew(issued, group, purpose="another"), Refusal)


def test_words_are_kept_where_they_were_asked_for(world):
    groups = world.enlist()
    world.issue(groups[:1], words=True)
    made = {p.point: p.words for p in anew(world, groups[0])}
    assert made[world.outer[0]] is None and len(made[world.gates[0]].split()) == 4
    sheet = print_strips(world.evac, groups[:1], by="desk", words=True)
    assert [p.words for p in sheet.groups[0].passes] == [made[world.gates[0]]]
    strip = print_strips(world.evac, groups[:1], by="desk")
    assert [(p.place, p.of, p.point, p.asks, p.words) for p in strip.groups[0].passes] == [
        (1, 2, world.outer[0], False, ""), (2, 2, world.gates[0], True, "")
    ]  # fmt: skip


def test_a_revoked_group_has_nothing_to_print(issued):
    revoke_passes(issued.evac, issued.groups[:1], "test")
    papers = print_strips(issued.evac, issued.groups[:2], by="desk", zone="+04:30")
    assert isinstance(papers, Papers)
    assert ([p.group for p in papers.groups], papers.without) == ([issued.groups[1]], (issued.groups[0],))
    assert print_strips(issued.evac, issued.groups[1:2], by="desk").zone == "+04:30"  # kept


@pytest.mark.parametrize("text", ["Mars/Phobos", "+4:30", "+15:00", "", "../etc/passwd", "+0a:00"])
def test_a_time_zone_that_is_none_is_refused(text):
    with pytest.raises(BadInput) as caught:
        zone_of(text)
    assert caught.value.code == "bad-zone"


# -- revocations -------------------------------------------------------------------------------------------------


def opened(world, message):
    root = VerifyKey.load(bytes.fromhex(world.evac.card.root_public), where="root")
    agreement = json.loads(world.terms())["id"]
    return open_message(message, root=root, agreement_id=agreement, now=world.evac.clock.now())


def test_codes_of_the_newest_list_revoke_exactly_what_the_bundle_does(issued):
    revoke_passes(issued.evac, issued.groups[:1], "test")
    publish_bundle(issued.evac)
    sheet = revocation_sheet(issued.evac, by="desk")
    message = join([read_part(text) for text in sheet.parts])
    assert from_file(to_file(sheet.message)) == message
    found = opened(issued, message)
    [listed] = found.lists
    gone = {index_of(issued.passes[issued.groups[0], p].raw) for p in (issued.outer[0], issued.gates[0])}
    kept = {index_of(p.raw) for (group, _), p in issued.passes.items() if group != issued.groups[0]}
    assert gone <= revoked_indexes(listed)
    assert not kept & revoked_indexes(listed)
    assert (sheet.bundle, sheet.lists[0].ours, sheet.lists[0].listed) == (2, 2, 98)


def test_a_delta_leads_from_the_older_list_to_the_newer_one(issued):
    before = opened(issued, revocation_sheet(issued.evac, by="desk").message)
    revoke_passes(issued.evac, issued.groups[:2], "test")
    publish_bundle(issued.evac)
    change = opened(issued, revocation_sheet(issued.evac, since=1, by="desk").message)
    after = opened(issued, revocation_sheet(issued.evac, by="desk").message)
    assert change.lists == () and apply(before.lists[0], change.deltas[0]) == after.lists[0]


def test_the_other_party_gives_out_the_list_and_cannot_make_a_delta(issued):
    assert revocation_sheet(issued.cordon, by="desk").lists[0].ours is None
    publish_bundle(issued.evac)
    issued.settle()
    for node, since in ((issued.cordon, 1), (issued.evac, 9), (issued.evac, 2)):
        with pytest.raises(BadInput) as caught:
            revocation_sheet(node, since=since, by="desk")
        assert caught.value.code == "bad-field"


# -- tally sheets ------------------------------------------------------------------------------------------------


def row(**changes):
    given = {"time": "08:10", "heads": "12", "outcome": "admitted", "pass": "7k2q", "note": ""} | changes
    return row_of(given, "line 1")


def test_a_sheet_is_in_the_ledger_before_it_is_on_paper_and_outstanding_until_it_is_keyed_in(world):
    made = make_sheets(world.evac, world.outer[0], DAY, 2, by="desk")
    assert [sheet.number for sheet in made] == [f"T0001-{check_letter(1)}", f"T0002-{check_letter(2)}"]
    assert {(sheet.state, sheet.holder) for sheet in made} == {("outstanding", "cordon")}
    with world.evac.store.reading() as tx:
        noted = [json.loads(entry.envelope)["number"] for entry in tx.ledger.find("own:tally-sheet")]
    assert noted == [sheet.number for sheet in made]
    assert key_in(world.evac, made[0].number.lower(), [row()], by="desk").state == "keyed-in"
    assert [(s.number, s.state) for s in list_sheets(world.evac)] == [
        (made[1].number, "outstanding"), (made[0].number, "keyed-in")
    ]  # fmt: skip


def test_a_second_keying_in_is_refused_with_who_did_the_first(world):
    [sheet] = make_sheets(world.evac, world.outer[0], DAY, 1, by="desk")
    key_in(world.evac, sheet.number, [row()], by="night-desk")
    for again in (
        key_in(world.evac, sheet.number, [row(heads="13")], by="desk"),
        not_used(world.evac, sheet.number, "x", by="desk"),
    ):
        assert again.code == "already-keyed-in" and "by night-desk at 2021-08-14T01:00:00Z" in again.detail
    assert list_sheets(world.evac)[0].rows[0].heads == 12


def test_a_sheet_that_was_not_used_is_waited_for_no_more(world):
    one, two = make_sheets(world.evac, world.outer[0], DAY, 2, by="desk")
    assert not_used(world.evac, one.number, "burnt", by="desk").state == "not-used"
    assert key_in(world.evac, one.number, [row()], by="desk").code == "sheet-not-used"
    assert key_in(world.evac, f"T0002-{check_letter(1)}", [row()], by="desk").code == "unknown-sheet"
    assert key_in(world.evac, two.number, [], by="desk").rows == ()  # it came back empty


@pytest.mark.seed("S-20")
def test_what_was_vague_on_paper_stays_vague_and_nothing_of_it_counts_as_scanned(world):
    [sheet] = make_sheets(world.evac, world.outer[0], DAY, 1, by="desk")
    rows = [row(), row(heads="7"), row(heads="about a hundred"), row(heads="many", outcome="turned-away", time="")]
    key_in(world.evac, sheet.number, rows, by="desk")
    lines = paper_lines(list_sheets(world.evac))
    assert [(x.outcome, x.groups, x.people, x.vague, x.mark) for x in lines] == [
        ("admitted", 3, 19, ("about a hundred",), MARK), ("turned-away", 1, 0, ("many",), MARK)
    ]  # fmt: skip
    assert read_tally(world.evac) == () and read_harm(world.evac) == ()
    with world.evac.store.reading() as tx:
        assert tx.devices.tallies() == []


@pytest.mark.parametrize(
    "wrong", [{"heads": ""}, {"heads": "x" * 61}, {"heads": "10001"}, {"time": "8:10"}, {"time": "25:00"},
              {"outcome": "shot"}, {"pass": "x" * 9}, {"pass": "ü"}, {"note": "x" * 201}],
)  # fmt: skip
def test_a_line_that_cannot_be_read_names_itself_and_its_field(wrong):
    with pytest.raises(BadInput) as caught:
        row(**wrong)
    assert caught.value.code == "bad-field"
    assert caught.value.where == f"line 1, {next(iter(wrong))}"


def test_an_empty_line_is_none_and_any_wrong_digit_of_a_number_shows():
    assert row_of({"outcome": "admitted"}, "line 1") is None
    for number in range(1, 400):
        text = str(number)
        for place in range(len(text)):
            for digit in "0123456789":
                other = int(text[:place] + digit + text[place + 1 :])
                assert other == number or len(str(other)) != len(text) or check_letter(other) != check_letter(number)


def test_before_any_agreement_there_is_no_sheet_and_no_error(apart):
    assert list_sheets(apart.evac) == () and paper_lines(()) == ()


def test_sheets_for_nowhere_or_no_day_or_too_many_are_refused(world):
    for point, day, count in (
        ("nowhere", DAY, 1),
        (world.outer[0], "14.8.", 1),
        (world.outer[0], "2021-02-31", 1),
        (world.outer[0], DAY, 0),
    ):
        with pytest.raises(BadInput):
            make_sheets(world.evac, point, day, count, by="desk")
    with pytest.raises(BadInput):
        key_in(world.evac, "T0001-A", [row()] * 21, by="desk")
    with pytest.raises(BadInput):
        not_used(world.evac, "T0001-A", " ", by="desk")


# -- travellers --------------------------------------------------------------------------------------------------


def told(world, **changes):
    given = {
        "what": "turned-away", "point": world.outer[0], "at": world.evac.clock.now(), "exact": True, "by": "holder", "people": 6,
        "hedge": "", "text": "they said the list was closed", "contact": "",
    } | changes  # fmt: skip
    return Told(**given)


@pytest.mark.seed("S-24", "S-25")
def test_what_travellers_say_is_alleged_by_holder_and_point_and_never_an_event(world):
    take_report(world.evac, told(world))
    take_report(world.evac, told(world, people=None, hedge="many"))
    take_report(world.evac, told(world, what="beaten", by="unknown"))
    views, withdrawn = read_alleged(world.evac)
    assert [(x.holder, x.what, x.reports, x.people, x.vague) for x in alleged_lines(views)] == [
        ("", "beaten", 1, 6, ()), ("cordon", "turned-away", 2, 6, ("many",))
    ]  # fmt: skip
    assert withdrawn == 0
    assert read_harm(world.evac) == () and read_tally(world.evac) == ()


def test_a_receipt_adds_and_withdraws_and_opens_nothing_else(world):
    receipt = take_report(world.evac, told(world))
    assert len(receipt) == 14
    assert add_to_report(world.evac, receipt.lower().replace("-", " "), "we came back the next day") is None
    [view] = read_alleged(world.evac)[0]
    assert view.texts == ("they said the list was closed", "we came back the next day")
    assert add_to_report(world.evac, "0000-0000-0000", "x").code == "unknown-receipt"
    assert withdraw_report(world.evac, receipt) is None
    assert read_alleged(world.evac) == ((), 1)
    for again in (withdraw_report(world.evac, receipt), add_to_report(world.evac, receipt, "x")):
        assert again.code == "already-withdrawn-report"


def test_neither_text_nor_contact_nor_receipt_stands_in_the_ledger_or_in_the_clear(world):
    key = new_custodian(world.evac)
    receipt = take_report(world.evac, told(world, text="MARKEDTEXT here", contact="MARKEDCONTACT 12"))
    add_to_report(world.evac, receipt, "MARKEDMORE")
    with world.evac.store.reading() as tx:
        entries = b"".join(tx.ledger.entry(i).envelope for i in range(tx.ledger.size()))
    stored = b"".join(path.read_bytes() for path in world.evac_config.data_dir.rglob("*") if path.is_file())
    for secret in (b"MARKEDTEXT", b"MARKEDCONTACT", b"MARKEDMORE", receipt.encode(), receipt.replace("-", "").encode()):
        assert secret not in entries
        assert secret not in stored
    [view] = read_alleged(world.evac)[0]
    assert view.reachable
    assert reveal_identity(world.evac, view.number, key, by="desk", reason="asked for help") == b"MARKEDCONTACT 12"


def test_a_contact_that_cannot_be_kept_safely_is_not_kept(world):
    with pytest.raises(BadInput) as caught:
        take_report(world.evac, told(world, contact="MARKEDCONTACT"))
    assert caught.value.code == "no-custodian" and "MARKED" not in str(caught.value)
    assert read_alleged(world.evac) == ((), 0)


@pytest.mark.parametrize(
    ("name", "value"), [("what", "shot"), ("by", "me"), ("at", 1), ("at", 4_000_000_000), ("people", 0), ("people", 10_001),
                        ("hedge", "x" * 61), ("text", "x" * 2_001), ("contact", "x" * 301), ("point", "nowhere")],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_refused_by_its_field_and_shows_nothing_of_it(world, name, value):
    with pytest.raises(BadInput) as caught:
        take_report(world.evac, told(world, **{name: value}))
    assert caught.value.code in {"bad-field", "unknown-point"}
    assert "xxx" not in str(caught.value)
    with pytest.raises(BadInput):
        add_to_report(world.evac, "0000-0000-0000", " ")


def test_a_report_without_place_or_time_is_taken_before_any_agreement(apart):
    receipt = take_report(apart.evac, told(apart, point="", at=None, exact=False, text=""))
    [view] = read_alleged(apart.evac)[0]
    assert (view.at, view.name, view.holder, view.texts) == ("", "", "", ())
    assert withdraw_report(apart.evac, receipt) is None
