"""The first screen of a node: what is the state, and what needs its officers."""

import json
from collections.abc import Sequence

from safeconduct.agreements.agreement import Agreement, holder_at
from safeconduct.agreements.fields import iso
from safeconduct.agreements.scope import closed_at
from safeconduct.alerts import release as releases
from safeconduct.alerts.unanswered import unanswered
from safeconduct.movement.forecast import forecast
from safeconduct.workflows.answer_release import answers_to
from safeconduct.workflows.common import cards, in_force, refused_acts, state_events, state_now
from safeconduct.workflows.cosign_head import heads, size_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.publish_bundle import point_states
from safeconduct.workflows.read_account import read_accounts
from safeconduct.workflows.read_entries import room_lines
from safeconduct.workflows.room_needs import Need, counts_of, needs_of
from safeconduct.workflows.room_view import (
    CrossingView,
    DayView,
    ForecastView,
    LedgerView,
    PointView,
    RoomView,
)
from safeconduct.workflows.rows import USES
from safeconduct.workflows.show_conflicts import waiting_count
from safeconduct.workflows.show_threat import room_threat
from safeconduct.workflows.show_warnings import warnings_of
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.try_pass import samples

SHOWN_CROSSINGS = 40
TEXTS = {
    "agreement": "agreement signed", "state": "breach, renewal or closing", "term": "expectation told or acknowledged",
    "notice": "formal notice", "site": "hand-over of a site", "recall": "recall of what was shared",
    "device": "device enrolled", "bundle": "trust bundle", "segment": "device log",
    "release": "warning", "acknowledgement": "acknowledgement", "action": "what was done", "outcome": "what came of it",
}  # fmt: skip


def show_room(node: Node, *, partner_link: str | None = None, with_samples: bool = True) -> RoomView:
    """Return the first screen from stored state, without samples when only a part of it is shown."""
    now = node.clock.now()
    version = node.store.changes()
    with node.store.reading() as tx:
        found = in_force(tx)
        agreement = found[0] if found else None
        proposed = tx.records.agreement_version()
        others = [c for p, c in cards(tx).items() if p != node.party]
        counts = tx.roll.counts()
        issued, revoked = tx.passes.count()
        tallies = tx.devices.tallies()
        points = points_of(tx, agreement, now, tallies)
        rows = tx.alerts.releases()
        answers = answers_to(tx)
        sent = [releases.from_json(r.body) for r in rows if r.direction == "sent"]
        got = [releases.from_json(r.body) for r in rows if r.direction == "received"]
        waiting = unanswered(sent, answers, now)
        mine = unanswered(got, answers, now)
        events = [event for _, event in state_events(tx, agreement)] if agreement else []
        closing = closed_at(agreement, events, now) if agreement else None
        conflicts, undecided = tx.devices.conflicts(), waiting_count(tx)
        days = _days(tx)
        acts = refused_acts(tx)
        refusals: dict[str, int] = {}
        for _, kind, reason, count, _, _ in tallies:
            if kind == "refuse":
                refusals[reason] = refusals.get(reason, 0) + count
        withheld = sum(len(json.loads(r.withheld)) for r in rows)
        state: str = "proposed" if proposed else "none"
        if agreement is not None:
            state = state_now(tx, agreement, now)
        threat, holds = room_threat(node, tx, tallies)
        holds = holds if state == "open" else ()
        due = room_lines(node, tx) if state != "closed" else ()  # after the end they stay in their own list
        counted = counts_of(state, waiting, mine, undecided, points, now)
        needs = (*(Need(line, ("threat", "")) for line in holds), *needs_of(node, tx, state, waiting, counted),
                 *(Need(line, about) for line, about in due))  # fmt: skip
        return RoomView(
            party=node.party,
            party_name=node.name,
            partner_name=others[0].name if others else "",
            title=agreement.title if agreement else "",
            exercise=node.exercise,
            now=iso(now),
            deadline=agreement.deadline if agreement else None,
            time_left=_left(agreement, now),
            agreement_state=state,
            agreement_version=agreement.version if agreement else 0,
            version=version,
            needs_you=tuple(one.line for one in needs),
            roll=counts["people"],
            waiting=counts["waiting"],
            departed=counts["departed"],
            target=counts["people"],
            groups=counts["groups"],
            passes=issued,
            revoked=revoked,
            days=days,
            forecast=_forecast(agreement, days, counts["people"] - counts["departed"], now),
            points=points,
            warnings=warnings_of(tx, answers, closing),
            crossings=_crossings(tx),
            incidents=read_accounts(tx),
            ledger=_ledger(tx, now),
            conflicts=len(conflicts),
            conflicts_open=undecided,
            refusals=refusals,
            refused_acts=len(acts),
            reports=len(tx.alerts.report_ids()),
            withheld=withheld,
            unanswered=len(waiting),
            samples=samples(tx, now) if with_samples and node.exercise and issued else (),
            partner_link=partner_link if node.exercise else None,
            threat=threat,
            need_about=tuple(one.about for one in needs),
        )


