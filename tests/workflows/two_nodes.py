"""Two nodes in one process, joined by a courier without a network, and phones that scan for them."""

import json
from hashlib import sha256
from pathlib import Path

from safeconduct.config import NodeConfig
from safeconduct.errors import Refusal
from safeconduct.gate.decide import Scan, UsedHere, decide
from safeconduct.gate.device_log import GENESIS, SegmentWriter
from safeconduct.gate.event import Event
from safeconduct.passes.bundle import open_bundle
from safeconduct.passes.pass_format import decode_payload
from safeconduct.register.roll_import import parse_roll
from safeconduct.replay.people import generate
from safeconduct.replay.scenario import agreement_document, load
from safeconduct.seal.keys import SigningKey, VerifyKey
from safeconduct.storage.vault import OsRandom, seal_to
from safeconduct.wiring import close_node, init_node, open_node
from safeconduct.workflows.common import store_card
from safeconduct.workflows.cosign_head import ask_for_cosignature, note_cosignature, witness_head
from safeconduct.workflows.enrol_device import enrol_device
from safeconduct.workflows.import_roll import import_roll
from safeconduct.workflows.issue_passes import Leg, Strip, issue_passes
from safeconduct.workflows.receive_envelope import receive_envelope
from safeconduct.workflows.sign_agreement import accept, propose

SCENARIO = Path(__file__).parents[2] / "scenarios" / "kabul-2021"
START = 1628899200  # 2021-08-14T00:00:00Z
HOUR = 3_600
PASSAGE, PURPOSE, PROTECT = "passage", "complete-evacuation", "protect-people"


class World:
    """The evacuating party and the cordon party, each with its own folder below `base`."""

    def __init__(self, base):
        self.base = base
        self.scenario = load(SCENARIO)
        for party, name in (("evac", "Evacuating party"), ("cordon", "Cordon party")):
            config = NodeConfig(party, name, base / party / "data", exercise=True, sign_in=False)
            (base / party).mkdir()
            init_node(base / party, config, passphrase=None)
            setattr(self, f"{party}_config", config)
        self.open()
        self.move(START + HOUR)
        for one, other in ((self.evac, self.cordon), (self.cordon, self.evac)):
            with one.store.transaction() as tx:
                store_card(tx, other.card, one.clock.now())
        self.outer = [p.id for p in self.scenario.points if p.ring == "outer"]
        self.gates = [p.id for p in self.scenario.points if p.ring == "gate"]

    def open(self):
        self.evac, self.cordon = open_node(self.evac_config), open_node(self.cordon_config)

    def close(self):
        close_node(self.evac)
        close_node(self.cordon)

    def reopen(self):
        self.close()
        self.open()

    def move(self, at):
        for node in (self.evac, self.cordon):
            node.clock.move_to(at)
            with node.store.transaction() as tx:
                tx.records.set("exercise-clock", str(node.clock.now()).encode())

    # -- the courier ---------------------------------------------------------------------------------------------

    def deliver(self, sender, receiver):
        """Bring what is due; return (kind, answer) for each envelope."""
        with sender.store.reading() as tx:
            rows = list(tx.outbox.due(500))
        answers = [(row.kind, receive_envelope(receiver, row.wire)) for row in rows]
        with sender.store.transaction() as tx:
            tx.outbox.delivered([row.id for row in rows], sender.clock.now())
        return answers

    def cosign(self, asker, witness):
        """Have a head cosigned, as over HTTP; a 409 tells the size to start from."""
        for _ in range(3):
            request = ask_for_cosignature(asker)
            if request is None:
                return True
            answer = witness_head(witness, request)
            if note_cosignature(asker, request, answer.status, answer.body):
                return True
        return False

    def settle(self):
        """Both ways: deliver all, then cosign both heads; return what was answered."""
        answers = self.deliver(self.evac, self.cordon) + self.deliver(self.cordon, self.evac)
        for one, other in ((self.evac, self.cordon), (self.cordon, self.evac)):
            assert self.cosign(one, other)
        return answers

    # -- steps of the chain --------------------------------------------------------------------------------------

    def terms(self, **changes):
        roots = {node.party: node.card.root_public for node in (self.evac, self.cordon)}
        return json.dumps({**json.loads(agreement_document(self.scenario, roots)), **changes}).encode()

    def agree(self):
        propose(self.evac, self.terms())
        self.settle()
        accept(self.cordon, 1)
        self.settle()

    def enlist(self, people=24):
        """Import a roll and return its groups."""
        data = generate(people, 7)
        import_roll(self.evac, data, "roll.csv")
        return [g.group_id for g in parse_roll(data, filename="roll.csv").groups]

    def strips(self, groups, *, words=False, hours=0):
        at = START + (2 + hours) * HOUR
        return [
            Strip(g, (Leg(self.outer[0], at, 2 * HOUR), Leg(self.gates[0], at, 4 * HOUR, words=words))) for g in groups
        ]

    def issue(self, groups, **options):
        return issue_passes(self.evac, self.strips(groups, **options), subject=PASSAGE, purpose=PURPOSE)

    def count(self, node, table):
        """Rows that each part of the roll and the ledger hold."""
        with node.store.reading() as tx:
            return {"people": tx.roll.counts()["people"], "ledger": tx.ledger.size(), "passes": tx.passes.count()[0]}[
                table
            ]


class Phone:
    """A device of one party at one control point, which keeps its log in memory."""

    def __init__(self, node, name, point):
        self.node, self.name, self.point = node, name, point
        self.key = SigningKey.from_seed(OsRandom().bytes(32))
        self.seq, self.head, self.used = 0, GENESIS, UsedHere()
        self.told = enrol_device(node, name, self.key.public, point)

    def load(self, at):
        with self.node.store.reading() as tx:
            data = tx.passes.bundle()[1]
        root = VerifyKey.load(bytes.fromhex(self.told.issuer_roots["evac"]), where="root")
        self.bundle = open_bundle(data, root=root, agreement_id=self.told.agreement, now=at)
        assert not isinstance(self.bundle, Refusal)

    def scan(self, raw, at, words=None):
        """Decide offline; return the decision and its event."""
        made = decide(self.bundle, self.used, Scan(raw, self.point, at, words=words))
        if made.admit:
            self.used.add(made.batch, made.index)
        return made, self.event(made, at)

    def event(self, made, at):
        self.seq += 1
        return Event(
            "admit" if made.admit else "refuse", self.seq, made.batch, made.index, self.point, at, made.heads,
            made.reason, self.bundle.seq, self.bundle.ledger_index,
        )  # fmt: skip

    def segment(self, events, *, garbled=(), sealed_keys=None, advance=True):
        """Close a signed segment; events whose number is in `garbled` cannot be decrypted by anybody."""
        key = OsRandom().bytes(32)
        before = self.head
        writer = SegmentWriter(self.name, 1, events[0].seq, before, self.key, key)
        for event in events:
            previous = writer.head
            writer.append(event)
            if event.seq in garbled:
                writer._ciphertexts[-1] = OsRandom().bytes(60)
                writer.head = sha256(previous + writer._ciphertexts[-1]).digest()
        if advance:
            self.head = writer.head
        if sealed_keys is None:
            sealed_keys = {party: seal_to(recipient, key) for party, recipient in self.told.recipients.items()}
        return writer.close(sealed_keys)


def index_of(raw):
    return decode_payload(raw[:32]).index
