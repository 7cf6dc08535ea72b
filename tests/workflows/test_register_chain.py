"""From the roll to the successor: leaving the roll, the balance, passes issued again, the signed hand-over."""

import json
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.errors import BadInput
from safeconduct.passes.pass_format import decode_payload
from safeconduct.register.roll_import import parse_roll
from safeconduct.replay.people import generate
from safeconduct.workflows.balance_roll import balance_roll
from safeconduct.workflows.hand_over_cases import check_hand_over, hand_over_cases, parse_hand_over
from safeconduct.workflows.import_roll import import_roll
from safeconduct.workflows.leave_roll import Reissue, leave_roll
from safeconduct.workflows.record_departure import record_departure
from safeconduct.workflows.revoke_passes import revoke_passes
from workflows.two_nodes import HOUR, START

ROLL = parse_roll(generate(24, 7), filename="roll.csv")
FAMILY = next(g for g in ROLL.groups if g.heads > 2)
FIRST, *OTHERS = [p.person_id for p in FAMILY.people]


@pytest.fixture
def listed(world):
    """A world whose issuer has a roll of 24 people."""
    world.enlist()
    return world


def let_pass(world, group):
    with world.evac.store.transaction() as tx:
        assert tx.roll.set_state([group], "passed", world.evac.clock.now(), was="waiting")


def group_of(world, group):
    with world.evac.store.reading() as tx:
        [(_, heads, _, state)] = tx.roll.groups([group])
    return heads, state


# -- leaving the roll --------------------------------------------------------------------------------------------


@pytest.mark.seed("S-36")
def test_who_withdraws_leaves_the_group_smaller_and_the_same_call_changes_nothing(listed):
    first = leave_roll(listed.evac, [FIRST, FIRST], "withdrawn", "travels by road")
    assert (first.people, first.new, first.reissue) == (1, 1, ())
    size = listed.count(listed.evac, "ledger")
    again = leave_roll(listed.evac, [FIRST], "withdrawn", "told twice")
    assert (again.people, again.new) == (1, 0)
    assert group_of(listed, FAMILY.group_id) == (FAMILY.heads - 1, "waiting")
    assert listed.count(listed.evac, "ledger") == size


def test_a_group_with_nobody_left_waits_no_longer(listed):
    leave_roll(listed.evac, [FIRST], "dead", "reported by the family")
    leave_roll(listed.evac, OTHERS, "withdrawn", "stay after a death")
    assert group_of(listed, FAMILY.group_id) == (0, "left")
    with listed.evac.store.reading() as tx:
        assert tx.roll.counts()["waiting"] == 24 - FAMILY.heads
    with pytest.raises(BadInput, match="people on the roll") as caught:
        listed.issue([FAMILY.group_id])
    assert caught.value.code == "empty-group"


def test_the_ledger_gets_counts_and_neither_id_nor_reason(listed):
    leave_roll(listed.evac, [FIRST], "dead", "heart failure on the way")
    with listed.evac.store.reading() as tx:
        [entry] = tx.ledger.find("own:leave")
    kind = FAMILY.people[0].person_class
    assert json.loads(entry.envelope) == {"classes": {kind: 1}, "people": 1, "way": "dead"}


@pytest.mark.parametrize(
    ("people", "way", "reason", "code"),
    [
        ([FIRST, "nobody"], "dead", "x", "unknown-person"),
        ([FIRST], "departed", "x", "bad-way-out"),
        ([FIRST], "dead", " ", "no-reason"),
        ([FIRST], "dead", "x" * 201, "no-reason"),
    ],
)
def test_a_call_that_is_wrong_in_one_part_records_nothing(listed, people, way, reason, code):
    with pytest.raises(BadInput) as caught:
        leave_roll(listed.evac, people, way, reason)
    assert caught.value.code == code
    assert group_of(listed, FAMILY.group_id) == (FAMILY.heads, "waiting")


