"""Spoken passes from the roll to the gate: words told once, a table in the bundle, a decision, a merge."""

import pytest

from safeconduct.errors import REFUSALS, BadInput, Refusal
from safeconduct.gate.decide import UsedHere
from safeconduct.gate.decide_spoken import SpokenScan, decide_spoken
from safeconduct.passes.bundle import open_bundle
from safeconduct.seal.keys import VerifyKey
from safeconduct.storage.database import search_everywhere
from safeconduct.workflows import build_spoken
from safeconduct.workflows import issue_spoken as workflow
from safeconduct.workflows.batch_limits import STOPPED, WITHDRAWN, Limits, stop_body
from safeconduct.workflows.issue_passes import Leg, Strip, issue_passes
from safeconduct.workflows.issue_spoken import issue_spoken, standing_serials
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.rotate_batch import rotate_batch
from safeconduct.workflows.try_pass import try_pass
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE, START, Phone

AT = START + 3 * HOUR


def strips(world, groups, **leg):
    window = {"not_before": START + 2 * HOUR, "seconds": 8 * HOUR} | leg
    return [Strip(group, (Leg(world.gates[0], **window),)) for group in groups]


def issue(world, groups, *, leg=None, **more):
    """Issue, and return what was told, by group."""
    told = []
    made = issue_spoken(world.evac, strips(world, groups, **(leg or {})), subject=PASSAGE, purpose=PURPOSE,
                        show=told.extend, **more)  # fmt: skip
    assert not isinstance(made, Refusal), made
    return made, {one.group: one for one in told}


def bundle(world):
    publish_bundle(world.evac)
    with world.evac.store.reading() as tx:
        data = tx.passes.bundle()[1]
    root = VerifyKey.load(bytes.fromhex(world.evac.card.root_public), where="root")
    return open_bundle(data, root=root, agreement_id="kabul-2021", now=AT)


def say(world, loaded, words, at=AT, **more):
    scan = SpokenScan(" ".join(words), world.gates[0], at)
    return decide_spoken(loaded, more.get("used") or UsedHere(), scan)


@pytest.mark.seed("S-11")
def test_words_told_once_open_the_gate_and_are_nowhere_in_the_node(world):
    groups = world.enlist()[:3]
    made, told = issue(world, groups)
    assert (made.issued, made.standing, made.voided) == (3, 0, 0)
    loaded = bundle(world)
    for one in told.values():
        assert len(one.words) == 6
        found = say(world, loaded, one.words)
        assert (found.reason, found.heads) == ("ok", one.heads)
        assert say(world, loaded, one.numbers).reason == "ok"
    assert say(world, loaded, ["abandon"] * 6).reason == "binding-failed"
    assert bundle(world).spoken.seed != loaded.spoken.seed, "every build has a seed of its own"
    world.close()
    path = world.base / "evac" / "data" / "node.db"
    phrases = [" ".join(one.words[:2]) for one in told.values()] + [" ".join(one.numbers) for one in told.values()]
    assert search_everywhere(path, phrases) == dict.fromkeys(phrases, 0)
    world.open()


def test_a_second_request_tells_no_words_again_and_a_new_issue_voids_the_former(world):
    groups = world.enlist()[:2]
    _, first = issue(world, groups)
    made, told = issue(world, groups)
    assert (made.issued, made.standing, made.untold, told) == (0, 2, 2, {})
    made, second = issue(world, groups, again=True)
    assert (made.issued, made.voided) == (2, 2)
    loaded = bundle(world)
    for group in groups:
        assert say(world, loaded, first[group].words).reason == "revoked"
        assert say(world, loaded, second[group].words).reason == "ok"


def test_a_revoked_group_is_refused_by_its_words(world):
    groups = world.enlist()[:1]
    _, told = issue(world, groups)
    assert revoke_passes(world.evac, groups, "reported lost") == 1
    assert say(world, bundle(world), told[groups[0]].words).reason == "revoked"


