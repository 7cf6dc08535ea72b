"""List what went to a partner and what came from it since a day."""

from dataclasses import dataclass

from safeconduct.agreements.fields import iso
from safeconduct.errors import BadInput
from safeconduct.workflows.common import cards
from safeconduct.workflows.envelopes import ends_of
from safeconduct.workflows.ports import Node


@dataclass(frozen=True, slots=True)
class Crossing:
    """One signed envelope that crossed: when it was logged here, which way, what, and where in the ledger."""

    at: str  # ISO time
    direction: str  # "out", "in"
    partner: str
    kind: str
    ledger_index: int


def list_crossings(node: Node, since: int, partner: str | None = None) -> list[Crossing]:
    """Return all that crossed at or after `since` (unix seconds), oldest first; with one partner where it is named.

    Raises:
        BadInput: `unknown-party`, for a partner whose card this node does not know.
    """
    with node.store.reading() as tx:
        others = sorted(set(cards(tx)) - {node.party})
        if partner is not None and partner not in others:
            raise BadInput("unknown-party", where="partner", expected="one of " + ", ".join(others), seen=partner)
        found = []
        for at, kind, way, index in tx.outbox.crossings(since=since):
            entry = tx.ledger.entry(index)
            sender, to = ends_of(entry.envelope) if entry else ("", "")
            found.append(Crossing(iso(at), way, to if way == "out" else sender, kind, index))
    return [one for one in reversed(found) if partner in (None, one.partner)]
