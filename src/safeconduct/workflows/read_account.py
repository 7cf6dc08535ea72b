"""The account of an incident as known at a day and as recorded at a time, ready for its page.

An incident may have a hundred thousand claims. A page shows what decides: every figure with its ranges, the
marks that a plot can show, the newest lines; how many there are in all is always told.
"""

from collections.abc import Mapping, Sequence

from safeconduct.agreements.fields import moment
from safeconduct.incidents.account import place_of, visible_assessments
from safeconduct.incidents.cases import Case, Step, state_at
from safeconduct.incidents.claims import GRADES, Claim, Incident, Source, voice
from safeconduct.incidents.dates import check_day, first_day, last_day
from safeconduct.incidents.figures import name, words
from safeconduct.incidents.misfits import misfits_of
from safeconduct.incidents.states import state_of
from safeconduct.workflows.account_parts import order_views, part_views
from safeconduct.workflows.claim_index import STAMP
from safeconduct.workflows.claim_rows import NEWEST, Saying, Window
from safeconduct.workflows.common import in_force
from safeconduct.workflows.held_account import (
    Held,
    HeldFigure,
    assessments_of,
    claims_of,
    held_cases,
    held_incident,
    read_held,
    sources_of,
)
from safeconduct.workflows.kept import Kept
from safeconduct.workflows.room_view import (
    AmendsView,
    CaseView,
    FigureView,
    IncidentView,
    JudgementView,
    MarkView,
    MisfitView,
    StepView,
    TimelineView,
)
from safeconduct.workflows.tables import Tx

MOST_FIGURES, MOST_LINES, MOST_GRADES = 500, 200, 200
MARKS, MOST_MARKS, LEAST_MARKS = 1_500, 60, 8  # of all figures together, of one figure; but at least this many
OPENED: Kept[IncidentView] = Kept(64)  # the stamp in their keys is random, so that two nodes never share one


def read_accounts(tx: Tx, *, known_at: str | None = None, recorded_at: str | None = None) -> tuple[IncidentView, ...]:
    """Return the accounts of all incidents, as known at an ISO day (the latest by default)."""
    ids = [name for name, _, _ in tx.records.all("incidents")]
    return tuple(read_account(tx, name, known_at=known_at, recorded_at=recorded_at) for name in ids)


def read_account(
    tx: Tx, incident_id: str, *, known_at: str | None = None, recorded_at: str | None = None
) -> IncidentView:
    """Return the account of one incident.

    Args:
        tx: a reading.
        incident_id: which.
        known_at: ISO day, included: what had been said by then; None for the newest.
        recorded_at: ISO day or time, included: what this node had written down by then; None for all.

    Raises:
        BadInput: `bad-date` for a day that is none, `bad-field` for a time that is none.
        SafeconductError: `no-incident`.
    """
    if known_at is not None:
        check_day(known_at, where="known_at")
    recorded = "" if recorded_at is None else end_of(recorded_at)
    incident, sides = held_incident(tx, incident_id), _sides(tx)
    key = (tx.records.get(STAMP), incident_id, known_at, recorded, tuple(sides.items()))
    return OPENED.get(key, lambda: _view(tx, incident, known_at, recorded, sides))


def end_of(recorded_at: str) -> str:
    """Return the ISO time of a day's end, or a time as it is.

    Raises:
        BadInput: `bad-date` or `bad-field`.
    """
    if "T" not in recorded_at:
        return f"{check_day(recorded_at, where='recorded_at')}T23:59:59Z"
    moment(recorded_at, where="recorded_at")
    return recorded_at


