"""Batches: what each may sign, the next one in time, early withdrawal; and an ally's batches at one gate."""

import pytest

from safeconduct.errors import BadInput, Refusal
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.passes.batch import decode_batch
from safeconduct.passes.bundle import open_bundle
from safeconduct.passes.pass_format import decode_payload
from safeconduct.seal.keys import VerifyKey
from safeconduct.workflows import batch_keys
from safeconduct.workflows.batch_keys import signed_batch
from safeconduct.workflows.batch_limits import Limits
from safeconduct.workflows.issue_passes import Leg, Strip, issue_passes
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.rotate_batch import rotate_batch
from safeconduct.workflows.show_batches import show_batches
from safeconduct.workflows.withdraw_batch import withdraw_batch
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE, START, World

DAY = 86_400
WHY = {"reason": "planned", "by": "night-desk"}


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.agree()
    yield made
    made.close()


def loaded(world, node=None, now=START + 3 * HOUR):
    node = node or world.evac
    publish_bundle(node)
    with node.store.reading() as tx:
        data = tx.passes.bundle()[1]
    root = VerifyKey.load(bytes.fromhex(node.card.root_public), where="root")
    return open_bundle(data, root=root, agreement_id="kabul-2021", now=now)


def at(world, groups, point, *, hours=2, length=2):
    strips = [Strip(g, (Leg(point, START + hours * HOUR, length * HOUR),)) for g in groups]
    return issue_passes(world.evac, strips, subject=PASSAGE, purpose=PURPOSE)


def key_ids(passes):
    return {decode_payload(p.raw[:32]).key_id.hex() for p in passes}


def reason(bundle, made, now=START + 3 * HOUR):
    return decide(bundle, UsedHere(), Scan(made.raw, made.point, now)).reason


def test_a_batch_signs_for_its_points_and_days_only_and_others_get_another(world):
    groups = world.enlist()
    narrow = rotate_batch(world.evac, Limits(points=(world.gates[0],), not_after=START + DAY), **WHY)
    assert key_ids(at(world, groups[:3], world.gates[0])) == {narrow.hex()[:8]}
    elsewhere = key_ids(at(world, groups[:3], world.outer[0]))
    later = key_ids(at(world, groups[:3], world.gates[0], hours=30))
    assert narrow.hex()[:8] not in elsewhere | later
    assert elsewhere == later  # the wide one, made where the narrow one did not do
    assert all(reason(loaded(world), p) == "ok" for p in at(world, groups[:3], world.gates[0]))


def test_a_full_batch_is_followed_by_the_next_and_no_index_is_given_twice(world):
    groups = world.enlist(400)
    small = rotate_batch(world.evac, Limits(capacity=128), **WHY)
    passes = at(world, groups, world.gates[0]) + at(world, groups, world.gates[0], hours=6)
    assert len(passes) > 125
    assert len(key_ids(passes)) == 2
    indexes = [(decode_payload(p.raw[:32]).key_id, decode_payload(p.raw[:32]).index) for p in passes]
    assert len(set(indexes)) == len(passes)
    states = {one.identity: one.state for one in show_batches(world.evac).batches}
    assert states[small.hex()] == "full"


def test_the_next_batch_is_asked_for_before_the_old_is_full_or_ends(world):
    groups = world.enlist(700)
    rotate_batch(world.evac, Limits(capacity=128, not_after=START + 5 * DAY), **WHY)
    assert show_batches(world.evac).advice == ()
    at(world, groups[:115], world.gates[0])
    [advice] = show_batches(world.evac).advice
    assert "nearly full" in advice
    rotate_batch(world.evac, Limits(capacity=256, not_after=START + 5 * DAY), **WHY)
    assert show_batches(world.evac).advice == ()
    world.move(START + 4 * DAY)
    [advice] = show_batches(world.evac).advice
    assert "ends soon" in advice
    world.move(START + 6 * DAY)
    assert {one.state for one in show_batches(world.evac).batches} == {"rotated", "ended"}


