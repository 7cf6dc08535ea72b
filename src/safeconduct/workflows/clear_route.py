"""Ask the other party to clear a route, answer it, close it; and say how each clearance stands.

A step crosses as a signed notice under the agreement. What a party without a node says is recorded as our liaison
reports it: unsigned, in the entries, and marked so wherever it is shown.
"""

from dataclasses import dataclass

from safeconduct.agreements.entries import make_entry
from safeconduct.agreements.notices import Notice
from safeconduct.errors import BadInput, Refusal
from safeconduct.movement.clearance import (
    ASKED,
    CLOSED,
    CONFIRMED,
    REFUSED,
    Clearance,
    Typed,
    Word,
    clearances,
    may_follow,
    read_text,
    word_of,
    write_text,
)
from safeconduct.workflows.common import in_force, log_refused, permitted
from safeconduct.workflows.held_entries import placed_entries
from safeconduct.workflows.ports import Node
from safeconduct.workflows.record_entries import RecordedEntry, record_entry
from safeconduct.workflows.serve_notice import Served, notices, say_notice
from safeconduct.workflows.tables import Tx

ACT, SUBJECT = "clear-route", "route-clearance"
LAPSED, WAITING = "route-lapsed", "route-asked"  # what is due
OVER = {
    "lapsed": "its clearance is over",
    "unanswered": "nobody confirmed the clearance, and the time asked for is over",
}


@dataclass(frozen=True, slots=True)
class Reported:
    """What the other party is reported to have said of a route, by whom and when (unix seconds; None: now)."""

    step: str
    by: str
    source: str
    at: int | None = None


def say_clearance(
    node: Node, step: str, route: str, *, until: int | None = None, purpose: str | None = None, text: str = ""
) -> Served | Refusal:
    """Ask for, confirm, refuse or close the clearance of a route by a signed notice to the other party.

    Asking and confirming need the agreement's permission; refusing and closing do not, so that nobody is left relying
    on a way that is not clear.

    Args:
        node: this party's node.
        step: asked, confirmed, refused or closed.
        route: its id.
        until: when the clearance is over, unix seconds; to ask and to confirm only.
        purpose: a common purpose of the agreement; to ask and to confirm.
        text: what else there is to say, in words.

    Raises:
        BadInput: a field is malformed.
        SafeconductError: `no-agreement`.
    """
    typed = Typed(step, route, until, text)
    said = write_text(typed)
    with node.store.transaction() as tx:
        if step in (ASKED, CONFIRMED):
            allowed = permitted(node, tx, act=ACT, subject=SUBJECT, purpose=purpose)
            if isinstance(allowed, Refusal):
                return allowed
        held = _of(route, read_clearances(node, tx))
        may = may_follow(held, typed, node.party, node.clock.now())
        if isinstance(may, Refusal):
            log_refused(node, tx, act=ACT, subject=route, refusal=may)
            return may
        cites = (held.asked.ref,) if held and held.asked and held.asked.signed and step != ASKED else ()
        return say_notice(node, tx, Notice(node.party, node.clock.now(), said, None, cites))


def report_clearance(
    node: Node, told: Reported, route: str, *, until: int | None = None, because: str | None = None
) -> RecordedEntry:
    """Record what a party is reported to have said of a route: unsigned.

    Args:
        node: this party's node.
        told: which step, by whom, as who says.
        route: its id.
        until: when the clearance is over, unix seconds; to ask and to confirm.
        because: why it was refused.

    Raises:
        BadInput: a field is malformed, or the time is missing.
    """
    now = node.clock.now()
    at = now if told.at is None else told.at
    with node.store.transaction() as tx:
        if told.step == REFUSED:
            entry = make_entry("route-refused", {"route": route, "by": told.by, "because": because}, told.source, at)
        else:
            over = _closing(route, read_clearances(node, tx), at) if told.step == CLOSED else until
            if over is None:
                raise BadInput("missing-field", where="until", expected="when the clearance is over", seen=None)
            fields = {"route": route, "state": told.step, "by": told.by, "until": over}
            entry = make_entry("route-cleared", fields, told.source, at)
        return record_entry(node, tx, entry)


def read_clearances(node: Node, tx: Tx) -> tuple[Clearance, ...]:
    """Return every route with all that was said of it, signed and unsigned, as it stands now."""
    found = in_force(tx)
    words = [word for name, entry, index in placed_entries(tx) if (word := word_of(entry, name, index)) is not None]
    for index, course in notices(tx, found[0]) if found else ():
        typed = read_text(course.notice.text)
        if typed is not None:
            words.append(
                Word(typed.step, typed.route, course.notice.by, course.notice.at, typed.until, typed.text, course.id,
                     index, signed=True)
            )  # fmt: skip
    return clearances(words, node.clock.now())


def due_clearances(node: Node, tx: Tx) -> tuple[tuple[str, str, int, str], ...]:
    """Return (what, line, since when, entry or notice) of each clearance that needs the officer.

    One whose time is over and that nobody closed lapsed; one that the other party asks for waits for our answer.
    """
    found = []
    for one in read_clearances(node, tx):
        if one.state in OVER and one.until is not None:
            found.append((LAPSED, f"route {one.route}: {OVER[one.state]}", one.until, one.newest.ref))
        elif one.state == ASKED and one.newest.by != node.party:
            line = f"route {one.route}: they ask you to clear it"
            found.append((WAITING, line, one.newest.at, one.newest.ref))
    return tuple(found)


def _of(route: str, found: tuple[Clearance, ...]) -> Clearance | None:
    return next((one for one in found if one.route == route), None)


def _closing(route: str, found: tuple[Clearance, ...], at: int) -> int:
    """Return the time that a closing word repeats: that of the word that it closes."""
    held = _of(route, found)
    return at if held is None or held.until is None else held.until