def _view(tx: Tx, incident: Incident, known_at: str | None, recorded: str, sides: Mapping[str, str]) -> IncidentView:
    cases = held_cases(tx, incident.id, recorded)
    days = _days(tx, incident, cases, recorded)
    until = known_at or days[-1]
    window = Window(incident.id, until, recorded)
    held = read_held(tx, window)
    shown = sorted(held.figures, key=lambda one: -one.claims)[:MOST_FIGURES]
    shown = [one for one in held.figures if one in shown] if len(shown) < len(held.figures) else list(held.figures)
    marks = _marked(tx, held, shown)
    grades, graded = tx.claims.attributions(window, MOST_GRADES)
    lines = tx.claims.newest(window, MOST_LINES)
    stepped = tx.claims.visible(window, (step.claim for case in cases for step in case.steps))
    claims = claims_of(tx, {*lines, *graded, *stepped, *(name for ids in marks.values() for name in ids)})
    sources = sources_of(tx, (claim.source for claim in claims.values()))
    return IncidentView(
        id=incident.id,
        title=incident.title,
        date=incident.date,
        known_at=until,
        first_day=days[0],
        last_day=days[-1],
        figures=tuple(_figure(one) for one in shown),
        marks=_marks(marks, claims, sources, held),
        ranges={str(one.figure.key): one.ranges for one in shown},
        timeline=tuple(_line(claims[name], sources, held) for name in lines),
        attribution=_attribution([claims[name] for name in graded], grades),
        misfits=tuple(
            MisfitView(name(m.key), m.key.meant, m.text, m.claims)
            for m in misfits_of(one.figure for one in held.figures)
        ),
        cases=_cases(cases, {name: claims[name] for name in stepped}, held, sides),
        recorded_at=recorded or None,
        timeline_total=tx.claims.count(window),
        figures_total=len(held.figures),
        days=days,
        judgements=_judgements(tx, window),
        parts=part_views(tx, window._replace(known_at=known_at or NEWEST)),
        orders=order_views(tx, window, incident),
    )


def _days(tx: Tx, incident: Incident, cases: Sequence[Case], recorded: str) -> tuple[str, ...]:
    """Return the days on which something of an incident became known, its own first day among them."""
    known = set(tx.claims.days(Window(incident.id, NEWEST, recorded)))
    return tuple(sorted(known | {last_day(s.said) for case in cases for s in case.steps} | {first_day(incident.date)}))


def _sides(tx: Tx) -> Mapping[str, str]:
    """Return the name of each side that a case can be against; without an agreement its id stands for it."""
    found = in_force(tx)
    names = {party.id: party.name for party in found[0].parties} if found else {}
    return {**names, "third-party": "a third party"}


