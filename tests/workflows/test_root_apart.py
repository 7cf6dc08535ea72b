"""A node whose root key never comes near it: every signature of the root goes out as a request and comes back signed."""

from dataclasses import replace

import pytest

from safeconduct.config import NodeConfig
from safeconduct.errors import Refusal, SafeconductError
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.passes.bundle import open_bundle
from safeconduct.passes.ceremony import answer_request, decode_request
from safeconduct.seal.keys import SigningKey
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows.batch_limits import Limits
from safeconduct.workflows.common import store_card
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.root_ceremony import accept_answer, open_requests, request_root
from safeconduct.workflows.rotate_batch import rotate_batch
from safeconduct.workflows.show_batches import show_batches
from safeconduct.workflows.sign_agreement import accept, propose
from workflows.two_nodes import HOUR, START, World

TWO = ("night desk", "legal desk")
DAY = 86_400


class Apart(World):
    """The evacuating party's root key is only in this object, as on a stick in a safe."""

    root = SigningKey.from_seed(bytes([9]) * 32)

    def __init__(self, base):
        super().__init__(base / "usual")
        close_node(self.evac)
        folder = base / "apart"
        folder.mkdir()
        self.evac_config = NodeConfig("evac", "Evacuating party", folder / "data", exercise=True, sign_in=False)
        init_node(folder, self.evac_config, passphrase=None, root_public=self.root.public)
        self.evac = open_node(self.evac_config)
        self.move(START + HOUR)
        for one, other in ((self.evac, self.cordon), (self.cordon, self.evac)):
            with one.store.transaction() as tx:
                store_card(tx, other.card, one.clock.now())

    def ask(self, **options):
        request = request_root(self.evac, **options)
        answer = answer_request(request, self.root, by=TWO, at=START)
        return accept_answer(self.evac, answer)

    def agree(self):
        terms = self.terms()
        with pytest.raises(SafeconductError) as raised:
            propose(self.evac, terms)
        assert raised.value.code == "root-apart"
        self.ask(terms=[terms])
        propose(self.evac, terms)
        self.settle()
        accept(self.cordon, 1)
        self.settle()


@pytest.fixture
def world(tmp_path):
    (tmp_path / "usual").mkdir()
    made = Apart(tmp_path)
    yield made
    made.close()


def kinds(node, kind):
    with node.store.reading() as tx:
        return len(tx.ledger.find(kind))


def test_no_root_key_is_on_the_node_and_its_card_names_the_one_kept_apart(world):
    assert world.evac.card.root_public == world.root.public.hex()
    assert world.evac.vault.root_kept() == "apart"
    found = [file.name for file in world.evac_config.data_dir.rglob("*") if file.name.startswith("root")]
    assert found == []


def test_an_agreement_batches_and_passes_come_from_signatures_that_were_carried(world):
    world.agree()
    groups = world.enlist()
    with pytest.raises(SafeconductError) as raised:
        world.issue(groups)
    assert raised.value.code == "root-apart"
    made = world.ask(limits=[Limits(capacity=256)] * 2)
    assert (made.batches, made.answer.by, made.certified_until) == (2, TWO, world.evac.clock.now() + 7 * DAY)
    passes = world.issue(groups)
    assert len(passes) == 2 * len(groups)
    publish_bundle(world.evac)
    now = START + 3 * HOUR
    with world.evac.store.reading() as tx:
        data = tx.passes.bundle()[1]
    bundle = open_bundle(data, root=world.root.verify_key, agreement_id="kabul-2021", now=now)
    assert decide(bundle, UsedHere(), Scan(passes[0].raw, passes[0].point, now)).reason == "ok"
    assert kinds(world.evac, "own:root-request") == kinds(world.evac, "own:root-answer") == 2
    assert kinds(world.evac, "own:certificate") == 2


def test_an_answer_counts_once_and_one_to_a_strange_request_not_at_all(world):
    world.agree()
    request = request_root(world.evac, limits=[Limits(capacity=256)])
    assert show_batches(world.evac).requests[0][1] == 2
    answer = answer_request(request, world.root, by=TWO, at=START)
    forged = answer_request(request.replace(world.root.public, SigningKey.from_seed(bytes(32)).public),
                            SigningKey.from_seed(bytes(32)), by=TWO, at=START)  # fmt: skip
    assert accept_answer(world.evac, forged).code == "unknown-root-request"
    for _ in range(2):
        assert accept_answer(world.evac, answer).batches == 1
    with world.evac.store.reading() as tx:
        assert len(tx.passes.batches()) == 1
        assert open_requests(tx) == []


