"""The agreement as a page that people read."""

from collections.abc import Mapping, Sequence

from safeconduct.agreements.agreement import Agreement, PointTerm, digest, time_left
from safeconduct.agreements.clauses import Act, ClauseActs, by_clause
from safeconduct.agreements.differences import differences
from safeconduct.agreements.expectations import Course, TermEvent, all_courses, describe, never_told
from safeconduct.agreements.fields import iso
from safeconduct.agreements.reading import from_json
from safeconduct.agreements.scope import StateEvent, phase_at
from safeconduct.alerts import release as releases
from safeconduct.errors import BadInput, Refusal
from safeconduct.movement.forecast import forecast
from safeconduct.seal.canonical import decode_json
from safeconduct.workflows.agreement_view import (
    ActView,
    AgreementEventView,
    AgreementView,
    ClauseView,
    PhaseView,
    ProposalView,
    TermView,
)
from safeconduct.workflows.change_terms import compare_versions, versions
from safeconduct.workflows.common import in_force, refused_acts, state_events, state_now
from safeconduct.workflows.follow_terms import term_events
from safeconduct.workflows.hand_over_site import site_events
from safeconduct.workflows.ports import Node
from safeconduct.workflows.read_entries import list_entries
from safeconduct.workflows.room_view import ForecastView
from safeconduct.workflows.rows import StoredAgreement
from safeconduct.workflows.show_room import points_of
from safeconduct.workflows.sign_agreement import proposals
from safeconduct.workflows.tables import Tx


def title_of(node: Node) -> str:
    """Return the title of the newest version of the agreement, empty without one."""
    with node.store.reading() as tx:
        row = tx.records.agreement_version()
    return from_json(row.body).title if row else ""