def test_spoken_and_carried_passes_have_batches_of_their_own(world):
    groups = world.enlist()[:2]
    issue(world, groups[:1])
    carried = issue_passes(world.evac, strips(world, groups), subject=PASSAGE, purpose=PURPOSE)
    issue(world, groups[1:])
    assert [len(p.raw) for p in carried] == [96, 96]
    with world.evac.store.reading() as tx:
        rows = tx.passes.of_groups(groups, spoken=True)
        assert sorted((r.batch, r.raw == b"") for r in rows) == [(1, True), (1, True), (2, False), (2, False)]
        assert all(r.raw for r in tx.passes.of_groups(groups))
        assert tx.spoken.batches() == {1}


def test_a_request_that_was_stopped_is_taken_up_where_it_stopped(world, monkeypatch):
    groups = world.enlist()[:5]
    monkeypatch.setattr(workflow, "RUN", 2)
    told = []

    class Killed(BaseException):
        pass

    def dying(rows):
        told.extend(rows)
        if len(told) == 4:
            raise Killed

    with pytest.raises(Killed):
        issue_spoken(world.evac, strips(world, groups), subject=PASSAGE, purpose=PURPOSE, show=dying)
    world.reopen()
    stored = standing_serials(world.evac, groups)
    assert stored == {one.serial for one in told[:2]}, "a run whose words were not taken over is not stored"
    kept = [one for one in told if one.serial in stored]
    made, rest = issue(world, groups, told=stored)
    assert (made.issued, made.standing, made.untold) == (3, 2, 0)
    loaded = bundle(world)
    assert all(say(world, loaded, one.words).reason == "ok" for one in [*kept, *rest.values()])
    void = [one for one in told if one.serial not in stored]
    assert [say(world, loaded, one.words).reason for one in void] == ["binding-failed"] * 2


def test_a_new_issue_that_was_stopped_does_not_void_what_it_has_just_issued(world, monkeypatch):
    groups = world.enlist()[:4]
    issue(world, groups)
    monkeypatch.setattr(workflow, "RUN", 2)
    told = []

    class Killed(BaseException):
        pass

    def dying(done, _whole):
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        issue_spoken(world.evac, strips(world, groups), subject=PASSAGE, purpose=PURPOSE, show=told.extend, again=True,
                     progress=dying)  # fmt: skip
    kept = standing_serials(world.evac, groups) & {one.serial for one in told}
    made, _ = issue(world, groups, again=True, told=kept)
    assert (made.issued, made.standing, made.voided) == (2, 2, 2)


def test_the_ledger_says_how_many_and_no_more(world):
    groups = world.enlist()[:2]
    _, told = issue(world, groups)
    with world.evac.store.reading() as tx:
        [entry] = tx.ledger.find("own:issue")
        everything = b"".join(tx.ledger.entry(i).envelope for i in range(tx.ledger.size()))
    assert b'"passes":2' in entry.envelope
    assert b'"spoken":true' in entry.envelope
    assert not any(group.encode() in entry.envelope for group in groups)
    assert not any(" ".join(one.words).encode() in everything for one in told.values())


@pytest.mark.parametrize(
    ("leg", "code"),
    [({"not_before": START - 9 * HOUR}, "out-of-agreement"), ({"seconds": 0}, "bad-pass")],
)
def test_a_bad_leg_is_refused_before_any_word_is_drawn(world, leg, code):
    groups = world.enlist()[:2]
    with pytest.raises(BadInput) as caught:
        issue(world, groups, leg=leg)
    assert caught.value.code == code
    assert world.count(world.evac, "passes") == 0


def test_a_table_leaves_for_later_what_it_has_no_room_for_and_drops_what_is_over(world, monkeypatch):
    monkeypatch.setattr(build_spoken.spoken, "MOST_WINDOWS", 1)
    groups = world.enlist()[:2]
    _, soon = issue(world, groups[:1])
    _, late = issue(world, groups[1:], leg={"not_before": START + 20 * HOUR})
    loaded = bundle(world)
    assert say(world, loaded, soon[groups[0]].words).reason == "ok"
    assert say(world, loaded, late[groups[1]].words).reason == "binding-failed"
    world.move(START + 19 * HOUR)
    loaded = bundle(world)
    assert say(world, loaded, late[groups[1]].words, at=START + 21 * HOUR).reason == "ok"
    world.move(START + 60 * HOUR)
    assert bundle(world).spoken is None