def test_after_a_rotation_older_passes_hold_and_new_ones_come_from_the_new_key(world):
    groups = world.enlist()
    old = at(world, groups[:2], world.gates[0])
    new_key = rotate_batch(world.evac, Limits(), **WHY)
    new = at(world, groups[2:4], world.gates[0])
    assert key_ids(new) == {new_key.hex()[:8]}
    bundle = loaded(world)
    assert [reason(bundle, p) for p in (*old, *new)] == ["ok"] * 4
    with world.evac.store.reading() as tx:
        assert len(tx.ledger.find("own:batch-stopped")) == 1


def test_every_pass_of_a_withdrawn_batch_is_refused_from_the_next_bundle_on_and_its_groups_get_new_ones(world):
    groups = world.enlist()
    old = at(world, groups, world.gates[0])
    revoke_passes(world.evac, groups[:1], "left")
    before = loaded(world)
    assert [reason(before, p) for p in old[1:]] == ["ok"] * (len(groups) - 1)
    number = str(show_batches(world.evac).batches[0].number)
    gone = withdraw_batch(world.evac, number, reason="the key may be in other hands", by="night-desk")
    after = loaded(world)
    assert {reason(after, p) for p in old} == {"revoked"}
    assert len(after.batches[gone].revoked) == after.batches[gone].capacity
    again = at(world, groups, world.gates[0])
    assert again[0].raw == old[0].raw  # revoked by itself before: no new one
    assert [reason(loaded(world), p) for p in again[1:]] == ["ok"] * (len(groups) - 1)
    assert withdraw_batch(world.evac, gone.hex()[:12], reason="again", by="x").code == "already-stopped"
    [view] = [one for one in show_batches(world.evac).batches if one.identity == gone.hex()]
    assert (view.state, view.stop.by) == ("withdrawn", "night-desk")


def test_a_withdrawal_needs_a_batch_and_a_reason(world):
    assert withdraw_batch(world.evac, "99", reason="why", by="x") == Refusal("unknown-batch", "99")
    assert withdraw_batch(world.evac, "abcdef12", reason="why", by="x").code == "unknown-batch"
    with pytest.raises(BadInput):
        withdraw_batch(world.evac, "1", reason=" ", by="x")


@pytest.mark.parametrize(
    "limits", [Limits(capacity=10), Limits(capacity=1 << 20), Limits(points=("nowhere",)), Limits(not_before=1),
               Limits(not_after=START + 900 * DAY), Limits(not_before=START + DAY, not_after=START + DAY)],
)  # fmt: skip
def test_limits_beyond_the_agreement_are_refused(world, limits):
    with pytest.raises(BadInput) as raised:
        rotate_batch(world.evac, limits, **WHY)
    assert raised.value.code == "bad-batch"
    assert show_batches(world.evac).batches == ()


def test_the_page_says_how_the_root_is_kept(world):
    view = show_batches(world.evac)
    assert (view.root_kept, view.agreed, view.requests) == ("exercise", True, ())
    assert len(view.root_words.split()) == 8
    with world.evac.store.reading() as tx:
        assert [decode_batch(signed_batch(row.signed).entry_bytes) for row in tx.passes.batches()] == []


def revoked(world):
    return [batch.revoked for batch in loaded(world).batches.values()]


def test_decoys_are_worked_out_once_for_a_batch_and_stay_the_same(world, monkeypatch):
    world.issue(world.enlist())
    first = revoked(world)
    opened = []
    monkeypatch.setattr(batch_keys, "decoys", lambda *given: opened.append(given) or [])
    assert revoked(world) == first and sum(map(len, first)) == 96
    assert opened == [], "the sealed secret was not asked for again"
    monkeypatch.undo()
    batch_keys._DECOYS.clear()
    monkeypatch.setattr(batch_keys, "MOST_KEPT", 0)
    assert revoked(world) == first and len(batch_keys._DECOYS) == 1, "more than are kept: worked out again"
