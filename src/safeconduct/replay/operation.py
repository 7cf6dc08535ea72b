"""The replay of an operation, day by day, through two node processes and simulated devices.

Every step can be repeated: what is done already is answered as before. So a replay that was stopped, or killed, goes
on from what the nodes and devices had committed.
"""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safeconduct.agreements.entries import to_json
from safeconduct.agreements.fields import iso, moment
from safeconduct.errors import SafeconductError
from safeconduct.register.roll_import import parse_roll
from safeconduct.replay.client import Operator
from safeconduct.replay.devices import Device, DeviceStore
from safeconduct.replay.known import known_by
from safeconduct.replay.people import generate
from safeconduct.replay.plan import (
    DEVICES_A_POINT,
    HOUR,
    DayPlan,
    Held,
    device_at,
    plan_days,
    scans_of,
    strips_of,
)
from safeconduct.replay.processes import NodeProcess
from safeconduct.replay.review import review_reports
from safeconduct.replay.scenario import Scenario, agreement_document
from safeconduct.replay.tally import DayTally

PASSAGE, PURPOSE, PROTECT = "passage", "complete-evacuation", "protect-people"
STEP_STRIPS = 4_000  # strips a request
EVENING = 24 * HOUR - 300  # seconds after midnight at which devices find a network
Say = Callable[[str, int, int], None]  # what is being done, how much is done, of how much


