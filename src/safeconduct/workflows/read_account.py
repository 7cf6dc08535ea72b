"""The account of an incident as known at a day, ready for its page."""

from collections.abc import Mapping

from safeconduct.errors import SafeconductError
from safeconduct.incidents.account import Account, Line, account, by_day
from safeconduct.incidents.cases import Case, Step, state_at
from safeconduct.incidents.claims import Claim, Dossier, Incident, voice
from safeconduct.incidents.dates import check_day, first_day, last_day
from safeconduct.incidents.figures import Figure, name, words
from safeconduct.incidents.misfits import misfits
from safeconduct.workflows.common import in_force
from safeconduct.workflows.record_incident import dossier
from safeconduct.workflows.room_view import (
    AmendsView,
    CaseView,
    FigureView,
    IncidentView,
    MarkView,
    MisfitView,
    StepView,
    TimelineView,
)
from safeconduct.workflows.tables import Tx


def read_accounts(tx: Tx, *, known_at: str | None = None) -> tuple[IncidentView, ...]:
    """Return the accounts of all incidents, as known at an ISO day (the latest by default)."""
    everything, cases = dossier(tx)
    sides = _sides(tx)
    return tuple(_view(everything, cases, incident, sides, known_at) for incident in everything.incidents)


def read_account(tx: Tx, incident_id: str, *, known_at: str | None = None) -> IncidentView:
    """Return the account of one incident.

    Raises:
        BadInput: `bad-date`, for a day that is none.
        SafeconductError: `no-incident`.
    """
    if known_at is not None:
        check_day(known_at, where="known_at")
    everything, cases = dossier(tx)
    for incident in everything.incidents:
        if incident.id == incident_id:
            return _view(everything, cases, incident, _sides(tx), known_at)
    raise SafeconductError("no-incident", f"no incident {incident_id} is recorded")


def _sides(tx: Tx) -> Mapping[str, str]:
    """Return the name of each side that a case can be against; without an agreement its id stands for it."""
    found = in_force(tx)
    names = {party.id: party.name for party in found[0].parties} if found else {}
    return {**names, "third-party": "a third party"}


def _view(
    everything: Dossier, cases: tuple[Case, ...], incident: Incident, sides: Mapping[str, str], known_at: str | None
) -> IncidentView:
    parts = (everything.sources, everything.claims, everything.relations)
    since = {c.id: c.known_from for c in everything.claims if c.incident == incident.id}
    cases = tuple(case for case in cases if case.incident == incident.id)
    steps = {max(last_day(step.said), since[step.claim]) for case in cases for step in case.steps}
    days = sorted({*since.values(), *steps, first_day(incident.date)})
    until = known_at or days[-1]
    given = account(incident, *parts, known_at=until)
    places = {source.id: source.file or f"elsewhere: {source.publisher}" for source in everything.sources}
    withdrawn = {claim for figure in given.figures for claim in figure.withdrawn}
    ties = {tie.source: tie.target for tie in everything.relations if tie.kind in ("corrects", "retracts", "updates")}
    voices = {claim.id: voice(claim) for claim in given.claims}
    grades = [f"{g.grade} ({g.actor}) by {g.claimant}, {g.said}" for g in given.attribution]
    lines = (TimelineView(x.date, x.text, voices[x.claim], x.source, x.status, x.claim) for x in given.timeline)
    return IncidentView(
        id=incident.id,
        title=incident.title,
        date=incident.date,
        known_at=until,
        first_day=days[0],
        last_day=days[-1],
        figures=tuple(_figure(f) for f in given.figures),
        marks={str(f.key): tuple(_mark(c, places, withdrawn, ties) for c in f.claims) for f in given.figures},
        ranges=by_day(incident, *parts, days=[d for d in days if d <= until]),
        timeline=tuple(lines),
        attribution="; ".join(grades),
        misfits=tuple(MisfitView(name(m.key), m.key.meant, m.text, m.claims) for m in misfits(given)),
        cases=_cases(cases, given, sides),
    )


def _cases(cases: tuple[Case, ...], given: Account, sides: Mapping[str, str]) -> tuple[CaseView, ...]:
    """Return the cases of which something was known at the account's day."""
    lines = {line.claim: line for line in given.timeline}
    found = []
    for case in cases:
        state = state_at(case, given.known_at, {claim: line.status for claim, line in lines.items()})
        if not state.steps:
            continue
        shown = CaseView(
            id=case.id,
            against=sides.get(case.against, case.against),
            open=state.closed is None,
            closed=_step(state.closed, lines) if state.closed else None,
            harm=_step(state.harm, lines) if state.harm else None,
            acknowledged_on=last_day(state.acknowledged.said) if state.acknowledged else None,
            amends=tuple(AmendsView(a.to, a.stages, a.paid, a.words) for a in state.amends),
            steps=tuple(_step(step, lines) for step in state.steps),
        )
        found.append(shown)
    return tuple(found)


def _step(step: Step, lines: Mapping[str, Line]) -> StepView:
    line = lines[step.claim]
    return StepView(
        date=step.said, track=step.track, status=step.status, by=step.by, reported_by=step.reported_by,
        unconfirmed=step.unconfirmed, to=step.to, claim=step.claim, text=line.text, claim_status=line.status,
    )  # fmt: skip


def _figure(figure: Figure) -> FigureView:
    key = figure.key
    series = name(key)
    label = f"{series}, {key.meant}" if key.meant else series
    return FigureView(
        key=str(key), label=label, low=figure.conservative.low, high=figure.conservative.high, words=words(figure),
        claims=len(figure.claims), origins=figure.origins, disputed=figure.disputed or bool(figure.conflicts),
        series=series, meant=key.meant,
    )  # fmt: skip


def _mark(claim: Claim, places: dict[str, str], withdrawn: set[str], ties: dict[str, str]) -> MarkView:
    place = places.get(claim.source, claim.source)
    return MarkView(
        claim=claim.id, date=claim.known_from, low=claim.min, high=claim.max, basis=claim.basis,
        claimant=claim.claimant, source=f"{place}, line {claim.line}" if claim.line else place,
        withdrawn=claim.id in withdrawn, corrects=ties.get(claim.id),
    )  # fmt: skip
