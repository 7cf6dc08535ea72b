"""The partner's own page: warnings that came in, what each still needs, and what was answered so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement, holder_at
from safeconduct.agreements.fields import iso
from safeconduct.alerts import release as releases
from safeconduct.alerts.answer import Acknowledgement, Answer, Outcome, acknowledged, version_of
from safeconduct.alerts.answer_words import own_words
from safeconduct.alerts.quadtree import bounds, size_m
from safeconduct.alerts.read_out import quote_number
from safeconduct.alerts.release import Release
from safeconduct.alerts.words import ADVICE, LIKELIHOOD, THREATENED
from safeconduct.errors import SafeconductError
from safeconduct.workflows.answer_release import answers_to
from safeconduct.workflows.common import in_force
from safeconduct.workflows.gate_advice import assigned_points, places
from safeconduct.workflows.ports import Node
from safeconduct.workflows.rows import ReleaseRow
from safeconduct.workflows.show_warnings import names_of, said
from safeconduct.workflows.tables import Tx

# what a warning needs of its reader, the most pressing first
NEEDS = ("withdrawal", "correction", "answer", "decision", "outcome", "")


@dataclass(frozen=True, slots=True)
class WarningSheet:
    """A warning in plain words, the same on every way on which it is told; times in ISO."""

    id: str
    number: str  # to quote back
    version: int
    revoked: bool
    party: str  # name of the sender
    threatened: str
    advice: str
    area: str  # cell
    area_m: int
    bounds: tuple[int, int, int, int]  # south, west, north, east, microdegrees
    window_from: str
    window_to: str
    left: str  # "begins in 3 h 20 min"
    phase: str  # "before", "now", "over"
    likelihood: str
    handling: str
    issued: str
    expires: str


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One received release: what it says, what it needs, what was answered."""

    sheet: WarningSheet
    need: str  # of NEEDS
    stage: str  # newest stage for this version, empty: none
    received: str  # ISO time
    points: tuple[str, ...]  # names of the control points to which it was given
    answers: tuple[tuple[str, str, str], ...]  # (ISO time, line, own words), oldest first
    outcomes: tuple[Outcome, ...]
    ledger_index: int
    earlier: tuple[WarningSheet, ...] = ()  # versions before


@dataclass(frozen=True, slots=True)
class InboxView:
    """All received releases, those that need something first, and the control points to give them to."""

    items: tuple[InboxItem, ...]
    held: tuple[tuple[str, str], ...]  # (id, name) of the control points that this party holds now
    placed: tuple[tuple[str, int, int], ...]  # (name, lat, lon in microdegrees) of control points placed here
    now: str


def show_inbox(node: Node, release_id: str | None = None) -> InboxView:
    """Return the inbox, or one release of it.

    Raises:
        SafeconductError: `unknown-release`, if one is asked for that was not received here.
    """
    now = node.clock.now()
    with node.store.reading() as tx:
        found = in_force(tx)
        agreement = found[0] if found else None
        names = names_of(tx)
        given: dict[str, list[Answer]] = {}
        for answer in answers_to(tx, release_id):
            given.setdefault(answer.release_id, []).append(answer)
        versions: dict[str, list[ReleaseRow]] = {}
        for row in tx.alerts.versions(release_id):
            versions.setdefault(row.id, []).append(row)
        items = [
            _item(rows, given.get(held, []), names, agreement, now)
            for held, rows in versions.items()
            if rows[0].direction == "received"
        ]
        held = (
            ()
            if agreement is None
            else tuple(
                (p.id, p.name) for p in agreement.control_points if holder_at(agreement, p.id, now) == node.party
            )
        )
        placed = tuple(
            (site.name, site.lat, site.lon)
            for site in places(node, tx)
            if site.lat is not None and site.lon is not None
        )
    if release_id is not None and not items:
        raise SafeconductError("unknown-release", f"no release {release_id} was received here")
    order = sorted(items, key=lambda item: item.sheet.issued, reverse=True)
    return InboxView(tuple(sorted(order, key=lambda item: NEEDS.index(item.need))), held, placed, iso(now))