@dataclass(slots=True)
class Operation:
    """A replay under way."""

    scenario: Scenario
    people: int
    base: Path
    evac: Operator
    cordon: Operator
    store: DeviceStore
    devices: dict[str, Device]
    plans: tuple[DayPlan, ...] = ()
    unplaced: int = 0

    def run(self, say: Say, pause: Callable[[], None]) -> None:
        """Run all days; `say` shows progress, `pause` waits between days where somebody watches."""
        say("agreement", 0, 1)
        self.agree()
        say("register", 0, 1)
        self.register()
        self.enrol()
        say("agreement", 1, 1)
        for number, plan in enumerate(self.plans):
            say(f"day {plan.date}", number, len(self.plans))
            if self.store.fact(f"done/{plan.date}") is None:
                self.day(plan)
                self.store.set_fact(f"done/{plan.date}", "yes")
                pause()
        say("after the deadline", len(self.plans), len(self.plans))
        self.close()

    # -- before the first day ------------------------------------------------------------------------------------

    def agree(self) -> None:
        """Exchange cards, propose, accept; then try an act that is out of scope, which is refused and logged."""
        for one, other in ((self.evac, self.cordon), (self.cordon, self.evac)):
            one.post("/api/parties", other.get("/api/card"))
        for one in (self.evac, self.cordon):
            one.move_clock(self.scenario.start)
        if self.evac.get("/api/room")["agreement_state"] == "open":
            return
        cards = {one.node.config.party: one.get("/api/card") for one in (self.evac, self.cordon)}
        terms = agreement_document(self.scenario, {party: card["root_public"] for party, card in cards.items()})
        version = self.evac.post("/api/agreement/propose", raw=terms)["version"]
        self.evac.settle(self.cordon)
        self.cordon.post(f"/api/agreement/accept/{version}")
        self.cordon.settle(self.evac)
        self._try_out_of_scope()

    def _try_out_of_scope(self) -> None:
        """Ask for what was reported, and denied later: a list of names handed over. The scope has no such subject."""
        for subject in ("list-of-names", "joint-strike"):
            try:
                self.evac.post("/api/passes/issue", {"strips": [], "purpose": PURPOSE, "subject": subject})
            except SafeconductError as error:
                if error.code != "out-of-scope":
                    raise
            else:
                raise SafeconductError("not-refused", f"{subject} was not refused")

    def register(self) -> None:
        """Import the synthetic people by the ordinary import, and plan their days."""
        roll = self.base / "roll.csv"
        if not roll.exists():
            partial = roll.with_suffix(".part")
            partial.write_bytes(generate(self.people, self.scenario.seed, errors=self.scenario.errors))
            partial.rename(roll)
        data = roll.read_bytes()
        self.evac.post("/api/register/import?filename=roll.csv", raw=data)
        groups = sorted(parse_roll(data, filename="roll.csv").groups, key=lambda g: g.priority)
        self.plans, self.unplaced = plan_days(self.scenario, [(g.group_id, g.heads) for g in groups], self.people)

    def enrol(self) -> None:
        """Enrol all devices at the node of the party that holds their point."""
        for device in self.devices.values():
            device.enrol()
        self.cordon.settle(self.evac)
        self.evac.settle(self.cordon)

    # -- one day -------------------------------------------------------------------------------------------------

    def day(self, plan: DayPlan) -> None:
        """Issue in the night, publish, scan by day, upload in the evening, let people depart."""
        self._move_clocks(plan.midnight)
        held, revoked = self._issue(plan)
        self.evac.post("/api/bundle", {"advice": ""})
        self.evac.settle(self.cordon)
        self._each(lambda device: device.fetch(plan.midnight))
        warned = self._warn(plan)
        if self.store.fact(f"scanned/{plan.date}") is None:
            self._scan(plan, held, revoked)
        self._move_clocks(plan.midnight + EVENING)
        if warned:
            self._outcome(warned, plan.midnight + EVENING)
        self._each(Device.upload)
        self.cordon.settle(self.evac)
        self.evac.post("/api/departures")
        self._claims(plan.date)
        review_reports(self.evac, self.scenario.reports, plan.date)
        self._entries(plan.date)
        self.evac.settle(self.cordon)

    def _issue(self, plan: DayPlan) -> tuple[dict[tuple[str, str], Held], list[tuple[str, Held]]]:
        first, again = strips_of(plan)
        held = self._issue_strips(first)
        old = [(slot, held[slot.group, slot.gate]) for slot in plan.slots if slot.group in plan.reissued]
        if again:
            groups = sorted(plan.reissued)
            if self.store.fact(f"revoked/{plan.date}") is None:
                self.evac.post("/api/passes/revoke", {"groups": groups, "reason": "reported lost; issued again"})
                self.store.set_fact(f"revoked/{plan.date}", "yes")
            held.update(self._issue_strips(again))
        return held, [(slot.gate, pass_) for slot, pass_ in old]

    def _issue_strips(self, strips: list[dict[str, object]]) -> dict[tuple[str, str], Held]:
        held = {}
        for start in range(0, len(strips), STEP_STRIPS):
            body = {"strips": strips[start : start + STEP_STRIPS], "purpose": PURPOSE, "subject": PASSAGE}
            for made in self.evac.post("/api/passes/issue", body):
                held[made["group"], made["point"]] = Held(made["text"], made["words"])
        return held

    def _scan(self, plan: DayPlan, held: dict[tuple[str, str], Held], revoked: list[tuple[str, Held]]) -> None:
        points = sorted({device.point for device in self.devices.values()})
        scans = scans_of(self.scenario, plan, held, revoked, points)
        tally = DayTally()

        def work(item: tuple[str, Any]) -> list[Any]:
            device, todo = item
            return self.devices[device].run([(s.at, s.text, s.words) for s in todo])

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # the verification lets go of the interpreter lock
            for todo, decisions in zip(scans.values(), pool.map(work, scans.items()), strict=True):
                tally.count(todo, decisions)
        self.store.commit_day(f"scanned/{plan.date}", tally.to_json(), self.devices.values())

    def _each(self, work: Callable[[Device], object]) -> None:
        """Let all devices do something: those of both parties at once, of each party one after the other."""

        def in_turn(operator: Operator) -> None:
            for device in self.devices.values():
                if device.operator is operator:
                    work(device)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(in_turn, (self.evac, self.cordon)))

    def _move_clocks(self, at: int) -> None:
        for one in (self.evac, self.cordon):
            one.move_clock(at)

    # -- warning and incidents -----------------------------------------------------------------------------------

    def _warn(self, plan: DayPlan) -> str | None:
        """On the report's day: enter it, release a version, let the other party acknowledge and search."""
        report = json.loads(self.scenario.report)
        entered = int(report["entered_at"])
        if not plan.midnight <= entered < plan.midnight + 86_400:
            return None
        self.evac.move_clock(entered)  # the other party's clock never shows the second at which a report came in
        self.evac.post("/api/reports", raw=self.scenario.report)
        sent, answered = entered + 17 * 60 + 11, entered + 26 * 60 + 23
        self._move_clocks(sent)
        release = self.store.fact("release")
        if release is None:
            body = {"report": report["id"], "policy": json.loads(self.scenario.policy), "purpose": PROTECT}
            release = str(self.evac.post("/api/releases", body)["release"])
            self.store.set_fact("release", release)
        self.evac.settle(self.cordon)
        self._move_clocks(answered)
        common: dict[str, Any] = {"release_id": release, "by": self.cordon.node.config.party, "at": answered}
        for stage in ("received", "accepted"):
            answer = {"type": "acknowledgement", "stage": stage, "reason": None, "signed": True, "corrects": False}
            self._answer({**answer, **common})
        action = {"type": "action", "action": "search", "point": "outer-southeast", "text": "searched along the canal"}
        self._move_clocks(answered + 2 * HOUR)
        self._answer({**action, **common, "at": answered + 2 * HOUR})
        self.cordon.settle(self.evac)
        return release

    def _outcome(self, release: str, at: int) -> None:
        """Say what came of it: nothing was found, as the searching party thinks; no number, for none was given."""
        party = self.cordon.node.config.party
        who = {"assessor": party, "assessor_kind": "partner", "confidence": "thought"}
        what = {"result": "nothing", "number": None, "hedge": None, "text": "nothing was found before the attack"}
        self._answer({"type": "outcome", "release_id": release, **who, **what, "at": at, "evidence": None})

    def _answer(self, answer: dict[str, Any]) -> None:
        self.cordon.post("/api/answers", answer)

    def _claims(self, until: str) -> None:
        """Record what had been claimed by a day; what is recorded already stays as it is."""
        days = {c.id: c.known_from for c in self.scenario.dossier.claims}
        part = known_by(json.loads((self.base / "claims.json").read_bytes()), days, until)
        if part["claims"]:
            self.evac.post("/api/incidents", part)

    def _entries(self, until: str) -> None:
        """Record the small things that happened up to a day; what is recorded already stays as it is."""
        part = [to_json(entry) for entry in self.scenario.entries if iso(entry.at)[:10] <= until]
        if part:
            self.evac.post("/api/entries", raw=b"[" + b",".join(part) + b"]")

    # -- after the deadline --------------------------------------------------------------------------------------

    def close(self) -> None:
        """Pass the deadline; record what was said later, each thing on its day; have the last heads cosigned."""
        self._move_clocks(self.scenario.deadline - 60)
        self._settle_both()
        last = self.plans[-1].date
        told = {c.known_from for c in self.scenario.dossier.claims} | {iso(e.at)[:10] for e in self.scenario.entries}
        told |= {report.day for report in self.scenario.reports.reports}
        later = sorted(day for day in told if day > last)
        for day in later:
            at = moment(f"{day}T12:00:00Z")
            if at < self.scenario.deadline:
                continue
            self._move_clocks(at)
            self._claims(day)
            review_reports(self.evac, self.scenario.reports, day)
            self._entries(day)
        self._settle_both()

    def _settle_both(self) -> None:
        """Have both heads cosigned: what one delivers makes the other's ledger grow, so the first goes twice."""
        self.cordon.settle(self.evac)
        self.evac.settle(self.cordon)
        self.cordon.settle(self.evac)


def make_operation(
    scenario: Scenario, folder: Path, people: int, base: Path, nodes: tuple[NodeProcess, NodeProcess]
) -> Operation:
    """Return a replay on two running nodes; the first party issues, and holds the gates."""
    (base / "claims.json").write_bytes((folder / "claims.json").read_bytes())
    store = DeviceStore(base / "devices.db")
    operators = {node.config.party: Operator(node) for node in nodes}
    issuer = nodes[0].config.party
    devices = {}
    for point in scenario.points:
        for number in range(DEVICES_A_POINT):
            device = device_at(point.id, number)
            devices[device] = Device(device, point.id, operators[point.holders[0].party], store, issuer)
    evac, cordon = (operators[node.config.party] for node in nodes)
    return Operation(scenario, people, base, evac, cordon, store, devices)