def test_the_online_key_ends_with_its_week_unless_the_root_signs_again(world):
    world.agree()
    world.ask(limits=[Limits(capacity=256)])
    assert show_batches(world.evac).advice == ()
    world.move(START + 6 * DAY + 12 * HOUR)
    assert "runs out soon" in show_batches(world.evac).advice[0]
    publish_bundle(world.evac)  # ends with its certificate, not two days from now
    world.move(START + 8 * DAY)
    assert "has run out" in show_batches(world.evac).advice[0]
    with pytest.raises(SafeconductError) as raised:
        publish_bundle(world.evac)
    assert raised.value.code in {"root-locked", "root-apart"}
    world.ask()
    assert publish_bundle(world.evac) == 2  # the second one


def test_a_rotation_uses_the_batch_that_was_signed_and_waits_ready(world):
    world.agree()
    world.ask(limits=[Limits(capacity=256)])
    passes = world.issue(world.enlist())
    assert isinstance(passes, list)
    with pytest.raises(SafeconductError) as raised:
        rotate_batch(world.evac, Limits(), reason="rotation", by="night-desk")
    assert raised.value.code == "root-apart"
    world.ask(limits=[Limits(capacity=512)])
    made = rotate_batch(world.evac, Limits(), reason="rotation", by="night-desk")
    states = {one.identity: one.state for one in show_batches(world.evac).batches}
    assert states.pop(made.hex()) == "signs"
    assert set(states.values()) == {"rotated"}


def test_a_rotation_takes_no_batch_that_allows_more_than_was_asked(world):
    world.agree()
    gate, outer, now = world.gates[0], world.outer[0], world.evac.clock.now()
    narrow = Limits(capacity=512, points=(gate,), not_after=now + 2 * DAY)
    wide = {
        "passes": Limits(capacity=1_024, points=(gate,), not_after=now + 2 * DAY),
        "points": Limits(capacity=512, points=(gate, outer), not_after=now + 2 * DAY),
        "days": Limits(capacity=512, points=(gate,)),
        "spoken": replace(narrow, spoken=True),
    }
    for more in wide.values():
        world.ask(limits=[more])
        with pytest.raises(SafeconductError) as raised:
            rotate_batch(world.evac, narrow, reason="rotation", by="night-desk")
        assert raised.value.code == "root-apart"
    assert "(512 passes" in str(raised.value) and "1024 passes" in str(raised.value)
    world.ask(limits=[narrow])
    made = rotate_batch(world.evac, narrow, reason="rotation", by="night-desk")
    seen = {one.identity: one for one in show_batches(world.evac).batches}
    assert (seen[made.hex()].points, seen[made.hex()].not_after) == ((gate,), now + 2 * DAY)
    assert {one.state for one in seen.values() if not one.spoken and set(one.points) <= {gate}} == {"signs", "rotated"}
    with pytest.raises(SafeconductError) as raised:
        rotate_batch(world.evac, replace(narrow, points=("nowhere",)), reason="rotation", by="night-desk")
    assert raised.value.code == "bad-batch"


def test_a_batch_that_is_over_is_not_ready(world):
    world.agree()
    end = world.evac.clock.now() + DAY
    world.ask(limits=[Limits(capacity=512, not_after=end)])
    world.move(end)
    with pytest.raises(SafeconductError) as raised:
        rotate_batch(world.evac, Limits(), reason="rotation", by="night-desk")
    assert raised.value.code == "root-apart"


def test_a_request_says_what_it_asks_for_and_refuses_what_the_agreement_does_not_hold(world):
    with pytest.raises(SafeconductError):
        request_root(world.evac)
    world.agree()
    for limits in (Limits(capacity=1), Limits(points=("nowhere",)), Limits(not_before=5, not_after=6)):
        with pytest.raises(SafeconductError) as raised:
            request_root(world.evac, limits=[limits])
        assert raised.value.code == "bad-batch"
    request = decode_request(request_root(world.evac, limits=[Limits(points=(world.gates[0],))]))
    assert [(i.kind, getattr(i.thing, "points", None)) for i in request.items] == [
        ("certificate", None), ("batch", (world.gates[0],))]  # fmt: skip


def test_a_proposal_is_accepted_with_a_signature_that_was_carried(tmp_path):
    (tmp_path / "usual").mkdir()
    world = Apart(tmp_path)
    propose(world.cordon, world.terms())
    world.deliver(world.cordon, world.evac)
    with pytest.raises(SafeconductError):
        accept(world.evac, 1)
    with pytest.raises(SafeconductError):
        request_root(world.evac, accept=7)
    world.ask(accept=1)
    assert not isinstance(accept(world.evac, 1), Refusal)
    world.close()