def test_passes_issued_while_a_table_is_built_are_in_the_bundle(world, monkeypatch):
    groups = world.enlist()[:2]
    issue(world, groups[:1])
    prepared = build_spoken.prepare(world.evac, world.evac.clock.now())
    _, told = issue(world, groups[1:])
    monkeypatch.setattr("safeconduct.workflows.publish_bundle.prepare", lambda *_: prepared)
    assert say(world, bundle(world), told[groups[1]].words).reason == "ok"


@pytest.mark.seed("S-24")
def test_words_used_at_two_gates_are_found_at_merge_and_the_group_has_passed(world):
    groups = world.enlist()[:1]
    _, told = issue(world, groups)
    loaded = bundle(world)
    world.settle()
    for number in range(2):
        phone = Phone(world.evac, f"gate-phone-{number}", world.gates[0])
        phone.load(AT)
        made = say(world, loaded, told[groups[0]].words)
        assert isinstance(receive_from_device(world.evac, phone.segment([phone.event(made, AT + number)])), bytes)
        with world.evac.store.reading() as tx:
            assert [state for *_, state in tx.roll.groups(groups)] == ["passed"]
            assert len(tx.devices.conflicts()) == number


def test_a_try_in_the_room_knows_of_uses_before_its_time(world):
    groups = world.enlist()[:1]
    _, told = issue(world, groups)
    loaded = bundle(world)
    world.settle()
    words, gate = " ".join(told[groups[0]].words), world.gates[0]
    assert try_pass(world.evac, words, gate, at=AT).word == "PASS"
    phone = Phone(world.evac, "gate-phone", gate)
    phone.load(AT)
    receive_from_device(world.evac, phone.segment([phone.event(say(world, loaded, words.split()), AT)]))
    assert try_pass(world.evac, words, gate, at=AT + 60).line == REFUSALS["used-elsewhere"]
    assert try_pass(world.evac, words, gate, at=AT - 60).word == "PASS"
    assert try_pass(world.evac, "zoo " * 6, gate, at=AT).line == REFUSALS["binding-failed"]


def test_a_try_of_words_without_spoken_passes_says_so(world):
    world.enlist()
    publish_bundle(world.evac)
    shown = try_pass(world.evac, "zoo " * 6, world.gates[0], at=AT)
    assert (shown.word, shown.line) == ("ASK", REFUSALS["no-spoken-passes"])


def test_a_withdrawn_batch_of_spoken_passes_is_refused_as_revoked(world):
    groups = world.enlist()[:1]
    _, told = issue(world, groups)
    with world.evac.store.transaction() as tx:
        [row] = tx.passes.batches()
        tx.records.add(STOPPED, row.identity.hex(), stop_body(WITHDRAWN, "key seized", "duty officer"), AT)
    assert say(world, bundle(world), told[groups[0]].words).reason == "revoked"
    made, new = issue(world, groups)
    assert (made.issued, made.standing) == (1, 0)
    assert say(world, bundle(world), new[groups[0]].words).reason == "ok"


def test_batches_with_narrower_limits_get_the_passes_that_they_may_have(world):
    groups = world.enlist()[:1]
    narrow = Limits(capacity=128, points=(world.gates[1],), spoken=True)
    rotate_batch(world.evac, narrow, reason="a gate of its own", by="duty officer")
    mixed = [
        Strip(groups[0], (Leg(world.gates[1], START + 2 * HOUR, HOUR), Leg(world.gates[0], START + 2 * HOUR, HOUR)))
    ]
    rows = []
    issue_spoken(world.evac, mixed, subject=PASSAGE, purpose=PURPOSE, show=rows.extend)
    assert len({one.serial[:8] for one in rows}) == 2
    loaded = bundle(world)
    for one in rows:
        said = SpokenScan(" ".join(one.words), one.point, one.not_before)
        assert decide_spoken(loaded, UsedHere(), said).reason == "ok"


def test_the_partner_gets_the_table_with_the_bundle(world):
    groups = world.enlist()[:1]
    issue(world, groups)
    publish_bundle(world.evac)
    assert [(kind, answer.status) for kind, answer in world.settle()][-1] == ("bundle", "taken")
