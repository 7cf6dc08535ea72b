"""Record a liaison meeting under the agreement, and what was undertaken at it.

A meeting is an act of the cooperation: each of its subjects must be in scope when it was held. What was held outside
the agreement can still be filed as an entry of the kind `meeting`; it then cites no permit, and the page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.entries import Entry, make_entry
from safeconduct.errors import BadInput, Refusal
from safeconduct.workflows.common import permitted
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_entries import RecordedEntry, record_entry

ACT = "meet"


@dataclass(frozen=True, slots=True)
class MeetingTerms:
    """What is recorded of a meeting; participants are offices of both parties, never names; `at` in unix seconds."""

    place: str
    mode: str
    level: str
    offices: tuple[str, ...]
    subjects: tuple[str, ...]
    confidential: bool = False
    follow_up: str | None = None
    undertakings: tuple[tuple[str, str, int | None], ...] = ()  # (party, what, due)


def hold_meeting(
    node: Node, terms: MeetingTerms, *, purpose: str | None, source: str, at: int | None = None
) -> RecordedEntry | Refusal:
    """Record a meeting with the permits that it cites and what was undertaken; nothing of it leaves this node.

    Args:
        node: this party's node.
        terms: what is recorded; at least one subject.
        purpose: a common purpose of the agreement.
        source: who or what says so.
        at: when it was held, unix seconds; now by default. It is judged at that time.

    Raises:
        BadInput: a field is malformed, no subject is named, or the time is still to come.
    """
    now = node.clock.now()
    when = now if at is None else at
    if when > now:
        raise BadInput("bad-field", where="meeting.at", expected="no time after now", seen=at)
    if not terms.subjects:
        raise BadInput("missing-field", where="meeting.subjects", expected="at least one subject in scope", seen=None)
    meeting = _meeting(terms, source, when)
    with node.store.transaction() as tx:
        permits = []
        for subject in terms.subjects:
            allowed = permitted(node, tx, act=ACT, subject=subject, purpose=purpose, sent=at)
            if isinstance(allowed, Refusal):
                return allowed
            permits.append(allowed)
        made = record_entry(node, tx, meeting)
        for one in permits:
            cited = {"of": made.id, "act": ACT, "subject": one.subject, "purpose": one.purpose, "version": one.version}
            record_entry(node, tx, make_entry("permit-cited", cited, source, when))
        for party, text, due in terms.undertakings:
            fields = {"meeting": made.id, "by": party, "text": text, "due": due}
            record_entry(node, tx, make_entry("meeting-undertaking", fields, source, when))
    return made


def texts_of(raw: str) -> tuple[str, ...]:
    """Return the texts of a field with one on each line, empty lines left out and each once."""
    return tuple(dict.fromkeys(line.strip() for line in raw.splitlines() if line.strip()))


def _meeting(terms: MeetingTerms, source: str, at: int) -> Entry:
    def listed(some: Sequence[str]) -> list[str]:
        return list(some)

    fields = {
        "place": terms.place, "mode": terms.mode, "level": terms.level, "offices": listed(terms.offices),
        "subjects": listed(terms.subjects), "follow_up": terms.follow_up,
        "confidential": "yes" if terms.confidential else "no",
    }  # fmt: skip
    return make_entry("meeting", fields, source, at)
