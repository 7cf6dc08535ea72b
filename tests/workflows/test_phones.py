"""Passes bound to phones: issued from the text that a phone shows, one binding each, issued anew for a new phone."""

import pytest

from safeconduct.errors import BadInput
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.passes.binding import bind_phone
from safeconduct.passes.holding import key_text, make_proof
from safeconduct.passes.pass_format import decode_payload, to_text
from safeconduct.seal.keys import SigningKey
from safeconduct.seal.signed import sign
from safeconduct.workflows.bind_passes import bind_to_phones, issue_to_phones, read_phones
from safeconduct.workflows.check_online import DOMAIN, Ask, OnlineGate, check_payload
from safeconduct.workflows.issue_passes import Leg, Strip
from safeconduct.workflows.print_strips import print_strips
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.reissue_passes import reissue_passes
from safeconduct.workflows.try_pass import bundle_at, try_pass
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE, START, Phone

AT = START + 3 * HOUR
FIRST, SECOND = (SigningKey.from_seed(bytes([n]) * 32) for n in (1, 2))
GOOD = key_text(FIRST.public)


@pytest.fixture
def roll(world):
    world.groups = world.enlist()
    world.move(AT)
    return world


def legs(world, **more):
    return tuple(Leg(gate, START + 2 * HOUR, 8 * HOUR, **more) for gate in world.gates)


def issue(world, phones, *, groups=None, **more):
    strips = [Strip(group, legs(world, **more)) for group in groups or world.groups[:3]]
    return issue_to_phones(world.evac, strips, phones, subject=PASSAGE, purpose=PURPOSE)


def anew(world, *groups, **more):
    options = {"reason": "phone lost", "subject": PASSAGE, "purpose": PURPOSE} | more
    return reissue_passes(world.evac, list(groups), **options)


def kinds(made):
    return {(one.group, decode_payload(one.raw[:32]).binding_kind) for one in made}


def judged(world, raw, point, **more):
    with world.evac.store.reading() as tx:
        loaded = bundle_at(tx, AT)
    return decide(loaded, UsedHere(), Scan(raw, point, AT, **more)).reason


# -- what people hand in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [f"g-1,{GOOD}", f"group_id,key\ng-1,{GOOD}\n", f"g-1\t{GOOD}\r\n\r\n", f" g-1 , {GOOD} \n,\n"]
)
def test_phones_are_read_from_a_file_or_from_what_a_spreadsheet_copies(text):
    assert read_phones(text, "phones.csv") == {"g-1": FIRST.public}


def test_nothing_is_no_phone():
    assert read_phones("", "phones.csv") == {}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (GOOD, "bad-phones"),
        (f"g-2,{GOOD},more", "bad-phones"),
        (f",{GOOD}", "bad-phones"),
        (f"g-1,{GOOD}", "bad-phones"),
        ("g-2,SCK1:SHORT", "bad-text"),
        (f"g-2,{GOOD[:-1]}A", "bad-key"),
        (f'g-2,"{GOOD}', "bad-phones"),
    ],
)
def test_a_bad_line_is_named(line, code):
    with pytest.raises(BadInput) as refused:
        read_phones(f"g-1,{GOOD}\n{line}\n", "phones.csv")
    assert refused.value.code == code
    assert "line 2" in str(refused.value) or code == "bad-phones"


# -- issue ---------------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-11", "S-17")
def test_groups_with_a_phone_pass_by_its_code_and_the_others_as_before(roll):
    first, second, third = roll.groups[:3]
    made = issue(roll, {first: FIRST.public, second: SECOND.public})
    publish_bundle(roll.evac)
    assert kinds(made) == {(first, 3), (second, 3), (third, 0)}
    one = next(p for p in made if p.group == first)
    assert one.words is None
    other = next(p for p in made if p.group == first and p.point != one.point)
    assert judged(roll, one.raw, one.point) == "binding-needed"
    assert judged(roll, one.raw, one.point, proof=make_proof(FIRST, one.raw, one.point, AT)) == "ok"
    for wrong in (
        make_proof(SECOND, one.raw, one.point, AT), make_proof(FIRST, other.raw, one.point, AT),
        make_proof(FIRST, one.raw, other.point, AT), make_proof(FIRST, one.raw, one.point, AT - HOUR),
    ):  # fmt: skip
        assert judged(roll, one.raw, one.point, proof=wrong) == "binding-failed"


def test_a_gate_with_a_network_asks_with_the_code_of_the_phone(roll):
    group = roll.groups[0]
    raw = next(one.raw for one in issue(roll, {group: FIRST.public}) if one.point == roll.gates[0])
    publish_bundle(roll.evac)
    device, gate = Phone(roll.evac, "gate-phone", roll.gates[0]), OnlineGate(roll.evac)

    def answer(number, **more):
        body = f"{number} {more}".encode()
        signature = sign(DOMAIN, check_payload(device.name, AT, body), device.key)
        (made,) = gate.answer_all([Ask(number, device.name, AT, body, signature, to_text(raw), **more)])
        return made.decision.reason

    assert answer("1") == "binding-needed"
    assert answer("2", proof=make_proof(SECOND, raw, roll.gates[0], AT)) == "binding-failed"
    assert answer("3", proof=make_proof(FIRST, raw, roll.gates[0], AT)) == "ok"


