"""A whole small operation as acts of two parties, and what each node must hold in the end."""

import json

from safeconduct.agreements.agreement import digest
from safeconduct.errors import Refusal
from safeconduct.workflows.answer_release import answer_release
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.common import in_force
from safeconduct.workflows.correct_release import correct_release
from safeconduct.workflows.enter_report import enter_report
from safeconduct.workflows.follow_terms import follow_term
from safeconduct.workflows.inventory import repair, send_again, state_inventory, take_statement, undelivered
from safeconduct.workflows.keep_policy import keep_policy
from safeconduct.workflows.publish_bundle import publish_bundle
from safeconduct.workflows.receive_envelope import receive_envelope, retry_parked
from safeconduct.workflows.receive_segment import receive_from_device
from safeconduct.workflows.release_warning import release_warning
from safeconduct.workflows.sign_agreement import accept, propose
from safeconduct.workflows.withdraw_release import withdraw_release
from workflows.two_nodes import PROTECT, Phone


class Operation:
    """Acts in their order; each is done as soon as what it rests on has arrived at the node that acts."""

    def __init__(self, world):
        self.world, self.release, self.phone, self.second = world, None, None, None
        self.acts = [
            self.first_terms, self.accept_first, self.enrol, self.first_bundle, self.second_bundle, self.report,
            self.warn, self.upload, self.ack("received"), self.ack("understood"), self.searched, self.correct,
            self.ack("received", 2), self.upload, self.found, self.told, self.suspend, self.renew_evac,
            self.renew_cordon, self.second_terms, self.accept_second, self.upload, self.withdraw, self.ack("received", 3),
            self.told_late,
        ]  # fmt: skip

    def go(self):
        """Do the next act if it can be done now; say whether it was."""
        if not self.acts:
            return False
        self.world.move(self.world.evac.clock.now() + 60)
        done = self.acts[0]()
        assert not isinstance(done, Refusal), (self.acts[0], done)
        if done is not False:
            self.acts.pop(0)
        return done is not False

    # -- acts ------------------------------------------------------------------------------------------------------

    def first_terms(self):
        return propose(self.world.evac, self.world.terms())

    def accept_first(self):
        with self.world.cordon.store.reading() as tx:
            if tx.records.agreement_version(1) is None:
                return False
        return accept(self.world.cordon, 1)

    def enrol(self):
        if not self.open(self.world.cordon):
            return False
        self.phone = Phone(self.world.cordon, "phone-1", self.world.outer[0])
        return True

    def first_bundle(self):
        return publish_bundle(self.world.evac) if self.open(self.world.evac) else False

    def second_bundle(self):
        return publish_bundle(self.world.evac, advice="let families through first")

    def report(self):
        self.world.move(json.loads(self.world.scenario.report)["entered_at"] + 600)
        self.reported = enter_report(self.world.evac, self.world.scenario.report)
        kept = keep_policy(self.world.evac, self.world.scenario.policy)
        return kept if isinstance(kept, Refusal) else True

    def warn(self):
        made = release_warning(self.world.evac, self.reported, self.world.scenario.policy, purpose=PROTECT)
        self.release = getattr(made, "release_id", None)
        return made

    def upload(self):
        """The phone reports two events, in a segment that is forwarded."""
        from safeconduct.gate.event import Event  # noqa: PLC0415

        at = self.world.cordon.clock.now()
        events = []
        for _ in range(2):
            self.phone.seq += 1
            events.append(Event("heartbeat", self.phone.seq, None, None, self.phone.point, at, 0, "", 1, 0))
        return receive_from_device(self.world.cordon, self.phone.segment(events))

    def ack(self, stage, version=1):
        def act():
            with self.world.cordon.store.reading() as tx:
                held = {json.loads(row.body)["version"] for row in tx.alerts.versions(self.release)}
            if version not in held:
                return False
            return self.say(type="acknowledgement", stage=stage, reason=None, by="cordon", signed=True, corrects=False,
                            version=version)  # fmt: skip

        return act

    def searched(self):
        return self.say(type="action", action="search", point=self.world.outer[0], text="along the road", by="cordon")

    def found(self):
        return self.say(type="outcome", result="nothing", assessor="cordon", assessor_kind="partner",
                        confidence="thought", number=None, hedge=None, text="nothing was found", evidence=None)  # fmt: skip

    def correct(self):
        self.second = json.loads(self.world.scenario.report)
        self.second["id"] = "report-corrected"
        self.second["window_to"] += 6 * 3_600
        reported = enter_report(self.world.evac, json.dumps(self.second).encode())
        return correct_release(self.world.evac, self.release, reported, purpose=PROTECT, reason="the window is longer")

    def withdraw(self):
        return withdraw_release(self.world.evac, self.release, reason="it was not so")

    def told(self):
        return follow_term(self.world.evac, "search", "told", "search after a warning")

    def told_late(self):
        return follow_term(self.world.evac, "guarantee", "told", "as agreed") if self.has("guarantee") else True

    def suspend(self):
        return change_state(self.world.evac, "breach", "a convoy was held up")

    def renew_evac(self):
        return change_state(self.world.evac, "renewal")

    def renew_cordon(self):
        with self.world.cordon.store.reading() as tx:
            if not any(b"breach" in body for _, body, _ in tx.records.all("state:kabul-2021")):
                return False
        return change_state(self.world.cordon, "renewal")

    def second_terms(self):
        with self.world.evac.store.reading() as tx:
            current = in_force(tx)[0]
        terms = json.loads(self.world.terms())
        terms |= {"version": 2, "previous": digest(current).hex(), "deadline": "2021-09-02T00:00:00Z"}
        return propose(self.world.evac, json.dumps(terms).encode())

    def accept_second(self):
        with self.world.cordon.store.reading() as tx:
            if tx.records.agreement_version(2) is None:
                return False
        return accept(self.world.cordon, 2)

    # -- helpers ---------------------------------------------------------------------------------------------------

    def open(self, node):
        with node.store.reading() as tx:
            return in_force(tx) is not None

    def has(self, term):
        with self.world.evac.store.reading() as tx:
            return any(one.id == term for one in in_force(tx)[0].expectations)

    def say(self, **fields):
        at = self.world.cordon.clock.now()
        return answer_release(self.world.cordon, json.dumps({"release_id": self.release, "at": at, **fields}).encode())