def test_what_was_recorded_of_a_person_stays_as_it_is(listed):
    leave_roll(listed.evac, [FIRST], "withdrawn", "x")
    assert leave_roll(listed.evac, [*OTHERS, FIRST], "dead", "x").code == "already-left"
    assert group_of(listed, FAMILY.group_id) == (FAMILY.heads - 1, "waiting")
    let_pass(listed, FAMILY.group_id)
    record_departure(listed.evac)
    assert leave_roll(listed.evac, OTHERS, "dead", "x").code == "already-departed"
    assert balance_roll(listed.evac).holds


@pytest.mark.seed("S-42")
def test_a_group_that_shrank_is_named_until_its_passes_are_issued_again_for_fewer(listed):
    before = {p.raw for p in listed.issue([FAMILY.group_id])}
    made = leave_roll(listed.evac, [FIRST], "withdrawn", "x")
    assert made.reissue == (Reissue(FAMILY.group_id, FAMILY.heads - 1),)
    assert revoke_passes(listed.evac, [FAMILY.group_id], "group is smaller") == 2
    fresh = listed.issue([FAMILY.group_id])
    assert listed.issue([FAMILY.group_id]) == fresh
    assert [decode_payload(p.raw[:32]).heads for p in fresh] == [FAMILY.heads - 1] * 2
    assert before.isdisjoint(p.raw for p in fresh)
    assert leave_roll(listed.evac, [FIRST], "withdrawn", "x").reissue == ()


def test_a_revoked_pass_of_a_group_of_the_same_size_is_not_made_valid_again_by_a_retry(listed):
    before = listed.issue([FAMILY.group_id])
    revoke_passes(listed.evac, [FAMILY.group_id], "reported lost")
    assert listed.issue([FAMILY.group_id]) == before


def test_a_pass_whose_window_is_over_needs_no_new_one(listed):
    listed.issue([FAMILY.group_id])
    listed.move(START + 24 * HOUR)
    assert leave_roll(listed.evac, [FIRST], "withdrawn", "x").reissue == ()


# -- the balance -------------------------------------------------------------------------------------------------


@pytest.mark.seed("S-36")
def test_the_roll_balances_after_departures_withdrawals_and_deaths(listed):
    one, two = OTHERS[:2]
    leave_roll(listed.evac, [one], "withdrawn", "x")
    leave_roll(listed.evac, [two], "dead", "x")
    other = next(g for g in ROLL.groups if g.group_id != FAMILY.group_id)
    let_pass(listed, other.group_id)
    assert balance_roll(listed.evac).heads == 22  # at the gate, and not out yet
    assert record_departure(listed.evac) == other.heads
    made = balance_roll(listed.evac)
    sums = [
        sum(getattr(line, name) for line in made.classes) for name in ("registered", "departed", "withdrawn", "dead")
    ]
    assert made.holds
    assert sums == [24, other.heads, 1, 1]
    assert made.heads == sum(line.roll for line in made.classes) == 22 - other.heads


@pytest.mark.seed("S-43")
def test_children_and_unknown_ages_on_the_roll_are_counted_apart(listed):
    header = generate(24, 7).decode().splitlines()[0]
    rows = [
        "X1,XG,A,B,2012-03-03,f,citizen,,passport,P1234567,yes",
        "X2,XG,C,D,,m,citizen,,passport,P1234568,",
        "X3,XG,E,F,1980-03-03,m,citizen,,passport,P1234569,",
    ]
    before = balance_roll(listed.evac)
    import_roll(listed.evac, "\n".join([header, *rows]).encode(), "more.csv")
    after = balance_roll(listed.evac)
    assert (after.children - before.children, after.age_unknown - before.age_unknown) == (1, 1)
    assert after.heads - before.heads == 3
    leave_roll(listed.evac, ["X1"], "withdrawn", "x")
    assert balance_roll(listed.evac).children == before.children