def test_the_room_tries_a_pass_with_the_code_of_its_phone(roll):
    (one, *_) = issue(roll, {roll.groups[0]: FIRST.public})
    publish_bundle(roll.evac)
    asked = try_pass(roll.evac, to_text(one.raw), one.point)
    assert (asked.word, asked.next_step) == ("ASK", "ask for the code on their phone")
    proof = make_proof(FIRST, one.raw, one.point, AT)
    assert try_pass(roll.evac, to_text(one.raw), one.point, proof=proof).admit


def test_a_pass_has_one_binding(roll):
    with pytest.raises(BadInput, match="not both") as refused:
        issue(roll, {roll.groups[0]: FIRST.public}, words=True)
    assert refused.value.code == "bad-phones"
    with pytest.raises(BadInput, match="g-unknown"):
        issue(roll, {"g-unknown": FIRST.public})
    assert issue(roll, {})[0].raw[15] == 0, "nothing was issued by the refused requests"


def test_strips_without_a_phone_stay_as_they_are(roll):
    strips = [Strip(roll.groups[0], legs(roll, words=True))]
    assert bind_to_phones(strips, {}) == strips


def test_a_retry_gives_the_same_passes_and_another_phone_needs_new_ones(roll):
    group = roll.groups[0]
    made = issue(roll, {group: FIRST.public})
    again = issue(roll, {group: FIRST.public})
    assert {p.raw for p in again} == {p.raw for p in made}
    with pytest.raises(BadInput, match="another phone") as refused:
        issue(roll, {group: SECOND.public})
    assert refused.value.code == "bound-otherwise"
    with pytest.raises(BadInput, match="bound to nothing"):
        issue(roll, {roll.groups[1]: FIRST.public})
    later = [Strip(roll.groups[1], (Leg(roll.gates[0], START + 12 * HOUR, HOUR),))]
    made = issue_to_phones(roll.evac, later, {roll.groups[1]: FIRST.public}, subject=PASSAGE, purpose=PURPOSE)
    assert kinds(made) == {(roll.groups[1], 3)}, "another time is another pass"


# -- issue anew ----------------------------------------------------------------------------------------------------


def test_issued_anew_it_is_bound_as_before_or_to_the_new_phone_or_to_words(roll):
    group = roll.groups[0]
    before = issue(roll, {group: FIRST.public}, groups=[group])
    same = anew(roll, group)
    assert {p.raw[16:32] for p in same} == {bind_phone(FIRST.public)}
    assert not {p.raw for p in same} & {p.raw for p in before}
    new = anew(roll, group, phones={group: SECOND.public})
    assert {p.raw[16:32] for p in new} == {bind_phone(SECOND.public)}
    publish_bundle(roll.evac)
    assert (
        judged(roll, same[0].raw, same[0].point, proof=make_proof(FIRST, same[0].raw, same[0].point, AT)) == "revoked"
    )
    assert judged(roll, new[0].raw, new[0].point, proof=make_proof(SECOND, new[0].raw, new[0].point, AT)) == "ok"
    worded = anew(roll, group, words=True)
    assert kinds(worded) == {(group, 1)}
    assert all(p.words for p in worded)
    back = anew(roll, group, phones={group: FIRST.public})
    assert kinds(back) == {(group, 3)}
    assert not any(p.words for p in back)


def test_words_are_for_phones_that_are_lost_and_change_nothing_else(roll):
    group = roll.groups[0]
    issue(roll, {}, groups=[group])
    assert kinds(anew(roll, group, words=True)) == {(group, 0)}


def test_anew_for_a_phone_of_nobody_named_is_refused(roll):
    first, second = roll.groups[:2]
    for wrong in ({"phones": {second: FIRST.public}}, {"phones": {first: FIRST.public}, "words": True}):
        with pytest.raises(BadInput) as refused:
            anew(roll, first, **wrong)
        assert refused.value.code == "bad-phones"


# -- on paper ------------------------------------------------------------------------------------------------------


def test_paper_says_that_a_code_is_asked_for_and_has_no_words(roll):
    group = roll.groups[0]
    issue(roll, {group: FIRST.public}, groups=[group])
    (paper,) = print_strips(roll.evac, [group], by="duty officer").groups
    assert {(one.asks, one.phone, one.words) for one in paper.passes} == {(False, True, "")}
    assert print_strips(roll.evac, [group], by="duty officer", words=True).without == (group,)