def heal(world, *, most=20):
    """Both sides state what they have, ask for what is missing and send it, until neither misses anything."""
    sides = ((world.evac, world.cordon), (world.cordon, world.evac))
    for _ in range(most):
        moved = 0
        for one, other in sides:
            for row in due(one):
                receive_envelope(other, row.wire)
                moved += 1
            with one.store.reading() as tx:
                delivered, after = undelivered(tx), tx.exchange.stated_upto()
            statement = state_inventory(other, after)
            if isinstance(statement, Refusal):
                continue
            take_statement(one, statement)
            asked, again = repair(one, delivered)
            moved += send_again(other, asked) + again
            retry_parked(one)
        if not moved:
            return True
    return False


def due(node):
    """Take all that is due out of a node's outbox."""
    with node.store.transaction() as tx:
        rows = list(tx.outbox.due(500))
        tx.outbox.delivered([row.id for row in rows], node.clock.now())
    return rows


def holds(node):
    """What crossed, as rows that must be the same on both sides; places in one's own ledger and own clocks left out."""
    with node.store.reading() as tx:
        return {
            "agreements": [
                (v, row.body, dict(row.signatures), row.state)
                for v in (1, 2)
                if (row := tx.records.agreement_version(v)) is not None
            ],
            "in force": tx.records.get("agreement-in-force"),
            "versions": sorted(row.body for row in tx.alerts.versions()),
            "answers": sorted((row.release, row.kind, row.body) for row in tx.alerts.answers()),
            "states": sorted(body for _, body, _ in tx.records.all("state:kabul-2021")),
            "terms": sorted(body for _, body, _ in tx.records.all("term:kabul-2021")),
            "bundles": [tx.passes.bundle(n) for n in (1, 2)],
            "newest bundle": tx.passes.bundle(),
            "devices": sorted(
                (d.id, d.party, d.public, d.point, d.epoch, d.upto_seq, d.hash) for d in tx.devices.all()
            ),
            "waiting": len(tx.exchange.parked("waiting")),
            "refused": [(row.kind, row.code) for row in tx.exchange.parked("refused")],
        }
