"""What recorded small things ask of somebody: silent, or due for a second look (`movement` has what is overdue).

Each answer is the entries themselves, so that their source can be shown. All times are unix seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement, Contact
from safeconduct.agreements.entries import Entry


@dataclass(frozen=True, slots=True)
class Silence:
    """A contact channel without an answer since a time (of the agreement's start, if it never answered)."""

    contact: Contact
    since: int
    tried: bool  # whether any check of it is recorded at all


def reviews_due(entries: Iterable[Entry], now: int, incidents: Iterable[int] = ()) -> tuple[Entry, ...]:
    """Open questions without an answer, and things relied on, whose review date has come.

    An incident forces the review of everything that is relied on: whatever was last looked at before one was recorded
    (`incidents`, unix seconds) is due, whatever its date.
    """
    held = tuple(entries)
    last = max((at for at in incidents if at <= now), default=None)
    questions = _latest(held, "open-question", "question").values()
    relied_on = _latest(held, "dependency", "relies_on").values()
    return tuple(
        e
        for e in (*questions, *relied_on)
        if e.fields.get("answer") is None
        and (e.fields["review"] <= now or (e.kind == "dependency" and last is not None and e.at < last))
    )


def silent_contacts(agreement: Agreement, entries: Iterable[Entry], now: int, *, of: str) -> tuple[Silence, ...]:
    """Channels to the party `of` that have not answered within their `check_hours`, closed agreement or not."""
    answered: dict[str, int] = {}
    tried: set[str] = set()
    for entry in entries:
        if entry.kind == "contact-check" and entry.at <= now:
            name = entry.fields["contact"]
            tried.add(name)
            if entry.fields["answered"] == "yes":
                answered[name] = max(answered.get(name, 0), entry.at)
    found = []
    for contact in agreement.contacts:
        since = answered.get(contact.id, agreement.start_at)
        if contact.party == of and now - since > contact.check_hours * 3600:
            found.append(Silence(contact, since, tried=contact.id in tried))
    return tuple(found)


def days_without_contact(entries: Iterable[Entry], first: int, last: int) -> tuple[int, ...]:
    """Days (unix seconds of their UTC midnight) from `first` to `last` without a contact.

    A contact is a meeting, an answered check, or a line of the liaison log that says so.
    """
    heard = {entry.at // 86_400 for entry in entries if _is_contact(entry)}
    days = range(first // 86_400, last // 86_400 + 1)
    return tuple(day * 86_400 for day in days if day not in heard)


def _is_contact(entry: Entry) -> bool:
    if entry.kind == "contact-check":
        return bool(entry.fields["answered"] == "yes")
    return entry.kind == "meeting" or (entry.kind == "liaison-log" and entry.fields["contact"] == "yes")


def _latest(entries: Iterable[Entry], kind: str, key: str) -> dict[str, Entry]:
    """Latest entry of a kind for each value of `key`; of two at one time, the one recorded later."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind == kind:
            name = entry.fields[key]
            if name not in found or entry.at >= found[name].at:
                found[name] = entry
    return found
