"""What needs the officers of a room: each as one line, with the page on which it is dealt with."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.alerts import release as releases
from safeconduct.alerts.unanswered import Unanswered
from safeconduct.alerts.words import ADVICE
from safeconduct.gate.event import HEARTBEAT_SECONDS
from safeconduct.workflows.ports import Node
from safeconduct.workflows.room_view import PointView
from safeconduct.workflows.show_desk import MISSING, MUST, open_requests
from safeconduct.workflows.tables import Tx

SHOWN_CHARACTERS = 60  # of what a report says
NOWHERE = ("", "")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that asks for somebody: its line, and the page with the id there; no page: ("", "")."""

    line: str
    about: tuple[str, str] = NOWHERE


def needs_of(
    node: Node, tx: Tx, state: str, waiting: Sequence[Unanswered], counted: Sequence[Need]
) -> tuple[Need, ...]:
    """Return what needs a person, what was said later and is not acknowledged first, then what waits for a second one.

    Args:
        node: this party's node.
        tx: a transaction of its store.
        state: of the agreement.
        waiting: our releases that wait for the partner's word.
        counted: the needs that are told by their number.
    """
    if state == "closed":  # nothing can be sent or answered any more; what is open stays in its own list
        return ()
    now = node.clock.now()
    later = [_later(tx, one, now) for one in waiting if one.missing in MUST]
    asked = []
    for one in open_requests(node, tx):
        what = textwrap.shorten(one.what, SHOWN_CHARACTERS, placeholder="…")
        act = "correction" if one.corrects else "release"
        line = f"a {act} waits for a second person until {_clock(one.expires, now)}: {what}"
        asked.append(Need(line, ("approval", one.id)))
    return (*later, *asked, *counted)


def counts_of(
    state: str, waiting: Sequence[Unanswered], mine: Sequence[object], conflicts: int,
    points: Sequence[PointView], now: int,
) -> tuple[Need, ...]:  # fmt: skip
    """Return the needs that are told by their number, of an agreement that is not closed.

    A phone at an open point records something every half hour at the least, so that a longer silence is told: nobody
    knows what happened there.

    Args:
        state: of the agreement.
        waiting: our releases that wait for the partner's word.
        mine: the partner's releases that wait for ours.
        conflicts: between device logs, which wait for a decision.
        points: the control points.
        now: unix seconds.
    """
    found = []
    if state == "suspended":
        found.append(
            Need("the agreement is suspended: nothing is shared until both parties renew it", ("agreement", ""))
        )
    if state == "proposed":
        found.append(Need("an agreement waits for your signature", ("agreement", "")))
    if mine:
        found.append(
            Need(f"{len(mine)} warning{'s wait' if len(mine) > 1 else ' waits'} for your answer", ("inbox", ""))
        )
    silent = [one for one in waiting if one.missing not in MUST]  # those that must be acknowledged have their own lines
    if silent:
        line = f"{len(silent)} warning{'s' if len(silent) > 1 else ''} without a word back"
        found.append(Need(line, ("warnings", "")))
    if conflicts:
        line = f"{conflicts} conflict{'s' if conflicts > 1 else ''} between device logs to decide"
        found.append(Need(line, ("conflicts", "")))
    for since, silent_points in _silent(points, now) if state == "open" else ():
        if silent_points:
            line = f"no record{since} from {silent_points} open control point{'s' if silent_points > 1 else ''}"
            found.append(Need(line, ("points", "")))
    return tuple(found)


def _silent(points: Sequence[PointView], now: int) -> tuple[tuple[str, int], ...]:
    """Return how many open points gave no record at all, and how many none since two records were due."""
    heard = [p.last_heard for p in points if p.state == "open"]
    due = iso(max(0, now - 2 * HEARTBEAT_SECONDS))
    return ("", heard.count(None)), (" for more than an hour", sum(1 for at in heard if at is not None and at < due))


def _later(tx: Tx, one: Unanswered, now: int) -> Need:
    """Return a correction or withdrawal that the partner has not acknowledged, since it was sent."""
    row = tx.alerts.release(one.release_id)
    assert row is not None  # noqa: S101  (it was read from this table within this transaction)
    advice = ADVICE[releases.from_json(row.body).advised_action]
    advice = textwrap.shorten(advice, SHOWN_CHARACTERS, placeholder="…")
    line = f"{MISSING[one.missing]} since {_clock(iso(row.issued), now)}: {advice} ({one.release_id[:8]})"
    return Need(line, ("release", one.release_id))


def _clock(at: str, now: int) -> str:
    """Return "14:05", with its day when that is not today."""
    return at[11:16] if at[:10] == iso(now)[:10] else f"{at[:10]} {at[11:16]}"
