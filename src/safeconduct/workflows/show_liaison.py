"""The liaison page: meetings, the daily log, channels, notices, commitments, performance, statements, the end."""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement, Contact
from safeconduct.agreements.entries import Entry, entry_id
from safeconduct.agreements.fields import iso
from safeconduct.agreements.followup import reviews_due, silent_contacts
from safeconduct.agreements.kinds import KINDS
from safeconduct.agreements.liaison import (
    Meeting,
    Statement,
    meetings,
    open_undertakings,
    statements,
    to_compare,
    unreasoned,
)
from safeconduct.agreements.notices import NoticeCourse
from safeconduct.agreements.reading import from_json
from safeconduct.agreements.site import Zone
from safeconduct.workflows.change_terms import decisions_of
from safeconduct.workflows.commitments import commitments
from safeconduct.workflows.common import in_force, state_events, state_now
from safeconduct.workflows.follow_terms import term_events
from safeconduct.workflows.hand_over_site import zones_of
from safeconduct.workflows.judge_partner import course_of_partner
from safeconduct.workflows.liaison_view import (
    ChannelView,
    LiaisonView,
    Line,
    MeetingView,
    NoticeView,
    StatementView,
    UndertakenView,
    ZoneView,
)
from safeconduct.workflows.ports import Node
from safeconduct.workflows.private_notes import PRIVATE
from safeconduct.workflows.read_entries import EntryView, incident_times, list_entries, silent_days
from safeconduct.workflows.recall_shares import RecalledItem, named_people, recalls
from safeconduct.workflows.serve_notice import notices
from safeconduct.workflows.tables import Tx

DAY = 86_400  # seconds
WAITING = 10_000  # envelopes; more than a node ever has on their way


@dataclass(frozen=True, slots=True)
class _Held:
    """What the page is made from: the entries as listed, the agreement if there is one, and the time."""

    node: Node
    tx: Tx
    agreement: Agreement | None
    views: tuple[EntryView, ...]
    now: int

    @property
    def pairs(self) -> tuple[tuple[str, Entry], ...]:
        return tuple((one.id, one.entry) for one in self.views)

    def of(self, *kinds: str) -> tuple[Line, ...]:
        """Return the lines of some kinds, newest first."""
        return tuple(_line(one) for one in reversed(self.views) if one.entry.kind in kinds)

    def line(self, entry: Entry) -> Line:
        """Return the line of an entry that is held."""
        name = entry_id(entry)
        return _line(next(one for one in self.views if one.id == name))


def show_liaison(node: Node) -> LiaisonView:
    """Return the relation to the other party as this node has recorded it."""
    now = node.clock.now()
    with node.store.reading() as tx:
        found = in_force(tx)
        agreement = found[0] if found else None
        held = _Held(node, tx, agreement, list_entries(tx), now)
        other = agreement.other(node.party) if agreement else None
        all_recalls = recalls(tx, agreement) if agreement else ()
        met = meetings(held.pairs)
        said = statements(held.pairs)
        shown = {one.id: _statement(held, one, said) for one in said}
        missing = unreasoned((e for _, e in held.pairs), decisions_of(tx, node.party))
        channels = _channels(held)
        proposed = tx.records.agreement_version()
        return LiaisonView(
            now=iso(now),
            party=node.party,
            partner=other.id if other else "",
            partner_name=other.name if other else "",
            title=agreement.title if agreement else from_json(proposed.body).title if proposed else "",
            state=state_now(tx, agreement, now) if agreement else "proposed" if proposed else "none",
            needs=_needs(held, met, channels, missing, all_recalls),
            purposes=tuple(agreement.purposes.items()) if agreement else (),
            scope=agreement.scope if agreement else (),
            meetings=tuple(_meeting(held, one) for one in met),
            log=held.of("liaison-log", "contact-check"),
            days=_days(held),
            silent_days=silent_days(node, tx),
            channels=channels,
            notices=_notices(held),
            commitments=commitments(tx, agreement),
            performance=course_of_partner(node, tx, agreement) if agreement else (),
            statements=tuple(shown.values()),
            to_compare=tuple((shown[a.id], shown[b.id]) for a, b in to_compare(said)),
            labels=held.of("relation-label"),
            remarks=held.of("conduct-remark"),
            private=held.of(*PRIVATE),
            dependencies=held.of("dependency"),
            questions=held.of("open-question"),
            earlier=agreement.earlier if agreement else (),
            dealings=held.of("earlier-dealing"),
            reasons=held.of("decision-reason"),
            unreasoned=missing,
            zones=_zones(held),
            recalled=tuple(one for one in all_recalls if one.recalled.by == node.party),
            asked_of_us=tuple(one for one in all_recalls if one.recalled.by != node.party),
            named=named_people(tx, other.id) if other else (),
        )


