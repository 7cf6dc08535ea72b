"""Conflicts between device logs: found with places and times, decided by an office, opened again, counted as stated."""

import json

import pytest

from safeconduct.config import NodeConfig
from safeconduct.errors import BadInput
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.passes.bundle import open_bundle
from safeconduct.replay.people import generate
from safeconduct.replay.scenario import agreement_document, load
from safeconduct.seal.keys import VerifyKey
from safeconduct.wiring import init_node
from safeconduct.workflows.admit_batch import admit_batches, offer_batches
from safeconduct.workflows.common import cards, store_card
from safeconduct.workflows.count_passage import count_by_issuer
from safeconduct.workflows.import_roll import import_roll
from safeconduct.workflows.issue_passes import Leg, Strip, issue_passes
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.resolve_conflict import join_passes, resolve_conflict
from safeconduct.workflows.revoke_passes import revoke_passes
from safeconduct.workflows.show_batches import show_batches
from safeconduct.workflows.show_conflicts import show_conflicts
from safeconduct.workflows.show_room import show_room
from safeconduct.workflows.sign_agreement import accept, propose
from safeconduct.workflows.withdraw_batch import withdraw_batch
from workflows.two_nodes import HOUR, PASSAGE, PURPOSE, SCENARIO, START, Phone, World

NOW = START + 3 * HOUR
DESK = {"by": "night-desk"}


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    made.agree()
    yield made
    made.close()


def gate_passes(node, groups, gate):
    strips = [Strip(group, (Leg(gate, START + 2 * HOUR, 4 * HOUR),)) for group in groups]
    return issue_passes(node, strips, subject=PASSAGE, purpose=PURPOSE)


def phones(world, *names):
    made = [Phone(world.evac, name, world.gates[0]) for name in names]
    for phone in made:
        phone.load(NOW)
    return made


def send(phone, *scans):
    events = []
    for raw, at in scans:
        made, event = phone.scan(raw, at)
        assert made.admit, made.reason
        events.append(event)
    return receive_from_device(phone.node, phone.segment(events))


def copied(world):
    """One pass that two phones at one gate let through, far from each other's network."""
    passes = gate_passes(world.evac, world.enlist()[:4], world.gates[0])
    world.move(NOW)
    publish_bundle(world.evac)
    first, second = phones(world, "phone-a", "phone-b")
    send(first, (passes[0].raw, NOW), (passes[1].raw, NOW + 60))
    world.move(NOW + HOUR)
    send(second, (passes[0].raw, NOW + 600))
    return passes


def heads_of(world, group):
    with world.evac.store.reading() as tx:
        return next(heads for one, heads, _, _ in tx.roll.groups([group]))


def test_a_pass_used_at_two_devices_is_shown_with_both_places_times_and_bounds(world):
    passes = copied(world)
    [one] = [one for one in show_conflicts(world.evac).open if one.kind == "double"]
    assert [(p.device, p.at, p.people) for p in one.places] == [
        ("phone-a", NOW, heads_of(world, passes[0].group)), ("phone-b", NOW + 600, heads_of(world, passes[0].group))]  # fmt: skip
    assert all(p.low <= p.high and p.name and p.holder == "evac" for p in one.places)
    assert (one.issuer, one.places[1].high) == ("evac", NOW + HOUR)
    assert ("conflicts", "") in show_room(world.evac).need_about


def test_a_decision_is_recorded_and_logged_changes_the_count_and_can_be_opened_again(world):
    passes = copied(world)
    once, extra = sum(heads_of(world, p.group) for p in passes[:2]), heads_of(world, passes[0].group)
    [one] = [one for one in show_conflicts(world.evac).open if one.kind == "double"]
    assert count_by_issuer(world.evac).count.jointly == once
    resolve_conflict(world.evac, one.id, "different-people", reason="the guards described two families", **DESK)
    assert count_by_issuer(world.evac).count.jointly == once + extra
    assert one.id not in {c.id for c in show_conflicts(world.evac).open}
    assert ("conflicts", "") not in show_room(world.evac).need_about
    resolve_conflict(world.evac, one.id, "reopened", reason="a third guard disagrees", **DESK)
    assert count_by_issuer(world.evac).count.jointly == once
    resolve_conflict(world.evac, one.id, "inquiry", reason="ask the families", **DESK)
    [still] = [c for c in show_conflicts(world.evac).open if c.id == one.id]
    assert [d.resolution.outcome for d in still.decided] == ["different-people", "reopened", "inquiry"]
    with world.evac.store.reading() as tx:
        assert len(tx.ledger.find("own:conflict-decided")) == 3
        assert len(tx.devices.conflicts()) == 1


def test_a_further_use_opens_a_settled_conflict_again(world):
    passes = copied(world)
    [one] = [one for one in show_conflicts(world.evac).open if one.kind == "double"]
    resolve_conflict(world.evac, one.id, "same-people", reason="seen by both guards", **DESK)
    [third] = phones(world, "phone-c")
    send(third, (passes[0].raw, NOW + 1_200))
    [again] = [c for c in show_conflicts(world.evac).open if c.id == one.id]
    assert (len(again.places), again.standing.outcome, again.standing.by) == (3, "reopened", "evac")


