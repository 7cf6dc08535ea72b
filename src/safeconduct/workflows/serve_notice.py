"""Serve a formal notice on the other party, acknowledge one, and say what became of each."""

from dataclasses import dataclass

from safeconduct.agreements.agreement import Agreement
from safeconduct.agreements.notices import (
    Acknowledged,
    Notice,
    NoticeCourse,
    accept,
    notice_courses,
    notice_id,
    notice_json,
    read_notice,
)
from safeconduct.errors import Refusal
from safeconduct.workflows.common import log_refused, require_agreement
from safeconduct.workflows.envelopes import Envelope
from safeconduct.workflows.matters import after, kept, put, same, take
from safeconduct.workflows.ports import Node
from safeconduct.workflows.tables import Tx

KIND = "notice"


@dataclass(frozen=True, slots=True)
class Served:
    """A notice's id, and its place in the ledger."""

    id: str
    ledger_index: int


def serve_notice(
    node: Node, text: str, *, condition: str | None = None, cites: tuple[str, ...] = ()
) -> Served | Refusal:
    """Serve a notice on the other party, in whatever state the agreement is: a breach has to be notified too.

    The same notice again, while nobody acknowledged it, returns what was served.

    Raises:
        BadInput: the text, the condition or an id is malformed.
        SafeconductError: `no-agreement`.
    """
    return _say(node, Notice(node.party, node.clock.now(), text, condition, cites))


def acknowledge_notice(node: Node, notice: str, text: str = "") -> Served | Refusal:
    """Acknowledge that a notice of the other party was read, which is no consent; the first one stands.

    Raises:
        BadInput: the id or the text is malformed.
        SafeconductError: `no-agreement`.
    """
    return _say(node, Acknowledged(notice, node.party, node.clock.now(), text))


def receive(node: Node, tx: Tx, envelope: Envelope) -> Refusal | None:
    """Take in a notice, or the partner's acknowledgement of one."""
    return take(node, tx, envelope, read_notice, lambda _, held, event: accept(held, event))


def notices(tx: Tx, agreement: Agreement) -> list[tuple[int, NoticeCourse]]:
    """Return (ledger index, course) of each notice that this node served or received, in the order of its ledger."""
    held = kept(tx, agreement, KIND, read_notice)
    places = {notice_id(one): index for index, one in held if isinstance(one, Notice)}
    return [(places[one.id], one) for one in notice_courses(event for _, event in held)]


def say_notice(node: Node, tx: Tx, given: Notice | Acknowledged) -> Served | Refusal:
    """Send and keep a notice or an acknowledgement within a transaction; the same again returns what was served.

    Raises:
        BadInput: a field is malformed.
        SafeconductError: `no-agreement`.
    """
    agreement = require_agreement(tx)
    earlier = kept(tx, agreement, KIND, read_notice)
    event = read_notice(notice_json(given))
    answered = {one.notice for _, one in earlier if isinstance(one, Acknowledged)}
    open_still = [(i, e) for i, e in earlier if isinstance(e, Acknowledged) or notice_id(e) not in answered]
    index = _acknowledged(earlier, event) if isinstance(event, Acknowledged) else same(open_still, event)
    if index is None:
        event = read_notice(notice_json(_dated(given, after(given.at, earlier))))
        allowed = accept([one for _, one in earlier], event)
        if isinstance(allowed, Refusal):
            log_refused(node, tx, act=KIND, subject=agreement.id, refusal=allowed)
            return allowed
        index = put(node, tx, agreement, KIND, notice_json(event))
    else:
        event = dict(earlier)[index]
    return Served(event.notice if isinstance(event, Acknowledged) else notice_id(event), index)


def _say(node: Node, given: Notice | Acknowledged) -> Served | Refusal:
    with node.store.transaction() as tx:
        return say_notice(node, tx, given)


def _acknowledged(earlier: list[tuple[int, Notice | Acknowledged]], new: Acknowledged) -> int | None:
    mine = [i for i, e in earlier if isinstance(e, Acknowledged) and (e.notice, e.by) == (new.notice, new.by)]
    return mine[0] if mine else None


def _dated(event: Notice | Acknowledged, at: int) -> Notice | Acknowledged:
    if isinstance(event, Notice):
        return Notice(event.by, at, event.text, event.condition, event.cites)
    return Acknowledged(event.notice, event.by, at, event.text)