@pytest.mark.seed("S-36")
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM people WHERE person_id = :person",
        "UPDATE people SET class = CASE class WHEN 'citizen' THEN 'resident' ELSE 'citizen' END WHERE person_id = :person",
        "UPDATE groups SET heads = heads + 1 WHERE group_id = :group",
        "INSERT INTO leavers VALUES (:person, 'dead', 'x', 1)",
        "UPDATE groups SET state = 'departed' WHERE group_id = :group",
    ],
    ids=["dropped", "moved to another class", "head added", "dead without an entry", "out without an entry"],
)
def test_a_roll_that_was_changed_past_the_ledger_does_not_balance(listed, change):
    assert balance_roll(listed.evac).holds
    listed.close()
    with sqlite3.connect(listed.evac_config.data_dir / "node.db") as db:
        db.execute(change, {"person": FIRST, "group": FAMILY.group_id})
    db.close()
    listed.open()
    assert not balance_roll(listed.evac).holds


# -- the hand-over -----------------------------------------------------------------------------------------------


@pytest.mark.seed("S-37")
def test_a_successor_with_the_same_roll_finds_the_hand_over_complete(listed):
    import_roll(listed.cordon, generate(24, 7), "copy.csv")
    file = hand_over_cases(listed.evac, "Department of State")
    statement, found = check_hand_over(listed.cordon, file)
    assert found == ()
    assert (statement.by, statement.to, statement.cases.total) == ("evac", "Department of State", 24)
    with listed.evac.store.reading() as tx:
        assert [e.envelope for e in tx.ledger.find("own:hand-over")] == [file]


@pytest.mark.seed("S-37")
def test_a_case_that_was_dropped_is_found_by_class_and_digest(listed):
    short = [line for line in generate(24, 7).decode().splitlines() if not line.startswith(f"{FIRST},")]
    import_roll(listed.cordon, "\n".join(short).encode(), "copy.csv")
    _, found = check_hand_over(listed.cordon, hand_over_cases(listed.evac, "Department of State"))
    assert [line.split(":")[0] for line in found] == [FAMILY.people[0].person_class, "digest"]


def test_handing_over_again_gives_the_same_file_until_the_roll_changes(listed):
    first = hand_over_cases(listed.evac, "Department of State")
    listed.move(START + 24 * HOUR)
    assert hand_over_cases(listed.evac, "Department of State") == first
    assert hand_over_cases(listed.evac, "Second office") != first
    leave_roll(listed.evac, [FIRST], "dead", "x")
    later = hand_over_cases(listed.evac, "Department of State")
    assert parse_hand_over(later)[0].cases.total == 23
    with listed.evac.store.reading() as tx:
        assert len(tx.ledger.find("own:hand-over")) == 3


@pytest.mark.seed("S-37")
def test_a_file_that_was_changed_or_comes_from_a_stranger_is_named_as_such(listed):
    given = json.loads(hand_over_cases(listed.evac, "Department of State"))
    for change, part in (({"to": "Another office"}, "not by the root key"), ({"by": "north"}, "no card of north")):
        _, [line] = check_hand_over(listed.evac, json.dumps({**given, **change}).encode())
        assert part in line


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"cases": 25}, "hand-over.cases"),
        ({"classes": {"citizen": 0}}, "hand-over.classes.citizen"),
        ({"classes": {"soldier": 24}}, "hand-over.classes"),
        ({"classes": []}, "hand-over.classes"),
        ({"digest": "00"}, "hand-over.digest"),
        ({"at": "yesterday"}, "hand-over.at"),
        ({"v": 2}, "hand-over.v"),
        ({"names": []}, "hand-over"),
        ({"signature": None}, "hand-over.signature"),
    ],
)
def test_a_malformed_hand_over_says_where(listed, change, where):
    given = json.loads(hand_over_cases(listed.evac, "Department of State"))
    with pytest.raises(BadInput) as caught:
        parse_hand_over(json.dumps({**given, **change}).encode())
    assert caught.value.where == where


@given(
    st.binary(max_size=200) | st.dictionaries(st.text(max_size=9), st.integers()).map(lambda d: json.dumps(d).encode())
)
def test_any_bytes_are_read_or_refused(data):
    with pytest.raises(BadInput):
        parse_hand_over(data)
