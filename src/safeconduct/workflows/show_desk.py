"""The page of warnings: what waits for the partner or for us, our reports, what was shared and what came of it."""

from statistics import median

from safeconduct.agreements.fields import iso
from safeconduct.agreements.scope import closed_at
from safeconduct.alerts import release as releases
from safeconduct.alerts.unanswered import Unanswered, unanswered
from safeconduct.alerts.words import ADVICE, LIKELIHOOD, THREATENED
from safeconduct.operators.approval import state_of
from safeconduct.workflows.answer_release import answers_to
from safeconduct.workflows.approve_release import requests
from safeconduct.workflows.common import cards, in_force, state_events
from safeconduct.workflows.decide_duty_to_warn import KIND as DUTY
from safeconduct.workflows.draft_release import act_view, confidence_view, request_view
from safeconduct.workflows.list_shares import list_shares
from safeconduct.workflows.own_acts import acts_about
from safeconduct.workflows.ports import Node
from safeconduct.workflows.release_warning import stored_report
from safeconduct.workflows.show_warnings import warnings_of
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.warning_view import DeskView, OpenView, ReportView, RequestView

MISSING = {
    "acknowledgement": "no word back",
    "outcome": "its window is over, and nobody says what came of it",
    "correction": "the correction is not acknowledged",
    "withdrawal": "the withdrawal is not acknowledged",
}
MUST = ("correction", "withdrawal")


def show_desk(node: Node, *, since: str | None = None) -> DeskView:
    """Return the page of warnings; `since` (an ISO day) narrows what was shared.

    Raises:
        BadInput: `bad-date`.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        found, answers = in_force(tx), answers_to(tx)
        closing = None
        if found is not None:
            closing = closed_at(found[0], [event for _, event in state_events(tx, found[0])], now)
        rows = tx.alerts.releases()
        sent = {row.id: releases.from_json(row.body) for row in rows if row.direction == "sent"}
        waiting = unanswered(sent.values(), answers, now)
        warnings = tuple(reversed(warnings_of(tx, answers, closing)))
        shares = tuple(reversed(list_shares(node, tx, since=since)))
        times = [one.minutes for one in shares if one.minutes is not None]
        others = [card.name for party, card in cards(tx).items() if party != node.party]
        states = {one.id: (one.state, one.version) for one in warnings}
        since_when = {row.id: row.issued for row in rows}
        opened = tuple(_open(one, sent[one.release_id], now - since_when[one.release_id]) for one in waiting)
        return DeskView(
            now=iso(now),
            partner=others[0] if others else "",
            since=since or "",
            must=tuple(one for one in opened if one.missing in MUST),
            waiting=tuple(one for one in opened if one.missing not in MUST),
            requests=open_requests(node, tx),
            reports=_reports(node, tx, states),
            sent=tuple(one for one in warnings if one.direction == "sent"),
            received=tuple(one for one in warnings if one.direction == "received"),
            shares=shares,
            median_minutes=round(median(times)) if times else None,
            has_policy=bool(tx.records.all("policy")),
            has_agreement=found is not None,
        )


def open_requests(node: Node, tx: Tx) -> tuple[RequestView, ...]:
    """Return what waits for a second person now, the one that expires first first."""
    now = node.clock.now()
    held = [one for one in requests(node, tx) if state_of(one, now) == "open"]
    return tuple(request_view(node, tx, one) for one in sorted(held, key=lambda one: one.expires))


def all_requests(node: Node) -> tuple[RequestView, ...]:
    """Return everything that was ever asked for, newest first, as it stands."""
    with node.store.reading() as tx:
        return tuple(request_view(node, tx, one) for one in reversed(requests(node, tx)))


def _open(one: Unanswered, release: releases.Release, sent_ago: int) -> OpenView:
    """Return a line for what waits; a release waits since it was sent, which its own slot does not tell exactly."""
    seconds = one.seconds if one.missing == "outcome" else sent_ago
    title = f"{ADVICE[release.advised_action]} ({THREATENED[release.threatened_class]})"
    return OpenView(one.release_id, title, one.missing, MISSING[one.missing], max(0, seconds) // 60)


def _reports(node: Node, tx: Tx, states: dict[str, tuple[str, int]]) -> tuple[ReportView, ...]:
    """Return our reports, newest first, each with what was released from it and what was decided."""
    now = node.clock.now()
    of: dict[str, list[str]] = {}
    for row in tx.alerts.versions():
        if row.report and row.id not in of.setdefault(row.report, []):
            of[row.report].append(row.id)
    asked = {one.about for one in requests(node, tx) if state_of(one, now) == "open"}
    found = []
    for report_id in reversed(tx.alerts.report_ids()):
        report = stored_report(node, tx, report_id)
        decisions = [act for act in acts_about(node, tx, report_id) if act.kind == DUTY]
        said = ""
        if decisions:
            last = act_view(node, tx, decisions[-1])
            said = f"{last.what}: {last.who}"
        found.append(
            ReportView(
                id=report_id,
                what=report.what,
                threatened=THREATENED.get(report.threatened_class, report.threatened_class),
                window=f"{iso(report.window_from)}/{iso(report.window_to)}",
                entered=iso(report.entered_at),
                entered_by=report.entered_by,
                likelihood=LIKELIHOOD[report.likelihood][0],
                confidence=confidence_view(tx, report),
                releases=tuple((one, *states[one]) for one in of.get(report_id, ()) if one in states),
                decision=said,
                waiting=report_id in asked,
                over=report.window_to <= now,
            )
        )
    return tuple(found)
