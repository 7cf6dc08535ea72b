"""The account of an incident as known at a day, ready for its page."""

import calendar

from safeconduct.errors import SafeconductError
from safeconduct.incidents.account import account, by_day
from safeconduct.incidents.claims import Claim, Dossier, Incident, voice
from safeconduct.incidents.dates import first_day
from safeconduct.incidents.figures import Figure, words
from safeconduct.workflows.ports import Tx
from safeconduct.workflows.record_incident import dossier
from safeconduct.workflows.room_view import FigureView, IncidentView, MarkView, TimelineView

MONTHS = frozenset(name.lower() for name in calendar.month_name if name)


def read_accounts(tx: Tx, *, known_at: str | None = None) -> tuple[IncidentView, ...]:
    """Return the accounts of all incidents, as known at an ISO day (the latest by default)."""
    everything = dossier(tx)
    return tuple(_view(everything, incident, known_at) for incident in everything.incidents)


def read_account(tx: Tx, incident_id: str, *, known_at: str | None = None) -> IncidentView:
    """Return the account of one incident.

    Raises:
        SafeconductError: `no-incident`.
    """
    everything = dossier(tx)
    for incident in everything.incidents:
        if incident.id == incident_id:
            return _view(everything, incident, known_at)
    raise SafeconductError("no-incident", f"no incident {incident_id} is recorded")


def _view(everything: Dossier, incident: Incident, known_at: str | None) -> IncidentView:
    parts = (everything.sources, everything.claims, everything.relations)
    mine = [c for c in everything.claims if c.incident == incident.id]
    days = sorted({c.known_from for c in mine} | {first_day(incident.date)})
    until = known_at or days[-1]
    given = account(incident, *parts, known_at=until)
    places = {source.id: source.file or f"elsewhere: {source.publisher}" for source in everything.sources}
    withdrawn = {claim for figure in given.figures for claim in figure.withdrawn}
    ties = {tie.source: tie.target for tie in everything.relations if tie.kind in ("corrects", "retracts", "updates")}
    voices = {claim.id: voice(claim) for claim in given.claims}
    grades = [f"{g.grade} ({g.actor}) by {g.claimant}, {g.said}" for g in given.attribution]
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
        timeline=tuple(TimelineView(x.date, x.text, voices[x.claim], x.source, x.status) for x in given.timeline),
        attribution="; ".join(grades),
    )


def _figure(figure: Figure) -> FigureView:
    key = figure.key
    series = " ".join(_spelt(part) for part in (key.population, key.outcome) if part)
    label = f"{series}, {key.meant}" if key.meant else series
    return FigureView(
        key=str(key), label=label, low=figure.conservative.low, high=figure.conservative.high, words=words(figure),
        claims=len(figure.claims), origins=figure.origins, disputed=figure.disputed or bool(figure.conflicts),
        series=series, meant=key.meant,
    )  # fmt: skip


def _spelt(part: str) -> str:
    """Return a key's part as words; the names of months keep their capital."""
    return " ".join(word.capitalize() if word in MONTHS else word for word in part.split("-"))


def _mark(claim: Claim, places: dict[str, str], withdrawn: set[str], ties: dict[str, str]) -> MarkView:
    place = places.get(claim.source, claim.source)
    return MarkView(
        claim=claim.id, date=claim.known_from, low=claim.min, high=claim.max, basis=claim.basis,
        claimant=claim.claimant, source=f"{place}, line {claim.line}" if claim.line else place,
        withdrawn=claim.id in withdrawn, corrects=ties.get(claim.id),
    )  # fmt: skip