def _marked(tx: Tx, held: Held, shown: Sequence[HeldFigure]) -> dict[str, list[str]]:
    """Return for each figure the claims that are drawn: all of them, or those that a plot of many can show.

    These are the ends, the claims that moved the range, and the newest ones in relations.
    """
    most = max(LEAST_MARKS, min(MOST_MARKS, MARKS // max(1, len(shown))))
    few = [str(one.figure.key) for one in shown if one.claims <= most]
    whole: dict[str, list[str]] = {}
    for figure, names in tx.claims.of_figures(held.window, few).items():
        whole[figure] = list(names)
    found = {}
    for one in shown:
        key, ends = str(one.figure.key), [claim.id for claim in one.figure.claims]
        if one.claims > most:
            wanted = [
                (key, day, number) for day, low, high in one.ranges for number in (low, high) if number is not None
            ]
            ends = _thinned([*tx.claims.at(held.window, _evenly(wanted, most)), *_told(one, most)], most)
        found[key] = list(dict.fromkeys([*ends, *whole.get(key, ())]))
    return found


def _told(one: HeldFigure, most: int) -> list[str]:
    """Return the standing claims at the ends, then the newest of the others."""
    claims: Sequence[Saying] = sorted(one.figure.claims, key=lambda claim: (claim.min or claim.max or 0, claim.day))
    ends = [claim.id for claim in (*claims[:1], *claims[-1:])]
    return [*ends, one.figure.latest, *(claim.id for claim in one.figure.claims[-most:])]


def _thinned(names: Sequence[str], most: int) -> list[str]:
    return list(dict.fromkeys(names))[:most]


def _evenly(wanted: Sequence[tuple[str, str, int]], most: int) -> list[tuple[str, str, int]]:
    """Return at most half as many as may be drawn, evenly over their days, the last always."""
    step = max(1, -(-len(wanted) * 2 // most))
    return list(reversed(wanted[::-1][::step]))


def _marks(
    marks: Mapping[str, Sequence[str]], claims: Mapping[str, Claim], sources: Mapping[str, Source], held: Held
) -> dict[str, tuple[MarkView, ...]]:
    withdrawn = {*held.fates["corrected"], *held.fates["retracted"]}
    ties = {tie.source: tie.target for tie in held.ties if tie.kind in ("corrects", "retracts", "updates")}
    return {
        key: tuple(
            _mark(claim, sources[claim.source], claim.id in withdrawn, ties.get(claim.id))
            for claim in sorted((claims[name] for name in names), key=lambda claim: (claim.known_from, claim.id))
        )
        for key, names in marks.items()
    }


def _mark(claim: Claim, source: Source, withdrawn: bool, corrects: str | None) -> MarkView:  # noqa: FBT001
    place = source.file or f"elsewhere: {source.publisher}"
    return MarkView(
        claim=claim.id, date=claim.known_from, low=claim.min, high=claim.max, basis=claim.basis,
        claimant=claim.claimant, source=f"{place}, line {claim.line}" if claim.line else place,
        withdrawn=withdrawn, corrects=corrects,
    )  # fmt: skip


def _line(claim: Claim, sources: Mapping[str, Source], held: Held) -> TimelineView:
    return TimelineView(
        date=claim.said, text=claim.text, claimant=voice(claim), source=place_of(claim, sources[claim.source]),
        status=state_of(held.fates, claim.id) or "stands", claim=claim.id, means=claim.means,
    )  # fmt: skip


def _attribution(claims: Sequence[Claim], count: int) -> str:
    ordered = sorted(claims, key=lambda claim: (claim.said, GRADES.index(claim.outcome)))
    told = [f"{claim.outcome} ({claim.population}) by {claim.claimant}, {claim.said}" for claim in ordered]
    if count > len(told):
        told.insert(0, f"{count - len(told):,} earlier ones")
    return "; ".join(told)


def _judgements(tx: Tx, window: Window) -> tuple[JudgementView, ...]:
    """Return the assessments of the incident and of its claims that are known, oldest first."""
    given = assessments_of(tx, window.incident)
    about = {window.incident, *tx.claims.visible(window, (one.about for one in given))}
    seen = visible_assessments(given, about, known_at=window.known_at, recorded_at=window.recorded_at or None)
    return tuple(JudgementView(one.about, one.grade, one.by, one.said, one.why) for one in seen)


def _cases(
    cases: Sequence[Case], claims: Mapping[str, Claim], held: Held, sides: Mapping[str, str]
) -> tuple[CaseView, ...]:
    """Return the cases of which something was known at the account's day."""
    states = {claim: state_of(held.fates, claim) or "stands" for claim in claims}
    found = []

    def shown(step: Step) -> StepView:
        return StepView(
            date=step.said, track=step.track, status=step.status, by=step.by, reported_by=step.reported_by,
            unconfirmed=step.unconfirmed, to=step.to, claim=step.claim, text=claims[step.claim].text,
            claim_status=states[step.claim],
        )  # fmt: skip

    for case in cases:
        state = state_at(case, held.window.known_at, states)
        if state.steps:
            view = CaseView(
                id=case.id,
                against=sides.get(case.against, case.against),
                open=state.closed is None,
                closed=shown(state.closed) if state.closed else None,
                harm=shown(state.harm) if state.harm else None,
                acknowledged_on=last_day(state.acknowledged.said) if state.acknowledged else None,
                amends=tuple(AmendsView(a.to, a.stages, a.paid, a.words) for a in state.amends),
                steps=tuple(shown(step) for step in state.steps),
            )
            found.append(view)
    return tuple(found)


def _figure(one: HeldFigure) -> FigureView:
    figure, key = one.figure, one.figure.key
    series = name(key)
    label = f"{series}, {key.meant}" if key.meant else series
    return FigureView(
        key=str(key), label=label, low=figure.conservative.low, high=figure.conservative.high, words=words(figure),
        claims=one.claims, origins=figure.origins, disputed=figure.disputed or bool(figure.conflicts),
        series=series, meant=key.meant, open_above=figure.conservative.open_above, full_low=figure.full.low,
        full_high=figure.full.high, full_open_above=figure.full.open_above,
    )  # fmt: skip