def said_by_link(tx: Tx, release_id: str) -> tuple[tuple[str, str], ...]:
    """Return (ISO time, key of what was said) behind the links of a release, oldest first: that, and no more."""
    found = []
    for one in answers_to(tx, release_id):
        if one.channel == "link" and isinstance(one, Acknowledgement):
            found.append((iso(one.at), one.stage))
        elif one.channel == "link" and isinstance(one, Outcome):
            found.append((iso(one.at), one.result))
    return tuple(found)


def sheet_of(release: Release, now: int, *, party: str) -> WarningSheet:
    """Return a release in plain words."""
    phase, left = _left(release.window_from, release.window_to, now)
    return WarningSheet(
        id=release.id,
        number=quote_number(release.id, release.version),
        version=release.version,
        revoked=release.revoked,
        party=party,
        threatened=THREATENED[release.threatened_class],
        advice=ADVICE[release.advised_action],
        area=release.area,
        area_m=size_m(release.area),
        bounds=bounds(release.area),
        window_from=iso(release.window_from),
        window_to=iso(release.window_to),
        left=left,
        phase=phase,
        likelihood=LIKELIHOOD[release.likelihood][0] if release.likelihood else "",
        handling=release.handling,
        issued=iso(release.issued),
        expires=iso(release.expires),
    )


def _item(
    rows: Sequence[ReleaseRow],
    answers: Sequence[Answer],
    names: dict[str, str],
    agreement: Agreement | None,
    now: int,
) -> InboxItem:
    read = [(releases.from_json(row.body), row) for row in rows]
    release, counting = max(read, key=lambda one: (one[0].revoked, one[0].version))
    acks = [a for a in answers if isinstance(a, Acknowledgement) and version_of(a) == release.version]
    owner = next((name for party, name in names.items() if party != release.partner), "the other party")
    earlier = [one for one, _ in read if one.version < release.version]
    point_names = {p.id: p.name for p in agreement.control_points} if agreement else {}
    return InboxItem(
        sheet=sheet_of(release, now, party=owner),
        need=_need(release, acks, answers, now),
        stage=acks[-1].stage if acks else "",
        received=iso(counting.issued),
        points=tuple(point_names.get(point, point) for point in assigned_points(release.id, answers)),
        answers=tuple((iso(one.at), said(one, names), own_words(one)) for one in answers),
        outcomes=tuple(one for one in answers if isinstance(one, Outcome)),
        ledger_index=counting.ledger_index,
        earlier=tuple(sheet_of(one, now, party=owner) for one in earlier),
    )


def _need(release: Release, acks: Sequence[Acknowledgement], answers: Sequence[Answer], now: int) -> str:
    if not acknowledged(release, answers):
        if release.revoked:
            return "withdrawal" if release.version > 1 else ""
        if release.version > 1:
            return "correction"
        return "answer" if now < release.expires else ""
    if release.revoked or now >= release.expires:
        return ""
    decided = acks[-1].stage in ("accepted", "declined")
    if now >= release.window_to:
        return "" if any(isinstance(one, Outcome) for one in answers) or acks[-1].stage == "declined" else "outcome"
    return "" if decided else "decision"


def _left(start: int, end: int, now: int) -> tuple[str, str]:
    if now < start:
        return "before", f"begins in {_span(start - now)}"
    if now < end:
        return "now", f"on now, {_span(end - now)} left"
    return "over", f"over since {_span(now - end)}"


def _span(seconds: int) -> str:
    minutes = max(seconds // 60, 1)
    hours, left = divmod(minutes, 60)
    if not hours:
        return f"{left} min"
    if hours < 48:
        return f"{hours} h {left:02} min"
    return f"{hours // 24} d {hours % 24} h"


def inbox_line(item: InboxItem) -> str:
    """Return one line of a received release, for a list in words."""
    sheet = item.sheet
    return f"{sheet.number}  {item.need or item.stage or 'nothing due'}: {sheet.advice}; {sheet.left} [{sheet.id}]"