def _line(view: EntryView) -> Line:
    entry = view.entry
    rules = KINDS[entry.kind].fields
    fields = {
        name: iso(value) if rules[name].type == "time" and value is not None else value
        for name, value in entry.fields.items()
    }
    return Line(view.id, iso(entry.at), entry.kind, fields, entry.source, view.ledger_index)


def _meeting(held: _Held, one: Meeting) -> MeetingView:
    undertaken = tuple(
        UndertakenView(
            held.line(u.entry),
            u.state,
            late=u.state == "open" and u.entry.fields["due"] is not None and u.entry.fields["due"] <= held.now,
            followed=tuple(held.line(step) for step in u.followed),
        )
        for u in one.undertakings
    )
    permits = tuple((e.fields["subject"], e.fields["purpose"]) for e in one.permits)
    return MeetingView(held.line(one.entry), permits, undertaken, tuple(held.line(e) for e in one.disclosed))


def _statement(held: _Held, one: Statement, all_: Iterable[Statement]) -> StatementView:
    speakers = {each.id: str(each.entry.fields["speaker"]) for each in all_}
    compared = []
    for entry in one.compared:
        other = entry.fields["other"] if entry.fields["one"] == one.id else entry.fields["one"]
        compared.append((entry.fields["finding"], speakers.get(other, ""), entry.fields["because"]))
    return StatementView(held.line(one.entry), tuple(held.line(e) for _, e in one.clarified), tuple(compared))


def _channels(held: _Held) -> tuple[ChannelView, ...]:
    if held.agreement is None:
        return ()
    names = {p.id: p.name for p in held.agreement.parties}
    checks = [e for _, e in held.pairs if e.kind == "contact-check" and e.at <= held.now]
    silent = {
        one.contact.id
        for party in names
        for one in silent_contacts(held.agreement, checks, held.now, of=party)
        if party != held.node.party
    }

    def newest(contact: Contact, *, answered: bool) -> str | None:
        times = [
            e.at
            for e in checks
            if e.fields["contact"] == contact.id and (e.fields["answered"] == "yes" or not answered)
        ]
        return iso(max(times)) if times else None

    return tuple(
        ChannelView(
            c.id, names[c.party], c.kind, c.text, c.check_hours, newest(c, answered=True), newest(c, answered=False),
            silent=c.id in silent, theirs=c.party != held.node.party,
        )
        for c in held.agreement.contacts
    )  # fmt: skip