def points_of(
    tx: Tx, agreement: Agreement | None, now: int, tallies: Sequence[tuple[str, str, str, int, int, int]]
) -> tuple[PointView, ...]:
    """Return the control points with holder, state and counts; holders after the deadline: at the newest record.

    `tallies` are those of `Devices.tallies`, which counts all events and is asked for once.
    """
    if agreement is None:
        return ()
    admitted: dict[str, int] = {}
    times: dict[str, dict[str, int]] = {"refuse": {}, "assault": {}, "turned-away": {}}
    heard: dict[str, int] = {}
    for at, kind, _, count, people, newest in tallies:
        if kind in USES:
            admitted[at] = admitted.get(at, 0) + people
        elif kind in times:
            times[kind][at] = times[kind].get(at, 0) + count
        heard[at] = max(heard.get(at, 0), newest)
    states = {} if now >= agreement.end_at else point_states(tx)
    when = max(heard.values(), default=now) if now >= agreement.deadline_at else now
    names = {p.id: p.name for p in agreement.parties}
    found = []
    for point in agreement.control_points:
        holder = holder_at(agreement, point.id, when) or ""
        found.append(
            PointView(
                id=point.id, name=point.name, ring=point.ring, holder=holder,
                holder_name=names.get(holder, "nobody now"), state=states.get(point.id, "closed"),
                admitted=admitted.get(point.id, 0), refused=times["refuse"].get(point.id, 0),
                last_heard=iso(heard[point.id]) if point.id in heard else None,
                assaults=times["assault"].get(point.id, 0), turned_away=times["turned-away"].get(point.id, 0),
            )
        )  # fmt: skip
    return tuple(found)


def _days(tx: Tx) -> tuple[DayView, ...]:
    total, days = 0, []
    for date, people in tx.roll.departures():
        total += people
        days.append(DayView(date, people, total, f"{date}T21:00:00Z"))
    return tuple(days)


def _forecast(agreement: Agreement | None, days: Sequence[DayView], left: int, now: int) -> ForecastView | None:
    if agreement is None or not days:
        return None
    if left <= 0:
        in_time = days[-1].date <= agreement.deadline[:10]
        return ForecastView(None, None, None, in_time, "everybody on the roll is out")
    if now >= agreement.deadline_at:
        return ForecastView(None, None, None, False, f"{left:,} were still waiting at the deadline")
    made = forecast([d.out for d in days], now, agreement.deadline_at, left)

    def shown(at: int | None) -> str | None:
        return iso(at) if at is not None else None

    return ForecastView(shown(made.done_at), shown(made.low), shown(made.high), made.makes_deadline, made.words)


def _crossings(tx: Tx) -> tuple[CrossingView, ...]:
    """Return what crossed, newest first; runs of one kind within an hour are one line with a count."""
    found: list[CrossingView] = []
    for at, kind, way, index in tx.outbox.crossings(SHOWN_CROSSINGS * 10):
        newest = found[-1] if found else None
        if newest and (newest.kind, newest.direction, newest.at[:13]) == (kind, way, iso(at)[:13]):
            found[-1] = CrossingView(newest.at, kind, newest.text, way, newest.ledger_index, newest.count + 1)
        elif len(found) < SHOWN_CROSSINGS:
            found.append(CrossingView(iso(at), kind, TEXTS.get(kind, kind), way, index))
    return tuple(found)


def _ledger(tx: Tx, now: int) -> LedgerView | None:
    size = tx.ledger.size()
    if not size:
        return None
    both = heads(tx)
    ours, _ = size_of(both.ours)
    theirs, their_root = size_of(both.theirs)
    return LedgerView(
        size=size, root=tx.ledger.root().hex(), signed_at=iso(now), cosigned_by_partner=ours > 0, cosigned_size=ours,
        partner_size=theirs, partner_root=their_root, partner_cosigned_by_us=theirs > 0,
    )  # fmt: skip


def _left(agreement: Agreement | None, now: int) -> str:
    if agreement is None:
        return "no deadline"
    seconds = agreement.deadline_at - now
    if seconds <= 0:
        return "over"
    days, rest = divmod(seconds, 86_400)
    return f"{days} d {rest // 3600:02d} h left" if days else f"{rest // 3600} h {rest % 3600 // 60:02d} min left"