def test_a_forked_log_shows_what_stands_and_what_was_kept_beside_it(world):
    passes = gate_passes(world.evac, world.enlist()[:3], world.gates[0])
    world.move(NOW)
    publish_bundle(world.evac)
    [phone] = phones(world, "phone-a")
    clone = phones(world, "phone-b")[0]
    clone.name, clone.key = phone.name, phone.key
    send(phone, (passes[0].raw, NOW))
    assert send(clone, (passes[1].raw, NOW + 60)).code == "fork"
    [one] = [one for one in show_conflicts(world.evac).open if one.kind == "fork"]
    assert [(p.said, p.at) for p in one.places] == [("in the log: admit", NOW), ("kept beside it: admit", NOW + 60)]
    resolve_conflict(world.evac, one.id, "cloned", reason="two phones in two hands", **DESK)
    assert show_conflicts(world.evac).settled[0].id == one.id
    assert count_by_issuer(world.evac).count.jointly == heads_of(world, passes[0].group)


def test_an_event_that_cannot_be_read_is_listed_and_counts_nothing(world):
    passes = gate_passes(world.evac, world.enlist()[:3], world.gates[0])
    world.move(NOW)
    publish_bundle(world.evac)
    [phone] = phones(world, "phone-a")
    events = [phone.scan(p.raw, NOW)[1] for p in passes[:2]]
    receive_from_device(world.evac, phone.segment(events, garbled={2}))
    [one] = [one for one in show_conflicts(world.evac).open if one.kind == "aside"]
    assert one.places[0].said == "kept beside it: cannot be read"
    assert count_by_issuer(world.evac).count.jointly == heads_of(world, passes[0].group)


def test_a_strip_whose_outer_pass_was_used_nowhere_is_listed(world):
    passes = world.issue(world.enlist()[:2])
    world.move(NOW)
    publish_bundle(world.evac)
    [phone] = phones(world, "phone-a")
    inner = [p for p in passes if p.point == world.gates[0]]
    send(phone, (inner[0].raw, NOW))
    [one] = [one for one in show_conflicts(world.evac).open if one.kind == "skip"]
    assert [p.point for p in one.places] == [world.gates[0], world.outer[0]]
    assert one.places[1].said == "no record of the group"
    resolve_conflict(world.evac, one.id, "not-scanned", reason="the liaison told us so", **DESK)
    assert show_conflicts(world.evac).open == ()


def test_what_cannot_be_decided_is_refused(world):
    copied(world)
    assert resolve_conflict(world.evac, "double-00-1", "inquiry", reason="why", **DESK).code == "unknown-conflict"
    [one] = [one for one in show_conflicts(world.evac).open if one.kind == "double"]
    with pytest.raises(BadInput):
        resolve_conflict(world.evac, one.id, "inquiry", reason="", **DESK)
    name = "ab" * 32 + ":1"
    for first, second, reason in (("x", name, "why"), (name, name, "why"), (name, "cd" * 32 + ":2", "")):
        with pytest.raises(BadInput):
            join_passes(world.evac, first, second, reason=reason, **DESK)
    assert join_passes(world.evac, name, "cd" * 32 + ":2", reason="why", **DESK).code == "unknown-pass-use"


# -- several issuers at one gate ------------------------------------------------------------------------------------


class Ally(World):
    """A third party with a roll, batches and an agreement of its own for the same control points."""

    def __init__(self, base):
        self.base = base
        self.scenario = load(SCENARIO)
        self.evac_config = NodeConfig("north", "Northern party", base / "north" / "data", exercise=True, sign_in=False)
        self.cordon_config = NodeConfig(
            "cordon", "Cordon party", base / "cordon" / "data", exercise=True, sign_in=False
        )
        for config in (self.evac_config, self.cordon_config):
            config.data_dir.parent.mkdir(parents=True)
            init_node(config.data_dir.parent, config, passphrase=None)
        self.open()
        self.move(START + HOUR)
        for one, other in ((self.evac, self.cordon), (self.cordon, self.evac)):
            with one.store.transaction() as tx:
                store_card(tx, other.card, one.clock.now())
        self.outer = [p.id for p in self.scenario.points if p.ring == "outer"]
        self.gates = [p.id for p in self.scenario.points if p.ring == "gate"]

    def agree(self):
        own, other = self.evac.card.root_public, self.cordon.card.root_public
        text = agreement_document(self.scenario, {"evac": own, "cordon": other})
        text = text if isinstance(text, str) else text.decode()
        propose(self.evac, text.replace('"evac"', '"north"').encode())
        self.settle()
        accept(self.cordon, 1)
        self.settle()


@pytest.fixture
def both(world, tmp_path):
    ally = Ally(tmp_path / "ally")
    ally.agree()
    with world.evac.store.transaction() as tx:
        store_card(tx, ally.evac.card, world.evac.clock.now())
    yield world, ally
    ally.close()


