"""What is recorded as typed entries, and what of it asks somebody to act."""

import textwrap
from dataclasses import dataclass

from safeconduct.agreements.entries import Entry, entry_id
from safeconduct.agreements.fields import iso, moment
from safeconduct.agreements.followup import days_without_contact, reviews_due, silent_contacts
from safeconduct.agreements.kinds import KINDS
from safeconduct.errors import BadInput
from safeconduct.incidents.dates import check_days, first_day
from safeconduct.workflows.clear_route import LAPSED, WAITING, due_clearances
from safeconduct.workflows.common import in_force
from safeconduct.workflows.held_entries import held_entries, read_held
from safeconduct.workflows.ports import Node
from safeconduct.workflows.read_escorts import overdue_courses
from safeconduct.workflows.record_entries import KIND
from safeconduct.workflows.tables import Tx

UNTRIED = "contact-untried"
ESCORT = "escort-overdue"
# where a thing due is dealt with: page, and place there
PAGES = {LAPSED: ("movements", "routes"), WAITING: ("movements", "routes"), ESCORT: ("movements", "escorts")}
DAY = 86_400  # seconds
SHOWN_HOURS = 72  # longer silences are told in days
SHOWN_CHARACTERS = 60  # of a question or of what is relied on


@dataclass(frozen=True, slots=True)
class EntryView:
    """One recorded entry with its id, its place in the ledger, and when it was recorded (unix seconds)."""

    id: str
    entry: Entry
    ledger_index: int
    recorded: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something that is due: what, in one line, since when (unix seconds), and by which entry, if by one."""

    what: str  # route-lapsed or -asked, escort-overdue, question- or dependency-due, contact-silent or -untried
    line: str
    since: int
    entry: str | None  # or the id of the notice


def list_entries(tx: Tx, kind: str | None = None, since: str | None = None) -> tuple[EntryView, ...]:
    """Return entries in the order of their own times, of one kind if asked, from an ISO day on if asked.

    Raises:
        BadInput: `unknown-kind` or `bad-date`.
    """
    if kind is not None and kind not in KINDS:
        raise BadInput("unknown-kind", where="kind", expected="one of " + ", ".join(sorted(KINDS)), seen=kind)
    start = 0 if since is None else moment(f"{first_day(check_days(since, where='since'))}T00:00:00Z")
    found = []
    for held, body, at in tx.records.all(KIND):
        entry, index = read_held(body)
        if entry.at >= start and kind in (None, entry.kind):
            found.append(EntryView(held, entry, index, at))
    return tuple(sorted(found, key=lambda view: view.entry.at))


def follow_ups(node: Node, tx: Tx) -> tuple[FollowUp, ...]:
    """Return what is due now, oldest first; channels to the other party are listed after the end as well."""
    now = node.clock.now()
    entries = _entries(tx)
    found = [
        *(FollowUp(what, line, since, ref) for what, line, since, ref in due_clearances(node, tx)),
        *(FollowUp(ESCORT, line, since, ref) for line, since, ref in overdue_courses(node, tx)),
        *(_review(e, now) for e in reviews_due(entries, now, incident_times(tx))),
        *_silences(node, tx, entries, now),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.since))


def room_lines(node: Node, tx: Tx) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Return (line, page and place there) of each thing due that the room should see; no page: two empty texts.

    A channel that nobody checks is left to the list.
    """
    return tuple((one.line, PAGES.get(one.what, ("", ""))) for one in follow_ups(node, tx) if one.what != UNTRIED)


def silent_days(node: Node, tx: Tx) -> tuple[str, ...]:
    """Return the ISO days of the agreement, up to yesterday, with neither a meeting nor an answered check."""
    found = in_force(tx)
    if found is None:
        return ()
    last = min(node.clock.now() - DAY, found[0].end_at)
    return tuple(iso(day)[:10] for day in days_without_contact(_entries(tx), found[0].start_at, last))


def _silences(node: Node, tx: Tx, entries: tuple[Entry, ...], now: int) -> list[FollowUp]:
    found = in_force(tx)
    other = found[0].other(node.party) if found else None
    if found is None or other is None:
        return []
    made = []
    for one in silent_contacts(found[0], entries, now, of=other.id):
        name, hours = one.contact.id, (now - one.since) // 3_600
        if one.tried:
            span = f"{hours} hours" if hours <= SHOWN_HOURS else f"{hours // 24} days"
            made.append(FollowUp("contact-silent", f"{name} has not answered for {span}", one.since, None))
        else:
            made.append(FollowUp(UNTRIED, f"{name}: no check is recorded", one.since, None))
    return made


def _by(what: str, line: str, entry: Entry, due: str) -> FollowUp:
    return FollowUp(what, line, entry.fields[due], entry_id(entry))


def incident_times(tx: Tx) -> tuple[int, ...]:
    """Return when each incident was recorded, in unix seconds."""
    return tuple(at for _, _, at in tx.records.all("incidents"))


def _review(entry: Entry, now: int) -> FollowUp:
    def short(field: str) -> str:
        return textwrap.shorten(entry.fields[field], SHOWN_CHARACTERS, placeholder="…")

    if entry.kind == "dependency":
        line = f"what is relied on is due for review: {short('relies_on')}"
        if entry.fields["review"] > now:
            line = f"an incident was recorded; what is relied on is due for review: {short('relies_on')}"
        return _by("dependency-due", line, entry, "review")
    return _by("question-due", f"a question is due for review: {short('question')}", entry, "review")


def _entries(tx: Tx) -> tuple[Entry, ...]:
    return tuple(entry for _, entry in held_entries(tx))