def _days(held: _Held) -> tuple[tuple[str, bool], ...]:
    """Return each whole day of the agreement so far, and whether there was contact on it."""
    if held.agreement is None or held.now < held.agreement.start_at:
        return ()
    silent = set(silent_days(held.node, held.tx))
    last = min(held.now - DAY, held.agreement.end_at) // DAY
    days = (iso(day * DAY)[:10] for day in range(held.agreement.start_at // DAY, last + 1))
    return tuple((day, day not in silent) for day in days)


def _notices(held: _Held) -> tuple[NoticeView, ...]:
    if held.agreement is None:
        return ()
    names = {p.id: p.name for p in held.agreement.parties}
    waiting = {row.wire for row in held.tx.outbox.due(WAITING)}
    found = []
    for index, one in reversed(notices(held.tx, held.agreement)):
        entry = held.tx.ledger.entry(index)
        found.append(
            NoticeView(
                id=one.id, by=names.get(one.notice.by, one.notice.by), ours=one.notice.by == held.node.party,
                at=iso(one.notice.at), text=one.notice.text, condition=one.notice.condition or "",
                delivered=one.notice.by != held.node.party or entry is None or entry.envelope not in waiting,
                acknowledged=iso(one.acknowledged.at) if one.acknowledged else None,
                remark=one.acknowledged.text if one.acknowledged else "",
                cites=one.notice.cites, cited_by=_cited(held, one), ledger_index=index,
            )
        )  # fmt: skip
    return tuple(found)


def _cited(held: _Held, one: NoticeCourse) -> tuple[str, ...]:
    """Return in words what names a notice later: other notices, events about terms, breaches and renewals."""
    assert held.agreement is not None  # noqa: S101  (there is no notice without one)
    found = [f"notice {name[:8]}" for name in one.cited_by]
    found += [
        f"{event.stage} of {event.term}, {iso(event.at)[:10]}"
        for event in term_events(held.tx, held.agreement)
        if one.id in (event.evidence or "") or one.id in event.text
    ]
    found += [f"{e.kind}, entry {index}" for index, e in state_events(held.tx, held.agreement) if one.id in e.text]
    return tuple(found)


def _zones(held: _Held) -> tuple[ZoneView, ...]:
    return tuple(_zone(held, one) for one in zones_of(held.tx, held.agreement)) if held.agreement else ()


def _zone(held: _Held, one: Zone) -> ZoneView:
    due = one.planned.due if one.planned else None
    given, got = one.handed_over, one.received
    first = given or one.planned
    names = {p.id: p.name for p in held.agreement.parties} if held.agreement else {}
    return ZoneView(
        one.site, one.zone, one.state, iso(due) if due is not None else None,
        late=given is None and due is not None and due <= held.now,
        handed_over=iso(given.at) if given else None,
        by=names.get(first.by, first.by) if first else "",
        condition=given.text if given else "",
        received=iso(got.at) if got else None,
        remark=got.text if got else "",
        ours_to_receive=given is not None and got is None and given.by != held.node.party,
    )  # fmt: skip


def _needs(
    held: _Held,
    met: tuple[Meeting, ...],
    channels: tuple[ChannelView, ...],
    missing: tuple[str, ...],
    all_recalls: tuple[RecalledItem, ...],
) -> tuple[tuple[str, str], ...]:
    """Return (part of the page, what asks somebody to act), the most pressing first."""
    ours = [one for one in all_recalls if one.recalled.by != held.node.party and one.state == "unanswered"]
    theirs = [one for one in all_recalls if one.recalled.by == held.node.party and one.state == "unanswered"]
    found = [
        ("notices", f"a formal notice of {notice.at[:10]} waits for your acknowledgement")
        for notice in _notices(held)
        if not notice.ours and notice.acknowledged is None
    ]
    waiting = [zone for zone in _zones(held) if zone.ours_to_receive]
    if waiting:
        found.append(("site", f"{_count(len(waiting), 'zone')} of a site handed over to you, without your receipt"))
    if ours:
        found.append(("recall", f"{_count(len(ours), 'item')} recalled by the other party, unanswered by you"))
    found += [("channels", f"{one.id} ({one.party}) is silent") for one in channels if one.silent and one.tried]
    late = open_undertakings(met, held.now)
    if late:
        found.append(("meetings", f"{_count(len(late), 'undertaking')} of a meeting past the day"))
    due = reviews_due((e for _, e in held.pairs), held.now, incident_times(held.tx))
    if due:
        found.append(("questions", f"{_count(len(due), 'review')} due: open questions and what you rely on"))
    found += [("before", f"no reason is recorded for signing {one}") for one in missing]
    if theirs:
        found.append(("recall", f"{_count(len(theirs), 'item')} that you recalled, unanswered by the other party"))
    return tuple(found)


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"