def allied_passes(ally, world, count=3):
    import_roll(ally.evac, generate(24, 11), "north.csv")
    with ally.evac.store.reading() as tx:
        groups = [group for group, _, _, _ in tx.roll.groups()][:count]
    return gate_passes(ally.evac, groups, world.gates[0])


@pytest.mark.seed("S-47")
def test_batches_of_two_issuers_work_at_one_gate_and_people_are_counted_once(both):
    world, ally = both
    own = gate_passes(world.evac, world.enlist()[:3], world.gates[0])
    theirs = allied_passes(ally, world)
    world.move(NOW)
    made = admit_batches(world.evac, offer_batches(ally.evac), by="night-desk")
    assert (made.party, made.new, made.renewed) == ("north", 1, 0)
    publish_bundle(world.evac)
    first, second = phones(world, "phone-a", "phone-b")
    send(first, *[(p.raw, NOW) for p in (*own, *theirs)])
    send(second, (theirs[0].raw, NOW + 60))  # a copy of an ally's pass
    with ally.evac.store.reading() as tx:
        heads = {group: n for group, n, _, _ in tx.roll.groups()}
    ours = sum(heads_of(world, p.group) for p in own)
    allied = sum(heads[p.group] for p in theirs)
    found = count_by_issuer(world.evac)
    assert dict(found.count.by_issuer) == {"evac": ours, "north": allied}
    assert found.count.jointly == ours + allied
    assert dict(found.passes) == {"evac": 3, "north": 3}
    [conflict] = [one for one in show_conflicts(world.evac).open if one.kind == "double"]
    assert conflict.issuer == "north"
    names = _names(world, first, own[0], theirs[0])
    assert join_passes(world.evac, *names, reason="one family, listed by both", **DESK) is None
    assert join_passes(world.evac, *names, reason="again", **DESK).code == "already-resolved"
    joined = count_by_issuer(world.evac)
    same = min(heads_of(world, own[0].group), heads[theirs[0].group])
    assert joined.count.by_issuer == found.count.by_issuer
    assert (joined.count.jointly, joined.count.twice, joined.joined) == (ours + allied - same, same, 1)


def _names(world, phone, *passes):
    made = [decide(phone.bundle, UsedHere(), Scan(p.raw, p.point, NOW)) for p in passes]
    return [f"{one.batch.hex()}:{one.index}" for one in made]


def test_an_allys_revocations_and_withdrawals_reach_the_gate_by_its_next_offer(both):
    world, ally = both
    theirs = allied_passes(ally, world)
    offer = offer_batches(ally.evac)
    admit_batches(world.evac, offer, by="night-desk")
    assert admit_batches(world.evac, offer, by="night-desk").renewed == 0
    revoke_passes(ally.evac, [theirs[0].group], "left")
    newer = offer_batches(ally.evac)
    assert admit_batches(world.evac, newer, by="night-desk").renewed == 1
    assert admit_batches(world.evac, offer, by="night-desk").code == "bundle-older"
    assert _reasons(world, theirs) == ["revoked", "ok", "ok"]
    [batch] = [one for one in show_batches(world.evac).batches if one.party == "north"]
    assert batch.state == "admitted"
    withdraw_batch(world.evac, batch.identity, reason="our own doubt", by="night-desk")
    assert set(_reasons(world, theirs)) == {"revoked"}


def _reasons(world, passes):
    world.move(NOW)
    publish_bundle(world.evac)
    [phone] = phones(world, f"phone-{world.evac.random.id()[:8]}")
    return [decide(phone.bundle, UsedHere(), Scan(p.raw, p.point, NOW)).reason for p in passes]


def test_an_offer_of_a_stranger_of_oneself_or_beyond_the_agreement_is_refused(both):
    world, ally = both
    allied_passes(ally, world)
    offer = offer_batches(ally.evac)
    gate_passes(world.evac, world.enlist()[:1], world.gates[0])
    assert admit_batches(world.evac, offer_batches(world.evac), by="x").code == "unknown-sender"
    with world.cordon.store.reading() as tx:
        assert "north" not in cards(tx)
    assert admit_batches(world.cordon, offer, by="x").code == "unknown-sender"
    with world.evac.store.reading() as tx:
        assert len(json.loads(tx.records.all("refused")[-1][1])["code"]) > 3


def test_a_device_of_the_partner_takes_the_allys_passes_with_the_one_root_that_it_knows(both):
    world, ally = both
    theirs = allied_passes(ally, world)
    admit_batches(world.evac, offer_batches(ally.evac), by="night-desk")
    world.move(NOW)
    publish_bundle(world.evac)
    world.settle()
    with world.cordon.store.reading() as tx:
        data = tx.passes.bundle()[1]
    root = VerifyKey.load(bytes.fromhex(world.evac.card.root_public), where="root")
    bundle = open_bundle(data, root=root, agreement_id="kabul-2021", now=NOW)
    assert decide(bundle, UsedHere(), Scan(theirs[0].raw, world.gates[0], NOW)).reason == "ok"
