"""Close the cooperation: record the last departure, recall what was shared, and say what is left open."""

from dataclasses import dataclass

from safeconduct.agreements.scope import State
from safeconduct.errors import Refusal
from safeconduct.workflows.change_state import change_state
from safeconduct.workflows.common import partner_of, require_agreement
from safeconduct.workflows.hand_over_site import zones_of
from safeconduct.workflows.ports import Node
from safeconduct.workflows.recall_shares import Asked, named_people, recall_shares

WHY = "the cooperation is closed"


@dataclass(frozen=True, slots=True)
class Closed:
    """The closing: its place in the ledger, the state, what was recalled, and what is left open.

    `zones`: of a site, planned or handed over without a receipt; `left_behind`: how many people were named to the other
    party and are not out.
    """

    ledger_index: int
    state: State
    recalled: Asked
    zones: tuple[str, ...]
    left_behind: int


def close_cooperation(node: Node, text: str = "") -> Closed | Refusal:
    """Record the last departure and send a recall of everything that was shared; the same again changes nothing.

    From then on every share is refused, and what was sent and is not settled lapses. The recall is a second step, so
    that a node that stops between the two is closed all the same; asked again, it recalls what was not recalled yet.

    Raises:
        BadInput: the text cannot be shown.
        SafeconductError: `no-agreement`.
    """
    made = change_state(node, "last-departure", text)
    if isinstance(made, Refusal):
        return made
    asked = recall_shares(node, text or WHY)
    if isinstance(asked, Refusal):
        return asked
    with node.store.reading() as tx:
        agreement = require_agreement(tx)
        waiting = tuple(f"{one.site}, {one.zone}" for one in zones_of(tx, agreement) if one.received is None)
        left = {person for one in named_people(tx, partner_of(node, agreement)) for person in one.left_behind}
    return Closed(made.ledger_index, made.state, asked, waiting, len(left))
