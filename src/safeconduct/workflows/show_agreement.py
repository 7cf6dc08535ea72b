"""The agreement as a page that people read."""

from collections.abc import Mapping, Sequence

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.expectations import Course, TermEvent, all_courses, describe, never_told
from safeconduct.agreements.fields import iso
from safeconduct.agreements.reading import from_json
from safeconduct.agreements.scope import StateEvent, phase_at
from safeconduct.workflows.agreement_view import AgreementEventView, AgreementView, TermView
from safeconduct.workflows.common import refused_acts, state_events, state_now
from safeconduct.workflows.follow_terms import term_events
from safeconduct.workflows.ports import Node
from safeconduct.workflows.show_room import points_of


def title_of(node: Node) -> str:
    """Return the title of the newest version of the agreement, empty without one."""
    with node.store.reading() as tx:
        row = tx.records.agreement_version()
    return from_json(row.body).title if row else ""


def show_agreement(node: Node) -> AgreementView | None:
    """Return the newest version of the agreement with its signatures, or None."""
    now = node.clock.now()
    with node.store.reading() as tx:
        row = tx.records.agreement_version()
        if row is None:
            return None
        agreement = from_json(row.body)
        refused = [(iso(at), act, str(refusal)) for at, act, refusal in refused_acts(tx)]
        points = points_of(tx, agreement, now, tx.devices.tallies())
        state, changes = state_now(tx, agreement, now), state_events(tx, agreement)
        undertakings, expectations = _terms(agreement, term_events(tx, agreement))
    phase = phase_at(agreement, now)
    return AgreementView(
        title=agreement.title,
        version=agreement.version,
        state=row.state if row.state == "proposed" and state != "closed" else state,
        parties=tuple((p.name, "signed" if p.id in row.signatures else "not signed yet") for p in agreement.parties),
        no_recognition=agreement.no_recognition,
        legal_basis=agreement.legal_basis,
        purposes=tuple(agreement.purposes.items()),
        scope=agreement.scope,
        points=points,
        deadline=agreement.deadline,
        undertakings=undertakings,
        expectations=expectations,
        refused=tuple(reversed(refused))[:50],
        events=_events(agreement, changes),
        phase=phase.name if phase else "",
        founding=tuple((f.date, f.event, f.source) for f in agreement.founding),
        founding_disagrees=len({f.date for f in agreement.founding}) > 1,
        earlier=agreement.earlier,
    )


def _events(agreement: Agreement, changes: Sequence[tuple[int, StateEvent]]) -> tuple[AgreementEventView, ...]:
    names = _names(agreement)
    return tuple(
        AgreementEventView(iso(event.at), event.kind, names.get(event.by, event.by), event.text, index)
        for index, event in changes
    )


def _terms(agreement: Agreement, events: Sequence[TermEvent]) -> tuple[tuple[TermView, ...], tuple[TermView, ...]]:
    """Return (undertakings, expectations), each with its course."""
    names, untold = _names(agreement), never_told(agreement, events)
    undertaken = {term.id for term in agreement.undertakings}
    terms = [
        TermView(
            id=course.term,
            of=names.get(course.of, course.of),
            text=course.text,
            condition=course.conditional_on,
            course=describe(course, names, undertaken=course.term in undertaken),
            never_told=course.term in untold,
            later=_later(course, events, names),
        )
        for course in all_courses(agreement, events)
    ]
    return tuple(t for t in terms if t.id in undertaken), tuple(t for t in terms if t.id not in undertaken)


def _later(
    course: Course, events: Sequence[TermEvent], names: Mapping[str, str]
) -> tuple[tuple[str, str, str, str, str], ...]:
    """Return what bears on a term, and how it was judged, with its evidence, in order of time."""
    bearing = sorted((e for e in events if e.term == course.term and e.evidence is not None), key=lambda e: e.at)
    return tuple((iso(e.at), names.get(e.by, e.by), e.stage, e.text, e.evidence or "") for e in bearing)


def _names(agreement: Agreement) -> dict[str, str]:
    return {p.id: p.name for p in agreement.parties}