def show_agreement(
    node: Node, *, version: int | None = None, beside: tuple[int, int] | None = None
) -> AgreementView | None:
    """Return the version in force (before there is one, the proposal) with its signatures, or None.

    Args:
        node: this party's node.
        version: another version that this node holds.
        beside: two versions, the older first, that are to be compared.

    Raises:
        BadInput: `unknown-version`.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        row = stored_version(tx, version)
        if row is None:
            return None
        agreement = from_json(row.body)
        acts, days = by_clause(agreement, acts_of(tx)), tuple(people for _, people in tx.roll.departures())
        counts = tx.roll.counts()
        refused = [(iso(at), act, str(refusal)) for at, act, refusal in refused_acts(tx)]
        points = points_of(tx, agreement, now, tx.devices.tallies())
        state, changes = state_now(tx, agreement, now), state_events(tx, agreement)
        undertakings, expectations = _terms(agreement, term_events(tx, agreement))
        open_proposals = _proposals(node, tx)
        held = versions(tx)
        differ = compare_versions(tx, *beside) if beside else ()
        wordings = _wordings(tx)
    names = _names(agreement)
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
        id=agreement.id,
        start=agreement.start,
        end=agreement.end,
        now=iso(now),
        time_left=_left(time_left(agreement, now)),
        forecast=_forecast(agreement, days, counts["people"] - counts["departed"], now) if state != "closed" else None,
        clauses={name: _clause(one) for name, one in acts.items()},
        phases=tuple(
            PhaseView(
                p.name, p.start, p.acts, tuple((r.act, names[r.party], r.office) for r in p.roles), in_force=p is phase
            )
            for p in agreement.phases
        ),
        conditions=tuple(c.text for c in agreement.conditions),
        contacts=tuple((names[c.party], c.kind, c.text, c.check_hours) for c in agreement.contacts),
        stale=f"{agreement.stale_hours} hours old; after that a gate "
        + ("admits with a warning" if agreement.stale_policy == "warn" else "refuses"),
        proposals=open_proposals,
        versions=held,
        compared=beside,
        differences=differ,
        wordings=wordings,
        holdings=tuple((p.name, p.ring, _held(p, names)) for p in agreement.control_points),
        digest=digest(agreement).hex(),
        signatures=tuple((names[p], raw.hex()) for p, raw in sorted(row.signatures.items())),
        roots=tuple((p.name, p.root_public) for p in agreement.parties),
    )


def stored_version(tx: Tx, version: int | None = None) -> StoredAgreement | None:
    """Return a version as it is stored: the one that is named, else the one in force, else the newest proposal.

    Raises:
        BadInput: `unknown-version`.
    """
    if version is not None:
        row = tx.records.agreement_version(version)
        if row is None:
            raise BadInput("unknown-version", where="version", expected="a version that is held", seen=version)
        return row
    current = in_force(tx)
    return current[1] if current else tx.records.agreement_version()


def acts_of(tx: Tx) -> list[Act]:
    """Return every act that cited a permit, and every one that was refused, in no order."""
    found = [
        Act(row.issued, "share", "threat-warning", releases.from_json(row.body).purpose,
            "warning sent" if row.direction == "sent" else "warning received", row.ledger_index)
        for row in tx.alerts.releases()
    ]  # fmt: skip
    for entry in tx.ledger.find("own:issue"):
        note = decode_json(entry.envelope, where="issue")
        text = f"{note['passes']} passes for {note['groups']} groups"
        found.append(Act(entry.at, "passage", note.get("subject", ""), note.get("purpose", ""), text, entry.index))
    lines = {one.id: one for one in list_entries(tx)}
    for one in lines.values():
        if one.entry.kind == "permit-cited":
            fields, about = one.entry.fields, lines[one.entry.fields["of"]]
            text = f"{about.entry.kind} at {about.entry.fields.get('place', '')}"
            found.append(
                Act(one.entry.at, fields["act"], fields["subject"], fields["purpose"], text, about.ledger_index)
            )
    current = in_force(tx)
    for index, event in site_events(tx, current[0]) if current else ():
        if event.purpose is not None:
            text = f"{event.zone} of {event.site} {event.stage.replace('-', ' ')}"
            found.append(Act(event.at, "hand-over", "hand-over", event.purpose, text, index))
    for place, body, at in tx.records.all("refused"):
        data = decode_json(body, where="refused act")
        found.append(
            Act(at, data["act"], data["subject"], "", f"{data['act']}: {data['subject']}", int(place), data["code"])
        )
    return found


def _clause(one: ClauseActs) -> ClauseView:
    newest = tuple(ActView(iso(a.at), a.text, a.ledger_index, str(Refusal(a.refused)) if a.refused else "")
                   for a in one.newest)  # fmt: skip
    return ClauseView(one.done, one.refused, newest)


def _proposals(node: Node, tx: Tx) -> tuple[ProposalView, ...]:
    current = in_force(tx)
    if current is not None and state_now(tx, current[0], node.clock.now()) == "closed":
        return ()  # what is closed is followed by nothing
    found = []
    for place, row in enumerate(proposals(tx)):
        new = from_json(row.body)
        by = next(iter(row.signatures), "")
        changes = differences(current[0], new) if current else ()
        found.append(
            ProposalView(
                row.version, digest(new).hex(), _names(new).get(by, by), ours=by == node.party,
                can_accept=by != node.party and place == 0, differences=changes,
            )
        )  # fmt: skip
    return tuple(found)


def _wordings(tx: Tx) -> tuple[tuple[str, str, str, str, str], ...]:
    found = []
    for one in list_entries(tx, "date-resolved"):
        fields = one.entry.fields
        said, first = iso(fields["said"])[:10], iso(fields["means"])[:10]
        last = iso(fields["until"])[:10] if fields["until"] is not None else first
        found.append((fields["about"], fields["wording"], said, first, last))
    return tuple(found)


def _held(point: PointTerm, names: Mapping[str, str]) -> str:
    """Return who holds a point when, as the agreement has it."""
    spans = [
        f"{names[h.party]} from {h.start[:10]}" + (f" to {h.until[:10]}" if h.until else "") for h in point.holders
    ]
    return "; ".join(spans) or "nobody"


def _left(seconds: int) -> str:
    days, rest = divmod(abs(seconds), 86_400)
    words = f"{days} d {rest // 3600:02d} h" if days else f"{rest // 3600} h {rest % 3600 // 60:02d} min"
    return f"{words} left" if seconds > 0 else f"{words} ago"


def _forecast(agreement: Agreement, days: Sequence[int], left: int, now: int) -> ForecastView | None:
    """Return when everybody will be out at the recent pace; None before anybody left or after the deadline."""
    if not days or now >= agreement.deadline_at:
        return None
    made = forecast(list(days), now, agreement.deadline_at, left)
    done, low, high = (iso(at) if at is not None else None for at in (made.done_at, made.low, made.high))
    return ForecastView(done, low, high, made.makes_deadline, made.words)


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
